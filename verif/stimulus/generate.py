"""Run a plan's drivers over the phases of a test point, against anything that answers inputs with outputs.

Generated benches hold the same loop (they can't import this one); a test keeps the two equal.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from verif.design.model import Clock, Reset
from verif.plan.model import Driver as DriverEntry
from verif.plan.model import Phase, Setting, Testplan, Testpoint
from verif.stimulus.registry import driven_ports, make_driver
from verif.stimulus.rows import Stimulus

Step = Callable[[Mapping[str, int]], Mapping[str, int | None]]
"""Takes the inputs of a tick, clocks and resets included; returns the outputs sampled in it and advances."""


def generate(
    plan: Testplan,
    point: Testpoint,
    *,
    seed: int,
    step: Step,
    clocks: Sequence[Clock] = (),
    resets: Sequence[Reset] = (),
) -> Stimulus:
    """Return the stimulus of ``point``; the same plan, seed and answers of ``step`` give the same rows.

    Starts with reset. With ``reset_midway`` reset comes again after the first half of the phases, rounded up.
    """
    player = _Player(plan, point.id, seed, clocks, resets, step)
    player.reset()
    middle = (len(point.phases) + 1) // 2
    for index, phase in enumerate(point.phases):
        if point.reset_midway and index == middle:
            player.reset()
        player.play(phase)
    if point.reset_midway and middle == len(point.phases):
        player.reset()
    return player.stimulus


def clock_order(clocks: Sequence[Clock]) -> Iterator[str]:
    """Yield, tick by tick and without end, the clock whose active edge ends the tick.

    No two edges coincide and none is skipped: the clock whose next edge is due first goes, the first named on a tie.
    So two clocks of ratio 2 and 3 go a b a a b, a clock alone goes every tick.
    """
    due = {clock.name: clock.ratio for clock in clocks}
    ratio = dict(due)
    while due:
        name = min(due, key=lambda clock: due[clock])
        due[name] += ratio[name]
        yield name


def filled_settings(plan: Testplan, phase: Phase) -> dict[str, Setting]:
    """Return the setting of every knob of ``plan`` in ``phase``."""
    return {knob.name: knob.default for knob in plan.knobs} | phase.settings


class _Player:
    """The state of one run: drivers, clock schedule, last sample, rows so far."""

    def __init__(
        self,
        plan: Testplan,
        test: str,
        seed: int,
        clocks: Sequence[Clock],
        resets: Sequence[Reset],
        step: Step,
    ) -> None:
        self.plan = plan
        self.test = test
        self.seed = seed
        self.clocks = clocks
        self.resets = resets
        self.step = step
        self.order = clock_order(clocks)
        self.drivers = [(entry, make_driver(entry)) for entry in plan.drivers]
        ports = [port for entry in plan.drivers for port in driven_ports(entry)]
        self.ports = (*(clock.name for clock in clocks), *(reset.name for reset in resets), *ports)
        self.rows: list[tuple[int, ...]] = []
        self.resets_done = 0

    @property
    def stimulus(self) -> Stimulus:
        return Stimulus(ports=self.ports, rows=tuple(self.rows))

    def reset(self) -> None:
        """Hold every reset for its cycles, with idle inputs, and start the drivers afresh."""
        for entry, driver in self.drivers:
            driver.reset(random.Random(self._stream(entry)))
        self.values = {port: value for _, driver in self.drivers for port, value in driver.idle().items()}
        self.sample: dict[str, int | None] = {}
        self.edge: str | None = None
        self.fresh = True
        rounds = max((clock.ratio for clock in self.clocks), default=1) * max(1, len(self.clocks))
        for _ in range(max((reset.cycles for reset in self.resets), default=0) * rounds):
            self._tick({reset.name: int(reset.active_high) for reset in self.resets})

    def play(self, phase: Phase) -> None:
        """Drive the cycles of one phase."""
        settings = filled_settings(self.plan, phase)
        for _ in range(phase.cycles):
            for entry, driver in self.drivers:
                if self.fresh or entry.clock in ("", self.edge):
                    self.values |= driver.drive(settings, self.sample)
            self.fresh = False
            self._tick({reset.name: int(not reset.active_high) for reset in self.resets})

    def _tick(self, resets: Mapping[str, int]) -> None:
        self.edge = next(self.order, None)
        inputs = {clock.name: int(clock.name == self.edge) for clock in self.clocks} | dict(resets) | self.values
        self.sample = {**inputs, **self.step(inputs)}
        self.rows.append(tuple(inputs[port] for port in self.ports))

    def _stream(self, entry: DriverEntry) -> str:
        """Name the driver's random stream; each reset starts another one."""
        self.resets_done += 1
        again = f":{self.resets_done}" if self.resets_done > len(self.drivers) else ""
        return f"{self.seed}:{self.test}:{entry.name}{again}"
