"""What the text view and the page say about coverage points, in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from verif.coverage.model import Counts, Coverage, PointKind, PointResult
from verif.coverage.ranking import Ranking
from verif.report.text import count
from verif.verdict import PointStatus

KINDS: dict[PointKind, str] = {
    PointKind.BRANCH: "branches",
    PointKind.STATE: "states",
    PointKind.ARC: "steps of state machines",
    PointKind.BIN: "functional bins",
    PointKind.CROSS: "crosses of bins",
}

METHODS: dict[str, str] = {
    "constant": "the synthesized logic holds it at 0",
    "induction": "joint induction, from a completed bounded search",
    "pdr": "property-directed reachability, which found its own invariant",
}
"""What the methods of proofs are, in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KindRow:
    """One kind of points and how they ended."""

    name: str
    counts: Counts


def state(result: PointResult) -> str:
    """Return ``hit``, ``unreachable``, ``waived`` or ``unknown``, by which views tell points apart."""
    if result.waived:
        return "waived"
    return {PointStatus.HIT: "hit", PointStatus.UNREACHABLE: "unreachable", PointStatus.UNKNOWN: "unknown"}[
        result.status
    ]


def kind_rows(coverage: Coverage) -> tuple[KindRow, ...]:
    """Return a row for each kind of which there are points."""
    rows = (KindRow(name=name, counts=Counts.of(coverage.of_kind(kind))) for kind, name in KINDS.items())
    return tuple(row for row in rows if row.counts.total)


def by_state(coverage: Coverage, wanted: str) -> tuple[PointResult, ...]:
    """Return the points in one state."""
    return tuple(result for result in coverage.points if state(result) == wanted)


def holes(coverage: Coverage) -> tuple[PointResult, ...]:
    """Return the holes in the order in which they are told: those in the code first."""
    return tuple(sorted(coverage.holes, key=lambda hole: not hole.point.file))


def known(result: PointResult) -> str:
    """Return in a phrase what is known about a point."""
    if result.waived and result.waiver:
        who = f", {result.waiver.who}" if result.waiver.who else ""
        until = f", until {result.waiver.until}" if result.waiver.until else ""
        return f"waived: {result.waiver.reason}{who}{until}"
    if result.status is PointStatus.HIT:
        by = f" by {result.by}" if result.by else ""
        at = f" in row {result.tick}" if result.tick is not None and result.witness else ""
        return f"hit{by}" + (f", witness {result.witness}{at}" if result.witness else "")
    if result.status is PointStatus.UNREACHABLE:
        return f"unreachable: {proof(result)}"
    if result.bound:
        return f"unknown: nothing reaches it in the first {count(result.bound, 'tick')} after the reset"
    return "unknown"


def proof(result: PointResult) -> str:
    """Return how a point was proven unreachable."""
    depth = f" at depth {result.bound}" if result.bound else ""
    return f"{result.method or 'proven'}{depth}"


def ratio_line(counts: Counts) -> str:
    """Return the counts in a phrase, all that there are."""
    told = [f"{counts.hit} hit", f"{counts.unreachable} unreachable", f"{counts.unknown} unknown"]
    told += [f"{counts.waived} waived"] if counts.waived else []
    return f"{', '.join(told)} of {count(counts.total, 'point')}"


def ranking_line(ranking: Ranking) -> str:
    """Say how few tests keep the coverage, and whether fewer might."""
    kept = f"{count(len(ranking.smallest), 'test')} of {len(ranking.order)} keep all {ranking.points} points"
    return kept if ranking.exact else f"{kept}; at least {ranking.at_least} are needed"


def numbered(points: Iterable[PointResult]) -> dict[str, str]:
    """Return a name for each point by which a page can point to it."""
    return {result.point.id: f"p{number}" for number, result in enumerate(points)}


def at_lines(points: Sequence[PointResult], file: str) -> dict[int, list[PointResult]]:
    """Return the points of a file by line."""
    lines: dict[int, list[PointResult]] = {}
    for result in points:
        if result.point.file == file:
            lines.setdefault(result.point.line, []).append(result)
    return lines


def worst(points: Sequence[PointResult]) -> str:
    """Return the state that marks a line: what is unknown first, then what is waived, then what can't be reached."""
    states = {state(result) for result in points}
    return next(name for name in ("unknown", "waived", "hit", "unreachable") if name in states)


def excerpt(lines: Sequence[str], line: int, *, around: int = 1) -> Iterator[tuple[int, str]]:
    """Give the lines around ``line`` with their numbers; none where the file has no such line."""
    if not 0 < line <= len(lines):
        return
    for number in range(max(1, line - around), min(len(lines), line + around) + 1):
        yield number, lines[number - 1]
