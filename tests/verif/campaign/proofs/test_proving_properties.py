"""Proofs of properties in files of their own: what is kept, what is broken, what says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.walker import BROKEN, KEPT, edited, properties, walker
from verif.campaign.proofs.proving import ProveOptions, prove_bench
from verif.campaign.proofs.result import ProofResult
from verif.errors import InputError, Unsupported
from verif.verdict import Oracle, PointStatus, ProofStatus, Verdict
from verif.workspace import Workspace


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    return walker(tmp_path)


def proved(bench: Path, workspace: Workspace, *files: Path, **changes: object) -> ProofResult:
    given = {"seconds": None, "depth": 8, "jobs": 2, "replay": False, "properties": files} | changes
    return prove_bench(bench, ProveOptions(**given), workspace=workspace)  # type: ignore[arg-type]


def statuses(result: ProofResult) -> dict[str, ProofStatus]:
    return {one.monitor.id: one.status for one in result.properties}


def test_a_change_of_a_proved_property_of_each_kind_makes_it_fail(
    bench: Path, workspace: Workspace, tmp_path: Path
) -> None:
    kept = proved(bench, workspace, properties(tmp_path / "kept", KEPT))
    assert statuses(kept) == dict.fromkeys(KEPT, ProofStatus.PROVED)
    assert {one.condition.status for one in kept.properties} == {PointStatus.HIT}
    assert {one.monitor.oracle for one in kept.properties} == {Oracle.SPEC}
    broken = proved(bench, workspace, properties(tmp_path / "broken", BROKEN))
    assert statuses(broken) == dict.fromkeys(BROKEN, ProofStatus.FAILED)
    assert all(one.failure for one in broken.properties)


def test_a_change_of_the_design_breaks_what_was_proved_of_it(bench: Path, workspace: Workspace, tmp_path: Path) -> None:
    file = properties(tmp_path, {name: KEPT[name] for name in ("code", "bound", "later")})
    other = edited(tmp_path, "n == 4'd9", "n == 4'd10")
    found = proved(bench, workspace, file, sources=(other,), depth=24)
    assert statuses(found) == {
        "code": ProofStatus.PROVED,
        "bound": ProofStatus.FAILED,
        "later": ProofStatus.PROVED,
    }


def test_a_property_whose_condition_cannot_be_met_is_vacuous(bench: Path, workspace: Workspace, tmp_path: Path) -> None:
    found = proved(bench, workspace, properties(tmp_path, {"never": "n == 4'd12 |-> lamp == 3'd0"}))
    (never,) = found.properties
    assert (never.status, never.condition.status) == (ProofStatus.VACUOUS, PointStatus.UNREACHABLE)
    assert found.verdict is Verdict.UNKNOWN


def test_assumptions_make_a_difference_and_are_listed(bench: Path, workspace: Workspace, tmp_path: Path) -> None:
    asserted = {"dark": "!asked"}
    alone = proved(bench, workspace, properties(tmp_path / "alone", asserted))
    calm = proved(bench, workspace, properties(tmp_path / "calm", asserted, "calm: assume property (!go);"))
    assert statuses(alone) == {"dark": ProofStatus.FAILED}
    assert statuses(calm) == {"dark": ProofStatus.PROVED}
    assert next((one.name, one.text) for one in calm.assumptions) == ("calm", "!go")


def test_nothing_is_proven_where_assumptions_contradict_each_other(
    bench: Path, workspace: Workspace, tmp_path: Path
) -> None:
    lines = [f"{name}: assume property ({text});" for name, text in (("up", "go"), ("low", "n < 4'd9"), ("not", "!go"))]
    lines[2] = lines[2].replace("not:", "down:")
    file = properties(tmp_path, {"dark": "!asked"}, *lines)
    with pytest.raises(InputError) as refused:
        proved(bench, workspace, file)
    assert refused.value.sentence == (
        f"{file}:5, {file}:7: nothing is proven, since the assumptions contradict each other: up, down; no run keeps "
        "them in any cycle without a reset; drop or weaken one."
    )


def test_two_properties_of_one_name_are_refused(bench: Path, workspace: Workspace, tmp_path: Path) -> None:
    first = properties(tmp_path, {"code": KEPT["code"]}, name="one")
    second = properties(tmp_path, {"code": KEPT["code"]}, name="two")
    with pytest.raises(InputError, match=r"two\.sv:4:\d+: there is another property called code; it stands at .*one"):
        proved(bench, workspace, first, second)


def test_a_property_outside_of_the_subset_is_told_with_its_place(
    bench: Path, workspace: Workspace, tmp_path: Path
) -> None:
    file = properties(tmp_path, {"odd": "go |-> asked until served"})
    with pytest.raises(Unsupported, match=r"more\.sv:4:\d+: "):
        proved(bench, workspace, file)
