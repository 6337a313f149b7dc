"""Read the cycles around a failure: from the JSON lines of BENCH_TRACE, or from a VCD or FST dump."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from verif.trace import Signal, Trace, Value

_DUMPS = (".vcd", ".fst")
_LAST_EDGES = 64
"""Clock edges taken from the end of a dump, where a failing test stopped."""
_END = 1 << 63
"""Later than any time in a dump."""
_MOST_SIGNALS = 24
_CLOCK_NAMES = ("clk", "clock", "aclk", "pclk", "clk_i", "i_clk", "wb_clk_i", "wr_clk", "wclk")


def load_trace(source: Any, test: str, clocks: Mapping[str, str] | None = None, waves: Any = None) -> Trace | None:
    """Return the trace of ``test`` in the file ``source``; None where it names no readable trace of that test.

    ``clocks`` are the bench's, each with its active edge, ``rising`` or ``falling``. Rows of BENCH_TRACE don't tell
    how wide the ports are; the dump ``waves`` of the same run does.
    """
    if not isinstance(source, str) or not (path := Path(source)).is_file():
        return None
    if path.suffix in _DUMPS:
        return read_dump(path)
    widths = widths_in(Path(waves)) if isinstance(waves, str) and Path(waves).is_file() else {}
    return read_rows(path, test, clocks or {}, widths)


def read_rows(
    path: Path, test: str, clocks: Mapping[str, str] | None = None, widths: Mapping[str, int] | None = None
) -> Trace | None:
    """Read BENCH_TRACE's lines ``{"test", "cycle", "in", "out"}``; the last run of ``test`` in the file counts.

    ``clocks`` as for ``load_trace``; where ``widths`` doesn't tell how wide a port is, its values do.
    """
    rows: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        row = _row(line)
        if row is None or row.get("test") not in (test, None):
            continue
        if rows and row["cycle"] <= rows[-1]["cycle"]:
            rows = []
        rows.append(row)
    if not rows:
        return None
    edges = tuple(_clock_signal(rows, name, edge) for name, edge in (clocks or {}).items())
    inputs = _signals(rows, "in", "input", widths or {}, left_out=clocks or {})
    outputs = _signals(rows, "out", "output", widths or {})
    return Trace(signals=(*edges, *inputs, *outputs), first=rows[0]["cycle"])


def _clock_signal(rows: Sequence[Mapping[str, Any]], name: str, edge: str) -> Signal:
    """Return a clock: a row that names it ends with its active edge, so the next one begins with that."""
    ended = [int(bool((row.get("in") or {}).get(name))) for row in rows]
    return Signal(name=name, values=(0, *ended[:-1]), direction="negedge" if edge == "falling" else "posedge")


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("cycle"), int) else None


def _signals(
    rows: Sequence[Mapping[str, Any]],
    key: str,
    direction: str,
    widths: Mapping[str, int],
    left_out: Collection[str] = (),
) -> tuple[Signal, ...]:
    names = dict.fromkeys(name for row in rows for name in row.get(key) or {} if name not in left_out)
    return tuple(
        _signal(name, tuple((row.get(key) or {}).get(name) for row in rows), direction, widths.get(name, 1))
        for name in names
    )


def _signal(name: str, values: tuple[Value, ...], direction: str = "", width: int = 1) -> Signal:
    seen = max((value.bit_length() for value in values if value is not None), default=1)
    return Signal(name=name, values=values, width=max(width, seen), direction=direction)


def read_dump(path: Path, clock: str | None = None) -> Trace | None:
    """Sample a dump's outermost signals just before the last rising edges of ``clock``, and at the end of the dump.

    Without ``clock`` it is found by name, else it is the one-bit signal with most changes.
    """
    outer = _outermost(path)
    changes = {name: list(variable.tv) for name, variable in outer.items()}
    ticks = clock if clock in changes else _clock(outer, changes)
    if ticks is None:
        return None
    edges = [time for time, value in changes[ticks] if value == 1 and time > 0]
    first = max(len(edges) - _LAST_EDGES, 0)
    samples = [*edges[first:], _END]
    shown = [name for name in outer if name != ticks][:_MOST_SIGNALS]
    signals = tuple(
        _signal(name, tuple(_before(changes[name], time) for time in samples), width=outer[name].bitwidth)
        for name in shown
    )
    return Trace(signals=signals, first=first) if signals and edges else None


def widths_in(path: Path) -> dict[str, int]:
    """Return how wide a dump's outermost signals are; empty where it can't be read."""
    return {name: variable.bitwidth for name, variable in _outermost(path).items()}


def _outermost(path: Path) -> dict[str, Any]:
    import pywellen

    try:
        variables = list(pywellen.Waveform(str(path)).all_vars())
    except Exception:  # pywellen raises bare exceptions of its own on a cut or foreign file
        return {}
    depth = min((variable.full_name.count(".") for variable in variables), default=0)
    return {v.name: v for v in variables if v.full_name.count(".") == depth and isinstance(v.bitwidth, int)}


def _clock(outer: Mapping[str, Any], changes: Mapping[str, Sequence[tuple[int, Any]]]) -> str | None:
    named = next((name for name in _CLOCK_NAMES if name in outer), None)
    bits = [name for name, variable in outer.items() if variable.bitwidth == 1]
    return named or max(bits, key=lambda name: len(changes[name]), default=None)


def _before(changes: Sequence[tuple[int, Any]], time: int) -> Value:
    position = bisect_left(changes, time, key=lambda change: change[0]) - 1
    value = changes[position][1] if position >= 0 else None
    return value if isinstance(value, int) else None
