"""The report on coverage points: what the verbs left is merged, and every view tells the same."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from tests.support import reports
from tests.support.coverage import HIT, UNREACHABLE, coverage, result
from tests.verif.report.test_html import Page
from verif.bench.manifest import Waiver
from verif.coverage.saved import as_json
from verif.errors import InputError
from verif.report.collect import collect
from verif.report.html import render_html
from verif.report.model import Report
from verif.report.points import Points
from verif.report.terminal import render_text
from verif.workspace import Workspace

TODAY = date(2027, 3, 31)
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """The source in which the points are, where a bench names it."""
    file = tmp_path / "rtl" / "sync_fifo" / "sync_fifo.sv"
    file.parent.mkdir(parents=True)
    file.write_text(reports.FIFO)
    os.utime(file, (1, 1))
    return file


def collected(tmp_path: Path, workspace: Workspace, waivers: tuple[Waiver, ...] = (), **results: dict) -> Report:  # type: ignore[type-arg]
    tb = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, waivers=waivers, **results)
    return collect(tb, workspace, today=TODAY)


def points(report: Report) -> Points:
    found = report.benches[0].points
    assert found is not None
    return found


def close_of_file(name: str = "sync_fifo.sv") -> dict:  # type: ignore[type-arg]
    data = reports.close()
    for entry in data["points"]:
        entry["file"] = name
    return data


def test_points_come_from_close_with_curve_and_proposers(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    found = points(collected(tmp_path, workspace, close=close_of_file()))
    counts = found.coverage.counts
    assert (counts.hit, counts.unreachable, counts.unknown, counts.total) == (2, 1, 1, 4)
    assert [(p.name, p.closed, p.turns) for p in found.proposers] == [("solver", 2, None), ("random", 1, 7)]
    assert found.curve[-1].cycles == 90_000
    assert found.witnesses[0].replay == "posedge replay tb/sync_fifo/regressions/cover_1.json"
    assert [(s.name, Path(s.path), s.changed) for s in found.sources] == [("sync_fifo.sv", fifo, False)]


def test_run_and_close_are_merged(tmp_path: Path, workspace: Workspace) -> None:
    hit = coverage(result("sync_fifo:3:else", HIT, by="test_a"), tests={"test_a": frozenset({"sync_fifo:3:else"})})
    run = reports.run(coverage={"points": as_json(hit)})
    found = points(collected(tmp_path, workspace, close=reports.close(), run=run))
    assert found.coverage.counts.hit == 3
    assert set(found.coverage.tests) == {"test_a", "cover_1", "cover_2"}


def test_contradiction_between_verbs_is_said_and_the_proof_stands(tmp_path: Path, workspace: Workspace) -> None:
    hit = coverage(result("sync_fifo:5:else", HIT, by="test_a"))
    run = reports.run(coverage={"points": as_json(hit)})
    found = points(collected(tmp_path, workspace, close=reports.close(), run=run))
    assert "sync_fifo:5:else is hit by test_a and proven unreachable by induction" in found.notes[0]
    assert found.coverage.counts.hit == 2


def test_results_of_different_sources_are_said(tmp_path: Path, workspace: Workspace) -> None:
    other = coverage(result("sync_fifo:5:else"), designs=frozenset({"d2"}))
    run = reports.run(coverage={"points": as_json(other)})
    found = points(collected(tmp_path, workspace, close=reports.close(), run=run))
    assert found.notes[0] == "close and run saw different sources or parameters; run the older one of them again"
    assert found.coverage.counts.unreachable == 0


def test_proof_of_close_stands_beside_what_run_did_not_hit(tmp_path: Path, workspace: Workspace) -> None:
    run = reports.run(coverage={"points": as_json(coverage(result("sync_fifo:5:else")))})
    assert points(collected(tmp_path, workspace, close=reports.close(), run=run)).coverage.counts.unreachable == 1


def test_bench_without_points_has_no_section(tmp_path: Path, workspace: Workspace) -> None:
    report = collected(tmp_path, workspace, run=reports.run())
    assert report.benches[0].points is None
    assert "Coverage points" not in render_html(report)


def test_broken_result_is_told(tmp_path: Path, workspace: Workspace) -> None:
    data = reports.close()
    data["points"][0]["status"] = "MAYBE"
    with pytest.raises(InputError, match=r"close: no coverage: points\.0\.status: Input should be 'HIT'"):
        collected(tmp_path, workspace, close=data)


def test_waiver_of_the_manifest_holds_in_every_view(tmp_path: Path, workspace: Workspace) -> None:
    waivers = (
        Waiver(id="*:3:else", reason="no such mode", who="ada", until="2027-03-31"),
        Waiver(id="gone:*", reason="x"),
    )
    report = collected(tmp_path, workspace, waivers=waivers, close=reports.close())
    assert points(report).coverage.counts.waived == 1
    assert "waived: no such mode, ada, until 2027-03-31" in render_text(report)
    lines = Page(render_html(report)).lines
    assert {"Waived: 1 point", "no such mode", "2027-03-31"} <= set(lines)
    assert "waiver 'gone:*' matches no coverage point" in lines


def test_source_that_is_newer_than_its_coverage_is_said(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    os.utime(fifo, (1e11, 1e11))
    report = collected(tmp_path, workspace, close=close_of_file())
    assert "sync_fifo.sv has changed since; its lines may have moved" in render_text(report)
    assert "has changed since; its lines may have moved." in Page(render_html(report)).lines


def test_terminal_shows_holes_with_their_lines(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    text = render_text(collected(tmp_path, workspace, close=close_of_file()))
    assert "2 hit, 1 unreachable, 1 unknown of 4 points" in text
    assert "UNKNOWN sync_fifo:3:else: else of if (push)" in text
    assert "nothing reaches it in the first 20 ticks after the reset" in text
    assert ">    3 |   if (push) begin" in text
    assert "sync_fifo:5:else: unreachable: induction at depth 2" in text
    assert "1 test of 2 keep all 2 points" in text
    assert "closed by solver 2, random 1 in 90,000 cycles and 2.5 s" in text


def test_lines_are_counted_as_compilers_count_them(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    fifo.write_bytes(b"// \x0c page\r\n// \xe2\x80\xa8 too\r\n" + reports.FIFO.split("\n", 2)[2].encode())
    text = render_text(collected(tmp_path, workspace, close=close_of_file()))
    assert ">    3 |   if (push) begin" in text


def test_notes_of_the_verbs_are_told_once(tmp_path: Path, workspace: Workspace) -> None:
    notes = ["a function has no points", "an include has no points"]
    hit = coverage(result("sync_fifo:3:else", HIT, by="test_a"))
    run = reports.run(coverage={"points": as_json(hit), "notes": notes})
    found = points(collected(tmp_path, workspace, close=reports.close(), run=run))
    assert found.notes == tuple(notes)
    assert [proposer.name for proposer in found.proposers] == ["solver", "random"]


def test_page_shows_holes_first_and_the_source_with_marks(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    text = render_html(collected(tmp_path, workspace, close=close_of_file()))
    page = Page(text)
    assert (
        text.index("Holes: 1 point unknown") < text.index('class="source"') < text.index("Proven unreachable: 1 point")
    )
    assert '<details class="unknown"><summary><i class="n">3</i><i class="m">? 1/2</i>' in text
    assert '<details class="hit"><summary><i class="n">5</i><i class="m">✓ 1/1</i>' in text
    assert page.tags.count("svg") == 2
    assert "$" not in page.lines


def test_every_link_of_the_page_has_its_place(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    text = render_html(collected(tmp_path, workspace, close=close_of_file()))
    page = Page(text)
    assert len(page.links) >= 6
    assert [link for link in page.links if f'id="{link.removeprefix("#")}"' not in text] == []


def test_witnesses_of_two_benches_are_told_apart(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    for name in ("one", "two"):
        reports.bench(tmp_path / "tb" / name, workspace, close=close_of_file())
    page = Page(render_html(collect(tmp_path / "tb", workspace, today=TODAY)))
    assert {"#b1-cover_1", "#b2-cover_1"} <= set(page.links)


def test_witness_has_a_picture_where_its_replay_left_cycles(tmp_path: Path, workspace: Workspace) -> None:
    tb = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, close=reports.close())
    folder = workspace.bench(tb) / "close" / "replay" / "icarus"
    folder.mkdir(parents=True)
    told = '"in": {{"push": 1}}, "out": {{"full": 0, "pe_covers": 3}}}}\n'
    row = '{{"test": "test_regressions/file=cover_1", "cycle": {0}, ' + told
    (folder / "trace.jsonl").write_text("".join(row.format(cycle) for cycle in range(60)))
    report = collect(tb, workspace, today=TODAY)
    trace = points(report).witnesses[0].trace
    assert trace is not None
    assert [signal.name for signal in trace.signals] == ["clk", "push", "full"]
    assert trace.cycles == 48
    page = render_html(report)
    assert "<title>Waves of cover_1</title>" in page
    assert "&#34;name&#34;: &#34;push&#34;" in page
    assert Report.model_validate_json(report.model_dump_json()) == report


def test_hostile_names_of_points_stay_text(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    data = reports.close()
    name = "".join(HOSTILE.split())
    data["tests"] = {HOSTILE: []}
    for entry in data["points"]:
        entry |= {"id": f"{name}:{entry['id']}", "title": HOSTILE, "by": HOSTILE, "method": HOSTILE}
        entry |= {"file": HOSTILE if entry["line"] == 3 else "sync_fifo.sv", "witness": HOSTILE}
    data["curve"][0]["by"] = data["witnesses"][0]["id"] = data["notes"][0] = HOSTILE
    text = render_html(collected(tmp_path, workspace, close=data))
    assert "<script>" not in text
    assert "script" not in Page(text).tags


def test_page_of_a_missing_source_lists_its_points(tmp_path: Path, workspace: Workspace) -> None:
    lines = Page(render_html(collected(tmp_path, workspace, close=reports.close()))).lines
    assert "The file isn't there any more; its points:" in lines
    assert "see it" in lines


def test_point_that_is_only_unreachable_says_so_in_the_margin(tmp_path: Path, workspace: Workspace, fifo: Path) -> None:
    data = reports.close(result("sync_fifo:5:else", UNREACHABLE, method="pdr"))
    data["points"][0]["file"] = "sync_fifo.sv"
    assert '<i class="m">∅</i>' in render_html(collected(tmp_path, workspace, close=data))
