"""What the text view and the page show in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verif.report.model import BenchReport, Counterexample, Failure, Found, OtherRun, Report, Search, TestResult
from verif.report.reached import Contender
from verif.report.text import count, seconds
from verif.verdict import Oracle, Outcome, Ratio, Verdict, combine

NO_REQUIREMENTS = "no specification with requirements was given"

ORACLES: dict[Oracle, str] = {
    Oracle.SPEC: "the specification: a reference model or a rule of it",
    Oracle.PROTOCOL: "the published rules of the bus protocol",
    Oracle.GENERIC: "what holds for any design: no X after reset, simulators agree",
    Oracle.RECORDED: "the design's own recorded behaviour: catches regressions, proves nothing about the specification",
}
"""Where each kind of expectation comes from, in words."""

OUTCOMES: dict[Outcome, str] = {
    Outcome.CLEAN: "accepted: it passes on the design and fails on broken variants of it",
    Outcome.FINDING: "accepted, with a finding: a check fails on the design itself",
    Outcome.REJECTED: "not accepted; the reasons are below",
    Outcome.UNKNOWN: "not accepted: nothing shows that it can fail",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureGroup:
    """Failures of one rule: the first one to show, and how many there are."""

    shown: Failure
    tests: tuple[TestResult, ...]

    @property
    def others(self) -> str:
        """The tests beyond the shown one, in a phrase; empty where there are none."""
        rest = len(self.tests) - 1
        return f"and {count(rest, 'more test run')}" if rest else ""


def grouped(failures: Iterable[Failure]) -> tuple[FailureGroup, ...]:
    """Group failures by oracle and rule (by message where there is none), RECORDED after the other oracles.

    The earliest failure with a trace is shown for its group.
    """
    groups: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        key = (failure.oracle or "", failure.rule or failure.detail or failure.test.verdict)
        groups.setdefault(key, []).append(failure)
    order = [*Oracle, ""]
    return tuple(
        FailureGroup(
            shown=min(group, key=lambda f: (f.trace is None, f.cycle if f.cycle is not None else 1 << 60)),
            tests=tuple(failure.test for failure in group),
        )
        for _, group in sorted(groups.items(), key=lambda item: order.index(item[0][0]))
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """How one test ended on one simulator, over all its seeds."""

    verdict: Verdict
    passed: Ratio
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One test in one configuration, a cell for each simulator; None where it was not run there."""

    name: str
    config: str
    cells: tuple[Cell | None, ...]
    messages: tuple[str, ...]


def matrix(tests: Sequence[TestResult]) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Return the simulators, and the tests as rows over them, both in order of first use."""
    simulators = tuple(dict.fromkeys(test.simulator for test in tests))
    names = dict.fromkeys((test.name, test.config) for test in tests)
    return simulators, tuple(_row(name, config, simulators, tests) for name, config in names)


def _row(name: str, config: str, simulators: Sequence[str], tests: Sequence[TestResult]) -> Row:
    own = [test for test in tests if (test.name, test.config) == (name, config)]
    messages = tuple(dict.fromkeys(test.message.partition("\n")[0] for test in own if test.message))
    cells = tuple(_cell([test for test in own if test.simulator == simulator]) for simulator in simulators)
    return Row(name=name, config=config, cells=cells, messages=messages)


def _cell(tests: Sequence[TestResult]) -> Cell | None:
    if not tests:
        return None
    return Cell(
        verdict=combine(test.verdict for test in tests),
        passed=Ratio(count=sum(test.verdict is Verdict.PASS for test in tests), total=len(tests)),
        seconds=sum(test.seconds for test in tests),
    )


def headline(report: Report | BenchReport) -> str:
    """Return the first line of every view."""
    ratio = report.requirements_ratio
    return f"requirements checked {ratio}" + ("" if ratio.total else f" ({NO_REQUIREMENTS})")


def summary(bench: BenchReport) -> str:
    """Return one sentence on how the tests ended."""
    if not bench.tests:
        return "The bench has not been run yet."
    where = " and ".join(simulator.capitalize() for simulator in bench.simulators)
    on = f" on {where}" if where else ""
    told = f"{bench.passed} test runs pass{on}."
    if bench.passed.count == bench.passed.total > 1:
        told = f"All {bench.passed.total} test runs pass{on}."
    refusing = dict.fromkeys(refused.simulator.capitalize() for refused in bench.refused)
    return f"{told} {', '.join(refusing)} did not take the design." if refusing else told


def caught_by(run: OtherRun) -> str:
    """Return which kinds of oracle caught a broken design."""
    if run.verdict is Verdict.PASS:
        return "nothing: not caught"
    kinds = {failure.oracle for failure in run.failures if failure.oracle}
    return ", ".join(oracle for oracle in Oracle if oracle in kinds) or run.verdict


def search_summary(search: Search) -> str:
    """Return what a search did, in a phrase."""
    on = [f"{count(search.examples, 'example')}", f"{search.cycles:,} cycles", f"in {seconds(search.seconds)}"]
    covered = f"; code covered {search.points}" if search.points else ""
    found = f"{len(search.found)} of {count(search.checks, 'check')} failed" if search.found else "no failure found"
    return f"{found} in {', '.join(on[:2])} {on[2]}{covered}"


def effort(found: Found) -> str:
    """Return what it took to find a failure and how short it became."""
    return (
        f"shrunk from {found.length_before} to {count(found.length, 'cycle')}, seen after "
        f"{count(found.examples, 'example')}, {count(found.cycles, 'cycle')}, {seconds(found.seconds)}"
    )


def replays(found: Found | Counterexample) -> str:
    """Return how a failure replays in cocotb."""
    told = ", ".join(f"{simulator} {verdict}" for simulator, verdict in found.replayed.items()) or "not replayed"
    if isinstance(found, Found) and found.x_only:
        return f"in cocotb: {told}; it takes an X to show it"
    if found.verdict is Verdict.UNKNOWN:
        return f"in cocotb: {told}; the batch engine alone shows it"
    return f"in cocotb: {told}"


def bits(ratio: Ratio) -> str:
    """Return a ratio with its percentage for people: ``7/9 (78 %)``."""
    return str(ratio) if ratio.fraction is None else f"{ratio} ({ratio.fraction:.0%})".replace("%", " %")


def contest_sentence(contenders: Sequence[Contender]) -> str:
    """Say bluntly whether the model's points add anything over the baseline's and over random ones."""
    by_name = {contender.name: contender for contender in contenders}
    if (model := by_name.get("model")) is None:
        return ""
    phrases = [
        f"{_compared(model.hit - other.hit)} {other.name} ({model.hit:g} against {other.hit:g} of {other.total})"
        for name in ("baseline", "random")
        if (other := by_name.get(name))
    ]
    return f"The model's points reach {' and '.join(phrases)}." if phrases else ""


def _compared(difference: float) -> str:
    if difference == 0:
        return "no more than"
    return f"{abs(difference):g} {'more' if difference > 0 else 'fewer'} than"
