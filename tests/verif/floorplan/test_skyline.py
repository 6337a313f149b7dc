"""Dense packings are legal, and a sequence pair gives them back."""

from __future__ import annotations

import random

import numpy as np

from tests.support.floorplans import hard
from verif.floorplan.arrays import Layout
from verif.floorplan.engine import task_of
from verif.floorplan.model import Problem
from verif.floorplan.moves import Pair
from verif.floorplan.sequence_pair import sequence_pair
from verif.floorplan.skyline import packings
from verif.floorplan.start import Task, _bounds, _packed, measured


def tight(*, whitespace: float, aspect: float = 1.0, blocks: int = 60) -> tuple[Task, Layout]:
    """Hard blocks of sides 10 to 30, all wanted in the middle of their outline."""
    dice = random.Random(3)
    sizes = [(dice.randint(10, 30), dice.randint(10, 30)) for _ in range(blocks)]
    problem = Problem(name="p", blocks=tuple(hard(f"b{n}", *size) for n, size in enumerate(sizes)), nets=())
    task = task_of(problem, problem.outline(whitespace=whitespace, aspect=aspect))
    shapes, frame = task.shapes, task.frame
    middle = np.full(blocks, 0.5)
    flags = np.zeros(blocks, dtype=bool)
    return task, Layout(middle * frame.width, middle * frame.height, shapes.width, shapes.height, flags)


def packed(task: Task, layout: Layout, *, over: bool = False) -> list[Layout]:
    return list(packings(layout, task.shapes, task.frame, 1, lambda: over))


def test_packings_lie_in_a_tight_outline_without_overlap_at_any_aspect() -> None:
    for aspect in (1.0, 3.0, 0.25):
        task, layout = tight(whitespace=0.1, aspect=aspect)
        found = packed(task, layout)
        assert found
        assert all(measured(task, one).legal for one in found)


def test_no_packing_is_given_where_none_fits_or_time_is_over() -> None:
    assert packed(*tight(whitespace=0.001)) == []
    assert packed(*tight(whitespace=0.1), over=True) == []


def test_blocks_are_packed_near_where_they_are_wanted() -> None:
    task, layout = tight(whitespace=0.3)
    right = np.arange(len(layout.w)) % 2 == 1
    wanted = layout._replace(cx=np.where(right, 0.9, 0.1) * task.frame.width)
    best = max(float(one.cx[right].mean() - one.cx[~right].mean()) for one in packed(task, wanted))
    assert best > 0.4 * task.frame.width


def test_sequence_pair_of_a_packing_packs_no_larger() -> None:
    task, layout = tight(whitespace=0.1)
    for one in packed(task, layout):
        first, second = sequence_pair(one.cx, one.cy, one.w, one.h)
        again = _packed(Pair(first, second, one.w, one.h, one.turned), _bounds(task))
        assert measured(task, again).legal
        assert (again.cx <= one.cx + 1e-6).all()
        assert (again.cy <= one.cy + 1e-6).all()


def test_sequence_pair_of_overlapping_blocks_still_orders_them_all() -> None:
    _, layout = tight(whitespace=0.1)
    first, second = sequence_pair(layout.cx, layout.cy, layout.w, layout.h)
    assert sorted(first) == sorted(second) == list(range(len(layout.w)))
