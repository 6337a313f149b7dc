"""Simulated annealing over sequence pairs, in a fixed outline or for least area.

S. Kirkpatrick, C. Gelatt, M. Vecchi, "Optimization by Simulated Annealing", Science 1983; the outline enters as
an adaptive penalty as in S. Adya, I. Markov, "Fixed-outline floorplanning", TVLSI 2003.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from verif.floorplan.arrays import I32, F, Nets, Shapes
from verif.floorplan.jit import compiled
from verif.floorplan.kernels import pack_low, wirelength
from verif.floorplan.moves import Hints, Pair, propose

COST, LENGTH, EXCESS, BEST, PENALTY, UNIT, ACCEPTED = range(7)
"""Entries of the state that one call of ``anneal`` leaves for the next; UNIT is the wirelength at the start."""
STATE = 7
HOPE = 0.03
"""A move that would have to save more than this part of the wirelength to be accepted is not measured."""


class Bounds(NamedTuple):
    """The outline, and where preplaced blocks are held: least position and greatest end of every block."""

    width: float
    height: float
    floor_x: F
    floor_y: F
    ceil_x: F
    ceil_y: F
    held: bool
    """Whether any block is preplaced."""
    area_only: bool


class Schedule(NamedTuple):
    """Moves ``begin`` to ``end`` of ``total``, cooling geometrically from ``hot`` to ``cold``, relative to the cost."""

    begin: int
    end: int
    total: int
    hot: float
    cold: float
    seed: int


class Scratch(NamedTuple):
    """Room for one evaluation."""

    x: F
    y: F
    cx: F
    cy: F
    tree: F
    """One longer than the others."""


@compiled
def anneal(
    now: Pair,
    best: Pair,
    state: F,
    shapes: Shapes,
    nets: Nets,
    bounds: Bounds,
    hints: Hints,
    schedule: Schedule,
    scratch: Scratch,
) -> None:
    """Run a part of a schedule, in place on the current and the best pair and on ``state``."""
    n = len(now.first)
    if schedule.begin == 0:
        np.random.seed(schedule.seed)
    at1, at2 = np.empty(n, np.int32), np.empty(n, np.int32)
    rank = np.empty(n, np.int32)
    new = Pair(now.first.copy(), now.second.copy(), now.w.copy(), now.h.copy(), now.turned.copy())
    _index(now.first, at1)
    _index(now.second, at2)
    blocks = np.sum(shapes.width * shapes.height)
    if schedule.begin == 0:
        state[UNIT] = 1.0
        _measure(now, at2, nets, bounds, scratch, blocks, np.inf, state)
        state[UNIT] = max(state[LENGTH], 1e-9)
        state[COST] = _cost(state[LENGTH], state[EXCESS], state, bounds.area_only)
        state[BEST] = np.inf
        _keep(now, best, state, bounds.area_only)
    cooling = math.log(schedule.cold / schedule.hot)
    trial = state.copy()
    for step in range(schedule.begin, schedule.end):
        temperature = schedule.hot * math.exp(cooling * step / schedule.total)
        limit = state[COST] - temperature * math.log(1.0 - np.random.random())
        _copy(now, new)
        propose(new, at1, at2, shapes, hints)
        _index(new.second, rank)
        trial[PENALTY], trial[UNIT], trial[LENGTH] = state[PENALTY], state[UNIT], state[LENGTH]
        if _measure(new, rank, nets, bounds, scratch, blocks, limit, trial):
            cost = _cost(trial[LENGTH], trial[EXCESS], state, bounds.area_only)
            if cost <= limit:
                state[COST], state[LENGTH], state[EXCESS] = cost, trial[LENGTH], trial[EXCESS]
                state[ACCEPTED] += 1
                _copy(new, now)
                _index(now.first, at1)
                at2[:] = rank
                _keep(now, best, state, bounds.area_only)
        if step % 1000 == 999 and not bounds.area_only:
            state[PENALTY] = min(state[PENALTY] * 1.05, 200.0) if state[EXCESS] > 0 else max(state[PENALTY] * 0.98, 0.5)
            state[COST] = _cost(state[LENGTH], state[EXCESS], state, False)


@compiled
def _copy(source: Pair, target: Pair) -> None:
    target.first[:] = source.first
    target.second[:] = source.second
    target.w[:] = source.w
    target.h[:] = source.h
    target.turned[:] = source.turned


@compiled
def _index(sequence: I32, at: I32) -> None:
    for k in range(len(sequence)):
        at[sequence[k]] = k


@compiled
def _cost(length: float, excess: float, state: F, area_only: bool) -> float:
    return length if area_only else length / state[UNIT] + state[PENALTY] * excess


@compiled
def _keep(now: Pair, best: Pair, state: F, area_only: bool) -> None:
    """Remember ``now`` if it is the best so far: legal before illegal, then by wirelength or area."""
    score = state[LENGTH] if area_only or state[EXCESS] <= 1e-9 else 1e30 * (1 + state[EXCESS])
    if score < state[BEST]:
        state[BEST] = score
        _copy(now, best)


@compiled
def _measure(
    pair: Pair, rank: I32, nets: Nets, bounds: Bounds, scratch: Scratch, blocks: float, limit: float, state: F
) -> bool:
    """Pack ``pair``; put wirelength (or relative area) and relative violation into ``state``.

    Returns False, with nothing measured, where the violation alone puts the cost out of reach of ``limit``. Blocks
    that are not preplaced share the slack that is left over: they are shifted to the middle.
    """
    n = len(rank)
    x, y, cx, cy = scratch.x, scratch.y, scratch.cx, scratch.cy
    length_x = pack_low(pair.first, rank, pair.w, bounds.floor_x, x, scratch.tree)
    length_y = pack_low(pair.first[::-1], rank, pair.h, bounds.floor_y, y, scratch.tree)
    if bounds.area_only:
        state[LENGTH], state[EXCESS] = length_x * length_y / blocks, 0.0
        return True
    width, height = bounds.width, bounds.height
    excess = max(0.0, length_x - width) / width + max(0.0, length_y - height) / height
    if bounds.held:
        for i in range(n):
            excess += max(0.0, x[i] + pair.w[i] - bounds.ceil_x[i]) / width
            excess += max(0.0, y[i] + pair.h[i] - bounds.ceil_y[i]) / height
    if state[LENGTH] / state[UNIT] * (1 - HOPE) + state[PENALTY] * excess > limit:
        return False
    shift_x, shift_y = max(0.0, width - length_x) * 0.5, max(0.0, height - length_y) * 0.5
    for i in range(n):
        cx[i] = x[i] + 0.5 * pair.w[i] + shift_x
        cy[i] = y[i] + 0.5 * pair.h[i] + shift_y
        if bounds.ceil_x[i] < width or bounds.ceil_y[i] < height:
            cx[i] -= shift_x
            cy[i] -= shift_y
    state[LENGTH] = wirelength(cx, cy, pair.turned, nets)
    state[EXCESS] = excess
    return True
