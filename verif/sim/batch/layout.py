"""Rows of words: how fields of any width lie in a row of 32-bit words, and the way there and back with numpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

WORD_BITS = 32

Rows = npt.NDArray[np.uint32]
"""Rows of words; the last axis is the row."""
Values = npt.NDArray[Any]
"""Values of one field: uint32, uint64, or Python integers in an object array where the field is wider."""


class Named(Protocol):
    """A field of a row: ``harness.stimulus`` and ``harness.observed`` hold such."""

    @property
    def name(self) -> str:
        """Unique in the row."""

    @property
    def width(self) -> int:
        """Bits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """Where a field lies in the row."""

    name: str
    width: int
    offset: int
    """First word, which holds the lowest bits."""
    default: int = 0

    @property
    def words(self) -> int:
        """How many words it takes."""
        return -(-self.width // WORD_BITS)

    @property
    def span(self) -> slice:
        """Its words in the row."""
        return slice(self.offset, self.offset + self.words)


@dataclass(frozen=True)
class Layout:
    """The row of a stimulus port or of the observed ports: fields in order, each in whole words, lowest word first."""

    slots: tuple[Slot, ...]

    @classmethod
    def of(cls, fields: Iterable[Named]) -> Layout:
        """Lay out ``harness.stimulus`` or ``harness.observed``."""
        slots: list[Slot] = []
        offset = 0
        for field in fields:
            default = getattr(field, "default", 0)
            slots.append(Slot(name=field.name, width=field.width, offset=offset, default=default))
            offset += slots[-1].words
        return cls(tuple(slots))

    @property
    def words(self) -> int:
        """Words of a row."""
        return self.slots[-1].span.stop if self.slots else 0

    @cached_property
    def defaults(self) -> Rows:
        """The row in which every field has its default."""
        row = np.zeros(self.words, np.uint32)
        for slot in self.slots:
            row[slot.span] = _split(slot.default, slot.words)
        return row

    def slot(self, name: str) -> Slot:
        """Return the slot of a field; KeyError where there is none."""
        return self._by_name[name]

    def rows(self, *shape: int) -> Rows:
        """Return rows of defaults, of the shape ``[*shape, words]``."""
        return np.broadcast_to(self.defaults, (*shape, self.words)).copy()

    def pack(self, values: Mapping[str, npt.ArrayLike], *, into: Rows | None = None) -> Rows:
        """Return rows that hold ``values`` (field name to integers of one common shape), the other fields' defaults.

        Values may be numbers, arrays of integers, or object arrays of Python integers for wide fields; they are
        broadcast together. With ``into`` these rows are changed, and only the named fields. ValueError names a field
        that a value doesn't fit into.
        """
        arrays = {name: np.asarray(given) for name, given in values.items()}
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
        rows = self.rows(*shape) if into is None else into
        for name, array in arrays.items():
            self.put(rows, name, array)
        return rows

    def put(self, rows: Rows, name: str, values: npt.ArrayLike) -> None:
        """Write the values of one field into ``rows``; ValueError where one doesn't fit."""
        slot, array = self.slot(name), np.asarray(values)
        _check(slot, array)
        if array.dtype != object and slot.width <= WORD_BITS:
            rows[..., slot.offset] = array
            return
        for index in range(slot.words):
            rows[..., slot.offset + index] = _word(array, index)

    def get(self, rows: Rows, name: str, *, integers: bool = False) -> Values:
        """Return the values of one field, of the shape of ``rows`` less the last axis.

        Up to 32 bits they are a view as uint32, up to 64 bits uint64. A wider field's words stay on the last axis,
        lowest first; with ``integers`` they are Python integers in an object array.
        """
        slot = self.slot(name)
        if slot.words == 1:
            return rows[..., slot.offset]
        if slot.words == 2:
            return rows[..., slot.offset].astype(np.uint64) | rows[..., slot.offset + 1].astype(np.uint64) << np.uint64(
                WORD_BITS
            )
        return _joined(rows[..., slot.span]) if integers else rows[..., slot.span]

    def unpack(self, rows: Rows, names: Sequence[str] | None = None, *, integers: bool = False) -> dict[str, Values]:
        """Return the values of all fields, or of those in ``names``, as ``get`` gives them."""
        return {
            name: self.get(rows, name, integers=integers)
            for name in ([slot.name for slot in self.slots] if names is None else names)
        }

    @cached_property
    def _by_name(self) -> dict[str, Slot]:
        return {slot.name: slot for slot in self.slots}


def _check(slot: Slot, values: Values) -> None:
    if values.dtype.kind not in "biuO":
        raise ValueError(f"{slot.name} takes integers, not {values.dtype}")
    if values.size and (values.min() < 0 or int(values.max()) >> slot.width):
        raise ValueError(f"{slot.name} has {slot.width} bits: values from 0 to {(1 << slot.width) - 1:#x}")


def _word(values: Values, index: int) -> Values:
    """Return word ``index`` of each value."""
    shift = index * WORD_BITS
    if values.dtype == object:
        return np.asarray((values >> shift) & 0xFFFFFFFF, object).astype(np.uint32)
    if shift >= 8 * values.dtype.itemsize:
        return np.zeros(values.shape, np.uint32)
    return (values.astype(np.uint64) >> np.uint64(shift)).astype(np.uint32)


def _split(value: int, words: int) -> list[int]:
    return [value >> WORD_BITS * index & 0xFFFFFFFF for index in range(words)]


def _joined(words: Rows) -> Values:
    """Return Python integers, one for the words of each last axis."""
    flat = np.ascontiguousarray(words, dtype="<u4").reshape(-1, words.shape[-1])
    joined = np.empty(len(flat), object)
    joined[:] = [int.from_bytes(row.tobytes(), "little") for row in flat]
    return joined.reshape(words.shape[:-1])
