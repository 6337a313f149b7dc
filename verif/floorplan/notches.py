"""The least area of few hard blocks by enumeration: every block lies in the lowest free corner of those before it.

For one width after the other, blocks are laid into the lowest, leftmost notch of the skyline, or the notch is given up
and filled with waste; a branch ends where it wastes more than a smaller area than the best known allows. In the MCNC
sets, whose best packings waste 1 to 2 %, that leaves few branches. Not a proof: packings in which no block lies in
the lowest corner, and the corner can't be given up, are left out.
Skylines: E. Burke, G. Kendall, G. Whitwell, "A new placement heuristic for the orthogonal stock-cutting problem",
Operations Research 2004. Widths are sums of sides: N. Christofides, C. Whitlock, "An algorithm for two-dimensional
cutting problems", Operations Research 1977.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from verif.floorplan.arrays import I64, F, Flags, Layout, Shapes
from verif.floorplan.jit import compiled

MOST = 11
"""Blocks up to which there is room for all sums of sides: 4 to the power of the blocks at most."""
NODES = 1_000_000
"""Branches of one width, at most; xerox needs 0.5 million."""
LEFT, WIDTH, TOP = range(3)
OPTION, SEGMENTS, LOW, LEFT_OVER = range(4)
"""Path: the next block and turn to try, the skyline's segments, the lowest of them, blocks not laid yet as bits."""
BOX, LEAST, BLOCKS, COUNT = range(4)
"""State: width of the box, least area so far, area of the blocks, branches looked at."""
EPS = 1e-9


class Notches(NamedTuple):
    """One search; lengths are in parts of the square root of the blocks' area."""

    width: F
    height: F
    twin: I64
    """The block of the same size before this one, or -1: of twins the first one is laid first."""
    x: F
    y: F
    turned: Flags
    sums: F
    """Sums of sides of every set of blocks, one side of each at most, rising; one set after the other."""
    first: I64
    """Where the sums of a set begin, by its bits; shape (sets + 1,)."""
    best_x: F
    best_y: F
    best_turned: Flags
    sky: F
    """Skyline at every depth, shape (depths, segments, 3)."""
    path: I64
    """For every depth OPTION, SEGMENTS, LOW and LEFT_OVER; shape (depths, 4)."""
    waste: F
    state: F


def least_area(shapes: Shapes, area: float, over: Callable[[], bool], tick: Callable[[float], None]) -> Layout | None:
    """Return a packing of less than ``area``, the least found until all widths are done or ``over``; None without.

    All blocks are hard and free; ``tick`` is told the share of widths done.
    """
    unit = float(np.sqrt(np.sum(shapes.width * shapes.height)))
    search = _search(shapes.width / unit, shapes.height / unit, area / unit**2)
    widths = _widths(search, area / unit**2)
    for number, width in enumerate(widths):
        if over():
            break
        try_width(search, width, NODES)
        tick((number + 1) / len(widths))
    if search.state[LEAST] * unit**2 >= area * (1 - EPS):
        return None
    turned = search.best_turned
    w = np.where(turned, shapes.height, shapes.width)
    h = np.where(turned, shapes.width, shapes.height)
    return Layout(cx=search.best_x * unit + w / 2, cy=search.best_y * unit + h / 2, w=w, h=h, turned=turned.copy())


def _search(width: F, height: F, area: float) -> Notches:
    count = len(width)
    order = np.sort(np.stack((width, height)), axis=0)
    twin = np.full(count, -1, np.int64)
    for block in range(count):
        same = np.flatnonzero(np.all(order[:, :block] == order[:, block : block + 1], axis=0))
        twin[block] = same[-1] if len(same) else -1
    sums = _sums(width, height, area / _least_width(width, height))
    return Notches(
        width=width,
        height=height,
        twin=twin,
        x=np.zeros(count),
        y=np.zeros(count),
        turned=np.zeros(count, np.bool_),
        sums=np.concatenate(sums),
        first=np.cumsum([0] + [len(row) for row in sums]),
        best_x=np.zeros(count),
        best_y=np.zeros(count),
        best_turned=np.zeros(count, np.bool_),
        sky=np.zeros((2 * count + 4, count + 2, 3)),
        path=np.zeros((2 * count + 4, 4), np.int64),
        waste=np.zeros(2 * count + 4),
        state=np.array([0.0, area, float(np.sum(width * height)), 0.0]),
    )


def _sums(width: F, height: F, most: float) -> list[F]:
    """Return, for every set of blocks, the sums of their sides up to ``most``."""
    sums = [np.zeros(1)]
    for block in range(len(width)):
        for rest in range(1 << block):
            row = np.concatenate((sums[rest], sums[rest] + width[block], sums[rest] + height[block]))
            sums.append(np.unique(np.round(row[row <= most], 12)))
    return sums


def _least_width(width: F, height: F) -> float:
    return float(np.max(np.minimum(width, height)))


def _widths(search: Notches, area: float) -> list[float]:
    """Return the sums of sides that the shorter side of a box below ``area`` may have, those near a square first."""
    sums = search.sums[search.first[-2] :]
    least = _least_width(search.width, search.height)
    sums = sums[(sums >= least * (1 - EPS)) & (sums <= np.sqrt(area))]
    return [float(value) for value in sums[::-1]]


@compiled
def try_width(search: Notches, width: float, nodes: int) -> None:
    """Look at up to ``nodes`` branches of boxes of ``width``."""
    count = len(search.width)
    options = 2 * count
    path, waste = search.path, search.waste
    search.state[BOX], search.state[COUNT] = width, 0.0
    search.sky[0, 0, LEFT], search.sky[0, 0, WIDTH], search.sky[0, 0, TOP] = 0.0, width, 0.0
    path[0, OPTION], path[0, SEGMENTS], path[0, LEFT_OVER], waste[0] = 0, 1, (1 << count) - 1, 0.0
    depth = 0
    while depth >= 0:
        option = path[depth, OPTION]
        path[depth, OPTION] += 1
        if option == 0:
            search.state[COUNT] += 1
            path[depth, LOW] = _lowest(search.sky[depth], path[depth, SEGMENTS])
            if path[depth, LEFT_OVER] == 0:
                _keep(search, search.sky[depth], path[depth, SEGMENTS])
            if path[depth, LEFT_OVER] == 0 or search.state[COUNT] > nodes or _is_lost(search, depth):
                depth -= 1
                continue
        if option > options:
            depth -= 1
        elif _give_up(search, depth) if option == options else _lay(search, depth, option // 2, option % 2 == 1):
            depth += 1
            path[depth, OPTION] = 0


@compiled
def _is_lost(search: Notches, depth: int) -> bool:
    """Whether the blocks left over can't fill the columns above the skyline, or its notches, well enough."""
    state, sky = search.state, search.sky[depth]
    rest, segments = search.path[depth, LEFT_OVER], search.path[depth, SEGMENTS]
    spare = state[LEAST] * (1 + EPS) - state[BLOCKS] - search.waste[depth]
    above, beside = 0.0, 0.0
    for k in range(segments):
        above += sky[k, WIDTH] * _unfilled(search, rest, state[LEAST] / state[BOX] - sky[k, TOP])
        wall = sky[k - 1, TOP] if k > 0 else 1e18
        if k + 1 < segments:
            wall = min(wall, sky[k + 1, TOP])
        if sky[k, TOP] < wall < 1e17:
            beside += (wall - sky[k, TOP]) * _unfilled(search, rest, sky[k, WIDTH])
    return bool(max(above, beside) > spare)


@compiled
def _unfilled(search: Notches, rest: int, length: float) -> float:
    """Return what no sum of sides of the blocks ``rest`` fills of ``length``."""
    low, high = search.first[rest], search.first[rest + 1]
    while high - low > 1:
        middle = (low + high) // 2
        if search.sums[middle] <= length + EPS:
            low = middle
        else:
            high = middle
    return float(max(0.0, length - search.sums[low]))


@compiled
def _lowest(sky: F, segments: int) -> int:
    low = 0
    for k in range(1, segments):
        if sky[k, TOP] < sky[low, TOP] - EPS:
            low = k
    return low


@compiled
def _lay(search: Notches, depth: int, block: int, turn: bool) -> bool:
    """Lay a block into the left corner of the notch, if it may lie there."""
    twin, rest = search.twin[block], search.path[depth, LEFT_OVER]
    if not rest >> block & 1 or (twin >= 0 and rest >> twin & 1):
        return False
    w = search.height[block] if turn else search.width[block]
    h = search.width[block] if turn else search.height[block]
    low = search.path[depth, LOW]
    floor, gap = search.sky[depth, low, TOP], search.sky[depth, low, WIDTH]
    if w > gap + EPS or (turn and abs(w - h) < EPS):
        return False
    if (floor + h) * search.state[BOX] >= search.state[LEAST] * (1 - EPS):
        return False
    search.x[block], search.y[block], search.turned[block] = search.sky[depth, low, LEFT], floor, turn
    search.path[depth + 1, LEFT_OVER] = rest & ~(1 << block)
    search.path[depth + 1, SEGMENTS] = _raise(search, depth, min(w, gap), h)
    search.waste[depth + 1] = search.waste[depth]
    return True


@compiled
def _give_up(search: Notches, depth: int) -> bool:
    """Fill the notch up to its lower wall, if that does not waste too much."""
    low, segments = search.path[depth, LOW], search.path[depth, SEGMENTS]
    if segments == 1:
        return False
    sky = search.sky[depth]
    wall = sky[low - 1, TOP] if low > 0 else sky[low + 1, TOP]
    if low + 1 < segments:
        wall = min(wall, sky[low + 1, TOP])
    waste = search.waste[depth] + sky[low, WIDTH] * (wall - sky[low, TOP])
    if waste >= search.state[LEAST] * (1 - EPS) - search.state[BLOCKS]:
        return False
    search.path[depth + 1, LEFT_OVER] = search.path[depth, LEFT_OVER]
    search.path[depth + 1, SEGMENTS] = _raise(search, depth, sky[low, WIDTH], wall - sky[low, TOP])
    search.waste[depth + 1] = waste
    return True


@compiled
def _raise(search: Notches, depth: int, w: float, h: float) -> int:
    """Write the skyline of the next depth, with ``w`` x ``h`` in the notch's left corner; return its segments."""
    sky, new = search.sky[depth], search.sky[depth + 1]
    low, segments = search.path[depth, LOW], search.path[depth, SEGMENTS]
    count = 0
    for k in range(segments):
        for part in range(2):
            left, width, top = sky[k, LEFT], sky[k, WIDTH], sky[k, TOP]
            if k == low and part == 0:
                width, top = w, top + h
            elif k == low:
                left, width = left + w, width - w
            elif part == 1:
                continue
            if width <= EPS:
                continue
            if count > 0 and abs(new[count - 1, TOP] - top) < EPS:
                new[count - 1, WIDTH] += width
            else:
                new[count, LEFT], new[count, WIDTH], new[count, TOP] = left, width, top
                count += 1
    return count


@compiled
def _keep(search: Notches, sky: F, segments: int) -> None:
    """Remember the packing if its box is smaller than the least so far."""
    top = 0.0
    for k in range(segments):
        top = max(top, sky[k, TOP])
    if top * search.state[BOX] < search.state[LEAST] * (1 - EPS):
        search.state[LEAST] = top * search.state[BOX]
        search.best_x[:] = search.x
        search.best_y[:] = search.y
        search.best_turned[:] = search.turned
