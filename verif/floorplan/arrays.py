"""A problem as arrays, for the compiled stages (numba reads named tuples of arrays as they are).

Halos are folded into sizes: a block with a halo is a larger block whose rim stays empty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from verif.floorplan.model import Net, Problem

F = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]
FREE = 1e18
"""Bound of a net without pads: its low bound is +FREE, its high bound -FREE."""


class Nets(NamedTuple):
    """Nets in compressed rows; pads are folded into bounds per net. Nets of two blocks and no pad come first."""

    pin_block: I32
    """Block of each pin, shape (pins,)."""
    pin_dx: F
    """Offset of each pin from its block's centre, unturned, shape (pins,)."""
    pin_dy: F
    pin_net: I32
    """Net of each pin, shape (pins,)."""
    start: I32
    """First pin of each net, shape (nets + 1,)."""
    pairs: int
    """How many nets, from the first, join exactly two blocks and no pad."""
    weight: F
    low_x: F
    """Least x of the net's pads, FREE where it has none; likewise the others."""
    high_x: F
    low_y: F
    high_y: F
    offsets: bool
    """Whether any pin lies off its block's centre."""
    constant: float
    """Wirelength of nets between pads alone."""


class Shapes(NamedTuple):
    """Sizes of the blocks, halos included; all shape (blocks,)."""

    width: F
    height: F
    soft: Flags
    movable: Flags
    """Whether the block is not preplaced."""
    area: F
    """Exact area of a soft block without halo; 0 for a hard one."""
    width_min: F
    """Least and greatest width of a soft block without halo."""
    width_max: F
    halo: F


class Frame(NamedTuple):
    """What a layout must respect beside the blocks' relations."""

    width: float
    height: float
    fixed_x: F
    """Centre of a preplaced block, NaN for a free one; shape (blocks,)."""
    fixed_y: F


class Layout(NamedTuple):
    """Centres and placed sizes (halos included), each shape (blocks,)."""

    cx: F
    cy: F
    w: F
    h: F
    turned: Flags


def shapes_of(problem: Problem) -> Shapes:
    """Return the blocks' shapes; soft blocks start as squares where their range allows it."""
    soft = np.array([block.soft for block in problem.blocks])
    area = np.array([block.area for block in problem.blocks], dtype=float)
    halo = np.array([block.halo for block in problem.blocks], dtype=float)
    least = np.sqrt(area / np.array([block.aspect_max for block in problem.blocks]))
    most = np.sqrt(area / np.array([block.aspect_min for block in problem.blocks]))
    width = np.where(soft, np.clip(np.sqrt(area), least, most), [block.width for block in problem.blocks])
    height = np.where(soft, area / np.where(soft, width, 1), [block.height for block in problem.blocks])
    return Shapes(
        width=width + 2 * halo,
        height=height + 2 * halo,
        soft=soft,
        movable=np.array([block.fixed is None for block in problem.blocks]),
        area=area,
        width_min=least,
        width_max=most,
        halo=halo,
    )


def nets_of(problem: Problem) -> Nets:
    """Return the nets that can change with the placement; nets of a single pin are dropped."""
    index = {block.name: number for number, block in enumerate(problem.blocks)}
    pads = {pad.name: (pad.x, pad.y) for pad in problem.pads}
    rows: list[_Row] = []
    constant = 0.0
    for net in problem.nets:
        pins = tuple(dict.fromkeys((index[pin.owner], pin.dx, pin.dy) for pin in net.pins if pin.owner in index))
        bounds = _pad_bounds(net, pads)
        if not pins:
            constant += net.weight * max(0.0, bounds[1] - bounds[0] + bounds[3] - bounds[2])
        elif len(pins) > 1 or bounds[0] < FREE:
            rows.append(_Row(pins=pins, weight=net.weight, bounds=bounds))
    rows.sort(key=lambda row: not row.is_pair)
    return _compress(rows, constant)


class _Row(NamedTuple):
    """One net: (block, dx, dy) of its pins, its weight, and its pads' least x, greatest x, least y, greatest y."""

    pins: tuple[tuple[int, float, float], ...]
    weight: float
    bounds: tuple[float, float, float, float]

    @property
    def is_pair(self) -> bool:
        return len(self.pins) == 2 and self.bounds[0] >= FREE


def _pad_bounds(net: Net, pads: dict[str, tuple[float, float]]) -> tuple[float, float, float, float]:
    points = [pads[pin.owner] for pin in net.pins if pin.owner in pads]
    if not points:
        return FREE, -FREE, FREE, -FREE
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), max(xs), min(ys), max(ys)


def _compress(rows: list[_Row], constant: float) -> Nets:
    pins = np.array([pin for row in rows for pin in row.pins], dtype=float).reshape(-1, 3)
    bounds = np.array([row.bounds for row in rows], dtype=float).reshape(-1, 4)
    counts = np.array([len(row.pins) for row in rows], dtype=np.intp)
    low_x, high_x, low_y, high_y = (np.ascontiguousarray(column) for column in bounds.T)
    return Nets(
        pin_block=pins[:, 0].astype(np.int32),
        pin_dx=np.ascontiguousarray(pins[:, 1]),
        pin_dy=np.ascontiguousarray(pins[:, 2]),
        pin_net=np.repeat(np.arange(len(rows), dtype=np.int32), counts),
        start=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        pairs=sum(row.is_pair for row in rows),
        weight=np.array([row.weight for row in rows], dtype=float),
        low_x=low_x,
        high_x=high_x,
        low_y=low_y,
        high_y=high_y,
        offsets=bool(pins[:, 1:].any()),
        constant=constant,
    )
