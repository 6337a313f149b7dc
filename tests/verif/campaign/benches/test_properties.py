"""A bench's own properties: judged in searches and in cocotb, named with their place, refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.regressions import bug, drafted
from verif.campaign.benches.bound import with_properties
from verif.campaign.benches.harness import bench_parts
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.regressions.replay import replay_stored
from verif.campaign.runs.regression import run_bench
from verif.campaign.searches.searching import SearchOptions, search_bench
from verif.errors import PosedgeError
from verif.search.explore import Budget
from verif.sim.process import Processes
from verif.verdict import Oracle, Verdict
from verif.workspace import Workspace

PORTS = """module sync_fifo_props (input logic clk, rst_n, wr_en, rd_en, full, empty, input logic [4:0] level);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);
"""
OPTIONS = SearchOptions(budget=Budget(examples=120), simulators=("icarus",))


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    return drafted(tmp_path / "tb", "sync_fifo")


def write(bench: Path, *properties: str) -> Path:
    """Write the bench's properties; the first is in line 4."""
    lines = "".join(f"  {one}\n" for one in properties)
    path = bench / "sync_fifo_props.sv"
    path.write_text(f"{PORTS}{lines}endmodule\nbind sync_fifo sync_fifo_props props (.*);\n", encoding="utf-8")
    return path


def test_a_broken_property_is_found_and_fails_in_cocotb_in_the_same_cycle(fifo: Path, workspace: Workspace) -> None:
    write(fifo, "few: assert property (level < 3);", "same: assert property (sync_fifo.level == level);")
    found = search_bench(fifo, OPTIONS, workspace=workspace)
    (failure,) = found.failures
    assert (failure.check.id, failure.check.oracle, failure.taken.cycles) == ("few", Oracle.SPEC, 4)
    message = failure.regression.facts["message"]
    assert message.startswith("SPEC few: cycle 5: level < 3 (")
    assert message.endswith("sync_fifo_props.sv:4)")
    (replayed,) = failure.replayed
    assert (replayed.verdict, replayed.notes) == (Verdict.FAIL, ())
    assert replayed.message == "SPEC few: cycle 5: this breaks the property few of sync_fifo_props.sv"
    write(fifo, "few: assert property (level < 30);")
    (again,) = replay_stored(failure.regression, RunOptions(simulators=("icarus",)), workspace, Processes())
    assert again.verdict is Verdict.PASS


def test_a_broken_property_of_a_further_file_is_told_with_that_file(fifo: Path, workspace: Workspace) -> None:
    written = write(fifo, "few: assert property (level < 3);").rename(fifo.parent / "further.sv")
    write(fifo, "two: assert property (level < 2);")
    options = RunOptions(simulators=("icarus",), tests="test_overflow*", properties=(written,))
    messages = [test.message for test in run_bench(fifo, options, workspace=workspace).tests]
    assert messages
    for message in messages:
        assert "this breaks the property two of sync_fifo_props.sv" in message
    write(fifo, "two: assert property (level < 30);")
    for test in run_bench(fifo, options, workspace=workspace).tests:
        assert "this breaks the property few of further.sv" in test.message


@pytest.mark.slow
def test_a_broken_property_fails_on_both_simulators(fifo: Path, workspace: Workspace) -> None:
    write(fifo, "few: assert property (wr_en && !full && !rd_en |=> level == $past(level) + 1);")
    options = SearchOptions(budget=Budget(examples=120), sources=(bug("sync_fifo", "level_counts_both_as_write"),))
    found = search_bench(fifo, options, workspace=workspace)
    assert "few" not in {failure.check.id for failure in found.failures}
    write(fifo, "few: assert property (level < 3);")
    (failure,) = search_bench(fifo, SearchOptions(budget=Budget(examples=120)), workspace=workspace).failures
    assert {one.simulator: one.verdict for one in failure.replayed} == {
        "icarus": Verdict.FAIL,
        "verilator": Verdict.FAIL,
    }


def test_an_assumption_takes_illegal_stimulus_out_of_a_search(fifo: Path, workspace: Workspace) -> None:
    broken = SearchOptions(
        budget=Budget(examples=120), sources=(bug("sync_fifo", "write_when_full_with_read"),), replay=False
    )
    assert search_bench(fifo, broken, workspace=workspace).failures
    write(fifo, "polite: assume property (full |-> !wr_en);")
    found = search_bench(fifo, broken, workspace=workspace)
    assert (found.failures, found.verdict) == ((), Verdict.PASS)
    (note,) = [note for note in found.notes if "assumption" in note]
    assert note.endswith("of 120 examples end early: their stimulus breaks an assumption (polite)")


def test_assumptions_that_no_stimulus_keeps_are_told_and_nothing_passes(fifo: Path, workspace: Workspace) -> None:
    write(fifo, "yes: assume property (empty);", "no: assume property (!empty);")
    found = search_bench(fifo, OPTIONS, workspace=workspace)
    assert found.verdict is Verdict.UNKNOWN
    assert found.trouble == (
        (
            Verdict.UNKNOWN,
            "every example breaks the assumptions (yes, no) in its first cycle, so nothing was judged",
        ),
    )


def test_cocotb_runs_judge_properties_and_assumptions(fifo: Path, workspace: Workspace) -> None:
    options = RunOptions(simulators=("icarus",), tests="test_overflow*")
    write(fifo, "fits: assert property (level <= 16);", "polite: assume property (!(full && wr_en));")
    regression = run_bench(fifo, options, workspace=workspace)
    failing = [test for test in regression.tests if test.verdict is Verdict.FAIL]
    assert failing
    for test in failing:
        assert "the stimulus breaks the assumption polite of sync_fifo_props.sv" in test.message
    write(fifo, "fits: assert property (level <= 16);")
    assert run_bench(fifo, options, workspace=workspace).verdict is Verdict.PASS


def test_a_bench_without_assertions_is_simulated_as_it_is(fifo: Path, workspace: Workspace) -> None:
    (run,) = bench_runs(fifo, RunOptions())
    assert with_properties(run, workspace) is run
    write(fifo, "deep: cover property (full);", "polite: assume property (!(full && wr_en));")
    assert with_properties(run, workspace) is run


WRONG = {
    "outside of the subset": ("x: assert property (full until empty);", "PE251", "4:23: until is not supported"),
    "an unknown signal": ("x: assert property (ful);", "PE252", "4:23: use of undeclared identifier 'ful'"),
    "a syntax error": ("x: assert property (full |-> );", "PE252", "4:32: expected expression"),
    "nothing": ("", "PE255", "sync_fifo_props.sv: no module holds a concurrent assertion"),
    "too long": ("x: assert property (full |-> ##[1:65] empty);", "PE253", "4:3: the consequent of x takes up to 65"),
    "a clock that is none": (
        "x: assert property (@(posedge wr_en) full);",
        "PE257",
        "4:3: the clock wr_en of the property x is no clock of the design; its clocks are clk",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_search_refuses_wrong_properties_with_their_place(what: str, fifo: Path, workspace: Workspace) -> None:
    text, code, sentence = WRONG[what]
    write(fifo, text)
    with pytest.raises(PosedgeError) as refused:
        search_bench(fifo, OPTIONS, workspace=workspace)
    assert (refused.value.code, sentence in refused.value.sentence) == (code, True), refused.value.sentence


def test_a_bind_to_another_module_is_refused(fifo: Path) -> None:
    path = write(fifo, "x: assert property (full);")
    path.write_text(path.read_text().replace("bind sync_fifo ", "bind uart_tx "), encoding="utf-8")
    (run,) = bench_runs(fifo, RunOptions())
    with pytest.raises(PosedgeError, match=r"6:6: bind names uart_tx, which the design doesn't have") as refused:
        bench_parts(run)
    assert refused.value.code == "PE256"
