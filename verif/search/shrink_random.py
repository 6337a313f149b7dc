"""Shorter lanes at random, near one that fails: its values in other runs, at other rates, with rows left out."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from verif.harness.model import WORD
from verif.search.shrink_encoding import number
from verif.search.shrink_rows import Column, RowShape, Stimulus

MOST_PHASES = 5
KEPT_VALUES = 12
"""Values of one field that new lanes draw from: more than so many are payload, of which any will do."""


class Neighbourhood:
    """What lanes near a failing one are made of."""

    def __init__(self, shape: RowShape, lane: Stimulus) -> None:
        self._shape = shape
        self._lane = lane
        self._pools = [_pool(shape, column, lane) for column in shape.columns]
        self._data = tuple(index for index, column in enumerate(shape.columns) if column.carries_data)
        self._rows = np.unique(lane, axis=0)

    def shorter(self, rng: Generator, count: int) -> list[Stimulus]:
        """Return ``count`` lanes of fewer rows."""
        makers = (self._thinned, self._thinned, self._phased, self._mixed)
        return [makers[index % len(makers)](rng) for index in range(count)]

    def _thinned(self, rng: Generator) -> Stimulus:
        """Leave rows out, change a few values in the others."""
        count = len(self._lane)
        out = min(int(rng.geometric(0.4)), count - 1)
        lane = np.delete(self._lane, rng.choice(count, out, replace=False), axis=0)
        for _ in range(rng.integers(0, 4)):
            self._change(lane, rng, row=int(rng.integers(len(lane))))
        return lane

    def _phased(self, rng: Generator) -> Stimulus:
        """Hold a few rows, each for a run."""
        lengths = self._lengths(rng)
        rows = self._rows[rng.integers(len(self._rows), size=len(lengths))]
        for row in range(len(rows)):
            if rng.random() < 0.5:
                self._change(rows, rng, row)
        return self._renumbered(np.repeat(rows, lengths, axis=0), rng)

    def _mixed(self, rng: Generator) -> Stimulus:
        """Draw every value of a phase anew, at a rate of its own."""
        parts = []
        for length in self._lengths(rng):
            part = np.tile(self._shape.default, (length, 1))
            for column, pool in zip(self._shape.columns, self._pools, strict=True):
                chosen = rng.random(length) < rng.choice([0.0, 0.3, 0.7, 1.0])
                part[chosen, column.words] = pool[rng.integers(len(pool), size=int(chosen.sum()))]
            parts.append(part)
        return self._renumbered(np.concatenate(parts), rng)

    def _lengths(self, rng: Generator) -> NDArray[np.int64]:
        """Return the lengths of a few phases, mostly of one row less than the lane has in all."""
        total = max(1, len(self._lane) - int(rng.geometric(0.5)))
        phases = int(rng.integers(1, min(MOST_PHASES, total) + 1))
        ends = np.sort(rng.choice(total - 1, phases - 1, replace=False)) + 1 if phases > 1 else np.array([], np.int64)
        return np.diff(np.concatenate(([0], ends, [total])))

    def _change(self, rows: Stimulus, rng: Generator, row: int) -> None:
        index = int(rng.integers(len(self._pools)))
        pool = self._pools[index]
        rows[row, self._shape.columns[index].words] = pool[rng.integers(len(pool))]

    def _renumbered(self, lane: Stimulus, rng: Generator) -> Stimulus:
        return number(self._shape, lane, self._data) if self._data and rng.random() < 0.5 else lane


def _pool(shape: RowShape, column: Column, lane: Stimulus) -> Stimulus:
    """Return the values that a field had, its default, and the values that mean something."""
    had = np.unique(lane[:, column.words], axis=0)
    field = column.field
    if column.resets and not had.any():
        return had
    meant = {field.default, *field.choices, 1, 2**field.width - 1} if not column.resets else {0}
    words = [[(value >> (WORD * word)) % 2**WORD for word in range(field.words)] for value in sorted(meant)]
    return np.unique(np.concatenate((had[:KEPT_VALUES], np.array(words, dtype=np.uint32))), axis=0)
