"""And-inverter graphs in the AIGER format (Biere, Heljanko, Wieringa, 2011): read, cut to outputs, simulated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

Literal = int
"""Twice a variable's number, and 1 where it is inverted; 0 and 1 are the constants."""


@dataclass(frozen=True, kw_only=True)
class Aiger:
    """A sequential circuit; its latches begin at 0. Variables are inputs, then latches, then ands."""

    inputs: int
    nexts: tuple[Literal, ...]
    """What each latch is in the next step."""
    outputs: tuple[Literal, ...]
    ands: bytes
    """As the file has them."""
    count: int
    """How many ands there are."""

    @classmethod
    def read(cls, file: Path) -> Aiger:
        """Read a binary file without properties or start values."""
        data = file.read_bytes()
        head, _, rest = data.partition(b"\n")
        words = head.split()
        assert words[0] == b"aig", head
        _, inputs, latches, outputs, ands = (int(word) for word in words[1:6])
        lines = rest.split(b"\n", latches + outputs)
        literals = [int(line.split()[0]) for line in lines[: latches + outputs]]
        return cls(
            inputs=inputs,
            nexts=tuple(literals[:latches]),
            outputs=tuple(literals[latches:]),
            ands=_ands(lines[-1], ands),
            count=ands,
        )

    def only(self, outputs: Sequence[int]) -> Aiger:
        """Return the circuit with some of its outputs, in that order."""
        return replace(self, outputs=tuple(self.outputs[number] for number in outputs))

    def doubled(self, pinned: Sequence[int]) -> Aiger:
        """Return two copies side by side, in which some inputs are 0 in the one and 1 in the other; all else is shared.

        An output is 1 where it is in both. The pinned inputs stay, without effect.
        """
        low, latches = self.inputs + 1, len(self.nexts)
        fixed = {number + 1 for number in pinned}

        def moved(literal: Literal, copy: int) -> Literal:
            variable = literal >> 1
            if variable in fixed:
                return copy ^ (literal & 1)
            if variable >= low + latches:
                variable += latches + copy * self.count
            elif variable >= low:
                variable += copy * latches
            return 2 * variable | literal & 1

        gates = [(moved(left, copy), moved(right, copy)) for copy in (0, 1) for left, right in self.gates]
        gates += [(moved(literal, 0), moved(literal, 1)) for literal in self.outputs]
        first = low + 2 * latches + 2 * self.count
        return Aiger(
            inputs=self.inputs,
            nexts=tuple(moved(literal, copy) for copy in (0, 1) for literal in self.nexts),
            outputs=tuple(2 * (first + number) for number in range(len(self.outputs))),
            ands=encoded(gates, low + 2 * latches),
            count=len(gates),
        )

    def joined(self, same: Mapping[int, int]) -> Aiger:
        """Return the circuit in which each input that is a key of ``same`` is the input there; it stays, unused."""
        if not same:
            return self
        first = self.inputs + len(self.nexts) + 1

        def moved(literal: Literal) -> Literal:
            return 2 * (same.get((literal >> 1) - 1, (literal >> 1) - 1) + 1) | literal & 1

        gates = [(moved(left), moved(right)) for left, right in self.gates]
        return Aiger(
            inputs=self.inputs,
            nexts=tuple(map(moved, self.nexts)),
            outputs=tuple(map(moved, self.outputs)),
            ands=encoded(gates, first),
            count=self.count,
        )

    def write(self, file: Path) -> None:
        """Write a binary file."""
        latches = len(self.nexts)
        head = f"aig {self.inputs + latches + self.count} {self.inputs} {latches} {len(self.outputs)} {self.count}\n"
        lines = "".join(f"{literal}\n" for literal in (*self.nexts, *self.outputs))
        file.write_bytes(head.encode() + lines.encode() + self.ands)

    @cached_property
    def gates(self) -> tuple[tuple[Literal, Literal], ...]:
        """The two inputs of each and, in order."""
        found = []
        place = 0
        for number in range(self.inputs + len(self.nexts) + 1, self.inputs + len(self.nexts) + self.count + 1):
            one, place = _delta(self.ands, place)
            two, place = _delta(self.ands, place)
            found.append((2 * number - one, 2 * number - one - two))
        return tuple(found)

    def simulate(self, steps: Sequence[Sequence[int]], lanes: int) -> list[list[int]]:
        """Return what the outputs are step by step; ``steps`` holds the inputs, bit n of each value is lane n."""
        ones = (1 << lanes) - 1
        state = [0] * len(self.nexts)
        shown = []
        for inputs in steps:
            values = [0, *inputs, *state]
            for left, right in self.gates:
                one = values[left >> 1] ^ (ones if left & 1 else 0)
                values.append(one & (values[right >> 1] ^ (ones if right & 1 else 0)))

            def of(literal: Literal, values: list[int] = values) -> int:
                return values[literal >> 1] ^ (ones if literal & 1 else 0)

            shown.append([of(literal) for literal in self.outputs])
            state = [of(literal) for literal in self.nexts]
        return shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What inputs and outputs of an AIGER file are, from the map that Yosys writes beside it."""

    inputs: Mapping[int, tuple[str, int]]
    """Number of an input to port and bit; free start values are not among them."""
    outputs: Mapping[int, tuple[str, int]]

    @classmethod
    def read(cls, file: Path) -> Names:
        """Read a map."""
        inputs: dict[int, tuple[str, int]] = {}
        outputs: dict[int, tuple[str, int]] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            kind, _, rest = line.partition(" ")
            if kind in ("input", "output"):
                number, bit, name = rest.split(" ", 2)
                (outputs if kind == "output" else inputs)[int(number)] = (name, int(bit))
        return cls(inputs=inputs, outputs=outputs)

    @staticmethod
    def starts(file: Path) -> list[tuple[str, int, int]]:
        """Return register, bit, and the number of the input that is its start value, for those that are free."""
        lines = file.read_text(encoding="utf-8").splitlines()
        words = (line.split(" ", 3) for line in lines if line.startswith("init "))
        return [(name, int(bit), int(number)) for _, number, bit, name in words]


def encoded(gates: Iterable[tuple[Literal, Literal]], first: int) -> bytes:
    """Return ands, whose variables go on from ``first``, as a file has them."""
    data = bytearray()
    for variable, inputs in enumerate(gates, first):
        large, small = max(inputs), min(inputs)
        for delta in (2 * variable - large, large - small):
            while delta > 0x7F:
                data.append(delta & 0x7F | 0x80)
                delta >>= 7
            data.append(delta)
    return bytes(data)


def _ands(data: bytes, count: int) -> bytes:
    """Return the bytes of the ands, without symbols and comments after them."""
    place = 0
    for _ in range(2 * count):
        _, place = _delta(data, place)
    return data[:place]


def _delta(data: bytes, place: int) -> tuple[int, int]:
    """Return a number in groups of seven bits, the lowest first, and the place after it."""
    value = shift = 0
    while data[place] & 0x80:
        value |= (data[place] & 0x7F) << shift
        shift += 7
        place += 1
    return value | data[place] << shift, place + 1
