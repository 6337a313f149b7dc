"""The charts of the curve."""

from __future__ import annotations

import re

from verif.report.curve import curves
from verif.report.points import Moment


def moments(*pairs: tuple[int, int]) -> list[Moment]:
    return [Moment(cycles=cycles, seconds=cycles / 1000, hit=hit, by="random") for cycles, hit in pairs]


def heights(svg: str, kind: str) -> list[float]:
    path = re.search(rf'<path class="{kind}" d="([^"]+)"', svg)
    assert path is not None
    return [float(y) for y in re.findall(r"V([\d.]+)", path[1])]


def test_what_was_hit_stays_hit() -> None:
    levels = heights(curves(moments((10, 1), (20, 4), (40, 9)), 10), "hit")
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels)) == 3


def test_everything_hit_touches_the_top() -> None:
    svg = curves(moments((10, 5)), 10)
    top = re.search(r'<line class="grid" x1="44" y1="([\d.]+)"[^>]*/><text[^>]*>10</text>', svg)
    assert top is not None
    assert min(heights(curves(moments((10, 10)), 10), "hit")) == float(top[1])


def test_axis_is_logarithmic_where_values_span_decades() -> None:
    assert "cycles, logarithmic" in curves(moments((10, 1), (100_000, 2)), 4)
    assert "logarithmic" not in curves(moments((10, 1), (100, 2)), 4)


def test_nothing_recorded_is_no_chart() -> None:
    assert curves([], 4) == ""
    assert curves(moments((0, 0)), 0) == ""


def test_one_moment_at_zero_is_drawn_too() -> None:
    assert "<svg" in curves(moments((0, 1)), 4)
