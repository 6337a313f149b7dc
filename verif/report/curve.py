"""Draw how much was known after so many cycles, and after so many seconds, as two small SVG charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from math import log10

from verif.report.points import Moment

_WIDTH, _HEIGHT = 470, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 26, 10, 34
_DECADES = 2.0
"""From so many powers of ten between the first and the last value on, the axis is logarithmic."""


def curves(moments: Sequence[Moment], total: int) -> str:
    """Return the two charts; empty where nothing was recorded or there is nothing to reach."""
    if not moments or not total:
        return ""
    by_cycles = _chart(moments, total, "cycles", lambda moment: float(moment.cycles), _cycles)
    by_seconds = _chart(moments, total, "seconds", lambda moment: moment.seconds, lambda value: f"{value:g} s")
    return by_cycles + by_seconds


def _chart(
    moments: Sequence[Moment],
    total: int,
    name: str,
    value: Callable[[Moment], float],
    shown: Callable[[float], str],
) -> str:
    axis = _Axis([value(moment) for moment in moments])
    last = moments[-1]
    known = f"{last.hit} of {total} points hit, {last.unreachable} proven unreachable"
    parts = [
        f'<svg class="curve" role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>Points over {name}: {known}</title>',
        *_levels(total),
        *(_label(axis.x(mark), _HEIGHT - 16, shown(mark)) for mark in axis.marks),
        _label(_WIDTH / 2, _HEIGHT - 3, f"{name}{axis.note}"),
        _line("known", axis, moments, value, [m.hit + m.unreachable for m in moments], total),
        _line("hit", axis, moments, value, [m.hit for m in moments], total),
        *(_dot(axis.x(value(m)), _y(m.hit + m.unreachable, total), m, shown(value(m))) for m in moments),
    ]
    return "".join([*parts, "</svg>"])


def _label(x: float, y: float, text: str) -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y}" text-anchor="middle">{escape(text)}</text>'


def _dot(x: float, y: float, moment: Moment, when: str) -> str:
    told = f"{moment.hit} hit, {moment.unreachable} unreachable after {when}: {moment.by}"
    return f'<circle class="who" cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{escape(told)}</title></circle>'


class _Axis:
    """Places values between the left and the right edge, logarithmically where they span decades."""

    def __init__(self, values: Sequence[float]) -> None:
        least = min((value for value in values if value > 0), default=1.0)
        self._most = max(max(values), least)
        self._log = log10(self._most / least) >= _DECADES
        self._least = least if self._log else 0.0

    @property
    def note(self) -> str:
        return ", logarithmic" if self._log else ""

    @property
    def marks(self) -> list[float]:
        if not self._log:
            return [_round(self._most * part / 4) for part in range(5)]
        low, high = int(log10(self._least)), int(log10(self._most))
        decades = [10.0**power for power in range(low - 1, high + 1)]
        return [mark for mark in decades if mark >= self._least][:: max(1, (high - low) // 5)]

    def x(self, value: float) -> float:
        room = _WIDTH - _LEFT - _RIGHT
        if self._log:
            share = log10(max(value, self._least) / self._least) / log10(self._most / self._least)
        else:
            share = value / self._most if self._most else 0.0
        return _LEFT + room * share


def _round(value: float) -> float:
    return float(f"{value:.2g}")


def _y(points: float, total: int) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - points / total)


def _levels(total: int) -> Iterator[str]:
    for level in sorted({0, total // 2, total}):
        y = _y(level, total)
        yield f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>'
        yield f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{level}</text>'


def _line(
    kind: str,
    axis: _Axis,
    moments: Sequence[Moment],
    value: Callable[[Moment], float],
    levels: Sequence[int],
    total: int,
) -> str:
    """Draw steps: what was known stays known until something new is found."""
    steps = [f"M{_LEFT},{_y(0, total):.1f}"]
    for moment, level in zip(moments, levels, strict=True):
        x = axis.x(value(moment))
        steps += [f"H{x:.1f}", f"V{_y(level, total):.1f}"]
    return f'<path class="{kind}" d="{"".join(steps)}H{_WIDTH - _RIGHT}"/>'


def _cycles(value: float) -> str:
    for limit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:g}"
