"""Many mutants in several builds, and which of them a stimulus parts from the design."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.harnesses import around
from tests.support.mutants import TWICE
from verif.lanes.stirring import stirred
from verif.mutation import build_mutants, judge, mutants_of
from verif.mutation.groups import build_groups, groups_of
from verif.mutation.parting import parted
from verif.workspace import Workspace


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_groups_keep_the_order_and_are_about_equal(size: int, tmp_path: Path) -> None:
    mutants = tuple(mutants_of(around(TWICE, tmp_path).design))
    groups = groups_of(mutants, size)
    switched = [[one.id for one in group if not one.own_build] for group in groups]
    assert [id_ for group in switched for id_ in group] == [one.id for one in mutants if not one.own_build]
    assert max(map(len, switched)) <= size
    assert max(map(len, switched)) - min(map(len, switched)) <= 1
    assert sum(map(len, groups)) == len(mutants)


def test_mutants_in_several_builds_have_the_verdicts_that_they_have_in_one(tmp_path: Path) -> None:
    harness = around(TWICE, tmp_path)
    mutants = mutants_of(harness.design, operators=["bitwise", "condition", "statement"])
    workspace = Workspace(tmp_path / "b")
    rows = list(stirred(harness, 2, 100, 1))
    whole = build_mutants(harness, mutants, workspace=workspace, lanes=False)
    groups = build_groups(harness, mutants, workspace=workspace, lanes=False, size=6, jobs=2)
    assert len(groups) > 1
    one = {each.mutant.id: (each.status, each.propagated) for each in judge(whole, rows).judgements}
    several = {each.mutant.id: (each.status, each.propagated) for g in groups for each in judge(g, rows).judgements}
    assert one == several
    shown = {id_ for id_, (status, propagated) in one.items() if propagated or status.name == "KILLED"}
    assert shown and shown != one.keys()
    assert parted(whole, rows, whole.order, jobs=2) == shown
    assert set().union(*(parted(group, rows, group.order) for group in groups)) == shown


def test_start_values_part_what_zeros_do_not(tmp_path: Path) -> None:
    body = """
  logic [7:0] never;
  always @(posedge clk) if (a == 8'd255 && y == 8'd255) never <= a;
  assign y = never & 8'd127;
  assign bad = 1'b0;
"""
    harness = around(body, tmp_path)
    builds = build_mutants(
        harness, mutants_of(harness.design, operators=["bitwise"]), workspace=Workspace(tmp_path / "b"), lanes=False
    )
    rows = [harness_rows[:20] for harness_rows in stirred(harness, 1, 64, 1)]
    alone = [mutant for mutant in builds.order if mutant.after.strip() == "never"]
    assert alone
    assert parted(builds, rows, alone) == set()
    assert parted(builds, rows, alone, seed=1) | parted(builds, rows, alone, seed=2) == {alone[0].id}
