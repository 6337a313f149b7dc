"""A lane with names: stimulus rows that print as what they ask for, and strategies that draw them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from verif.errors import InputError
from verif.harness.model import Field, FieldKind, Harness
from verif.search.shrink_rows import RowShape, Stimulus, runs

PREFIX = "stim_"


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Lane:
    """Rows of a harness's stimulus port, the reset before them left out."""

    shape: RowShape
    stimulus: Stimulus
    """``[T, S]``"""

    def __len__(self) -> int:
        return len(self.stimulus)

    def __repr__(self) -> str:
        shown = [f"{count} x {self._row(row)}" for count, row in runs(self.shape.unpack(self.stimulus))]
        return f"Lane({', '.join(shown)})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the same where Hypothesis, as IPython does, would look into a dataclass."""
        printer.text(repr(self))

    def _row(self, row: Sequence[int]) -> str:
        asked = [
            f"{short(column.field)}={value:#x}" if value > 9 else f"{short(column.field)}={value}"
            for column, value in zip(self.shape.columns, row, strict=True)
            if value != column.field.default
        ]
        return " ".join(asked) or "nothing"


def short(field: Field) -> str:
    """Return a field's name as tests write it: ``push_data`` for ``stim_push_data``."""
    return field.name.removeprefix(PREFIX)


def row_of(shape: RowShape, values: Mapping[str, int]) -> Stimulus:
    """Return one row, ``[1, S]``, from values by name, the others at their defaults.

    InputError PE861 names the fields that there are, or the values that fit.
    """
    row = {column.field.name: column.field.default for column in shape.columns}
    fields = {short(column.field): column.field for column in shape.columns}
    for name, value in values.items():
        field = fields.get(name.removeprefix(PREFIX))
        if field is None:
            raise InputError("PE861", f"the stimulus has no {name!r}", allowed=f"there are {', '.join(fields)}")
        if not 0 <= value < 1 << field.width:
            top = (1 << field.width) - 1
            raise InputError("PE861", f"{name} can't be {value}", allowed=f"it takes 0 to {top:#x}")
        row[field.name] = value
    return shape.pack([list(row.values())])


def rows(harness: Harness, *, max_cycles: int = 20, resets: bool = False) -> st.SearchStrategy[Lane]:
    """Return lanes whose every row is drawn by itself: few rows, any order. ``resets``: resets within the run, too."""
    shape = RowShape(harness.stimulus)
    row = st.tuples(*(_values(field, resets) for field in harness.stimulus))
    return _lanes(st.lists(row, min_size=1, max_size=max_cycles), shape, RowShape.pack)


def phases(
    harness: Harness, *, max_phases: int = 8, max_cycles: int = 32, resets: bool = False
) -> st.SearchStrategy[Lane]:
    """Return lanes of phases: rows that ask the same for 1 to ``max_cycles`` cycles, data counting up or constant.

    Deep states need such lanes: lists of single rows stay short and cancel themselves out.
    """
    shape = RowShape(harness.stimulus)
    phase = st.tuples(
        st.integers(1, max_cycles), st.booleans(), *(_values(field, resets) for field in harness.stimulus)
    )
    return _lanes(st.lists(phase, min_size=1, max_size=max_phases), shape, _phased)


@st.composite
def _lanes(
    draw: st.DrawFn,
    parts: st.SearchStrategy[list[tuple[Any, ...]]],
    shape: RowShape,
    made: Callable[[RowShape, list[tuple[Any, ...]]], Stimulus],
) -> Lane:
    """Draw lanes that Hypothesis shows as they print; what ``map`` makes it shows as a call of the mapped function."""
    return Lane(shape, made(shape, draw(parts)))


def _phased(shape: RowShape, drawn: Sequence[tuple[Any, ...]]) -> Stimulus:
    parts: list[Stimulus] = []
    for cycles, counting, *values in drawn:
        part = np.repeat(shape.pack([values]), cycles, axis=0)
        for column in shape.columns if counting else ():
            if column.carries_data:
                mask = np.uint32(2 ** min(column.field.width, 32) - 1)
                part[:, column.start] = (part[:, column.start] + np.arange(cycles, dtype=np.uint32)) & mask
        parts.append(part)
    return np.concatenate(parts)


def _values(field: Field, resets: bool) -> st.SearchStrategy[int]:
    """Return a field's values, the default first: that is what Hypothesis shrinks to."""
    if field.kind is FieldKind.RESET:
        return st.integers(0, 1) if resets else st.just(0)
    anything = st.integers(0, (1 << field.width) - 1)
    meant = st.sampled_from([field.default, *(value for value in field.choices if value != field.default)])
    if field.kind is FieldKind.CHOICE and field.choices:
        return meant
    return meant | anything if field.choices or field.default else anything
