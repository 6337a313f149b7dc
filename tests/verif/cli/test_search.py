"""``posedge search`` as a user calls it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.benches import PASSING, bench
from tests.support.command import Command
from tests.support.regressions import bug, drafted
from verif.campaign.searches.ledger import SearchLedger
from verif.campaign.searches.searching import SearchOptions, search_bench
from verif.cli.search import tell_failure
from verif.search.explore import Budget, Explorer
from verif.workspace import Workspace

TIMES = {"seconds", "build_seconds", "shrink_seconds", "cycles_per_second", "judged_per_second"}


def fifo_bench(folder: Path) -> Path:
    """The drafted bench of the FIFO, its specification named."""
    made = drafted(folder, "sync_fifo")
    manifest = made / "bench.toml"
    spec = bug("sync_fifo", "x").parents[1] / "spec.md"
    manifest.write_text(f'spec = "{spec}"\n{manifest.read_text()}')
    return made


def without_times(data: object) -> object:
    """The data less what differs from run to run."""
    if isinstance(data, dict):
        return {key: without_times(value) for key, value in data.items() if key not in TIMES}
    return [without_times(entry) for entry in data] if isinstance(data, list) else data


@pytest.mark.parametrize("verb", ["run", "search", "close", "prove", "mutate"])
def test_bench_whose_source_is_gone_says_which(posedge: Command, tmp_path: Path, verb: str) -> None:
    folder = drafted(tmp_path / "tb", "sync_fifo")
    manifest = folder / "bench.toml"
    manifest.write_text(manifest.read_text().replace("sync_fifo.sv", "gone.sv"))
    told = posedge(verb, folder)
    assert told.code == 2
    assert re.search(r"gone\.sv: a source of the bench is missing; put it back, or correct ", told.err)


def test_bug_is_found_shrunk_saved_and_replayed(posedge: Command, tmp_path: Path, workspace: Workspace) -> None:
    folder = fifo_bench(tmp_path / "tb")
    call = ("search", folder, "--examples", "400", "--sim", "icarus", "--sources", bug("sync_fifo", "full_one_late"))
    told = posedge(*call, "--json")
    assert (told.code, told.json["verdict"]) == (1, "FAIL"), told.err
    (failure,) = [one for one in told.json["failures"] if one["property"] == "sync-fifo-model"]
    assert {one["judged_by"] for one in told.json["checks"]} == {"harness"}
    assert (failure["oracle"], failure["replayed"], failure["verdict"]) == ("SPEC", {"icarus": "FAIL"}, "FAIL")
    assert failure["cycles"] == 17 <= failure["cycles_before"]
    assert failure["cycles_to_failure"] <= told.json["cycles"]
    assert failure["examples"] <= told.json["examples"] == 400
    stored = json.loads(Path(failure["regression"]).read_text())
    assert (stored["check"], len(stored["rows"])) == ("sync-fifo-model", 2 + 17)
    assert Path(failure["picture"]).suffix == ".svg"

    again = posedge(*call, "--json")
    assert without_times(again.json) == without_times(told.json)
    assert posedge("replay", failure["regression"], "--sim", "icarus").code == 0

    entry = SearchLedger(workspace.ledger).entries()[-1]
    assert (entry.examples, entry.found[0].length) == (400, failure["cycles"])
    metrics = posedge("metrics")
    assert re.search(r"tb +sync-fifo-model +\d+ +\d+ +\d+\.\d +\d+ to 17 ", metrics.out), metrics.out


def test_a_failure_that_was_not_shrunk_nor_replayed_is_told_with_its_file(tmp_path: Path, workspace: Workspace) -> None:
    def interrupt(explorer: Explorer | None, text: str) -> None:
        if text.startswith("shrinking"):
            raise KeyboardInterrupt

    folder, faulty = fifo_bench(tmp_path / "tb"), bug("sync_fifo", "full_one_late")
    options = SearchOptions(budget=Budget(examples=120), sources=(faulty,))
    (failure,) = search_bench(folder, options, workspace=workspace, progress=interrupt).failures
    assert not failure.assume
    _, _, length, *_, where, again = tell_failure(failure, None)
    assert re.match(r" {5}\d+ cycles, not shrunk; found after \d+ examples?, [\d,]+ cycles, ", length)
    assert where == f"     not replayed in cocotb; saved as {failure.regression.file}"
    assert again.endswith(f" --sources {faulty}")


def test_a_broken_rule_is_told_with_the_assumption_that_forbids_its_stimulus(posedge: Command, tmp_path: Path) -> None:
    call = ("search", fifo_bench(tmp_path / "tb"), "--examples", "120", "--sim", "icarus", "--check", "fifo-flags")
    told = posedge(*call, "--sources", bug("sync_fifo", "full_one_late"))
    assert told.code == 1, told.err
    assert (
        "     if the stimulus is illegal: assume property (@(posedge clk) disable iff (!rst_n) "
        "!(wr_en && full) && !(rd_en && empty));\n"
    ) in told.out


def test_good_design_is_told_as_passing_with_its_effort(posedge: Command, tmp_path: Path) -> None:
    folder = fifo_bench(tmp_path / "tb")
    told = posedge("search", folder, "--examples", "300", "--check", "fifo-*")
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert re.match(r"searched 300 examples, [\d,]+ cycles in \d+ s \(\d+\.\dM cycles/s\)", lines[0])
    assert re.match(r"code covered \d+/\d+ points", lines[1])
    assert lines[2] == "tb: PASS (no failure found)"


def test_edited_model_is_judged_by_the_bench_and_its_errors_are_told(posedge: Command, tmp_path: Path) -> None:
    folder = fifo_bench(tmp_path / "tb")
    model = folder / "sync_fifo_model.py"
    model.write_text(model.read_text().replace("level = len(self.words)", "level = len(self.words) // self.nothing"))
    told = posedge("search", folder, "--examples", "100", "--check", "sync-fifo-model", "--json")
    assert (told.code, told.json["verdict"]) == (1, "ERROR")
    assert [one["judged_by"] for one in told.json["checks"]] == ["bench"]
    (trouble,) = told.json["trouble"]
    assert re.fullmatch(
        r"the bench's model raised an error: sync_fifo_model\.py:\d+: AttributeError: .*'nothing'", trouble["message"]
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--check", "axis-*"), r"PE842: .*: no check matches 'axis-\*'; there are sync-fifo-model, fifo-flags\."),
        (("--sources", "nowhere.sv"), r"PE414: nowhere\.sv: no such source file\."),
        (("--budget", "5s", "--examples", "5"), r"PE843: --budget and --examples were both given; take --examples .*"),
        (("--sim", "questa"), r"PE315: no simulator is called 'questa'; there are icarus and verilator\."),
        (("--config", "wide"), r"PE413: .*: no configuration is called 'wide'; there are default\."),
    ],
)
def test_wrong_options_are_told_in_a_sentence(
    posedge: Command, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    folder = fifo_bench(tmp_path / "tb")
    told = posedge("search", folder, *arguments)
    assert told.code == 2
    assert re.fullmatch(f"posedge: {sentence}\n", told.err), told.err


def test_sources_with_other_ports_are_told(posedge: Command, tmp_path: Path) -> None:
    folder = fifo_bench(tmp_path / "tb")
    other = tmp_path / "other.sv"
    other.write_text(bug("sync_fifo", "full_one_late").read_text().replace("rd_en", "read"))
    told = posedge("search", folder, "--sources", other)
    assert (told.code, told.err) == (
        2,
        f"posedge: PE844: {other}: the port rd_en is missing, the bench drives input of width 1; sources that stand in "
        "for the bench's own need the same ports.\n",
    )


@pytest.mark.parametrize("budget", ["0", "0s", "soon"])
def test_a_budget_is_a_duration(posedge: Command, tmp_path: Path, budget: str) -> None:
    told = posedge("search", tmp_path, "--budget", budget)
    assert told.code == 2
    assert f"'{budget}' is not a duration; write it as 90s, 10m or 1h." in told.err


def test_what_is_no_bench_is_told(posedge: Command, tmp_path: Path) -> None:
    told = posedge("search", tmp_path)
    assert (told.code, told.err) == (
        2,
        f"posedge: PE401: {tmp_path}: no bench.toml here; name a bench directory, or make one with 'posedge draft' or "
        "'posedge adopt'.\n",
    )


def test_a_bench_without_a_plan_is_told(posedge: Command, tmp_path: Path) -> None:
    folder = bench(tmp_path / "own", PASSING)
    told = posedge("search", folder)
    assert (told.code, told.err) == (
        2,
        f"posedge: PE840: {folder}: the bench has no testplan.yaml, so nothing says what stimulus is legal; draft a "
        "bench for the same sources with 'posedge draft'.\n",
    )
