"""Straight lines of operations on words as functions of up to three: one instruction each where there is AVX-512.

Compilers fuse two operations now and then. Here each that is used once goes into what uses it, as far as there is room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from verif.lanes.expressions import expression

Operations = Sequence[tuple[str, tuple[int, ...]]]
"""Kind and operands, which are numbers of earlier operations."""
_MOST_INPUTS = 3
_CONSTANTS = {"zero": 0, "ones": 1}
_LOGIC = frozenset("&|^~?")


@dataclass(frozen=True, slots=True)
class Function:
    """What an operation computes: bit ``a0 + 2 a1 + 4 a2`` of ``values`` is the result."""

    inputs: tuple[int, ...]
    """Numbers of operations."""
    values: int

    def at(self, levels: Mapping[int, int]) -> int:
        """Return the result where the inputs have these levels."""
        return self.values >> sum(levels[number] << place for place, number in enumerate(self.inputs)) & 1

    def text(self) -> str:
        """Return it in C."""
        names = [f"v{number}" for number in self.inputs]
        if not names:
            return "ONES" if self.values else "ZERO"
        plain = expression(self.values, names, ternary=False)
        if len(names) < _MOST_INPUTS:
            return plain
        return f"EITHER({expression(self.values, names, ternary=True)}, {plain})"


def fused(operations: Operations, wanted: Collection[int]) -> dict[int, Function]:
    """Return a function for each operation of logic that is left: those that ``wanted`` or others need as a whole."""
    uses = Counter([*wanted, *(number for kind, numbers in operations if kind in _LOGIC for number in numbers)])
    uses.update(numbers[0] for kind, numbers in operations if kind == "turned")
    made: dict[int, Function] = {}
    for number, (kind, operands) in enumerate(operations):
        if kind in _CONSTANTS:
            made[number] = Function((), _CONSTANTS[kind])
        elif kind in _LOGIC:
            made[number] = _joined(kind, operands, operations, made, uses)
    needed = {number for number, (kind, _) in enumerate(operations) if kind == "random"} | set(wanted)
    for number in reversed(range(len(operations))):
        if number in needed:
            kind, operands = operations[number]
            needed |= set(made[number].inputs if number in made else operands[:1] if kind == "turned" else ())
    return {number: function for number, function in made.items() if number in needed}


def _joined(
    kind: str, operands: tuple[int, ...], operations: Operations, made: Mapping[int, Function], uses: Counter[int]
) -> Function:
    """Return an operation with as many as possible of those that it looks at inside."""
    choices = []
    for number in operands:
        alone = Function((number,), 0b10)
        inside = number in made and (uses[number] == 1 or operations[number][0] == "~" or not made[number].inputs)
        choices.append((made[number], alone) if inside else (alone,))
    fitting = (
        parts for parts in product(*choices) if len({bit for part in parts for bit in part.inputs}) <= _MOST_INPUTS
    )
    parts = max(
        fitting, key=lambda parts: sum(part.inputs != (number,) for part, number in zip(parts, operands, strict=True))
    )
    inputs = tuple(dict.fromkeys(bit for part in parts for bit in part.inputs))
    values = 0
    for index in range(1 << len(inputs)):
        levels = {bit: index >> place & 1 for place, bit in enumerate(inputs)}
        values |= _result(kind, [part.at(levels) for part in parts]) << index
    return Function(inputs, values)


def _result(kind: str, levels: Sequence[int]) -> int:
    if kind == "?":
        return levels[1] if levels[0] else levels[2]
    one, other = levels[0], levels[-1]
    return {"&": one & other, "|": one | other, "^": one ^ other, "~": 1 - one}[kind]
