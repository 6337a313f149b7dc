"""Programs over words of lanes, in C and in numpy: one text of what is drawn, so that any lane can be made again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from verif.lanes.fusing import fused

Words = npt.NDArray[np.uint64]
"""One number for each 64 lanes; bit n is lane n of them."""

_TURNS = (0, 1, 3, 8, 19, 25, 29, 52)
"""How far a drawn word is turned each time that it is used: so a lane gets several of its bits.

All differences between two of them differ, also around the end: two lanes share one bit at most.
"""
_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_OTHERS = frozenset({"random", "turned", "state", "input"})
"""Operations that are no logic."""


@dataclass(frozen=True, slots=True)
class Value:
    """The result of one operation, by number."""

    program: Program
    number: int

    def __and__(self, other: Value) -> Value:
        return self.program.add("&", self, other)

    def __or__(self, other: Value) -> Value:
        return self.program.add("|", self, other)

    def __xor__(self, other: Value) -> Value:
        return self.program.add("^", self, other)

    def __invert__(self) -> Value:
        return self.program.add("~", self)

    def choose(self, high: Value, low: Value) -> Value:
        """Return ``high`` in the lanes in which this is 1, elsewhere ``low``."""
        return self.program.add("?", self, high, low)


@dataclass
class Program:
    """A straight line of operations on words: random words, what is kept from call to call, inputs of the netlist."""

    operations: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    kept: dict[int, Value] = field(default_factory=dict)
    """Place in the state to the value that it has from then on."""
    driven: dict[int, Value] = field(default_factory=dict)
    """Place of an input to its new value."""
    thrifty: bool = False
    """Whether one drawn word serves several times, turned: for what runs in each tick."""
    _drawn: list[Value] = field(default_factory=list)

    def add(self, kind: str, *values: Value | int) -> Value:
        """Add an operation."""
        numbers = tuple(value.number if isinstance(value, Value) else value for value in values)
        self.operations.append((kind, numbers))
        return Value(self, len(self.operations) - 1)

    def random(self) -> Value:
        """Return a random word, whose bit of a lane depends on no other that the lane gets."""
        uses = len(self._drawn) % len(_TURNS) if self.thrifty else 0
        fresh = self.add("turned", self._drawn[-uses], _TURNS[uses]) if uses else self.add("random")
        self._drawn.append(fresh)
        return fresh

    def seldom(self, halvings: int) -> Value:
        """Return a word with a 1 in one of ``2 ** halvings`` lanes."""
        word = self.random()
        for _ in range(halvings - 1):
            word = word & self.random()
        return word

    def ones(self) -> Value:
        """Return all ones."""
        return self.add("ones")

    def zero(self) -> Value:
        """Return all zeros."""
        return self.add("zero")

    def state(self, place: int) -> Value:
        """Return what was kept."""
        return self.add("state", place)

    def input(self, place: int) -> Value:
        """Return what an input was in the last tick."""
        return self.add("input", place)

    def text(self, name: str) -> Iterator[str]:
        """Give the C of a function ``name(Drawing& drawing, Word* in)``."""
        yield f"void {name}(Drawing& drawing, Word* in) {{"
        yield "    Word* const state = drawing.state;"
        functions = fused(self.operations, [value.number for value in (*self.kept.values(), *self.driven.values())])
        for number, (kind, operands) in enumerate(self.operations):
            if number in functions:
                yield f"    const Word v{number} = {functions[number].text()};"
            elif kind in _OTHERS:
                yield f"    const Word v{number} = {_expression(kind, operands)};"
        yield from (f"    state[{place}] = v{value.number};" for place, value in self.kept.items())
        yield from (f"    in[{place}] = v{value.number};" for place, value in self.driven.items())
        yield "}"

    def run(self, drawing: Drawing, inputs: list[Words]) -> None:
        """Do it on numpy arrays."""
        values: list[Words] = []
        for kind, operands in self.operations:
            values.append(_done(kind, operands, values, drawing, inputs))
        for place, value in self.kept.items():
            drawing.state[place] = values[value.number]
        for place, value in self.driven.items():
            inputs[place] = values[value.number]


class Drawing:
    """What is drawn for some groups of 64 lanes: generators (xoroshiro128+ by Blackman and Vigna) and what is kept."""

    def __init__(self, seed: int, groups: Sequence[int], places: int) -> None:
        self._low = np.array([spread(seed, 1, group, 0) for group in groups], np.uint64)
        self._high = np.array([spread(seed, 1, group, 1) for group in groups], np.uint64)
        self.zero: Words = np.zeros(len(groups), np.uint64)
        self.state: list[Words] = [self.zero] * places

    def random(self) -> Words:
        """Return the next random word."""
        drawn = self._low + self._high
        mixed = self._high ^ self._low
        self._low = _rotated(self._low, 24) ^ mixed ^ (mixed << np.uint64(16))
        self._high = _rotated(mixed, 37)
        return drawn


def spread(seed: int, a: int, b: int, c: int) -> int:
    """Return a number that depends on all four, as ``spread`` in words.h does."""
    value = (seed + _GOLDEN * (a + 1)) & _MASK
    for more in (b, c):
        value = _stirred(value)
        value = ((value ^ value >> 31) + _GOLDEN * (more + 1)) & _MASK
    value = _stirred(value)
    return value ^ value >> 31


def _stirred(value: int) -> int:
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    return (value ^ value >> 27) * 0x94D049BB133111EB & _MASK


def _rotated(words: Words, count: int) -> Words:
    return (words << np.uint64(count)) | (words >> np.uint64(64 - count))


def _expression(kind: str, operands: tuple[int, ...]) -> str:
    if kind in ("state", "input"):
        return f"{'state' if kind == 'state' else 'in'}[{operands[0]}]"
    if kind == "turned":
        return f"v{operands[0]} << {operands[1]} | v{operands[0]} >> {64 - operands[1]}"
    return "drawing.random()"


def _done(
    kind: str, operands: tuple[int, ...], values: Sequence[Words], drawing: Drawing, inputs: Sequence[Words]
) -> Words:
    if kind == "random":
        return drawing.random()
    if kind in ("ones", "zero"):
        return ~drawing.zero if kind == "ones" else drawing.zero
    if kind in ("state", "input"):
        return (drawing.state if kind == "state" else inputs)[operands[0]]
    if kind == "turned":
        return _rotated(values[operands[0]], operands[1])
    if kind == "?":
        which, high, low = (values[number] for number in operands)
        return low ^ ((low ^ high) & which)
    one, other = values[operands[0]], values[operands[-1]]
    return {"&": one & other, "|": one | other, "^": one ^ other, "~": ~one}[kind]
