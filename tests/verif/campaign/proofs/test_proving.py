"""Proving the properties of benches on real RTL."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.regressions import bug, drafted, specified
from verif.campaign.proofs.proving import ProveOptions, prove_bench
from verif.campaign.proofs.result import PropertyResult
from verif.errors import InputError, ToolError
from verif.verdict import PointStatus, ProofStatus, Verdict
from verif.workspace import Workspace


@pytest.fixture
def arbiter(tmp_path: Path) -> Path:
    return specified(tmp_path / "tb", "arbiter")


def options(**changes: object) -> ProveOptions:
    return ProveOptions(**{"seconds": None, "depth": 3, "jobs": 2, "replay": False} | changes)  # type: ignore[arg-type]


def test_a_property_is_proved_once_and_a_bug_breaks_it(arbiter: Path, workspace: Workspace) -> None:
    only = "grant-*"
    first, again = (prove_bench(arbiter, options(check=only), workspace=workspace) for _ in range(2))
    (grant,) = first.properties
    assert (grant.status, grant.condition.status, grant.known) == (ProofStatus.PROVED, PointStatus.HIT, False)
    assert again.properties == (replace(grant, known=True),)
    assert first.verdict is Verdict.PASS

    broken = (bug("arbiter", "two_grants"),)
    told: list[PropertyResult] = []
    bad = prove_bench(arbiter, options(sources=broken, check=only), workspace=workspace, told=told.append)
    (grant,) = bad.properties
    assert (grant.status, grant.known, bad.verdict) == (ProofStatus.FAILED, False, Verdict.FAIL)
    assert told == [grant]
    assert grant.failure is not None
    assert grant.failure.cycles == (grant.bound or 0) + 1
    assert [*(arbiter / "regressions").glob("*.json")] == [grant.failure.regression.file]


@pytest.mark.parametrize(
    ("design", "change"), [("sequence_detector", "reset_misses_state"), ("sync_fifo", "reset_misses_rd_ptr")]
)
def test_a_failure_that_needs_a_start_value_or_what_ran_before_is_shown_by_a_run_of_its_own(
    tmp_path: Path, workspace: Workspace, design: str, change: str
) -> None:
    bench = specified(tmp_path / "tb", design)
    found = prove_bench(bench, options(sources=(bug(design, change),), check="*-model"), workspace=workspace)
    (model,) = found.properties
    assert (model.status, model.method, model.why) == (ProofStatus.FAILED, "simulation", "")
    assert model.failure is not None


def test_what_was_answered_before_an_interrupt_is_kept(arbiter: Path, workspace: Workspace) -> None:
    def interrupt(done: int, total: int, text: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    found = prove_bench(arbiter, options(), workspace=workspace, progress=interrupt)
    assert found.interrupted
    (answered,) = [one for one in found.properties if one.status is ProofStatus.PROVED]
    assert not answered.known
    (again,) = prove_bench(arbiter, options(check=answered.monitor.id), workspace=workspace).properties
    assert again.known


def test_several_clocks_are_looked_at_tick_by_tick(tmp_path: Path, workspace: Workspace) -> None:
    found = prove_bench(specified(tmp_path / "tb", "async_fifo"), options(seconds=15.0), workspace=workspace)
    assert {one.status for one in found.properties} <= {ProofStatus.BOUNDED, ProofStatus.PROVED}
    assert all(one.bound for one in found.properties)


def test_simulation_breaks_what_no_proof_takes(tmp_path: Path, workspace: Workspace) -> None:
    folder = specified(tmp_path / "tb", "async_fifo")
    broken = options(sources=(bug("async_fifo", "write_while_full"),), check="async-*")
    (model,) = prove_bench(folder, broken, workspace=workspace).properties
    assert model.status is ProofStatus.FAILED
    assert model.failure is not None


def test_a_bench_without_anything_in_hardware_has_nothing_to_prove(tmp_path: Path, workspace: Workspace) -> None:
    folder = drafted(tmp_path / "tb", "lfsr")
    with pytest.raises(InputError) as refused:
        prove_bench(folder, options(), workspace=workspace)
    assert refused.value.sentence == (
        f"{folder}: there is nothing to prove: the bench has no property and no rule in hardware; give properties "
        "with '--props FILE', or draft the bench again with a specification."
    )


def test_a_name_that_no_property_has_is_told_with_those_that_there_are(arbiter: Path, workspace: Workspace) -> None:
    with pytest.raises(
        InputError, match=r"no property matches 'axis-\*'; there are arbiter-model, grant-one-requester\.$"
    ):
        prove_bench(arbiter, options(check="axis-*"), workspace=workspace)


def test_a_solver_that_is_missing_is_told(
    arbiter: Path, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(ToolError, match=r"^yices-smt2 not found \(searched PATH=.* and .*\); it is needed for proofs"):
        prove_bench(arbiter, options(solver="yices"), workspace=workspace)
