"""Proofs in reports: holes first, kinds of oracles apart, failures with their replay, stale results told."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support import reports
from verif.errors import InputError
from verif.report.collect import collect
from verif.report.html import render_html
from verif.report.model import Report
from verif.report.proof_view import APART, by_oracle
from verif.report.terminal import render_text
from verif.verdict import Oracle, ProofStatus, Ratio, Verdict
from verif.workspace import Workspace

HOSTILE = "<script>alert(1)</script>"
MESSAGE = "SPEC fifo-model: cycle 3: rd_data is X, expected 0x5a (R1)"
HELD = {"status": "HIT", "bound": None, "method": ""}


def proved(name: str, status: str = "PROVED", oracle: str = "SPEC", **overrides: Any) -> dict[str, Any]:
    entry = {"name": name, "oracle": oracle, "rule": f"The rule {name}.", "requirements": ["R1"], "place": ""}
    answer = {"status": status, "bound": 2, "method": "induction", "seconds": 0.5, "condition": HELD}
    return {**entry, **answer, "known": False, "why": "", "failure": None, **overrides}


def broken(trace: Path | None = None, **overrides: Any) -> dict[str, Any]:
    test = {"name": "test_regressions/file=fifo-model", "simulator": "icarus", "seed": 1, "message": MESSAGE}
    failure = {
        "verdict": "FAIL",
        "message": MESSAGE,
        "assume": "assume property (@(posedge clk) !(wr_en && full));",
        "cycles": 4,
        "cycles_before": 32,
        "regression": "tb/sync_fifo/regressions/fifo-model.json",
        "picture": "tb/sync_fifo/regressions/fifo-model.svg",
        "replay": "posedge replay tb/sync_fifo:fifo-model",
        "replayed": {"icarus": "FAIL"},
        "tests": [{**test, "verdict": "FAIL", "trace": str(trace)}] if trace else [],
        **overrides,
    }
    return proved("fifo-model", "FAILED", bound=3, method="", failure=failure)


def proof(*properties: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    found = {"schema": 1, "verb": "prove", "verdict": "UNKNOWN", "solver": "auto", "sources": [], "files": []}
    assumed = [{"name": "reset", "text": "a run begins with 4 ticks of rst_n, all else at rest"}]
    told = {"properties": list(properties), "assumptions": assumed, "mined": 0, "notes": [], "seconds": 20.2}
    return {**found, **told, "interrupted": False, **overrides}


def mine(*properties: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    found = {"schema": 1, "verb": "prove", "file": "/tb/sync_fifo_mined.sv", "files": [], "notes": [], "seconds": 9.0}
    return {**found, "properties": list(properties), **overrides}


def collected(tmp_path: Path, workspace: Workspace, **results: dict[str, Any]) -> Report:
    return collect(reports.bench(tmp_path / "tb" / "sync_fifo", workspace, **results), workspace)


def lines(report: Report) -> list[str]:
    return [line.strip() for line in render_text(report).splitlines()]


def visible(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2]).split())


def test_properties_stand_holes_first_and_then_by_oracle(tmp_path: Path, workspace: Workspace) -> None:
    statuses = ("PROVED", "BOUNDED", "UNKNOWN", "VACUOUS", "FAILED")
    entries = [proved(f"{status}-{oracle}", status, oracle) for status in statuses for oracle in ("PROTOCOL", "SPEC")]
    (found,) = collected(tmp_path, workspace, prove=proof(*entries)).benches[0].proofs
    names = [one.name for one in found.properties]
    assert names[:4] == ["FAILED-SPEC", "FAILED-PROTOCOL", "VACUOUS-SPEC", "VACUOUS-PROTOCOL"]
    assert names[4::2] == ["UNKNOWN-SPEC", "BOUNDED-SPEC", "PROVED-SPEC"]
    text = render_text(Report(benches=collected(tmp_path, workspace, prove=proof(*entries)).benches))
    assert [text.index(f" {name}: ") for name in names] == sorted(text.index(f" {name}: ") for name in names)


def test_every_status_is_told_in_words(tmp_path: Path, workspace: Workspace) -> None:
    never = {"status": "UNREACHABLE", "bound": 1, "method": "induction"}
    entries = (
        proved("a"),
        proved("b", method="constant"),
        proved("c", "BOUNDED", bound=12, method="bounded"),
        proved("d", "VACUOUS", bound=None, method="", condition=never),
        proved("e", "UNKNOWN", bound=None, method="", why="a tick of it is more than one step"),
        proved("f", "FAILED", bound=1, method="", why="no simulation shows it"),
    )
    told = lines(collected(tmp_path, workspace, prove=proof(*entries)))
    met = "simulation meets its condition; 0.5 s"
    assert f"PROVED   SPEC a: induction, depth 2; {met}" in told
    assert f"PROVED   SPEC b: no state breaks it; {met}" in told
    assert f"BOUNDED  SPEC c: no run breaks it in 12 ticks after the reset; {met}" in told
    assert "VACUOUS  SPEC d: its condition can't be met (induction, depth 1); 0.5 s" in told
    assert f"UNKNOWN  SPEC e: nothing is known; {met}" in told
    assert "a tick of it is more than one step" in told
    assert f"FAILED   SPEC f: broken 1 tick after the reset; {met}" in told
    assert "no simulation shows it" in told
    assert "assumed: reset: a run begins with 4 ticks of rst_n, all else at rest" in told


def test_kinds_of_oracles_are_counted_apart(tmp_path: Path, workspace: Workspace) -> None:
    entries = (proved("a"), proved("b", "BOUNDED"), proved("c", oracle="PROTOCOL"), proved("d", oracle="RECORDED"))
    report = collected(tmp_path, workspace, prove=proof(*entries))
    (found,) = report.benches[0].proofs
    counted = {row.oracle: row.sentence for row in by_oracle(found.properties)}
    assert counted == {Oracle.SPEC: "1 BOUNDED, 1 PROVED of 2", Oracle.PROTOCOL: "1 PROVED of 1"}
    assert [one.name for one in found.recorded] == ["d"]
    assert f"RECORDED: 1 PROVED of 1; {APART}" in lines(report)
    assert not [line for line in lines(report) if " d: " in line]
    assert f"RECORDED 1 PROVED of 1 {APART}" in visible(render_html(report))


def test_recorded_hole_is_told_in_the_terminal_too(tmp_path: Path, workspace: Workspace) -> None:
    entry = proved("level_at_most_10", "FAILED", "RECORDED", bound=7)
    told = lines(collected(tmp_path, workspace, prove=proof(entry)))
    assert (
        "FAILED   RECORDED level_at_most_10: broken 7 ticks after the reset; simulation meets its condition; 0.5 s"
        in told
    )


def test_mined_invariants_are_no_checks_of_requirements(tmp_path: Path, workspace: Workspace) -> None:
    entry = {"name": "m1", "oracle": "RECORDED", "rule": "a", "status": "PROVED", "bound": 1, "method": "induction"}
    report = collected(tmp_path, workspace, draft=reports.draft(), mine=mine(entry, {**entry, "name": "m2"}))
    bench = report.benches[0]
    assert (bench.proofs, bench.requirements_ratio) == ((), Ratio(count=2, total=3))
    assert [one.status for one in bench.mined.properties] == [ProofStatus.PROVED] * 2 if bench.mined else False
    line = f"RECORDED 2 PROVED of 2, in /tb/sync_fifo_mined.sv, in 9.0 s: {APART}"
    assert f"mined invariants: {line}" in lines(report)
    assert line in visible(render_html(report))
    empty = collected(tmp_path, workspace, mine=mine())
    assert f"mined invariants: RECORDED nothing, in /tb/sync_fifo_mined.sv, in 9.0 s: {APART}" in lines(empty)


def test_failed_property_has_its_regression_picture_and_replay(tmp_path: Path, workspace: Workspace) -> None:
    trace = tmp_path / "trace.jsonl"
    row = {"test": "test_regressions/file=fifo-model", "in": {"clk": 1}, "out": {"rd_data": None}}
    trace.write_text("".join(f"{json.dumps({**row, 'cycle': cycle})}\n" for cycle in range(4)))
    result = proof(broken(trace), sources=["bugs/late one.sv"])
    report = collected(tmp_path, workspace, prove_at_late=result)
    (found,) = report.benches[0].proofs
    (one,) = found.properties
    assert found.label == "late"
    assert one.failure
    assert (one.failure.failure.cycle, one.failure.verdict) == (3, Verdict.FAIL)
    told = lines(report)
    assert "proof on late, in 20 s, solver auto" in told
    replay = "posedge replay tb/sync_fifo:fifo-model --sources 'bugs/late one.sv'"
    for line in (
        "in cycle 3: rd_data is X, expected 0x5a",
        "shrunk from 32 to 4 cycles",
        "in cocotb: icarus FAIL",
        "if that stimulus is illegal, say so: assume property (@(posedge clk) !(wr_en && full));",
        "regression: tb/sync_fifo/regressions/fifo-model.json",
        "picture: tb/sync_fifo/regressions/fifo-model.svg",
        f"replay: {replay}",
    ):
        assert line in told
    page = render_html(report)
    assert page.count("<svg") == 1
    assert replay.replace("'", "&#39;") in page
    assert "fifo-model.json" in page
    assert "fifo-model.svg" in page


def test_failure_that_no_simulator_shows_says_so(tmp_path: Path, workspace: Workspace) -> None:
    entry = broken(verdict="UNKNOWN", replayed={"icarus": "PASS"}, picture=None, cycles_before=4)
    told = lines(collected(tmp_path, workspace, prove=proof(entry)))
    assert "in cocotb: icarus PASS; the batch engine alone shows it" in told
    assert "4 cycles long" in told
    assert not [line for line in told if line.startswith("picture")]


@pytest.mark.parametrize("verb", ["prove", "prove@late", "mine"])
def test_result_whose_sources_changed_since_is_told(verb: str, tmp_path: Path, workspace: Workspace) -> None:
    files = [tmp_path / name for name in ("sync_fifo.sv", "props.sv")]
    for file in files:
        file.write_text("")
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, run=reports.run())
    make = mine if verb == "mine" else proof
    saved = workspace.save_result(bench, verb, make(files=list(map(str, files)))).stat().st_mtime
    os.utime(files[0], (saved - 60, saved - 60))
    os.utime(files[1], (saved + 60, saved + 60))
    warned = f"note: {files[1]} has changed since, so this may no longer hold; prove it again"
    report = collect(bench, workspace)
    assert [line for line in lines(report) if "has changed since" in line] == [warned]
    assert visible(render_html(report)).count("has changed since") == 1
    files[0].unlink()
    assert render_text(collect(bench, workspace)).count("has changed since") == 2


def test_interrupted_proof_says_so(tmp_path: Path, workspace: Workspace) -> None:
    told = lines(collected(tmp_path, workspace, prove=proof(proved("a"), interrupted=True)))
    assert "proof, interrupted after 20 s, solver auto" in told


def test_hostile_texts_of_a_proof_stay_text(tmp_path: Path, workspace: Workspace) -> None:
    failing = broken(picture=HOSTILE, regression=HOSTILE, replay=HOSTILE, message=HOSTILE, assume=HOSTILE)
    assumed = [{"name": HOSTILE, "text": HOSTILE}]
    entries = (failing, proved(HOSTILE, rule=HOSTILE, why=HOSTILE, method=HOSTILE, place=HOSTILE))
    saved = proof(*entries, assumptions=assumed, notes=[HOSTILE], solver=HOSTILE)
    page = render_html(collected(tmp_path, workspace, prove=saved, mine=mine(file=HOSTILE, notes=[HOSTILE])))
    assert HOSTILE not in page
    assert "<script" not in page


def test_status_that_there_is_not_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(InputError, match="a saved result can't be read: 'SURE' is not a valid ProofStatus"):
        collected(tmp_path, workspace, prove=proof(proved("a", "SURE")))
