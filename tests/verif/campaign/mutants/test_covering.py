"""Few and short stimuli that tell all mutants apart which any of the given ones does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.lamp import lamp_bench, lamp_mutant
from verif.campaign.benches.harness import bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.mutants.covering import fewest
from verif.campaign.mutants.result import Difference
from verif.campaign.mutants.runs import Runs
from verif.campaign.mutants.showing import shown
from verif.harness.model import Harness
from verif.mutation.model import Mutant
from verif.sim.process import Processes
from verif.verdict import Oracle
from verif.workspace import Workspace

DIM = "code[0] & code[1]"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lamp")


@pytest.fixture(scope="module")
def harness(place: Path) -> Harness:
    return bench_harness(bench_runs(lamp_bench(place), RunOptions())[0]).harness


@pytest.fixture(scope="module")
def mutants(place: Path) -> tuple[Mutant, ...]:
    """``dim`` with an or, with one side alone, with the other, and ``lit`` that is never 1."""
    changes = [(DIM, "code[0] | code[1]"), (DIM, "code[0]"), (DIM, "code[1]"), ("go | never", "go & never")]
    return tuple(lamp_mutant(place / "lamp.sv", *change) for change in changes)


def _difference(harness: Harness, codes: str, go: str = "", check: str = "") -> Difference:
    """A stimulus of a row for each digit."""
    rest = {field.name: field.default for field in harness.stimulus}
    (code,) = [name for name in rest if "code" in name]
    (ask,) = [name for name in rest if "go" in name]
    pairs = zip(codes, go or "0" * len(codes), strict=True)
    rows = tuple(tuple({**rest, code: int(one), ask: int(two)}.values()) for one, two in pairs)
    oracle = Oracle.SPEC if check else None
    return Difference(rows=rows, outputs=("lit" if check else "dim",), by="judging", check=check, oracle=oracle)


def test_mutants_share_a_stimulus_without_what_they_do_not_need(
    harness: Harness, mutants: tuple[Mutant, ...], workspace: Workspace
) -> None:
    either, first, second, dark = mutants
    given = {
        either: _difference(harness, "30300100"),
        first: _difference(harness, "3003031"),
        second: _difference(harness, "33012033333"),
        dark: _difference(harness, "333333", "000101", "lit_follows"),
    }
    with Runs(harness, (), workspace=workspace, processes=Processes()) as runs:
        found = fewest(runs, given)
        assert list(found) == list(given)
        assert len({each.rows for each in found.values()}) == 2
        dim = [found[mutant] for mutant in (either, first, second)]
        assert len(dim[0].rows) <= 4 and {each.rows for each in dim} == {dim[0].rows}
        assert (found[dark].check, found[dark].oracle, len(found[dark].rows)) == ("lit_follows", Oracle.SPEC, 2)
        for mutant, each in found.items():
            told = shown(runs, mutant, each.rows, "judging")
            assert told is not None and len(told.rows) <= len(each.rows)


def test_a_mutant_that_no_stimulus_shows_keeps_its_own(
    harness: Harness, mutants: tuple[Mutant, ...], workspace: Workspace
) -> None:
    hidden = _difference(harness, "3333")
    with Runs(harness, (), workspace=workspace, processes=Processes()) as runs:
        found = fewest(runs, {mutants[0]: hidden, mutants[1]: _difference(harness, "011")})
    assert found[mutants[0]].rows != hidden.rows, "the other's stimulus shows it"
    with Runs(harness, (), workspace=workspace, processes=Processes()) as runs:
        assert fewest(runs, {mutants[0]: hidden}) == {mutants[0]: hidden}
