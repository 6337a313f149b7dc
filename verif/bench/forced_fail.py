"""Forced fails: a wrapper around the design in which one output can be broken at run time.

The wrapper is a top of its own that instantiates the untouched design, so no source has to be rewritten (ADR
0003). It has the design's ports and a register ``posedge_variant``: 0 passes everything through, any other
value breaks one output in one way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from verif.bench.recording import changes_when_late, toggled_bits
from verif.bench.stored import Stored
from verif.design.identifiers import reference
from verif.design.model import Clock, Design, Direction, Edge, Port, SourceSet

TOP = "posedge_forced_fail"
SELECTOR = "posedge_variant"
MANY_OUTPUTS = 100


class Mode(StrEnum):
    """How an output is broken."""

    STUCK_0 = "stuck at 0"
    STUCK_1 = "stuck at 1"
    INVERTED = "inverted"
    LATE = "one cycle late"


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One way to break one output."""

    select: int
    """The value of ``posedge_variant``."""
    port: str
    mode: Mode

    @property
    def name(self) -> str:
        """The variant for people."""
        return f"{self.port} {self.mode.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Toggling:
    """Which output bits took both values in the recorded stimulus."""

    masks: dict[str, int]
    """Output to a mask of its toggled bits."""
    widths: dict[str, int]

    @property
    def never(self) -> tuple[str, ...]:
        """Outputs without any toggled bit."""
        return tuple(name for name, mask in self.masks.items() if not mask)

    @property
    def toggled(self) -> int:
        """Toggled bits of all outputs."""
        return sum(mask.bit_count() for mask in self.masks.values())

    @property
    def total(self) -> int:
        """Bits of all outputs."""
        return sum(self.widths.values())


def toggling(design: Design, recorded: Stored) -> Toggling:
    """Return what toggled in ``recorded``."""
    widths = {port.name: port.width for port in design.outputs}
    masks = {name: mask & ((1 << widths[name]) - 1) for name, mask in toggled_bits(recorded).items()}
    return Toggling(masks=masks, widths=widths)


def variants(design: Design, recorded: Stored) -> tuple[Variant, ...]:
    """Return the variants that must be caught: of outputs that toggled, and late only where that shows.

    A design with more than MANY_OUTPUTS gets one variant an output, the ways in turn, in place of all of them.
    """
    never = set(toggling(design, recorded).never)
    useful = [
        variant
        for variant in _all_variants(design)
        if variant.port not in never and (variant.mode is not Mode.LATE or changes_when_late(recorded, variant.port))
    ]
    if len(design.outputs) <= MANY_OUTPUTS:
        return tuple(useful)
    by_port: dict[str, list[Variant]] = {}
    for variant in useful:
        by_port.setdefault(variant.port, []).append(variant)
    return tuple(ways[number % len(ways)] for number, ways in enumerate(by_port.values()))


def _all_variants(design: Design) -> tuple[Variant, ...]:
    modes = tuple(Mode) if design.sequential else tuple(mode for mode in Mode if mode is not Mode.LATE)
    pairs = [(port.name, mode) for port in design.outputs for mode in modes]
    return tuple(Variant(select=number, port=port, mode=mode) for number, (port, mode) in enumerate(pairs, start=1))


def wrap(design: Design, directory: Path) -> SourceSet:
    """Write the wrapper into ``directory`` and return the sources with it as their top."""
    file = directory / f"{TOP}.sv"
    directory.mkdir(parents=True, exist_ok=True)
    file.write_text(wrapper_text(design), encoding="utf-8")
    return replace(design.sources, files=(*design.sources.files, file), parameters={}, top=TOP)


def wrapper_text(design: Design) -> str:
    """Return the wrapper's SystemVerilog."""
    variants_of = {port.name: [v for v in _all_variants(design) if v.port == port.name] for port in design.outputs}
    lines = [
        f"// Forced fails of {design.top}: {SELECTOR} 0 is the design as it is.",
        "`default_nettype none",
        f"module {TOP} (",
        ",\n".join(f"    {_declaration(port)}" for port in design.ports),
        ");",
        f"    reg [31:0] {SELECTOR} /* verilator public_flat_rw */ = 0;",
    ]
    for port in design.outputs:
        lines += _broken_output(port, variants_of[port.name], design.clocks)
    lines += [
        f"    {reference(design.top)}{_overrides(design)} posedge_design (",
        ",\n".join(f"        .{reference(port.name)}({_connection(port)})" for port in design.ports),
        "    );",
        "endmodule",
        "`default_nettype wire",
    ]
    return "\n".join(lines) + "\n"


def _declaration(port: Port) -> str:
    span = f"[{port.width - 1}:0] " if port.width > 1 else ""
    return f"{port.direction.value} wire {span}{reference(port.name)}"


def _overrides(design: Design) -> str:
    pairs = ", ".join(f".{reference(name)}({value})" for name, value in design.sources.parameters.items())
    return f" #({pairs})" if pairs else ""


def _connection(port: Port) -> str:
    return _inner("good", port) if port.direction is Direction.OUTPUT else reference(port.name)


def _broken_output(port: Port, ways: Sequence[Variant], clocks: Sequence[Clock]) -> list[str]:
    good, late = _inner("good", port), _inner("late", port)
    span = f"[{port.width - 1}:0] " if port.width > 1 else ""
    values = {
        Mode.STUCK_0: f"{{{port.width}{{1'b0}}}}",
        Mode.STUCK_1: f"{{{port.width}{{1'b1}}}}",
        Mode.INVERTED: f"~{good}",
        Mode.LATE: late,
    }
    choice = "".join(f"\n        {SELECTOR} == {way.select} ? {values[way.mode]} :" for way in ways)
    lines = [f"    wire {span}{good};", f"    assign {reference(port.name)} ={choice}\n        {good};"]
    if clocks:
        edges = " or ".join(_edge(clock) for clock in clocks)
        lines[1:1] = [f"    reg {span}{late};", f"    always @({edges}) {late} <= {good};"]
    return lines


def _edge(clock: Clock) -> str:
    return f"{'negedge' if clock.edge is Edge.FALLING else 'posedge'} {reference(clock.name)}"


def _inner(role: str, port: Port) -> str:
    return reference(f"posedge_{role}_{port.name}")
