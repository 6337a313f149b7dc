"""Survivors before the solver, and what a proof against a kill means."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.lamp import lamp_bench, lamp_mutant
from verif.campaign.benches.harness import bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.mutants.board import Board
from verif.campaign.mutants.deciding import Decider
from verif.campaign.mutants.result import Gap, Kill
from verif.campaign.mutants.runs import SOURCES, Runs
from verif.mutation.model import Mutant
from verif.mutation.sources import mutated
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.verdict import MutantStatus, Oracle, Ratio
from verif.workspace import Workspace


@pytest.fixture
def lamp(tmp_path: Path) -> tuple[Path, Mutant, Mutant]:
    """The bench, a mutant that does what the design does, and one that doesn't but is never seen in few cycles."""
    bench = lamp_bench(tmp_path)
    file = tmp_path / "lamp.sv"
    same = lamp_mutant(file, "(steps == 4'd9) ? 4'd0", "(steps >= 4'd9) ? 4'd0", "lamp:22:relational")
    other = lamp_mutant(file, "(code == 8'd77) & (steps == 4'd9)", "(code == 8'd77) & (steps == 4'd8)")
    return bench, same, other


def _decider(bench: Path, board: Board, tmp_path: Path, workspace: Workspace) -> Decider:
    harness = bench_harness(bench_runs(bench, RunOptions())[0]).harness
    design = harness.design
    return Decider(
        board=board,
        runs=Runs(harness, (), workspace=workspace, processes=Processes()),
        folder=tmp_path / "solver",
        sources=lambda each: placed(design.sources, mutated(design, each), workspace, SOURCES),
        processes=Processes(),
        progress=lambda done, total, text: None,
        keep=lambda: None,
    )


def test_survivors_end_proven_or_told_apart(
    lamp: tuple[Path, Mutant, Mutant], tmp_path: Path, workspace: Workspace
) -> None:
    bench, same, other = lamp
    board = Board((same, other))
    decider = _decider(bench, board, tmp_path, workspace)
    with decider.runs:
        decider.decide([], seconds=120, depth=14)
    assert [one.status for one in board.results()] == [MutantStatus.EQUIVALENT, MutantStatus.SURVIVED]
    difference = board[other].difference
    assert difference is not None
    assert (difference.outputs, difference.by) == (("deep",), "solver")
    assert 9 <= len(difference.rows) <= 14
    assert decider.gaps == []


def test_survivors_that_no_time_was_left_for_are_asked_about_again(
    lamp: tuple[Path, Mutant, Mutant], tmp_path: Path, workspace: Workspace
) -> None:
    bench, same, _ = lamp
    board = Board((same,))
    decider = _decider(bench, board, tmp_path, workspace)
    with decider.runs:
        decider.decide([], seconds=1e-9, depth=14)
        assert (board[same].why, board[same].asked) == ("the time ran out", 0.0)
        decider.decide([], seconds=120, depth=14)
    assert board[same].status is MutantStatus.EQUIVALENT


def test_a_kill_of_an_equivalent_mutant_is_a_gap(
    lamp: tuple[Path, Mutant, Mutant], tmp_path: Path, workspace: Workspace
) -> None:
    bench, same, other = lamp
    board = Board((same, other))
    for each in (same, other):
        board[each].add(Kill(check="lit_follows", oracle=Oracle.SPEC, tick=3))
    decider = _decider(bench, board, tmp_path, workspace)
    with decider.runs:
        decider.decide([same, other], seconds=120, depth=4)
    assert decider.gaps == [Gap(mutant=same.id, check="lit_follows", method="correspondence")]
    assert decider.controls == Ratio(count=1, total=2)
    assert decider.gaps[0].sentence == (
        "GAP: lit_follows kills lamp:22:relational, and correspondence proves that the mutant is equivalent: "
        "one oracle is wrong"
    )


def test_controls_that_nobody_was_asked_about_do_not_count(
    lamp: tuple[Path, Mutant, Mutant], tmp_path: Path, workspace: Workspace
) -> None:
    bench, same, other = lamp
    board = Board((same, other))
    board[other].add(Kill(check="lit_follows", oracle=Oracle.SPEC, tick=3))
    decider = _decider(bench, board, tmp_path, workspace)
    decider.decide([other], seconds=0.0, depth=4)
    assert decider.controls == Ratio(count=0, total=0)
    assert board[same].why == "the time ran out"
