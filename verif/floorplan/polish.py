"""Least wirelength for given left-of and below relations, as a linear program (HiGHS).

Relations are read off a legal placement, the wider gap wins, and are reduced transitively. Soft blocks' sizes are
variables: their area is kept from below by tangents of h = A / w, refined where the solution cuts the corner; a last
program with the widths fixed makes each area exact. Literature: A. Kahng et al., "VLSI Physical Design", 2nd ed.,
section 3.5; M. Anjos, A. Vannelli,
"A new mathematical-programming framework for facility-layout design", INFORMS JoC 2006.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from verif.floorplan.arrays import FREE, F, Flags, Frame, Layout, Nets, Shapes
from verif.floorplan.programs import reduced

MARGIN = 2e-4
"""Part of the outline kept back while soft sizes move, so that exact areas fit in afterwards."""
NEARLY = 6e-3
"""Part of a soft area that may be missing when exact areas are tried; more tangents save 0.005 % on GSRC n300."""


def relations(layout: Layout) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs (a left of b) and (a below b), transitively reduced, each of shape (pairs, 2)."""
    beside, below = related(layout)
    return reduced(beside), reduced(below)


def related(layout: Layout) -> tuple[Flags, Flags]:
    """Return for each two blocks whether the first is left of, or below, the second: the axis with the wider gap."""
    dx = layout.cx[None, :] - layout.cx[:, None]
    dy = layout.cy[None, :] - layout.cy[:, None]
    gap_x = np.abs(dx) - (layout.w[:, None] + layout.w[None, :]) / 2
    gap_y = np.abs(dy) - (layout.h[:, None] + layout.h[None, :]) / 2
    beside = gap_x >= gap_y
    return beside & (dx > 0), ~beside & (dy > 0)


def polish_hard(layout: Layout, nets: Nets, frame: Frame) -> Layout | None:
    """Return the layout of least wirelength for the relations of ``layout`` with all sizes kept, or None."""
    beside, below = relations(layout)
    dx, dy = _offsets(nets, layout.turned)
    cx = _solve_axis(beside, layout.w, frame.width, nets, dx, nets.low_x, nets.high_x, frame.fixed_x)
    cy = _solve_axis(below, layout.h, frame.height, nets, dy, nets.low_y, nets.high_y, frame.fixed_y)
    return None if cx is None or cy is None else layout._replace(cx=cx, cy=cy)


def polish_soft(layout: Layout, shapes: Shapes, nets: Nets, frame: Frame, *, cuts: int = 4) -> Layout | None:
    """Like ``polish_hard`` with the sizes of soft blocks free; every soft area is exact in the result."""
    tangents = [np.clip(layout.w - 2 * shapes.halo, shapes.width_min, shapes.width_max)]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        tangents.append(shapes.width_min ** (1 - share) * shapes.width_max**share)
    sized = layout
    for _ in range(cuts):
        answer = _solve_joint(sized, shapes, nets, frame, tangents)
        if answer is None:
            return None
        sized = answer
        inner_w, inner_h = sized.w - 2 * shapes.halo, sized.h - 2 * shapes.halo
        missing = np.where(shapes.soft, shapes.area - inner_w * inner_h, 0) / np.maximum(shapes.area, 1)
        exact = polish_hard(_exact(sized, shapes), nets, frame) if missing.max(initial=0) < NEARLY else None
        if exact is not None:
            return exact
        tangents.append(np.where(shapes.soft, inner_w, 1))
    return polish_hard(_exact(sized, shapes), nets, frame)


def _exact(sized: Layout, shapes: Shapes) -> Layout:
    """Keep the widths of soft blocks and give them the heights that make their areas exact."""
    inner = np.where(shapes.soft, np.clip(sized.w - 2 * shapes.halo, shapes.width_min, shapes.width_max), 1)
    height = np.where(shapes.soft, shapes.area / inner + 2 * shapes.halo, sized.h)
    return sized._replace(w=np.where(shapes.soft, inner + 2 * shapes.halo, sized.w), h=height)


def _offsets(nets: Nets, turned: Flags) -> tuple[F, F]:
    around = turned[nets.pin_block]
    return np.where(around, -nets.pin_dy, nets.pin_dx), np.where(around, nets.pin_dx, nets.pin_dy)


class _Rows:
    """Rows ``lower <= sum of value * column`` of a linear program, gathered in bulk."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.intp]] = []
        self.columns: list[NDArray[np.intp]] = []
        self.values: list[F] = []
        self.lower: list[F] = []
        self.count = 0

    def add(self, terms: list[tuple[NDArray[np.intp], float | F]], lower: float | F) -> None:
        """Add one row for each entry of the terms' column arrays."""
        size = len(terms[0][0])
        index = self.count + np.arange(size)
        for column, value in terms:
            self.rows.append(index)
            self.columns.append(column)
            self.values.append(np.broadcast_to(np.asarray(value, dtype=float), size))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=float), size))
        self.count += size

    def solve(self, cost: F, low: F, high: F) -> F | None:
        """Minimise ``cost``; None where the rows contradict each other."""
        entries = (np.concatenate(self.values), (np.concatenate(self.rows), np.concatenate(self.columns)))
        matrix = csr_matrix(entries, shape=(self.count, len(cost)))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(cost), self.count
        program.col_cost_, program.col_lower_, program.col_upper_ = cost, low, high
        program.row_lower_, program.row_upper_ = np.concatenate(self.lower), np.full(self.count, np.inf)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
        program.a_matrix_.value_ = matrix.data
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("solver", "ipm")  # 3 to 8 times faster than the simplex method on GSRC n300
        solver.passModel(program)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(solver.getSolution().col_value)


def _net_rows(rows: _Rows, nets: Nets, centre: int, bound: int, offset: F) -> None:
    """Keep each pin between its net's low variable (from ``bound``) and high variable (after all lows)."""
    pins = nets.pin_block.astype(np.intp) + centre
    lows = nets.pin_net.astype(np.intp) + bound
    highs = lows + len(nets.weight)
    rows.add([(pins, 1.0), (lows, -1.0)], -offset)
    rows.add([(highs, 1.0), (pins, -1.0)], offset)


def _net_columns(cost: F, low: F, high: F, nets: Nets, bound: int, least: F, most: F) -> None:
    count = len(nets.weight)
    cost[bound : bound + count] = -nets.weight
    cost[bound + count : bound + 2 * count] = nets.weight
    high[bound : bound + count] = np.where(least < FREE, least, np.inf)
    low[bound + count : bound + 2 * count] = np.where(most > -FREE, most, -np.inf)


def _solve_axis(
    pairs: NDArray[np.intp], size: F, length: float, nets: Nets, offset: F, least: F, most: F, fixed: F
) -> F | None:
    n, count = len(size), len(nets.weight)
    cost, low, high = np.zeros(n + 2 * count), np.full(n + 2 * count, -np.inf), np.full(n + 2 * count, np.inf)
    low[:n], high[:n] = np.where(np.isnan(fixed), size / 2, fixed), np.where(np.isnan(fixed), length - size / 2, fixed)
    if np.any(low[:n] > high[:n] + 1e-9 * length):
        return None
    high[:n] = np.maximum(low[:n], high[:n])
    _net_columns(cost, low, high, nets, n, least, most)
    rows = _Rows()
    rows.add([(pairs[:, 1], 1.0), (pairs[:, 0], -1.0)], (size[pairs[:, 0]] + size[pairs[:, 1]]) / 2)
    _net_rows(rows, nets, 0, n, offset)
    answer = rows.solve(cost, low, high)
    return None if answer is None else answer[:n]


def _solve_joint(layout: Layout, shapes: Shapes, nets: Nets, frame: Frame, tangents: list[F]) -> Layout | None:
    """Columns: cx, cy, w, h (n each), low x, high x, low y, high y (nets each)."""
    n, count = len(layout.w), len(nets.weight)
    columns = 4 * n + 4 * count
    cost, low, high = np.zeros(columns), np.full(columns, -np.inf), np.full(columns, np.inf)
    for first, fixed in ((0, frame.fixed_x), (n, frame.fixed_y)):
        free = np.isnan(fixed)
        low[first : first + n], high[first : first + n] = np.where(free, 0, fixed), np.where(free, np.inf, fixed)
    around = 2 * shapes.halo
    tallest = np.where(shapes.soft, shapes.area / np.where(shapes.soft, shapes.width_min, 1), 0)
    low[2 * n : 3 * n] = np.where(shapes.soft, shapes.width_min + around, layout.w)
    high[2 * n : 3 * n] = np.where(shapes.soft, shapes.width_max + around, layout.w)
    low[3 * n : 4 * n] = np.where(shapes.soft, around, layout.h)
    high[3 * n : 4 * n] = np.where(shapes.soft, tallest + around, layout.h)
    _net_columns(cost, low, high, nets, 4 * n, nets.low_x, nets.high_x)
    _net_columns(cost, low, high, nets, 4 * n + 2 * count, nets.low_y, nets.high_y)
    rows = _Rows()
    beside, below = relations(layout)
    left, right = beside[:, 0], beside[:, 1]
    rows.add([(right, 1.0), (left, -1.0), (2 * n + left, -0.5), (2 * n + right, -0.5)], 0.0)
    low_, up = below[:, 0], below[:, 1]
    rows.add([(n + up, 1.0), (n + low_, -1.0), (3 * n + low_, -0.5), (3 * n + up, -0.5)], 0.0)
    every = np.arange(n)
    for first, size, length in ((0, 2 * n, frame.width), (n, 3 * n, frame.height)):
        rows.add([(first + every, 1.0), (size + every, -0.5)], 0.0)
        rows.add([(first + every, -1.0), (size + every, -0.5)], -length * (1 - MARGIN))
    soft = np.flatnonzero(shapes.soft)
    area, halo = shapes.area[soft], around[soft]
    for tangent in tangents:
        at = tangent[soft]
        slope = area / at**2
        rows.add([(3 * n + soft, 1.0), (2 * n + soft, slope)], 2 * area / at + halo + slope * halo)
    dx, dy = _offsets(nets, layout.turned)
    _net_rows(rows, nets, 0, 4 * n, dx)
    _net_rows(rows, nets, n, 4 * n + 2 * count, dy)
    answer = rows.solve(cost, low, high)
    if answer is None:
        return None
    return layout._replace(cx=answer[:n], cy=answer[n : 2 * n], w=answer[2 * n : 3 * n], h=answer[3 * n : 4 * n])
