"""An independent check of a placement: overlap, outline, exact area, aspect, halo, fixed blocks, keep-outs.

Plain Python on purpose: it shares no code and no arrays with the engine that it judges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from verif.floorplan.model import Block, Place, Placement, Problem

TOLERANCE = 1e-6
"""Lengths may be off by this fraction of the outline's longer side (rounding of decimal files)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """One broken rule."""

    rule: str
    """One of: missing, overlap, outline, area, shape, aspect, halo, fixed, keepout, number."""
    blocks: tuple[str, ...]
    amount: float
    """How much: a length, an area or a ratio, by rule."""


def violations(problem: Problem, placement: Placement) -> list[Violation]:
    """Return every broken rule; an empty list means that the placement is legal."""
    eps = TOLERANCE * max(placement.outline.width, placement.outline.height)
    blocks = {block.name: block for block in problem.blocks}
    places = {place.name: place for place in placement.places}
    found = [Violation(rule="missing", blocks=(name,), amount=1) for name in sorted(blocks.keys() ^ places.keys())]
    shared = [(blocks[name], places[name]) for name in blocks if name in places]
    bad = [p.name for _, p in shared if not all(map(math.isfinite, (p.x, p.y, p.width, p.height)))]
    if bad or len(placement.places) != len(places):
        return [*found, Violation(rule="number", blocks=tuple(bad), amount=1)]
    for block, place in shared:
        found += _alone(block, place, placement, problem, eps)
    found += _overlaps(shared, eps)
    return found


def _alone(block: Block, place: Place, placement: Placement, problem: Problem, eps: float) -> list[Violation]:
    found = []
    margin = block.halo
    outside = max(
        margin - place.x,
        margin - place.y,
        place.x + place.width + margin - placement.outline.width,
        place.y + place.height + margin - placement.outline.height,
    )
    if outside > eps:
        found.append(Violation(rule="outline", blocks=(block.name,), amount=outside))
    found += _shape(block, place, eps)
    if block.fixed is not None:
        moved = max(abs(place.x - block.fixed[0]), abs(place.y - block.fixed[1]))
        if moved > eps or place.turned:
            found.append(Violation(rule="fixed", blocks=(block.name,), amount=moved))
    for keepout in problem.keepouts:
        dx = min(place.x + place.width + margin, keepout.x + keepout.width) - max(place.x - margin, keepout.x)
        dy = min(place.y + place.height + margin, keepout.y + keepout.height) - max(place.y - margin, keepout.y)
        if min(dx, dy) > eps:
            found.append(Violation(rule="keepout", blocks=(block.name,), amount=dx * dy))
    return found


def _shape(block: Block, place: Place, eps: float) -> list[Violation]:
    if block.soft:
        found = []
        deficit = abs(place.width * place.height - block.area) / block.area
        if deficit > TOLERANCE:
            found.append(Violation(rule="area", blocks=(block.name,), amount=deficit))
        aspect = place.height / place.width
        if not block.aspect_min * (1 - TOLERANCE) <= aspect <= block.aspect_max * (1 + TOLERANCE):
            found.append(Violation(rule="aspect", blocks=(block.name,), amount=aspect))
        return found
    expected = (block.height, block.width) if place.turned else (block.width, block.height)
    off = max(abs(place.width - expected[0]), abs(place.height - expected[1]))
    return [Violation(rule="shape", blocks=(block.name,), amount=off)] if off > eps else []


def _overlaps(shared: list[tuple[Block, Place]], eps: float) -> list[Violation]:
    """Sweep over x; every pair whose x ranges (with halos) meet is compared in y."""
    found = []
    by_left = sorted(shared, key=lambda pair: pair[1].x - pair[0].halo)
    active: list[tuple[Block, Place]] = []
    for block, place in by_left:
        left = place.x - block.halo
        active = [(b, p) for b, p in active if p.x + p.width + b.halo > left]
        for other, there in active:
            found += _pair(block, place, other, there, eps)
        active.append((block, place))
    return found


def _pair(block: Block, place: Place, other: Block, there: Place, eps: float) -> list[Violation]:
    dx = min(place.x + place.width, there.x + there.width) - max(place.x, there.x)
    dy = min(place.y + place.height, there.y + there.height) - max(place.y, there.y)
    if min(dx, dy) > eps:
        return [Violation(rule="overlap", blocks=(block.name, other.name), amount=dx * dy)]
    halo = block.halo + other.halo
    gap = max(-dx, -dy)
    if halo and gap < halo - eps:
        return [Violation(rule="halo", blocks=(block.name, other.name), amount=halo - gap)]
    return []
