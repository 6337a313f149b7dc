"""From saved results to the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import reports
from verif.errors import InputError
from verif.report.collect import collect
from verif.report.model import BenchReport, OracleVerdicts, Report
from verif.verdict import Oracle, Outcome, Ratio, Verdict
from verif.workspace import Workspace


@pytest.fixture
def tb(tmp_path: Path) -> Path:
    return tmp_path / "tb" / "sync_fifo"


def one(path: Path, workspace: Workspace) -> BenchReport:
    (report,) = collect(path, workspace).benches
    return report


def test_report_counts_requirements_as_the_draft_does(tb: Path, workspace: Workspace) -> None:
    reports.bench(tb, workspace, draft=reports.draft(), run=reports.run())
    found = one(tb, workspace)
    assert found.requirements_ratio == Ratio(count=2, total=3)
    assert [item.id for item in found.requirements if not item.checked] == ["R3"]
    assert found.outcome is Outcome.CLEAN
    assert found.variants_caught == Ratio(count=2, total=2)


def test_failure_is_explained_by_its_message_and_the_rule(tb: Path, workspace: Workspace) -> None:
    message = "AssertionError: PROTOCOL fifo-no-overflow: cycle 7: count went from 8 to 9"
    failing = reports.test_run("test_fill", "FAIL", message=message, seed=5)
    reports.bench(tb, workspace, draft=reports.draft(), run=reports.run(failing))
    (failure,) = one(tb, workspace).failures
    assert (failure.oracle, failure.rule, failure.cycle) == (Oracle.PROTOCOL, "fifo-no-overflow", 7)
    assert failure.detail == "count went from 8 to 9"
    assert failure.title == "A write while full is ignored."
    assert failure.assume.startswith("assume property")
    assert failure.test.replay == reports.REPLAY


def test_failure_shows_the_cycles_around_it(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    trace = reports.write_trace(tmp_path / "trace.jsonl")
    reports.bench(tb, workspace, draft=reports.draft(), run=reports.run(reports.failing_test(trace)))
    (failure,) = one(tb, workspace).failures
    assert failure.trace is not None
    assert (failure.trace.first, failure.trace.cycles, failure.mark) == (7, 18, 21)
    assert failure.signals == ("rd_data",)


def test_trace_of_a_replay_serves_the_run_that_left_none(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    trace = reports.write_trace(tmp_path / "trace.jsonl")
    replay = reports.run(reports.failing_test(trace))
    reports.bench(tb, workspace, run=reports.run(reports.failing_test()), replay=replay)
    (failure,) = one(tb, workspace).failures
    assert failure.trace is not None


def test_trace_of_another_test_is_not_shown(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    trace = reports.write_trace(tmp_path / "trace.jsonl", test="test_other")
    reports.bench(tb, workspace, run=reports.run(reports.failing_test(trace)))
    assert one(tb, workspace).failures[0].trace is None


def test_oracles_are_never_mixed(tb: Path, workspace: Workspace) -> None:
    tests = (
        reports.test_run("test_fill"),
        reports.failing_test(),
        reports.test_run("test_recorded_reset"),
        reports.test_run("test_recorded_random", "FAIL", message="RECORDED stored: cycle 3: q is 1, recorded 0"),
        reports.test_run("test_fill", "UNSUPPORTED", simulator="verilator"),
    )
    reports.bench(tb, workspace, draft=reports.draft(), run=reports.run(*tests))
    assert one(tb, workspace).oracles == (
        OracleVerdicts(oracle=Oracle.SPEC, checks=1, passed=1, failed=1, undecided=0),
        OracleVerdicts(oracle=Oracle.PROTOCOL, checks=1, passed=1, failed=0, undecided=1),
        OracleVerdicts(oracle=Oracle.GENERIC, checks=1, passed=1, failed=0, undecided=1),
        OracleVerdicts(oracle=Oracle.RECORDED, checks=0, passed=1, failed=1, undecided=0),
    )


def test_run_on_broken_sources_is_kept_apart(tb: Path, workspace: Workspace) -> None:
    broken = reports.run(reports.failing_test(), sources=["rtl/sync_fifo/bugs/off_by_one.sv"])
    reports.bench(tb, workspace, draft=reports.draft(), run=reports.run(), run_at_off_by_one=broken)
    found = one(tb, workspace)
    assert found.verdict is Verdict.PASS
    assert [(other.label, other.verdict) for other in found.elsewhere] == [("off_by_one", Verdict.FAIL)]
    assert found.bugs_caught == Ratio(count=1, total=1)


def test_broken_design_that_only_recorded_noticed_is_not_caught(tb: Path, workspace: Workspace) -> None:
    noticed = reports.test_run("test_recorded", "FAIL", message="RECORDED recorded-q: cycle 3: q is 1, recorded 0")
    reports.bench(tb, workspace, run=reports.run(), run_at_bug=reports.run(noticed, sources=["bugs/bug.sv"]))
    assert one(tb, workspace).bugs_caught == Ratio(count=0, total=1)


def test_coverage_lists_points_tests_and_code(tb: Path, workspace: Workspace) -> None:
    reports.bench(tb, workspace, run=reports.run(coverage=reports.COVERAGE))
    found = one(tb, workspace)
    assert found.bins_hit == Ratio(count=4, total=5)
    assert [(test.test, test.hit) for test in found.functional_by_test] == [("test_fill", 4), ("test_recorded", 2)]
    assert [(missed.file, missed.line) for missed in found.missed] == [("sync_fifo.sv", 61)]
    assert [(row.kind, str(row.ratio)) for row in found.code] == [("line", "30/32"), ("toggle", "61/80")]


def test_bins_hit_under_recorded_are_told_apart(tb: Path, workspace: Workspace) -> None:
    run = reports.run(reports.test_run(), reports.test_run("test_recorded"), coverage=reports.COVERAGE)
    reports.bench(tb, workspace, draft=reports.draft(), run=run)
    shares = one(tb, workspace).bins_by_oracle
    assert shares[Oracle.SPEC] == Ratio(count=4, total=5)
    assert shares[Oracle.RECORDED] == Ratio(count=2, total=5)


def test_nothing_ran_is_not_a_pass(tb: Path, workspace: Workspace) -> None:
    reports.bench(tb, workspace, draft=reports.draft())
    assert one(tb, workspace).verdict is Verdict.UNKNOWN


def test_finding_of_a_draft_is_shown_before_any_run(tb: Path, workspace: Workspace) -> None:
    finding = {**reports.failing_test(), "test": "test_wrap"}
    reports.bench(tb, workspace, draft=reports.draft(outcome="FINDING", findings=[finding]))
    (failure,) = one(tb, workspace).failures
    assert (failure.oracle, failure.cycle) == (Oracle.SPEC, 21)
    judged = {row.oracle: (row.passed, row.failed, row.undecided) for row in one(tb, workspace).oracles}
    assert judged == {Oracle.SPEC: (0, 1, 0), Oracle.PROTOCOL: (0, 0, 1), Oracle.GENERIC: (0, 0, 1)}


def test_directory_of_benches_gives_one_report_for_all(tmp_path: Path, workspace: Workspace) -> None:
    for top in ("sync_fifo", "alu"):
        reports.bench(tmp_path / "tb" / top, workspace, top=top, draft=reports.draft(), run=reports.run())
    reports.bench(tmp_path / "tb" / "idle", workspace, top="idle")
    found = collect(tmp_path / "tb", workspace)
    assert [bench.dut for bench in found.benches] == ["alu", "sync_fifo"]
    assert found.requirements_ratio == Ratio(count=4, total=6)


def test_report_survives_json(tb: Path, workspace: Workspace, tmp_path: Path) -> None:
    trace = reports.write_trace(tmp_path / "trace.jsonl")
    reports.bench(tb, workspace, draft=reports.draft(), run=reports.run(reports.failing_test(trace)))
    found = collect(tb, workspace)
    assert Report.model_validate_json(found.model_dump_json()) == found


def test_bench_without_results_is_told(tb: Path, workspace: Workspace) -> None:
    reports.bench(tb, workspace)
    with pytest.raises(
        InputError, match=r"nothing to report: no verb has left a result; run 'posedge run .*' first\.$"
    ):
        collect(tb, workspace)


def test_directory_without_a_bench_is_told(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(InputError, match=r"no bench\.toml here"):
        collect(tmp_path, workspace)


@pytest.mark.parametrize("text", ["{cut", "\x00\xff"])
def test_cut_result_is_told(tb: Path, workspace: Workspace, text: str) -> None:
    reports.bench(tb, workspace)
    (workspace.bench(tb) / "run.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match="a saved result can't be read"):
        collect(tb, workspace)


def test_result_with_a_foreign_verdict_is_told(tb: Path, workspace: Workspace) -> None:
    reports.bench(tb, workspace, run=reports.run(reports.test_run(verdict="MAYBE")))
    with pytest.raises(InputError, match="a saved result can't be read: 'MAYBE' is not a valid Verdict"):
        collect(tb, workspace)
