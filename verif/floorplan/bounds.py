"""Reasons why blocks can't fit, found before any search."""

from __future__ import annotations

import itertools
import math

from verif.errors import InputError
from verif.floorplan.model import Block, Keepout, Outline, Problem

SLACK = 1 + 1e-9
"""Rounding that a comparison forgives."""
MOST = 60
"""The largest blocks, whose pairs are looked at."""


def check_fit(problem: Problem, outline: Outline) -> None:
    """Raise InputError PE720 to PE722 with the reason if the blocks can't lie in ``outline``.

    Silence proves nothing.
    """
    _check_outline(problem, outline)
    for block in problem.blocks:
        _check_block(block, outline)
    _check_area(problem, outline)
    _check_preplaced(problem, outline)
    _check_pairs(problem, outline)


def occupied(block: Block) -> float:
    """Return the least area that the block and its halo cover."""
    around = 2 * block.halo
    if not block.soft:
        return (block.width + around) * (block.height + around)
    width = math.sqrt(block.area / min(max(1.0, block.aspect_min), block.aspect_max))
    return (width + around) * (block.area / width + around)


def _check_outline(problem: Problem, outline: Outline) -> None:
    if not (0 < outline.width < math.inf and 0 < outline.height < math.inf):
        raise InputError(
            "PE722",
            f"the outline of {outline.width:.6g} x {outline.height:.6g} has no area",
            where=problem.name,
            allowed="whitespace is above -1, aspect above 0",
        )


def _check_area(problem: Problem, outline: Outline) -> None:
    need = sum(occupied(block) for block in problem.blocks) + _covered(problem.keepouts, outline)
    if need > outline.area * SLACK:
        raise InputError(
            "PE720",
            f"the blocks, with halos and keep-outs, need an area of {need:.6g}; the outline of "
            f"{outline.width:.6g} x {outline.height:.6g} has {outline.area:.6g}",
            where=problem.name,
            hint="give more whitespace or a larger outline",
        )


def _covered(keepouts: tuple[Keepout, ...], outline: Outline) -> float:
    """Area of the outline under the largest keep-out: they may overlap each other, so a sum would claim too much."""
    return max(
        (
            max(0.0, min(k.x + k.width, outline.width) - max(k.x, 0.0))
            * max(0.0, min(k.y + k.height, outline.height) - max(k.y, 0.0))
            for k in keepouts
        ),
        default=0.0,
    )


def _check_block(block: Block, outline: Outline) -> None:
    around = 2 * block.halo
    width, height = (outline.width - around) * SLACK, (outline.height - around) * SLACK
    if block.soft:
        thinnest, lowest = math.sqrt(block.area / block.aspect_max), math.sqrt(block.area * block.aspect_min)
        fits = thinnest <= width and lowest <= height and block.area <= width * height
    else:
        fits = block.width <= width and block.height <= height
        fits |= block.fixed is None and block.height <= width and block.width <= height
    if not fits:
        raise InputError(
            "PE720",
            f"block {block.name} does not fit into the outline of {outline.width:.6g} x {outline.height:.6g} by itself",
            hint="give a larger outline, another aspect, or make the block soft",
        )


def _check_preplaced(problem: Problem, outline: Outline) -> None:
    held = [(block, _rim(block)) for block in problem.blocks if block.fixed is not None]
    eps = 1e-9 * max(outline.width, outline.height)
    for block, (left, bottom, right, top) in held:
        if min(left, bottom, outline.width - right, outline.height - top) < -eps:
            raise InputError(
                "PE721",
                f"the preplaced block {block.name} (with its halo) sticks out of the outline of "
                f"{outline.width:.6g} x {outline.height:.6g}",
                hint="move it or give a larger outline",
            )
    walls = [("a keep-out", (k.x, k.y, k.x + k.width, k.y + k.height)) for k in problem.keepouts]
    blocks = [(f"block {block.name}", rim) for block, rim in held]
    pairs = [*itertools.combinations(blocks, 2), *itertools.product(blocks, walls)]
    for (one, a), (other, b) in pairs:
        if min(a[2], b[2]) - max(a[0], b[0]) > eps and min(a[3], b[3]) - max(a[1], b[1]) > eps:
            raise InputError("PE721", f"the preplaced {one} and {other} overlap", hint="move one of them")


def _rim(block: Block) -> tuple[float, float, float, float]:
    assert block.fixed is not None
    x, y = block.fixed
    return (
        x - block.halo,
        y - block.halo,
        x + block.width + block.halo,
        y + block.height + block.halo,
    )


def _check_pairs(problem: Problem, outline: Outline) -> None:
    """Two blocks too wide to lie side by side and too high to lie one over the other can't both lie in the outline."""
    largest = sorted(problem.blocks, key=lambda block: -block.footprint)[:MOST]
    least = [(block.name, _thinnest(block, outline.height), _thinnest(block, outline.width)) for block in largest]
    for (one, wide, high), (other, wider, higher) in itertools.combinations(least, 2):
        if wide + wider > outline.width * SLACK and high + higher > outline.height * SLACK:
            raise InputError(
                "PE720",
                f"blocks {one} and {other} can lie neither side by side nor one over the other in the outline of "
                f"{outline.width:.6g} x {outline.height:.6g}",
                where=problem.name,
                hint="give more whitespace, another aspect, or wider aspect ranges",
            )


def _thinnest(block: Block, length: float) -> float:
    """Return the least extent of a block across a direction in which the outline has ``length``; halo included."""
    if not block.soft:
        extents = (block.width, block.height) if block.fixed is None else (0.0, 0.0)
        return min(extents) + 2 * block.halo
    ratio = max(block.aspect_max, 1 / block.aspect_min)
    return max(math.sqrt(block.area / ratio), block.area / max(length - 2 * block.halo, 1e-9)) + 2 * block.halo
