"""What feeds the design: for each driver of the plan its transactor, or ports that take stimulus as it is."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field

from verif.design.model import Clock, Design, Direction, Edge, Port
from verif.errors import InputError
from verif.harness.model import Field
from verif.harness.names import Names, vector
from verif.harness.passing import passed_alone, passed_by
from verif.harness.steady import RACES, Steady
from verif.harness.transactors import TRANSACTORS, Parts, TransactorUse
from verif.plan.kinds import driven_ports
from verif.plan.model import Driver, Testplan

_WITHOUT_CLOCK = ("Instructions",)
"""Kinds whose transactor has no registers."""


@dataclass(slots=True)
class Feed:
    """The stimulus fields, and the lines that make the design's inputs out of them."""

    fields: list[Field] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    """Transactor modules, each once, those that are instantiated first."""
    notes: list[str] = field(default_factory=list)


class Feeder:
    """Goes through the drivers of a plan."""

    def __init__(
        self,
        design: Design,
        plan: Testplan,
        names: Names,
        *,
        nets: Mapping[str, str],
        steady: Steady,
        resets: Mapping[str, str],
    ) -> None:
        """``nets``: port of the design to its net; ``resets``: reset to the field that is 1 where it is active."""
        self._design = design
        self._plan = plan
        self._names = names
        self._nets = nets
        self._steady = steady
        self._resets = resets
        self._feed = Feed()
        self._samples: dict[tuple[str, str], str] = {}
        """Clock and port to the register that holds the port's last sample."""

    def run(self) -> Feed:
        """Return the feed of all inputs that are neither clock nor reset; InputError PE802 where drivers don't fit."""
        left = {port.name: port for port in self._inputs()}
        for driver in self._plan.drivers:
            _check(driver, self._design, left.keys())
            self._driver(driver)
            for name in driven_ports(driver):
                del left[name]
        for port in left.values():
            self._feed.notes.append(f"No driver of the plan drives {port.name}: it takes its stimulus as it is.")
            self._pass(port.name, passed_alone(port, self._names).field)
        return self._feed

    def _inputs(self) -> list[Port]:
        special = {*(clock.name for clock in self._design.clocks), *self._resets}
        inputs = (port for port in self._design.ports if port.direction is Direction.INPUT)
        return [port for port in inputs if port.name not in special]

    def _driver(self, driver: Driver) -> None:
        if not driven_ports(driver):
            return
        make = TRANSACTORS.get(driver.kind)
        trouble = self._trouble(driver)
        if make and not trouble:
            self._transactor(driver, make)
            return
        if make:
            self._feed.notes.append(f"{driver.name} takes stimulus as it is, legal or not: {trouble}.")
        for passed in passed_by(driver, self._design, self._names):
            self._pass(passed.port, passed.field)

    def _trouble(self, driver: Driver) -> str:
        """Return why a driver can't have a transactor; empty where it can."""
        if driver.kind in _WITHOUT_CLOCK:
            return ""
        if not self._design.clocks:
            return "the design has no clock"
        watched = set(driver.ports.values()) - set(driven_ports(driver))
        lost = sorted(watched & self._steady.lost)
        return f"{', '.join(lost)} {RACES}" if lost else ""

    def _pass(self, port: str, stimulus: Field) -> None:
        self._feed.fields.append(stimulus)
        self._assign(port, stimulus.name)

    def _assign(self, port: str, expression: str) -> None:
        self._feed.lines.append(f"assign {self._nets[port]} = {expression};")

    def _transactor(self, driver: Driver, make: Callable[[Parts], TransactorUse]) -> None:
        clock = None if driver.kind in _WITHOUT_CLOCK else self._clock(driver)
        if clock:
            driver = driver.model_copy(update={"clock": clock.name})
        watch = self._sampled(clock) if clock and not clock.plain else self._steady.nets.__getitem__
        use = make(Parts(driver, self._design, self._names, drive=self._nets.__getitem__, watch=watch))
        self._feed.fields += use.fields
        self._feed.modules += [module for module in use.modules if module not in self._feed.modules]
        name = self._names.take(f"{driver.name}_driver")
        lines = use.instance(name, clk=_rising(clock) if clock else "", rst=self._reset(clock))
        self._feed.lines += ["", *use.help, *lines]
        for port, expression in use.straight.items():
            self._assign(port, expression)

    def _clock(self, driver: Driver) -> Clock | None:
        """Return the clock that paces a driver: its own, or the only one, or the first."""
        clocks = self._design.clocks
        if not clocks:
            return None
        named = next((clock for clock in clocks if clock.name == driver.clock), None)
        if named is None and len(clocks) > 1:
            self._feed.notes.append(f"Nobody says which clock paces {driver.name}: {clocks[0].name} does.")
        return named or clocks[0]

    def _reset(self, clock: Clock | None) -> str:
        """Return what is 1 where a reset of ``clock`` is active."""
        resets = self._design.resets
        own = [reset for reset in resets if clock is None or reset.clock in (None, clock.name)] or resets
        return " | ".join(self._resets[reset.name] for reset in own) or "1'b0"

    def _sampled(self, clock: Clock) -> Callable[[str], str]:
        """Return what gives the register that holds a port's value at the last active edge of ``clock``."""

        def sample(port: str) -> str:
            name = self._samples.get((clock.name, port))
            if name is None:
                name = self._samples[clock.name, port] = self._names.take(f"sampled_{port}")
                width = vector(self._design.port(port).width)
                edge = "posedge" if clock.edge is Edge.RISING else "negedge"
                self._feed.lines += [
                    "",
                    f"logic {width}{name};",
                    f"always @({edge} {clock.name}) {name} <= {self._nets[port]};",
                ]
            return name

        return sample


def _rising(clock: Clock) -> str:
    """Return what rises where a transactor moves: the active edge, or the other one where the clock isn't plain.

    A row's inputs hold still until its inactive edge has passed. Registers that move right at the active edge can't
    tell, others can; so beside such registers transactors move with the other edge, on what was sampled at the active
    one.
    """
    at_rise = (clock.edge is Edge.RISING) == clock.plain
    return clock.name if at_rise else f"~{clock.name}"


def _check(driver: Driver, design: Design, free: Container[str]) -> None:
    """InputError PE802 where the driver names a port that isn't there or that another one drives."""
    known = {port.name for port in design.ports}
    for port in driver.ports.values():
        if port not in known:
            raise InputError(
                "PE802", f"driver {driver.name} names the port {port}, which the design lacks", where="testplan"
            )
    for port in driven_ports(driver):
        if port not in free:
            raise InputError(
                "PE802", f"driver {driver.name} drives {port}, which is no input or has a driver", where="testplan"
            )
