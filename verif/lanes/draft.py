"""What draws the stimulus of a harness: programs for turns and ticks, and what they keep between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from verif.harness.model import Field, Harness
from verif.lanes.packing import Packing
from verif.lanes.program import Program, Value
from verif.sim.batch.layout import Layout

STARTED = 0
"""Place in the state that is 1 from the first turn on."""


@dataclass
class Draft:
    """The programs of a harness. A lane's habits change at turns, its inputs in ticks."""

    harness: Harness
    packing: Packing
    turn_ticks: int
    """Every so many ticks a turn begins, the first before the first tick."""
    turns: list[Program] = field(default_factory=list)
    """What runs before the tick that begins a turn, in order."""
    steps: dict[str, Program] = field(default_factory=dict)
    """What is drawn in a tick, by the clock whose edge came last; empty: no edge yet, or one clock: everything is."""
    places: int = 1
    """Words that are kept."""
    follows: dict[str, int] = field(default_factory=dict)
    """Field to the place that tells which lanes take its values from a guide."""

    @classmethod
    def of(cls, harness: Harness, turn_ticks: int) -> Draft:
        """Return programs that draw nothing yet."""
        paced = sorted(set(harness.schedule)) if len(set(harness.schedule)) > 1 else []
        return cls(
            harness=harness,
            packing=Packing.of(Layout.of(harness.stimulus)),
            turn_ticks=turn_ticks,
            steps={clock: Program(thrifty=True) for clock in ("", *paced)},
        )

    def turn(self) -> Program:
        """Return one more program that runs at turns."""
        self.turns.append(Program())
        return self.turns[-1]

    def own(self, count: int = 1) -> list[int]:
        """Return places that nobody else has."""
        self.places += count
        return list(range(self.places - count, self.places))

    def keep(self, program: Program, value: Value) -> int:
        """Keep a value; return its place."""
        (place,) = self.own()
        program.kept[place] = value
        return place

    def programs(self, each: Field) -> list[Program]:
        """Return the programs of the ticks in which a field may change."""
        return [step for clock, step in self.steps.items() if not clock or not each.clock or clock == each.clock]

    def place(self, each: Field) -> int:
        """Return the place of a field's lowest bit among the inputs."""
        return self.packing.places[each.name]

    def reset(self, program: Program, each: Field, active: Value) -> None:
        """Hold a reset for the ticks that a reset takes, from the beginning of the turn on."""
        chain = [self.keep(program, active) for _ in range(max(1, min(self.harness.reset_ticks, self.turn_ticks)))]
        allowed = self.programs(each)
        for step in self.steps.values():
            if any(step is other for other in allowed):
                step.driven[self.place(each)] = step.state(chain[0])
            for place, follower in pairwise(chain):
                step.kept[place] = step.state(follower)
            step.kept[chain[-1]] = step.zero()

    def clock_before(self, tick: int) -> str:
        """Return the clock whose edge came before a tick of a run, as ``steps`` calls it."""
        schedule = self.harness.schedule
        if tick == 0 or len(self.steps) == 1:
            return ""
        return schedule[(self.harness.reset_ticks + tick - 1) % len(schedule)]
