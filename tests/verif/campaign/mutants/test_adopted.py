"""A campaign over the mutants of an adopted bench's design: its traffic first, then its own tests in cocotb."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w

from verif.campaign.mutants.mutating import mutate_bench
from verif.campaign.mutants.options import MutateOptions
from verif.errors import InputError
from verif.verdict import MutantStatus
from verif.workspace import Workspace

GATE = """module gate (input wire clk, input wire rst_n, input wire [3:0] a, output reg [3:0] q, output reg odd);
  always @(posedge clk)
    if (!rst_n) begin q <= 4'd0; odd <= 1'b0; end
    else begin q <= a & 4'd7; odd <= a[0] ^ a[3]; end
endmodule
"""
TESTS = """import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

@cocotb.test()
async def test_masks(dut):
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.rst_n.value, dut.a.value = 0, 0
    for _ in range(3):
        await FallingEdge(dut.clk)
    dut.rst_n.value = 1
    for value in (1, 2, 5, 6):
        dut.a.value = value
        await FallingEdge(dut.clk)
        assert dut.q.value.to_unsigned() == value & 7 {more}
"""
OPTIONS = MutateOptions(seconds=None, operators=("bitwise", "constant"), count=8, depth=6, simulators=("icarus",))


def _bench(folder: Path, more: str = "") -> Path:
    folder.mkdir(parents=True)
    (folder / "gate.sv").write_text(GATE, encoding="utf-8")
    (folder / "test_gate.py").write_text(TESTS.format(more=more), encoding="utf-8")
    manifest = {
        "schema_version": 1,
        "top": "gate",
        "test_modules": ["test_gate"],
        "adopted": True,
        "simulators": ["icarus"],
        "sources": {"files": ["gate.sv"]},
        "clock": [{"name": "clk"}],
        "reset": [{"name": "rst_n", "active_high": False, "cycles": 2}],
    }
    (folder / "bench.toml").write_text(tomli_w.dumps(manifest), encoding="utf-8")
    return folder


def test_adopted_bench_runs_on_what_its_traffic_shows_alone(tmp_path: Path, workspace: Workspace) -> None:
    started: list[str] = []

    def note(done: int, total: int, text: str) -> None:
        if text.startswith("running the bench on gate"):
            started.append(text.rpartition(" ")[2])

    found = mutate_bench(_bench(tmp_path / "tb"), OPTIONS, workspace=workspace, progress=note)
    unseen = {one.mutant.id for one in found.mutants if one.propagated is False}
    assert unseen and set(started) and not unseen & set(started)
    killed = [one for one in found.mutants if one.status is MutantStatus.KILLED]
    assert killed and {kill.check for one in killed for kill in one.kills} == {"test_masks"}
    assert found.by_oracle["own"] == len(killed) == found.score.killed
    assert found.score.decided.count == found.score.decided.total
    unjudged = [one for one in found.survivors if one.mutant.id in started]
    assert all("a check is missing" in one.reason for one in unjudged)


def test_adopted_bench_that_fails_on_the_design_is_told(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(InputError) as refused:
        mutate_bench(_bench(tmp_path / "tb", "+ 1"), replace(OPTIONS, count=2), workspace=workspace)
    assert refused.value.code == "PE904"
    assert "the bench fails on the design itself, so a kill would say nothing: test_masks: " in refused.value.sentence
