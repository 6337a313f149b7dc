"""What the report reads from the saved results of the verbs, and how.

``Workspace.load_results(bench)`` gives the newest ``--json`` object of each verb. Beside DESIGN section 8's keys these
are shown where they are there; a missing one leaves its part of the report out, an unknown one is left alone.

draft
    ``dut``, ``lines``, ``seconds``, ``notes [text]``
    ``checks [{name, simulator, verdict, seconds, message}]``   the acceptance checks
    ``oracles [{id, oracle, title, requirements [id], assume}]``   every model and rule of the bench
    ``requirements {checked, total, items [{id, text, checked, by [check id]}]}``
    ``forced_fail {caught, total, variants [{name, simulator, caught, by}]}``   one entry for each broken variant
    ``findings [{test, simulator, seed, verdict, message, replay, trace}]``
    ``contest {measure, sentence, contenders [{name, origin, hit, total, cycles}]}``   model against baseline and random
run; run@LABEL for a run on other sources
    ``sources [path]``
    ``tests [{name, simulator, config, seed, verdict, seconds, message, replay, trace, waves}]``; ``trace`` is the path
    of the JSON lines that BENCH_TRACE makes, ``waves`` of a VCD or FST file
    ``coverage {functional {points {point: {bins {bin: count}}}, tests {test: {hit, total, bins ["point.bin"]}}},
    code {kind: {hit, total}, missed [{kind, file, line, detail}]}}``
replay
    ``tests`` as in run: the failure's trace is taken from here where the run left none
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from verif.report.model import (
    Check,
    CodeCoverage,
    Contender,
    Contest,
    CoverBins,
    Failure,
    Missed,
    RequirementStatus,
    TestBins,
    TestResult,
    Variant,
)
from verif.report.traces import load_trace
from verif.trace import Trace
from verif.verdict import Oracle, Verdict

Result = Mapping[str, Any]

_MESSAGE = re.compile(r"(SPEC|PROTOCOL|GENERIC|RECORDED) ([\w-]+): cycle (\d+): (.*)")
_WINDOW_BEFORE = 14
_WINDOW_AFTER = 3


def tests(result: Result) -> tuple[TestResult, ...]:
    """Return the tests of a run."""
    return tuple(_test(entry) for entry in entries(result, "tests"))


def acceptance(result: Result) -> tuple[TestResult, ...]:
    """Return the acceptance checks of a draft."""
    return tuple(_test(entry) for entry in entries(result, "checks"))


def checks(result: Result) -> tuple[Check, ...]:
    """Return the models and rules of a drafted bench."""
    return tuple(
        Check(
            id=str(entry.get("id", "")),
            oracle=Oracle(entry["oracle"]),
            title=str(entry.get("title", "")),
            requirements=_texts(entry.get("requirements")),
            assume=str(entry.get("assume") or ""),
        )
        for entry in entries(result, "oracles")
        if entry.get("oracle") in list(Oracle)
    )


def requirements(result: Result) -> tuple[int, int, tuple[RequirementStatus, ...]]:
    """Return requirements checked, their number, and each one's status."""
    found = result.get("requirements") or {}
    items = tuple(
        RequirementStatus(
            id=str(entry.get("id", "")),
            text=str(entry.get("text", "")),
            checked=bool(entry.get("checked")),
            by=_texts(entry.get("by")),
        )
        for entry in entries(found, "items")
    )
    return int(found.get("checked", 0)), int(found.get("total", 0)), items


def variants(result: Result) -> tuple[Variant, ...]:
    """Return the forced-fail variants of a draft."""
    return tuple(
        Variant(
            name=str(entry.get("name", "")),
            simulator=str(entry.get("simulator", "")),
            caught=bool(entry.get("caught")),
            by=str(entry.get("by") or ""),
        )
        for entry in entries(result.get("forced_fail") or {}, "variants")
    )


def contest(result: Result) -> Contest | None:
    """Return model against baseline against random, where a model was asked."""
    found = result.get("contest")
    if not isinstance(found, Mapping):
        return None
    contenders = tuple(
        Contender(
            name=str(entry.get("name", "")),
            origin=str(entry.get("origin", "")),
            hit=float(entry.get("hit", 0)),
            total=int(entry.get("total", 0)),
            cycles=int(entry.get("cycles", 0)),
        )
        for entry in entries(found, "contenders")
    )
    measure = str(found.get("measure") or Contest.model_fields["measure"].default)
    return Contest(measure=measure, contenders=contenders, sentence=str(found.get("sentence", "")))


def functional(result: Result) -> tuple[tuple[CoverBins, ...], tuple[TestBins, ...]]:
    """Return the functional cover points of a run and what each test hit."""
    coverage = _mapping(_mapping(result, "coverage"), "functional")
    totals = tuple(
        CoverBins(name=name, bins={label: int(hits) for label, hits in _mapping(point, "bins").items()})
        for name, point in _mapping(coverage, "points").items()
    )
    by_test = tuple(
        TestBins(test=test, hit=int(entry["hit"]), total=int(entry["total"]), bins=_texts(entry.get("bins")))
        for test, entry in _mapping(coverage, "tests").items()
    )
    return totals, by_test


def code(result: Result) -> tuple[tuple[CodeCoverage, ...], tuple[Missed, ...]]:
    """Return the code coverage of a run, a row for each kind that the design has points of, and some missed points."""
    coverage = _mapping(_mapping(result, "coverage"), "code")
    counted = ((kind, row) for kind, row in coverage.items() if isinstance(row, Mapping) and row.get("total"))
    rows = tuple(CodeCoverage(kind=kind, hit=int(row["hit"]), total=int(row["total"])) for kind, row in counted)
    missed = tuple(
        Missed(kind=str(e.get("kind", "")), file=str(e["file"]), line=int(e["line"]), detail=str(e.get("detail", "")))
        for e in entries(coverage, "missed")
    )
    return rows, missed


def failures(result: Result, known: Sequence[Check], extra: Iterable[Result] = ()) -> tuple[Failure, ...]:
    """Return the tests of a run that failed, explained; ``extra`` are entries of replays, which may hold traces."""
    own = entries(result, "tests") or entries(result, "findings")
    traced = [*own, *extra]
    return tuple(
        _failure(_test(entry), known, [entry, *(other for other in traced if _same(entry, other))])
        for entry in own
        if Verdict(entry.get("verdict", "FAIL")) not in (Verdict.PASS, Verdict.UNSUPPORTED)
    )


def entries(result: Result, key: str) -> list[Result]:
    """Return the list of objects under ``key``; none where there is no such list."""
    found = result.get(key)
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, Sequence) else []


def sources_label(result: Result) -> str:
    """Return a short name for a run on other sources."""
    return ", ".join(Path(str(source)).stem for source in result.get("sources") or ()) or "other sources"


def _failure(test: TestResult, known: Sequence[Check], told: Sequence[Result]) -> Failure:
    trace = next(
        filter(None, (load_trace(entry.get("trace") or entry.get("waves"), test.name) for entry in told)), None
    )
    match = _MESSAGE.search(test.message)
    if match is None:
        return Failure(test=test, detail=test.message.partition("\n")[0], trace=trace and _tail(trace))
    oracle, rule, cycle, detail = Oracle(match[1]), match[2], int(match[3]), match[4]
    check = next((check for check in known if check.id == rule), None)
    covered = trace is not None and trace.first <= cycle < trace.first + trace.cycles
    return Failure(
        test=test,
        oracle=oracle,
        rule=rule,
        title=check.title if check else "",
        assume=check.assume if check else "",
        cycle=cycle,
        detail=detail,
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
    keys = ("name", "simulator", "config", "seed")
    return all(one.get(key) == other.get(key) for key in keys)


def _test(entry: Result) -> TestResult:
    seed = entry.get("seed")
    return TestResult(
        name=str(entry.get("name") or entry.get("test") or ""),
        simulator=str(entry.get("simulator") or ""),
        config=str(entry.get("config") or "default"),
        seed=None if seed is None else int(seed),
        verdict=Verdict(entry.get("verdict", Verdict.UNKNOWN)),
        seconds=float(entry.get("seconds") or 0.0),
        message=str(entry.get("message") or ""),
        replay=str(entry.get("replay") or ""),
    )


def _mapping(result: Result, key: str) -> Result:
    found = result.get(key)
    return found if isinstance(found, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()
