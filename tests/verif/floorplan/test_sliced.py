"""Slicing trees: mild weights of aspects where the linear program can mend them, firm ones elsewhere."""

from __future__ import annotations

import pytest

from tests.support.floorplans import random_problem
from verif.floorplan.engine import effort_for, floorplan, task_of
from verif.floorplan.legality import violations
from verif.floorplan.model import Block, Problem
from verif.floorplan.pace import Pace
from verif.floorplan.sliced import FIRM, MILD, STIFF, Slicer
from verif.floorplan.start import run_start


def slicer(problem: Problem, whitespace: float) -> Slicer:
    found = task_of(problem, problem.outline(whitespace=whitespace)).slicer
    assert found is not None
    return found


def softened(blocks: int, **more: object) -> Problem:
    """Soft blocks of one area, 100 to 190 in steps of 10, with two nets for each."""
    base = random_problem(hards=0, softs=blocks, nets=2 * blocks)
    kept = tuple(
        Block(name=block.name, area=100 + 10 * (number % 10), **more)  # type: ignore[arg-type]
        for number, block in enumerate(base.blocks)
    )
    return Problem(name="p", blocks=kept, nets=base.nets, pads=base.pads)


def test_mild_weights_come_first_where_all_blocks_are_soft_and_have_room() -> None:
    assert slicer(softened(60), 0.1).bends == (MILD, FIRM)


@pytest.mark.parametrize(("hards", "softs", "whitespace"), [(1, 70, 0.1), (0, 70, 0.02), (0, 20, 0.1)])
def test_hard_blocks_little_room_and_few_blocks_have_firm_then_stiff_weights(
    hards: int, softs: int, whitespace: float
) -> None:
    problem = random_problem(hards=hards, softs=softs)
    assert slicer(problem, whitespace).bends == (FIRM, STIFF)


def test_blocks_that_must_be_nearly_square_are_cooled_again_with_firm_weights() -> None:
    problem = softened(60, aspect_min=0.8, aspect_max=1.25)
    task = task_of(problem, problem.outline(whitespace=0.2))
    pace = Pace()
    found = run_start(task, effort_for(60, 3), 1, pace, lambda share: None)
    assert pace.costs.firm
    assert found.legal


def test_soft_blocks_with_room_are_legal_in_one_start_with_exact_areas() -> None:
    problem = softened(60)
    result = floorplan(problem, problem.outline(whitespace=0.1), budget=2, starts=1)
    assert result.legal
    assert violations(problem, result.placement) == []
