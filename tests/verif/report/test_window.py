"""The window of a failure as VCD, read back by a reader that isn't ours."""

from __future__ import annotations

from pathlib import Path

import pywellen

from verif.report.window import CYCLE, FAILS, write_window
from verif.trace import Signal, Trace

TRACE = Trace(
    signals=(
        Signal(name="clk", values=(0, 1, 1), direction="posedge"),
        Signal(name="late", values=(1, 0, 1), direction="negedge"),
        Signal(name="d", values=(1 << 99, None, 5), width=100, direction="input"),
        Signal(name="q", values=(0, None, 1), direction="output"),
    ),
    first=7,
)


def read(file: Path) -> dict[str, list[tuple[int, object]]]:
    variables = pywellen.Waveform(str(file)).all_vars()
    return {variable.full_name: [(time, value) for time, value in variable.tv] for variable in variables}


def test_window_holds_the_sampled_values_cycle_by_cycle(tmp_path: Path) -> None:
    found = read(write_window(TRACE, tmp_path / "window.vcd", top="dut", mark=8))
    assert found["dut.d"] == [(7 * CYCLE, 1 << 99), (8 * CYCLE, "x" * 100), (9 * CYCLE, 5)]
    assert found["dut.q"] == [(7 * CYCLE, 0), (8 * CYCLE, "x"), (9 * CYCLE, 1)]
    assert found[f"dut.{FAILS}"] == [(7 * CYCLE, 0), (8 * CYCLE, 1), (9 * CYCLE, 0)]


def test_clock_pulses_where_a_cycle_begins_with_its_edge(tmp_path: Path) -> None:
    found = read(write_window(TRACE, tmp_path / "window.vcd", top="dut"))
    assert found["dut.clk"] == [(70, 0), (80, 1), (85, 0), (90, 1), (95, 0)]
    assert found["dut.late"] == [(70, 0), (75, 1), (90, 0), (95, 1)]


def test_same_trace_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_window(TRACE, tmp_path / name, top="dut", mark=8).read_bytes() for name in ("1.vcd", "2.vcd"))
    assert one == two
