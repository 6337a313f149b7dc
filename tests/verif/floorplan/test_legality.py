"""The independent checker: each rule has the placement that breaks it and the one that keeps it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.support.floorplans import hard, place, placement, soft
from verif.floorplan.legality import violations
from verif.floorplan.model import Block, Keepout, Place, Problem


def broken(blocks: list[Block], *places: Place, width: float = 10, height: float = 10, **more: object) -> list[str]:
    problem = Problem(name="p", blocks=tuple(blocks), nets=(), **more)  # type: ignore[arg-type]
    return [violation.rule for violation in violations(problem, placement(width, height, *places))]


A, B = hard("a", 4, 2), hard("b", 3, 3)


def test_a_legal_placement_breaks_nothing() -> None:
    assert broken([A, B], place("a", 0, 0, 4, 2), place("b", 4, 0, 3, 3)) == []


def test_a_turned_block_keeps_its_shape() -> None:
    assert broken([A], place("a", 0, 0, 2, 4, turned=True)) == []


@pytest.mark.parametrize(
    ("there", "rule"),
    [
        (place("a", 2, 0, 4, 2), "overlap"),
        (place("a", 7, 0, 4, 2), "outline"),
        (place("a", 0, -1, 4, 2), "outline"),
        (place("a", 5, 5, 2, 4), "shape"),
        (place("a", 5, 5, 4, 2, turned=True), "shape"),
        (place("c", 5, 5, 4, 2), "missing"),
        (place("a", math.nan, 5, 4, 2), "number"),
    ],
)
def test_a_hard_block_in_the_wrong_place_is_told(there: Place, rule: str) -> None:
    assert rule in broken([A, B], there, place("b", 0, 0, 3, 3))


def test_an_overlap_is_told_once_with_its_area() -> None:
    problem = Problem(name="p", blocks=(A, B), nets=())
    (found,) = violations(problem, placement(10, 10, place("a", 0, 0, 4, 2), place("b", 3, 0, 3, 3)))
    assert (found.rule, found.blocks, found.amount) == ("overlap", ("b", "a"), 2)


@pytest.mark.parametrize(
    ("width", "height", "rules"),
    [(3, 3, []), (3, 3.01, ["area"]), (1, 9, ["aspect"]), (9, 1, ["aspect"]), (math.sqrt(27), math.sqrt(3), [])],
)
def test_a_soft_block_keeps_area_and_aspect(width: float, height: float, rules: list[str]) -> None:
    assert broken([soft("s", 9)], place("s", 0, 0, width, height)) == rules


def test_halos_keep_blocks_and_edges_apart() -> None:
    wide = [replace(A, halo=1), B]
    assert broken(wide, place("a", 1, 1, 4, 2), place("b", 6, 0, 3, 3)) == []
    assert broken(wide, place("a", 1, 1, 4, 2), place("b", 5.5, 0, 3, 3)) == ["halo"]
    assert broken(wide, place("a", 0, 1, 4, 2), place("b", 6, 0, 3, 3)) == ["outline"]


def test_a_preplaced_block_stays() -> None:
    held = replace(A, fixed=(2.0, 3.0))
    assert broken([held], place("a", 2, 3, 4, 2)) == []
    assert broken([held], place("a", 2, 4, 4, 2)) == ["fixed"]


def test_a_keepout_stays_empty() -> None:
    keepouts = (Keepout(x=0, y=0, width=2, height=2),)
    assert broken([A], place("a", 2, 0, 4, 2), keepouts=keepouts) == []
    assert broken([A], place("a", 1, 0, 4, 2), keepouts=keepouts) == ["keepout"]
