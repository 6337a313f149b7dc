"""The trace noun."""

from __future__ import annotations

import pytest

from verif.trace import Signal, Trace, from_rows


def trace(cycles: int = 20, first: int = 0) -> Trace:
    return Trace(signals=(Signal(name="q", values=tuple(range(cycles)), width=5),), first=first)


@pytest.mark.parametrize(
    ("around", "first", "values"), [(10, 8, (8, 9, 10, 11)), (0, 0, (0, 1)), (19, 17, (17, 18, 19)), (40, 20, ())]
)
def test_window_keeps_to_the_cycles_that_exist(around: int, first: int, values: tuple[int, ...]) -> None:
    window = trace().window(around, before=2, after=1)
    assert (window.first, window.signals[0].values) == (first, values)


def test_window_counts_cycles_not_columns() -> None:
    window = trace(first=100).window(105, before=1, after=0)
    assert (window.first, window.signals[0].values) == (104, (4, 5))


def test_rows_that_lack_a_signal_leave_it_unknown() -> None:
    found = from_rows([{"a": 1}, {"a": 0, "b": 9}])
    assert [(s.name, s.values, s.width) for s in found.signals] == [("a", (1, 0), 1), ("b", (None, 9), 4)]
