"""Data in the styles of the plan's knobs: even, corners, small, counting, one bit, held, and mixtures of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from verif.lanes.chances import digits_of, one_of
from verif.lanes.program import Program, Value
from verif.stimulus.drivers.base import DATA_STYLES

_SMALL_BITS = 3
_RELATED = "related"
_PURE = {*DATA_STYLES, _RELATED} - {"mixed"}


class Styles:
    """Draws one field's value in one tick."""

    def __init__(self, step: Program, width: int, start: int, words: Mapping[str, int]) -> None:
        """``start`` is the place of the field's lowest bit, ``words`` where the words of its style knob are kept.

        A word that is no style means a mixture.
        """
        self._step = step
        self._width = width
        self._start = start
        self._words = {word: step.state(place) for word, place in words.items()}
        self._bit: list[Value] = []

    def values(self, related: Sequence[Value] | None) -> list[Value]:
        """Return the bits; ``related`` is what the style of that name and some of a mixture take."""
        step = self._step
        mixed = self._mixed()
        first, second, third = step.random(), step.random(), step.random()
        special = mixed & first
        corners = self._where("corners") | (special & ~second & (~third | step.random()))
        small = self._where("small") | (special & second & ~third)
        hold = self._where("hold") | (special & second & third & step.random())
        sparse, walk, count = self._where("sparse"), self._where("walk"), self._where("count")
        plain = ~(corners | small | hold | sparse | walk | count)
        lit = sparse & step.random() & (step.random() | step.seldom(2))
        drawn = [
            self._summed(
                (plain | small if bit < _SMALL_BITS else plain, step.random()),
                (corners, corner),
                (lit, single),
                (hold, self._before(bit)),
                (count, counted),
                (walk, walked),
            )
            for bit, (corner, single, counted, walked) in enumerate(
                zip(self._corners(), self._single(), self._counted(), self._walked(), strict=True)
            )
        ]
        if related is None:
            return drawn
        near = self._where(_RELATED) | (mixed & step.seldom(2))
        return [near.choose(other, bit) for other, bit in zip(related, drawn, strict=True)]

    def common(self) -> list[Value]:
        """Return an even value or a corner."""
        corners = self._step.random()
        return [corners.choose(corner, self._step.random()) for corner in self._corners()]

    def _where(self, word: str) -> Value:
        return self._words.get(word) or self._step.zero()

    def _mixed(self) -> Value:
        mixed = self._step.zero()
        for word, where in self._words.items():
            if word not in _PURE:
                mixed = mixed | where
        return mixed

    def _before(self, bit: int) -> Value:
        return self._step.input(self._start + bit)

    def _summed(self, *parts: tuple[Value, Value]) -> Value:
        total = parts[0][0] & parts[0][1]
        for where, value in parts[1:]:
            total = total | (where & value)
        return total

    def _single(self) -> list[Value]:
        """Return a word for each bit: one of them is 1."""
        if not self._bit:
            words = one_of(self._step, 1 << digits_of(self._width))
            folded = words[: self._width]
            for number, word in enumerate(words[self._width :]):
                folded[number] = folded[number] | word
            self._bit = folded
        return self._bit

    def _corners(self) -> list[Value]:
        """Return 0, all ones, a single 1 or 0, two neighbouring ones, or a neighbour of a power of two."""
        step, single = self._step, self._single()
        _nothing, ones, one, other, two, less, more, half = one_of(step, 8)
        top = step.random()
        below, bits = step.ones(), []
        for bit, here in enumerate(single):
            below = below & ~here
            value = ones | (here & (one | two | more)) | (~here & other) | (less & below)
            value = value | (two & single[bit - 1]) if bit else value | more
            bits.append(value | (half & (top if bit == self._width - 1 else ~top)))
        return bits

    def _counted(self) -> list[Value]:
        """Return one more than the last value."""
        carry, bits = self._step.ones(), []
        for bit in range(self._width):
            before = self._before(bit)
            bits.append(before ^ carry)
            carry = carry & before
        return bits

    def _walked(self) -> list[Value]:
        """Return the last value's only 1 one place up; the lowest bit where there is no such place."""
        seen, twice = self._step.zero(), self._step.zero()
        for bit in range(self._width - 1):
            before = self._before(bit)
            twice = twice | (seen & before)
            seen = seen | before
        moves = seen & ~twice & ~self._before(self._width - 1)
        return [~moves, *(moves & self._before(bit) for bit in range(self._width - 1))]
