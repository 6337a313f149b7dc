"""Which stimuli become witnesses: those that together hit every point in the fewest rows.

Any stimulus may be cut after any row, and then hits what it hits up to there. So this is a set cover with costs, which
is solved greedily in two ways; the better one counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

NEVER = np.iinfo(np.int32).max
"""In a table of ticks: it isn't hit."""

Table = npt.NDArray[np.int32]
"""[stimuli, points]: the row in which the stimulus first hits the point, or ``NEVER``."""


def cheapest(table: Table, *, each: int) -> dict[int, int]:
    """Return numbers of stimuli, and how many rows of each, that hit all points that any stimulus hits.

    ``each`` is what one more stimulus costs, in rows. The same table gives the same answer.
    """
    table = table[:, (table != NEVER).any(axis=0)]
    if not table.size:
        return {}
    found = [_trimmed(table, way(table, each)) for way in (_by_gain, _hardest_first)]
    return min(found, key=lambda chosen: sum(chosen.values()) + each * len(chosen))


def _by_gain(table: Table, each: int) -> dict[int, int]:
    """Take again and again what hits most of the rest for its rows."""
    chosen: dict[int, int] = {}
    left = table.copy()
    while left.shape[1]:
        ends = np.sort(left, axis=1)
        cost = np.where(ends == NEVER, np.inf, ends.astype(np.float64) + 1 + each)
        gain = np.arange(1, left.shape[1] + 1) / cost
        number, place = divmod(int(gain.argmax()), left.shape[1])
        left = _take(chosen, left, number, int(ends[number, place]) + 1)
    return chosen


def _hardest_first(table: Table, each: int) -> dict[int, int]:
    """Take again and again what hits the point that takes longest, and most of the rest on the way there."""
    chosen: dict[int, int] = {}
    left = table.copy()
    while left.shape[1]:
        point = int(left.min(axis=0).argmax())
        ends = left[:, point]
        hits = (left <= ends[:, np.newaxis]).sum(axis=1)
        value = np.where(ends == NEVER, -1.0, hits / (ends.astype(np.float64) + 1 + each))
        number = int(value.argmax())
        left = _take(chosen, left, number, int(ends[number]) + 1)
    return chosen


def _take(chosen: dict[int, int], left: Table, number: int, length: int) -> Table:
    """Note a choice; return the table without what it hits."""
    chosen[number] = max(length, chosen.get(number, 0))
    return left[:, left[number] >= length]


def _trimmed(table: Table, chosen: Mapping[int, int]) -> dict[int, int]:
    """Cut each to the last row in which it hits what no other one does, long ones first."""
    kept = dict(chosen)
    for number in sorted(chosen, key=lambda number: (-chosen[number], number)):
        others = [table[other] < length for other, length in kept.items() if other != number]
        alone = ~np.any(others, axis=0) if others else np.ones(table.shape[1], np.bool_)
        ends = table[number, alone & (table[number] < kept[number])]
        if len(ends):
            kept[number] = int(ends.max()) + 1
        else:
            del kept[number]
    return kept
