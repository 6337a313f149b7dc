"""What searches of a bench found, from their saved results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from verif.report.failures import explain, traces_of
from verif.report.model import Check, Found, Search, TestResult
from verif.report.results import entries
from verif.verdict import Oracle, Ratio, Verdict

Result = Mapping[str, Any]
VERB = "search"


def searches_of(results: Mapping[str, Result], clocks: Mapping[str, str]) -> tuple[Search, ...]:
    """Return the searches among the saved results of a bench, that of its own sources first."""
    verbs = sorted(verb for verb in results if verb.partition("@")[0] == VERB)
    return tuple(_search(verb, results[verb], clocks) for verb in verbs)


def _search(verb: str, result: Result, clocks: Mapping[str, str]) -> Search:
    covered = result.get("coverage")
    checks = entries(result, "checks")
    return Search(
        label=verb.partition("@")[2],
        sources=tuple(map(str, result.get("sources") or ())),
        verdict=Verdict(result.get("verdict", Verdict.UNKNOWN)),
        examples=int(result.get("examples") or 0),
        cycles=int(result.get("cycles") or 0),
        seconds=float(result.get("seconds") or 0.0),
        seed=result.get("seed"),
        checks=len(checks),
        vacuous=tuple(str(check.get("id")) for check in checks if check.get("vacuous")),
        points=Ratio(count=int(covered["hit"]), total=int(covered["total"])) if covered else None,
        found=tuple(_found(entry, result, clocks) for entry in entries(result, "failures")),
        trouble=tuple(f"{entry.get('verdict')}: {entry.get('message')}" for entry in entries(result, "trouble")),
        notes=tuple(map(str, result.get("notes") or ())),
    )


def _found(entry: Result, result: Result, clocks: Mapping[str, str]) -> Found:
    replays = entries(entry, "tests")
    failing = [test for test in replays if test.get("verdict") == Verdict.FAIL]
    shown: Result = next(iter([*failing, *replays]), {})
    sources = "".join(f" --sources {file}" for file in result.get("sources") or ())
    test = TestResult(
        name=str(shown.get("name") or entry.get("property") or ""),
        simulator=str(shown.get("simulator") or ""),
        config=str(shown.get("config") or "default"),
        seed=shown.get("seed"),
        verdict=Verdict(entry.get("verdict", Verdict.UNKNOWN)),
        seconds=float(shown.get("seconds") or 0.0),
        message=str((shown.get("message") if failing else "") or entry.get("message") or ""),
        replay=f"{entry.get('replay') or ''}{sources}",
    )
    return Found(
        failure=explain(test, _check(entry), traces_of(failing, clocks)),
        verdict=test.verdict,
        replayed={str(name): Verdict(verdict) for name, verdict in (entry.get("replayed") or {}).items()},
        x_only=bool(entry.get("x_only")),
        length=int(entry.get("cycles") or 0),
        length_before=int(entry.get("cycles_before") or 0),
        examples=int(entry.get("examples") or 0),
        cycles=int(entry.get("cycles_to_failure") or 0),
        seconds=float(entry.get("seconds") or 0.0),
        picture=str(entry.get("picture") or ""),
    )


def _check(entry: Result) -> Sequence[Check]:
    requirements = tuple(map(str, entry.get("requirements") or ()))
    return (
        Check(
            id=str(entry["property"]),
            oracle=Oracle(entry["oracle"]),
            title=str(entry.get("rule") or ""),
            requirements=requirements,
        ),
    )
