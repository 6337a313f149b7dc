"""Proposers: what makes stimuli, turn by turn. Random phases, and what is recorded of a bench."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from verif.harness.model import Harness
from verif.search.closure.corpus import Rows
from verif.search.closure.runner import Runner
from verif.search.seeds import Seeds
from verif.search.stimulus import StimulusMaker

_PIECES = 256
"""Ticks of a lane that is a piece of a recording."""
_LANES = 64


class Proposer(Protocol):
    """Makes stimuli and runs them. The same turn with the same corpus proposes the same."""

    name: str
    cycles_an_example: int
    """What an example costs beside its cycles, in cycles of simulation: making it may cost more than running it."""

    def able(self, turns: int) -> bool:
        """Whether it has anything to propose after so many turns."""

    def turn(self, number: int, runner: Runner) -> None:
        """Propose and run; Spent ends it early."""


class RandomPhases:
    """The plan's test points as they are, their phases mixed anew, and random phases."""

    name = "random"
    cycles_an_example = 0

    def __init__(self, maker: StimulusMaker) -> None:
        self._maker = maker

    def able(self, turns: int) -> bool:
        """Tell that it always has."""
        return True

    def turn(self, number: int, runner: Runner) -> None:
        """Run as many blocks of lanes as there are lengths of lanes, so that each turn has all of them."""
        for block in range(number * self._maker.rungs, (number + 1) * self._maker.rungs):
            runner.run(self._maker.block(block).stimulus, self.name)


class Recorded:
    """What is recorded of a bench: its tests' traffic and its regressions."""

    name = "recorded"
    cycles_an_example = 0

    def __init__(self, harness: Harness, recordings: Sequence[Rows], *, seed: int) -> None:
        self._whole = [rows for rows in recordings if len(rows)]
        self._seeds = Seeds(harness, self._whole, seed=seed, every=1)

    def able(self, turns: int) -> bool:
        """Once."""
        return bool(self._whole) and not turns

    def turn(self, number: int, runner: Runner) -> None:
        """Run all recordings one by one, then lanes made of their pieces, some of them changed."""
        for rows in self._whole:
            runner.run(rows[None], self.name)
        runner.run(self._seeds.lanes(number, 0, _LANES, _PIECES), self.name)
