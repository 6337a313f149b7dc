"""Invariants of a bench's design, mined into a file that its designer may change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.regressions import specified
from tests.support.walker import KEPT, edited, properties, walker
from verif.campaign.benches.harness import bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.proofs.mining import MineOptions, MineResult, mine_bench
from verif.campaign.proofs.proving import ProveOptions, prove_bench
from verif.errors import InputError, Unsupported
from verif.search.mining.engine import mine
from verif.sim.process import Processes
from verif.verdict import Oracle, ProofStatus
from verif.workspace import Workspace


def mined(bench: Path, workspace: Workspace) -> MineResult:
    return mine_bench(bench, MineOptions(), workspace=workspace, processes=Processes())


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    return walker(tmp_path)


def test_mined_assertions_are_proved_again_and_broken_by_a_bug(
    bench: Path, workspace: Workspace, tmp_path: Path
) -> None:
    found = mined(bench, workspace)
    texts = {text for _, text, _ in found.kept}
    assert {"$onehot(lamp)", "n <= 4'd9", "$rose(asked) |-> ##1 served"} <= texts
    assert found.file == bench / "walker_mined.sv"
    options = ProveOptions(seconds=None, depth=24, replay=False, properties=(found.file,))
    kept = prove_bench(bench, options, workspace=workspace)
    assert {one.status for one in kept.properties} == {ProofStatus.PROVED}
    assert {one.monitor.oracle for one in kept.properties} == {Oracle.RECORDED}

    other = edited(tmp_path, "n == 4'd9", "n == 4'd10")
    bug = ProveOptions(seconds=None, depth=24, replay=False, properties=(found.file,), sources=(other,))
    broken = prove_bench(bench, bug, workspace=workspace)
    failed = {one.monitor.title for one in broken.properties if one.status is ProofStatus.FAILED}
    assert "n <= 4'd9" in failed


def test_a_mined_file_without_assertions_is_told_and_another_one_refused(
    bench: Path, workspace: Workspace, tmp_path: Path
) -> None:
    empty = tmp_path / "walker_mined.sv"
    empty.write_text("module walker_mined (input logic clk);\nendmodule\nbind walker walker_mined checks (.*);\n")
    kept = tmp_path / "kept.sv"
    kept.write_text(properties(tmp_path, {"code": KEPT["code"]}).read_text())
    options = ProveOptions(seconds=None, depth=2, replay=False, properties=(empty, kept))
    found = prove_bench(bench, options, workspace=workspace)
    assert [one.monitor.id for one in found.properties] == ["code"]
    assert f"{empty} has no assertion: there was nothing to prove in it" in found.notes
    other = empty.rename(tmp_path / "mine.sv")
    with pytest.raises(InputError, match="no module holds a concurrent assertion"):
        prove_bench(bench, replace(options, properties=(other,)), workspace=workspace)


def test_design_without_a_clock_has_no_invariants_and_its_proofs_need_none(
    workspace: Workspace, tmp_path: Path
) -> None:
    bench = specified(tmp_path / "tb", "priority_encoder")
    with pytest.raises(Unsupported, match="invariants are mined of what a design does from cycle to cycle"):
        mine_bench(bench, MineOptions(), workspace=workspace, processes=Processes())
    parts = bench_harness(bench_runs(bench, RunOptions())[0])
    assert not parts.harness.clocks
    told = mine(
        parts.harness, parts.plan, tmp_path / "mining", workspace=workspace, processes=Processes(), seconds=20.0
    )
    assert told.guessed


def test_a_file_that_was_changed_by_hand_stays(bench: Path, workspace: Workspace) -> None:
    first = mined(bench, workspace)
    assert mined(bench, workspace).file == first.file
    first.file.write_text(f"{first.file.read_text()}// kept\n")
    again = mined(bench, workspace)
    assert again.file != first.file
    assert first.file.read_text().endswith("// kept\n")
    assert again.note.startswith(f"{first.file} was changed by hand and stays; what was mined now is in ")
