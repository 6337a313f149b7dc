"""Searching an adopted bench: what its tests did is where the search starts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.adopted import GOOD, adopted_fifo, record
from tests.support.benches import PASSING, bench
from tests.support.command import Command
from verif.campaign.benches.options import RunOptions
from verif.campaign.regressions.replay import find_regression, replay_stored
from verif.campaign.searches.result import SearchResult
from verif.campaign.searches.searching import SearchOptions, search_bench
from verif.search.explore import Budget
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

OPTIONS = SearchOptions(budget=Budget(examples=3000), check="sync-fifo-model", coverage=False, replay=False)


def found(result: SearchResult) -> list[tuple[str, int, tuple[tuple[int, ...], ...]]]:
    return [
        (failure.check.id, failure.taken.sighting.examples, failure.regression.stored.rows)
        for failure in result.failures
    ]


def test_a_bug_behind_what_the_tests_know_is_found_from_their_traffic_and_not_without(
    tmp_path: Path, workspace: Workspace
) -> None:
    folder = adopted_fifo(tmp_path / "tb")
    without = search_bench(folder, OPTIONS, workspace=workspace)
    assert (without.verdict, without.effort.examples) == (Verdict.PASS, 3000)
    assert without.notes[-1] == (
        f"the traffic of the bench's own tests is not recorded: 'posedge run {folder} --coverage --sim icarus' records "
        "it, and the next search starts from it"
    )
    record(folder, workspace)
    result = search_bench(folder, replace(OPTIONS, replay=True), workspace=workspace)
    (failure,) = result.failures
    assert not [note for note in result.notes if "recorded" in note]
    assert {one.simulator: one.verdict for one in failure.replayed} == {
        "icarus": Verdict.FAIL,
        "verilator": Verdict.FAIL,
    }
    assert failure.regression.file == folder / "regressions" / f"{failure.regression.stored.id}.json"
    assert failure.taken.cycles <= 40
    regression = find_regression(f"{folder}:{failure.regression.stored.id}")
    assert regression is not None
    good = replay_stored(regression, RunOptions(sources=(GOOD,)), workspace, Processes())
    assert [one.verdict for one in good] == [Verdict.PASS, Verdict.PASS]


def test_the_same_inputs_and_seed_find_the_same(tmp_path: Path) -> None:
    results = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        workspace = Workspace(tmp_path / name / "sim_builds")
        folder = adopted_fifo(tmp_path / name / "tb")
        record(folder, workspace)
        results.append(found(search_bench(folder, OPTIONS, workspace=workspace)))
    assert results[0]
    assert results[0] == results[1]


def test_what_nothing_judges_is_told_with_what_would_help(posedge: Command, tmp_path: Path) -> None:
    folder = bench(tmp_path / "own", PASSING)
    manifest = folder / "bench.toml"
    manifest.write_text("adopted = true\n" + manifest.read_text())
    told = posedge("search", folder)
    assert (told.code, told.err) == (
        2,
        f"posedge: PE841: {folder}: nothing judges this design: no rule is known for its ports, and bench.toml names "
        "no specification; name one that tells what the design is, as in 'spec = \"spec.md\"'.\n",
    )


def test_a_specification_that_is_not_there_is_told(posedge: Command, tmp_path: Path) -> None:
    folder = adopted_fifo(tmp_path / "tb", spec=False)
    manifest = folder / "bench.toml"
    manifest.write_text('spec = "gone.md"\n' + manifest.read_text())
    told = posedge("search", folder)
    assert told.code == 2
    assert "gone.md" in told.err
