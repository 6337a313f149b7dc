"""What cocotb left behind: results.xml where the run ended well, the log where it did not."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from verif.sim.diagnosis import last_words, simulator_says
from verif.sim.process import Ended
from verif.sim.seam import TestOutcome
from verif.verdict import Verdict, combine

_FAILURES = frozenset({"AssertionError", "SimTimeoutError", "TestFailure", "Failed", ""})
"""Exception types that are a check's judgement; any other exception means that the bench itself broke."""

_STARTED = re.compile(r"\brunning\S* (?P<name>\S+) \(\d+/\d+\)")
_PASSED = re.compile(r"\b(?P<name>\S+) passed\b")
_FAILED = re.compile(r"\b(?P<name>\S+) failed\b(?:: (?P<text>.*))?")
_IMPORT_ERROR = re.compile(r"^(?P<text>(?:ModuleNotFoundError|ImportError|SyntaxError|IndentationError|\w*Error): .*)$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """The tests' verdicts, the run's verdict, and what went wrong with the process."""

    tests: tuple[TestOutcome, ...]
    skipped: tuple[str, ...]
    verdict: Verdict
    problem: str


def judge(results: Path, log: Path, ended: Ended) -> Judged:
    """Judge a finished process by its results file, else (it is missing or was cut) by its log."""
    if ended.timed_out or ended.flooded:
        return _interrupted(log, ended)
    with suppress(FileNotFoundError, ElementTree.ParseError):
        tests, skipped = read_results(results)
        return _completed(tuple(_explained(test, log) for test in tests), skipped, log, ended)
    if "No tests were discovered" in _text(log):
        return Judged(tests=(), skipped=(), verdict=Verdict.UNKNOWN, problem="the test modules contain no cocotb test")
    return _broken(log, ended)


def read_results(results: Path) -> tuple[tuple[TestOutcome, ...], tuple[str, ...]]:
    """Read cocotb's results.xml: the outcomes, and the names of the tests that skipped themselves."""
    tests: list[TestOutcome] = []
    skipped: list[str] = []
    for case in ElementTree.parse(results).getroot().iter("testcase"):
        name = case.get("name", "")
        if case.find("skipped") is not None:
            skipped.append(name)
        else:
            tests.append(_outcome(name, case))
    return tuple(tests), tuple(skipped)


def _outcome(name: str, case: ElementTree.Element) -> TestOutcome:
    verdict, message = Verdict.PASS, ""
    failure, error = case.find("failure"), case.find("error")
    if failure is not None:
        kind = failure.get("type", "")
        text = failure.get("message", "")
        verdict = Verdict.FAIL if kind in _FAILURES else Verdict.ERROR
        message = text if verdict is Verdict.FAIL else f"{kind}: {text}"
    elif error is not None:
        verdict, message = Verdict.ERROR, error.get("message", "")
    properties = {entry.get("name"): entry.get("value", "") for entry in case.iter("property")}
    return TestOutcome(
        name=name,
        module=case.get("classname", ""),
        verdict=verdict,
        seconds=float(case.get("time", 0)),
        sim_time_ns=round(float(properties.get("sim_time_duration") or 0), 6),
        message=message,
    )


def _completed(tests: tuple[TestOutcome, ...], skipped: tuple[str, ...], log: Path, ended: Ended) -> Judged:
    verdict, problem = combine(test.verdict for test in tests), ""
    if not tests:
        problem = "no test ran"
    elif ended.returncode != 0 and verdict is Verdict.PASS:
        verdict = Verdict.FAIL
        problem = f"the tests passed but the simulator ended with status {ended.returncode}: {last_words(log)}"
    return Judged(tests=tests, skipped=skipped, verdict=verdict, problem=problem)


def _explained(test: TestOutcome, log: Path) -> TestOutcome:
    """Put the simulator's own words in place of cocotb's guesses where the simulation ended before the test did."""
    if not test.message.startswith("SimFailure: "):
        return test
    why = simulator_says(log) or "no event was left (is the clock running?)"
    return replace(test, message=f"the simulation ended before the test did: {why}")


def _interrupted(log: Path, ended: Ended) -> Judged:
    if ended.timed_out:
        verdict, problem = Verdict.TIMEOUT, f"time-out after {ended.seconds:.0f} s"
    else:
        verdict, problem = Verdict.ERROR, "stopped because its output flooded the log"
    tests = _from_log(log, verdict, problem)
    return Judged(tests=tests, skipped=(), verdict=combine((*(t.verdict for t in tests), verdict)), problem=problem)


def _broken(log: Path, ended: Ended) -> Judged:
    tests = _from_log(log, Verdict.ERROR, problem := _why_broken(log, ended))
    return Judged(tests=tests, skipped=(), verdict=Verdict.ERROR, problem=problem)


def _why_broken(log: Path, ended: Ended) -> str:
    """Return the exception that stopped cocotb before the first test, else how the process ended and its last words."""
    if ended.returncode < 0:
        return f"the simulator was ended by signal {-ended.returncode} before the tests did: {last_words(log)}"
    for line in reversed(_text(log).splitlines()):
        if match := _IMPORT_ERROR.match(line.strip()):
            return f"the test modules could not be loaded: {match['text'][:300]}"
    return f"the simulator ended with status {ended.returncode} before the tests did: {last_words(log)}"


def _from_log(log: Path, running: Verdict, message: str) -> tuple[TestOutcome, ...]:
    """Return the outcomes that the log tells; the test that was running gets ``running``."""
    outcomes: list[TestOutcome] = []
    current = ""
    for line in _text(log).splitlines():
        if match := _STARTED.search(line):
            current = match["name"]
        elif (match := _PASSED.search(line)) and match["name"] == current:
            outcomes.append(_told(current, Verdict.PASS, ""))
            current = ""
        elif (match := _FAILED.search(line)) and match["name"] == current:
            outcomes.append(_told(current, Verdict.FAIL, match["text"] or ""))
            current = ""
    if current:
        outcomes.append(_told(current, running, message))
    return tuple(outcomes)


def _told(fullname: str, verdict: Verdict, message: str) -> TestOutcome:
    """Return the outcome of ``package.module.test``; cocotb calls a parametrised test ``test/key=value``."""
    head, slash, tail = fullname.partition("/")
    module, _, name = head.rpartition(".")
    return TestOutcome(name=name + slash + tail, module=module, verdict=verdict, seconds=0.0, message=message)


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
