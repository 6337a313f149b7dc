"""Look for failures that take an X: rounds of drawn lanes in four states, what they see played again on Icarus.

Lanes call a bit unknown wherever Icarus does, and sometimes where it doesn't: what Icarus does not show is no failure.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.harness.model import Harness
from verif.lanes import LaneEngine
from verif.lanes.fourstate.harness import perhaps
from verif.lanes.fourstate.icarus import IcarusPlayer
from verif.search.checks import Check
from verif.search.engine import Stimulus
from verif.search.explore import Sighting
from verif.search.shrink_trial import Judge
from verif.search.taking import Taker

LANES = 512
LENGTHS = (32, 128, 512, 2048)
"""Ticks of the rounds, one after the other."""
ROUNDS = 16
PLAYED = 4
"""Lanes of a round in which a check may fail that are played on Icarus, the earliest first."""
MOST_PLAYED = 24
"""Lanes that are played for a check before it is given up: Icarus knows what lanes don't."""

PLAYED_AT_ONCE = 16
"""Candidates of one question that Icarus decides about while it shrinks."""
MOST_DECIDED = 400
"""Candidates that it decides about in all."""


@dataclass(slots=True)
class UnknownEffort:
    """What it has cost so far."""

    lanes: int = 0
    cycles: int = 0
    unconfirmed: dict[str, int] = field(default_factory=dict)
    """Checks that an X may break in lanes to how many of these were played on Icarus, where none broke it."""


class UnknownLook:
    """Looks for the first failure of each check that takes an X."""

    def __init__(
        self,
        engine: LaneEngine,
        harness: Harness,
        checks: Sequence[Check],
        icarus: IcarusPlayer,
        *,
        seed: int,
        effort: UnknownEffort | None = None,
    ) -> None:
        """``engine`` runs the build of four states of ``harness``; ``checks`` are judged by its monitors."""
        self.effort = effort or UnknownEffort()
        self._engine = engine
        self._harness = harness
        self._icarus = icarus
        self._open = {check.id: check for check in checks if check.monitor is not None}
        self._seed = seed
        self._began = time.monotonic()

    def sightings(self, rounds: int = ROUNDS) -> Iterator[Sighting]:
        """Yield each check's first failure on Icarus; its check is judged by the monitor that tells what may fail."""
        for number in range(rounds):
            if not self._open:
                return
            yield from self._round(number)

    def _round(self, number: int) -> Iterator[Sighting]:
        ticks, draw = LENGTHS[number % len(LENGTHS)], self._seed * ROUNDS + number
        answer = self._engine.drawn(LANES, ticks, draw=draw)
        self.effort.lanes += LANES
        self.effort.cycles += LANES * ticks
        for check in tuple(self._open.values()):
            assert check.monitor is not None
            first = answer.first_fail[:, perhaps(self._harness, check.monitor)]
            failing = np.flatnonzero(first >= 0)
            if len(failing) and (found := self._on_icarus(check, failing[np.argsort(first[failing])], ticks, draw)):
                yield found

    def _on_icarus(self, check: Check, lanes: npt.NDArray[np.intp], ticks: int, draw: int) -> Sighting | None:
        """Play the earliest lanes; give the check up where none of many fails."""
        assert check.monitor is not None
        some = [int(lane) for lane in lanes[:PLAYED]]
        rows = self._engine.rows(some, ticks, draw=draw)
        fails = self._icarus.play(rows).fails[..., check.monitor]
        unconfirmed = self.effort.unconfirmed
        unconfirmed[check.id] = unconfirmed.get(check.id, 0) + len(some)
        if not fails.any():
            if unconfirmed[check.id] >= MOST_PLAYED:
                del self._open[check.id]
            return None
        del self._open[check.id], unconfirmed[check.id]
        first = np.where(fails.any(axis=1), fails.argmax(axis=1), ticks)
        place = int(first.argmin())
        return Sighting(
            check=replace(check, monitor=perhaps(self._harness, check.monitor)),
            stimulus=rows[place, : first[place] + 1].copy(),
            phases=(),
            examples=self.effort.lanes,
            cycles=self.effort.cycles,
            seconds=time.monotonic() - self._began,
            by_lanes=True,
        )


class IcarusTaker(Taker):
    """Shrinks with Icarus as the judge of what lanes let pass: where these see more X than it does."""

    def __init__(
        self, engine: LaneEngine, harness: Harness, icarus: IcarusPlayer, *, database: Path, seed: int
    ) -> None:
        """``engine`` runs the build of four states of ``harness``."""
        super().__init__(engine, None, database=database, seed=seed)
        self._icarus = icarus
        self._monitors = len(harness.monitors)
        self._left = MOST_DECIDED

    def judge_of(self, check: Check) -> Judge:
        """Return what tells the first cycle in which ``check`` fails on Icarus, -1 for candidates not played."""
        maybe = super().judge_of(check)
        assert check.monitor is not None
        monitor = check.monitor - self._monitors

        def judge(stimulus: Stimulus, lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
            first = maybe(stimulus, lengths)
            failing = np.flatnonzero(first >= 0)
            told = np.full_like(first, -1)
            for lane in failing[np.argsort(first[failing], kind="stable")][: min(PLAYED_AT_ONCE, self._left)]:
                self._left -= 1
                fails = self._icarus.play(stimulus[lane : lane + 1, : lengths[lane]]).fails[0, :, monitor]
                told[lane] = fails.argmax() if fails.any() else -1
            return told

        return judge
