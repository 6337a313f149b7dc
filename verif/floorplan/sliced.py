"""One cooling of a slicing tree: from a rough layout to a good one, in chunks between looks at the clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from verif.floorplan.arrays import F, Frame, Layout, Nets, Shapes
from verif.floorplan.cooling import STATE, Cooling, Leaves, Room, cool
from verif.floorplan.slicing import LOG, Tree, Undo, tree_of

HOT, COLD = 0.04, 0.003
"""Temperatures in first wirelengths a block; on GSRC n100 0.1 and 0.001 were worse by 0.15 %, as was half of HOT."""
FEW, MANY, WIDE = 50, 500, (0.1, 0.001)
"""Fewer blocks have moves enough for a wider range: serv (14 blocks) is 1 % better with it. More blocks need its cold
end, since no linear program mends their aspects."""
MILD, FIRM, STIFF = (0.05, 0.2), (0.3, 3.0), (0.3, 90.0)
"""Weights of aspect violations at the start and at the end, in first wirelengths a block: where a linear program mends
what is left of them, where it can mend little, and where there is none or a plan with the others was not legal. On GSRC
n100 (soft, 10 % whitespace, 800 ring) MILD makes the polished plan 0.5 % shorter than FIRM in 2 s and 0.14 % in 60 s; a
last weight of 0.1 is worse. Of n300 with 1 % whitespace, two of nine runs of 10 s need STIFF."""
ROOMY = 0.05
"""Part of the outline that must be whitespace for aspects to be mended in it."""
FILLERS = 0.2
"""Fillers for each block, more where they would be larger than blocks; 0.06 and 0.5 were worse on n100."""
ALIKE = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Slicer:
    """What every cooling of a problem shares."""

    shapes: Shapes
    nets: Nets
    frame: Frame
    leaves: Leaves
    area: F
    """Areas of blocks, halos included, then of fillers."""

    @property
    def bends(self) -> tuple[tuple[float, float], ...]:
        """Weights of aspects for layouts that are polished, to be tried in this order until a plan is legal."""
        count = len(self.leaves.low)
        roomy = self.area[count:].sum() >= ROOMY * self.area.sum()
        return (MILD, FIRM) if count >= FEW and roomy and self.shapes.soft.all() else (FIRM, STIFF)


def slicer_for(shapes: Shapes, nets: Nets, frame: Frame) -> Slicer:
    """Prepare a problem without preplaced blocks whose blocks fit the outline by area."""
    count = len(shapes.width)
    blocks = shapes.width * shapes.height
    white = max(frame.width * frame.height - blocks.sum(), 0.0)
    fillers = max(2, round(FILLERS * count), math.ceil(white / blocks.mean())) if white > 1e-9 * blocks.sum() else 0
    area = np.concatenate((blocks, np.full(fillers, white / max(fillers, 1))))
    distance = np.abs(np.log(area[:, None] / area))
    np.fill_diagonal(distance, np.inf)
    near = np.argsort(distance, axis=1, kind="stable")[:, : max(1, min(ALIKE, len(area) - 1))]
    around = 2 * shapes.halo
    thin, wide = shapes.width_min + around, shapes.width_max + around
    own = np.log(shapes.height / shapes.width)
    order = np.argsort(nets.pin_block, kind="stable")
    counts = np.bincount(nets.pin_block, minlength=count)
    leaves = Leaves(
        low=np.where(shapes.soft, np.log(blocks / np.where(shapes.soft, wide, 1) ** 2), own),
        high=np.where(shapes.soft, np.log(blocks / np.where(shapes.soft, thin, 1) ** 2), own),
        hard=np.where(shapes.soft, 0.0, 1.0),
        alike=near.astype(np.int64),
        net=nets.pin_net[order].astype(np.int64),
        net_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
    )
    return Slicer(shapes=shapes, nets=nets, frame=frame, leaves=leaves, area=area)


def slice_and_cool(
    slicer: Slicer,
    rough: Layout,
    parts: Iterable[tuple[int, int, int]],
    seed: int,
    tick: Callable[[float], None],
    bend: tuple[float, float],
) -> tuple[Layout, float]:
    """Return the best layout of a cooling that starts near ``rough``, and the share of it that was made.

    ``parts``: begin, end and total of the moves made between two looks at the clock.
    ``bend``: weights of aspect violations at the start and at the end, in first wirelengths a block.
    Rectangles tile the outline: a soft block whose aspect lies outside of its range, and a hard one, may stick out of
    the block's rectangle until its layout is polished.
    """
    tree = _first_tree(slicer, rough, seed)
    best = Tree(*(array.copy() for array in tree))  # type: ignore[arg-type]  # the fields in their order
    count, nodes = len(slicer.leaves.low), len(tree.left)
    wires = len(slicer.nets.weight)
    lengths, state = np.zeros(wires), np.zeros(STATE)
    undo = Undo(np.zeros((LOG, 5), np.int64), np.zeros(1, np.int64))
    room = Room(
        box=np.zeros((nodes, 4)),
        order=np.zeros(nodes, np.int64),
        moved=np.full(count, -1, np.int64),
        touched=np.full(wires, -1, np.int64),
        nets=np.zeros(wires, np.int64),
        lengths=np.zeros(wires),
    )
    share = 0.0
    hot, cold = (HOT, COLD) if FEW <= count <= MANY else WIDE
    for begin, end, total in parts:
        cooling = Cooling(begin, end, total, hot, cold, *bend, seed)
        cool(tree, best, lengths, state, slicer.nets, slicer.leaves, room, undo, cooling)
        share = end / total
        tick(share)
    return _layout(slicer, best), share


def _first_tree(slicer: Slicer, rough: Layout, seed: int) -> Tree:
    """Halve the rough layout; fillers begin anywhere."""
    fillers = len(slicer.area) - len(rough.cx)
    random = np.random.default_rng(seed)
    cx = np.concatenate((rough.cx, slicer.frame.width * random.random(fillers)))
    cy = np.concatenate((rough.cy, slicer.frame.height * random.random(fillers)))
    return tree_of(cx, cy, slicer.area, slicer.frame.width, slicer.frame.height)


def _layout(slicer: Slicer, tree: Tree) -> Layout:
    """Return the blocks' rectangles; hard blocks keep their size, turned where that suits the rectangle better."""
    shapes = slicer.shapes
    x, y, w, h = tree.box[: len(shapes.width)].T
    turned = ~shapes.soft & ((w > h) != (shapes.width > shapes.height))
    width = np.where(shapes.soft, w, np.where(turned, shapes.height, shapes.width))
    height = np.where(shapes.soft, h, np.where(turned, shapes.width, shapes.height))
    return Layout(cx=x + w / 2, cy=y + h / 2, w=width, h=height, turned=turned)
