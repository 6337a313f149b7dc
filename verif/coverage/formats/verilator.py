"""Hits that Verilator counted itself, as hits of our coverage points.

Verilator's branch counters stand at the same statements as our branch points: ``if``, ``elsif`` and ``else`` of a line,
a ``case`` item's line. Where a line has several of one kind, nothing tells which is which, and none is taken. Lines,
toggles, expressions and the arms of ``?:`` have no point of ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from verif.coverage.formats.arms import arm_of
from verif.coverage.model import Coverage, CoverPoint, PointKind, PointResult, in_order
from verif.coverage.verilator_dat import CodeCoverage, CodePoint, Kind
from verif.verdict import PointStatus

_ARMS = {"if": "if", "elsif": "if", "else": "else", "case": "case"}
Arm = tuple[str, int, str]
"""Module, line, what is counted there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """Hits that were taken over, and how many counters had no point of ours."""

    coverage: Coverage
    left: int
    """Branch counters that were hit and stand at no point of ours, or at several."""


def taken(code: CodeCoverage, coverage: Coverage, test: str) -> Taken:
    """Return the points of ``coverage`` that ``code`` counted, as hit by ``test``, in the same design."""
    arms = _by_arm(coverage.points)
    counters = _by_counter(code.points, {result.point.module for result in coverage.points})
    hits: set[str] = set()
    left = 0
    for arm, counted in counters.items():
        if not any(counter.hits for counter in counted):
            continue
        point = arms.get(arm, ())
        if len(point) == len(counted) == 1 and _same_file(point[0], counted[0]):
            hits.add(point[0].id)
        else:
            left += 1
    found = (r.point for r in coverage.points if r.point.id in hits)
    results = (PointResult(point=point, status=PointStatus.HIT, by=test) for point in found)
    return Taken(
        coverage=Coverage(points=in_order(results), designs=coverage.designs, tests={test: frozenset(hits)}), left=left
    )


def _by_arm(points: Iterable[PointResult]) -> dict[Arm, list[CoverPoint]]:
    arms: dict[Arm, list[CoverPoint]] = defaultdict(list)
    for result in points:
        if result.point.kind is PointKind.BRANCH:
            what = arm_of(result.point)
            arms[result.point.module, result.point.line, "case" if what.startswith("case") else what].append(
                result.point
            )
    return arms


def _by_counter(points: Sequence[CodePoint], modules: Collection[str]) -> dict[Arm, list[CodePoint]]:
    counters: dict[Arm, list[CodePoint]] = defaultdict(list)
    for point in points:
        if point.kind in (Kind.BRANCH, Kind.LINE) and point.detail in _ARMS:
            counters[_module(point.module, modules), point.line, _ARMS[point.detail]].append(point)
    return {arm: _instances(listed) for arm, listed in counters.items()}


def _module(name: str, modules: Collection[str]) -> str:
    """Return the module's name without the parameters that Verilator adds: ``fifo__D4``."""
    return name if name in modules else name.partition("__")[0]


def _instances(points: Sequence[CodePoint]) -> list[CodePoint]:
    """Count the instances of a module together: one counter a column."""
    columns: dict[int, CodePoint] = {}
    for point in points:
        if point.column not in columns or point.hits:
            columns[point.column] = point
    return list(columns.values())


def _same_file(point: CoverPoint, counter: CodePoint) -> bool:
    return PurePath(point.file).name == PurePath(counter.file).name
