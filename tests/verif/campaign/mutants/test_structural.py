"""Survivors that are the same logic as the design, in a campaign."""

from __future__ import annotations

from pathlib import Path

from tests.support.harnesses import around
from verif.campaign.mutants.board import Board
from verif.campaign.mutants.result import Kill
from verif.campaign.mutants.structural import Structural
from verif.campaign.mutants.switching import switched
from verif.mutation import mutants_of
from verif.sim.process import Processes
from verif.verdict import MutantStatus, Oracle
from verif.workspace import Workspace

BODY = """
  logic [7:0] q, unseen;
  always @(posedge clk) if (rst) unseen <= 8'd0; else unseen <= unseen + 8'd3;
  always @(posedge clk) if (rst) q <= 8'd0; else q <= q + 8'd1;
  assign y = q; assign bad = 1'b0;
"""
KILL = Kill(check="model", oracle=Oracle.SPEC)


def test_survivors_of_the_same_logic_are_equivalent_and_a_killed_one_is_a_gap(tmp_path: Path) -> None:
    harness, processes = around(BODY, tmp_path), Processes()
    board = Board(tuple(mutants_of(harness.design, operators=["arithmetic", "reset"])))
    builds = switched(harness, board.mutants, workspace=Workspace(tmp_path / "s"), processes=processes)
    unseen = [m for m in board.mutants if m.line == min(each.line for each in board.mutants)]
    shown = [m for m in board.mutants if m not in unseen]
    board[unseen[0]].kills = board[shown[0]].kills = (KILL,)

    def decided(least: int, seconds: float) -> Structural:
        found = Structural(
            board=board,
            folder=tmp_path / "logic",
            processes=processes,
            progress=lambda done, total, text: None,
            keep=lambda: None,
            least=least,
        )
        found.decide(builds, seconds=seconds)
        return found

    for few in (decided(len(board.mutants), 60.0), decided(0, 0.0)):
        assert (few.asked, few.gaps) == (0, [])
    found = decided(0, 60.0)
    assert found.asked == 2
    assert [(gap.mutant, gap.check, gap.method) for gap in found.gaps] == [(unseen[0].id, "model", "structure")]
    assert {board[mutant].status for mutant in unseen[1:]} == {MutantStatus.EQUIVALENT}
    assert {board[mutant].status for mutant in shown[1:]} == {MutantStatus.SURVIVED}
