"""Run what proposers propose: count what it costs, see what is hit, keep what hits something first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from verif.harness.model import WORD
from verif.lanes.swarm import Job, Swarm
from verif.search.closure.board import Board
from verif.search.closure.corpus import Corpus, Good, Rows, digest_of
from verif.search.closure.sure import FEW, FREELY, STARTS, free_ticks, sure_ticks
from verif.search.engine import Engine, Stimulus
from verif.search.simulate import simulate
from verif.sim.batch.results import Fault, Lanes

Flags = npt.NDArray[np.bool_]
"""[lanes, points]"""

MOST_FAULTS = 3
"""Lanes that may hang or crash before nothing more is simulated."""
MOST_DOUBTS = 16
"""Lanes of a call whose hits may turn out to need what ran before."""
MOST_LANE_DOUBTS = 4
"""The same for a job of the lane engine."""
MOST_LUCK = 16
"""After so many such lanes a point is looked for by the batch engine alone."""
FRESH_AFTER = 64
"""After so many such lanes each lane gets a new model: what a transactor idles with may show what came before it, and
does so seldom; a design that remembers over resets does it all the time."""


class Spent(Exception):
    """The budget is spent, or the design hung or crashed too often: the turn ends here."""


@dataclass(slots=True)
class Effort:
    """What closure has cost so far, in all calls that went on with one another."""

    examples: int = 0
    cycles: int = 0
    lane_cycles: int = 0
    """Those that the lane engine simulated; they are among ``cycles``."""
    seconds: float = 0.0
    """Wall time of earlier calls."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Where simulation ends; None: no limit of that kind."""

    examples: int | None = None
    """Counted over all calls that went on with one another."""
    until: float | None = None
    """Time by the runner's clock."""


@dataclass(slots=True)
class Runner:
    """Simulates lanes for proposers and tells the board.

    Nothing counts as hit that isn't hit again by the same rows alone, on models that were just made, from several start
    values and with the same inputs at the design.
    """

    engine: Engine
    board: Board
    corpus: Corpus
    limits: Limits = field(default_factory=Limits)
    fresh: bool = False
    """Whether each lane gets a new model: for designs that remember over resets, or with hits from some starts only."""
    clock: Callable[[], float] = time.monotonic
    effort: Effort = field(default_factory=Effort)
    faults: list[Fault] = field(default_factory=list)
    doubts: int = 0
    """Lanes whose hits needed what ran before them."""
    ending: str = ""
    """How the design ended a lane itself, where it did."""
    started: float = 0.0
    frequency: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """In how many lanes each point was hit."""
    _lucky: npt.NDArray[np.int64] = field(init=False)
    """How many lanes hit each point that it did not show in alone."""

    def __post_init__(self) -> None:
        self._lucky = np.zeros(len(self.board.ids), np.int64)
        self.started = self.clock()
        if not len(self.frequency):
            self.frequency = np.zeros(len(self.board.ids), np.int64)

    @property
    def seconds(self) -> float:
        """Wall time since the start, that of earlier calls included."""
        return self.effort.seconds + self.clock() - self.started

    @property
    def spent(self) -> bool:
        """Whether a limit is reached."""
        examples, until = self.limits.examples, self.limits.until
        return (
            len(self.faults) >= MOST_FAULTS
            or (examples is not None and self.effort.examples >= examples)
            or (until is not None and self.clock() >= until)
        )

    def run(self, stimulus: Stimulus, by: str, lengths: npt.NDArray[np.int32] | None = None) -> Flags:
        """Simulate lanes ``[lanes, ticks, words]``; return what each hits. Spent where a limit is reached before."""
        if self.spent:
            raise Spent
        if self.limits.examples is not None:
            stimulus = stimulus[: self.limits.examples - self.effort.examples]
            lengths = None if lengths is None else lengths[: len(stimulus)]
        answer, faults = simulate(
            self.engine,
            stimulus,
            observe=False,
            hits=True,
            fresh=self.fresh,
            most_faults=MOST_FAULTS - len(self.faults),
            lengths=lengths,
        )
        self.faults += faults
        self.ending = answer.ending or self.ending
        before = self.effort.cycles
        rows = np.full(len(stimulus), stimulus.shape[1]) if lengths is None else lengths
        self.effort.examples += len(stimulus)
        self.effort.cycles += int(rows.sum())
        assert answer.hits is not None
        flags = as_flags(answer.hits, len(self.board.ids))
        if self.fresh:
            self._weed(flags, stimulus, lengths)
        self.frequency += flags.sum(axis=0)
        firsts = flags.argmax(axis=0)
        fresh, doubted = self._take(flags, lambda lane: _rows_of(stimulus, lengths, lane), by)
        self.doubts += doubted
        self.fresh = self.fresh or self.doubts >= FRESH_AFTER
        self._grow(before + rows.cumsum(), {name: int(firsts[n]) for n, name in enumerate(self.board.ids)}, fresh, by)
        return flags

    def drawn(self, job: Job, answer: Lanes, swarm: Swarm, by: str) -> None:
        """Take the answer of drawn lanes: what they hit counts once the batch engine shows it.

        Points whose hits it often doesn't show hang on start values: lanes look for them no more.
        """
        self.effort.examples += job.lanes
        self.effort.cycles += job.cycles
        self.effort.lane_cycles += job.cycles
        if answer.fault or answer.hits is None:
            return
        flags = as_flags(answer.hits, len(self.board.ids))
        self.frequency += flags.sum(axis=0)
        flags &= self._lucky < MOST_LUCK
        self._take(flags, lambda lane: swarm.rows(job, lane, job.ticks), by, most_doubts=MOST_LANE_DOUBTS)
        self.board.note(cycles=self.effort.cycles, seconds=self.seconds, by=by)

    @property
    def starts(self) -> tuple[int | None, ...]:
        """Seeds of the start values to look from where it is done often: several where they make a difference."""
        return STARTS if self.fresh else STARTS[:1]

    def _sought(self) -> set[str]:
        """Return what is not hit yet, or would contradict a proof."""
        proven = {name for name, known in self.board.known.items() if known.method}
        return (set(self.board.open) | proven) - set(self.board.disagreements)

    def _weed(self, flags: Flags, stimulus: Stimulus, lengths: npt.NDArray[np.int32] | None) -> None:
        """Take away hits of open points that don't show from a few starts."""
        is_open = set(self.board.open)
        mask = np.array([name in is_open for name in self.board.ids], np.bool_)
        lanes = np.flatnonzero((flags & mask).any(axis=1))
        if len(lanes):
            some = None if lengths is None else lengths[lanes]
            lucky = free_ticks(self.engine, stimulus[lanes], FEW, np.flatnonzero(mask).tolist(), lengths=some) < 0
            flags[lanes] &= ~(lucky & mask)

    def take(self, rows: Rows, by: str) -> tuple[str, ...]:
        """Run one stimulus alone, on new models; return the points that were open. Its cycles aren't counted.

        What is proven unreachable is contradicted by one start.
        """
        sought = self._sought()
        proven = sought - set(self.board.open)
        once, sure = (sure_ticks(self.engine, rows[np.newaxis], starts)[0] for starts in (STARTS[:1], STARTS))
        self.fresh |= bool(((once >= 0) & (sure < 0)).any())
        sure = self._freely(rows, once, sure)
        shown = np.where([name in proven for name in self.board.ids], once, sure)
        ticks = [int(shown[n]) for n in np.flatnonzero(shown >= 0) if self.board.ids[n] in sought]
        if not ticks:
            return ()
        rows = np.ascontiguousarray(rows[: max(ticks) + 1])
        hits = {name: int(tick) for name, tick in zip(self.board.ids, shown, strict=True) if 0 <= tick < len(rows)}
        self.corpus.add(Good(rows=rows, by=by, points=tuple(hits)))
        return self.board.hit(hits, by=by, witness=digest_of(rows))

    def _freely(self, rows: Rows, once: npt.NDArray[np.int32], sure: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Return ``sure`` with those open points that all starts show sooner or later, though in different ticks."""
        is_open = set(self.board.open)
        asked = [int(n) for n in np.flatnonzero((once >= 0) & (sure < 0)) if self.board.ids[n] in is_open]
        return np.where(sure >= 0, sure, free_ticks(self.engine, rows[np.newaxis], FREELY, asked)[0]) if asked else sure

    def _grow(self, ends: npt.NDArray[np.int64], lanes: Mapping[str, int], fresh: Collection[str], by: str) -> None:
        """Add to the curve, where a lane was the first of its call to hit what is fresh."""
        wanted = set(self.board.wanted)
        added = Counter(int(ends[lanes[name]]) for name in fresh if name in wanted)
        self.board.grew(sorted(added.items()), seconds=self.seconds, by=by)

    def _take(
        self, flags: Flags, rows_of: Callable[[int], Rows], by: str, *, most_doubts: int = MOST_DOUBTS
    ) -> tuple[list[str], int]:
        """Keep a lane that hits most of what is open, then one that hits most of the rest, and so on.

        Return the points that were open, and how many lanes did not show theirs alone.
        """
        fresh: list[str] = []
        known = self.board.known
        sought = self._sought()
        mask = np.array([name in sought for name in self.board.ids], np.bool_)
        doubted = 0
        while (gains := (flags & mask).sum(axis=1)).any() and doubted < most_doubts:
            lane = int(gains.argmax())
            before = flags[lane] & mask
            fresh += self.take(rows_of(lane), by)
            mask &= [known[name].witness == "" and name not in self.board.disagreements for name in self.board.ids]
            if (flags[lane] & mask & before).any():
                doubted += 1
                self._lucky += flags[lane] & mask & before
                flags[lane] &= ~before
        return fresh, doubted


def _rows_of(stimulus: Stimulus, lengths: npt.NDArray[np.int32] | None, lane: int) -> Rows:
    rows: Rows = stimulus[lane, : None if lengths is None else int(lengths[lane])]
    return rows


def as_flags(hits: npt.NDArray[np.uint32], points: int) -> Flags:
    """Return bits of words as flags [lanes, points]."""
    bits = np.unpackbits(hits.astype("<u4").view(np.uint8).reshape(len(hits), -1), axis=1, bitorder="little")
    assert bits.shape[1] >= points, f"{points} points need {-(-points // WORD)} words"
    return bits[:, :points].astype(np.bool_)
