"""Proving the properties of benches on real RTL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.regressions import bug, drafted, specified
from verif.campaign.proof_result import PropertyResult
from verif.campaign.proving import ProveOptions, prove_bench
from verif.errors import InputError, ToolError
from verif.verdict import PointStatus, ProofStatus, Verdict
from verif.workspace import Workspace


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    return specified(tmp_path / "tb", "sync_fifo")


def options(**changes: object) -> ProveOptions:
    return ProveOptions(**{"seconds": None, "depth": 3, "jobs": 2, "replay": False} | changes)  # type: ignore[arg-type]


def test_a_bug_breaks_a_property_that_its_design_keeps(fifo: Path, workspace: Workspace) -> None:
    good = prove_bench(fifo, options(), workspace=workspace)
    assert {one.monitor.id for one in good.properties} == {"sync-fifo-model", "fifo-flags"}
    assert ProofStatus.FAILED not in {one.status for one in good.properties}
    broken = (bug("sync_fifo", "level_counts_both_as_write"),)
    told: list[PropertyResult] = []
    bad = prove_bench(fifo, options(sources=broken, check="sync-*"), workspace=workspace, told=told.append)
    (model,) = bad.properties
    assert (model.status, model.bound, bad.verdict) == (ProofStatus.FAILED, 2, Verdict.FAIL)
    assert told == [model]
    assert model.failure is not None
    assert model.failure.cycles == 3
    assert [*(fifo / "regressions").glob("*.json")] == [model.failure.regression.file]


def test_the_condition_of_a_property_is_met_or_not(fifo: Path, workspace: Workspace) -> None:
    (flags,) = prove_bench(fifo, options(check="fifo-flags"), workspace=workspace).properties
    assert (flags.condition.status, flags.condition.bound) == (PointStatus.HIT, 1)


def test_what_was_answered_is_not_asked_again(fifo: Path, workspace: Workspace) -> None:
    first = prove_bench(fifo, options(check="fifo-flags"), workspace=workspace)
    again = prove_bench(fifo, options(check="fifo-flags"), workspace=workspace)
    deeper = prove_bench(fifo, options(check="fifo-flags", depth=4), workspace=workspace)
    other = prove_bench(fifo, options(check="fifo-flags", solver="z3"), workspace=workspace)
    assert [one.properties[0].known for one in (first, again, other)] == [False, True, False]
    assert first.properties[0].status is again.properties[0].status
    assert deeper.properties[0].status is ProofStatus.PROVED or not deeper.properties[0].known


def test_a_bench_without_anything_in_hardware_has_nothing_to_prove(tmp_path: Path, workspace: Workspace) -> None:
    folder = drafted(tmp_path / "tb", "lfsr")
    with pytest.raises(InputError) as refused:
        prove_bench(folder, options(), workspace=workspace)
    assert refused.value.sentence == (
        f"{folder}: there is nothing to prove: the bench has no property and no rule in hardware; give properties "
        "with '--props FILE', or draft the bench again with a specification."
    )


def test_a_name_that_no_property_has_is_told_with_those_that_there_are(fifo: Path, workspace: Workspace) -> None:
    with pytest.raises(InputError, match=r"no property matches 'axis-\*'; there are sync-fifo-model, fifo-flags\.$"):
        prove_bench(fifo, options(check="axis-*"), workspace=workspace)


def test_a_solver_that_is_missing_is_told(
    fifo: Path, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ToolError, match=r"^nosuch not found"):
        prove_bench(fifo, options(solver="nosuch"), workspace=workspace)
