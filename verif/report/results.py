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
    ``sources [path]``, ``builds [{simulator, config, verdict, reason}]``
    ``tests [{name, simulator, config, seed, verdict, seconds, message, replay, trace, waves}]``; ``trace`` is the path
    of the JSON lines that BENCH_TRACE makes, ``waves`` of a VCD or FST file
    ``coverage {functional {points {point: {bins {bin: count}}}, tests {test: {hit, total, bins ["point.bin"]}}},
    code {kind: {hit, total}, missed [{kind, file, line, detail}]},
    replayed {recordings [{config, seed, verdict, steps, compared, message}], notes [text]}}``; ``replayed`` where the
    code coverage is that of recorded traffic
search; search@LABEL for a search on other sources
    ``verdict, examples, cycles, seconds, seed, sources, checks [{id, vacuous}], coverage {hit, total}, notes, trouble``
    ``failures [{property, oracle, rule, requirements, verdict, message, cycles, cycles_before, examples,
    cycles_to_failure, seconds, picture, replay, replayed {simulator: verdict}, x_only, tests}]``; ``tests`` as in run
prove; prove@LABEL for a proof on other sources
    ``sources, solver, seconds, interrupted, files [path], assumptions [{name, text}], notes``; ``files`` are the RTL
    and the files of properties that it read
    ``properties [{name, oracle, rule, requirements, place, status, bound, method, seconds, why, condition {status,
    bound, method}, failure {verdict, message, assume, cycles, cycles_before, regression, picture, replay,
    replayed {simulator: verdict}, tests}}]``; ``tests`` as in run
mine
    ``file, files, seconds, notes, properties [{name, oracle, rule, status, bound, method}]``
mutate
    ``killed, killed_recorded_only, survived, undecided, equivalent, stillborn, timeout, by_operator {name: the same},
    killed_by {oracle: count}, possible, engine, cycles, confirmed [{verdict}], controls {count, total},
    gate {sentence}, gaps, trouble, notes, seconds, spent {what: seconds}, interrupted, tests [{regression}]``
    ``mutants [{id, operator, file, line, before, after, status, killers, kills [{check}], activated, propagated,
    method, depth, bound, difference {outputs, cycles}, reason, why, test {id, replay, kills}, trace {first, signals
    [{name, width, direction, values}]}}]``
replay
    ``tests`` as in run: the failure's trace is taken from here where the run left none
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from verif.report.model import Check, Refused, RequirementStatus, TestResult, Variant
from verif.report.reached import CodeCoverage, Contender, Contest, CoverBins, Missed, TestBins
from verif.verdict import Oracle, Verdict

Result = Mapping[str, Any]


def tests(result: Result) -> tuple[TestResult, ...]:
    """Return the tests of a run."""
    return tuple(test_result(entry) for entry in entries(result, "tests"))


def refused(result: Result) -> tuple[Refused, ...]:
    """Return the simulators that could not take the design in a run."""
    return tuple(
        Refused(
            simulator=str(entry.get("simulator", "")),
            config=str(entry.get("config") or "default"),
            verdict=Verdict(entry["verdict"]),
            reason=str(entry.get("reason", "")),
        )
        for entry in entries(result, "builds")
        if entry.get("verdict") != Verdict.PASS
    )


def acceptance(result: Result) -> tuple[TestResult, ...]:
    """Return the acceptance checks of a draft."""
    return tuple(test_result(entry) for entry in entries(result, "checks"))


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


def entries(result: Result, key: str) -> list[Result]:
    """Return the list of objects under ``key``; none where there is no such list."""
    found = result.get(key)
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, Sequence) else []


def sources_label(result: Result) -> str:
    """Return a short name for a run on other sources."""
    return ", ".join(Path(str(source)).stem for source in result.get("sources") or ()) or "other sources"


def test_result(entry: Result) -> TestResult:
    """Return one entry of ``tests``, ``checks`` or ``findings``."""
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


def code_from(result: Result) -> str:
    """Return where a run's code coverage comes from; empty where it is the tests' own."""
    recordings = entries(_replayed(result), "recordings")
    steps = sum(int(entry.get("steps") or 0) for entry in recordings)
    return f"the traffic recorded on Icarus, replayed on Verilator: {steps} steps" if steps else ""


def code_warnings(result: Result) -> tuple[str, ...]:
    """Return what makes code coverage from a replay doubtful, or kept it from being there."""
    replayed = _replayed(result)
    told = [
        f"{entry.get('config')}, seed {entry.get('seed')}: {entry['message']}"
        for entry in entries(replayed, "recordings")
        if entry.get("message")
    ]
    return (*_texts(replayed.get("notes")), *told)


def _replayed(result: Result) -> Result:
    return _mapping(_mapping(result, "coverage"), "replayed")


def _mapping(result: Result, key: str) -> Result:
    found = result.get(key)
    return found if isinstance(found, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()
