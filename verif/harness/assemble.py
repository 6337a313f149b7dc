"""Assemble a harness: Design + Testplan + OracleSet -> one synthesizable top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from math import lcm

from verif.bench.oracles import OracleSet
from verif.design.model import Design, Direction, Port, PortRole, Reset
from verif.errors import Unsupported
from verif.harness.model import Field, FieldKind, Harness, Observed
from verif.harness.names import Names, is_plain
from verif.harness.passing import Passed, passed_alone, passed_by
from verif.harness.text import Body, top_text, vector
from verif.plan.model import Testplan
from verif.stimulus.generate import clock_order, reset_ticks


def assemble(design: Design, plan: Testplan, oracles: OracleSet, *, dut: str = "") -> Harness:
    """Return the harness of ``design``; the same arguments give the same bytes.

    ``dut`` is what the design is called where ``design`` is the flat wrapper around it. Unsupported PE801 where a port
    is an interface, a struct or an array (the flat wrapper's design has none), or where a clock's name needs an escape.
    """
    _check(design)
    return _Assembly(design, plan, oracles, dut or design.top).build()


def clock_schedule(design: Design) -> tuple[str, ...]:
    """Return one period of the clock order: the clock whose active edge ends each tick; empty without a clock."""
    period = lcm(*(clock.ratio for clock in design.clocks))
    return tuple(islice(clock_order(design.clocks), sum(period // clock.ratio for clock in design.clocks)))


def _check(design: Design) -> None:
    for port in design.ports:
        if not port.flat:
            raise Unsupported(
                "PE801",
                f"a harness needs plain ports, and {port.name} is of the type {port.type}",
                where=design.top,
                hint="assemble the harness around the flat wrapper",
            )
    for clock in design.clocks:
        if not is_plain(clock.name):
            raise Unsupported(
                "PE801",
                f"a harness can't carry a clock called {clock.name!r}",
                where=design.top,
                hint="rename the port",
            )


class _Assembly:
    """The parts of one harness as they are made."""

    def __init__(self, design: Design, plan: Testplan, oracles: OracleSet, dut: str) -> None:
        self.design = design
        self.plan = plan
        self.oracles = oracles
        self.dut = dut
        self.module = re.sub(r"\W", "_", dut, flags=re.ASCII)
        self.names = Names([clock.name for clock in design.clocks])
        self.nets = {clock.name: clock.name for clock in design.clocks}
        """Port of the design to its net."""
        self.notes: list[str] = []

    def build(self) -> Harness:
        """Return the harness."""
        resets = [(reset, self._reset_field(reset)) for reset in self.design.resets]
        passed = list(self._passed())
        observed = tuple(self._observed())
        lines = [*self._floating(), *self._reset_lines(resets), *self._passed_lines(passed)]
        harness = Harness(
            top=f"{self.module}_harness",
            design=self.design,
            files={},
            stimulus=(*(field for _, field in resets), *(each.field for each in passed)),
            observed=observed,
            monitors=(),
            schedule=clock_schedule(self.design),
            reset_ticks=reset_ticks(self.design.clocks, self.design.resets),
            notes=tuple(self.notes),
        )
        connections = tuple((port.name, self.nets[port.name]) for port in self.design.ports)
        text = top_text(harness, Body(lines=tuple(lines), connections=connections), self.dut)
        return replace(harness, files={f"{harness.top}.sv": text})

    def _reset_field(self, reset: Reset) -> Field:
        return Field(
            name=self.names.take(f"stim_rst_{reset.name}"),
            width=1,
            kind=FieldKind.RESET,
            meaning=f"1 holds {reset.name} at its active level, {int(reset.active_high)}",
        )

    def _passed(self) -> Iterator[Passed]:
        left = {port.name: port for port in self.design.ports if self._is_stimulus(port)}
        for driver in self.plan.drivers:
            for passed in passed_by(driver, self.design, self.names):
                if left.pop(passed.port, None):
                    yield passed
        for port in left.values():
            self.notes.append(f"No driver of the plan drives {port.name}: it takes its stimulus as it is.")
            yield passed_alone(port, self.names)

    def _is_stimulus(self, port: Port) -> bool:
        """Whether the port is an input that is neither a clock nor a reset."""
        special = {*(clock.name for clock in self.design.clocks), *(reset.name for reset in self.design.resets)}
        return port.direction is Direction.INPUT and port.name not in special

    def _observed(self) -> Iterator[Observed]:
        """Yield resets, then the other inputs, then outputs, and note the net of each."""
        order = {PortRole.RESET: 0, PortRole.DATA: 1}
        ports = [p for p in self.design.ports if p.direction is not Direction.INOUT and p.name not in self.nets]
        for port in sorted(ports, key=lambda p: (p.direction is Direction.OUTPUT, order.get(p.role, 1))):
            name = self.nets[port.name] = self.names.take(f"obs_{port.name}")
            yield Observed(name=name, port=port.name, width=port.width, direction=port.direction)

    def _floating(self) -> Iterator[str]:
        """Yield the nets of ports that go both ways; nothing drives them from outside, as in the bench."""
        for port in self.design.ports:
            if port.direction is Direction.INOUT:
                self.nets[port.name] = self.names.take(f"io_{port.name}")
                self.notes.append(f"{port.name} goes both ways: nothing drives it from outside.")
                yield f"wire {vector(port.width)}{self.nets[port.name]};"

    def _reset_lines(self, resets: list[tuple[Reset, Field]]) -> Iterator[str]:
        for reset, field in resets:
            yield f"assign {self.nets[reset.name]} = {'' if reset.active_high else '~'}{field.name};"

    def _passed_lines(self, passed: list[Passed]) -> Iterator[str]:
        for each in passed:
            yield f"assign {self.nets[each.port]} = {each.field.name};"
