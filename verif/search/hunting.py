"""Look for failures in lanes: round after round of drawn jobs, half of them led by what hit something new.

A round's jobs depend on the seed and on what the rounds before it hit, never on how fast or on how many workers they
ran, so the same seed gives the same rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from verif.lanes.program import spread
from verif.lanes.swarm import Job, Swarm
from verif.search.dice import Dice
from verif.search.seeds import Rows, Seeds
from verif.sim.batch.results import Lanes

JOBS = 16
"""Jobs of a round: enough for all workers."""
CYCLES = 1 << 22
"""Rows of a job, about: a few hundredths of a second."""
FEWEST_LANES, MOST_LANES = 512, 8192
LONGEST = 16_384
_LONGER = 8
"""Lanes become so many times longer than those of the batch engine: what is deep lies there."""
_STREAM = 1 << 25
"""Stream of random numbers beside those of ``stimulus`` and ``seeds``."""
_LATEST = 8
_MOST_NEW = 4
"""Lanes of a job that are kept, those that hit most first."""
_TRIED = 16
"""Failing lanes of a job that are tried with other start values, at most."""
_STARTS = 64
"""Start values that a failure is tried with."""
_NO_PIECES = 1 << 20
"""As the number of a turn of ``Seeds.lanes``: changed lanes only."""


class Hunt:
    """Makes rounds of jobs for a swarm and learns from what they hit."""

    def __init__(
        self,
        swarm: Swarm,
        lengths: Sequence[int],
        *,
        seed: int,
        recordings: Sequence[Rows] = (),
        stream: int = 0,
        rounds: int = 0,
    ) -> None:
        """``lengths`` are those of the batch engine's lanes; recordings lead lanes from the first round on.

        ``rounds`` were made before.
        """
        self.swarm = swarm
        self.rounds = rounds
        self.good: list[Rows] = [rows for rows in recordings if len(rows)]
        """Stimuli that hit something first, and recordings."""
        self._seeds: tuple[int, Seeds] | None = None
        self._seed = seed
        self._stream = _STREAM + stream
        self._lengths = ladder(lengths)
        self._hit = np.zeros(-(-len(swarm.harness.covers) // 32), np.uint32)

    @property
    def hit(self) -> frozenset[int]:
        """The numbers of the coverage points that lanes hit."""
        bits = np.unpackbits(self._hit.astype("<u4").view(np.uint8), bitorder="little")
        return frozenset(np.flatnonzero(bits).tolist())

    def round(self, left: int | None = None) -> list[Job]:
        """Return the next round's jobs, of ``left`` lanes in all at most."""
        first, jobs = self.rounds * JOBS, []
        seeds = self._changing()
        for number in range(first, first + JOBS):
            guide = self._guide(number, seeds) if seeds and number % 2 else None
            ticks = self._lengths[number // 2 % len(self._lengths)] + (0 if guide is None else len(guide))
            lanes = max(FEWEST_LANES, min(MOST_LANES, CYCLES // ticks // FEWEST_LANES * FEWEST_LANES))
            lanes = lanes if left is None else min(lanes, left)
            if lanes:
                draw = spread(self._seed & 0xFFFFFFFF, self._stream, number, 0) & 0xFFFFFFFF
                jobs.append(Job(draw=draw, lanes=lanes, ticks=ticks, guide=guide))
            left = None if left is None else left - lanes
        self.rounds += 1
        return jobs

    def _changing(self) -> Seeds | None:
        """Return what makes changed stimuli of the good ones; None where there is none."""
        if self._seeds is None or self._seeds[0] != len(self.good):
            self._seeds = (len(self.good), Seeds(self.swarm.harness, self.good, seed=self._seed, every=1))
        return self._seeds[1] or None

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Lanes]]:
        """Run jobs; learn from each, then give it with its answer."""
        for job, answer in self.swarm.run(jobs, hits=True):
            if answer.hits is not None and answer.fault is None:
                self.learn(job, answer.hits)
            yield job, answer

    def soonest(self, job: Job, first_fail: npt.NDArray[np.int32], monitor: int) -> int | None:
        """Return a lane of a job that fails after few rows whatever registers hold at the start; None: none fails.

        ``first_fail`` has the monitor's first failing tick in each lane, -1 where there is none. Some lanes, from the
        soonest to the last, are tried from other start values; where none fails from all, the one that does from most.
        """
        failing = np.flatnonzero(first_fail >= 0)
        if not failing.size:
            return None
        order = failing[np.argsort(first_fail[failing], kind="stable")]
        best, most = int(order[0]), 0
        for lane in order[np.unique(np.linspace(0, order.size - 1, _TRIED).astype(np.int64))].tolist():
            rows = self.swarm.rows(job, lane, int(first_fail[lane]) + 1)
            shown = int((self.swarm.replayed(rows, lanes=_STARTS).first_fail[:, monitor] >= 0).sum())
            if shown > most:
                best, most = lane, shown
            if most == _STARTS:
                break
        return best

    def learn(self, job: Job, hits: npt.NDArray[np.uint32]) -> None:
        """Keep the lanes that hit what no lane did before, cut after it."""
        for _ in range(_MOST_NEW):
            gains = np.bitwise_count(hits & ~self._hit).sum(axis=1)
            lane = int(gains.argmax())
            if not gains[lane]:
                return
            self.good.append(self._cut(self.swarm.rows(job, lane, job.ticks)))
            self._hit |= hits[lane]
        self._hit |= np.bitwise_or.reduce(hits, axis=0)

    def _cut(self, rows: Rows) -> Rows:
        """Return rows up to the last tick in which they hit something new."""
        ticks = self.swarm.replayed(rows).hit_ticks
        assert ticks is not None
        number = np.arange(ticks.shape[1])
        known = self._hit[number // 32] >> (number % 32).astype(np.uint32) & 1
        fresh = ticks[0][known == 0]
        return rows[: int(fresh.max(initial=0)) + 1]

    def _guide(self, number: int, seeds: Seeds) -> Rows:
        """Return what leads a job: a good stimulus as it is, one of the latest more often, or changed."""
        dice = Dice(self._seed, number, self._stream)
        among = self.good[-_LATEST:] if dice.below(2, 1)[0] else self.good
        guide = among[int(dice.below(len(among), 1)[0])][:LONGEST]
        if not dice.below(2, 1)[0]:
            guide = seeds.lanes(self._stream + number, _NO_PIECES, 1, max(len(guide), 1))[0]
        return guide


def ladder(lengths: Sequence[int]) -> tuple[int, ...]:
    """Return the lengths of lanes: those of the batch engine, and some times longer ones."""
    longest = max(lengths)
    more, times = [], 2
    while times <= _LONGER and longest * times <= LONGEST:
        more.append(longest * times)
        times *= 2
    return (*sorted(set(lengths)), *more)
