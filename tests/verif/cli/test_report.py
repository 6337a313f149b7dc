"""``posedge report``."""

from __future__ import annotations

from pathlib import Path

from tests.support import reports
from tests.support.command import Command
from verif.workspace import Workspace


def test_report_prints_outcome_first_and_names_the_page(posedge: Command, tmp_path: Path, workspace: Workspace) -> None:
    reports.bench(tmp_path / "tb" / "sync_fifo", workspace, draft=reports.draft(), run=reports.run())
    answer = posedge("report", "tb/sync_fifo", "--html", "out/report.html")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "requirements checked 2/3"
    assert "sync_fifo  (tb/sync_fifo)" in answer.out
    assert answer.out.splitlines()[-1] == "page: out/report.html"
    assert (tmp_path / "out" / "report.html").read_text().startswith("<!doctype html>")


def test_report_json_is_one_versioned_object(posedge: Command, tmp_path: Path, workspace: Workspace) -> None:
    reports.bench(tmp_path / "tb" / "sync_fifo", workspace, draft=reports.draft(), run=reports.run())
    payload = posedge("report", "tb", "--json", "--html", "report.html").json
    assert (payload["schema"], payload["verb"], payload["html"]) == (1, "report", "report.html")
    assert payload["benches"][0]["requirements_checked"] == 2


def test_report_on_nothing_is_one_sentence(posedge: Command, tmp_path: Path) -> None:
    answer = posedge("report", "tb/absent")
    assert answer.code == 2
    assert answer.err.startswith("posedge: PE401: tb/absent: no bench.toml here")
