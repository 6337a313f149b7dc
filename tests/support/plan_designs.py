"""Hand-built designs for tests that need ports and protocols but no sources."""

from __future__ import annotations

from verif.design.model import (
    Clock,
    Design,
    Direction,
    Parameter,
    Port,
    PortRole,
    ProtocolMatch,
    Reset,
    SourceSet,
)


def design(
    name: str,
    inputs: str,
    outputs: str = "",
    *,
    clocks: tuple[str, ...] = ("clk",),
    resets: tuple[str, ...] = ("rst_n",),
    protocols: tuple[ProtocolMatch, ...] = (),
    parameters: dict[str, str] | None = None,
    local: dict[str, str] | None = None,
    kind: str | None = None,
    facts: dict[str, str] | None = None,
    ratios: dict[str, int] | None = None,
) -> Design:
    """Return a design; ``inputs`` and ``outputs`` are names with an optional width: ``a:8 b:8 start``."""
    ports = [Port(name=clock, direction=Direction.INPUT, width=1, role=PortRole.CLOCK) for clock in clocks]
    ports += [Port(name=reset, direction=Direction.INPUT, width=1, role=PortRole.RESET) for reset in resets]
    ports += [_port(text, Direction.INPUT) for text in inputs.split()]
    ports += [_port(text, Direction.OUTPUT) for text in outputs.split()]
    stated = [Parameter(name=n, value=v) for n, v in (parameters or {}).items()]
    stated += [Parameter(name=n, value=v, local=True) for n, v in (local or {}).items()]
    return Design(
        top=name,
        sources=SourceSet(files=()),
        ports=tuple(ports),
        parameters=tuple(stated),
        clocks=tuple(Clock(name=clock, ratio=(ratios or {}).get(clock, 1)) for clock in clocks),
        resets=tuple(Reset(name=reset, active_high=not reset.endswith("n"), asynchronous=False) for reset in resets),
        protocols=protocols,
        kind=kind,
        facts=facts or {},
    )


def match(
    protocol: str, signals: str, *, role: str = "target", name: str = "", confidence: float = 1.0
) -> ProtocolMatch:
    """Return a protocol match; ``signals`` are ``canonical=port`` or names that are both."""
    pairs = (text.partition("=") for text in signals.split())
    named = {canonical: port or canonical for canonical, _, port in pairs}
    return ProtocolMatch(protocol=protocol, role=role, name=name or protocol, signals=named, confidence=confidence)


def _port(text: str, direction: Direction) -> Port:
    name, _, width = text.partition(":")
    return Port(name=name, direction=direction, width=int(width or 1))


FIFO = "wr_en wr_data full rd_en rd_data empty"


def sync_fifo(**changes: object) -> Design:
    """Return an eight-bit FIFO of sixteen entries."""
    arguments: dict[str, object] = {"protocols": (match("fifo", FIFO, role="fifo"),), "parameters": {"DEPTH": "16"}}
    return design("fifo", "wr_en wr_data:8 rd_en", "full rd_data:8 empty", **{**arguments, **changes})  # type: ignore[arg-type]
