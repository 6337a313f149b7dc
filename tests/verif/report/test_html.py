"""The HTML page, as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support import reports
from verif.errors import InputError
from verif.report.collect import collect
from verif.report.html import render_html, write_html
from verif.report.model import Report
from verif.report.terminal import render_text
from verif.workspace import Workspace

HOSTILE = "<script>alert(1)</script>\"'&"
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """What a browser would see: visible text by line, tags, attributes; complains about tags left open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] not in (["style"], ["title"]) and data.strip():
            self.lines.append(" ".join(data.split()))


@pytest.fixture
def report(tmp_path: Path, workspace: Workspace) -> Report:
    tb = tmp_path / "tb" / "sync_fifo"
    trace = reports.write_trace(tmp_path / "trace.jsonl")
    broken = reports.run(reports.failing_test(trace), sources=["bugs/off_by_one.sv"])
    run = reports.run(coverage=reports.COVERAGE)
    reports.bench(tb, workspace, draft=reports.draft(), run=run, run_at_off_by_one=broken)
    return collect(tb, workspace)


def test_first_line_of_every_view_is_the_requirements(report: Report) -> None:
    assert Page(render_html(report)).lines[0] == "requirements checked 2/3"
    assert render_text(report).splitlines()[0] == "requirements checked 2/3"


def test_page_without_a_specification_says_so(tmp_path: Path, workspace: Workspace) -> None:
    tb = reports.bench(tmp_path / "tb" / "x", workspace, run=reports.run())
    lines = Page(render_html(collect(tb, workspace))).lines
    assert lines[:2] == ["requirements checked 0/0", "no specification with requirements was given"]


def test_page_fetches_nothing_and_runs_nothing(report: Report) -> None:
    text = render_html(report)
    page = Page(text)
    assert not {"script", "link", "iframe", "img", "object", "embed", "form"} & set(page.tags)
    assert [link for link in page.links if not link.startswith("#")] == []
    assert not re.search(r"url\(|@import|\son\w+=", text)
    assert "default-src 'none'" in text


def test_page_shows_the_failure_with_picture_and_replay_command(report: Report) -> None:
    page = Page(render_html(report))
    assert reports.REPLAY in page.lines
    assert "rd_data is 0x5a, expected 0x3c" in page.lines
    assert page.tags.count("svg") == 1


def test_page_says_bluntly_what_the_model_adds(report: Report) -> None:
    sentence = "reach 2 fewer than baseline (20 against 22 of 24) and 0.7 more than random (20 against 19.3 of 24)."
    assert f"The model's points {sentence}" in Page(render_html(report)).lines
    assert sentence in render_text(report)


def test_hostile_names_stay_text(tmp_path: Path, workspace: Workspace) -> None:
    draft = reports.draft(notes=[HOSTILE])
    draft["oracles"][0] |= {"title": HOSTILE, "id": "fifo-model", "assume": HOSTILE}
    draft["requirements"]["items"][0] |= {"id": HOSTILE, "text": HOSTILE, "by": [HOSTILE]}
    draft["forced_fail"]["variants"][0]["name"] = HOSTILE
    trace = tmp_path / "trace.jsonl"
    trace.write_text(
        '{"test": "test_wrap", "cycle": 21, "in": {"<script>alert(1)</script>": 1}, "out": {"\\"><b>": 2}}\n'
    )
    failing = reports.failing_test(trace, config=HOSTILE, replay=HOSTILE)
    failing["message"] += HOSTILE
    missed = {"kind": HOSTILE, "file": HOSTILE, "line": 1, "detail": HOSTILE}
    coverage = {
        "functional": {"points": {HOSTILE: {"bins": {HOSTILE: 0}}}},
        "code": {HOSTILE: {"hit": 0, "total": 1}, "missed": [missed]},
    }
    tb = reports.bench(
        tmp_path / "tb" / "x", workspace, top=HOSTILE, draft=draft, run=reports.run(failing, coverage=coverage)
    )
    text = render_html(collect(tb, workspace))
    page = Page(text)
    assert "script" not in page.tags
    assert "<script>" not in text
    assert any("<script>alert(1)</script>" in line for line in page.lines)


def test_same_results_give_the_same_page(report: Report) -> None:
    assert render_html(report) == render_html(Report.model_validate_json(report.model_dump_json()))


def test_page_that_cannot_be_written_is_told_and_leaves_nothing(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match=r"the page can't be written: .*; name a writable file with --html\.$"):
        write_html(report, tmp_path / "file" / "report.html")
    assert sorted(path.name for path in tmp_path.glob("*report*")) == []


def test_text_between_backticks_is_shown_as_code(tmp_path: Path, workspace: Workspace) -> None:
    draft = reports.draft()
    draft["requirements"]["items"][0] |= {"text": "While `full` & `<b>` hold."}
    draft["requirements"]["items"][1] |= {"text": "A lone ` stays."}
    tb = reports.bench(tmp_path / "tb" / "x", workspace, draft=draft, run=reports.run())
    text = render_html(collect(tb, workspace))
    assert "While <code>full</code> &amp; <code>&lt;b&gt;</code> hold." in text
    assert "A lone ` stays." in text
