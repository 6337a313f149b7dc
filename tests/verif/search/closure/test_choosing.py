"""Witnesses are chosen by rows, not by number."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from verif.search.closure.choosing import NEVER, Table, cheapest


def table(*rows: tuple[int | None, ...]) -> Table:
    return np.array([[NEVER if tick is None else tick for tick in row] for row in rows], np.int32)


def hit(ticks: Table, chosen: dict[int, int]) -> set[int]:
    return {int(point) for number, length in chosen.items() for point in np.flatnonzero(ticks[number] < length)}


def test_two_short_stimuli_are_better_than_a_long_one_that_hits_all() -> None:
    ticks = table((3, 200), (4, None), (None, 6))
    assert cheapest(ticks, each=10) == {0: 4, 2: 7}
    assert cheapest(ticks, each=1000) == {0: 201}


def test_stimulus_is_taken_up_to_what_is_needed_of_it() -> None:
    assert cheapest(table((0, 5, 90), (None, None, 3)), each=1) == {0: 6, 1: 4}


def test_nothing_to_hit_needs_nothing() -> None:
    assert cheapest(table((None, None)), each=1) == {}
    assert cheapest(np.zeros((0, 3), np.int32), each=1) == {}


tables = st.integers(1, 5).flatmap(
    lambda points: st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=points, max_size=points), min_size=1, max_size=6
    )
)


def least(ticks: Table, each: int) -> int:
    """Return what the best choice costs, by trying all."""
    points = [int(point) for point in np.flatnonzero((ticks != NEVER).any(axis=0))]
    best = 10**9
    for whom in product(*([n for n in range(len(ticks)) if ticks[n, point] != NEVER] for point in points)):
        lengths: dict[int, int] = {}
        for number, point in zip(whom, points, strict=True):
            lengths[number] = max(lengths.get(number, 0), int(ticks[number, point]) + 1)
        best = min(best, sum(lengths.values()) + each * len(lengths))
    return best if points else 0


@settings(max_examples=150, deadline=None)
@given(tables, st.integers(0, 30))
def test_choice_hits_everything_and_costs_at_most_twice_the_least(rows: list[list[int | None]], each: int) -> None:
    ticks = table(*map(tuple, rows))
    chosen = cheapest(ticks, each=each)
    assert hit(ticks, chosen) == {int(point) for point in np.flatnonzero((ticks != NEVER).any(axis=0))}
    assert sum(chosen.values()) + each * len(chosen) <= 2 * least(ticks, each)
