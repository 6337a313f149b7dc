"""The linear program of least wirelength for relations that change: solved again from the last basis.

Like the programs of ``polish``, with rows of relations that are switched on and off. A relation says that one block
lies left of, or below, another; soft areas are kept from below by tangents of h = A / w.
"""

from __future__ import annotations

import math

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from verif.floorplan.arrays import FREE, F, Flags, Frame, Nets, Shapes

TANGENTS = 41
"""Tangents of each soft area; with aspects of 1/3 to 3 the corners cut off are below 0.02 % of an area, 0.5 % for 9."""
PULL = 1e-6
"""Least dual of a relation that holds blocks apart."""
KEPT = 1e-5
"""Overlap that a kept relation may leave, in sizes of the largest block."""


Relation = tuple[int, int, int]
"""Axis (0: left of, 1: below) and the two blocks."""


def reduced(relation: Flags) -> NDArray[np.intp]:
    """Return the pairs of a transitive relation that do not follow from others, shape (pairs, 2)."""
    dense = relation.astype(np.float32)
    return np.argwhere(relation & ~((dense @ dense) > 0.5))


class RelationProgram:
    """Columns: cx, cy, w and h of all blocks, then ends of the nets by axis; rows of relations are added on demand."""

    def __init__(
        self, shapes: Shapes, nets: Nets, frame: Frame, turned: Flags | None = None, tangents: int = TANGENTS
    ) -> None:
        self.solved = 0
        self.unanswered = 0
        """Programs that the solver neither solved nor found impossible; ``solve`` takes them for impossible."""
        self._shapes = shapes
        self._blocks = len(shapes.width)
        self._turned = np.zeros(self._blocks, np.bool_) if turned is None else turned
        self._constant = nets.constant
        self._cost = [0.0] * 4 * self._blocks
        self._low: list[float] = []
        self._high: list[float] = []
        self._rows: list[dict[int, float]] = []
        self._least: list[float] = []
        self._bound_blocks(frame)
        self._keep_inside(frame)
        self._keep_areas(tangents)
        self._measure(nets)
        self._row_of: dict[Relation, int] = {}
        self._active: frozenset[Relation] = frozenset()
        self._solver = self._loaded()

    def solve(self, beside: Flags, below: Flags) -> float:
        """Return the least wirelength with block i left of (``beside[i, j]``) or below j; infinite where impossible."""
        wanted = frozenset(
            (axis, int(one), int(other))
            for axis, relation in ((0, beside), (1, below))
            for one, other in reduced(relation)
        )
        for relation in self._active - wanted:
            self._solver.changeRowBounds(self._row_of[relation], -np.inf, np.inf)
        for relation in wanted - self._active:
            self._switch_on(relation)
        self._active = wanted
        if not self._is_solved():
            return math.inf
        return float(self._solver.getObjectiveValue()) + self._constant if self._keeps(beside, below) else math.inf

    def _is_solved(self) -> bool:
        """Solve from the last basis, or from none where that led nowhere."""
        self.solved += 1
        self._solver.run()
        answers = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
        if self._solver.getModelStatus() not in answers:
            self._solver.clearSolver()
            self._solver.run()
        status = self._solver.getModelStatus()
        self.unanswered += status not in answers
        return bool(status == highspy.HighsModelStatus.kOptimal)

    def _keeps(self, beside: Flags, below: Flags) -> bool:
        """Whether the solution keeps all relations: those that run in a circle look as if they followed from others."""
        cx, cy, w, h = self.sizes
        for relation, centre, size in ((beside, cx, w), (below, cy, h)):
            gap = centre[None, :] - centre[:, None] - (size[:, None] + size) / 2
            if np.any(relation & (gap < -KEPT * size.max())):
                return False
        return True

    @property
    def sizes(self) -> F:
        """cx, cy, w and h of the blocks in the last solution, shape (4, blocks)."""
        return np.array(self._solver.getSolution().col_value[: 4 * self._blocks]).reshape(4, self._blocks)

    @property
    def pulling(self) -> list[Relation]:
        """Relations that lengthen the last solution, those that cost the most first."""
        duals = self._solver.getSolution().row_dual
        pulls = sorted((-duals[self._row_of[relation]], relation) for relation in self._active)
        return [relation for pull, relation in pulls if pull < -PULL]

    def _switch_on(self, relation: Relation) -> None:
        if relation in self._row_of:
            self._solver.changeRowBounds(self._row_of[relation], 0.0, np.inf)
            return
        axis, one, other = relation
        centre, size = axis * self._blocks, (2 + axis) * self._blocks
        columns = np.array([centre + other, centre + one, size + one, size + other], np.int32)
        self._row_of[relation] = self._solver.getNumRow()
        self._solver.addRow(0.0, np.inf, 4, columns, np.array([1.0, -1.0, -0.5, -0.5]))

    def _row(self, terms: dict[int, float], least: float) -> None:
        self._rows.append(terms)
        self._least.append(least)

    def _bound_blocks(self, frame: Frame) -> None:
        shapes = self._shapes
        around = 2 * shapes.halo
        for fixed, length in ((frame.fixed_x, frame.width), (frame.fixed_y, frame.height)):
            self._low.extend(np.where(np.isnan(fixed), 0.0, fixed))
            self._high.extend(np.where(np.isnan(fixed), length, fixed))
        hard = (
            np.where(self._turned, shapes.height, shapes.width),
            np.where(self._turned, shapes.width, shapes.height),
        )
        soft = np.where(shapes.soft, shapes.area, 1.0)
        thin, wide = np.where(shapes.soft, (shapes.width_min, shapes.width_max), 1.0)
        for own, low, high in ((hard[0], thin, wide), (hard[1], soft / wide, soft / thin)):
            self._low.extend(np.where(shapes.soft, low + around, own))
            self._high.extend(np.where(shapes.soft, high + around, own))

    def _keep_inside(self, frame: Frame) -> None:
        for axis, length in ((0, frame.width), (1, frame.height)):
            for block in range(self._blocks):
                centre, size = axis * self._blocks + block, (2 + axis) * self._blocks + block
                self._row({centre: 1.0, size: -0.5}, 0.0)
                self._row({centre: -1.0, size: -0.5}, -length)

    def _keep_areas(self, tangents: int) -> None:
        shapes = self._shapes
        for block in np.flatnonzero(shapes.soft):
            area, around = shapes.area[block], 2 * shapes.halo[block]
            for at in np.geomspace(shapes.width_min[block], shapes.width_max[block], tangents):
                slope = area / at**2
                terms = {3 * self._blocks + int(block): 1.0, 2 * self._blocks + int(block): slope}
                self._row(terms, 2 * area / at + around * (1 + slope))

    def _measure(self, nets: Nets) -> None:
        """Nets of the same pins and pads are one of their summed weight."""
        weights: dict[tuple[int, tuple[tuple[int, float], ...], float, float], float] = {}
        around = self._turned[nets.pin_block]
        dx, dy = np.where(around, -nets.pin_dy, nets.pin_dx), np.where(around, nets.pin_dx, nets.pin_dy)
        for net, weight in enumerate(nets.weight):
            pins = slice(nets.start[net], nets.start[net + 1])
            blocks = nets.pin_block[pins].tolist()
            for axis, offset, least, most in ((0, dx, nets.low_x, nets.high_x), (1, dy, nets.low_y, nets.high_y)):
                members = tuple(sorted(set(zip(blocks, offset[pins].tolist(), strict=True))))
                key = (axis, members, float(least[net]), float(most[net]))
                weights[key] = weights.get(key, 0.0) + float(weight)
        for (axis, members, low, high), weight in weights.items():
            padded = low < FREE
            for sign, bounds in ((1.0, (high, math.inf)), (-1.0, (-math.inf, low))):
                column = len(self._cost)
                self._cost.append(sign * weight)
                self._low.append(bounds[0] if padded else -math.inf)
                self._high.append(bounds[1] if padded else math.inf)
                for block, shift in members:
                    self._row({column: sign, axis * self._blocks + block: -sign}, sign * shift)

    def _loaded(self) -> highspy.Highs:
        entries = [(row, *term) for row, terms in enumerate(self._rows) for term in terms.items()]
        rows, columns, values = zip(*entries, strict=True)
        matrix = csr_matrix((values, (rows, columns)), shape=(len(self._rows), len(self._cost)))
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self._cost), len(self._rows)
        program.col_cost_, program.col_lower_, program.col_upper_ = self._cost, self._low, self._high
        program.row_lower_, program.row_upper_ = self._least, [np.inf] * len(self._rows)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = matrix.indptr, matrix.indices
        program.a_matrix_.value_ = matrix.data
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
            solver.setOptionValue(option, value)  # the simplex method goes on from the last basis
        solver.passModel(program)
        return solver
