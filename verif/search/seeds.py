"""Seeds: lanes made of recorded rows, as they were and changed.

All recordings lie one after the other on a *tape*, with a reset before each; a lane is a window of it. Fields are what
the harness's transactors are asked for, so whatever is cut, joined or changed stays legal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.harness.model import WORD, Field, FieldKind, Harness
from verif.search.dice import Dice
from verif.sim.batch.layout import Layout

Rows = npt.NDArray[np.uint32]
"""[ticks, words]: rows at the harness's stimulus port."""
Places = npt.NDArray[np.int64]
"""Rows of the tape, one for each tick of a lane."""
_STREAM = 1 << 23
"""Stream of random numbers beside those of ``stimulus``."""
_DRAWS = 64
"""Random numbers for the changes of one lane."""
_MOST_CHANGES = 5
_MOST_TIMES = 8
"""How often a window is repeated at most."""


@dataclass(frozen=True, slots=True)
class _Tape:
    """All recordings of one harness, each after a reset."""

    harness: Harness
    rows: Rows
    spans: tuple[tuple[int, int], ...]
    """Where each recording begins and ends."""
    layout: Layout

    @property
    def period(self) -> int:
        """Ticks after which the schedule of clocks begins anew; it does so where a recording begins."""
        return max(1, len(self.harness.schedule))

    def whole(self, ticks: int) -> int:
        """Return ``ticks`` up to the end of a period."""
        return -(-ticks // self.period) * self.period

    def window(self, start: int, ticks: int) -> Places:
        """Return the rows from ``start`` on; after the last one comes the first."""
        return (start + np.arange(ticks, dtype=np.int64)) % len(self.rows)

    def pieces(self, ticks: int) -> list[int]:
        """Return where the pieces of the recordings begin: the first of each, then the second of each, and so on."""
        step = self.whole(ticks)
        starts = [(place, start + place) for start, stop in self.spans for place in range(0, stop - start, step)]
        return [start for _, start in sorted(starts)]


def _tape(harness: Harness, recordings: Sequence[Rows]) -> _Tape:
    layout = Layout.of(harness.stimulus)
    blank = _Tape(harness, layout.rows(0), (), layout)
    resets = {field.name: 1 for field in harness.stimulus if field.kind is FieldKind.RESET}
    reset = layout.rows(blank.whole(harness.reset_ticks) if resets else 0)
    layout.pack(resets, into=reset)
    parts: list[Rows] = [blank.rows]
    spans: list[tuple[int, int]] = []
    length = 0
    for rows in recordings:
        rest = np.repeat(rows[-1:], blank.whole(len(rows)) - len(rows), axis=0)
        spans.append((length + len(reset), length + len(reset) + len(rows)))
        parts += [reset, rows, rest]
        length = spans[-1][1] + len(rest)
    return _Tape(harness, np.concatenate(parts), tuple(spans), layout)


class Seeds:
    """Makes lanes of the recordings of one harness; ``every`` so many lanes of a block one is such a lane."""

    def __init__(self, harness: Harness, recordings: Sequence[Rows], *, seed: int, every: int) -> None:
        self.every = every
        self._seed = seed
        self._tape = _tape(harness, [rows for rows in recordings if len(rows)])

    def __bool__(self) -> bool:
        return bool(self._tape.spans)

    def lanes(self, number: int, turn: int, count: int, ticks: int) -> npt.NDArray[np.uint32]:
        """Return ``[count, ticks, words]`` for block ``number``, which is number ``turn`` of the blocks of this length.

        Half of the lanes are the next pieces of the recordings as they are, while there are any; the others are
        changed.
        """
        half = -(-count // 2)
        pieces = self._tape.pieces(ticks)[turn * half : (turn + 1) * half]
        draws = Dice(self._seed, number, _STREAM).words(count * _DRAWS).reshape(count, _DRAWS)
        lanes = [self._tape.rows[self._tape.window(start, ticks)] for start in pieces]
        lanes += [_Change(self._tape, draws[lane], ticks).rows() for lane in range(len(pieces), count)]
        return np.stack(lanes)


class _Change:
    """Makes one changed lane."""

    def __init__(self, tape: _Tape, draws: npt.NDArray[np.uint32], ticks: int) -> None:
        self._tape = tape
        self._draws = iter(draws.tolist())
        self._ticks = ticks
        self._fields = [field for field in tape.harness.stimulus if field.kind is not FieldKind.RESET]

    def rows(self) -> Rows:
        """Return the lane: a window of the tape, its rows moved, then single fields and resets changed."""
        places = self._tape.window(self._start(), self._ticks)
        moves = (self._cut, self._spliced, self._repeated)
        changes = 1 + self._below(_MOST_CHANGES)
        moved = self._below(changes + 1)
        for _ in range(moved):
            places = moves[self._below(len(moves))](places)
        rows = self._tape.rows[places]
        for _ in range(changes - moved):
            if self._tape.harness.resets and self._below(6) == 0:
                self._reset(rows)
            elif self._fields:
                self._field(rows, self._fields[self._below(len(self._fields))])
        return rows

    def _below(self, bound: int) -> int:
        return int(next(self._draws)) * bound >> WORD

    def _start(self) -> int:
        """Return where a recording begins, or any place in it."""
        start, stop = self._tape.spans[self._below(len(self._tape.spans))]
        inside = self._below(stop - start) * self._below(2)
        return start + inside // self._tape.period * self._tape.period

    def _place(self) -> int:
        """Return a place in the lane at which the schedule begins anew."""
        return self._below(self._ticks) // self._tape.period * self._tape.period

    def _length(self) -> int:
        """Return the length of a window, whole periods of every scale."""
        scale = 1 << self._below(max(1, self._ticks.bit_length() - 1))
        return self._tape.whole(1 + self._below(scale * 2))

    def _cut(self, places: Places) -> Places:
        """Leave a window out."""
        at = self._place()
        return np.concatenate((places[:at], (places[at:] + self._length()) % len(self._tape.rows)))

    def _spliced(self, places: Places) -> Places:
        """Go on elsewhere."""
        at = self._place()
        return np.concatenate((places[:at], self._tape.window(self._start(), self._ticks - at)))

    def _repeated(self, places: Places) -> Places:
        """Repeat a window."""
        at, length = self._place(), self._length()
        again = np.tile(places[at : at + length], 1 + self._below(_MOST_TIMES))
        if len(places) < at + length:
            return places
        return np.concatenate((places[: at + length], again, places[at + length :]))[: self._ticks]

    def _reset(self, rows: Rows) -> None:
        """Reset in between."""
        at = self._place()
        for field in self._tape.harness.stimulus:
            if field.kind is FieldKind.RESET:
                self._tape.layout.put(rows[at : at + self._tape.harness.reset_ticks], field.name, 1)

    def _field(self, rows: Rows, field: Field) -> None:
        """Change a field in a window: held, at rest, one value, other values, or what came some ticks before."""
        at = self._place()
        window = rows[at : at + self._length(), self._tape.layout.slot(field.name).span]
        way = self._below(6)
        if way == 0:
            window[:] = window[0]
        elif way == 1:
            window[:] = _words(field.default, field.words)
        elif way < 4:
            window[:] = _words(self._value(field), field.words)
        elif way == 4:
            noise = Dice(self._below(1 << WORD)).words(window.size)
            window[:] = noise.reshape(window.shape) & _words((1 << field.width) - 1, field.words)
        else:
            window[:] = np.roll(window, 1 + self._below(len(window)), axis=0)

    def _value(self, field: Field) -> int:
        """Return a meaningful value, an end, a single bit, or any."""
        if field.choices and self._below(4):
            return field.choices[self._below(len(field.choices))]
        top = (1 << field.width) - 1
        corners = (0, top, 1 << self._below(field.width))
        return corners[self._below(3)] if self._below(2) else self._below(1 << WORD) * 0x9E3779B97F4A7C15 & top


def _words(value: int, words: int) -> npt.NDArray[np.uint32]:
    return np.array([value >> WORD * word & 0xFFFFFFFF for word in range(words)], np.uint32)
