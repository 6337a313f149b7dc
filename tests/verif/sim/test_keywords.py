"""Verilog-2005 that uses SystemVerilog's keywords as names compiles on every engine, beside SystemVerilog too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.benches import HEAD
from verif.bench.oracles import OracleSet
from verif.design.frontend import read_design
from verif.design.model import SourceSet
from verif.errors import Unsupported
from verif.harness import assemble
from verif.plan.model import Testplan
from verif.sim.batch import Batch, Layout, build_batch
from verif.sim.keywords import NOTE
from verif.sim.registry import simulator
from verif.sim.seam import BuildRequest, RunRequest, Simulator
from verif.verdict import Verdict
from verif.workspace import Workspace

OLDER = """
module older(input clk, input do, output reg bit);
  reg [1:0] final;
  reg logic;
  always @(posedge clk) begin logic <= do; bit <= logic; final <= final + 1; end
endmodule
"""
NEWER = """
module newer(input logic clk, input logic d, output logic q);
  older inner (.clk(clk), .\\do (d), .\\bit (q));
endmodule
"""
TEST = """
@cocotb.test()
async def test_passes_on(dut):
    for value in (1, 1, 1):
        dut.clk.value, dut.d.value = 0, value
        await Timer(1, "ns")
        dut.clk.value = 1
        await Timer(1, "ns")
    assert dut.q.value == 1
"""


def written(folder: Path, **texts: str) -> SourceSet:
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text)
    return SourceSet(files=tuple(folder / name.replace("_", ".") for name in texts))


@pytest.fixture(params=["icarus", "verilator"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Simulator:
    found = simulator(request.param, workspace=Workspace(tmp_path / "sim_builds"))
    if not found.status().found:
        pytest.fail("not installed") if os.environ.get("CI") else pytest.skip(f"no {request.param}")
    return found


def test_older_file_compiles_beside_a_newer_one(backend: Simulator, tmp_path: Path) -> None:
    sources = written(tmp_path, older_v=OLDER, newer_sv=NEWER)
    build = backend.build(BuildRequest(sources=sources, top="newer"))
    assert NOTE in build.warnings
    (tmp_path / "test_newer.py").write_text(HEAD + TEST)
    run = RunRequest(
        build=build, test_modules=("test_newer",), python_path=(tmp_path,), seed=1, directory=tmp_path / "run"
    )
    assert backend.run(run).verdict is Verdict.PASS


def test_file_that_is_neither_is_refused_for_what_it_is(backend: Simulator, tmp_path: Path) -> None:
    sources = written(tmp_path, neither_v="module neither(input a);\n  assign = a\nendmodule\n")
    with pytest.raises(Unsupported, match=r"neither\.v:[23]: (Icarus|Verilator) can't compile this: "):
        backend.build(BuildRequest(sources=sources, top="neither"))
    log = next((tmp_path / "sim_builds" / "builds").glob("*.log")).read_text()
    assert log.count("syntax error") >= 1
    assert "begin_keywords" not in log


def test_batch_engine_takes_older_files_too(tmp_path: Path) -> None:
    design = read_design(written(tmp_path, older_v=OLDER))
    plan = Testplan(dut="older", drivers=(), points=())
    harness = assemble(design, plan, OracleSet(model=None, rules=(), drivers=()))
    build = build_batch(harness, workspace=Workspace(tmp_path / "sim_builds"))
    assert NOTE in build.build.warnings
    layout = Layout.of(harness.stimulus)
    rows = layout.pack({name: [1, 1, 1, 1] for name in (field.name for field in harness.stimulus)})
    with Batch(build) as batch:
        observed = batch.run(rows, observe=True).observed
    assert observed is not None
    assert int(Layout.of(harness.observed).get(observed, "obs_bit")[-1]) == 1
