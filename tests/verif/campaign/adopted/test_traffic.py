"""Adopted benches' traffic: recorded beside their tests, played back, compared with what was recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w

from tests.support.benches import HEAD
from tests.support.command import Command
from verif.campaign.adopted.traffic import recording_of
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.runs.outcome import Regression
from verif.campaign.runs.regression import run_bench
from verif.coverage.verilator_dat import Kind
from verif.errors import Unsupported
from verif.sim.registry import simulator
from verif.verdict import Verdict
from verif.workspace import Workspace

COUNTER = """
module counter(input clk, input rst_n, input en, input [99:0] d, output reg [3:0] count, output reg [99:0] q);
  always @(posedge clk or negedge rst_n)
    if (!rst_n) count <= 0;
    else if (en) count <= count + 1;
  always @(posedge clk) q <= d;
endmodule
"""
COUNTING = """
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge

@cocotb.test()
async def test_counts(dut):
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.en.value, dut.d.value, dut.rst_n.value = 0, 0, 0
    await Timer(3, "ns")
    dut.rst_n.value = 1
    for number in range(6):
        dut.en.value, dut.d.value = number % 2, (1 << 99) + number
        await RisingEdge(dut.clk)
    await FallingEdge(dut.clk)
    assert dut.count.value == 3

@cocotb.test()
async def test_goes_on(dut):
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.en.value = 1
    await Timer(25, "ns")
    assert dut.count.value != 3
"""
TWO_CLOCKS = """
module crossing(input a, input b, input d, output reg [1:0] x, output reg y);
  always @(posedge a) x <= {x[0], d};
  always @(posedge b) y <= x[1];
endmodule
"""
CROSSING = """
from cocotb.clock import Clock

@cocotb.test()
async def test_crosses(dut):
    cocotb.start_soon(Clock(dut.a, 6, "ns").start())
    cocotb.start_soon(Clock(dut.b, 4, "ns").start())
    for number in range(40):
        dut.d.value = random.getrandbits(1)
        await Timer(3, "ns")
"""
PARITY = """
module parity(input [7:0] d, output odd, output never);
  assign odd = ^d;
  assign never = d == 8'hff;
endmodule
"""
FEEDING = """
@cocotb.test()
async def test_feeds(dut):
    for number in range(9):
        dut.d.value = number
        await Timer(1, "ns")
        assert dut.odd.value == number.bit_count() % 2
"""
SEES_X = """
module sees(input clk, input d, output unset, output reg q);
  reg never;
  assign unset = never === 1'bx;
  always @(posedge clk) q <= d;
endmodule
"""
CLOCKING = """
from cocotb.clock import Clock

@cocotb.test()
async def test_clocks(dut):
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.d.value = 1
    await Timer(40, "ns")
"""


def adopted(folder: Path, top: str, text: str, tests: str, **keys: object) -> Path:
    folder.mkdir()
    (folder / f"{top}.sv").write_text(text)
    (folder / "test_theirs.py").write_text(HEAD + tests)
    manifest = {"top": top, "test_modules": ["test_theirs"], "simulators": ["icarus"], "adopted": True}
    (folder / "bench.toml").write_text(tomli_w.dumps({**manifest, "sources": {"files": [f"{top}.sv"]}, **keys}))
    return folder


def covered(folder: Path, workspace: Workspace) -> Regression:
    return run_bench(folder, RunOptions(coverage=True), workspace=workspace)


@pytest.mark.parametrize(
    ("top", "text", "tests"),
    [("counter", COUNTER, COUNTING), ("crossing", TWO_CLOCKS, CROSSING), ("parity", PARITY, FEEDING)],
    ids=["asynchronous reset, wide port, two tests", "clocks whose edges coincide", "no clock"],
)
def test_replay_gives_the_recorded_outputs(
    tmp_path: Path, workspace: Workspace, top: str, text: str, tests: str
) -> None:
    done = covered(adopted(tmp_path / "tb", top, text, tests), workspace)
    assert done.verdict is Verdict.PASS
    assert done.replayed is not None
    (played,) = done.replayed.recordings
    assert (played.verdict, played.message) == (Verdict.PASS, "")
    assert played.compared > 10
    assert done.replayed.coverage is not None
    assert done.replayed.coverage.ratio(Kind.TOGGLE).count > 0


def test_coverage_tells_what_the_traffic_never_did(tmp_path: Path, workspace: Workspace) -> None:
    done = covered(adopted(tmp_path / "tb", "parity", PARITY, FEEDING), workspace)
    assert done.replayed is not None
    assert done.replayed.coverage is not None
    missed = {point.detail for point in done.replayed.coverage.missed() if point.kind is Kind.TOGGLE}
    assert {"never:0->1", "d[7]:0->1"} <= missed
    assert "odd:0->1" not in missed


def test_recording_changes_no_result(tmp_path: Path, workspace: Workspace) -> None:
    folder = adopted(tmp_path / "tb", "counter", COUNTER, COUNTING)
    plain = run_bench(folder, RunOptions(), workspace=workspace)
    recorded = covered(folder, workspace)
    told = [[(t.name, t.module, t.verdict, t.sim_time_ns, t.message) for t in one.tests] for one in (plain, recorded)]
    assert told[0] == told[1]
    assert "posedge_record" not in (recorded.tests[0].log or Path()).read_text().replace("COCOTB_TEST_MODULES", "")


def test_replay_that_leaves_the_recording_says_where(posedge: Command, tmp_path: Path) -> None:
    folder = adopted(tmp_path / "tb", "sees", SEES_X, CLOCKING)
    told = posedge("run", folder, "--coverage")
    assert told.code == 0
    lines = told.out.splitlines()
    assert any(line.startswith("code coverage (recorded traffic replayed on Verilator, ") for line in lines)
    (warning,) = [line.strip() for line in lines if "warning" in line]
    assert warning.startswith(
        "warning [default, seed 1]: the replay leaves the recording: unset is 0x0 in step 0 (test_theirs.test_clocks), "
        "0x1 was recorded; "
    )


def test_design_that_waits_is_told_and_the_run_stands(tmp_path: Path, workspace: Workspace) -> None:
    late = "module late(input clk, input d, output reg q);\n  always @(posedge clk) #1 q <= d;\nendmodule\n"
    done = covered(adopted(tmp_path / "tb", "late", late, CLOCKING), workspace)
    assert done.verdict is Verdict.PASS
    assert done.replayed is not None
    (played,) = done.replayed.recordings
    assert (played.verdict, done.replayed.coverage) == (Verdict.UNSUPPORTED, None)
    assert "late.sv:2" in played.message


def test_recording_stops_at_its_limit_and_says_so(tmp_path: Path, workspace: Workspace) -> None:
    (run,) = bench_runs(adopted(tmp_path / "tb", "counter", COUNTER, COUNTING), RunOptions())
    whole = recording_of(run, workspace, 1)
    short = replace(whole, job=replace(whole.job, most=5))
    icarus = simulator("icarus", workspace=workspace)
    build = run.build(icarus, waves=False)
    outcome = run.run(icarus, build, 1, tmp_path / "run", waves=False, beside=short.prepared())
    assert outcome.verdict is Verdict.PASS
    traffic = short.read()
    assert traffic is not None
    assert (traffic.cut, len(traffic.settled) <= 5) == (True, True)


def test_override_of_a_parameter_that_is_not_there_is_left_out(tmp_path: Path, workspace: Workspace) -> None:
    config = [{"name": "odd", "parameters": {"WIDTH": "3", "SIZE": "2", "KEPT": "4"}}]
    text = PARITY.replace("module parity", "module parity #(parameter KEPT = 1)").replace(
        "  assign odd", "  localparam SIZE = 8;\n  assign odd"
    )
    (run,) = bench_runs(adopted(tmp_path / "tb", "parity", text, FEEDING, config=config), RunOptions())
    assert dict(recording_of(run, workspace, 1).design.sources.parameters) == {"KEPT": "4"}


def test_design_with_ports_that_are_not_plain_is_not_recorded_and_says_why(
    tmp_path: Path, workspace: Workspace
) -> None:
    text = "module many(input logic d [2], output logic q);\n  assign q = d[0] ^ d[1];\nendmodule\n"
    (run,) = bench_runs(adopted(tmp_path / "tb", "many", text, FEEDING), RunOptions())
    with pytest.raises(Unsupported) as error:
        recording_of(run, workspace, 1)
    assert error.value.sentence == "many: its traffic can't be recorded: d is not a plain port."
