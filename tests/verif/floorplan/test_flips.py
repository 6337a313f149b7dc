"""Programs of relations that change, and the search over relations."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.support.floorplans import hard, random_problem, soft, wire
from verif.floorplan.arrays import Layout, nets_of
from verif.floorplan.engine import effort_for, task_of
from verif.floorplan.flips import flip_relations
from verif.floorplan.kernels import wirelength
from verif.floorplan.model import Net, Pad, Pin, Problem
from verif.floorplan.pace import Pace
from verif.floorplan.polish import polish_soft, related
from verif.floorplan.programs import RelationProgram
from verif.floorplan.start import Task, run_start

ABOVE = Pad(name="p", x=0.0, y=100.0)


def layout(*rows: tuple[float, float, float, float], turned: tuple[bool, ...] = ()) -> Layout:
    """Rows: cx, cy, w, h."""
    cx, cy, w, h = np.array(rows, dtype=float).T
    flags = np.array(turned or (False,) * len(rows))
    return Layout(cx=cx.copy(), cy=cy.copy(), w=w.copy(), h=h.copy(), turned=flags)


def task(problem: Problem, whitespace: float = 0.1) -> Task:
    return task_of(problem, problem.outline(whitespace=whitespace))


def program(of: Task) -> RelationProgram:
    return RelationProgram(of.shapes, of.nets, of.frame)


def test_program_finds_the_wirelength_that_polishing_finds_for_the_same_relations() -> None:
    problem = random_problem(hards=0, softs=7, nets=25)
    given = task(problem, 0.2)
    found = run_start(given, effort_for(7, 1), 1, Pace(), lambda share: None)
    polished = polish_soft(found.layout, given.shapes, given.nets, given.frame)
    assert polished is not None
    length = given.nets.constant + wirelength(polished.cx, polished.cy, polished.turned, given.nets)
    assert program(given).solve(*related(found.layout)) == pytest.approx(length, rel=2e-3)


def test_program_places_pins_of_turned_hard_blocks_where_they_are() -> None:
    pins = (Pin(owner="a", dx=4.0, dy=1.0), Pin(owner="p"))
    problem = Problem(
        name="x", blocks=(hard("a", 10, 4), hard("b", 10, 4)), nets=(Net(name="n", pins=pins),), pads=(ABOVE,)
    )
    given = task(problem, 1.0)
    turned = np.array([True, False])
    one = RelationProgram(given.shapes, given.nets, given.frame, turned)
    nowhere = np.zeros((2, 2), np.bool_)
    length = one.solve(nowhere, nowhere)
    cx, cy, w, h = one.sizes
    assert (w[0], h[0]) == (4, 10)
    assert length == pytest.approx(wirelength(cx, cy, turned, nets_of(problem)))


def test_relations_that_contradict_each_other_have_no_length() -> None:
    given = task(random_problem(hards=0, softs=3))
    beside = np.zeros((3, 3), np.bool_)
    beside[0, 1] = beside[1, 2] = beside[2, 0] = True
    assert math.isinf(program(given).solve(beside, np.zeros_like(beside)))


def test_relations_in_a_circle_that_seem_to_follow_from_each_other_have_no_length() -> None:
    given = task(random_problem(hards=0, softs=4))
    beside = ~np.eye(4, dtype=np.bool_)
    assert math.isinf(program(given).solve(beside, np.zeros_like(beside)))


def test_only_relations_that_lengthen_wires_pull() -> None:
    blocks = (soft("a", 100), soft("b", 100))
    problem = Problem(name="x", blocks=blocks, nets=(wire("n", "a", "p"),), pads=(Pad(name="p", x=0.0, y=0.0),))
    given = task(problem, 1.0)
    one = program(given)
    ahead, behind = np.zeros((2, 2), np.bool_), np.zeros((2, 2), np.bool_)
    ahead[0, 1] = behind[1, 0] = True
    none = np.zeros_like(ahead)
    one.solve(ahead, none)
    assert one.pulling == []
    one.solve(behind, none)
    assert one.pulling == [(0, 1, 0)]


def test_flips_exchange_blocks_that_lie_on_the_wrong_sides() -> None:
    blocks = (soft("a", 100), soft("b", 100))
    pads = (Pad(name="left", x=0.0, y=7.0), Pad(name="right", x=15.0, y=7.0))
    problem = Problem(name="x", blocks=blocks, nets=(wire("n", "a", "left"), wire("m", "b", "right")), pads=pads)
    given = task(problem)
    wrong = layout((11, 7.4, 7, 100 / 7), (3.6, 7.4, 7, 100 / 7))
    found = flip_relations(wrong, given.shapes, given.nets, given.frame)
    assert found.cx[0] < found.cx[1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_flips_never_lengthen_a_plan(seed: int) -> None:
    given = task(random_problem(hards=2, softs=5, seed=seed), 0.3)
    found = run_start(given, effort_for(7, 1), seed, Pace(), lambda share: None)
    flipped = flip_relations(found.layout, given.shapes, given.nets, given.frame)
    length = given.nets.constant + wirelength(flipped.cx, flipped.cy, flipped.turned, given.nets)
    assert length <= found.wirelength
    assert flipped.w * flipped.h == pytest.approx(found.layout.w * found.layout.h)


def test_a_layout_whose_relations_do_not_fit_is_left_alone() -> None:
    given = task(Problem(name="x", blocks=(hard("a", 10, 10), hard("b", 2, 2)), nets=()), 0.1)
    wide = layout((5, 5, 10, 10), (11, 1, 2, 2))
    assert flip_relations(wide, given.shapes, given.nets, given.frame) is wide
