"""Candidates about time: how long one bit waits for another, and what stays while it does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from verif.property.mining.bits import FEWEST_MEETINGS
from verif.property.mining.candidate import Candidate, Kind, Watched
from verif.property.mining.table import Flags, Table

LONGEST = 40
"""Cycles of the longest latency."""
_MOST_BITS = 16
_END, _RESET = -1, -2


def about_latencies(table: Table) -> Iterator[Candidate]:
    """Yield pairs of bits of which the second always follows the rise of the first within a window."""
    bits = [s for s in table.signals if s.own and s.width == 1 and table.distinct[s.path].size == 2]
    bits.sort(key=lambda signal: signal.role == "register")
    bits = bits[:_MOST_BITS]
    for answer in bits:
        if answer.role == "input":
            continue
        waits = _waits(table.columns[answer.path] == 1, table.off)
        for asked in bits:
            if asked is not answer:
                yield from _latency(asked, answer, _rises(table, asked), waits)


def about_steps(table: Table) -> Iterator[Candidate]:
    """Yield numbers that stay as they are, or go up or down by one, in the cycle after a bit was 1 or 0."""
    bits = [s for s in table.signals if s.own and s.width == 1 and table.distinct[s.path].size == 2][:_MOST_BITS]
    wide = [s for s in table.signals if s.own and s.width > 1 and s.role != "input" and table.distinct[s.path].size > 2]
    for number in wide:
        column = table.columns[number.path]
        mask = np.uint64((1 << number.width) - 1)
        change = ((column[:, 1:] - column[:, :-1]) & mask)[table.pairs]
        for bit in bits:
            now = (table.columns[bit.path][:, :-1] == 1)[table.pairs]
            for value in (True, False):
                yield from _step(number, bit, value, change[now == value], mask)


def _step(
    number: Watched, bit: Watched, value: bool, change: npt.NDArray[np.uint64], mask: np.uint64
) -> Iterator[Candidate]:
    if len(change) < FEWEST_MEETINGS or (change != change[0]).any() or int(change[0]) not in (0, 1, int(mask)):
        return
    sign = {0: "", 1: f" + {number.width}'d1"}.get(int(change[0]), f" - {number.width}'d1")
    yield Candidate(
        kind=Kind.NEXT,
        signals=(bit, number),
        before="{0}" if value else "!{0}",
        holds=f"{{1}} == {{p1}}{sign}",
        later=True,
        meetings=len(change),
    )


def _rises(table: Table, signal: Watched) -> Flags:
    """Return where a bit rises, ``[lanes, ticks]``; first cycles don't count, nor do those of a reset."""
    column: Flags = table.columns[signal.path] == 1
    rises = np.zeros_like(column)
    rises[:, 1:] = column[:, 1:] & ~column[:, :-1] & table.pairs
    return rises


def _waits(answer: Flags, off: Flags) -> npt.NDArray[np.int32]:
    """Return in how many cycles from each one on the answer is 1, 0 for now; _RESET or _END where that comes first."""
    lanes, ticks = answer.shape
    waits = np.empty((lanes, ticks), np.int32)
    left = np.full(lanes, _END, np.int32)
    for tick in range(ticks - 1, -1, -1):
        left = np.where(left >= 0, left + 1, left)
        left[answer[:, tick]] = 0
        left[off[:, tick]] = _RESET
        waits[:, tick] = left
    return waits


def _latency(asked: Watched, answer: Watched, rises: Flags, waits: npt.NDArray[np.int32]) -> Iterator[Candidate]:
    ticks = rises.shape[1]
    rises = rises.copy()
    rises[:, max(0, ticks - LONGEST - 1) :] = False
    found = waits[rises]
    found = found[found != _RESET]
    if len(found) < FEWEST_MEETINGS:
        return
    low, high = int(found.min()), int(found.max())
    if low > 0 and high <= LONGEST:
        yield Candidate(
            kind=Kind.LATENCY,
            signals=(asked, answer),
            before="{0}",
            holds="{1}",
            window=(low, high),
            meetings=len(found),
        )
