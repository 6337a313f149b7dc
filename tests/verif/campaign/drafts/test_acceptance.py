"""What a draft must stand before it is accepted; each rule with the input that breaks it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.support.drafts import accept, rtl_source, shorter, text_source
from verif.bench.traces import read_trace
from verif.plan.play import play
from verif.verdict import Oracle, Outcome, Verdict
from verif.workspace import Workspace

CONSTANT = "module constant(input clk, input rst, input d, output [3:0] q); assign q = 4'd9; endmodule"
TOGGLE = """
module toggle(input clk, input rst, input en, output reg q, output fixed);
  assign fixed = 1'b0;
  always @(posedge clk) if (rst) q <= 0; else if (en) q <= ~q;
endmodule
"""
NAMESAKE = """
module total(input clk, input rst, input en, output reg [3:0] total);
  always @(posedge clk) if (rst) total <= 0; else if (en) total <= total + 1;
endmodule
"""
WITHOUT_RESET = """
module free(input clk, input en, output reg [7:0] count);
  initial count = 8'd0;
  always @(posedge clk) if (en) count <= count + 8'd1;
endmodule
"""
UNREADABLE = "module vague(input clk, input rst, output q); assign q = undeclared.member; endmodule"
MEMORY = """
module memory(input clk, input we, input [1:0] a, input [3:0] d, output reg [3:0] q);
  reg [3:0] words [0:3];
  always @(posedge clk) begin if (we) words[a] <= d; q <= words[a]; end
endmodule
"""


def verdicts(acceptance: object) -> dict[str, Verdict]:
    return {check.name: check.verdict for check in acceptance.checks}  # type: ignore[attr-defined]


def test_good_design_is_clean_and_every_broken_variant_is_caught_by_its_specification(workspace: Workspace) -> None:
    source = shorter(rtl_source("sync_fifo"), points=5, cycles=80)
    acceptance = accept(source, workspace)
    assert (acceptance.outcome, acceptance.reason) == (Outcome.CLEAN, "")
    assert set(verdicts(acceptance).values()) == {Verdict.PASS}
    assert len(acceptance.forced) == 16
    assert {entry.by for entry in acceptance.forced} == {Oracle.SPEC}
    assert acceptance.bins["full"]["high"] > 0
    _stimulus_is_the_planned_one(source, workspace)


def test_port_may_be_called_like_its_module(tmp_path: Path, workspace: Workspace) -> None:
    acceptance = accept(shorter(text_source(tmp_path, NAMESAKE), points=2), workspace)
    assert (acceptance.outcome, acceptance.reason) == (Outcome.CLEAN, "")


def _stimulus_is_the_planned_one(source: object, workspace: Workspace) -> None:
    """The bench's loop gives, row by row, what ``verif.plan.play`` gives for the same answers of the design."""
    plan, design = source.plan, source.design  # type: ignore[attr-defined]
    trace = read_trace(workspace.root / "drafts" / "sync_fifo" / "icarus-seed-1" / "trace.jsonl")
    for point in plan.points:
        cycles = iter(trace[f"test_{point.id}"])
        stimulus = play(
            plan,
            point,
            seed=1,
            step=lambda inputs, left=cycles: next(left).outputs,
            clocks=design.clocks,
            resets=design.resets,
        )
        traced = trace[f"test_{point.id}"][: len(stimulus)]
        assert [dict(cycle.inputs) for cycle in traced] == [dict(stimulus.row(t)) for t in range(len(stimulus))]


def test_bench_without_its_scoreboard_and_recording_is_rejected(workspace: Workspace) -> None:
    def blind(files: Mapping[str, str]) -> dict[str, str]:
        texts = dict(files)
        bench = texts["sync_fifo_tb.py"]
        for name in ("_judge", "_compare"):
            bench = re.sub(rf"(def {name}\(self, .*?\) -> None:\n)", r"\1        return\n", bench)
        texts["sync_fifo_tb.py"] = bench
        return texts

    acceptance = accept(shorter(rtl_source("sync_fifo")), workspace, overlay=blind)
    assert acceptance.outcome is Outcome.REJECTED
    assert acceptance.reason.startswith("16 of 16 broken designs pass: full stuck at 0, full stuck at 1")
    assert verdicts(acceptance)["forced fails are caught"] is Verdict.FAIL


def test_design_that_breaks_its_specification_is_a_finding_shrunk_and_replayed(workspace: Workspace) -> None:
    source = shorter(rtl_source("sync_fifo", "level_counts_both_as_write"), points=2)
    acceptance = accept(source, workspace)
    assert acceptance.outcome is Outcome.FINDING
    assert verdicts(acceptance)["seed 1"] is Verdict.FAIL
    (finding,) = [each for each in acceptance.findings if each.failure.oracle is Oracle.SPEC]
    assert finding.replayed == {"icarus": Verdict.FAIL}
    assert len(finding.regression.rows) == 5 < finding.cycles_before
    assert "R9" in finding.requirements
    assert re.match(r"SPEC sync-fifo-model: cycle 4: \w+ is ", str((finding.regression.facts or {})["message"]))
    assert {entry.by for entry in acceptance.forced} == {Oracle.RECORDED}, (
        "a failing test proves nothing about variants"
    )


def test_design_whose_outputs_never_change_stays_unknown(tmp_path: Path, workspace: Workspace) -> None:
    acceptance = accept(shorter(text_source(tmp_path, CONSTANT), points=2), workspace)
    assert acceptance.outcome is Outcome.UNKNOWN
    assert acceptance.reason == "no output ever changed, so nothing shows that the bench notices a broken design"


def test_outputs_that_never_change_are_told(tmp_path: Path, workspace: Workspace) -> None:
    acceptance = accept(shorter(text_source(tmp_path, TOGGLE), points=2), workspace)
    assert acceptance.outcome is Outcome.CLEAN
    assert {entry.variant.port for entry in acceptance.forced} == {"q"}
    assert {entry.by for entry in acceptance.forced} == {Oracle.RECORDED}
    assert (
        "1 of 2 output bits took both values; never changed: fixed: constant in this configuration, or not reached by "
        "the plan's stimulus"
    ) in acceptance.notes


def test_design_that_no_simulator_takes_is_rejected_with_the_place(tmp_path: Path, workspace: Workspace) -> None:
    source = text_source(tmp_path, TOGGLE)
    (tmp_path / "design.v").write_text(UNREADABLE, encoding="utf-8")
    acceptance = accept(source, workspace)
    assert acceptance.outcome is Outcome.REJECTED
    assert acceptance.reason.startswith("no simulator compiles the design: ")
    assert "design.v:1" in acceptance.reason
    assert verdicts(acceptance) == {"compiles": Verdict.UNSUPPORTED}


def test_bench_that_breaks_is_rejected_with_the_reason(workspace: Workspace) -> None:
    def broken(files: Mapping[str, str]) -> dict[str, str]:
        texts = dict(files)
        texts["test_sync_fifo.py"] = texts["test_sync_fifo.py"].replace('TB(dut, "smoke")', 'TB(dut, "smoke", 1, 2)')
        return texts

    acceptance = accept(shorter(rtl_source("sync_fifo"), points=1), workspace, overlay=broken)
    assert acceptance.outcome is Outcome.REJECTED
    assert acceptance.reason.startswith("the bench breaks on icarus: test_smoke: TypeError")


def test_memory_without_reset_is_accepted_with_x_told(tmp_path: Path, workspace: Workspace) -> None:
    acceptance = accept(shorter(text_source(tmp_path, MEMORY), points=3), workspace)
    assert acceptance.outcome is Outcome.CLEAN
    assert "X after reset is shown by q: not checked there (GENERIC outputs-known)" in acceptance.notes
    assert any(value is None for row in acceptance.recorded.expected or () for value in row)


def test_two_clocks_are_driven_in_turns(workspace: Workspace) -> None:
    source = shorter(rtl_source("async_fifo"), points=2)
    acceptance = accept(replace(source), workspace)
    assert acceptance.outcome is Outcome.CLEAN
    trace = read_trace(workspace.root / "drafts" / "async_fifo" / "icarus-seed-1" / "trace.jsonl")
    names = [clock.name for clock in source.design.clocks]
    edges = [[cycle.inputs[name] for name in names] for cycles in trace.values() for cycle in cycles]
    assert all(sum(row) == 1 for row in edges)
    assert {tuple(row) for row in edges} == {(0, 1), (1, 0)}


def test_clock_that_verilator_starts_at_random_has_no_edge_before_the_first_cycle(
    tmp_path: Path, workspace: Workspace
) -> None:
    source = shorter(text_source(tmp_path, WITHOUT_RESET), points=3, cycles=20)
    # With this seed the clock starts low and ``en`` high.
    acceptance = accept(source, workspace, seed=4, simulators=("icarus", "verilator"))
    assert acceptance.outcome is Outcome.CLEAN
    assert not [note for note in acceptance.notes if "what registers start with" in note]
    assert verdicts(acceptance)["simulators agree"] is Verdict.PASS
