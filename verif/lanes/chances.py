"""Words of lanes drawn in other ways than evenly: at a rate, one of many, one bit of a value."""

from __future__ import annotations

from collections.abc import Sequence

from verif.lanes.program import Program, Value


def at_rate(program: Program, digits: Sequence[Value]) -> Value:
    """Return a word whose bits are 1 as often as ``digits`` say: binary places of a fraction, the lowest first."""
    word = program.zero()
    for digit in digits:
        drawn = program.random()
        word = (drawn & word) | (digit & (drawn ^ word))
    return word


def any_of(program: Program, words: Sequence[Value]) -> Value:
    """Return where one of the words is 1."""
    found = words[0] if words else program.zero()
    for word in words[1:]:
        found = found | word
    return found


def decoded(program: Program, digits: Sequence[Value]) -> list[Value]:
    """Return for each number a word that is 1 where ``digits``, the lowest first, say it."""
    words = [program.ones()]
    for digit in digits:
        words = [word & ~digit for word in words] + [word & digit for word in words]
    return words


def one_of(program: Program, count: int, digits: Sequence[Value] | None = None) -> list[Value]:
    """Return ``count`` words of which exactly one is 1 in each lane: drawn, or the one that ``digits`` say.

    Where ``count`` is no power of two the first ones come twice as often.
    """
    if digits is None:
        digits = [program.random() for _ in range(digits_of(count))]
    words = decoded(program, digits)
    return [any_of(program, words[number::count]) for number in range(count)]


def digits_of(count: int) -> int:
    """Return how many binary digits tell ``count`` things apart."""
    return (count - 1).bit_length()


def looked_up(program: Program, table: Sequence[int], chosen: Sequence[Value], width: int) -> list[Value]:
    """Return the bits of the value of ``table`` whose word of ``chosen`` is 1."""
    return [
        any_of(program, [word for value, word in zip(table, chosen, strict=True) if value >> bit & 1])
        for bit in range(width)
    ]
