"""The random moves of annealing over sequence pairs, compiled.

In a tight outline few moves fit; what helps most is to exchange blocks of about the same size (measured on GSRC n100 to
n300: 2 to 10 % less wirelength for the same number of moves).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from verif.floorplan.arrays import I32, F, Flags, Shapes
from verif.floorplan.jit import compiled


class Pair(NamedTuple):
    """A sequence pair with the blocks' placed sizes: all that a packing depends on."""

    first: I32
    second: I32
    w: F
    h: F
    turned: Flags


class Hints(NamedTuple):
    """Which blocks are worth moving together."""

    near: I32
    """Blocks that share a small net, in compressed rows."""
    near_start: I32
    alike: I32
    """For each block the most similar ones in size, shape (blocks, some)."""


@compiled
def propose(pair: Pair, at1: I32, at2: I32, shapes: Shapes, hints: Hints) -> None:
    """Change ``pair`` by one random move; ``at1`` and ``at2`` are the blocks' positions before it."""
    n = len(pair.first)
    a = np.random.randint(n)
    dice = np.random.random()
    if dice < 0.08:
        b = np.random.randint(n)
        pair.first[at1[a]], pair.first[at1[b]] = b, a
    elif dice < 0.16:
        b = np.random.randint(n)
        pair.second[at2[a]], pair.second[at2[b]] = b, a
    elif dice < 0.4:
        b = hints.alike[a, np.random.randint(hints.alike.shape[1])]
        pair.first[at1[a]], pair.first[at1[b]] = b, a
        pair.second[at2[a]], pair.second[at2[b]] = b, a
        _trade_shapes(pair, a, b, shapes)
    elif dice < 0.75:
        _insert_beside(pair, at1, at2, a, _neighbour(a, n, hints))
    else:
        _reshape(pair, a, shapes)


@compiled
def _neighbour(a: int, n: int, hints: Hints) -> int:
    """Pick a block other than ``a``, mostly one that shares a small net with it."""
    begin, degree = hints.near_start[a], hints.near_start[a + 1] - hints.near_start[a]
    if degree > 0 and np.random.random() < 0.7:
        chosen: int = hints.near[begin + np.random.randint(degree)]
        return chosen
    b = np.random.randint(n)
    return b if b != a else (a + 1) % n


@compiled
def _insert_beside(pair: Pair, at1: I32, at2: I32, a: int, b: int) -> None:
    """Put ``a`` directly left, right, above or below of ``b`` in both sequences."""
    side = np.random.randint(4)
    _move_to(pair.first, at1[a], at1[b] - (1 if at1[a] < at1[b] else 0) + (1 if side & 1 else 0))
    _move_to(pair.second, at2[a], at2[b] - (1 if at2[a] < at2[b] else 0) + (1 if side & 2 else 0))


@compiled
def _move_to(sequence: I32, source: int, destination: int) -> None:
    destination = min(destination, len(sequence) - 1)
    value = sequence[source]
    if source < destination:
        for k in range(source, destination):
            sequence[k] = sequence[k + 1]
    else:
        for k in range(source, destination, -1):
            sequence[k] = sequence[k - 1]
    sequence[destination] = value


@compiled
def _set_width(pair: Pair, a: int, inner: float, shapes: Shapes) -> None:
    """Give a soft block the width ``inner`` (without halo) as far as its range allows, and its exact area."""
    inner = min(max(inner, shapes.width_min[a]), shapes.width_max[a])
    pair.w[a] = inner + 2 * shapes.halo[a]
    pair.h[a] = shapes.area[a] / inner + 2 * shapes.halo[a]


@compiled
def _turn(pair: Pair, a: int) -> None:
    pair.w[a], pair.h[a] = pair.h[a], pair.w[a]
    pair.turned[a] = not pair.turned[a]


@compiled
def _reshape(pair: Pair, a: int, shapes: Shapes) -> None:
    """Turn a hard block, or give a soft one another width."""
    if not shapes.movable[a]:
        return
    if not shapes.soft[a]:
        _turn(pair, a)
    elif np.random.random() < 0.5:
        _set_width(pair, a, (pair.w[a] - 2 * shapes.halo[a]) * math.exp(0.3 * np.random.randn()), shapes)
    else:
        low, high = shapes.width_min[a], shapes.width_max[a]
        _set_width(pair, a, low + (high - low) * np.random.random(), shapes)


@compiled
def _trade_shapes(pair: Pair, a: int, b: int, shapes: Shapes) -> None:
    """Let two exchanged blocks take each other's shape as far as they can: hard ones turn, soft ones change width."""
    if not (shapes.movable[a] and shapes.movable[b]) or shapes.soft[a] != shapes.soft[b]:
        return
    if shapes.soft[a]:
        width_a, width_b = pair.w[a], pair.w[b]
        _set_width(pair, a, width_b - 2 * shapes.halo[a], shapes)
        _set_width(pair, b, width_a - 2 * shapes.halo[b], shapes)
    elif (pair.w[a] > pair.h[a]) != (pair.w[b] > pair.h[b]):
        _turn(pair, a)
        _turn(pair, b)
