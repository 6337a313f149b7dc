"""What ``verif.search.shrink_handover`` needs of Hypothesis; a new version that breaks it fails here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import strategies as st

from verif.search.shrink_handover import BudgetSpent, NotShrinkable, shrink_value

NUMBERS = st.tuples(st.integers(0, 3), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2**70)), max_size=40))
START = (3, [(step % 7, 2**69 + step) for step in range(18)])


def deep(value: tuple[int, list[tuple[int, int]]]) -> bool:
    """Hold for lists that Hypothesis doesn't make by itself."""
    return sum(number >= 5 and wide >= 2**60 for number, wide in value[1]) >= 4


def shrink_deep(database: Path, seed: int = 1, condition=deep):
    return shrink_value(NUMBERS, START, condition, key=b"deep", seed=seed, database=database)


def test_value_given_is_shrunk_to_the_smallest(tmp_path: Path) -> None:
    assert shrink_deep(tmp_path) == (0, [(5, 2**60)] * 4)


def test_shrinking_starts_from_the_value(tmp_path: Path) -> None:
    seen = []
    shrink_deep(tmp_path, condition=lambda value: seen.append(value) or deep(value))
    assert seen[0] == START


def test_database_of_an_earlier_run_changes_nothing(tmp_path: Path) -> None:
    runs = []
    for _ in range(2):
        seen: list[object] = []
        shrink_deep(tmp_path, condition=lambda value, seen=seen: seen.append(value) or deep(value))
        runs.append(seen)
    assert runs[0] == runs[1]
    assert any(tmp_path.iterdir())


def test_spent_budget_ends_the_shrinking(tmp_path: Path) -> None:
    calls = []

    def condition(value: object) -> bool:
        calls.append(value)
        if len(calls) > 20:
            raise BudgetSpent
        return True

    with pytest.raises(BudgetSpent):
        shrink_deep(tmp_path, condition=condition)
    assert len(calls) == 21


def test_value_that_does_not_fail_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotShrinkable):
        shrink_deep(tmp_path, condition=lambda value: False)


def test_value_that_fails_now_and_then_is_told(tmp_path: Path) -> None:
    calls = []
    with pytest.raises(NotShrinkable):
        shrink_deep(tmp_path, condition=lambda value: calls.append(value) or len(calls) == 1)


def test_value_that_the_strategy_cannot_make_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotShrinkable):
        shrink_value(NUMBERS, (4, []), lambda value: True, key=b"k", seed=1, database=tmp_path)
