"""All candidates of a table, each once, the most interesting first, at most so many of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from verif.property.mining.bits import FEWEST_MEETINGS, about_bits
from verif.property.mining.candidate import Candidate, Kind
from verif.property.mining.numbers import about_differences, about_equals, about_values
from verif.property.mining.table import Table
from verif.property.mining.times import about_latencies, about_steps

MOST = 150
"""Candidates of one kind."""
_ORDER = {kind: place for place, kind in enumerate(Kind)}


def guesses(table: Table) -> tuple[Candidate, ...]:
    """Return what held in every cycle that was seen; a proof must tell which of it always does.

    Of signals that were always equal one speaks for the others.
    """
    equals = list(about_equals(table))
    same = {candidate.signals[1].path for candidate in equals if "==" in candidate.holds}
    fewer = replace(table, signals=tuple(signal for signal in table.signals if signal.path not in same))
    counts: dict[Kind, int] = dict.fromkeys(Kind, 0)
    texts: set[str] = set()
    kept: list[Candidate] = []
    for candidate in sorted((*equals, *_others(fewer)), key=_interest):
        text = f"{candidate.sva(lambda signal: signal.path)}"
        if text not in texts and counts[candidate.kind] < MOST:
            counts[candidate.kind] += 1
            texts.add(text)
            kept.append(candidate)
    return tuple(kept)


def strongest_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates so that what says more comes before what it may imply: about one cycle, and often."""

    def weakness(candidate: Candidate) -> tuple[object, ...]:
        always = not candidate.before
        vague = candidate.holds.count("!=") + candidate.holds.count("||")
        wide = candidate.kind in (Kind.BOUND, Kind.VALUES)
        return (candidate.later, not always, wide, vague, -candidate.meetings, _interest(candidate))

    return sorted(candidates, key=weakness)


def most_interesting(candidates: Iterable[Candidate], most: int, of_kind: int) -> list[Candidate]:
    """Return at most ``most`` candidates, and at most ``of_kind`` of one kind, the most interesting first."""
    counts: dict[Kind, int] = dict.fromkeys(Kind, 0)
    kept = []
    for candidate in sorted(candidates, key=_interest):
        counts[candidate.kind] += 1
        if counts[candidate.kind] <= of_kind:
            kept.append(candidate)
    return kept[:most]


def _others(table: Table) -> Iterator[Candidate]:
    yield from about_values(table)
    yield from about_differences(table)
    for candidate in (*about_bits(table), *about_latencies(table), *about_steps(table)):
        if candidate.meetings >= FEWEST_MEETINGS or not candidate.before:
            yield candidate


def _interest(candidate: Candidate) -> tuple[bool, int, int, bool, int, int, int, str]:
    outputs = sum(1 for signal in candidate.signals if signal.role == "output")
    text = f"{candidate.before} {candidate.holds}"
    return (
        not candidate.own,
        _ORDER[candidate.kind],
        candidate.holds.count("!="),
        not outputs,
        len(candidate.signals),
        text.count("!"),
        -candidate.meetings,
        candidate.sva(lambda signal: signal.path),
    )
