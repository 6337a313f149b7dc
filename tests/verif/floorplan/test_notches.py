"""Enumeration of packings: it finds what annealing misses, only what is better, and stops when told."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.floorplans import hard
from verif.floorplan.arrays import Layout, shapes_of
from verif.floorplan.engine import floorplan
from verif.floorplan.legality import violations
from verif.floorplan.model import Problem
from verif.floorplan.notches import least_area

SQUARED = (18, 15, 14, 10, 9, 8, 7, 4, 1)
"""Sides of nine different squares that tile a rectangle of 32 x 33 (Z. Morón, 1925)."""


def problem(*sides: tuple[float, float]) -> Problem:
    blocks = tuple(hard(f"b{number}", width, height) for number, (width, height) in enumerate(sides))
    return Problem(name="few", blocks=blocks, nets=())


def packed(given: Problem, area: float, *, stop: bool = False) -> Layout | None:
    return least_area(shapes_of(given), area, lambda: stop, lambda share: None)


def extent(layout: Layout) -> float:
    return float(np.max(layout.cx + layout.w / 2) * np.max(layout.cy + layout.h / 2))


def test_enumeration_finds_the_squared_rectangle_of_nine_squares() -> None:
    layout = packed(problem(*((side, side) for side in SQUARED)), 1100)
    assert layout is not None
    assert extent(layout) == pytest.approx(32 * 33)


def test_enumeration_turns_blocks_and_tells_twins_from_each_other() -> None:
    layout = packed(problem((6, 4), (4, 6), (6, 4), (4, 6), (2, 2)), 120)
    assert layout is not None
    assert extent(layout) == pytest.approx(100)


def test_enumeration_gives_nothing_where_nothing_is_smaller() -> None:
    assert packed(problem((6, 4), (6, 4)), 48) is None


def test_enumeration_stops_when_told() -> None:
    assert packed(problem((6, 4), (6, 4)), 1000, stop=True) is None


def test_enumeration_keeps_waste_where_blocks_leave_a_gap() -> None:
    layout = packed(problem((5, 5), (3, 3), (3, 3)), 1000)
    assert layout is not None
    assert extent(layout) == pytest.approx(8 * 6)


def test_least_area_of_few_blocks_is_legal_and_the_least() -> None:
    given = problem(*((side, side) for side in SQUARED))
    result = floorplan(given, None, budget=20)
    assert violations(given, result.placement) == []
    assert result.placement.outline.area == pytest.approx(32 * 33)
