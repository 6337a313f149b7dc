"""Exports of a bench's coverage and testplan, and hits that Verilator counted."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support import reports
from tests.support.command import Command
from tests.support.plan_designs import sync_fifo
from verif.bench.manifest import Waiver
from verif.coverage.saved import from_json
from verif.errors import InputError
from verif.plan.baseline import baseline_plan
from verif.plan.files import write_plan
from verif.plan.opentitan import read_opentitan
from verif.report.collect import collect
from verif.report.exports import FORMATS, export
from verif.workspace import Workspace

NOW = datetime(2027, 3, 31, tzinfo=UTC)
DAT = "# SystemC::Coverage-3\n"


@pytest.fixture
def tb(tmp_path: Path, workspace: Workspace) -> Path:
    source = tmp_path / "rtl" / "sync_fifo" / "sync_fifo.sv"
    source.parent.mkdir(parents=True)
    source.write_text(reports.FIFO)
    close = reports.close()
    for entry in close["points"]:
        entry |= {"file": "sync_fifo.sv", "module": "sync_fifo"}
    waivers = (Waiver(id="gone:*", reason="x"),)
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, waivers=waivers, close=close)
    write_plan(baseline_plan(sync_fifo()), bench / "testplan.yaml")
    return bench


def counter(
    line: int, what: str, hits: int, *, column: int = 3, module: str = "sync_fifo", kind: str = "branch"
) -> str:
    fields = {"f": "/rtl/sync_fifo.sv", "l": line, "n": column, "t": kind, "page": f"v_{kind}/{module}", "o": what}
    return "C '" + "".join(f"\x01{key}\x02{value}" for key, value in fields.items()) + f"' {hits}\n"


def dat(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "coverage.dat"
    file.write_text(DAT + "".join(lines))
    return file


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_every_format_is_written(tb: Path, workspace: Workspace, tmp_path: Path, format: str) -> None:
    made = export(tb, format, tmp_path / "out" / "file", workspace, now=NOW)
    assert made.file.read_text()
    again = export(tb, format, tmp_path / "again", workspace, now=NOW)
    assert again.file.read_text() == made.file.read_text()


def test_lcov_names_the_source_where_it_is_and_says_what_is_left_out(
    tb: Path, workspace: Workspace, tmp_path: Path
) -> None:
    made = export(tb, "lcov", tmp_path / "cov.info", workspace, now=NOW)
    assert f"SF:{tmp_path}/rtl/sync_fifo/sync_fifo.sv\n" in made.file.read_text()
    assert made.notes == (
        "waiver 'gone:*' matches no coverage point",
        "1 point is left out that is proven unreachable",
    )


def test_json_comes_back(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    made = export(tb, "json", tmp_path / "cov.json", workspace, now=NOW)
    assert from_json(json.loads(made.file.read_text()), where="x").counts.hit == 2


def test_testplan_comes_back(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    made = export(tb, "hjson", tmp_path / "plan.hjson", workspace, now=NOW)
    assert read_opentitan(made.file).name == "fifo"


def test_bench_without_points_or_plan_is_told(tmp_path: Path, workspace: Workspace) -> None:
    bench = reports.bench(tmp_path / "tb" / "x", workspace, run=reports.run())
    with pytest.raises(
        InputError, match=r"nothing is known about coverage points; run 'posedge close .*' or 'posedge run"
    ):
        export(bench, "lcov", tmp_path / "o", workspace, now=NOW)
    with pytest.raises(
        InputError, match=r"the bench has no testplan\.yaml; benches that 'posedge draft' wrote have one"
    ):
        export(bench, "hjson", tmp_path / "o", workspace, now=NOW)


def test_file_that_cannot_be_written_is_told(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match=r"it can't be written: .*; name a writable file with --export"):
        export(tb, "json", tmp_path / "file" / "x", workspace, now=NOW)


def hit(tb: Path, workspace: Workspace, file: Path) -> tuple[set[str], tuple[str, ...]]:
    found = collect(tb, workspace, today=date(2027, 1, 1), counted=(file,)).benches[0].points
    assert found is not None
    return set(found.coverage.tests.get("coverage.dat", ())), found.notes


def test_counters_of_verilator_hit_the_points_of_their_line(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    file = dat(
        tmp_path,
        counter(3, "if", 0),
        counter(3, "else", 4),
        counter(5, "elsif", 2, kind="line", module="sync_fifo__D4"),
        counter(9, "if", 3),
        counter(3, "q[0]:0->1", 8, kind="toggle"),
    )
    ids, notes = hit(tb, workspace, file)
    assert ids == {"sync_fifo:3:else", "sync_fifo:5:if"}
    assert "coverage.dat hits 2 known points; 1 of its branch counters stand at none" in notes


def test_two_counters_of_one_line_are_not_told_apart(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    ids, _ = hit(tb, workspace, dat(tmp_path, counter(3, "else", 4), counter(3, "else", 4, column=30)))
    assert ids == set()


def test_instances_of_a_module_count_together(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    ids, _ = hit(tb, workspace, dat(tmp_path, counter(3, "else", 0), counter(3, "else", 4)))
    assert ids == {"sync_fifo:3:else"}


def test_counter_of_a_proven_point_contradicts_the_proof(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"sync_fifo:5:else is hit by coverage.dat and proven unreachable by induction"
    ):
        hit(tb, workspace, dat(tmp_path, counter(5, "else", 1)))


def test_file_that_is_not_of_verilator_is_told(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    file = dat(tmp_path, "C 'broken' x\n")
    with pytest.raises(InputError, match=r"coverage\.dat:2: not a coverage point of Verilator"):
        hit(tb, workspace, file)
    with pytest.raises(InputError, match="no such coverage file; name a coverage"):
        hit(tb, workspace, tmp_path / "none.dat")


def test_report_exports_and_imports_as_a_user_calls_it(posedge: Command, tb: Path, tmp_path: Path) -> None:
    os.utime(tmp_path / "rtl" / "sync_fifo" / "sync_fifo.sv", (1, 1))
    answer = posedge("report", "tb/sync_fifo", "--export", "lcov", "cov.info", "--export", "ucis", "cov.xml")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "lcov: cov.info"
    assert "ucis: cov.xml" in answer.out.splitlines()
    assert (tmp_path / "cov.xml").is_file()
    dat(tmp_path, counter(3, "else", 4))
    payload = posedge("report", "tb/sync_fifo", "--import", "coverage.dat", "--export", "json", "c.json", "--json").json
    assert [entry["format"] for entry in payload["exports"]] == ["json"]
    assert "coverage.dat" in payload["benches"][0]["points"]["saved"]["tests"]


def test_export_of_several_benches_is_refused(posedge: Command, tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    reports.bench(tmp_path / "tb" / "other", workspace, close=reports.close())
    answer = posedge("report", "tb", "--export", "lcov", "cov.info")
    assert answer.code == 2
    assert "PE605: tb: --export takes one bench, and there are 2 below; name one, as tb/other" in answer.err
