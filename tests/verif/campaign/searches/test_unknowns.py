"""X-only findings: told where Icarus and cocotb show them, not where lanes alone call a bit unknown."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.support.drafts import text_source
from tests.support.regressions import bug, specified, written
from tests.support.rtl import RTL
from verif.bench.folder import with_known_outputs
from verif.campaign.benches.engines import EngineChoice
from verif.campaign.benches.harness import BenchHarness, bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.regressions.keeping import Keeper
from verif.campaign.searches.searching import SearchOptions, four_state_rules, search_bench
from verif.campaign.searches.unknowns import (
    FourStates,
    Unknown,
    UnknownSearch,
    unknown_checks,
    unknowns_due,
)
from verif.errors import InputError
from verif.search.explore import Budget
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

RARE = """
module rare(input wire clk, input wire rst_n, input wire [3:0] a, output reg [3:0] q, output wire told);
  reg [3:0] kept;    // written first by 9, shown by 6
  reg show;
  always @(posedge clk) if (a == 4'd9) kept <= a;
  always @(posedge clk) if (!rst_n) begin q <= 4'd0; show <= 1'b0; end
    else begin show <= a == 4'd6; q <= show ? kept : a; end
  assign told = show;
endmodule
"""
HOPEFUL = """
module hopeful(input wire clk, input wire rst_n, input wire a, output reg q);
  reg open;    // no reset: an X is taken for 0 where Verilog asks it
  always @(posedge clk) if (a) open <= open;
  always @(posedge clk) if (!rst_n) q <= 1'b0; else if (open) q <= 1'b1; else q <= 1'b0;
endmodule
"""


@dataclass
class Looked:
    """What came of looking for X in one bench."""

    bench: Path
    found: list[Unknown] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def look(bench: Path, workspace: Workspace, *sources: Path) -> Looked:
    run = bench_runs(bench, RunOptions(sources=sources, simulators=("icarus",)))[0]
    looked = Looked(bench)
    lanes = FourStates(lambda: bench_harness(run, for_x=True), workspace=workspace)
    build, why = lanes.build(None)
    lanes.close()
    if build is None:
        looked.notes.append(why)
        return looked
    parts = lanes.parts
    search = UnknownSearch(
        keeper=Keeper(run=run, workspace=workspace, processes=Processes()),
        parts=parts,
        build=build,
        checks=unknown_checks(parts, four_state_rules(parts)),
        seed=1,
        note=looked.notes.append,
    )
    looked.found += search.failures()
    return looked


def judged_for_x(folder: Path, text: str) -> Path:
    source = text_source(folder, text)
    outputs = [port.name for port in source.design.outputs]
    return written(folder / "tb", replace(source, oracles=with_known_outputs(source.oracles, outputs)))


def test_an_x_at_a_port_is_found_shrunk_and_replayed_on_icarus(tmp_path: Path, workspace: Workspace) -> None:
    looked = look(judged_for_x(tmp_path, RARE), workspace)
    (found,) = looked.found
    assert found.taken.sighting.check.id == "outputs-known"
    assert found.taken.cycles == 3
    assert {one.simulator: one.verdict for one in found.replayed} == {"icarus": Verdict.FAIL}
    assert "q unknown (X or Z)" in found.replayed[0].message
    assert [*(looked.bench / "regressions").glob("*.json")] == [found.regression.file]


def test_what_icarus_does_not_show_is_not_told(tmp_path: Path, workspace: Workspace) -> None:
    looked = look(judged_for_x(tmp_path, HOPEFUL), workspace)
    assert not looked.found
    assert looked.notes[1:] == [
        "an X may break outputs-known, but where lanes see it Icarus shows none (24 lanes played)"
    ]
    assert not [*(looked.bench / "regressions").glob("*.json")]


def test_a_register_without_reset_breaks_the_model_by_its_x(tmp_path: Path, workspace: Workspace) -> None:
    looked = look(
        specified(tmp_path / "tb", "sequence_detector"), workspace, bug("sequence_detector", "reset_misses_state")
    )
    (found,) = looked.found
    assert found.taken.cycles <= 2
    assert "detected is X" in found.replayed[0].message


def test_a_design_that_lanes_cannot_take_is_a_note(tmp_path: Path, workspace: Workspace) -> None:
    gated = RARE.replace("always @(posedge clk) if (a == 4'd9)", "always @(posedge (clk & a[0]))")
    looked = look(judged_for_x(tmp_path, gated), workspace)
    assert not looked.found
    (note,) = looked.notes
    assert note.startswith("nothing was looked for in four states: lanes take registers of clock inputs and memories, ")


@pytest.mark.parametrize(
    ("choice", "budget", "due"),
    [
        (EngineChoice.BATCH, Budget(seconds=60.0), False),
        (EngineChoice.LANES, Budget(examples=10), True),
        (EngineChoice.AUTO, Budget(examples=10), False),
        (EngineChoice.AUTO, Budget(examples=100_000), True),
        (EngineChoice.AUTO, Budget(seconds=1.0), False),
        (EngineChoice.AUTO, Budget(seconds=60.0), True),
    ],
)
def test_only_a_search_that_is_worth_the_build_looks_for_x(choice: EngineChoice, budget: Budget, due: bool) -> None:
    assert unknowns_due(choice, budget) is due


def test_a_look_whose_lanes_are_late_is_a_sentence(workspace: Workspace) -> None:
    begun = threading.Event()

    def never() -> BenchHarness:
        begun.wait(60)
        raise InputError("PE840", "the bench is gone")

    lanes = FourStates(never, workspace=workspace)
    lanes.start()
    assert lanes.build(0.0) == (
        None,
        "nothing was looked for in four states: the budget was spent before lanes for it were built; with a longer one "
        "they are",
    )
    begun.set()
    assert lanes.build(None) == (None, "nothing was looked for in four states: the bench is gone.")
    lanes.close()


def test_a_bench_where_only_an_x_is_judged_is_looked_at_in_four_states_alone(
    tmp_path: Path, workspace: Workspace
) -> None:
    bench = judged_for_x(tmp_path, RARE)
    options = SearchOptions(budget=Budget(examples=100_000), simulators=("icarus",))
    found = search_bench(bench, options, workspace=workspace)
    (failure,) = found.failures
    assert (failure.check.id, found.verdict, found.effort.examples) == ("outputs-known", Verdict.FAIL, 0)
    assert "nothing judges this design but that its outputs are known" in found.notes[-2]
    with pytest.raises(InputError, match="nothing judges this design") as told:
        search_bench(bench, SearchOptions(budget=Budget(examples=100)), workspace=workspace)
    assert told.value.code == "PE841"


@pytest.mark.slow
def test_a_search_tells_what_only_an_x_breaks(tmp_path: Path, workspace: Workspace) -> None:
    whole = (RTL / "sequence_detector" / "sequence_detector.sv").read_text(encoding="utf-8")
    hidden = whole.replace("    logic   match;", "    logic   match, never;").replace(
        "(state == GOT_101);", "(state == GOT_101) && (never == never);"
    )
    assert hidden.count("never") == 3
    (tmp_path / "hidden.sv").write_text(hidden, encoding="utf-8")
    bench = specified(tmp_path / "tb", "sequence_detector")
    options = SearchOptions(budget=Budget(examples=2000), sources=(tmp_path / "hidden.sv",), engine=EngineChoice.LANES)
    found = search_bench(bench, options, workspace=workspace)
    (failure,) = found.failures
    assert failure.check.id == "sequence-detector-model"
    assert {one.simulator: one.verdict for one in failure.replayed} == {
        "icarus": Verdict.FAIL,
        "verilator": Verdict.PASS,
    }
    assert failure.x_only
    assert failure.taken.cycles == 5
    assert found.verdict is Verdict.FAIL
