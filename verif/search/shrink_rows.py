"""Stimulus rows as numbers: where each field of a harness lies in a packed row, and rows as values and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verif.harness.model import WORD, Field, FieldKind
from verif.stimulus.generate import Stretch

Stimulus = NDArray[np.uint32]
"""Packed rows, ``[T, S]``: S little-endian words a row, the fields in the order of ``harness.stimulus``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A field's place in a row."""

    field: Field
    start: int
    """Its first word."""

    @property
    def words(self) -> slice:
        """The words that hold it."""
        return slice(self.start, self.start + self.field.words)

    @property
    def resets(self) -> bool:
        """Whether it holds a reset active."""
        return self.field.kind is FieldKind.RESET

    @property
    def carries_data(self) -> bool:
        """Whether its values are payload that may be renumbered, and not something that steers."""
        return self.field.kind in (FieldKind.DATA, FieldKind.ADDRESS) and self.field.width > 1


class RowShape:
    """How the rows of one harness are packed."""

    def __init__(self, fields: Sequence[Field]) -> None:
        starts = np.cumsum([0, *(field.words for field in fields)]).tolist()
        self.columns = tuple(Column(field=f, start=s) for f, s in zip(fields, starts, strict=False))
        self.words: int = starts[-1]
        """S, words a row."""
        self.default = self.pack([[field.default for field in fields]])[0]
        """The row that asks for nothing."""

    def pack(self, values: Iterable[Sequence[int]]) -> Stimulus:
        """Return rows from one value a field, in the order of the fields."""
        rows = [[word for c, v in zip(self.columns, row, strict=True) for word in _words(v, c.field)] for row in values]
        return np.array(rows, dtype=np.uint32).reshape(len(rows), self.words)

    def unpack(self, stimulus: Stimulus) -> list[tuple[int, ...]]:
        """Return each row's values, in the order of the fields."""
        words = stimulus.astype("<u4")
        columns = [[int.from_bytes(row.tobytes(), "little") for row in words[:, c.words]] for c in self.columns]
        return list(zip(*columns, strict=True)) if columns else [()] * len(stimulus)

    def phases(self, stimulus: Stimulus) -> tuple[Stretch, ...]:
        """Return runs of equal rows as phases whose settings are the values of fields that aren't at their default."""
        return tuple(Stretch(cycles=count, settings=self._settings(row)) for count, row in runs(self.unpack(stimulus)))

    def rows(self, phases: Sequence[Stretch]) -> Stimulus:
        """Return the rows of phases whose settings are values of fields; the inverse of ``phases``."""
        names = [c.field.name for c in self.columns]
        defaults = [c.field.default for c in self.columns]
        values = [[p.settings.get(n, d) for n, d in zip(names, defaults, strict=True)] for p in phases]
        packed = self.pack([[int(value) for value in row] for row in values])
        return np.repeat(packed, [phase.cycles for phase in phases], axis=0)

    def _settings(self, row: Sequence[int]) -> dict[str, int | str]:
        return {c.field.name: v for c, v in zip(self.columns, row, strict=True) if v != c.field.default}


def runs(rows: Sequence[tuple[int, ...]]) -> list[tuple[int, tuple[int, ...]]]:
    """Return runs of equal rows: how many, and the row."""
    found: list[tuple[int, tuple[int, ...]]] = []
    for row in rows:
        if found and found[-1][1] == row:
            found[-1] = (found[-1][0] + 1, row)
        else:
            found.append((1, row))
    return found


def _words(value: int, field: Field) -> list[int]:
    return [(value >> (WORD * index)) & (2**WORD - 1) for index in range(field.words)]
