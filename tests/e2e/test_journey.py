"""The main job on three designs, by command line only: draft, run, notebook, break the design, replay, report."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.command import ROOT, Command
from tests.support.notebooks import COVERAGE, executed
from tests.support.tools import need
from verif.workspace import Workspace

JUNIT = ROOT / "sim_builds" / "junit"
"""Kept after the tests."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A user's repository with our RTL in it."""
    need("iverilog")
    shutil.copytree(ROOT / "rtl", tmp_path / "rtl")
    (tmp_path / "posedge.toml").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("design", "bug"), [("sync_fifo", "full_one_late"), ("arbiter", "*"), ("uart_tx", "*")], ids=lambda value: value
)
def test_design_is_drafted_run_broken_replayed_and_reported(
    design: str, bug: str, repository: Path, posedge: Command, workspace: Workspace
) -> None:
    bench = f"tb/{design}"
    draft = posedge("draft", f"rtl/{design}/design.toml", "--json", timeout=600)
    assert (draft.code, draft.json["outcome"]) == (0, "CLEAN"), draft.out + draft.err

    junit = JUNIT / f"{design}.xml"
    run = posedge("run", bench, "--coverage", "--junit", junit, "--json")
    assert (run.code, run.json["verdict"]) == (0, "PASS"), run.out + run.err
    assert {test["simulator"] for test in run.json["tests"]} == {"icarus", "verilator"}
    cases = list(ElementTree.parse(junit).iter("testcase"))
    assert len(cases) == len(run.json["tests"])

    shown = executed(COVERAGE, repository / bench)
    assert shown.startswith(f"requirements checked {draft.json['requirements']['checked']}/")
    assert shown.count("image/png") == 4

    broken = sorted((repository / "rtl" / design / "bugs").glob(f"{bug}.sv"))[0]
    fails = posedge("run", bench, "--sources", broken, "--sim", "icarus", "--waves", "fail", "--json")
    assert (fails.code, fails.json["verdict"]) == (1, "FAIL"), fails.out + fails.err
    failing = [test for test in fails.json["tests"] if test["verdict"] == "FAIL"]
    assert any(test["message"].startswith("SPEC ") for test in failing)
    replayed = posedge(*failing[0]["replay"].split()[1:], "--json")
    assert (replayed.code, replayed.json["verdict"]) == (1, "FAIL"), replayed.out + replayed.err

    page = repository / "report.html"
    report = posedge("report", bench, "--html", page)
    checked, total = draft.json["requirements"]["checked"], draft.json["requirements"]["total"]
    assert report.out.splitlines()[0] == f"requirements checked {checked}/{total}"
    assert checked > 0
    assert broken.stem in page.read_text(encoding="utf-8")
    assert "<svg" in page.read_text(encoding="utf-8")
