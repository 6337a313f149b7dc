"""Mutants that are the same logic as the design."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.harnesses import around, harness_of
from tests.support.rtl import Kept
from verif.lanes.stirring import stirred
from verif.mutation import MutantBuilds, build_mutants, judge, mutants_of
from verif.mutation.structure import SwitchedLogic, switched_logic
from verif.sim.process import Processes
from verif.workspace import Workspace

BODY = """
  parameter WIDE = 0;
  logic [7:0] q, unseen, either;
  always @(posedge clk) begin
    unseen <= unseen + 8'd3;
    if (rst) q <= 8'd0;
    else if (WIDE) q <= q - 8'd7;
    else q <= q + 8'd1;
    if (q[0]) either <= 8'bx; else either <= 8'd2;
  end
  assign y = q ^ either; assign bad = 1'b0;
"""


def built(builds: MutantBuilds, folder: Path) -> SwitchedLogic | None:
    until = time.monotonic() + 120.0
    return switched_logic(builds, folder, seconds=120.0, until=until, processes=Processes())


def test_mutants_of_what_nothing_shows_are_the_same_logic_and_others_are_not(tmp_path: Path) -> None:
    harness = around(BODY, tmp_path)
    builds = build_mutants(harness, mutants_of(harness.design), workspace=Workspace(tmp_path / "s"), lanes=False)
    logic = built(builds, tmp_path / "logic")
    assert logic is not None
    until = time.monotonic() + 60.0
    same = {mutant.id for mutant in builds.order if logic.same(mutant, until)}
    judged = judge(builds, [stirred(harness, 4, 200, 1)[lane] for lane in range(4)])
    assert not same & {each.mutant.id for each in judged.judgements if each.propagated}
    (line,) = {mutant.line for mutant in builds.order if "unseen <=" in mutant.before}
    dead = {mutant.id for mutant in builds.order if mutant.line == line}
    assert len(dead) > 4 and dead <= same
    x = {mutant.id for mutant in builds.order if "either <= 8'bx" in mutant.before}
    assert x and not same & x


@pytest.mark.parametrize("name", ["axi_lite_regs", "alu"])
def test_no_mutant_that_a_stimulus_parts_from_a_design_of_rtl_is_the_same_logic(name: str, tmp_path: Path) -> None:
    harness = harness_of(Kept(name).design)
    builds = build_mutants(harness, mutants_of(harness.design), workspace=Workspace(tmp_path / "s"), lanes=False)
    logic = built(builds, tmp_path / "logic")
    assert logic is not None
    judged = judge(builds, [stirred(harness, 1, 600, seed)[0] for seed in (1, 2)])
    apart = [each.mutant for each in judged.judgements if each.propagated]
    assert len(apart) > 60
    assert not [mutant.id for mutant in apart if logic.same(mutant, time.monotonic() + 60.0)]


def test_there_is_no_model_of_mutants_of_asynchronous_resets(tmp_path: Path) -> None:
    harness = around(BODY.replace("@(posedge clk)", "@(posedge clk or posedge rst)"), tmp_path)
    workspace = Workspace(tmp_path / "s")
    builds = build_mutants(harness, mutants_of(harness.design, operators=["reset"]), workspace=workspace, lanes=False)
    marked = replace(builds.schemata, order=tuple(replace(mutant, asynchronous=True) for mutant in builds.order))
    assert built(replace(builds, schemata=marked), tmp_path / "logic") is None
