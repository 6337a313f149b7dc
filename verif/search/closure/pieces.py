"""Pieces of good stimuli: what is hit late in a long one is often hit soon after a reset."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from verif.search.closure.choosing import NEVER, Table
from verif.search.closure.corpus import Corpus, Good, Rows
from verif.search.closure.sure import sure_ticks
from verif.search.engine import Engine

PIECE_ROWS = 1 << 19
"""Rows of all pieces that are looked at, about: a second or less."""
SHORTEST = 4
_LANE_ROWS = 1 << 16
"""Rows of a call: what is observed of them is kept meanwhile."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Piece:
    """A part of a stimulus, run on its own."""

    rows: Rows
    good: Good
    """What it is a part of; the whole of it, maybe."""

    @property
    def whole(self) -> bool:
        """Whether it is all of the stimulus."""
        return len(self.rows) == len(self.good.rows)


def pieces_of(corpus: Corpus) -> list[Piece]:
    """Return the stimuli themselves, then overlapping windows of them, of lengths of powers of two.

    Where there are too many, the lengths are farther apart; short windows are left out last.
    """
    goods = [good for good in corpus if good.points]
    found = [Piece(rows=good.rows, good=good) for good in goods]
    rows = 2 * sum(len(good.rows) for good in goods)
    lengths = _lengths(max((len(good.rows) for good in goods), default=0), most=PIECE_ROWS // max(1, rows))
    seen: set[bytes] = set()
    for good in goods:
        for length in lengths:
            for piece in _windows(good, length):
                key = piece.rows.tobytes()
                if key not in seen:
                    seen.add(key)
                    found.append(piece)
    return found


def table_of(engine: Engine, pieces: Sequence[Piece], points: Collection[str], starts: Sequence[int | None]) -> Table:
    """Return in which row each piece first hits each point from all ``starts``; the points are sorted.

    A whole stimulus hits what it is known to hit, at its end where these starts don't show it together.
    """
    names = sorted(points)
    columns = [engine.harness.covers.index(name) for name in names]
    table = np.full((len(pieces), len(names)), NEVER, np.int32)
    for numbers in _calls(pieces):
        longest = max(len(pieces[number].rows) for number in numbers)
        stimulus = np.zeros((len(numbers), longest, pieces[0].rows.shape[1]), np.uint32)
        for lane, number in enumerate(numbers):
            stimulus[lane, : len(pieces[number].rows)] = pieces[number].rows
        lengths = np.array([len(pieces[number].rows) for number in numbers], np.int32)
        ticks = sure_ticks(engine, stimulus, starts, lengths=lengths)[:, columns]
        table[numbers] = np.where(ticks < 0, NEVER, ticks)
    for number, piece in enumerate(pieces):
        if piece.whole:
            known = np.array([name in piece.good.points for name in names], np.bool_)
            late = np.where(table[number] == NEVER, len(piece.rows) - 1, table[number])
            table[number] = np.where(known, late, NEVER)
    return table


def _lengths(longest: int, *, most: int) -> list[int]:
    """Return lengths of windows, at most so many."""
    lengths: list[int] = []
    length = SHORTEST
    while length < longest:
        lengths.append(length)
        length *= 2
    return lengths[:: max(1, -(-len(lengths) // most))] if most else []


def _windows(good: Good, length: int) -> Iterator[Piece]:
    for start in range(0, len(good.rows) - 1, max(1, length // 2)):
        if start > 0 or length < len(good.rows):
            yield Piece(rows=good.rows[start : start + length], good=good)


def _calls(pieces: Sequence[Piece]) -> Iterator[list[int]]:
    """Yield numbers of pieces of about the same length, few enough for a call."""
    order = sorted(range(len(pieces)), key=lambda number: len(pieces[number].rows))
    call: list[int] = []
    for number in order:
        if call and (len(call) + 1) * len(pieces[number].rows) > _LANE_ROWS:
            yield call
            call = []
        call.append(number)
    if call:
        yield call
