"""Assemble a harness: Design + Testplan + OracleSet -> one synthesizable top."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from math import lcm

from verif.bench.oracles import OracleSet
from verif.design.identifiers import is_plain
from verif.design.model import Design, Direction, Edge, Instance, PortRole, Reset
from verif.errors import Unsupported
from verif.harness.feeding import Feeder
from verif.harness.model import Field, FieldKind, Harness, Observed
from verif.harness.monitors import MonitorUse, choose_monitors
from verif.harness.monitors.choose import unmonitored
from verif.harness.monitors.properties import JudgedProperty, PropertyUse, property_uses
from verif.harness.names import Names, vector
from verif.harness.steady import RACES, Steady
from verif.harness.text import Body, modules_text, top_text, with_timescale
from verif.harness.transactors import module_text
from verif.plan.model import Testplan
from verif.stimulus.generate import clock_order, reset_ticks


def assemble(
    design: Design,
    plan: Testplan,
    oracles: OracleSet,
    *,
    dut: str = "",
    properties: Sequence[JudgedProperty] = (),
) -> Harness:
    """Return the harness of ``design``; the same arguments give the same bytes.

    ``dut`` is what the design is called where ``design`` is the flat wrapper around it; ``properties`` are judged
    beside the oracles, except those of which an oracle's monitor has the id. Unsupported PE801 where a port is an
    interface, a struct or an array (the flat wrapper's design has none), or where a clock's name needs an escape;
    InputError PE802 where the plan's drivers don't fit the design's ports, PE257 where a property's clock is none of
    the design's.
    """
    _check(design)
    return _Assembly(design, plan, oracles, dut or design.top, properties).build()


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

    def __init__(
        self, design: Design, plan: Testplan, oracles: OracleSet, dut: str, properties: Sequence[JudgedProperty]
    ) -> None:
        self.design = design
        self.properties = properties
        self.plan = plan
        self.oracles = oracles
        self.dut = dut
        self.names = Names([*(clock.name for clock in design.clocks), "dut"])
        self.modules = Names(_modules(design.hierarchy))
        self.nets = {clock.name: clock.name for clock in design.clocks}
        """Port of the design to its net."""
        self.notes: list[str] = []

    def build(self) -> Harness:
        """Return the harness."""
        observed = tuple(self._observed())
        floating = list(self._floating())
        steady = Steady(self.design, self.names, self.nets)
        uses = self._monitors(steady)
        judged = self._properties(steady, {use.monitor.id for use in uses})
        resets = {reset.name: self._reset_field(reset) for reset in self.design.resets}
        active = {name: field.name for name, field in resets.items()}
        feed = Feeder(self.design, self.plan, self.names, nets=self.nets, steady=steady, resets=active).run()
        watching = tuple(self._watching(uses, judged, list(active.values())))
        copies = steady.copies((*feed.lines, *watching))
        body = Body(
            before=(*floating, *self._reset_lines(active), *copies, *feed.lines),
            connections=tuple((port.name, self.nets[port.name]) for port in self.design.ports),
            after=watching,
        )
        harness = Harness(
            top=self.modules.take(f"{self.dut}_harness"),
            design=self.design,
            files={},
            stimulus=(*resets.values(), *feed.fields),
            observed=observed,
            monitors=(*(use.monitor for use in uses), *(one.use.monitor for one in judged if not one.cover)),
            properties_covered=tuple(one.cover for one in judged if one.cover),
            schedule=clock_schedule(self.design),
            reset_ticks=reset_ticks(self.design.clocks, self.design.resets),
            notes=(*self.notes, *feed.notes, *unmonitored(self.design, self.oracles)),
        )
        made = (*uses, *(one.use for one in judged))
        return replace(harness, files=self._files(harness, body, feed.modules, made))

    def _monitors(self, steady: Steady) -> tuple[MonitorUse, ...]:
        """Return the monitors, with ports of the harness that nobody else has."""
        found = []
        for use in choose_monitors(self.design, self.plan, self.oracles, steady.nets):
            lost = sorted(steady.lost & set(use.monitor.ports))
            if lost:
                self.notes.append(f"{use.monitor.id} is judged in Python only: {', '.join(lost)} {RACES}.")
                continue
            fail, seen = self.names.take(use.monitor.fail), self.names.take(use.monitor.seen)
            found.append(replace(use, monitor=replace(use.monitor, fail=fail, seen=seen)))
        return tuple(found)

    def _properties(self, steady: Steady, taken: set[str]) -> tuple[PropertyUse, ...]:
        """Return the properties, with ports and nets that nobody else has."""
        found = []
        wanted = [one for one in self.properties if one.id not in taken]
        for one in property_uses(self.design, steady.nets, wanted):
            use, cover = one.use, one.cover
            lost = sorted(steady.lost & set(use.monitor.ports))
            if lost:
                self.notes.append(f"The property {use.monitor.id} isn't judged: {', '.join(lost)} {RACES}.")
            elif cover:
                found.append(replace(one, cover=replace(cover, net=self.names.take(cover.net))))
            else:
                fail, seen = self.names.take(use.monitor.fail), self.names.take(use.monitor.seen)
                monitor = replace(use.monitor, fail=fail, seen=seen)
                found.append(replace(one, use=replace(use, monitor=monitor)))
        return tuple(found)

    def _reset_field(self, reset: Reset) -> Field:
        return Field(
            name=self.names.take(f"stim_rst_{reset.name}"),
            width=1,
            kind=FieldKind.RESET,
            meaning=f"1 holds {reset.name} at its active level, {int(reset.active_high)}",
        )

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
            if port.direction is Direction.INOUT and port.name not in self.nets:
                self.nets[port.name] = self.names.take(f"io_{port.name}")
                self.notes.append(f"{port.name} goes both ways: nothing drives it from outside.")
                yield f"wire {vector(port.width)}{self.nets[port.name]};"

    def _reset_lines(self, active: Mapping[str, str]) -> Iterator[str]:
        for reset in self.design.resets:
            yield f"assign {self.nets[reset.name]} = {'' if reset.active_high else '~'}{active[reset.name]};"

    def _watching(
        self, uses: Sequence[MonitorUse], judged: Sequence[PropertyUse], active: Sequence[str]
    ) -> Iterator[str]:
        """Yield the monitors' instances, and what keeps them quiet until the first row of reset has passed."""
        if not uses and not judged:
            return
        rst = "1'b0"
        if active:
            rst = self.names.take("unsettled")
            yield from self._unsettled(rst, active)
        for use in uses:
            name = self.names.take(f"check_{use.monitor.fail.removeprefix('fail_')}")
            yield ""
            yield from use.instance(name, rst=rst, fail=use.monitor.fail, seen=use.monitor.seen).splitlines()
        for one in judged:
            yield from self._judging(one, rst)

    def _judging(self, one: PropertyUse, rst: str) -> Iterator[str]:
        monitor, cover = one.use.monitor, one.cover
        name = self.names.take(f"property_{re.sub(r'[^0-9A-Za-z]+', '_', monitor.id)}")
        yield ""
        if cover:
            yield f"/* verilator lint_off UNUSEDSIGNAL */ wire {cover.net}; /* verilator lint_on UNUSEDSIGNAL */"
            yield from one.instance(name, rst=rst, covered=cover.net).splitlines()
        else:
            yield from one.instance(name, rst=rst, fail=monitor.fail, seen=monitor.seen).splitlines()

    def _unsettled(self, net: str, active: Sequence[str]) -> Iterator[str]:
        flags = {clock: self.names.take(f"was_reset_by_{clock.name}") for clock in self.design.clocks}
        for clock, flag in flags.items():
            edge = "posedge" if clock.edge is Edge.RISING else "negedge"
            yield f"logic {flag};"
            yield f"initial {flag} = 1'b0;"
            yield f"always @({edge} {clock.name}) {flag} <= {flag} | {' | '.join(active)};"
        yield f"wire {net} = {' | '.join(active)} | ~({' | '.join(flags.values())});"

    def _files(
        self, harness: Harness, body: Body, modules: Iterable[str], uses: Sequence[MonitorUse]
    ) -> dict[str, str]:
        """Return the texts; a module whose name the design uses already gets another one."""
        own = [module_text(module) for module in modules]
        checkers = list(dict.fromkeys(text for use in uses for text in (use.shared, use.text) if text))
        made = dict.fromkeys(name for use in uses for name in (use.shared_module, use.module) if name)
        names = {name: self.modules.take(name) for name in (*modules, *made)}
        stem = harness.top.removesuffix("_harness")
        files = {f"{stem}_monitors.sv": modules_text(f"Hardware checkers of {self.dut}.", checkers)} if uses else {}
        files[f"{harness.top}.sv"] = top_text(harness, body, self.dut, own, list(files))
        timed = with_timescale if has_timescale(self.design) else str
        return {name: timed(_renamed(text, names)) for name, text in files.items()}


def has_timescale(design: Design) -> bool:
    """Whether a source file of the design sets a time scale."""
    texts = (file.read_bytes() for file in design.sources.files if file.is_file())
    return any(b"`timescale" in text for text in texts)


def _modules(instance: Instance | None) -> Iterator[str]:
    """Yield the names of all modules of the design."""
    if instance:
        yield instance.module
        for child in instance.children:
            yield from _modules(child)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """Return ``text`` with other names for modules, where they have others."""
    for name, new in names.items():
        if name != new:
            text = re.sub(rf"\b{name}\b(?= #\(| \w+ \(| \()", new, text)
    return text
