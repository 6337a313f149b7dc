"""The gate before mutants count, and mutants with builds of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.harnesses import around
from verif.errors import ToolError
from verif.harness.model import Harness
from verif.lanes.stirring import stirred
from verif.mutation import MutantBuilds, build_mutants, check_gate, judge_alone, mutants_of
from verif.mutation.gate import check_gates
from verif.verdict import MutantStatus
from verif.workspace import Workspace

BODY = """
  parameter STEP = 2;
  logic [7:0] q;
  always @(posedge clk) if (rst) q <= 8'd0; else q <= q + STEP;
  assign y = q; assign bad = q[0];
"""


def made(folder: Path) -> tuple[Harness, MutantBuilds, Workspace]:
    harness, workspace = around(BODY, folder), Workspace(folder / "sim_builds")
    mutants = mutants_of(harness.design, operators=["arithmetic", "reset"])
    return harness, build_mutants(harness, mutants, workspace=workspace, lanes=False), workspace


def test_gate_proves_that_no_mutant_is_the_design_and_refuses_a_mutant(tmp_path: Path) -> None:
    _, builds, workspace = made(tmp_path)
    gate = check_gate(builds, workspace=workspace)
    assert gate.proved
    assert gate.sentence.startswith("With no mutant chosen the common build is the design: proved by ")
    with pytest.raises(ToolError, match="the text with all mutants does not do what the design does where none is"):
        check_gate(builds, workspace=workspace, chosen=1)


def test_gate_simulates_where_no_time_for_a_proof_is_left_and_says_so(tmp_path: Path) -> None:
    _, builds, workspace = made(tmp_path)
    gate = check_gate(builds, workspace=workspace, seconds=0.0, cycles=50_000)
    assert (gate.proved, gate.cycles) == (False, 64_000)
    assert gate.sentence == (
        "That the common build with no mutant chosen is the design is not proved: none in 64,000 simulated cycles."
    )
    with pytest.raises(ToolError, match="a simulation shows a difference in tick 0 of lane 0"):
        check_gate(builds, workspace=workspace, seconds=0.0, cycles=50_000, chosen=2)


def test_gates_are_kept_by_the_text_and_simulate_beside_one_design(tmp_path: Path) -> None:
    harness, builds, workspace = made(tmp_path)
    others = build_mutants(harness, builds.order[:1], workspace=workspace, lanes=False)
    asked: list[tuple[int, int]] = []

    def gates(*groups: MutantBuilds, seconds: float = 0.0) -> list[bool]:
        found = check_gates(
            groups, workspace=workspace, seconds=seconds, cycles=50_000, progress=lambda *done: asked.append(done)
        )
        assert all(gate.cycles == (0 if gate.proved else 64_000) for gate in found)
        return [gate.proved for gate in found]

    assert gates(builds, others, builds) == [False, False]
    first = len(asked)
    assert gates(builds, others, seconds=60.0) == [False, False] and len(asked) == first
    rest = build_mutants(harness, builds.order[1:], workspace=workspace, lanes=False)
    assert gates(rest, seconds=60.0) == [True]


def test_gate_proves_what_an_asynchronous_reset_loads(tmp_path: Path) -> None:
    harness = around(BODY.replace("@(posedge clk)", "@(posedge clk or posedge rst)"), tmp_path)
    workspace = Workspace(tmp_path / "sim_builds")
    builds = build_mutants(harness, mutants_of(harness.design, operators=["reset"]), workspace=workspace, lanes=False)
    assert any(mutant.asynchronous for mutant in builds.order)
    assert check_gate(builds, workspace=workspace).proved
    with pytest.raises(ToolError, match="a solver finds a difference"):
        check_gate(builds, workspace=workspace, chosen=1)


@pytest.mark.parametrize(("seconds", "how"), [(60.0, "a solver finds a difference"), (0.0, "a simulation shows a")])
def test_text_that_changes_the_design_without_a_mutant_is_refused(seconds: float, how: str, tmp_path: Path) -> None:
    harness = around(BODY.replace("q + STEP", "8'd5 + q * STEP"), tmp_path)
    workspace = Workspace(tmp_path / "sim_builds")
    (plus,) = (
        m
        for m in mutants_of(harness.design, operators=["arithmetic"])
        if m.before.startswith("8'd5 + ") and "-" in m.after
    )
    too_short = replace(plus, end=plus.end - len(" * STEP"), after="8'd5 - q")
    builds = build_mutants(harness, [too_short], workspace=workspace, lanes=False)
    with pytest.raises(ToolError, match=f"does not do what the design does where none is chosen: {how}"):
        check_gates([builds], workspace=workspace, seconds=seconds, cycles=10_000)


def test_mutants_with_builds_of_their_own_are_judged_alike(tmp_path: Path) -> None:
    harness, workspace = around(BODY, tmp_path), Workspace(tmp_path / "sim_builds")
    mutants = [*mutants_of(harness.design, operators=["parameter"])]
    broken = replace(mutants[0], id="broken", after="nothing")
    heard: list[object] = []
    judged = judge_alone(
        harness, [*mutants, broken], list(stirred(harness, 1, 64, 1)), workspace=workspace, jobs=2, told=heard.append
    )
    assert [(one.mutant.after, one.status) for one in judged.judgements] == [
        ("1", MutantStatus.KILLED),
        ("3", MutantStatus.KILLED),
        ("nothing", MutantStatus.STILLBORN),
    ]
    assert judged.judgements[0].detected_by == "told" and judged.judgements[0].propagated
    assert judged.judgements[2].note.startswith("It does not compile: ")
    assert len(heard) == 3
    again = judge_alone(harness, mutants, [], workspace=workspace, known=judged.judgements)
    assert again.judgements == judged.judgements[:2] and again.spent.build == 0
