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
SMALL = 4
"""Fields of at most so many bits take every value."""
RATES = np.array([0.0, 0.3, 0.7, 1.0])
CHANGED = np.array([0.0, 0.02, 0.1])
"""Shares of a lane's values that are drawn anew where its rows are kept."""

Lengths = NDArray[np.int64]
Choice = NDArray[np.int64]


class Neighbourhood:
    """What lanes near a failing one are made of."""

    def __init__(self, shape: RowShape, lane: Stimulus) -> None:
        self._shape = shape
        self._lane = lane
        self._pools = [_pool(column, lane) for column in shape.columns]
        self._data = tuple(index for index, column in enumerate(shape.columns) if column.carries_data)
        self._rows = np.unique(lane, axis=0)

    def shorter(self, rng: Generator, count: int) -> list[Stimulus]:
        """Return about ``count`` lanes of fewer rows: half of them thinned, the others in phases."""
        half, quarter = -(-count // 2), -(-count // 4)
        return [*self._thinned(rng, half), *self._phased(rng, quarter), *self._mixed(rng, quarter)]

    def _thinned(self, rng: Generator, count: int) -> list[Stimulus]:
        """Leave rows out, change a few values in the others."""
        rows = len(self._lane)
        left = np.maximum(1, rows - rng.geometric(0.4, count))
        order = np.argsort(rng.random((count, rows)), axis=1)
        kept = np.sort(np.where(np.arange(rows) < left[:, None], order, rows), axis=1)
        block = self._lane[np.minimum(kept, rows - 1)]
        self._change(block, rng.choice(CHANGED, (count, 1, 1)), rng)
        return _cut(block, left)

    def _phased(self, rng: Generator, count: int) -> list[Stimulus]:
        """Hold a few rows, changed a little, each for a run."""
        left, phase = self._phases(rng, count)
        rows = self._rows[rng.integers(len(self._rows), size=(count, MOST_PHASES))]
        self._change(rows, rng.choice(3 * CHANGED, (count, 1, 1)), rng)
        return self._numbered(_cut(np.take_along_axis(rows, phase[..., None], axis=1), left))

    def _mixed(self, rng: Generator, count: int) -> list[Stimulus]:
        """Draw every value anew, in each phase at a rate of its own."""
        left, phase = self._phases(rng, count)
        rates = rng.choice(RATES, (count, MOST_PHASES, len(self._pools)))
        block = np.tile(self._shape.default, (*phase.shape, 1))
        self._change(block, np.take_along_axis(rates, phase[..., None], axis=1), rng)
        return self._numbered(_cut(block, left))

    def _phases(self, rng: Generator, count: int) -> tuple[Lengths, Choice]:
        """Return how many rows lanes have, mostly one less than the failing lane, and the phase of each row."""
        rows = max(1, len(self._lane) - 1)
        left = np.maximum(1, len(self._lane) - rng.geometric(0.5, count))
        often = rng.integers(0, MOST_PHASES, (count, 1)) / rows
        phase = np.cumsum(rng.random((count, rows)) < often, axis=1)
        return left, np.minimum(phase, MOST_PHASES - 1)

    def _change(self, block: Stimulus, rates: NDArray[np.float64], rng: Generator) -> None:
        """Draw values anew from the pools of their fields, at rates that fit ``[lanes, rows, fields]``."""
        changed = rng.random((*block.shape[:2], len(self._pools))) < rates
        for index, (column, pool) in enumerate(zip(self._shape.columns, self._pools, strict=True)):
            where = changed[..., index]
            block[where, column.words] = pool[rng.integers(len(pool), size=int(where.sum()))]

    def _numbered(self, lanes: list[Stimulus]) -> list[Stimulus]:
        """Return the lanes, the data of every second one numbered."""
        if not self._data:
            return lanes
        half = len(lanes) // 2
        return [*(number(self._shape, lane, self._data) for lane in lanes[:half]), *lanes[half:]]


def _cut(block: Stimulus, left: Lengths) -> list[Stimulus]:
    return [lane[:rows] for lane, rows in zip(block, left.tolist(), strict=True)]


def _pool(column: Column, lane: Stimulus) -> Stimulus:
    """Return the values that a field had, its default, and the values that mean something."""
    had = np.unique(lane[:, column.words], axis=0)
    field = column.field
    if column.resets:
        return np.unique(np.concatenate((had, np.zeros((1, field.words), np.uint32))), axis=0)
    top = (1 << field.width) - 1
    corners = {0, 1, top, top - 1, top >> 1, (top >> 1) + 1} if field.width > 1 else {0, 1}
    meant = sorted({field.default, *field.choices, *(range(top + 1) if field.width <= SMALL else corners)})
    words = [[(value >> (WORD * word)) % 2**WORD for word in range(field.words)] for value in meant]
    return np.unique(np.concatenate((had[:KEPT_VALUES], np.array(words, dtype=np.uint32))), axis=0)
