"""The design with its properties bound to it: what simulators without ``bind`` elaborate in the design's place.

Its ports are those of the design, and one output for each assertion and assumption, ``property_<oracle>_<id>`` or
``assumed_<oracle>_<id>``: 1 in the sampled cycle in which it is broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verif.design.identifiers import reference
from verif.design.model import Design, Direction, Edge, Port
from verif.harness.monitors.properties import INSTANCE, JudgedProperty, PropertyUse, property_uses
from verif.harness.names import Names, vector
from verif.harness.steady import RACES, Steady
from verif.harness.text import with_timescale
from verif.property import Directive

BROKEN = "properties_broken"
"""Output that is 1 where any other output for a property is."""
_PREFIX = {Directive.ASSERT: "property", Directive.ASSUME: "assumed"}


@dataclass(frozen=True, kw_only=True, slots=True)
class BoundDesign:
    """A design with its properties."""

    top: str
    """The module around it, ``<dut>_bound``."""
    text: str
    notes: tuple[str, ...] = ()
    """Properties that aren't judged, and why, a sentence each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vector:
    """A signal of the design, and its width; 0 where the design has none."""

    name: str
    width: int


def bound_design(
    design: Design, dut: str, properties: Sequence[JudgedProperty], *, timescale: bool = False
) -> BoundDesign | None:
    """Return the module around ``design`` that judges ``properties``; None where nothing of them judges the design.

    Covers are left out. InputError PE257 and Unsupported PE253 as ``property_uses``.
    """
    judging = [one for one in properties if one.prop.directive is not Directive.COVER]
    if not any(one.prop.directive is Directive.ASSERT for one in judging):
        return None
    return _Around(design, dut, judging, timescale).build()


def covering_design(
    design: Design, dut: str, properties: Sequence[JudgedProperty], points: Vector, *, timescale: bool = False
) -> BoundDesign | None:
    """Return the module around ``design`` that shows which covers of ``properties`` are met; None without any.

    Its output, called like ``points``, has those bits below, and above them a bit for each cover, in their order.
    """
    covers = [one for one in properties if one.prop.directive is Directive.COVER]
    return _Around(design, dut, covers, timescale, points).build() if covers else None


class _Around:
    """The module as it is made."""

    def __init__(
        self,
        design: Design,
        dut: str,
        properties: Sequence[JudgedProperty],
        timescale: bool,
        points: Vector | None = None,
    ) -> None:
        self.design = design
        self.properties = {one.id: one for one in properties}
        self.timescale = timescale
        self.points = points
        self.top = Names([design.top]).take(f"{dut}_bound")
        self.names = Names(
            [*(port.name for port in design.ports), INSTANCE, BROKEN, *([points.name] if points else [])]
        )
        self.notes: list[str] = []

    def build(self) -> BoundDesign | None:
        """Return it."""
        nets = {port.name: reference(port.name) for port in self.design.ports}
        steady = Steady(self.design, self.names, nets)
        uses = list(self._judged(steady))
        if not uses:
            return None
        outputs = {one.use.monitor.id: self._output(one) for one in uses}
        watching = [line for one in uses for line in self._watch(one, outputs[one.use.monitor.id])]
        modules = dict.fromkeys(text for one in uses for text in (one.use.shared, one.use.text) if text)
        ports = [*map(_port, self.design.ports), *self._outputs(list(outputs.values()))]
        lines = [
            f"// {self.design.top} with its properties, for simulators without bind: compile it after the design's",
            f"// sources, the top is {self.top}. An output property_ or assumed_ is 1 where that is broken.",
            "// verilator lint_off DECLFILENAME",
            "// verilator coverage_off",
            "`default_nettype none",
            "",
            f"module {self.top} (",
            ",\n".join(f"    {port}" for port in ports),
            ");",
            "",
            *(f"    {line}".rstrip() for line in self._body(steady, watching, list(outputs.values()))),
            "endmodule",
            "",
            "`default_nettype wire",
            "",
            *modules,
        ]
        text = "\n".join(lines)
        return BoundDesign(top=self.top, text=with_timescale(text) if self.timescale else text, notes=tuple(self.notes))

    def _outputs(self, names: Sequence[str]) -> list[str]:
        """Return the outputs beside those of the design."""
        if self.points:
            return [f"output wire {vector(self.points.width + len(names))}{self.points.name}"]
        return [f"output wire {name}" for name in (BROKEN, *names)]

    def _result(self, names: Sequence[str]) -> str:
        """Return the line that puts the outputs together."""
        if self.points is None:
            return f"assign {BROKEN} = {' | '.join(names)};"
        below = [f"{INSTANCE}.{self.points.name}"] if self.points.width else []
        return f"assign {self.points.name} = {{{', '.join([*reversed(names), *below])}}};"

    def _judged(self, steady: Steady) -> Iterator[PropertyUse]:
        for one in property_uses(self.design, steady.nets, list(self.properties.values()), ("fail",)):
            lost = sorted(steady.lost & set(one.use.monitor.ports))
            if lost:
                self.notes.append(f"The property {one.use.monitor.id} isn't judged: {', '.join(lost)} {RACES}.")
            else:
                yield one

    def _output(self, one: PropertyUse) -> str:
        if one.cover:
            return self.names.take(one.cover.net)
        judged = self.properties[one.use.monitor.id]
        return self.names.take(f"{_PREFIX[judged.prop.directive]}_{judged.oracle.value}_{judged.id}")

    def _body(self, steady: Steady, watching: list[str], outputs: list[str]) -> Iterator[str]:
        given = ", ".join(f".{reference(name)}({value})" for name, value in self.design.sources.parameters.items())
        parameters = f"#({given}) " if given else ""
        yield f"{reference(self.design.top)} {parameters}{INSTANCE} ("
        nets = [reference(port.name) for port in self.design.ports]
        yield from (f"    .{net}({net}){',' if number < len(nets) else ''}" for number, net in enumerate(nets, start=1))
        yield ");"
        yield ""
        yield from steady.copies(watching)
        yield from self._unsettled()
        yield from watching
        yield self._result(outputs)

    def _unsettled(self) -> Iterator[str]:
        """Yield what keeps the monitors quiet in reset and until the first one has passed."""
        active = [f"{'' if reset.active_high else '~'}{reference(reset.name)}" for reset in self.design.resets]
        flags = [self.names.take(f"was_reset_by_{clock.name}") for clock in self.design.clocks] if active else []
        either = " | ".join(active)
        for clock, flag in zip(self.design.clocks, flags, strict=False):
            edge = "posedge" if clock.edge is Edge.RISING else "negedge"
            yield f"reg {flag} = 1'b0;"
            yield f"always @({edge} {reference(clock.name)}) if ({either}) {flag} <= 1'b1;"
        told = f"{either} | ~({' | '.join(flags)})" if active else "1'b0"
        yield f"wire unsettled = {told};"

    def _watch(self, one: PropertyUse, output: str) -> Iterator[str]:
        name = self.names.take(f"check_{one.use.monitor.id}")
        yield ""
        if one.cover:
            yield f"wire {output};"
        net = {"covered" if one.cover else "fail": output}
        yield from one.instance(name, rst="unsettled", **net).splitlines()


def _port(port: Port) -> str:
    direction = {Direction.INPUT: "input  wire", Direction.OUTPUT: "output wire", Direction.INOUT: "inout  wire"}
    return f"{direction[port.direction]} {vector(port.width)}{reference(port.name)}"
