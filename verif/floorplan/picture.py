"""The picture of a floorplan as a list of shapes, which ``svg`` and ``png`` draw: blocks, flylines, congestion."""

from __future__ import annotations

import colorsys
from collections import defaultdict
from dataclasses import dataclass

from verif.floorplan.estimates import Point, congestion, net_points
from verif.floorplan.model import Placement, Problem, on_edge

SIDE = 820.0
"""Longer side of the outline in the picture, in pixels."""
MARGIN = 30.0
GAP = 50.0
LINES = 250
"""Flylines drawn, the heaviest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A filled rectangle; y grows downwards from the picture's top."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = "#333333"
    title: str = ""
    """Shown by an SVG viewer under the mouse."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A flyline."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: str = "#1b4f9c"
    opacity: float = 0.35


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A caption around its middle, or from its left end."""

    x: float
    y: float
    text: str
    size: float
    middle: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A size in pixels and what to draw, in order."""

    width: float
    height: float
    shapes: tuple[Box | Line | Text, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _View:
    """From floorplan coordinates to the picture's."""

    left: float
    bottom: float
    scale: float

    def x(self, value: float) -> float:
        return self.left + value * self.scale

    def y(self, value: float) -> float:
        return self.bottom - value * self.scale


def draw(problem: Problem, placement: Placement, *, caption: str = "") -> Picture:
    """Return the picture: blocks coloured by hierarchy with flylines on the left, congestion on the right."""
    scale = SIDE / max(placement.outline.width, placement.outline.height)
    width, height = placement.outline.width * scale, placement.outline.height * scale
    top = MARGIN + 24
    plan = _View(left=MARGIN, bottom=top + height, scale=scale)
    heat = _View(left=MARGIN + width + GAP, bottom=top + height, scale=scale)
    shapes: list[Box | Line | Text] = [
        Text(x=MARGIN, y=MARGIN, text=caption or problem.name, size=15, middle=False),
        Text(x=heat.left, y=MARGIN, text="congestion (RUDY): wire length per area", size=15, middle=False),
        Box(x=plan.left, y=top, width=width, height=height, fill="#ffffff", edge="#000000"),
        *_blocks(problem, placement, plan),
        *_keepouts(problem, plan),
        *_flylines(problem, placement, plan),
        *_labels(placement, plan),
        *_pads(problem, placement, plan),
        *_congestion(problem, placement, heat),
    ]
    return Picture(width=2 * width + GAP + 2 * MARGIN, height=top + height + MARGIN, shapes=tuple(shapes))


def _blocks(problem: Problem, placement: Placement, view: _View) -> list[Box]:
    groups = sorted({block.group for block in problem.blocks})
    colours = {group: _colour(number, len(groups)) for number, group in enumerate(groups)}
    blocks = {block.name: block for block in problem.blocks}
    return [
        Box(
            x=view.x(p.x),
            y=view.y(p.y + p.height),
            width=p.width * view.scale,
            height=p.height * view.scale,
            fill="#8c8c8c" if blocks[p.name].macro else colours[blocks[p.name].group],
            title=f"{p.name}: {p.width:.6g} x {p.height:.6g} at ({p.x:.6g}, {p.y:.6g})",
        )
        for p in placement.places
    ]


def _colour(number: int, count: int) -> str:
    """Return a light colour; hues are spread evenly over the groups."""
    red, green, blue = colorsys.hls_to_rgb((0.55 + number / max(count, 1)) % 1, 0.84, 0.55)
    return f"#{round(255 * red):02x}{round(255 * green):02x}{round(255 * blue):02x}"


def _keepouts(problem: Problem, view: _View) -> list[Box]:
    return [
        Box(
            x=view.x(k.x),
            y=view.y(k.y + k.height),
            width=k.width * view.scale,
            height=k.height * view.scale,
            fill="#444444",
            title="keep-out",
        )
        for k in problem.keepouts
    ]


def _flylines(problem: Problem, placement: Placement, view: _View) -> list[Line]:
    """Join the pins of small nets pairwise, those of large nets with their first; parallel lines become one."""
    outline = placement.outline
    weights: defaultdict[tuple[Point, Point], float] = defaultdict(float)
    for net, points in net_points(problem, placement, at_pins=False):
        inside = [(min(max(x, 0), outline.width), min(max(y, 0), outline.height)) for x, y in points]
        for other in inside[1:]:
            if other != inside[0]:
                weights[min(inside[0], other), max(inside[0], other)] += net.weight
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:LINES]
    unit = heaviest[0][1] if heaviest else 1.0
    return [
        Line(
            x1=view.x(a[0]),
            y1=view.y(a[1]),
            x2=view.x(b[0]),
            y2=view.y(b[1]),
            width=0.6 + 3.4 * weight / unit,
        )
        for (a, b), weight in reversed(heaviest)
    ]


def _labels(placement: Placement, view: _View) -> list[Text]:
    labels = []
    for place in placement.places:
        parts = place.name.split(".")
        short = " ".join(parts[-2:]) if parts[-1] == "logic" else parts[-1]
        room = place.width * view.scale / max(len(short), 1) * 1.6
        size = min(16.0, room, place.height * view.scale * 0.5)
        if size >= 5:
            x, y = place.centre
            labels.append(Text(x=view.x(x), y=view.y(y), text=short, size=size))
    return labels


def _pads(problem: Problem, placement: Placement, view: _View) -> list[Box]:
    """Return a mark for each pad, moved to the outline's edge where it lies outside."""
    spots = [(pad, on_edge(pad, placement.outline)) for pad in problem.pads]
    size = 5.0
    return [
        Box(
            x=view.x(x) - size / 2,
            y=view.y(y) - size / 2,
            width=size,
            height=size,
            fill="#b03030",
            edge="none",
            title=pad.name,
        )
        for pad, (x, y) in spots
    ]


def _congestion(problem: Problem, placement: Placement, view: _View) -> list[Box]:
    bins = 24
    grid = congestion(problem, placement, bins=bins)
    hottest = max(max(row) for row in grid) or 1.0
    wide, high = placement.outline.width / bins, placement.outline.height / bins
    return [
        Box(
            x=view.x(column * wide),
            y=view.y((row + 1) * high),
            width=wide * view.scale,
            height=high * view.scale,
            fill=_heat(value / hottest),
            edge="none",
            title=f"{value:.4g}",
        )
        for row, values in enumerate(grid)
        for column, value in enumerate(values)
    ]


def _heat(share: float) -> str:
    """Return white for 0, through orange, to dark red for 1."""
    red = 255 if share < 0.6 else round(255 - 130 * (share - 0.6) / 0.4)
    green = round(250 - 200 * share)
    blue = round(max(0.0, 245 - 420 * share))
    return f"#{red:02x}{max(green, 0):02x}{blue:02x}"
