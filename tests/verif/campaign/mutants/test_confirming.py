"""What is undecided runs in Icarus, where a register that starts as X may show."""

from __future__ import annotations

from pathlib import Path

from tests.support.lamp import LAMP, lamp_bench, lamp_mutant
from verif.campaign.benches.harness import bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.mutants.board import Board
from verif.campaign.mutants.confirming import try_undecided
from verif.campaign.mutants.runs import SOURCES
from verif.campaign.mutants.simulating import CocotbBench
from verif.mutation.model import Mutant
from verif.mutation.sources import mutated
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.verdict import MutantStatus
from verif.workspace import Workspace

CANCELLED = LAMP.replace("(steps > 4'd9)", "^(steps^steps)")
"""``never`` is 0 whatever ``steps`` are, and X while they are."""


def _tried(bench: Path, board: Board, workspace: Workspace, *simulators: str, seconds: float | None = None) -> str:
    run = bench_runs(bench, RunOptions())[0]
    design = bench_harness(run).harness.design
    cocotb = CocotbBench(run=run, workspace=workspace, processes=Processes(), simulators=simulators, limit=120.0)
    return try_undecided(
        board,
        cocotb,
        lambda each: placed(design.sources, mutated(design, each), workspace, SOURCES),
        seconds=seconds,
    )


def _mutants(folder: Path) -> tuple[Mutant, Mutant]:
    """One whose ``steps`` start as X for good, since their reset is lost, and one that no run tells from the design."""
    file = folder / "lamp.sv"
    lost = lamp_mutant(file, "steps <= 4'd0;", ";", "lamp:17:statement")
    same = lamp_mutant(file, "(steps == 4'd9) ? 4'd0", "(steps >= 4'd9) ? 4'd0", "lamp:22:relational")
    return lost, same


def test_an_x_kills_what_is_undecided_and_nothing_else(tmp_path: Path, workspace: Workspace) -> None:
    bench = lamp_bench(tmp_path, text=CANCELLED)
    lost, same = _mutants(tmp_path)
    board = Board((lost, same))
    assert _tried(bench, board, workspace, "icarus", "verilator") == ""
    assert board[lost].status is MutantStatus.KILLED
    assert board[lost].x_only
    assert [kill.by for kill in board[lost].kills] == ["cocotb"]
    assert (board[same].status, board[same].kills, board[same].x_only) == (MutantStatus.SURVIVED, (), False)
    assert board[lost].judged and board[same].judged


def test_no_mutant_is_killed_where_the_design_itself_fails(tmp_path: Path, workspace: Workspace) -> None:
    text = CANCELLED.replace("steps <= 4'd0;", ";             ")
    board = Board(_mutants(tmp_path)[1:])
    said = _tried(lamp_bench(tmp_path, text=text), board, workspace, "icarus")
    assert said.startswith("undecided mutants were not run in Icarus, since the bench ends there on the design with: ")
    assert not any(known.kills or known.judged for known in board.known.values())


def test_nothing_runs_where_icarus_is_not_asked_for(tmp_path: Path, workspace: Workspace) -> None:
    board = Board(_mutants(tmp_path))
    assert _tried(lamp_bench(tmp_path), board, workspace, "verilator") == ""
    assert not any(known.judged for known in board.known.values())


def test_mutants_for_which_no_time_is_left_are_counted(tmp_path: Path, workspace: Workspace) -> None:
    board = Board(_mutants(tmp_path))
    said = _tried(lamp_bench(tmp_path), board, workspace, "icarus", seconds=-1.0)
    assert said == "the time ran out after 0 of 2 undecided mutants were run in Icarus"
    assert not any(known.kills or known.judged for known in board.known.values())
