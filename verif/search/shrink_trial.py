"""Ask the judge about candidates: counted, cut after the failing cycle, the simplest one kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from verif.search.shrink_candidates import spread
from verif.search.shrink_rows import RowShape, Stimulus

Judge: TypeAlias = Callable[[NDArray[np.uint32], NDArray[np.int32]], NDArray[np.int32]]
"""Takes lanes ``[L, T, S]`` and how many rows of each count, ``[L]``; returns the first failing cycle, -1 for none."""

LANES_A_CALL = 4096
WORDS_A_CALL = 2**22
"""Words in one call at most, 16 MiB: long and wide lanes go in smaller calls."""

Measure = tuple[int, int, int, int, int]


class Trial:
    """The best lane so far, and the budget that is left to better it.

    Invariants: ``best`` fails, in its last row unless the judge says that it must go on; it is never replaced by one
    that measures more; the same candidates in the same order give the same best.
    """

    def __init__(self, judge: Judge, shape: RowShape, stimulus: Stimulus, budget: int) -> None:
        self._judge = judge
        self.shape = shape
        self.best = stimulus
        self.examples = 0
        self.budget = budget
        (first,) = self.ask([stimulus])
        self.fail_cycle = int(first)
        if self.fails:
            self._cut()

    @property
    def fails(self) -> bool:
        """Whether the lane that it started from fails at all."""
        return self.fail_cycle >= 0

    @property
    def left(self) -> int:
        """How many examples may still be judged."""
        return self.budget - self.examples

    def measure(self, stimulus: Stimulus) -> Measure:
        """Return what is to be small: rows, reset rows, values off their default, changes, and the values' bits."""
        off = stimulus != self.shape.default
        resets = sum(int(off[:, c.words].any(axis=1).sum()) for c in self.shape.columns if c.resets)
        cells = sum(int(off[:, c.words].any(axis=1).sum()) for c in self.shape.columns)
        changes = int((stimulus[1:] != stimulus[:-1]).any(axis=1).sum())
        bits = int(np.unpackbits((stimulus ^ self.shape.default).view(np.uint8)).sum())
        return (len(stimulus), resets, cells, changes, bits)

    def ask(self, lanes: Sequence[Stimulus]) -> NDArray[np.int32]:
        """Return each lane's first failing cycle, -1 for none; lanes may differ in length."""
        answers: list[NDArray[np.int32]] = []
        step = max(1, min(LANES_A_CALL, WORDS_A_CALL // max(1, max(map(len, lanes)) * self.shape.words)))
        for start in range(0, len(lanes), step):
            answers.append(self._ask(lanes[start : start + step]))
        self.examples += len(lanes)
        return np.concatenate(answers)

    def offer(self, lanes: Sequence[Stimulus]) -> bool:
        """Judge candidates, keep the simplest that fails; tell whether it is simpler than what there was."""
        lanes = [lane for lane in lanes[: max(self.left, 0)] if len(lane)]
        if not lanes:
            return False
        first = self.ask(lanes)
        failing = np.flatnonzero(first >= 0)
        if not len(failing):
            return False
        shortest = failing[first[failing] == first[failing].min()]
        chosen = min((lanes[index][: first[index] + 1] for index in shortest), key=self.measure)
        whole = min((lanes[index] for index in failing), key=self.measure)
        return self._take(chosen) or self._take(whole)

    def offer_together(self, lanes: Sequence[Stimulus]) -> bool:
        """Judge candidates as long as the best, then those that fail merged: one by one they would cost a call each."""
        lanes = lanes[: max(self.left, 0)]
        if not lanes:
            return False
        failing = [lanes[index] for index in np.flatnonzero(self.ask(lanes) >= 0).tolist()]
        return self.offer([*_merged(self.best, failing), *sorted(failing, key=self.measure)[:1]])

    def offer_without_rows(self) -> bool:
        """Leave out each row alone, then many of those that aren't needed alone together."""
        places = spread(range(len(self.best)), self.best)[: max(self.left, 0)]
        if len(places) < 2:
            return False
        first = self.ask([np.delete(self.best, row, axis=0) for row in places])
        rows = np.array(places)[first >= 0]
        chosen = [part for count in _counts(len(rows)) for part in (rows[:count], rows[len(rows) - count :])]
        return self.offer([np.delete(self.best, part, axis=0) for part in chosen])

    def try_one(self, lane: Stimulus) -> bool:
        """Judge one lane and keep it if it is simpler; tell whether it fails."""
        (first,) = self.ask([lane])
        if first >= 0:
            self._take(lane[: first + 1]) or self._take(lane)
        return bool(first >= 0)

    def _ask(self, lanes: Sequence[Stimulus]) -> NDArray[np.int32]:
        lengths = np.array([len(lane) for lane in lanes], dtype=np.int32)
        block = np.broadcast_to(self.shape.default, (len(lanes), int(lengths.max()), self.shape.words)).copy()
        for row, lane in zip(block, lanes, strict=True):
            row[: len(lane)] = lane
        return self._judge(block, lengths)

    def _take(self, lane: Stimulus) -> bool:
        """Make ``lane`` the best if it measures less and still fails, alone and cut."""
        if self.measure(lane) >= self.measure(self.best):
            return False
        (first,) = self.ask([lane])
        if first < 0:
            return False
        self.best, self.fail_cycle = lane, int(first)
        self._cut()
        return True

    def _cut(self) -> None:
        """Drop the rows after the failing cycle if the failure stays."""
        cut = self.best[: self.fail_cycle + 1]
        if len(cut) < len(self.best) and self.ask([cut])[0] == self.fail_cycle:
            self.best = cut


def _merged(best: Stimulus, lanes: Sequence[Stimulus]) -> list[Stimulus]:
    """Return ``best`` with the changes of all lanes, of the first half of them, of a quarter, and so on."""
    merged = []
    for count in _counts(len(lanes)):
        together = best.copy()
        for lane in lanes[:count]:
            changed = lane != best
            together[changed] = lane[changed]
        merged.append(together)
    return merged


def _counts(most: int) -> list[int]:
    """Return ``most``, its half, and so on down to 1."""
    return [most >> shift for shift in range(most.bit_length())]
