"""From a placement to a sequence pair: exact for a legal one, as near as the relations agree for a rough one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from verif.floorplan.arrays import I32, F

BINDING = 1e6
"""Weight of a relation that the sequence pair must keep, beside those of which it may choose."""


def sequence_pair(cx: F, cy: F, w: F, h: F) -> tuple[I32, I32]:
    """Return the two sequences for blocks with centres ``cx``, ``cy``; overlapping blocks are parted the cheaper way.

    Each pair's relation (left or below) votes for an order, weighted by closeness; cycles are cut by taking, again and
    again, the block with the least vote against it. Blocks apart on one axis only bind both orders, blocks apart on
    both bind one: without overlap these have no cycle, so the packing is never larger than the placement.
    """
    dx, dy = cx[None, :] - cx[:, None], cy[None, :] - cy[:, None]
    ox = (w[:, None] + w[None, :]) / 2 - np.abs(dx)
    oy = (h[:, None] + h[None, :]) / 2 - np.abs(dy)
    left = (ox < oy) & (dx > 0)
    below = (ox >= oy) & (dy > 0)
    side = max(float(np.ptp(cx)), float(np.ptp(cy)), 1e-9)
    closeness = 1 / (1 + 20 * np.hypot(dx, dy) / side)
    touch = 1e-9 * side
    apart_x, apart_y = ox <= touch, oy <= touch
    is_left, is_below = apart_x & (dx > 0), apart_y & (dy > 0)
    before = (left | below.T) * closeness + BINDING * ((is_left | is_below.T) & ~is_left.T & ~is_below)
    behind = (left | below) * closeness + BINDING * ((is_left | is_below) & ~is_left.T & ~is_below.T)
    return _order(before, cx - cy), _order(behind, cx + cy)


def _order(votes: F, key: F) -> I32:
    against = votes.sum(axis=0)
    waiting = np.ones(len(key), dtype=bool)
    order = np.empty(len(key), dtype=np.int32)
    for position in range(len(key)):
        load = np.where(waiting, against, np.inf)
        candidates: NDArray[np.intp] = np.flatnonzero(load <= load.min() + 1e-9)
        chosen = candidates[np.argmin(key[candidates])]
        order[position] = chosen
        waiting[chosen] = False
        against = against - votes[chosen]
    return order
