"""Simulated annealing over slicing trees: least wirelength with the blocks' aspects as a penalty.

Only the nets of blocks that move are measured again, so a move near the leaves costs next to nothing. This suits soft
blocks: on GSRC n100 to n300 (soft, 10 % whitespace, 800 ring) it is better by 2 to 4 % than annealing sequence pairs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from verif.floorplan.arrays import I64, F, Nets
from verif.floorplan.jit import compiled
from verif.floorplan.slicing import Tree, Undo, divide, exchange, flip, leaf_at, mirror, restore, transplant

LENGTH, BENT, BEST, UNIT, ACCEPTED, MARK = range(6)
"""State between calls: wirelength, sum of aspect violations, best score, first wirelength, moves taken, last mark."""
STATE = 6
HOPE, HOPE_OF_PART, HEATS = 0.1, 0.5, 4.0
"""A move is given up before all is measured where it could only be accepted if it saved more than this beside what is
known, in first wirelengths a block: HOPE where the aspects are known, HOPE_OF_PART while nets are measured, and HEATS
temperatures more. On GSRC n100 no accepted move saved more than HOPE and four temperatures."""
HOPES = 500
"""Blocks up to which moves are given up so; with 2,000 blocks the first start then ended with aspects out of range."""


class Leaves(NamedTuple):
    """The blocks among the leaves."""

    low: F
    """Logarithm of the least height over width, shape (blocks,); for a hard block that of its own."""
    high: F
    hard: F
    """1 for a hard block, which may be turned; 0 for a soft one."""
    alike: I64
    """For each leaf, fillers too, the nearest ones in area, shape (leaves, some)."""
    net: I64
    """The nets of each block, in compressed rows."""
    net_start: I64


class Room(NamedTuple):
    """Scratch of one evaluation."""

    box: F
    order: I64
    moved: I64
    """Mark of the last change that moved a block."""
    touched: I64
    """Mark of the last change that touched a net."""
    nets: I64
    lengths: F


class Cooling(NamedTuple):
    """Moves ``begin`` to ``end`` of ``total``, cooling from ``hot`` to ``cold`` first wirelengths a block."""

    begin: int
    end: int
    total: int
    hot: float
    cold: float
    bend_first: float
    """Weight of a violation of 1, also in first wirelengths a block, at the start and at the end."""
    bend_last: float
    seed: int


@compiled
def cool(
    tree: Tree, best: Tree, lengths: F, state: F, nets: Nets, leaves: Leaves, room: Room, undo: Undo, cooling: Cooling
) -> None:
    """Run a part of a schedule in place on the current and the best tree; ``lengths`` holds each net's wirelength."""
    n = len(leaves.low)
    if cooling.begin == 0:
        np.random.seed(cooling.seed)
        for net in range(len(nets.weight)):
            lengths[net] = _span(net, nets, tree.box, tree.box, room.moved, -1)
            state[LENGTH] += lengths[net]
        for leaf in range(n):
            state[BENT] += _bend(leaf, tree.box, leaves)
        state[UNIT], state[BEST] = max(state[LENGTH], 1e-9), np.inf
    slope = math.log(cooling.cold / cooling.hot)
    mark = int(state[MARK])
    hope = state[UNIT] / n if n <= HOPES else 1e18
    for step in range(cooling.begin, cooling.end):
        share = step / cooling.total
        heat = cooling.hot * math.exp(slope * share) * state[UNIT] / n
        weight = cooling.bend_first * (cooling.bend_last / cooling.bend_first) ** share * state[UNIT] / n
        undo.size[0] = 0
        top = _change(tree, n, nets, leaves, undo)
        if top < 0:
            continue
        mark += 1
        count = divide(tree, top, room.box, room.order)
        bent = 0.0
        for k in range(count):
            leaf = room.order[k]
            if leaf < n and _differs(room.box, tree.box, leaf):
                room.moved[leaf] = mark
                bent += _bend(leaf, room.box, leaves) - _bend(leaf, tree.box, leaves)
        limit = -heat * math.log(1.0 - np.random.random()) - weight * bent
        slack = HEATS * heat
        if limit + slack + HOPE * hope < 0:
            restore(tree, top, undo)
            continue
        most = limit + slack + HOPE_OF_PART * hope
        gain, touched = _gain(tree, count, n, lengths, nets, leaves, room, mark, most)
        if gain > limit:
            restore(tree, top, undo)
            continue
        state[LENGTH] += gain
        state[BENT] += bent
        state[ACCEPTED] += 1
        for k in range(count):
            node = room.order[k]
            for axis in range(4):
                tree.box[node, axis] = room.box[node, axis]
        for k in range(touched):
            lengths[room.nets[k]] = room.lengths[k]
        score = state[LENGTH] + cooling.bend_last * state[UNIT] / n * state[BENT]
        if score < state[BEST] and share > 0.3:
            state[BEST] = score
            _copy(tree, best)
    state[MARK] = mark


@compiled
def _copy(source: Tree, target: Tree) -> None:
    target.left[:] = source.left
    target.right[:] = source.right
    target.parent[:] = source.parent
    target.upright[:] = source.upright
    target.area[:] = source.area
    target.box[:] = source.box


@compiled
def _differs(one: F, other: F, leaf: int) -> bool:
    change = 0.0
    for axis in range(4):
        change += abs(one[leaf, axis] - other[leaf, axis])
    return bool(change > 1e-9 * (other[leaf, 2] + other[leaf, 3]))


@compiled
def _bend(leaf: int, box: F, leaves: Leaves) -> float:
    """Return how far a leaf's aspect lies outside of its range, as a difference of logarithms."""
    aspect = math.log(box[leaf, 3] / box[leaf, 2])
    out = max(0.0, aspect - leaves.high[leaf], leaves.low[leaf] - aspect)
    if leaves.hard[leaf] > 0:
        out = min(out, max(0.0, -aspect - leaves.high[leaf], leaves.low[leaf] + aspect))
    return float(out)


@compiled
def _span(net: int, nets: Nets, box: F, new: F, moved: I64, mark: int) -> float:
    """Return the wirelength of a net between the centres of its blocks; ``new`` holds for blocks that bear ``mark``."""
    a, b, c, d = nets.low_x[net], nets.high_x[net], nets.low_y[net], nets.high_y[net]
    for pin in range(nets.start[net], nets.start[net + 1]):
        block = nets.pin_block[pin]
        if moved[block] == mark:
            x, y = new[block, 0] + 0.5 * new[block, 2], new[block, 1] + 0.5 * new[block, 3]
        else:
            x, y = box[block, 0] + 0.5 * box[block, 2], box[block, 1] + 0.5 * box[block, 3]
        a = min(a, x)
        b = max(b, x)
        c = min(c, y)
        d = max(d, y)
    return float(nets.weight[net] * (b - a + d - c))


@compiled
def _gain(
    tree: Tree, count: int, n: int, lengths: F, nets: Nets, leaves: Leaves, room: Room, mark: int, most: float
) -> tuple[float, int]:
    """Return the change of wirelength and how many nets ``room`` then lists with their new lengths.

    Stops where the nets measured so far lose more than ``most``.
    """
    gain, touched = 0.0, 0
    for k in range(count):
        leaf = room.order[k]
        if leaf >= n or room.moved[leaf] != mark:
            continue
        for at in range(leaves.net_start[leaf], leaves.net_start[leaf + 1]):
            net = leaves.net[at]
            if room.touched[net] == mark:
                continue
            room.touched[net] = mark
            length = _span(net, nets, tree.box, room.box, room.moved, mark)
            gain += length - lengths[net]
            room.nets[touched], room.lengths[touched] = net, length
            touched += 1
        if gain > most:
            break
    return gain, touched


@compiled
def _change(tree: Tree, n: int, nets: Nets, leaves: Leaves, undo: Undo) -> int:
    """Change the tree at random; return the node below which all may have moved, or -1 where nothing came of it."""
    nodes = len(tree.left)
    m = (nodes + 1) // 2
    dice = np.random.random()
    if dice < 0.12:
        return flip(tree, m + np.random.randint(m - 1), undo)
    if dice < 0.2:
        return mirror(tree, m + np.random.randint(m - 1), undo)
    leaf = np.random.randint(m)
    if dice < 0.3:
        return exchange(tree, leaf, _nearby(tree, leaf), undo)
    if dice < 0.45:
        other = leaves.alike[leaf, np.random.randint(leaves.alike.shape[1])]
        return exchange(tree, leaf, other, undo)
    if dice < 0.5:
        return exchange(tree, np.random.randint(nodes - 1), np.random.randint(nodes - 1), undo)
    node = leaf
    while np.random.random() < 0.15 and tree.parent[node] >= 0:
        node = tree.parent[node]
    beside = _nearby(tree, leaf) if dice < 0.7 else _wanted_place(tree, leaf, n, nets, leaves)
    while np.random.random() < 0.35 and tree.parent[beside] >= 0:
        beside = tree.parent[beside]
    return transplant(tree, node, beside, np.random.random() < 0.5, np.random.random() < 0.5, undo)


@compiled
def _nearby(tree: Tree, leaf: int) -> int:
    """Return a node a few cuts away: changes between the two stay below a low node and cost little."""
    node = tree.parent[leaf]
    climbed = 1
    while tree.parent[node] >= 0 and np.random.random() < 0.6:
        node, climbed = tree.parent[node], climbed + 1
    while climbed > 0 and tree.left[node] >= 0:
        node = tree.left[node] if np.random.random() < 0.5 else tree.right[node]
        climbed -= 1
    return int(node)


@compiled
def _wanted_place(tree: Tree, leaf: int, n: int, nets: Nets, leaves: Leaves) -> int:
    """Return the leaf at, or near, the mean centre of the nets of ``leaf``; any leaf for one without nets."""
    m = (len(tree.left) + 1) // 2
    if leaf >= n or leaves.net_start[leaf + 1] == leaves.net_start[leaf] or np.random.random() < 0.2:
        return np.random.randint(m)
    if np.random.random() < 0.5:
        return _fellow(leaf, nets, leaves)
    x, y, total = 0.0, 0.0, 0.0
    for at in range(leaves.net_start[leaf], leaves.net_start[leaf + 1]):
        net = leaves.net[at]
        a, b, c, d = nets.low_x[net], nets.high_x[net], nets.low_y[net], nets.high_y[net]
        for pin in range(nets.start[net], nets.start[net + 1]):
            block = nets.pin_block[pin]
            if block != leaf:
                px, py = tree.box[block, 0] + 0.5 * tree.box[block, 2], tree.box[block, 1] + 0.5 * tree.box[block, 3]
                a, b, c, d = min(a, px), max(b, px), min(c, py), max(d, py)
        x += nets.weight[net] * (a + b) * 0.5
        y += nets.weight[net] * (c + d) * 0.5
        total += nets.weight[net]
    root = len(tree.left) - 1
    width, height = tree.box[root, 2], tree.box[root, 3]
    x = x / total + 0.08 * width * np.random.randn()
    y = y / total + 0.08 * height * np.random.randn()
    return leaf_at(tree, min(max(x, 0.0), width), min(max(y, 0.0), height))


@compiled
def _fellow(leaf: int, nets: Nets, leaves: Leaves) -> int:
    """Return a block on one of the nets of ``leaf``; it may be ``leaf`` itself."""
    begin, end = leaves.net_start[leaf], leaves.net_start[leaf + 1]
    net = leaves.net[begin + np.random.randint(end - begin)]
    first, last = nets.start[net], nets.start[net + 1]
    return int(nets.pin_block[first + np.random.randint(last - first)])
