"""What proofs say of a bench's properties, from their saved results."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from verif.report.failures import explain, traces_of
from verif.report.model import Check, Counterexample, Invariants, Proof, ProvedProperty, TestResult
from verif.report.proof_words import answer, condition
from verif.report.results import entries
from verif.report.text import shown
from verif.verdict import Oracle, PointStatus, ProofStatus, Verdict
from verif.workspace import Workspace

Result = Mapping[str, Any]

VERB, MINED = "prove", "mine"
HOLES_FIRST = (
    ProofStatus.FAILED,
    ProofStatus.VACUOUS,
    ProofStatus.UNKNOWN,
    ProofStatus.BOUNDED,
    ProofStatus.PROVED,
)


def proofs_of(
    results: Mapping[str, Result], directory: Path, clocks: Mapping[str, str], workspace: Workspace | None
) -> tuple[Proof, ...]:
    """Return the proofs among the saved results of a bench, that of its own sources first.

    ``workspace`` has the results' files, which tell when they were saved; without it no source counts as changed.
    """
    verbs = sorted(verb for verb in results if verb.partition("@")[0] == VERB)
    return tuple(
        _proof(verb, results[verb], clocks, _changed(verb, results[verb], directory, workspace)) for verb in verbs
    )


def invariants_of(results: Mapping[str, Result], directory: Path, workspace: Workspace | None) -> Invariants | None:
    """Return what was mined of the design; None where nothing was."""
    result = results.get(MINED)
    if result is None:
        return None
    return Invariants(
        file=shown(Path(str(result.get("file") or ""))),
        properties=tuple(_property(entry, result, {}) for entry in entries(result, "properties")),
        seconds=float(result.get("seconds") or 0.0),
        changed=_changed(MINED, result, directory, workspace),
        notes=tuple(map(str, result.get("notes") or ())),
    )


def _proof(verb: str, result: Result, clocks: Mapping[str, str], changed: tuple[str, ...]) -> Proof:
    found = sorted((_property(entry, result, clocks) for entry in entries(result, "properties")), key=_order)
    return Proof(
        label=verb.partition("@")[2],
        sources=tuple(map(str, result.get("sources") or ())),
        seconds=float(result.get("seconds") or 0.0),
        solver=str(result.get("solver") or ""),
        interrupted=bool(result.get("interrupted")),
        properties=tuple(one for one in found if one.oracle is not Oracle.RECORDED),
        recorded=tuple(one for one in found if one.oracle is Oracle.RECORDED),
        assumptions={str(entry.get("name")): str(entry.get("text")) for entry in entries(result, "assumptions")},
        changed=changed,
        notes=tuple(map(str, result.get("notes") or ())),
    )


def _order(found: ProvedProperty) -> tuple[int, int]:
    return HOLES_FIRST.index(found.status), list(Oracle).index(found.oracle)


def _property(entry: Result, result: Result, clocks: Mapping[str, str]) -> ProvedProperty:
    status, bound, method = ProofStatus(entry["status"]), entry.get("bound"), str(entry.get("method") or "")
    failure = entry.get("failure")
    return ProvedProperty(
        name=str(entry["name"]),
        oracle=Oracle(entry["oracle"]),
        rule=str(entry.get("rule") or ""),
        requirements=tuple(map(str, entry.get("requirements") or ())),
        place=str(entry.get("place") or ""),
        status=status,
        bound=bound,
        method=method,
        seconds=float(entry.get("seconds") or 0.0),
        told="; ".join(filter(None, (answer(status, bound, method), _condition(entry.get("condition"))))),
        why=str(entry.get("why") or ""),
        failure=_counterexample(entry, failure, result, clocks) if isinstance(failure, Mapping) else None,
    )


def _condition(found: Result | None) -> str:
    if not found:
        return ""
    return condition(PointStatus(found["status"]), found.get("bound"), str(found.get("method") or ""))


def _counterexample(entry: Result, failure: Result, result: Result, clocks: Mapping[str, str]) -> Counterexample:
    replays = entries(failure, "tests")
    failing = [test for test in replays if test.get("verdict") == Verdict.FAIL]
    first: Result = next(iter([*failing, *replays]), {})
    sources = "".join(f" --sources {shlex.quote(str(file))}" for file in result.get("sources") or ())
    test = TestResult(
        name=str(first.get("name") or entry["name"]),
        simulator=str(first.get("simulator") or ""),
        config=str(first.get("config") or "default"),
        seed=first.get("seed"),
        verdict=Verdict(failure.get("verdict", Verdict.UNKNOWN)),
        seconds=float(first.get("seconds") or 0.0),
        message=str((first.get("message") if failing else "") or failure.get("message") or ""),
        replay=f"{failure.get('replay') or ''}{sources}",
    )
    return Counterexample(
        failure=explain(test, [_check(entry, failure)], traces_of(failing, clocks)),
        verdict=test.verdict,
        replayed={str(name): Verdict(verdict) for name, verdict in (failure.get("replayed") or {}).items()},
        length=int(failure.get("cycles") or 0),
        length_before=int(failure.get("cycles_before") or 0),
        regression=str(failure.get("regression") or ""),
        picture=str(failure.get("picture") or ""),
    )


def _check(entry: Result, failure: Result) -> Check:
    return Check(
        id=str(entry["name"]),
        oracle=Oracle(entry["oracle"]),
        title=str(entry.get("rule") or ""),
        requirements=tuple(map(str, entry.get("requirements") or ())),
        assume=str(failure.get("assume") or ""),
    )


def _changed(verb: str, result: Result, directory: Path, workspace: Workspace | None) -> tuple[str, ...]:
    """Return the files that the verb read and that are newer than its result, or gone."""
    saved = workspace.bench(directory) / f"{verb}.json" if workspace else None
    if saved is None or not saved.is_file():
        return ()
    when, files = saved.stat().st_mtime, [Path(str(file)) for file in result.get("files") or ()]
    return tuple(shown(file) for file in files if not file.is_file() or when < file.stat().st_mtime)
