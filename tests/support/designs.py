"""Designs and plans that are made by hand, for parts that need no RTL."""

from __future__ import annotations

from collections.abc import Mapping

from verif.design.model import Clock, Design, Direction, Port, PortRole, Reset, SourceSet


def design(
    name: str = "counter",
    *,
    inputs: Mapping[str, int],
    outputs: Mapping[str, int],
    clock: str | None = "clk",
    reset: str | None = "rst",
    active_high: bool = True,
    asynchronous: bool = False,
) -> Design:
    """Return a design with these ports (name to width), clock and reset first."""
    special = [(clock, PortRole.CLOCK), (reset if clock else None, PortRole.RESET)]
    ports = [
        *(Port(name=port, direction=Direction.INPUT, width=1, role=role) for port, role in special if port),
        *(Port(name=port, direction=Direction.INPUT, width=width) for port, width in inputs.items()),
        *(Port(name=port, direction=Direction.OUTPUT, width=width) for port, width in outputs.items()),
    ]
    resets = [Reset(name=reset, active_high=active_high, asynchronous=asynchronous)] if clock and reset else []
    return Design(
        top=name,
        sources=SourceSet(files=(), top=name),
        ports=tuple(ports),
        clocks=(Clock(name=clock),) if clock else (),
        resets=tuple(resets),
    )
