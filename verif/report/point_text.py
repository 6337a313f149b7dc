"""Coverage points for a terminal: counts, holes with their source lines, proofs, who closed what, ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from verif.coverage.model import Coverage, PointResult
from verif.coverage.ranking import Ranking
from verif.report.point_view import by_state, excerpt, holes, kind_rows, known, ranking_line, ratio_line
from verif.report.points import Points
from verif.report.text import columns, seconds

_HOLES = 15
_OTHERS = 10
_NOTES = 6
_WIDEST = 110
"""Letters of a source line that are shown."""


def points_text(points: Points, *, most: int = _HOLES) -> Iterator[str]:
    """Give the lines of the section on coverage points."""
    coverage = points.coverage
    files = {source.name: Path(source.path) for source in points.sources}
    yield from coverage_text(coverage, files, points.ranking, most=most)
    if points.curve:
        closed = ", ".join(f"{proposer.name} {proposer.closed}" for proposer in points.proposers)
        yield f"closed by {closed} in {points.cycles:,} cycles and {seconds(points.seconds)}"
    yield from (f"note: {note}" for note in points.notes[:_NOTES])
    if len(points.notes) > _NOTES:
        yield f"and {len(points.notes) - _NOTES} more notes; --json tells all"
    yield from (f"note: {s.name} has changed since; its lines may have moved" for s in points.sources if s.changed)


def coverage_text(
    coverage: Coverage, files: Mapping[str, Path], ranking: Ranking | None = None, *, most: int = _HOLES
) -> Iterator[str]:
    """Give counts by kind, holes with excerpts of ``files``, what is proven or waived, and the ranking of the tests."""
    yield ratio_line(coverage.counts)
    yield _table(coverage)
    yield from _holes(holes(coverage), files, most)
    for state in ("unreachable", "waived"):
        yield from _others(by_state(coverage, state))
    if ranking:
        yield from _ranking(ranking)


def _table(coverage: Coverage) -> str:
    heading = ("", "hit", "unreachable", "unknown", "waived", "total")
    rows = [
        (r.name, *map(str, (r.counts.hit, r.counts.unreachable, r.counts.unknown, r.counts.waived, r.counts.total)))
        for r in kind_rows(coverage)
    ]
    return columns([heading, *rows], right=range(1, 6), indent="  ")


def _holes(found: Sequence[PointResult], files: Mapping[str, Path], most: int) -> Iterator[str]:
    texts: dict[str, list[str]] = {}
    for hole in found[:most]:
        point = hole.point
        yield f"UNKNOWN {point.id}: {point.title}"
        if hole.bound:
            yield f"    {known(hole).removeprefix('unknown: ')}"
        if point.file:
            lines = texts.setdefault(point.file, source_lines(files.get(point.file)))
            for number, text in excerpt(lines, point.line):
                yield f"    {_marked(number, point.line)} {text[:_WIDEST]}".rstrip()
    if len(found) > most:
        yield f"and {len(found) - most} more that are UNKNOWN"


def source_lines(file: Path | None) -> list[str]:
    """Return the lines of a source file, as compilers count them; none where it can't be read."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace") if file else ""
    except OSError:
        return []
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def _marked(number: int, wanted: int) -> str:
    return f"{'>' if number == wanted else ' '}{number:5} |"


def _others(points: Sequence[PointResult]) -> Iterator[str]:
    for result in points[:_OTHERS]:
        yield f"{result.point.id}: {known(result)}"
    if len(points) > _OTHERS:
        yield f"and {len(points) - _OTHERS} more like these"


def _ranking(ranking: Ranking) -> Iterator[str]:
    yield ranking_line(ranking)
    rows = [(r.test, f"+{r.gain}", f"hits {r.hits}", f"{r.alone} alone") for r in ranking.order[:_OTHERS]]
    yield columns(rows, right=(1, 2, 3), indent="  ")
    if len(ranking.order) > _OTHERS:
        yield f"  and {len(ranking.order) - _OTHERS} more"
