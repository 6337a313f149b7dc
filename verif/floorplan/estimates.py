"""What a floorplan is worth, in plain Python, apart from the engine that made it. Each function names its source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from verif.floorplan.model import Net, Pin, Place, Placement, Problem

Point = tuple[float, float]
BROADCAST = 8
"""Nets with more ends, such as resets, are buffered as trees and make no critical connection."""
RENT_EXPONENT = 0.65
"""Used where a design is too small to fit its own; Landman and Russo measured 0.47 to 0.75."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CriticalNet:
    """The longest connection between two blocks."""

    net: str
    blocks: tuple[str, str]
    distance: float
    """Manhattan distance between the blocks' facing edges; 0 where they touch."""


def hpwl(problem: Problem, placement: Placement, *, at_pins: bool = True) -> float:
    """Return the weighted half-perimeter wirelength: per net, weight times (width + height) of its pins' bounding box.

    ``at_pins`` uses pin offsets where given; else every pin lies in its block's centre. Source: C. Sechen,
    A. Sangiovanni-Vincentelli, "The TimberWolf placement and routing package", IEEE J. Solid-State Circuits 1985.
    """
    return sum(net.weight * half_perimeter(points) for net, points in net_points(problem, placement, at_pins=at_pins))


def half_perimeter(points: list[Point]) -> float:
    """Return width plus height of the bounding box of ``points``; 0 for none."""
    if not points:
        return 0.0
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(xs) - min(xs) + max(ys) - min(ys)


def net_points(problem: Problem, placement: Placement, *, at_pins: bool = True) -> list[tuple[Net, list[Point]]]:
    """Return each net with the positions of its pins."""
    places = {place.name: place for place in placement.places}
    pads = {pad.name: (pad.x, pad.y) for pad in problem.pads}
    return [
        (net, [pads[p.owner] if p.owner in pads else _position(p, places[p.owner], at_pins) for p in net.pins])
        for net in problem.nets
    ]


def _position(pin: Pin, place: Place, at_pins: bool) -> Point:
    x, y = place.centre
    if not at_pins:
        return x, y
    return (x - pin.dy, y + pin.dx) if place.turned else (x + pin.dx, y + pin.dy)


def deadspace(problem: Problem, placement: Placement) -> float:
    """Return 1 - (area of the blocks) / (area of the outline)."""
    return 1 - problem.block_area / placement.outline.area


def congestion(problem: Problem, placement: Placement, *, bins: int = 16) -> list[list[float]]:
    """Return RUDY, wire length per area, in ``bins`` x ``bins`` bins of the outline, bottom row first.

    A net of weight k and bounding box w x h adds k (w + h) / (w h) over its box: P. Spindler, F. Johannes, "Fast and
    accurate routing demand estimation for efficient routability-driven placement", DATE 2007. Boxes are at least half a
    bin wide and high, so that straight nets count.
    """
    step_x, step_y = placement.outline.width / bins, placement.outline.height / bins
    grid = [[0.0] * bins for _ in range(bins)]
    for net, points in net_points(problem, placement):
        if len(points) < 2:
            continue
        (left, right), (bottom, top) = _widened(points, 0, step_x), _widened(points, 1, step_y)
        density = net.weight * half_perimeter(points) / ((right - left) * (top - bottom))
        for row in _bins(bottom, top, step_y, bins):
            share_y = min(top, (row + 1) * step_y) - max(bottom, row * step_y)
            for column in _bins(left, right, step_x, bins):
                share_x = min(right, (column + 1) * step_x) - max(left, column * step_x)
                grid[row][column] += density * share_x * share_y / (step_x * step_y)
    return grid


def _widened(points: list[Point], axis: int, step: float) -> tuple[float, float]:
    low, high = min(p[axis] for p in points), max(p[axis] for p in points)
    spread = max(high - low, step / 2) / 2
    middle = (low + high) / 2
    return middle - spread, middle + spread


def _bins(low: float, high: float, step: float, bins: int) -> range:
    return range(max(0, int(low // step)), min(bins, math.ceil(high / step)))


def rent_exponent(problem: Problem) -> float:
    """Return p of T = t B^p, fitted over all single blocks against the whole: B blocks have T wires out.

    B. Landman, R. Russo, "On a pin versus block relationship for partitions of logic graphs", IEEE Trans. Computers
    1971. RENT_EXPONENT where there are under 8 blocks or no pads; held within 0.1 to 0.9.
    """
    names = {block.name for block in problem.blocks}
    wires = dict.fromkeys(names, 0.0)
    outside = 0.0
    for net in problem.nets:
        owners = {pin.owner for pin in net.pins}
        if len(owners) > 1:
            for name in owners & names:
                wires[name] += net.weight
        outside += net.weight * bool(owners - names)
    if len(names) < 8 or not outside or not any(wires.values()):
        return RENT_EXPONENT
    mean = sum(wires.values()) / len(names)
    return min(0.9, max(0.1, math.log(outside / mean) / math.log(len(names))))


def rent_wirelength(problem: Problem, outline_area: float) -> float:
    """Return the wirelength that Rent's rule expects of a good placement, from the netlist alone.

    Mean length of a two-pin wire in block pitches, W. Donath, "Placement and average interconnection lengths of
    computer logic", IEEE Trans. Circuits and Systems 1979:
    (2/9) (7 (B^(p-1/2) - 1) / (4^(p-1/2) - 1) - (1 - B^(p-3/2)) / (1 - 4^(p-3/2))) (1 - 4^(p-1)) / (1 - B^(p-1));
    times the wires (pins - 1 of each net) and the pitch sqrt(area / B).
    """
    blocks = len(problem.blocks)
    wires = sum(net.weight * (len(net.pins) - 1) for net in problem.nets if len(net.pins) > 1)
    if blocks < 2:
        return 0.0
    p = rent_exponent(problem)
    p += 1e-6 if abs(p - 0.5) < 1e-6 else 0.0
    first = 7 * (blocks ** (p - 0.5) - 1) / (4 ** (p - 0.5) - 1)
    second = (1 - blocks ** (p - 1.5)) / (1 - 4 ** (p - 1.5))
    mean: float = (2 / 9) * (first - second) * (1 - 4 ** (p - 1)) / (1 - blocks ** (p - 1))
    return wires * mean * math.sqrt(outline_area / blocks)


def critical(problem: Problem, placement: Placement) -> CriticalNet | None:
    """Return the pair of connected blocks that lie farthest apart; None where no net up to BROADCAST joins two.

    Distance between facing edges, the least that a wire between the blocks must cross outside of them: R. Otten,
    R. Brayton, "Planning for performance", DAC 1998, where buffered delay is linear in it.
    """
    places: Mapping[str, Place] = {place.name: place for place in placement.places}
    worst: CriticalNet | None = None
    for net in problem.nets:
        owners = list(dict.fromkeys(pin.owner for pin in net.pins if pin.owner in places))
        if len(net.pins) > BROADCAST:
            continue
        for number, one in enumerate(owners):
            for other in owners[number + 1 :]:
                distance = _apart(places[one], places[other])
                if worst is None or distance > worst.distance:
                    worst = CriticalNet(net=net.name, blocks=(one, other), distance=distance)
    return worst


def _apart(one: Place, other: Place) -> float:
    dx = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    dy = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    return max(0.0, dx) + max(0.0, dy)
