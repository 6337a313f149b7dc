"""Simpler lanes to try instead of a failing one, each list in a fixed order: cuts, merges, values set back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from verif.harness.model import WORD
from verif.search.shrink_encoding import number
from verif.search.shrink_rows import Column, RowShape, Stimulus

Candidates = Callable[[RowShape, Stimulus], list[Stimulus]]

ALL_WINDOWS = 64
"""Up to so many rows every window is cut out; of longer lanes windows of 1, 2, 4 ... rows, overlapping by half."""
MOST = 4096
"""At most so many lanes in a list."""


def without_windows(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Cut out windows, long ones first; the failing row may go too."""
    count = len(lane)
    if count <= ALL_WINDOWS:
        places = [(start, size) for size in range(count - 1, 0, -1) for start in range(count - size + 1)]
    else:
        sizes = [2**power for power in range(count.bit_length() - 1, -1, -1)]
        places = [(start, size) for size in sizes for start in range(0, count - size + 1, max(1, size // 2))]
    return [_cut(lane, start, start + size) for start, size in places]


def without_runs(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Cut out runs of equal rows, all of a run but one row, or half of it."""
    changes = np.flatnonzero((lane[1:] != lane[:-1]).any(axis=1)) + 1
    spans = list(pairwise([0, *changes.tolist(), len(lane)]))
    whole = [_cut(lane, start, stop) for start, stop in spans]
    most = [_cut(lane, start + 1, stop) for start, stop in spans if stop - start > 1]
    half = [_cut(lane, start, (start + stop) // 2) for start, stop in spans if stop - start > 3]
    return whole + most + half


def without_two_rows(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Cut out two rows apart: what went in, and what took it out."""
    if len(lane) > ALL_WINDOWS:
        return []
    apart = [(a, b) for a in range(len(lane)) for b in range(a + 2, len(lane))]
    return [np.delete(lane, places, axis=0) for places in apart]


def without_resets(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Drop every reset within the run, their rows too, then the reset of each row alone."""
    columns = [c for c in shape.columns if c.resets]
    active = [lane[:, c.words].any(axis=1) for c in columns]
    rows = np.flatnonzero(np.any(active, axis=0)) if columns else np.array([], dtype=np.int64)
    if not len(rows):
        return []
    none = lane.copy()
    for column in columns:
        none[:, column.words] = 0
    singles = [lane.copy() for _ in rows[:MOST]]
    for single, row in zip(singles, rows, strict=False):
        single[row] = none[row]
    return [none, np.delete(lane, rows, axis=0), *singles]


def with_plain_columns(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Set whole fields back to their default, to one of their values throughout, or number their data."""
    plain = []
    for index, column in enumerate(shape.columns):
        values, default = lane[:, column.words], shape.default[column.words]
        if (values != default).any():
            plain += [_with(lane, column, value) for value in (default, *np.unique(values, axis=0)[:8])]
            plain += [number(shape, lane, (index,))] if column.carries_data else []
    return plain


def with_plain_cells(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Set single values back to the default, and all values of a field from a row on; last rows first."""
    cells = []
    for row in range(len(lane) - 1, -1, -1):
        for column in shape.columns:
            default = shape.default[column.words]
            if (lane[row, column.words] != default).any():
                cells += [_with(lane, column, default, row, row + 1), _with(lane, column, default, row)]
    return cells[:MOST]


def with_plain_rows(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Make rows ask for nothing, or for what the row before or after asks."""
    rows = []
    for row in range(len(lane)):
        for other in (shape.default, *(lane[near] for near in (row - 1, row + 1) if 0 <= near < len(lane))):
            if (lane[row] != other).any():
                rows.append(lane.copy())
                rows[-1][row] = other
    return rows[:MOST]


def with_small_values(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Make single values 1, half of what they are, or one bit less."""
    smaller = []
    for row, values in enumerate(shape.unpack(lane)):
        for column, value in zip(shape.columns, values, strict=True):
            for less in sorted({1, value >> 1, value & (value - 1)}) if value > 1 else ():
                words = [(less >> (WORD * word)) % 2**WORD for word in range(column.field.words)]
                smaller.append(_with(lane, column, np.array(words, dtype=np.uint32), row, row + 1))
    return smaller[:MOST]


SHORTER: tuple[Candidates, ...] = (without_windows, without_resets, without_runs, without_two_rows)
"""Lists of lanes with fewer rows."""
PLAINER: tuple[Candidates, ...] = (with_plain_columns, with_plain_cells, with_plain_rows, with_small_values)
"""Lists of lanes with as many rows that ask for less."""


def _cut(lane: Stimulus, start: int, stop: int) -> Stimulus:
    return np.concatenate((lane[:start], lane[stop:]))


def _with(
    lane: Stimulus, column: Column, value: NDArray[np.uint32], start: int = 0, stop: int | None = None
) -> Stimulus:
    changed = lane.copy()
    changed[start:stop, column.words] = value
    return changed
