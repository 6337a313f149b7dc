"""The mutation score of a bench, from its saved result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from verif.mutation.score import Score
from verif.report.mutants import MutationScore, ShownMutant
from verif.report.results import entries
from verif.trace import Signal, Trace
from verif.verdict import MutantStatus, Ratio

Result = Mapping[str, Any]
VERB = "mutate"


def mutation_of(results: Mapping[str, Result]) -> MutationScore | None:
    """Return the mutation score among the saved results of a bench; None where there is none."""
    result = results.get(VERB)
    if result is None:
        return None
    mutants = tuple(_mutant(entry) for entry in entries(result, "mutants"))
    return MutationScore(
        counts=_counted(result),
        by_operator={name: _counted(counts) for name, counts in (result.get("by_operator") or {}).items()},
        killed_by={str(name): int(count) for name, count in (result.get("killed_by") or {}).items()},
        mutants=mutants,
        possible=int(result.get("possible") or len(mutants)),
        engine=str(result.get("engine") or ""),
        cycles=int(result.get("cycles") or 0),
        tests=tuple(str(entry.get("regression")) for entry in entries(result, "tests")),
        confirmed=_confirmed(result),
        controls=_ratio(result.get("controls")),
        gate=str((result.get("gate") or {}).get("sentence") or ""),
        gaps=tuple(map(str, result.get("gaps") or ())),
        trouble=tuple(f"{entry.get('verdict')}: {entry.get('message')}" for entry in entries(result, "trouble")),
        notes=tuple(map(str, result.get("notes") or ())),
        seconds=float(result.get("seconds") or 0.0),
        spent={str(name): float(value) for name, value in (result.get("spent") or {}).items()},
        interrupted=bool(result.get("interrupted")),
    )


def _counted(found: Result) -> Score:
    names = ("killed", "killed_recorded_only", "survived", "undecided", "equivalent", "stillborn", "timeout")
    killed, recorded, survivors, undecided, *others = (int(found.get(name) or 0) for name in names)
    return Score(
        killed=killed - recorded,
        recorded=recorded,
        survived=survivors - undecided,
        undecided=undecided,
        **dict(zip(names[4:], others, strict=True)),
    )


def _confirmed(result: Result) -> Ratio | None:
    tried = entries(result, "confirmed")
    failing = sum(entry.get("verdict") == "FAIL" for entry in tried)
    return Ratio(count=failing, total=len(tried)) if tried else None


def _ratio(found: Any) -> Ratio | None:
    if not isinstance(found, Mapping) or not found.get("total"):
        return None
    return Ratio(count=int(found["count"]), total=int(found["total"]))


def _mutant(entry: Result) -> ShownMutant:
    difference, test = entry.get("difference") or {}, entry.get("test") or {}
    return ShownMutant(
        id=str(entry["id"]),
        operator=str(entry["operator"]),
        file=str(entry["file"]),
        line=int(entry["line"]),
        before=str(entry["before"]),
        after=str(entry["after"]),
        status=MutantStatus(entry["status"]),
        killers=tuple(map(str, entry.get("killers") or ())),
        checks=tuple(str(kill.get("check")) for kill in entries(entry, "kills")),
        activated=entry.get("activated"),
        propagated=entry.get("propagated"),
        method=str(entry.get("method") or ""),
        depth=int(entry.get("depth") or 0),
        bound=entry.get("bound"),
        outputs=tuple(map(str, difference.get("outputs") or ())),
        cycles=int(difference.get("cycles") or 0),
        reason=str(entry.get("reason") or ""),
        why=str(entry.get("why") or ""),
        test=str(test.get("id") or "") if test.get("kills") else "",
        replay=str(test.get("replay") or "") if test.get("kills") else "",
        trace=_trace(entry.get("trace")),
    )


def _trace(found: Any) -> Trace | None:
    if not isinstance(found, Mapping):
        return None
    return Trace(signals=tuple(_signals(found)), first=int(found.get("first") or 0))


def _signals(found: Result) -> Iterator[Signal]:
    for entry in entries(found, "signals"):
        yield Signal(
            name=str(entry["name"]),
            values=tuple(entry["values"]),
            width=int(entry["width"]),
            direction=str(entry.get("direction") or ""),
        )
