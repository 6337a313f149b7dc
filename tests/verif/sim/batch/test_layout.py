"""Laws of rows: what is packed comes back, words lie in the order that the harness says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verif.sim.batch.layout import Layout


@dataclass(frozen=True)
class Some:
    """A field."""

    name: str
    width: int
    default: int = 0


MIXED = Layout.of([Some("bit", 1), Some("word", 32, 7), Some("two", 40), Some("wide", 130, 1 << 129), Some("last", 3)])


def test_fields_lie_in_order_in_whole_words() -> None:
    assert [(slot.name, slot.offset, slot.words) for slot in MIXED.slots] == [
        ("bit", 0, 1),
        ("word", 1, 1),
        ("two", 2, 2),
        ("wide", 4, 5),
        ("last", 9, 1),
    ]
    assert MIXED.words == 10


def test_the_lowest_word_comes_first() -> None:
    row = MIXED.pack({"two": 0x12_3456_789A, "wide": np.array(1 << 128 | 5, object)})
    assert [hex(word) for word in row[2:9]] == ["0x3456789a", "0x12", "0x5", "0x0", "0x0", "0x0", "0x1"]


def test_fields_without_a_value_hold_their_default() -> None:
    rows = MIXED.pack({"bit": np.ones((2, 3), np.uint8)})
    assert rows.shape == (2, 3, 10)
    assert (MIXED.get(rows, "word") == 7).all()
    assert MIXED.get(rows, "wide", integers=True)[1, 2] == 1 << 129


@given(
    st.lists(
        st.tuples(*(st.integers(0, (1 << slot.width) - 1) for slot in MIXED.slots)),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_packed_comes_back(values: list[tuple[int, ...]]) -> None:
    columns = {slot.name: np.array([row[index] for row in values], object) for index, slot in enumerate(MIXED.slots)}
    back = MIXED.unpack(MIXED.pack(columns), integers=True)
    assert [tuple(int(back[slot.name][line]) for slot in MIXED.slots) for line in range(len(values))] == values


def test_signed_and_small_types_are_taken_as_numbers() -> None:
    rows = MIXED.pack({"two": np.array([1, 255], np.uint8), "wide": np.array([3, 2**62], np.int64)})
    assert list(MIXED.get(rows, "two")) == [1, 255]
    assert list(MIXED.get(rows, "wide", integers=True)) == [3, 2**62]


def test_named_fields_alone_change_in_rows_that_are_given() -> None:
    rows = MIXED.pack({"bit": [0, 1], "last": [5, 6]})
    assert MIXED.pack({"last": 1}, into=rows) is rows
    assert (list(MIXED.get(rows, "bit")), list(MIXED.get(rows, "last"))) == ([0, 1], [1, 1])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("last", 8, "last has 3 bits: values from 0 to 0x7"),
        ("bit", -1, "bit has 1 bits: values from 0 to 0x1"),
        ("wide", np.array(1 << 130, object), f"wide has 130 bits: values from 0 to {(1 << 130) - 1:#x}"),
        ("word", 0.5, "word takes integers, not float64"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, value: object, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        MIXED.pack({name: value})  # type: ignore[dict-item]
    assert str(error.value) == sentence
