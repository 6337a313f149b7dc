"""The window of a trace around a failure as a VCD file: the ports only, a cycle every ten nanoseconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from verif.trace import Signal, Trace, Value

CYCLE = 10
"""Time units of a cycle: a drafted bench's base tick."""
FAILS = "posedge_fails"
"""The added variable that is 1 in the failing cycle."""


def write_window(trace: Trace, file: Path, *, top: str, mark: int | None = None) -> Path:
    """Write ``trace`` to ``file``; cycle t begins at ``t * CYCLE`` ns and shows what was sampled at its end.

    A clock's active edge, at which the cycle before was sampled, is at the cycle's begin.
    """
    from vcd import VCDWriter

    file.parent.mkdir(parents=True, exist_ok=True)
    first = trace.first
    fails = Signal(name=FAILS, values=tuple(int(first + column == mark) for column in range(trace.cycles)))
    with (
        file.open("w", encoding="utf-8") as text,
        VCDWriter(text, timescale="1 ns", date="", version="posedge", init_timestamp=first * CYCLE) as writer,
    ):
        signals = [(signal, _register(writer, top, signal)) for signal in (*trace.signals, fails)]
        for column in range(trace.cycles):
            for part in range(2):
                now = (first + column) * CYCLE + part * CYCLE // 2
                for signal, variable in signals:
                    if part == 0 or signal.is_clock:
                        writer.change(variable, now, _shown(signal, column, part))
        writer.close(timestamp=(first + trace.cycles) * CYCLE)
    return file


def _register(writer: Any, top: str, signal: Signal) -> Any:
    return writer.register_var(top, signal.name, "wire", size=signal.width, init=_shown(signal, 0, 0))


def _shown(signal: Signal, column: int, part: int) -> int | str:
    value: Value = signal.values[column] if column < len(signal.values) else None
    if signal.is_clock:
        return int(bool(value) and part == 0) ^ int(signal.direction == "negedge")
    return "x" if value is None else value
