"""A proven lower bound for the wirelength of few soft blocks: branch and bound over sequence pairs.

A node fixes, for some pairs of blocks, the order in the two sequences; its bound is the linear program of least
wirelength with those relations, areas kept from below by tangents. Where blocks still overlap the node is split over
the four orders of one pair, chosen by how much the bounds rise. Sequence pairs: H. Murata et al., "VLSI module
placement based on rectangle-packing by the sequence-pair", IEEE TCAD 1996.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np

from verif.floorplan.arrays import F, Flags, Frame, Nets, Shapes
from verif.floorplan.programs import RelationProgram

TRIED = 6
"""Most overlapping pairs that are tried before one is split."""
OVERLAP = 1e-6
"""Overlap that counts as none, in widths of the outline."""


@dataclass(kw_only=True)
class Bound:
    """What a search proved."""

    lower: float
    """No legal plan is shorter."""
    closed: bool
    """Whether the search ended; ``lower`` is then within the tolerance of the length given, or of a shorter plan."""
    nodes: int
    programs: int
    seconds: float


@dataclass(kw_only=True)
class _Search:
    tree: _Tree
    best: float
    tolerance: float
    until: float
    floor: float = math.inf
    """Least value of a node without overlaps."""
    nodes: int = 0
    open: list[_Node] = field(default_factory=list)

    @property
    def cut(self) -> float:
        return min(self.best, self.floor) * (1 - self.tolerance)

    def run(self) -> bool:
        """Go on, best child first, until nothing is open or the time is up; say which."""
        while self.open:
            if time.monotonic() > self.until:
                return False
            node = self.open.pop()
            if node.value >= self.cut:
                continue
            self.nodes += 1
            pairs = self.tree.overlapping(node)
            if not pairs:
                self.floor = min(self.floor, node.value)
                continue
            self.open.extend(sorted(self._split(node, pairs), key=lambda child: -child.value))
        return True

    def _split(self, node: _Node, pairs: list[tuple[int, int]]) -> list[_Node]:
        """Return the children, for the pair whose children rise most, that may still hold something shorter."""
        chosen: tuple[float, list[_Node]] = (-1.0, [])
        for one, other in pairs[:TRIED]:
            children = [child for child in self.tree.children(node, one, other) if child.value < self.cut]
            if len(children) <= 1:
                return children
            rise = sum(child.value - node.value for child in children) + (4 - len(children)) * (self.cut - node.value)
            chosen = max(chosen, (rise, children), key=lambda choice: choice[0])
        return chosen[1]


@dataclass(frozen=True, kw_only=True)
class _Node:
    """``first[i, j]``: block i comes before j in the first sequence; both orders are closed under transitivity."""

    first: Flags
    second: Flags
    value: float
    sizes: F
    """cx, cy, w and h of all blocks in the bound's solution, shape (4, blocks)."""


def lower_bound(shapes: Shapes, nets: Nets, frame: Frame, length: float, *, tolerance: float, limit: float) -> Bound:
    """Prove that no plan is shorter than about ``length``, the wirelength of a legal one, or find by how much.

    All blocks must be soft and free, without halos, and pins at their centres. ``limit`` is in seconds.
    """
    began = time.monotonic()
    tree = _Tree(shapes, nets, frame)
    none = np.zeros((len(shapes.width), len(shapes.width)), dtype=np.bool_)
    search = _Search(tree=tree, best=length, tolerance=tolerance, until=began + limit)
    search.open.append(tree.node(none, none))
    closed = search.run() and not tree.program.unanswered
    lower = min([search.cut, *(node.value for node in search.open)])
    seconds = time.monotonic() - began
    return Bound(lower=lower, closed=closed, nodes=search.nodes, programs=tree.program.solved, seconds=seconds)


class _Tree:
    """Makes nodes: the program, and what it needs to know of the problem."""

    def __init__(self, shapes: Shapes, nets: Nets, frame: Frame) -> None:
        self.program = RelationProgram(shapes, nets, frame)
        self._side = frame.width

    def node(self, first: Flags, second: Flags) -> _Node:
        """Bound what two orders allow."""
        value = self.program.solve(first & second, second & first.T)
        return _Node(first=first, second=second, value=value, sizes=self.program.sizes)

    def children(self, node: _Node, one: int, other: int) -> list[_Node]:
        """Return the nodes for the four orders of two blocks, less those that contradict the orders there are."""
        firsts = [_ordered(node.first, one, other), _ordered(node.first, other, one)]
        seconds = [_ordered(node.second, one, other), _ordered(node.second, other, one)]
        return [self.node(a, b) for a in firsts if a is not None for b in seconds if b is not None]

    def overlapping(self, node: _Node) -> list[tuple[int, int]]:
        """Return the pairs of blocks that overlap, the most first."""
        cx, cy, w, h = node.sizes
        over_x = (w[:, None] + w) / 2 - np.abs(cx[:, None] - cx)
        over_y = (h[:, None] + h) / 2 - np.abs(cy[:, None] - cy)
        both = np.triu(np.minimum(over_x, over_y), 1)
        order = np.argsort(-both, axis=None)
        return [divmod(int(place), len(w)) for place in order if both.flat[place] > OVERLAP * self._side]


def _ordered(order: Flags, one: int, other: int) -> Flags | None:
    """Return ``order`` with ``one`` before ``other`` and all that follows, or None where it says the reverse."""
    if order[other, one]:
        return None
    before, after = order[:, one].copy(), order[other].copy()
    before[one] = after[other] = True
    return order | np.outer(before, after)
