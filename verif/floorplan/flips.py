"""Local search over the relations of a plan of few blocks: each that lengthens the wires is tried the other three ways.

Slicing trees and annealing leave something where few blocks make every relation count; see docs/floorplan.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from verif.floorplan.arrays import Flags, Frame, Layout, Nets, Shapes
from verif.floorplan.kernels import wirelength
from verif.floorplan.polish import polish_hard, polish_soft, related
from verif.floorplan.programs import RelationProgram

TANGENTS = 21
"""Few tangents make programs fast; exact areas follow in ``polish``."""
WORTH = 1e-6
"""Least part of the wirelength that a flip must save."""


def flip_relations(
    layout: Layout, shapes: Shapes, nets: Nets, frame: Frame, over: Callable[[], bool] = lambda: False
) -> Layout:
    """Return the layout after flips until none helps, or until ``over``, or itself; all areas are exact."""
    program = RelationProgram(shapes, nets, frame, layout.turned, TANGENTS)
    beside, below = related(layout)
    best = program.solve(beside, below)
    if math.isinf(best):
        return layout
    sizes, improved = program.sizes, True
    while improved and not over():
        improved = False
        for axis, one, other in program.pulling:
            for trial in _flipped(beside, below, axis, one, other):
                length = program.solve(*trial)
                if length < best * (1 - WORTH):
                    best, (beside, below), sizes, improved = length, trial, program.sizes, True
                    break
            if improved or over():
                break
    cx, cy, w, h = sizes
    flipped = layout._replace(cx=cx, cy=cy, w=w, h=h)
    exact = polish_soft(flipped, shapes, nets, frame) if shapes.soft.any() else polish_hard(flipped, nets, frame)
    return exact if exact is not None and _length(exact, nets) < _length(layout, nets) else layout


def _length(layout: Layout, nets: Nets) -> float:
    return float(wirelength(layout.cx, layout.cy, layout.turned, nets))


def _flipped(beside: Flags, below: Flags, axis: int, one: int, other: int) -> Iterator[tuple[Flags, Flags]]:
    """Yield the relations with the two apart along the other axis, either way, and exchanged on this one."""
    for kept, first, second in ((False, one, other), (False, other, one), (True, other, one)):
        trial = (beside.copy(), below.copy())
        trial[axis][one, other] = False
        trial[axis if kept else 1 - axis][first, second] = True
        yield trial
