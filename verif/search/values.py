"""Values of data, addresses and choices in the styles of the plan's knobs, for all ticks of a block at once.

The styles mean what they mean to the benches' drivers (``verif/stimulus/drivers/base.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from verif.harness.model import WORD
from verif.search.dice import Bytes, Dice

Values = npt.NDArray[np.uint32]
"""[ticks, words], lowest word first."""
Places = npt.NDArray[np.int64]

UNIFORM, CORNERS, SMALL, COUNT, WALK, SPARSE, HOLD, MIXED, RELATED = range(9)
STYLES = MappingProxyType(
    {
        "uniform": UNIFORM,
        "corners": CORNERS,
        "small": SMALL,
        "count": COUNT,
        "walk": WALK,
        "sparse": SPARSE,
        "hold": HOLD,
        "mixed": MIXED,
        "related": RELATED,
    }
)
_MIXTURE = np.array([*[UNIFORM] * 8, *[CORNERS] * 3, *[SMALL] * 3, *[HOLD] * 2], np.uint8)
TAPE = 1 << 17
"""How many places a tape of mixed values has to start from."""
_SPARSE_BYTE = 77
"""Of 256 values of a sparse style so many are not 0."""
WINDOW = 64
"""Ticks for which a lane comes back to the same few addresses."""
RECENT = 4


def style_table(choices: Sequence[str]) -> Bytes:
    """Return the style of each choice of a knob; a word that is no style means a mixture."""
    return np.array([STYLES.get(choice, MIXED) for choice in choices], np.uint8)


def words_of(width: int) -> int:
    """Return how many words hold ``width`` bits."""
    return -(-width // WORD)


def split(value: int, words: int) -> list[int]:
    """Return the words of a value, lowest first."""
    return [value >> WORD * index & 0xFFFF_FFFF for index in range(words)]


def corners(width: int) -> Values:
    """Return 0, all ones, single bits and their complements, neighbours of powers of two."""
    top = (1 << width) - 1
    bits = [1 << index for index in range(width)]
    found = [0, top, 0, top, 1 << (width - 1), top >> 1, 0, top]
    found += [value & top for bit in bits for value in (bit, top ^ bit, 3 * bit, bit - 1, bit + 1)]
    return np.array([split(value, words_of(width)) for value in found], np.uint32)


def mask(width: int) -> Values:
    """Return the words that keep ``width`` bits."""
    return np.array(split((1 << width) - 1, words_of(width)), np.uint32)


def uniform(dice: Dice, width: int, count: int) -> Values:
    """Return even values."""
    words = words_of(width)
    return dice.words(count * words).reshape(count, words) & mask(width)


def styled(dice: Dice, styles: Bytes, width: int, tick: Places) -> Values:
    """Return a value for each tick in its style; MIXED, HOLD and RELATED come out uniform, others deal with them.

    ``tick`` is the tick's number in its lane.
    """
    count, words = len(styles), words_of(width)
    values = uniform(dice, width, count)
    if not styles.any():
        return values
    for style in np.flatnonzero(np.bincount(styles, minlength=RELATED + 1)):
        at = np.flatnonzero(styles == style)
        if style == CORNERS:
            table = corners(width)
            values[at] = table[dice.below(len(table), len(at))]
        elif style == SMALL:
            values[at, 0] &= np.uint32(7)
            values[at, 1:] = 0
        elif style == COUNT:
            values[at, 0] = tick[at].astype(np.uint32) & mask(width)[0]
            values[at, 1:] = 0
        elif style == WALK:
            values[at] = one_bits(tick[at] % width, words)
        elif style == SPARSE:
            lit = one_bits(dice.below(width, len(at)), words)
            values[at] = lit * (dice.bytes(len(at)) < _SPARSE_BYTE)[:, None].astype(np.uint32)
    return values


def one_bits(bits: Places, words: int) -> Values:
    """Return values with one bit each."""
    values = np.zeros((len(bits), words), np.uint32)
    values[np.arange(len(bits)), bits // WORD] = np.uint32(1) << (bits % WORD).astype(np.uint32)
    return values


def mixed_tape(dice: Dice, width: int, count: int) -> Values:
    """Return values of the style MIXED one after the other: half of them even, some special, some repeated."""
    styles = _MIXTURE[dice.bytes(count) & 15]
    fresh = styles != HOLD
    fresh[0] = True
    return kept(styled(dice, styles, width, np.zeros(count, np.int64)), fresh)


def kept(values: npt.NDArray[np.uint32], fresh: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint32]:
    """Return ``values`` in which a tick that is not ``fresh`` repeats the last that was; the first must be fresh."""
    return values[np.maximum.accumulate(np.where(fresh, np.arange(len(fresh), dtype=np.int32), 0))]


def neighbours(dice: Dice, common: Values, width: int) -> Values:
    """Return each value itself, one more, one less or its complement: what comparators and subtractors need."""
    words = words_of(width)
    value = np.zeros((len(common), words), np.uint32)
    shared = min(words, common.shape[1])
    value[:, :shared] = common[:, :shared]
    step = np.array([0, 0, 0, 0, 1, 0xFFFF_FFFF, 0, 0], np.uint32)[dice.bytes(len(common)) & 7]
    value[:, 0] += step
    flip = (dice.bytes(len(common)) < 51)[:, None]
    return np.where(flip, ~value, value) & mask(width)


def addresses(dice: Dice, styles: Sequence[str], codes: Bytes, width: int, listed: Sequence[int], ticks: int) -> Values:
    """Return addresses for lanes of ``ticks`` ticks each, that come back to a few recent ones in style ``mixed``."""
    count = len(codes)
    tick = np.tile(np.arange(ticks, dtype=np.int64), count // ticks)
    low = _low(dice, count, width, listed)
    values = low.copy()
    for number, style in enumerate(styles):
        at = np.flatnonzero(codes == number)
        if style == "any":
            values[at] = uniform(dice, width, len(at))
        elif style == "sweep":
            values[at] = _swept(tick[at], width, listed)
        elif style == "unaligned":
            values[at, 0] |= dice.words(len(at)) & np.uint32(3) & mask(width)[0]
        elif style == "mixed":
            values[at] = _mixed(dice, at, low, tick, width)
    return values


def _low(dice: Dice, count: int, width: int, listed: Sequence[int]) -> Values:
    if listed:
        return table_of(listed, width)[dice.below(len(listed), count)]
    values = np.zeros((count, words_of(width)), np.uint32)
    values[:, 0] = dice.bytes(count).astype(np.uint32) & np.uint32(15) & mask(width)[0]
    return values


def _swept(tick: Places, width: int, listed: Sequence[int]) -> Values:
    if listed:
        return table_of(listed, width)[tick % len(listed)]
    values = np.zeros((len(tick), words_of(width)), np.uint32)
    values[:, 0] = tick.astype(np.uint32) & mask(width)[0]
    return values


def _mixed(dice: Dice, at: Places, low: Values, tick: Places, width: int) -> Values:
    """Mostly one of the first few of the window that the tick lies in, else a low or any address."""
    start = at - tick[at] % WINDOW
    recent = start + (dice.bytes(len(at)) & (RECENT - 1))
    which = dice.bytes(len(at))
    values = np.where((which < 144)[:, None], low[np.minimum(recent, len(low) - 1)], low[at])
    anywhere = np.flatnonzero(which >= 224)
    values[anywhere] = uniform(dice, width, len(anywhere))
    return values


def table_of(listed: Sequence[int], width: int) -> Values:
    """Return values as rows of words."""
    return np.array([split(value, words_of(width)) for value in listed], np.uint32) & mask(width)


def choices(dice: Dice, orders: Sequence[str], codes: Bytes, width: int, listed: Sequence[int], tick: Places) -> Values:
    """Return listed values at random or in turn, one in 32 anything; without a list all count as listed."""
    known = listed or range(min(1 << width, 256))
    table = table_of(tuple(known), width)
    picked = dice.below(len(table), len(codes))
    for number, order in enumerate(orders):
        if order == "sweep":
            picked = np.where(codes == number, tick % len(table), picked)
    values = table[picked]
    if listed:
        other = np.flatnonzero(dice.bytes(len(codes)) < 8)
        values[other] = uniform(dice, width, len(other))
    return values
