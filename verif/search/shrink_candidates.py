"""Simpler lanes to try instead of a failing one, each list in a fixed order: cuts, merges, values set back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from verif.harness.model import WORD
from verif.search.shrink_encoding import number
from verif.search.shrink_rows import Column, RowShape, Stimulus

Place = TypeVar("Place")
Candidates = Callable[[RowShape, Stimulus], list[Stimulus]]

ALL_WINDOWS = 64
"""Up to so many rows every window is cut out; of longer lanes windows of 1, 2, 4 ... rows, overlapping by half."""
MOST = 4096
"""At most so many lanes in a list."""
WORDS = 2**23
"""At most about so many words in a list, 32 MiB: of long and wide lanes fewer are tried at once."""


def without_windows(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Cut out windows, long ones first; the failing row may go too."""
    count = len(lane)
    if count <= ALL_WINDOWS:
        places = [(start, size) for size in range(count - 1, 0, -1) for start in range(count - size + 1)]
    else:
        sizes = [2**power for power in range(count.bit_length() - 1, -1, -1)]
        places = [(start, size) for size in sizes for start in range(0, count - size + 1, max(1, size // 2))]
    return [_cut(lane, start, start + size) for start, size in spread(places, lane)]


def without_runs(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Cut out runs of equal rows, all of a run but one row, or half of it."""
    changes = np.flatnonzero((lane[1:] != lane[:-1]).any(axis=1)) + 1
    spans = list(pairwise([0, *changes.tolist(), len(lane)]))
    most = [(start + 1, stop) for start, stop in spans if stop - start > 1]
    half = [(start, (start + stop) // 2) for start, stop in spans if stop - start > 3]
    return [_cut(lane, start, stop) for start, stop in spread([*spans, *most, *half], lane)]


def without_two_rows(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Cut out two rows apart: what went in, and what took it out."""
    if len(lane) > ALL_WINDOWS:
        return []
    apart = [(a, b) for a in range(len(lane)) for b in range(a + 2, len(lane))]
    return [np.delete(lane, places, axis=0) for places in spread(apart, lane)]


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
    return [
        none,
        np.delete(lane, rows, axis=0),
        *(_with_row(lane, row, none[row]) for row in spread(rows.tolist(), lane)),
    ]


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
    places: list[tuple[Column, int, int | None]] = []
    for row in range(len(lane) - 1, -1, -1):
        for column in shape.columns:
            if (lane[row, column.words] != shape.default[column.words]).any():
                places += [(column, row, row + 1), (column, row, None)]
    return [_with(lane, c, shape.default[c.words], start, stop) for c, start, stop in spread(places, lane)]


def with_plain_rows(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Make rows ask for nothing, or for what the row before or after asks."""
    places: list[tuple[int, Stimulus]] = []
    for row in range(len(lane)):
        near = (lane[other] for other in (row - 1, row + 1) if 0 <= other < len(lane))
        places += [(row, other) for other in (shape.default, *near) if (lane[row] != other).any()]
    return [_with_row(lane, row, other) for row, other in spread(places, lane)]


def with_small_values(shape: RowShape, lane: Stimulus) -> list[Stimulus]:
    """Make single values 1, half of what they are, or one bit less."""
    places: list[tuple[int, Column, int]] = []
    for row, values in enumerate(shape.unpack(lane)):
        for column, value in zip(shape.columns, values, strict=True):
            smaller = sorted({1, value >> 1, value & (value - 1)}) if value > 1 else ()
            places += [(row, column, less) for less in smaller]
    return [_with(lane, c, _words(less, c), row, row + 1) for row, c, less in spread(places, lane)]


SHORTER: tuple[Candidates, ...] = (without_windows, without_resets, without_runs, without_two_rows)
"""Lists of lanes with fewer rows."""
PLAINER: tuple[Candidates, ...] = (with_plain_columns, with_plain_cells, with_plain_rows, with_small_values)
"""Lists of lanes with as many rows that ask for less."""


def spread(places: Sequence[Place], lane: Stimulus) -> Sequence[Place]:
    """Return as many places, evenly spread, as there may be lanes as long as ``lane`` in a list."""
    most = max(16, min(MOST, WORDS // max(1, lane.size)))
    if len(places) <= most:
        return places
    return [places[index * len(places) // most] for index in range(most)]


def _cut(lane: Stimulus, start: int, stop: int) -> Stimulus:
    return np.concatenate((lane[:start], lane[stop:]))


def _words(value: int, column: Column) -> NDArray[np.uint32]:
    return np.array([(value >> (WORD * word)) % 2**WORD for word in range(column.field.words)], dtype=np.uint32)


def _with_row(lane: Stimulus, row: int, content: NDArray[np.uint32]) -> Stimulus:
    changed = lane.copy()
    changed[row] = content
    return changed


def _with(
    lane: Stimulus, column: Column, value: NDArray[np.uint32], start: int = 0, stop: int | None = None
) -> Stimulus:
    changed = lane.copy()
    changed[start:stop, column.words] = value
    return changed
