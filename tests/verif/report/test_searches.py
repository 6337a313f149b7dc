"""Searches in reports: what was found, what it took, how it replays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import reports
from verif.report.collect import collect
from verif.report.html import render_html
from verif.report.model import Report
from verif.report.terminal import render_text
from verif.verdict import Oracle, Verdict
from verif.workspace import Workspace

HOSTILE = "<script>alert(1)</script>"
MESSAGE = "SPEC fifo-model: cycle 3: rd_data is X, expected 0x5a (R1)"


def found(trace: Path, **overrides: Any) -> dict[str, Any]:
    test = {"name": "test_regressions/file=fifo-model", "simulator": "icarus", "seed": 1, "message": MESSAGE}
    return {
        "property": "fifo-model",
        "oracle": "SPEC",
        "rule": "Data leaves in the order it entered.",
        "requirements": ["R1"],
        "verdict": "FAIL",
        "message": "SPEC fifo-model: cycle 3: rd_data is 0xed, expected 0x5a (R1)",
        "cycles": 4,
        "cycles_before": 32,
        "examples": 2,
        "cycles_to_failure": 96,
        "seconds": 0.84,
        "picture": "tb/sync_fifo/regressions/fifo-model.svg",
        "replay": "posedge replay tb/sync_fifo:fifo-model",
        "replayed": {"icarus": "FAIL", "verilator": "FAIL"},
        "x_only": False,
        "tests": [{**test, "verdict": "FAIL", "trace": str(trace)}],
        **overrides,
    }


def search(*failures: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "verb": "search",
        "verdict": "FAIL" if failures else "PASS",
        "examples": 300,
        "cycles": 19200,
        "seconds": 22.0,
        "seed": 1,
        "sources": [],
        "failures": list(failures),
        "checks": [{"id": "fifo-model", "vacuous": False}, {"id": "no-x", "vacuous": True}],
        "coverage": {"hit": 360, "total": 368},
        "trouble": [],
        "notes": [],
        **overrides,
    }


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    file = tmp_path / "trace.jsonl"
    rows = [
        {
            "test": "test_regressions/file=fifo-model",
            "cycle": cycle,
            "in": {"clk": 1, "rd_en": 1},
            "out": {"rd_data": q},
        }
        for cycle, q in enumerate((0, 0x11, 0x22, None))
    ]
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return file


def collected(tmp_path: Path, workspace: Workspace, **results: dict[str, Any]) -> Report:
    return collect(reports.bench(tmp_path / "tb" / "sync_fifo", workspace, **results), workspace)


def test_found_failure_is_explained_with_what_it_took(tmp_path: Path, workspace: Workspace, trace: Path) -> None:
    report = collected(tmp_path, workspace, search=search(found(trace)))
    ((one,),) = [search.found for search in report.benches[0].searches]
    assert (one.failure.oracle, one.failure.rule, one.failure.cycle) == (Oracle.SPEC, "fifo-model", 3)
    assert one.failure.detail == "rd_data is X, expected 0x5a"
    assert one.failure.title == "Data leaves in the order it entered."
    assert one.failure.signals == ("rd_data",)
    assert (one.length, one.length_before, one.examples, one.cycles, one.seconds) == (4, 32, 2, 96, 0.84)
    assert one.replayed == {"icarus": Verdict.FAIL, "verilator": Verdict.FAIL}


def test_text_tells_rule_length_effort_picture_and_replay(tmp_path: Path, workspace: Workspace, trace: Path) -> None:
    lines = [
        line.strip() for line in render_text(collected(tmp_path, workspace, search=search(found(trace)))).splitlines()
    ]
    assert "search: FAIL, 1 of 2 checks failed in 300 examples, 19,200 cycles in 22 s; code covered 360/368" in lines
    assert "FAIL SPEC fifo-model in cycle 3: rd_data is X, expected 0x5a" in lines
    assert "shrunk from 32 to 4 cycles, seen after 2 examples, 96 cycles, 0.8 s" in lines
    assert "in cocotb: icarus FAIL, verilator FAIL" in lines
    assert "picture: tb/sync_fifo/regressions/fifo-model.svg" in lines
    assert "replay: posedge replay tb/sync_fifo:fifo-model" in lines


def test_page_shows_the_picture_and_names_what_was_never_tested(
    tmp_path: Path, workspace: Workspace, trace: Path
) -> None:
    page = render_html(collected(tmp_path, workspace, search=search(found(trace))))
    assert page.count("<svg") == 1
    assert "Never put to the test: no-x" in page
    assert "posedge replay tb/sync_fifo:fifo-model" in page


def test_search_on_other_sources_is_labelled_and_its_replay_names_them(
    tmp_path: Path, workspace: Workspace, trace: Path
) -> None:
    other = search(found(trace), sources=["bugs/late.sv"])
    own, bug = collected(tmp_path, workspace, search=search(), search_at_late=other).benches[0].searches
    assert (own.label, own.verdict, own.found) == ("", Verdict.PASS, ())
    assert bug.label == "late"
    assert bug.found[0].failure.test.replay == "posedge replay tb/sync_fifo:fifo-model --sources bugs/late.sv"


@pytest.mark.parametrize(
    ("replayed", "verdict", "x_only", "told"),
    [
        ({"icarus": "FAIL", "verilator": "PASS"}, "FAIL", True, "it takes an X to show it"),
        ({"icarus": "PASS", "verilator": "PASS"}, "UNKNOWN", False, "the batch engine alone shows it"),
    ],
)
def test_failure_that_not_every_simulator_shows_says_so(
    tmp_path: Path, workspace: Workspace, trace: Path, replayed: dict[str, str], verdict: str, x_only: bool, told: str
) -> None:
    entry = found(trace, replayed=replayed, verdict=verdict, x_only=x_only)
    assert told in render_text(collected(tmp_path, workspace, search=search(entry)))


def test_hostile_texts_of_a_search_stay_text(tmp_path: Path, workspace: Workspace, trace: Path) -> None:
    entry = found(trace, rule=HOSTILE, picture=HOSTILE, replay=HOSTILE, message=HOSTILE)
    page = render_html(collected(tmp_path, workspace, search=search(entry, notes=[HOSTILE], trouble=[])))
    assert HOSTILE not in page


def test_code_coverage_of_a_replay_is_labelled_and_its_doubts_told(tmp_path: Path, workspace: Workspace) -> None:
    recordings = [{"config": "default", "seed": 1, "verdict": "FAIL", "steps": 31, "message": "q is 0x0 in step 4"}]
    coverage = {**reports.COVERAGE, "replayed": {"recordings": recordings, "notes": []}}
    report = collected(tmp_path, workspace, run=reports.run(coverage=coverage))
    assert "the traffic recorded on Icarus, replayed on Verilator: 31 steps" in render_text(report)
    page = render_html(report)
    assert "code: the traffic recorded on Icarus, replayed on Verilator: 31 steps" in page
    assert "default, seed 1: q is 0x0 in step 4" in page
