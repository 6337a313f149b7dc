"""Explain the tests that failed: the rule behind the message, and the cycles around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from verif.report.model import Check, Failure, TestResult
from verif.report.results import entries, test_result
from verif.report.traces import load_trace
from verif.trace import Trace
from verif.verdict import Oracle, Verdict

Result = Mapping[str, Any]

_MESSAGE = re.compile(r"(SPEC|PROTOCOL|GENERIC|RECORDED) ([\w-]+): cycle (\d+): (.*)")
_WINDOW_BEFORE = 14
_WINDOW_AFTER = 3


def failures(
    result: Result, known: Sequence[Check], extra: Iterable[Result] = (), *, clocks: Mapping[str, str] | None = None
) -> tuple[Failure, ...]:
    """Return the tests of a run that failed, explained.

    ``extra`` are entries of replays, which may hold traces; ``clocks`` are the bench's, each with its active edge.
    """
    own = entries(result, "tests") or entries(result, "findings")
    traced = [*own, *extra]
    return tuple(
        explain(test_result(entry), known, traces_of([entry, *(o for o in traced if _same(entry, o))], clocks or {}))
        for entry in own
        if Verdict(entry.get("verdict", "FAIL")) not in (Verdict.PASS, Verdict.UNSUPPORTED)
    )


def traces_of(told: Iterable[Result], clocks: Mapping[str, str]) -> Iterator[Trace]:
    """Give the traces that entries on one test name."""
    for entry in told:
        test = str(entry.get("name") or entry.get("test") or "")
        waves = entry.get("waves")
        if trace := load_trace(entry.get("trace") or waves, test, clocks, waves):
            yield trace


def explain(test: TestResult, known: Sequence[Check], traces: Iterable[Trace]) -> Failure:
    """Return what is known of a test that failed, with the part around the failure of the first trace."""
    trace = next(iter(traces), None)
    match = _MESSAGE.search(test.message)
    if match is None:
        return Failure(test=test, detail=test.message.partition("\n")[0], trace=trace and _tail(trace))
    oracle, rule, cycle, detail = Oracle(match[1]), match[2], int(match[3]), match[4]
    check = next((check for check in known if check.id == rule), None)
    requirements = check.requirements if check else ()
    covered = trace is not None and trace.first <= cycle < trace.first + trace.cycles
    return Failure(
        test=test,
        oracle=oracle,
        rule=rule,
        title=check.title if check else "",
        assume=check.assume if check else "",
        requirements=requirements,
        cycle=cycle,
        detail=detail.removesuffix(f" ({', '.join(requirements)})"),
        signals=_named(trace, detail),
        trace=trace and (trace.window(cycle, _WINDOW_BEFORE, _WINDOW_AFTER) if covered else _tail(trace)),
    )


def _tail(trace: Trace) -> Trace:
    return trace.window(trace.first + trace.cycles - 1, _WINDOW_BEFORE + _WINDOW_AFTER, 0)


def _named(trace: Trace | None, text: str) -> tuple[str, ...]:
    """Return the signals of ``trace`` that ``text`` speaks of."""
    names = (signal.name for signal in trace.signals) if trace else ()
    return tuple(name for name in names if re.search(rf"\b{re.escape(name)}\b", text))


def _same(one: Result, other: Result) -> bool:
    keys = ("name", "simulator", "config", "seed", "replay")
    return all(one.get(key) == other.get(key) for key in keys)
