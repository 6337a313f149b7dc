"""Laws of judging what a simulator process left behind."""

from __future__ import annotations

from pathlib import Path

from verif.sim.process import Ended
from verif.sim.results import judge
from verif.verdict import Verdict

PASSED = '<testsuites><testsuite><testcase name="test_a" classname="m" time="0.1"/></testsuite></testsuites>'


def judged(folder: Path, *, results: str | None, log: str = "", code: int = 0) -> tuple[Verdict, str]:
    if results is not None:
        (folder / "results.xml").write_text(results)
    (folder / "run.log").write_text(log)
    answer = judge(folder / "results.xml", folder / "run.log", Ended(returncode=code, seconds=1.0))
    return answer.verdict, answer.problem


def test_passing_results_pass(tmp_path: Path) -> None:
    assert judged(tmp_path, results=PASSED) == (Verdict.PASS, "")


def test_passing_tests_with_a_failing_simulator_fail(tmp_path: Path) -> None:
    log = "%Error: top.sv:3: Assertion failed in top: 'assert' failed.\n"
    assert judged(tmp_path, results=PASSED, log=log, code=1) == (
        Verdict.FAIL,
        f"the tests passed but the simulator ended with status 1: {log.strip()}",
    )


def test_results_that_were_cut_are_an_error(tmp_path: Path) -> None:
    verdict, problem = judged(tmp_path, results=PASSED[:40], code=-11)
    assert verdict is Verdict.ERROR
    assert problem == "the simulator was ended by signal 11 before the tests did: no output"


def test_missing_results_are_an_error_even_with_status_zero(tmp_path: Path) -> None:
    assert judged(tmp_path, results=None)[0] is Verdict.ERROR


def test_empty_results_are_unknown(tmp_path: Path) -> None:
    assert judged(tmp_path, results="<testsuites/>") == (Verdict.UNKNOWN, "no test ran")


def test_import_error_is_told_in_the_words_of_python(tmp_path: Path) -> None:
    log = (
        "Traceback (most recent call last):\n  File x\n    import y\nSyntaxError: invalid syntax (y.py, line 3)\ndone\n"
    )
    assert judged(tmp_path, results=None, log=log, code=1)[1] == (
        "the test modules could not be loaded: SyntaxError: invalid syntax (y.py, line 3)"
    )
