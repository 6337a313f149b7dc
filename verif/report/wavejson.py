"""A failure's waves as WaveJSON, the input of WaveDrom (https://wavedrom.com/tutorial.html)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from verif.report.model import Failure
from verif.trace import Signal, Trace, Value

_PLAIN, _MARKED = "=", "9"
"""How a bus value is filled: as usual, and in the failing cycle where the failure speaks of the signal."""
_DIGITS = 5
"""Hexadecimal digits that fit into a cycle at ``hscale`` 1."""
_WIDEST = 4
FAILS = "fails"
"""The added row that is 1 in the failing cycle."""


def wavejson(failure: Failure) -> dict[str, Any]:
    """Return the waves around ``failure``: its rule above, what was seen below, the failing cycle in a row of its own.

    Cycle t begins at the tick that carries its number. Bus values are hexadecimal; X is x.
    """
    trace = failure.trace or Trace(signals=())
    name = f"{failure.oracle} {failure.rule}" if failure.oracle else failure.test.name
    rule = f"{name}: {failure.title}" if failure.title else name
    mark = failure.mark
    rows = [_row(signal, trace, mark if signal.name in failure.signals else None) for signal in trace.signals]
    failing = tuple(int(trace.first + column == mark) for column in range(trace.cycles))
    return {
        "signal": [*rows, {"name": FAILS, "wave": _wave(failing, _bit)}],
        "head": {"text": rule, "tick": trace.first},
        "foot": {"text": failure.detail},
        "config": {"hscale": _scale(trace)},
    }


def trace_wavejson(trace: Trace, title: str) -> dict[str, Any]:
    """Return the waves of ``trace`` under ``title``, with nothing marked."""
    return {
        "signal": [_row(signal, trace, None) for signal in trace.signals],
        "head": {"text": title, "tick": trace.first},
        "config": {"hscale": _scale(trace)},
    }


def _row(signal: Signal, trace: Trace, mark: int | None) -> dict[str, Any]:
    if signal.is_clock:
        return {"name": signal.name, "wave": _wave(signal.values, _pulse(signal.direction))}
    if signal.width == 1:
        return {"name": signal.name, "wave": _wave(signal.values, _bit)}
    return {
        "name": f"{signal.name}[{signal.width - 1}:0]",
        **_bus(signal, None if mark is None else mark - trace.first),
    }


def _wave(values: tuple[Value, ...], letter: Callable[[Value], str]) -> str:
    """Return a letter where a run of equal values begins and dots for the rest of it."""
    runs = ((value, len(list(run))) for value, run in groupby(values))
    return "".join(letter(value) + "." * (length - 1) for value, length in runs)


def _bit(value: Value) -> str:
    return "x" if value is None else str(int(bool(value)))


def _pulse(edge: str) -> Callable[[Value], str]:
    pulse, rest = ("n", "h") if edge == "negedge" else ("p", "l")
    return lambda value: pulse if value else rest


def _bus(signal: Signal, marked: int | None) -> dict[str, Any]:
    """Return wave and data; a cycle that is marked begins and ends a run of its own."""
    wave, data, digits = [], [], (signal.width + 3) // 4
    before: tuple[Value, bool] | None = None
    for column, value in enumerate(signal.values):
        now = (value, column == marked)
        if now == before:
            wave.append(".")
        elif value is None:
            wave.append("x")
        else:
            wave.append(_MARKED if now[1] else _PLAIN)
            data.append(f"{value & ((1 << signal.width) - 1):0{digits}x}")
        before = now
    return {"wave": "".join(wave), **({"data": data} if data else {})}


def _scale(trace: Trace) -> int:
    widest = max((signal.width for signal in trace.signals), default=1)
    return min(max(-(-((widest + 3) // 4) // _DIGITS), 1), _WIDEST)
