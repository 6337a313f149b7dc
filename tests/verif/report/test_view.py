"""What the views show in the same words."""

from __future__ import annotations

from verif.report.model import BenchReport, Failure, Refused, TestResult
from verif.report.reached import Contender
from verif.report.view import contest_sentence, grouped, matrix, summary
from verif.trace import Signal, Trace
from verif.verdict import Oracle, Ratio, Verdict


def result(name: str = "test_a", simulator: str = "icarus", seed: int = 1, verdict: str = "PASS") -> TestResult:
    return TestResult(name=name, simulator=simulator, seed=seed, verdict=Verdict(verdict))


def test_matrix_combines_the_seeds_of_a_test_and_leaves_holes_open() -> None:
    tests = (result(seed=1), result(seed=2, verdict="FAIL"), result("test_b", "verilator"))
    simulators, rows = matrix(tests)
    assert simulators == ("icarus", "verilator")
    assert [row.name for row in rows] == ["test_a", "test_b"]
    first = rows[0].cells[0]
    assert first is not None
    assert (first.verdict, first.passed) == (Verdict.FAIL, Ratio(count=1, total=2))
    assert rows[0].cells[1] is None


def test_groups_show_the_earliest_failure_with_a_trace_and_recorded_last() -> None:
    trace = Trace(signals=(Signal(name="q", values=(0,)),))
    failures = (
        Failure(test=result("test_recorded"), oracle=Oracle.RECORDED, rule="recorded-q", cycle=1),
        Failure(test=result("test_c"), oracle=Oracle.SPEC, rule="model", cycle=2),
        Failure(test=result("test_d"), oracle=Oracle.SPEC, rule="model", cycle=9, trace=trace),
        Failure(test=result("test_e"), detail="boom"),
    )
    groups = grouped(failures)
    assert [group.shown.rule for group in groups] == ["model", "recorded-q", ""]
    assert (groups[0].shown.test.name, groups[0].others) == ("test_d", "and 1 more test run")


def test_summary_names_a_simulator_that_did_not_take_the_design() -> None:
    refused = Refused(simulator="verilator", verdict=Verdict.UNSUPPORTED, reason="no")
    bench = BenchReport(bench="tb/x", dut="x", tests=(result(),), refused=(refused,))
    assert summary(bench) == "1/1 test runs pass on Icarus. Verilator did not take the design."


def test_contest_without_a_model_says_nothing() -> None:
    assert contest_sentence([Contender(name="baseline", hit=3, total=4)]) == ""


def test_contest_that_the_model_does_not_win_says_so() -> None:
    sides = [Contender(name=name, hit=hit, total=25) for name, hit in (("model", 22), ("baseline", 22), ("random", 23))]
    assert contest_sentence(sides) == (
        "The model's points reach no more than baseline (22 against 22 of 25) "
        "and 1 fewer than random (22 against 23 of 25)."
    )
