"""Coverage as an LCOV tracefile (geninfo(1)), which genhtml and most CI services read.

A branch arm is a branch of its line; states and arcs of a state machine are branches of the line of its register, in
blocks of their own, and so are cover properties. A line is executed where any of its points is hit. Counts are numbers
of tests, not of cycles: each test has records of its own, and readers add them up. Unreachable and waived points are
left out, since no test can or must hit them, and LCOV has no word for that; bins and crosses have no source line.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from verif.coverage.model import Coverage, CoverPoint, PointKind
from verif.verdict import PointStatus

OTHERS = "posedge_other_stimulus"
"""Test name under which stand hits that are known of no test: what closure found, what was replayed."""

_BLOCKS = {PointKind.BRANCH: 0, PointKind.STATE: 1, PointKind.ARC: 2, PointKind.BIN: 3, PointKind.CROSS: 3}
_NAME = re.compile(r"\W+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """A file's text, and what it can't say."""

    text: str
    notes: tuple[str, ...] = ()


def lcov(coverage: Coverage, *, base: Path) -> Exported:
    """Return the tracefile; relative source files are looked for below ``base``."""
    placed = [r.point for r in coverage.points if r.point.file and r.point.line and (_open(r.status) and not r.waived)]
    hit = {r.point.id for r in coverage.points if r.status is PointStatus.HIT and r.point.file}
    records = [
        line
        for test, ids in _by_test(coverage.tests, hit).items()
        for file, points in _by_file(placed).items()
        for line in _record(_NAME.sub("_", test), _absolute(base, file), points, ids)
    ]
    return Exported(text="".join(f"{line}\n" for line in records), notes=tuple(_notes(coverage)))


def _open(status: PointStatus) -> bool:
    return status is not PointStatus.UNREACHABLE


def _by_test(tests: Mapping[str, frozenset[str]], hit: set[str]) -> Mapping[str, frozenset[str]]:
    rest = frozenset(hit).difference(*tests.values())
    return {**dict(sorted(tests.items())), **({OTHERS: rest} if rest or not tests else {})}


def _by_file(points: Iterable[CoverPoint]) -> Mapping[str, Sequence[CoverPoint]]:
    files: dict[str, list[CoverPoint]] = defaultdict(list)
    for point in points:
        files[point.file].append(point)
    return {file: sorted(files[file], key=lambda p: (p.line, _BLOCKS[p.kind])) for file in sorted(files)}


def _absolute(base: Path, file: str) -> str:
    return os.path.normpath(base.resolve() / file)


def _record(test: str, file: str, points: Sequence[CoverPoint], hit: frozenset[str]) -> Iterator[str]:
    yield f"TN:{test}"
    yield f"SF:{file}"
    numbers: dict[tuple[int, int], int] = defaultdict(int)
    lines: dict[int, int] = defaultdict(int)
    taken = 0
    for point in points:
        place = (point.line, _BLOCKS[point.kind])
        yield f"BRDA:{place[0]},{place[1]},{numbers[place]},{int(point.id in hit)}"
        numbers[place] += 1
        taken += point.id in hit
        lines[point.line] |= point.id in hit
    yield f"BRF:{len(points)}"
    yield f"BRH:{taken}"
    yield from (f"DA:{line},{int(count)}" for line, count in sorted(lines.items()))
    yield f"LF:{len(lines)}"
    yield f"LH:{sum(lines.values())}"
    yield "end_of_record"


def _notes(coverage: Coverage) -> Iterator[str]:
    counts = coverage.counts
    functional = sum(not r.point.file for r in coverage.points)
    if counts.unreachable:
        yield f"{_points(counts.unreachable)} left out that {_are(counts.unreachable)} proven unreachable"
    if counts.waived:
        yield f"{_points(counts.waived)} left out that {_are(counts.waived)} waived"
    if functional:
        have = "has" if functional == 1 else "have"
        yield f"{_points(functional)} left out that {have} no source line, as bins and crosses"


def _points(count: int) -> str:
    return "1 point is" if count == 1 else f"{count} points are"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
