"""Run drivers over stretches of settings, against anything that answers inputs with outputs.

Generated benches hold the same loop (they can't import this one). ``verif.plan.play`` runs a test point of a plan.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from verif.design.model import Clock, Reset
from verif.stimulus.drivers.base import Driver
from verif.stimulus.rows import Stimulus

Step = Callable[[Mapping[str, int]], Mapping[str, int | None]]
"""Takes the inputs of a tick, clocks and resets included; returns the outputs sampled in it and advances."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """A driver at work."""

    name: str
    """Names the driver's random stream."""
    driver: Driver
    clock: str = ""
    """The clock that paces it; empty means every tick."""
    drives: tuple[str, ...]
    """The ports that it drives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Ticks with constant settings."""

    cycles: int
    settings: Mapping[str, int | str]
    """Every knob of the plan."""
    reset_before: bool = False


def generate(
    actors: Sequence[Actor],
    stretches: Sequence[Stretch],
    *,
    test: str,
    seed: int,
    step: Step,
    clocks: Sequence[Clock] = (),
    resets: Sequence[Reset] = (),
) -> Stimulus:
    """Return the stimulus, reset first; the same arguments and answers of ``step`` give the same rows.

    ``test`` and ``seed`` name the random streams: ``f"{seed}:{test}:{driver}"``, and ``...:1`` after the second reset.
    """
    player = _Player(actors, f"{seed}:{test}", clocks, resets, step)
    player.reset()
    for stretch in stretches:
        if stretch.reset_before:
            player.reset()
        player.play(stretch)
    return Stimulus(ports=player.ports, rows=tuple(player.rows))


def clock_order(clocks: Sequence[Clock]) -> Iterator[str]:
    """Yield, tick by tick and without end, the clock whose active edge ends the tick.

    No two edges coincide and none is skipped: the clock whose next edge is due first goes, the first named on a tie.
    So two clocks of ratio 2 and 3 go a b a a b, a clock alone goes every tick.
    """
    ratio = {clock.name: clock.ratio for clock in clocks}
    due = dict(ratio)
    while due:
        name = min(due, key=lambda clock: due[clock])
        due[name] += ratio[name]
        yield name


def reset_ticks(clocks: Sequence[Clock], resets: Sequence[Reset]) -> int:
    """Return for how many ticks reset is held, so that every clock sees the cycles that its reset asks for."""
    wanted = max((reset.cycles for reset in resets), default=0)
    seen = dict.fromkeys((clock.name for clock in clocks), 0)
    if not seen:
        return wanted
    order = clock_order(clocks)
    ticks = 0
    while min(seen.values()) < wanted:
        seen[next(order)] += 1
        ticks += 1
    return ticks


class _Player:
    """The state of one run: clock schedule, input values, last sample, rows so far."""

    def __init__(
        self, actors: Sequence[Actor], stream: str, clocks: Sequence[Clock], resets: Sequence[Reset], step: Step
    ) -> None:
        self.actors = actors
        self.stream = stream
        self.clocks = clocks
        self.resets = resets
        self.step = step
        self.order = clock_order(clocks)
        driven = [port for actor in actors for port in actor.drives]
        self.ports = (*(clock.name for clock in clocks), *(reset.name for reset in resets), *driven)
        self.rows: list[tuple[int, ...]] = []
        self.resets_done = 0

    def reset(self) -> None:
        """Hold every reset, with the drivers idle, and start them afresh."""
        again = f":{self.resets_done}" if self.resets_done else ""
        for actor in self.actors:
            actor.driver.reset(random.Random(f"{self.stream}:{actor.name}{again}"))
        self.values = self._idle()
        for _ in range(reset_ticks(self.clocks, self.resets)):
            self.values = self._idle()
            self._tick({reset.name: int(reset.active_high) for reset in self.resets})
        self.resets_done += 1
        self.sample: dict[str, int | None] = {}
        self.fresh = True

    def play(self, stretch: Stretch) -> None:
        """Drive the cycles of one stretch."""
        for _ in range(stretch.cycles):
            for actor in self.actors:
                if self.fresh or actor.clock in ("", self.edge):
                    self.values |= actor.driver.drive(stretch.settings, self.sample)
            self.fresh = False
            self._tick({reset.name: int(not reset.active_high) for reset in self.resets})

    def _idle(self) -> dict[str, int]:
        return {port: value for actor in self.actors for port, value in actor.driver.idle().items()}

    def _tick(self, resets: Mapping[str, int]) -> None:
        self.edge = next(self.order, None)
        inputs = {clock.name: int(clock.name == self.edge) for clock in self.clocks} | dict(resets) | self.values
        self.sample = {**inputs, **self.step(inputs)}
        self.rows.append(tuple(inputs[port] for port in self.ports))
