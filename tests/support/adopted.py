"""An adopted bench of a FIFO with a lock: what its own tests know, random stimulus never guesses."""

from __future__ import annotations

from pathlib import Path

import tomli_w

from tests.support.benches import HEAD
from tests.support.drafts import ROOT
from verif.campaign.adopted.traffic import recording_of
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.sim.registry import simulator
from verif.verdict import Verdict
from verif.workspace import Workspace

SPEC = ROOT / "rtl" / "sync_fifo" / "spec.md"
GOOD = ROOT / "rtl" / "sync_fifo" / "sync_fifo.sv"
KEY = (0xDE, 0xAD, 0xBE, 0xEF)
"""Words that open the lock when written one after the other."""
TESTS = f"""
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

@cocotb.test()
async def test_unlocks(dut):
    cocotb.start_soon(Clock(dut.clk, 10, "ns").start())
    dut.rst_n.value, dut.wr_en.value, dut.rd_en.value, dut.wr_data.value = 0, 0, 0, 0
    for _ in range(3):
        await FallingEdge(dut.clk)
    dut.rst_n.value = 1
    for word in {KEY}:
        dut.wr_en.value, dut.wr_data.value = 1, word
        await FallingEdge(dut.clk)
    dut.wr_en.value, dut.rd_en.value = 0, 1
    for _ in range(6):
        await FallingEdge(dut.clk)
    assert dut.empty.value == 1
"""


def adopted_fifo(folder: Path, *, spec: bool = True) -> Path:
    """Write the adopted bench of a FIFO that, once the lock is open, is never full; return its folder."""
    folder.mkdir()
    word = " && ".join(f"was[{8 * place + 7}:{8 * place}] == 8'h{word:02x}" for place, word in enumerate(KEY[::-1]))
    lock = (
        "    logic [31:0] was;\n    logic open;\n"
        "    always_ff @(posedge clk) begin\n"
        "        if (!rst_n) begin was <= '0; open <= 1'b0; end\n"
        "        else begin\n"
        "            if (wr_en) was <= {was[23:0], wr_data};\n"
        f"            if ({word}) open <= 1'b1;\n"
        "        end\n    end\n"
    )
    text = GOOD.read_text().replace("    assign full    = level == FULL_LEVEL;", lock + FULL)
    (folder / "sync_fifo.sv").write_text(text)
    (folder / "test_theirs.py").write_text(HEAD + TESTS)
    manifest = {"top": "sync_fifo", "test_modules": ["test_theirs"], "simulators": ["icarus"], "adopted": True}
    named = {"spec": str(SPEC)} if spec else {}
    (folder / "bench.toml").write_text(tomli_w.dumps({**manifest, **named, "sources": {"files": ["sync_fifo.sv"]}}))
    return folder


FULL = "    assign full = level == FULL_LEVEL && !open;"


def record(bench: Path, workspace: Workspace) -> None:
    """Run the bench's tests on Icarus and record their traffic."""
    (run,) = bench_runs(bench, RunOptions())
    icarus = simulator("icarus", workspace=workspace)
    recording = recording_of(run, workspace, 1)
    build = run.build(icarus, waves=False)
    outcome = run.run(icarus, build, 1, workspace.bench(bench) / "run", waves=False, beside=recording.prepared())
    assert outcome.verdict is Verdict.PASS
