from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from tests.support.harnesses import around
from verif.formal.prove import Never, prove_never
from verif.formal.unreachable import Invariant
from verif.harness import assemble
from verif.harness.model import Harness
from verif.sim.process import Processes
from verif.verdict import ProofStatus

MODULO = """
  reg [3:0] n;
  always @(posedge clk) if (rst) n <= 0; else if (a[0]) n <= n == 9 ? 4'd0 : n + 4'd1;
  assign y = {4'd0, n}; assign bad = n == BAD;
"""


def modulo(bad: int, folder: Path) -> Harness:
    return around(MODULO.replace("BAD", f"4'd{bad}"), folder)


def proved(harness: Harness, folder: Path, depth: int | None = 12, **more: object) -> Never:
    (answer,) = prove_never(
        harness,
        ["fail_told"],
        folder,
        depth=depth,
        seconds=60.0,
        processes=Processes(),
        **more,  # type: ignore[arg-type]
    ).values()
    return answer


def test_failure_is_found_with_its_stimulus(tmp_path: Path) -> None:
    answer = proved(modulo(6, tmp_path), tmp_path)
    assert (answer.status, answer.bound, len(answer.rows)) == (ProofStatus.FAILED, 6, 7)
    assert [row[1] & 1 for row in answer.rows[:6]] == [1] * 6


def test_what_no_induction_shows_is_bounded_and_reachability_proves_it(tmp_path: Path) -> None:
    answer = proved(modulo(15, tmp_path), tmp_path, solver="yices")
    assert (answer.status, answer.bound, answer.method) == (ProofStatus.BOUNDED, 12, "bounded")
    answer = proved(modulo(15, tmp_path), tmp_path)
    assert (answer.status, answer.method) == (ProofStatus.PROVED, "pdr")
    assert proved(modulo(9, tmp_path), tmp_path).status is ProofStatus.FAILED


def test_invariants_are_proven_together_and_help(tmp_path: Path) -> None:
    harness = modulo(15, tmp_path)
    ten = Invariant(id="small", expression="harness.dut.n <= 4'd9")
    wrong = Invariant(id="wrong", expression="harness.dut.n <= 4'd3")
    answers = prove_never(harness, [ten, wrong], tmp_path, depth=8, seconds=60.0, processes=Processes())
    assert {id_: answer.status for id_, answer in answers.items()} == {
        "small": ProofStatus.PROVED,
        "wrong": ProofStatus.FAILED,
    }
    assert answers["wrong"].bound == 4
    assert proved(harness, tmp_path, invariants=[ten]).status is ProofStatus.PROVED


def test_contradicting_assumptions_are_vacuous(tmp_path: Path) -> None:
    answer = proved(modulo(6, tmp_path), tmp_path, assumptions=["obs_y[0]", "obs_y[1] || !harness.obs_y[0]"])
    assert (answer.status, answer.why) == (
        ProofStatus.VACUOUS,
        "the assumptions contradict each other: no run keeps them",
    )


def test_assumption_limits_what_is_proven(tmp_path: Path) -> None:
    answer = proved(modulo(6, tmp_path), tmp_path, assumptions=["obs_a[0]"])
    assert answer.status is ProofStatus.PROVED


@pytest.mark.parametrize("y, status", [("2", ProofStatus.VACUOUS), ("a", ProofStatus.PROVED)])
def test_condition_that_is_never_met_is_vacuous(tmp_path: Path, y: str, status: ProofStatus) -> None:
    harness = around(f"assign y = {y}; assign bad = 0;", tmp_path)
    assert proved(harness, tmp_path, conditions={"fail_told": "seen_told"}).status is status


def test_without_time_nothing_is_claimed(tmp_path: Path) -> None:
    harness = replace(modulo(6, tmp_path))
    (answer,) = prove_never(harness, ["fail_told"], tmp_path, seconds=0.0, processes=Processes()).values()
    assert (answer.status, answer.bound, answer.why) == (ProofStatus.UNKNOWN, 0, "no time was given")


def test_shortest_failure_of_a_bug_is_found(tmp_path: Path) -> None:
    source = rtl_source("sync_fifo")
    assembled = assemble(source.design, source.plan, source.oracles)
    harness = replace(assembled, design=rtl_source("sync_fifo", "level_counts_both_as_write").design)
    (monitor, *_) = harness.monitors
    (answer,) = prove_never(harness, [monitor.fail], tmp_path, depth=6, seconds=60.0, processes=Processes()).values()
    assert (answer.status, len(answer.rows)) == (ProofStatus.FAILED, 3)
    names = [field.name for field in harness.stimulus]
    assert [dict(zip(names, row, strict=True))["stim_rst_rst_n"] for row in answer.rows[:2]] == [0, 0]
