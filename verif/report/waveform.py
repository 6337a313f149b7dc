"""Draw a trace as a small SVG waveform, the failing cycle and the signals in question marked.

The picture carries class names only; the page's style sheet gives the colours, so it follows light and dark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from verif.trace import Signal, Trace, Value

_CELL = 40
"""Width of a cycle; room for four hexadecimal digits."""
_ROW = 28
_HEAD = 30
_SWING = 16
"""Height of a waveform within its row."""
_SLOPE = 3
_LETTER = 7.3
"""Width of a letter in the monospaced face at the sheet's size."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring cycles in which a signal keeps its value."""

    start: int
    length: int
    value: Value


def waveform(trace: Trace, *, mark: int | None = None, named: Collection[str] = (), title: str = "Waveform") -> str:
    """Return the picture as one ``<svg>`` element; ``mark`` is the cycle to point out."""
    label = _label_width(trace)
    width, height = size(trace)
    parts = [
        f'<svg class="wave" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>',
        *_grid(trace, label, height, mark),
    ]
    for number, signal in enumerate(trace.signals):
        parts += _row(signal, label, _HEAD + number * _ROW, signal.name in named)
    return "".join([*parts, "</svg>"])


def size(trace: Trace) -> tuple[int, int]:
    """Return the picture's width and height in pixels."""
    return _label_width(trace) + trace.cycles * _CELL + 12, _HEAD + len(trace.signals) * _ROW + 8


def _label_width(trace: Trace) -> int:
    longest = max((len(_shortened(signal.name)) for signal in trace.signals), default=0)
    return round(longest * _LETTER) + 24


def _shortened(name: str, most: int = 24) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _grid(trace: Trace, label: int, height: int, mark: int | None) -> Iterator[str]:
    if mark is not None and trace.first <= mark < trace.first + trace.cycles:
        x = label + (mark - trace.first) * _CELL
        yield f'<rect class="mark" x="{x}" y="4" width="{_CELL}" height="{height - 8}" rx="4"/>'
    for column in range(trace.cycles):
        cycle = trace.first + column
        x = label + column * _CELL
        yield f'<line class="grid" x1="{x}" y1="{_HEAD - 6}" x2="{x}" y2="{height - 6}"/>'
        kind = "tick marked" if cycle == mark else "tick"
        yield f'<text class="{kind}" x="{x + _CELL / 2:g}" y="18" text-anchor="middle">{cycle}</text>'


def _row(signal: Signal, label: int, top: int, named: bool) -> Iterator[str]:
    middle = top + _ROW / 2
    kind = " named" if named else ""
    yield (
        f'<text class="name{kind}" x="{label - 12}" y="{middle + 4:g}" text-anchor="end">'
        f"{escape(_shortened(signal.name))}<title>{escape(_described(signal))}</title></text>"
    )
    if signal.is_clock:
        yield _clock(signal, label, middle)
        return
    runs = _runs(signal.values)
    if signal.width == 1:
        yield from _bit(runs, label, middle, kind)
    else:
        for run in runs:
            yield from _bus(run, label, middle, kind, signal.width)


def _described(signal: Signal) -> str:
    if signal.is_clock:
        return f"{signal.name}: clock, active at {signal.direction}"
    bits = "1 bit" if signal.width == 1 else f"{signal.width} bits"
    return f"{signal.name}: {signal.direction or 'signal'}, {bits}"


def _runs(values: tuple[Value, ...]) -> list[_Run]:
    runs, start = [], 0
    for value, group in groupby(values):
        length = len(list(group))
        runs.append(_Run(start, length, value))
        start += length
    return runs


def _clock(signal: Signal, label: int, middle: float) -> str:
    """Draw a clock: a pulse in the first half of each cycle that begins with its active edge."""
    swing = _SWING / 2 if signal.direction == "posedge" else -_SWING / 2
    rest, active = f"{middle + swing:g}", f"{middle - swing:g}"
    steps = [f"M{label},{rest}"]
    for column, pulse in enumerate(signal.values):
        left = label + column * _CELL
        if pulse:
            steps.append(f"L{left},{rest}L{left},{active}L{left + _CELL // 2},{active}L{left + _CELL // 2},{rest}")
    steps.append(f"L{label + len(signal.values) * _CELL},{rest}")
    return f'<path class="line" d="{"".join(steps)}"/>'


def _bit(runs: list[_Run], label: int, middle: float, kind: str) -> Iterator[str]:
    """Draw a one-bit signal: a line for known values, a box where it is X or Z."""
    steps: list[str] = []
    for run in runs:
        left, right = label + run.start * _CELL, label + (run.start + run.length) * _CELL
        if run.value is None:
            yield from _unknown(left, right, middle)
            steps.append("")
            continue
        y = middle - _SWING / 2 if run.value else middle + _SWING / 2
        joined = bool(steps and steps[-1])
        steps.append(f"{'L' if joined else 'M'}{left + (_SLOPE if joined else 0)},{y:g}L{right},{y:g}")
    yield f'<path class="line{kind}" d="{"".join(steps)}"/>'


def _bus(run: _Run, label: int, middle: float, kind: str, width: int) -> Iterator[str]:
    """Draw one value of a wide signal: a long hexagon with the value in hexadecimal."""
    left, right = label + run.start * _CELL, label + (run.start + run.length) * _CELL
    if run.value is None:
        yield from _unknown(left, right, middle)
        return
    up, down = middle - _SWING / 2, middle + _SWING / 2
    points = (
        f"{left},{middle:g} {left + _SLOPE},{up:g} {right - _SLOPE},{up:g} "
        f"{right},{middle:g} {right - _SLOPE},{down:g} {left + _SLOPE},{down:g}"
    )
    yield f'<polygon class="bus{kind}" points="{points}"/>'
    text = _hexadecimal(run.value, width, room=int((right - left - 8) / _LETTER))
    yield f'<text class="value" x="{(left + right) / 2:g}" y="{middle + 4:g}" text-anchor="middle">{text}</text>'


def _hexadecimal(value: int, width: int, room: int) -> str:
    digits = format(value & ((1 << width) - 1), f"0{(width + 3) // 4}x")
    return digits if len(digits) <= max(room, 2) else f"…{digits[-max(room - 1, 1) :]}"


def _unknown(left: int, right: int, middle: float) -> Iterator[str]:
    top, width = middle - _SWING / 2, right - left - 2
    yield f'<rect class="unknown" x="{left + 1}" y="{top:g}" width="{width}" height="{_SWING}"/>'
    yield f'<text class="value" x="{(left + right) / 2:g}" y="{middle + 4:g}" text-anchor="middle">X</text>'
