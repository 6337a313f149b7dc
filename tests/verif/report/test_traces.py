"""Reading traces: BENCH_TRACE lines and wave dumps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verif.report.traces import load_trace, read_dump

VCD = """\
$timescale 1ns $end
$scope module counter $end
$var wire 1 ! clk $end
$var wire 1 " rst_n $end
$var reg 4 # q [3:0] $end
$scope module inner $end
$var wire 8 $ hidden [7:0] $end
$upscope $end
$upscope $end
$enddefinitions $end
#0
$dumpvars 0! 0" bxxxx # bx $ $end
#5
1!
#6
b0000 #
1"
#10
0!
#15
1!
b0001 #
#20
0!
#25
1!
b0010 #
"""


def rows(file: Path, *entries: object) -> str:
    file.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    return str(file)


def row(cycle: int, q: int | None, test: str = "test_a") -> dict[str, object]:
    return {"test": test, "cycle": cycle, "in": {"en": 1}, "out": {"q": q}}


def test_rows_of_the_named_test_become_a_trace(tmp_path: Path) -> None:
    source = rows(tmp_path / "t.jsonl", row(0, None), row(0, 9, "test_b"), row(1, 3))
    trace = load_trace(source, "test_a")
    assert trace is not None
    assert [(s.name, s.direction, s.values) for s in trace.signals] == [
        ("en", "input", (1, 1)),
        ("q", "output", (None, 3)),
    ]


def test_last_run_in_the_file_counts(tmp_path: Path) -> None:
    source = rows(tmp_path / "t.jsonl", row(0, 1), row(1, 2), row(0, 7))
    trace = load_trace(source, "test_a")
    assert trace is not None
    assert trace.signals[1].values == (7,)


def test_lines_that_are_no_rows_are_passed_over(tmp_path: Path) -> None:
    source = rows(tmp_path / "t.jsonl", row(0, 1), [1, 2], {"test": "test_a"}, "text")
    with Path(source).open("a") as lines:
        lines.write('{"test": "test_a", "cyc')
    trace = load_trace(source, "test_a")
    assert trace is not None
    assert trace.cycles == 1


@pytest.mark.parametrize("source", [None, "", 7, "/no/such/file.jsonl"])
def test_absent_trace_gives_none(source: object) -> None:
    assert load_trace(source, "test_a") is None


def test_dump_is_sampled_just_before_the_clock_edges_and_at_its_end(tmp_path: Path) -> None:
    file = tmp_path / "dump.vcd"
    file.write_text(VCD)
    trace = read_dump(file)
    assert trace is not None
    assert [(s.name, s.width, s.values) for s in trace.signals] == [
        ("rst_n", 1, (0, 1, 1, 1)),
        ("q", 4, (None, 0, 1, 2)),
    ]


def test_cut_dump_gives_none(tmp_path: Path) -> None:
    file = tmp_path / "dump.vcd"
    file.write_bytes(b"\x00\x01 no dump")
    assert read_dump(file) is None
