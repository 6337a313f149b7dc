"""A lane as few draws: fields that never change drawn once, the others once in each run of equal rows.

Every number counts from the field's default, so that Hypothesis, which shrinks towards 0, shrinks towards asking for
nothing. A field that carries data may count up with the rows instead (``numbered``): then it takes no draws at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from verif.search.shrink_rows import RowShape, Stimulus, runs

Drawn = tuple[tuple[int, ...], list[tuple[int, ...]]]
"""The constant fields' offsets; then a tuple a phase: cycles less one, and the varying fields' offsets."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How the lanes around one lane are drawn."""

    shape: RowShape
    constant: tuple[int, ...]
    """Fields drawn once, by index."""
    varying: tuple[int, ...]
    """Fields drawn in every phase."""
    numbered: tuple[int, ...]
    """Fields whose value is the row's number plus 1."""
    max_cycles: int

    @classmethod
    def around(cls, shape: RowShape, stimulus: Stimulus, numbered: tuple[int, ...] = ()) -> Encoding:
        """Return the encoding in which ``stimulus`` takes few draws; ``numbered`` must count up in it already."""
        changing = [bool((stimulus[:, c.words] != stimulus[0, c.words]).any()) for c in shape.columns]
        others = [index for index in range(len(changing)) if index not in numbered]
        return cls(
            shape=shape,
            constant=tuple(index for index in others if not changing[index]),
            varying=tuple(index for index in others if changing[index]),
            numbered=numbered,
            max_cycles=len(stimulus),
        )

    def strategy(self) -> st.SearchStrategy[Drawn]:
        """Return the strategy that makes lanes of at most ``max_cycles`` phases."""
        phase = st.tuples(st.integers(0, self.max_cycles - 1), *map(self._offset, self.varying))
        phases = st.lists(phase, min_size=1, max_size=self.max_cycles)
        return st.tuples(st.tuples(*map(self._offset, self.constant)), phases)

    def encode(self, stimulus: Stimulus) -> Drawn:
        """Return the draws that make ``stimulus``."""
        values = self.shape.unpack(stimulus)
        constants = tuple(self._from_default(index, values[0][index]) for index in self.constant)
        phased = runs([tuple(self._from_default(index, row[index]) for index in self.varying) for row in values])
        return constants, [(count - 1, *row) for count, row in phased]

    def decode(self, drawn: Drawn) -> Stimulus:
        """Return the rows that the draws make; at most ``max_cycles`` of them."""
        constants, phases = drawn
        values = [[c.field.default for c in self.shape.columns] for _ in phases]
        for row, phase in zip(values, phases, strict=True):
            self._set(row, self.constant, constants)
            self._set(row, self.varying, phase[1:])
        ends = np.minimum(np.cumsum([phase[0] + 1 for phase in phases]), self.max_cycles)
        rows = np.repeat(self.shape.pack(values), np.diff(ends, prepend=0), axis=0)
        return number(self.shape, rows, self.numbered)

    def draws(self, drawn: Drawn) -> int:
        """Return how many choices Hypothesis makes for it: each phase has one more, for whether to go on."""
        constants, phases = drawn
        return len(constants) + len(phases) * (2 + len(self.varying)) + 1

    def _offset(self, index: int) -> st.SearchStrategy[int]:
        return st.integers(0, 2 ** self.shape.columns[index].field.width - 1)

    def _from_default(self, index: int, value: int) -> int:
        field = self.shape.columns[index].field
        return (value - field.default) % (1 << field.width)

    def _set(self, row: list[int], indices: tuple[int, ...], offsets: tuple[int, ...]) -> None:
        for index, offset in zip(indices, offsets, strict=True):
            field = self.shape.columns[index].field
            row[index] = (offset + field.default) % (1 << field.width)


def number(shape: RowShape, stimulus: Stimulus, fields: tuple[int, ...]) -> Stimulus:
    """Return the rows with 1, 2, 3 ... in the given fields, as far as their width goes."""
    numbered = stimulus.copy()
    for column in (shape.columns[index] for index in fields):
        numbered[:, column.words] = 0
        mask = np.uint32(2 ** min(column.field.width, 32) - 1)
        numbered[:, column.start] = np.arange(1, len(stimulus) + 1, dtype=np.uint32) & mask
    return numbered
