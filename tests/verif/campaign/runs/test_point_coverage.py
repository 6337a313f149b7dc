"""Laws of a regression's coverage points: the same ids on every simulator, each test with what it hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.adopted import adopted_fifo
from tests.support.rtl import design_of
from verif.bench.traces import Cycle
from verif.campaign.benches.options import RunOptions
from verif.campaign.runs.cycles import Played, play_cycles
from verif.campaign.runs.regression import run_bench
from verif.coverage.model import Coverage, PointKind
from verif.design.model import Design
from verif.plan.model import CoverPoint, Testplan
from verif.sim.process import Processes
from verif.verdict import PointStatus, Verdict
from verif.workspace import Workspace

LIGHT = """
module light (input logic clk, input logic rst, input logic go, input logic [3:0] level, output logic [1:0] state);
  localparam logic [1:0] RED = 0, GREEN = 1, YELLOW = 2;
  logic [3:0] unset;                    // has no reset
  always_ff @(posedge clk) begin
    if (rst) state <= RED;
    else case (state)
      RED: if (go) state <= GREEN;
      GREEN: state <= YELLOW;
      YELLOW: state <= RED;
      default: state <= RED;
    endcase
    if (go) unset <= level;
    if (unset == 4'd9) unset <= 4'd0;
  end
endmodule
"""

COUNTS = """
module counts (input logic clk, input logic rst, output logic full);
  logic [15:0] count;
  assign full = count == 16'hffff;      // hardly any start value
  always_ff @(posedge clk) if (rst) count <= 0; else count <= count + 16'd1;
endmodule
"""


@pytest.fixture
def light(tmp_path: Path) -> Design:
    return design_of(tmp_path, LIGHT, top="light")


def cycles(design: Design, rows: Sequence[Mapping[str, int]]) -> list[Cycle]:
    """Return what a bench would tell of rows in which nothing else is 1; outputs are left open."""
    resting = {port.name: 0 for port in design.data_inputs} | {"rst": 0, "clk": 1}
    return [Cycle({**resting, **row}, {"state": None}) for row in rows]


def played(design: Design, workspace: Workspace, plan: Testplan | None = None, **tests: list[Cycle]) -> Played:
    nothing = Testplan(dut="light", drivers=(), points=())
    return play_cycles(tests, design, plan or nothing, workspace, Processes())


def test_each_test_has_what_it_hits(light: Design, workspace: Workspace) -> None:
    reset = [{"rst": 1}] * 4
    still = cycles(light, [*reset, {}, {}])
    once = cycles(light, [*reset, {"go": 1}, {}, {}])
    found = played(light, workspace, still=still, once=once)
    ids = {point.id for point in found.points}
    assert "light:8:case_RED" in ids and "fsm:state:RED->GREEN" in ids
    arms = {"light:6:if", "light:8:case_RED", "light:8:else", "light:13:else", "fsm:state:RED"}
    assert found.hits["still"] >= arms
    assert not found.hits["still"] & {"light:8:if", "fsm:state:GREEN", "fsm:state:RED->GREEN"}
    assert found.hits["once"] >= {"light:8:if", "fsm:state:GREEN", "fsm:state:YELLOW", "fsm:state:RED->GREEN"}
    assert "fsm:state:YELLOW->RED" in found.hits["once"]
    assert found.notes == ()


def test_what_depends_on_the_registers_start_values_is_not_hit(light: Design, workspace: Workspace) -> None:
    found = played(light, workspace, still=cycles(light, [{"rst": 1}] * 4 + [{}] * 4))
    assert "light:14:if" not in found.hits["still"]


def test_the_arm_of_the_last_edge_counts(light: Design, workspace: Workspace) -> None:
    found = played(light, workspace, short=cycles(light, [*[{"rst": 1}] * 4, {"go": 1}]))
    assert "light:8:if" in found.hits["short"]


def test_a_replay_that_goes_another_way_is_told(light: Design, workspace: Workspace) -> None:
    seen = cycles(light, [*[{"rst": 1}] * 4, {"go": 1}, {}])
    seen[5] = replace(seen[5], outputs={"state": 3})
    found = played(light, workspace, odd=seen)
    assert found.notes == (
        "odd took another way when it was played again: in cycle 5 state is 0x1, the simulation had 0x3.",
    )


def test_what_the_test_before_left_until_the_reset_is_no_other_way(tmp_path: Path, workspace: Workspace) -> None:
    design = design_of(tmp_path, COUNTS, top="counts")
    rows = [Cycle({"clk": 1, "rst": rst}, {"full": full}) for rst, full in ((1, 1), (1, 0), (0, 0), (0, 0))]
    assert played(design, workspace, next=rows).notes == ()


def test_a_design_that_cannot_be_instrumented_keeps_its_functional_points(light: Design, workspace: Workspace) -> None:
    (file,) = light.sources.files
    (file.parent / "end.svh").write_text("endmodule\n")
    file.write_text(file.read_text().replace("endmodule", '`include "end.svh"'))
    plan = Testplan(
        dut="light",
        drivers=(),
        points=(),
        coverage=(CoverPoint(name="go", port="go", bins={"low": (0, 0), "high": (1, 1)}),),
    )
    found = played(light, workspace, plan, once=cycles(light, [{"rst": 1}, {"go": 1}]))
    assert [point.id for point in found.points] == ["bin:go.low", "bin:go.high"]
    (note,) = found.notes
    assert note.startswith("Branches and state machines have no points: ") and "no place for probes" in note


def hit(coverage: Coverage, kind: PointKind) -> set[str]:
    return {one.point.id for one in coverage.of_kind(kind) if one.status is PointStatus.HIT}


def test_an_adopted_bench_hits_the_same_points_on_both_simulators(tmp_path: Path, workspace: Workspace) -> None:
    bench = adopted_fifo(tmp_path / "bench")
    hits = []
    for name in ("icarus", "verilator"):
        regression = run_bench(bench, RunOptions(coverage=True, simulators=(name,)), workspace=workspace)
        assert regression.verdict is Verdict.PASS and regression.points is not None
        hits.append(hit(regression.points.coverage, PointKind.BRANCH))
        assert set(regression.points.coverage.tests) == {"test_theirs.test_unlocks"}
    assert hits[0] == hits[1] and hits[0]
    lock = (bench / "sync_fifo.sv").read_text().splitlines()
    opened = next(number for number, line in enumerate(lock, 1) if "open <= 1'b1" in line)
    assert f"sync_fifo:{opened}:if" in hits[0]
