"""Slicing trees: every cut divides a rectangle in proportion to the areas on its two sides.

So the outline is always kept and areas are always exact; only aspects can be violated. Whitespace is a number of
fillers: leaves without nets and without an aspect. A change of the tree moves the rectangles below one node only.

R. Otten, "Automatic floorplan design", DAC 1982; D. Wong, C. Liu, "A new algorithm for floorplan design", DAC 1986.
Areas divided from the top: A. Herrigel, W. Fichtner, "An analytic optimization technique for placement of
macro-cells", DAC 1989.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from verif.floorplan.arrays import I64, F, Flags
from verif.floorplan.jit import compiled

LOG = 8
"""Nodes that one change touches, at most."""


class Tree(NamedTuple):
    """Nodes 0 to leaves - 1 are leaves (blocks, then fillers), the rest are cuts; the last one is the root."""

    left: I64
    """The left or lower child of a cut, -1 for a leaf."""
    right: I64
    parent: I64
    """-1 for the root."""
    upright: Flags
    """Whether a cut runs upwards: its children lie side by side."""
    area: F
    box: F
    """Left, bottom, width and height of every node's rectangle, shape (nodes, 4)."""


class Undo(NamedTuple):
    """What a change replaced: node, left, right, parent, upright; shape (LOG, 5). ``size`` has one entry."""

    rows: I64
    size: I64


@compiled
def flip(tree: Tree, node: int, undo: Undo) -> int:
    """Turn the cut ``node``; return the node below which all has changed."""
    _log(tree, node, undo)
    tree.upright[node] = not tree.upright[node]
    return node


@compiled
def mirror(tree: Tree, node: int, undo: Undo) -> int:
    """Exchange the two sides of the cut ``node``; return it."""
    _log(tree, node, undo)
    tree.left[node], tree.right[node] = tree.right[node], tree.left[node]
    return node


@compiled
def exchange(tree: Tree, one: int, other: int, undo: Undo) -> int:
    """Exchange two subtrees; return the lowest node above both, or -1 where one holds the other."""
    top = meet(tree, one, other)
    if top == one or top == other:  # noqa: SIM109  (numba compiles no `in` here)
        return -1
    p, q = tree.parent[one], tree.parent[other]
    if p == q:
        return mirror(tree, p, undo)
    for node in (one, other, p, q):
        _log(tree, node, undo)
    _replace_child(tree, p, one, other)
    _replace_child(tree, q, other, one)
    tree.parent[one], tree.parent[other] = q, p
    _sum_up(tree, p, top)
    _sum_up(tree, q, top)
    return top


@compiled
def transplant(tree: Tree, node: int, beside: int, upright: bool, first: bool, undo: Undo) -> int:
    """Take ``node`` out and put it beside ``beside``; return the lowest node above all that changed, or -1.

    Its parent moves with it: it becomes the cut between the two. Not possible for a child of the root.
    """
    p = tree.parent[node]
    if p < 0 or tree.parent[p] < 0 or beside == p or tree.parent[beside] < 0 or meet(tree, node, beside) == node:
        return -1
    sibling = tree.right[p] if tree.left[p] == node else tree.left[p]
    above = tree.parent[p]
    if sibling == beside:
        _log(tree, p, undo)
        tree.upright[p] = upright
        tree.left[p], tree.right[p] = (node, beside) if first else (beside, node)
        return int(p)
    target = tree.parent[beside]
    for changed in (p, sibling, above, beside, target):
        _log(tree, changed, undo)
    _replace_child(tree, above, p, sibling)
    tree.parent[sibling] = above
    target = tree.parent[beside]
    _replace_child(tree, target, beside, p)
    tree.parent[p], tree.parent[beside] = target, p
    tree.upright[p] = upright
    tree.left[p], tree.right[p] = (node, beside) if first else (beside, node)
    top = meet(tree, above, p)
    if top == p:
        top = tree.parent[p]
    tree.area[p] = tree.area[node] + tree.area[beside]
    _sum_up(tree, above, top)
    _sum_up(tree, target, top)
    return top


@compiled
def restore(tree: Tree, top: int, undo: Undo) -> None:
    """Take the logged change back; ``top`` is what it returned."""
    for k in range(undo.size[0] - 1, -1, -1):
        node = undo.rows[k, 0]
        tree.left[node], tree.right[node] = undo.rows[k, 1], undo.rows[k, 2]
        tree.parent[node], tree.upright[node] = undo.rows[k, 3], undo.rows[k, 4] == 1
    for k in range(undo.size[0]):
        _sum_up(tree, undo.rows[k, 0], top)
    undo.size[0] = 0


@compiled
def meet(tree: Tree, one: int, other: int) -> int:
    """Return the lowest node that holds both, which may be one of them."""
    a, b = _depth(tree, one), _depth(tree, other)
    while a > b:
        one, a = tree.parent[one], a - 1
    while b > a:
        other, b = tree.parent[other], b - 1
    while one != other:
        one, other = tree.parent[one], tree.parent[other]
    return one


@compiled
def _depth(tree: Tree, node: int) -> int:
    depth = 0
    while tree.parent[node] >= 0:
        node, depth = tree.parent[node], depth + 1
    return depth


@compiled
def _log(tree: Tree, node: int, undo: Undo) -> None:
    k = undo.size[0]
    undo.rows[k, 0] = node
    undo.rows[k, 1], undo.rows[k, 2] = tree.left[node], tree.right[node]
    undo.rows[k, 3], undo.rows[k, 4] = tree.parent[node], 1 if tree.upright[node] else 0
    undo.size[0] = k + 1


@compiled
def _replace_child(tree: Tree, parent: int, old: int, new: int) -> None:
    if tree.left[parent] == old:
        tree.left[parent] = new
    else:
        tree.right[parent] = new


@compiled
def _sum_up(tree: Tree, node: int, top: int) -> None:
    """Add the areas up from ``node`` to below ``top``, whose own area stays."""
    while node >= 0 and node != top:
        if tree.left[node] >= 0:
            tree.area[node] = tree.area[tree.left[node]] + tree.area[tree.right[node]]
        node = tree.parent[node]


@compiled
def divide(tree: Tree, top: int, box: F, order: I64) -> int:
    """Fill ``box`` with the rectangles of all nodes below ``top``; return how many nodes ``order`` then lists."""
    box[top] = tree.box[top]
    order[0] = top
    done, count = 0, 1
    while done < count:
        node = order[done]
        done += 1
        one, other = tree.left[node], tree.right[node]
        if one < 0:
            continue
        x, y, w, h = box[node, 0], box[node, 1], box[node, 2], box[node, 3]
        share = tree.area[one] / (tree.area[one] + tree.area[other])
        if tree.upright[node]:
            box[one, 0], box[one, 1], box[one, 2], box[one, 3] = x, y, w * share, h
            box[other, 0], box[other, 1], box[other, 2], box[other, 3] = x + w * share, y, w * (1 - share), h
        else:
            box[one, 0], box[one, 1], box[one, 2], box[one, 3] = x, y, w, h * share
            box[other, 0], box[other, 1], box[other, 2], box[other, 3] = x, y + h * share, w, h * (1 - share)
        order[count], order[count + 1] = one, other
        count += 2
    return count


@compiled
def leaf_at(tree: Tree, x: float, y: float) -> int:
    """Return the leaf whose rectangle holds the point."""
    node = len(tree.left) - 1
    while tree.left[node] >= 0:
        other = tree.right[node]
        beyond = x >= tree.box[other, 0] if tree.upright[node] else y >= tree.box[other, 1]
        node = other if beyond else tree.left[node]
    return node


def tree_of(cx: F, cy: F, area: F, width: float, height: float) -> Tree:
    """Return the tree that halves the leaves again and again, by area, across the longer side of their rectangle."""
    leaves = len(area)
    nodes = 2 * leaves - 1
    tree = Tree(
        left=np.full(nodes, -1, np.int64),
        right=np.full(nodes, -1, np.int64),
        parent=np.full(nodes, -1, np.int64),
        upright=np.zeros(nodes, np.bool_),
        area=np.concatenate((area, np.zeros(leaves - 1))),
        box=np.zeros((nodes, 4)),
    )
    following = iter(range(leaves, nodes - 1))
    waiting = [(nodes - 1, np.arange(leaves), width, height)]
    while waiting:
        node, members, w, h = waiting.pop()
        tree.area[node] = area[members].sum()
        if len(members) == 1:
            continue
        tree.upright[node] = w > h
        members = members[np.argsort(cx[members] if w > h else cy[members], kind="stable")]
        sums = np.cumsum(area[members])
        half = min(len(members) - 1, 1 + int(np.argmin(np.abs(sums[:-1] - sums[-1] / 2))))
        share = sums[half - 1] / sums[-1]
        for part, is_left in ((members[:half], True), (members[half:], False)):
            child = int(part[0]) if len(part) == 1 else next(following)
            tree.parent[child] = node
            (tree.left if is_left else tree.right)[node] = child
            s = share if is_left else 1 - share
            waiting.append((child, part, w * s if w > h else w, h if w > h else h * s))
    tree.box[-1] = (0.0, 0.0, width, height)
    divide(tree, nodes - 1, tree.box, np.empty(nodes, np.int64))
    return tree
