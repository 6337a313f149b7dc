"""Look for failures: block after block of lanes, judged by the harness's monitors and by the bench's own Python.

Each block is made while the one before it is simulated. The bench's Python is far slower than that, so it judges one
block of each round while the next are simulated; the others are judged by the monitors alone. Which blocks these are
depends on nothing but their numbers, so the same examples give the same failures, however fast the machine is.

Where there are lanes (``verif.search.hunting``), a round of them comes before each block from some time on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from verif.design.model import Direction
from verif.lanes.swarm import Job
from verif.search.checks import Check
from verif.search.engine import Engine, Stimulus
from verif.search.hunting import Hunt
from verif.search.judging import JudgeBroke, Judged, TraceJudge
from verif.search.simulate import simulate, whole_lengths
from verif.search.stimulus import Block, StimulusMaker
from verif.sim.batch.results import Fault, Lanes
from verif.stimulus.generate import Stretch

WATCHED = 7
"""Blocks of each round that monitors judge alone, where there are monitors."""
MOST_FAULTS = 3
"""Lanes that may hang or crash before the search ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """How long to look: until one of these is reached; None: no limit of that kind."""

    examples: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A check's first failure."""

    check: Check
    stimulus: npt.NDArray[np.uint32]
    """[ticks, words]: up to the failing row."""
    phases: tuple[Stretch, ...]
    examples: int
    """Lanes that were started until then, this one included."""
    cycles: int
    """Rows that were simulated until then."""
    seconds: float
    message: str = ""
    by_lanes: bool = False
    """Whether the lane engine saw it."""

    @property
    def cycle(self) -> int:
        """The failing row."""
        return len(self.stimulus) - 1


@dataclass(slots=True)
class Effort:
    """What a search has cost so far."""

    examples: int = 0
    cycles: int = 0
    cut_examples: int = 0
    """Lanes that ended early, since their stimulus broke an assumption."""
    cut_cycles: int = 0
    """Their rows that don't count for that reason; they are among ``cycles``."""
    judged_cycles: int = 0
    """Rows that the bench's Python judged."""
    lane_examples: int = 0
    """Those that the lane engine simulated; they are among ``examples``."""
    lane_cycles: int = 0
    lane_seconds: float = 0.0
    """Time in the lane engine."""
    judge_seconds: float = 0.0
    simulate_seconds: float = 0.0
    """Time in the simulator, the next stimulus being made meanwhile."""

    def in_lanes(self, job: Job) -> None:
        """Count a job of the lane engine."""
        self.examples += job.lanes
        self.lane_examples += job.lanes
        self.cycles += job.cycles
        self.lane_cycles += job.cycles

    @property
    def batch_per_second(self) -> float | None:
        """Speed of the batch engine in cycles a second."""
        return (self.cycles - self.lane_cycles) / self.simulate_seconds if self.simulate_seconds else None

    @property
    def lanes_per_second(self) -> float | None:
        """Speed of the lane engine in cycles a second, all its workers together."""
        return self.lane_cycles / self.lane_seconds if self.lane_seconds else None

    @property
    def judged_per_second(self) -> float | None:
        """Speed of the bench's Python in cycles a second."""
        return self.judged_cycles / self.judge_seconds if self.judge_seconds else None


class Hunts(Protocol):
    """Decides from when on lanes take part."""

    def hunt(self, explorer: Explorer, budget: Budget) -> Hunt | None:
        """Return the lanes; None: not now."""

    def broke(self, sentence: str) -> None:
        """Take note that lanes can't go on."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """A block that was simulated, and how much had been done before it."""

    block: Block
    lanes: int
    answer: Lanes
    examples: int
    cycles: int


class Explorer:
    """Looks for the first failure of each check."""

    def __init__(
        self,
        engine: Engine,
        maker: StimulusMaker,
        checks: Sequence[Check],
        judge: TraceJudge | None = None,
        *,
        fresh: bool = False,
        hunts: Hunts | None = None,
        clock: Callable[[], float] = time.monotonic,
        started: float | None = None,
    ) -> None:
        """``fresh`` starts each lane on a new model: for designs that remember over resets.

        ``started`` is the clock's time from which seconds are counted; now unless told.
        """
        self.engine = engine
        self.maker = maker
        self.judge = judge
        self.fresh = fresh
        self.effort = Effort()
        self.broken: JudgeBroke | None = None
        """Why the bench's Python judges no more."""
        self.faults: list[Fault] = []
        """Lanes that hung or crashed; the others of their block were simulated."""
        self.ending = ""
        """How the design ended a lane itself, where it did."""
        self.seen = np.zeros(len(engine.harness.monitors), np.int64)
        """In how many rows each monitor's condition was met."""
        self._hunts = hunts
        self._open = {check.id: check for check in checks if check.in_hardware or judge is not None}
        self._clock = clock
        self._started = clock() if started is None else started
        self._pending: tuple[_Tried, Future[Judged]] | None = None

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return self._clock() - self._started

    @property
    def open(self) -> tuple[Check, ...]:
        """Checks that did not fail yet."""
        return tuple(self._open.values())

    def drop(self, check: Check) -> None:
        """Look for failures of ``check`` no more."""
        self._open.pop(check.id, None)

    def reopen(self, check: Check) -> None:
        """Look for failures of ``check`` again."""
        self._open[check.id] = check

    def explore(self, budget: Budget, progress: Callable[[], None] = lambda: None) -> Iterator[Sighting]:
        """Yield each check's first failure as soon as it is seen, until the budget is spent or all checks failed.

        ``progress`` is called after each block.
        """
        with ThreadPoolExecutor(max_workers=1) as judging, ThreadPoolExecutor(max_workers=1) as making:
            number = 0
            coming = making.submit(self.maker.block, number)
            while self._open and not self._spent(budget):
                if hunt := self._hunts and number % self._apart == 0 and self._hunts.hunt(self, budget):
                    yield from self._by_lanes(hunt, budget)
                    progress()
                    if not self._open or self._spent(budget):
                        break
                block = coming.result()
                number += 1
                coming = making.submit(self.maker.block, number)
                tried = self._try(block, budget)
                yield from self._by_monitors(tried)
                if tried.answer.observed is not None:
                    yield from self._by_bench()
                    self._pending = (tried, judging.submit(self._judged, tried))
                progress()
            yield from self._by_bench()

    @property
    def _apart(self) -> int:
        """How many blocks come between rounds of lanes: the bench's Python shall judge as much as without them."""
        return 1 if all(check.in_hardware for check in self.open) else WATCHED + 1

    def _spent(self, budget: Budget) -> bool:
        if len(self.faults) >= MOST_FAULTS:
            return True
        if budget.examples is not None and self.effort.examples >= budget.examples:
            return True
        return budget.seconds is not None and self.effort.examples > 0 and self.seconds >= budget.seconds

    def _try(self, block: Block, budget: Budget) -> _Tried:
        """Simulate a block, cut where the budget of examples ends."""
        effort = self.effort
        started = time.perf_counter()
        lanes = block.lanes if budget.examples is None else min(block.lanes, budget.examples - effort.examples)
        answer = self._simulated(block.stimulus[:lanes], self._is_judged(block.number))
        tried = _Tried(block, lanes, answer, effort.examples, effort.cycles)
        effort.simulate_seconds += time.perf_counter() - started
        effort.examples += lanes
        effort.cycles += lanes * block.ticks
        return tried

    def _simulated(self, stimulus: Stimulus, observe: bool) -> Lanes:
        answer, faults = simulate(
            self.engine, stimulus, observe=observe, fresh=self.fresh, most_faults=MOST_FAULTS - len(self.faults)
        )
        self.faults += faults
        self.ending = answer.ending or self.ending
        self.seen += answer.seen.sum(axis=0, dtype=np.int64)
        self._count_cut(answer, stimulus.shape[1])
        return answer

    def _count_cut(self, answer: Lanes, ticks: int) -> None:
        broken = (answer.first_fail[:, list(answer.assumptions)] >= 0).any(axis=1)
        self.effort.cut_examples += int(broken.sum())
        self.effort.cut_cycles += int((ticks - np.maximum(answer.ended[broken] + 1, 0)).sum())

    def _is_judged(self, number: int) -> bool:
        if not any(not check.in_hardware for check in self.open) or self.broken:
            return False
        ladder, hardware = self.maker.rungs, any(check.in_hardware for check in self.open)
        return not hardware or number < ladder or number % (WATCHED + 1) == 0

    def _judged(self, tried: _Tried) -> Judged:
        assert self.judge is not None
        assert tried.answer.observed is not None
        wanted = [check.id for check in self.open if not check.in_hardware]
        return self.judge.judge(tried.answer.observed, wanted, whole_lengths(tried.answer))

    def _by_monitors(self, tried: _Tried) -> Iterator[Sighting]:
        for check in self.open:
            if check.monitor is not None:
                yield from self._first(check, tried, tried.answer.first_fail[:, check.monitor])

    def _by_lanes(self, hunt: Hunt, budget: Budget) -> Iterator[Sighting]:
        """Run one round of lanes."""
        effort, started = self.effort, time.perf_counter()
        for job, answer in hunt.run(hunt.round(None if budget.examples is None else budget.examples - effort.examples)):
            before = (effort.examples, effort.cycles)
            effort.lane_seconds += time.perf_counter() - started
            if answer.fault:
                assert self._hunts is not None
                self._hunts.broke(answer.fault.sentence)
                return
            self.seen += answer.seen.sum(axis=0, dtype=np.int64)
            self._count_cut(answer, job.ticks)
            effort.in_lanes(job)
            for check in self.open:
                if check.monitor is not None:
                    yield from self._soonest(check, hunt, job, answer.first_fail[:, check.monitor], before)
            started = time.perf_counter()
            if not self._open or self._spent(budget):
                return

    def _soonest(
        self, check: Check, hunt: Hunt, job: Job, first_fail: npt.NDArray[np.int32], before: tuple[int, int]
    ) -> Iterator[Sighting]:
        """Give a lane of a job that fails after few rows."""
        assert check.monitor is not None
        lane = hunt.soonest(job, first_fail, check.monitor)
        if lane is None:
            return
        cycle = int(first_fail[lane])
        self.drop(check)
        yield Sighting(
            check=check,
            stimulus=hunt.swarm.rows(job, lane, cycle + 1),
            phases=(),
            examples=before[0] + lane + 1,
            cycles=before[1] + lane * job.ticks + cycle + 1,
            seconds=self.seconds,
            by_lanes=True,
        )

    def _by_bench(self) -> Iterator[Sighting]:
        """Take the answer of the bench's Python to the last block that was given to it."""
        if self._pending is None:
            return
        tried, future = self._pending
        self._pending = None
        try:
            judged = future.result()
        except JudgeBroke as broke:
            self.broken = broke
            self._open = {name: check for name, check in self._open.items() if check.in_hardware}
            return
        self.effort.judged_cycles += judged.cycles
        self.effort.judge_seconds += judged.seconds
        for check in self.open:
            if check.id in judged.first_fail and not check.in_hardware:
                yield from self._first(check, tried, judged.first_fail[check.id], judged)

    def _first(
        self, check: Check, tried: _Tried, first_fail: npt.NDArray[np.int32], judged: Judged | None = None
    ) -> Iterator[Sighting]:
        failing = np.flatnonzero(first_fail >= 0)
        if not failing.size:
            return
        lane = int(failing[0])
        cycle = int(first_fail[lane])
        self.drop(check)
        yield Sighting(
            check=check,
            stimulus=tried.block.stimulus[lane, : cycle + 1].copy(),
            phases=tried.block.stretches(lane),
            examples=tried.examples + lane + 1,
            cycles=tried.cycles + lane * tried.block.ticks + cycle + 1,
            seconds=self.seconds,
            message=judged.messages[check.id, lane] if judged else "",
        )


def survivors(engine: Engine, stimulus: Stimulus) -> tuple[str, ...]:
    """Return the outputs that depend on what was before the reset: the double-reset check.

    The lanes run in order and in reverse order, each after another predecessor; what then differs survived a reset.
    Inputs that differ are none of the design's: a transactor's idle payload, which means nothing. A design that hangs
    or crashes is left to the search.
    """
    once, again = engine.lanes(stimulus, observe=True), engine.lanes(stimulus[::-1], observe=True)
    if once.fault or again.fault:
        return ()
    assert once.observed is not None
    assert again.observed is not None
    lengths = np.minimum(whole_lengths(once), whole_lengths(again)[::-1])
    told = np.arange(stimulus.shape[1]) < lengths[:, None]
    differing = ((once.observed != again.observed[::-1]) & told[:, :, None]).any(axis=(0, 1))
    names: list[str] = []
    start = 0
    for entry in engine.harness.observed:
        if entry.direction is Direction.OUTPUT and differing[start : start + entry.words].any():
            names.append(entry.port)
        start += entry.words
    return tuple(names)
