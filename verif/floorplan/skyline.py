"""Dense packings of hard blocks near a given layout: a legal plan at once, also where annealing leaves the outline.

The lowest gap of the skyline is filled first, with the block that fills it best: E. Burke, G. Kendall, G. Whitwell,
"A new placement heuristic for the orthogonal stock-cutting problem", Operations Research 2004. Here the distance from
the given layout counts too. On GSRC n100 to n300 (10 % whitespace, aspects 1 to 3) half of the packings
tried fit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from verif.floorplan.arrays import I64, F, Flags, Frame, Layout, Shapes
from verif.floorplan.jit import compiled

TRIES = 240
"""Packings tried, each in 1.3 ms for 300 blocks; on GSRC the shortest of 600 is up to 10 % shorter than that of 60."""
MANY = 500
"""Blocks from which the first packing that fits is taken, since a packing takes the square of the blocks."""
NEAR, LARGE, GAP = (3.0, 16.0), (0.1, 1.5), (1.0, 4.0)
"""Least and greatest weights; outside of them hardly a packing of GSRC was the shortest."""


class Weights(NamedTuple):
    """What a block costs in a gap, all lengths beside ``near`` in mean block sides."""

    near: float
    large: float
    gap: float


class Skyline(NamedTuple):
    """Steps from left to right, each shape (blocks + 2,)."""

    left: F
    width: F
    top: F
    steps: I64
    """How many of them there are, shape (1,)."""


def packings(layout: Layout, shapes: Shapes, frame: Frame, seed: int, over: Callable[[], bool]) -> Iterator[Layout]:
    """Yield layouts inside of ``frame`` without overlap and near ``layout``: packed from all four sides in turn.

    Soft blocks keep the sizes that they have in ``layout``. Not for preplaced blocks.
    """
    random = np.random.default_rng(seed)
    for number in range(TRIES):
        if over():
            return
        weights = Weights(
            *(math.exp(random.uniform(math.log(low), math.log(high))) for low, high in (NEAR, LARGE, GAP))
        )
        found = _packed(layout, ~shapes.soft, frame, weights, across=number % 2 == 1, mirrored=number % 4 >= 2)
        if found is not None:
            yield found


def _packed(
    layout: Layout, may: Flags, frame: Frame, weights: Weights, *, across: bool, mirrored: bool
) -> Layout | None:
    """Pack from below (``across``: from the left; ``mirrored``: from above or the right); None where it is too high."""
    length = frame.width if across else frame.height
    other = frame.height if across else frame.width
    along, beside = (layout.cx, layout.cy) if across else (layout.cy, layout.cx)
    deep, wide = (layout.w, layout.h) if across else (layout.h, layout.w)
    goal = length - along if mirrored else along
    low, turned = np.empty((2, len(goal))), np.zeros(len(goal), np.bool_)
    if fill(beside, goal, wide, deep, may, other, weights, low[0], low[1], turned) > length * (1 + 1e-9):
        return None
    wide, deep = np.where(turned, deep, wide), np.where(turned, wide, deep)
    side, up = low[0] + wide / 2, low[1] + deep / 2
    up = length - up if mirrored else up
    around = turned ^ layout.turned
    if across:
        return Layout(cx=up, cy=side, w=deep, h=wide, turned=around)
    return Layout(cx=side, cy=up, w=wide, h=deep, turned=around)


@compiled
def fill(cx: F, cy: F, w: F, h: F, may: Flags, width: float, weights: Weights, x: F, y: F, turned: Flags) -> float:
    """Pack the blocks into a strip of ``width`` from below; fill ``x``, ``y`` and ``turned``, return the height.

    ``cx``, ``cy``: where the blocks should lie. ``may``: which may turn. Infinity where a block is too wide.
    """
    n = len(w)
    line = Skyline(np.zeros(n + 2), np.zeros(n + 2), np.zeros(n + 2), np.ones(1, np.int64))
    line.width[0] = width
    waiting = np.ones(n, np.bool_)
    unit, side = math.sqrt(np.mean(w * h)), math.sqrt(np.sum(w * h))
    left, highest = n, 0.0
    while left > 0:
        at = _lowest(line)
        block, turn, flush = _choice(line, at, cx, cy, w, h, may, waiting, weights, unit, side)
        if block < 0:
            if line.steps[0] == 1:
                return np.inf
            _lift(line, at)
            continue
        across, up = (h[block], w[block]) if turn else (w[block], h[block])
        x[block] = line.left[at] if flush else line.left[at] + line.width[at] - across
        y[block] = line.top[at]
        turned[block] = turn
        waiting[block] = False
        left -= 1
        highest = max(highest, line.top[at] + up)
        _raise(line, at, across, up, flush, 1e-9 * width)
    return highest


@compiled
def _lowest(line: Skyline) -> int:
    at = 0
    for k in range(1, line.steps[0]):
        if line.top[k] < line.top[at]:
            at = k
    return at


@compiled
def _choice(
    line: Skyline,
    at: int,
    cx: F,
    cy: F,
    w: F,
    h: F,
    may: Flags,
    waiting: Flags,
    weights: Weights,
    unit: float,
    side: float,
) -> tuple[int, bool, bool]:
    """Return the block that suits the gap best (-1 where none fits), whether turned, and whether at its left end."""
    room, floor, begin = line.width[at], line.top[at], line.left[at]
    wall_left = line.top[at - 1] if at > 0 else np.inf
    wall_right = line.top[at + 1] if at < line.steps[0] - 1 else np.inf
    least, block, turn, flush = np.inf, -1, False, True
    for i in range(len(w)):
        if not waiting[i]:
            continue
        for side_up in range(2 if may[i] else 1):
            across, up = (h[i], w[i]) if side_up == 1 else (w[i], h[i])
            gap = room - across
            if gap < -1e-9 * room:
                continue
            fit = weights.gap * min(gap / unit, 1.0 if gap < unit else 0.3)
            fit -= weights.large * math.sqrt(across * up) / unit
            for end in range(2):
                px, wall = (begin, wall_left) if end == 0 else (begin + gap, wall_right)
                off = abs(px + 0.5 * across - cx[i]) + abs(floor + 0.5 * up - cy[i])
                step = min(abs(floor + up - wall) / unit, 1.0) if wall < np.inf else 0.0
                cost = fit + weights.near * off / side + 0.3 * weights.gap * step
                if cost < least:
                    least, block, turn, flush = cost, i, side_up == 1, end == 0
    return block, turn, flush


@compiled
def _lift(line: Skyline, at: int) -> None:
    """Give a gap up: fill it to its lower wall."""
    last = line.steps[0] - 1
    beside = at - 1 if at == last or (at > 0 and line.top[at - 1] <= line.top[at + 1]) else at + 1
    line.top[at] = line.top[beside]
    _join(line, min(at, beside))


@compiled
def _raise(line: Skyline, at: int, across: float, up: float, flush: bool, eps: float) -> None:
    """Put a block of ``across`` by ``up`` on step ``at``, at its left end or its right."""
    gap = line.width[at] - across
    if gap > eps:
        for k in range(line.steps[0], at, -1):
            line.left[k], line.width[k], line.top[k] = line.left[k - 1], line.width[k - 1], line.top[k - 1]
        line.steps[0] += 1
        first = across if flush else gap
        line.width[at] = first
        line.left[at + 1] = line.left[at] + first
        line.width[at + 1] = gap if flush else across
        at = at if flush else at + 1
    line.top[at] += up
    if at < line.steps[0] - 1 and abs(line.top[at] - line.top[at + 1]) <= eps:
        _join(line, at)
    if at > 0 and abs(line.top[at] - line.top[at - 1]) <= eps:
        _join(line, at - 1)


@compiled
def _join(line: Skyline, at: int) -> None:
    """Make one step, as high as the higher one, of ``at`` and the one right of it."""
    line.width[at] += line.width[at + 1]
    line.top[at] = max(line.top[at], line.top[at + 1])
    for k in range(at + 1, line.steps[0] - 1):
        line.left[k], line.width[k], line.top[k] = line.left[k + 1], line.width[k + 1], line.top[k + 1]
    line.steps[0] -= 1
