"""Hits that don't hang on a start value: shown in the same tick from several start values, all with the same inputs.

A witness is replayed at the design's own ports. What the harness's transactors apply there answers to the design's
outputs; where these show a start value, the inputs of one run may do something else, or be illegal, in another one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.design.model import Direction
from verif.harness.model import COVERS, WORD, Harness, Observed
from verif.search.engine import Engine, Stimulus
from verif.sim.batch.layout import Layout, Rows

Ticks = npt.NDArray[np.int32]
"""[lanes, points]: the tick of each hit, -1 for none."""
Some = npt.NDArray[np.intp]
"""Numbers of lanes."""

STARTS: tuple[int | None, ...] = (1, None, *range(2, 17))
"""Seeds of start values from which a hit must show; None is all at 0, nearer to what a run leaves behind than random
bits are. Among thousands of stimuli some are lucky from a few starts: what one start in two shows is lucky from sixteen
once in 65536 times."""
MANY: tuple[int | None, ...] = (*STARTS, *range(17, 65))
"""Those from which a witness must show what it is said to show: cutting it tries out what is just lucky enough."""
FEW = STARTS[:3]
"""Those that weed out most of what is lucky."""
FREELY: tuple[int | None, ...] = (*MANY, *range(65, 257))
"""Those from which it must show where they don't show it in the same tick: something runs freely and comes by sooner or
later, or luck has many tries in each run."""


def watched(harness: Harness) -> Harness:
    """Return the harness with its points among what is observed, so that they are seen tick by tick."""
    covers = Observed(name=COVERS, port="", width=len(harness.covers), direction=Direction.OUTPUT)
    return replace(harness, observed=(*harness.observed, covers))


def sure_ticks(
    engine: Engine,
    stimulus: Stimulus,
    starts: Sequence[int | None],
    *,
    lengths: npt.NDArray[Any] | None = None,
    needed: Collection[int] = (),
) -> Ticks:
    """Return the first tick in which all ``starts`` show a hit, [lanes, points], on new models; -1 for none.

    Up to that one the design's inputs must be the same from all starts. A lane that does not hit all points ``needed``
    is given up: all of its ticks are -1. The engine's harness is a ``watched`` one, where there are several starts.
    """
    runs = _Runs(engine, stimulus, lengths, several=len(starts) > 1, steady=len(starts) > 1)
    left = np.arange(len(stimulus))
    for seed in starts:
        runs.run(left, seed)
        shown = runs.shown(left)
        left = left[shown[:, list(needed)].all(axis=1) if needed else shown.any(axis=1)]
        if not len(left):
            break
    ticks = np.full_like(runs.latest, -1)
    ticks[left] = runs.together(left)
    return ticks


def free_ticks(
    engine: Engine,
    stimulus: Stimulus,
    starts: Sequence[int | None],
    points: Sequence[int],
    *,
    lengths: npt.NDArray[Any] | None = None,
    all_of_them: bool = False,
) -> Ticks:
    """Return the tick by which all ``starts`` have shown a hit, in the same tick or not, [lanes, points]; -1 for none.

    Only ``points`` are looked at; with ``all_of_them`` a lane that lacks one is given up.
    """
    runs = _Runs(engine, stimulus, lengths, several=len(starts) > 1, steady=False)
    left = np.arange(len(stimulus))
    for seed in starts:
        runs.run(left, seed)
        shown = runs.latest[left][:, list(points)] >= 0
        left = left[shown.all(axis=1) if all_of_them else shown.any(axis=1)]
        if not len(left):
            break
    ticks = np.full_like(runs.latest, -1)
    for point in points:
        ticks[left, point] = runs.latest[left, point]
    return ticks


class _Runs:
    """Runs of the same lanes from one start after the other, and what all of them show."""

    def __init__(
        self, engine: Engine, stimulus: Stimulus, lengths: npt.NDArray[Any] | None, *, several: bool, steady: bool
    ) -> None:
        """``several``: there are more starts than one, ``steady``: what they show in the same tick is asked for."""
        self._engine = engine
        self._stimulus = stimulus
        self._lengths = np.full(len(stimulus), stimulus.shape[1]) if lengths is None else lengths
        self._several = several
        self._points = len(engine.harness.covers)
        self._span = Layout.of(engine.harness.observed).slot(COVERS).span if steady else None
        self._common: Rows | None = None
        self._same = _Same(engine.harness, len(stimulus))
        self.latest = np.zeros((len(stimulus), self._points), np.int32)
        """[lanes, points]: when the last of the starts first showed it; -1 where one didn't."""

    def run(self, lanes: Some, seed: int | None) -> None:
        """Run these lanes from one more start."""
        answer = self._engine.lanes(
            self._stimulus[lanes],
            lengths=self._lengths[lanes],
            observe=self._several,
            hit_ticks=True,
            fresh=True,
            seed=seed,
        )
        assert answer.hit_ticks is not None
        ticks = np.where(answer.hit_ticks < 0, -1, np.maximum(self.latest[lanes], answer.hit_ticks))
        ticks[self.latest[lanes] < 0] = -1
        if answer.observed is not None:
            until = self._same.until(lanes, answer.observed)
            ticks[ticks >= until[:, np.newaxis]] = -1
            self._meet(lanes, answer.observed, until)
        self.latest[lanes] = ticks

    def shown(self, lanes: Some) -> npt.NDArray[np.bool_]:
        """Return which points these lanes may still be said to hit, [lanes, points]."""
        if self._common is None:
            return self.latest[lanes] >= 0
        return _bits(np.bitwise_or.reduce(self._common[lanes], axis=1), self._points)

    def together(self, lanes: Some) -> Ticks:
        """Return the first tick in which all starts showed each point, [lanes, points]."""
        if self._common is None:
            return self.latest[lanes]
        ticks = np.full((len(lanes), self._points), -1, np.int32)
        for place, lane in enumerate(lanes):
            bits = _bits(self._common[lane], self._points)
            ticks[place] = np.where(bits.any(axis=0), bits.argmax(axis=0), -1)
        return ticks

    def _meet(self, lanes: Some, observed: Rows, until: npt.NDArray[np.int64]) -> None:
        """Keep what this start shows too, up to where the inputs are the same."""
        if self._span is None:
            return
        covers = observed[:, :, self._span]
        if self._common is None:
            self._common = np.ascontiguousarray(covers)
            return
        before = np.arange(covers.shape[1]) < until[:, np.newaxis]
        self._common[lanes] &= np.where(before[:, :, np.newaxis], covers, 0)


class _Same:
    """Tells up to where the inputs of runs of the same lanes are the same."""

    def __init__(self, harness: Harness, lanes: int) -> None:
        directions = [entry.direction for entry in harness.observed for _ in range(entry.words)]
        self._inputs = np.flatnonzero([direction is not Direction.OUTPUT for direction in directions])
        self._first: npt.NDArray[np.uint32] | None = None
        self._until = np.zeros(lanes, np.int64)

    def until(self, lanes: Some, observed: Rows) -> npt.NDArray[np.int64]:
        """Return the first row of each lane in which inputs differ from those of an earlier call; the first has all."""
        applied = observed[:, :, self._inputs]
        if self._first is None:
            self._first = applied
            self._until[:] = applied.shape[1]
        differs = (applied != self._first[lanes]).any(axis=2)
        rows = np.where(differs.any(axis=1), differs.argmax(axis=1), applied.shape[1])
        self._until[lanes] = np.minimum(self._until[lanes], rows)
        return self._until[lanes]


def _bits(words: Rows, points: int) -> npt.NDArray[np.bool_]:
    """Return words of points as flags, on the last axis."""
    assert words.shape[-1] * WORD >= points
    packed = np.ascontiguousarray(words, "<u4").view(np.uint8)
    return np.unpackbits(packed, axis=-1, bitorder="little")[..., :points].astype(np.bool_)
