"""Merge coverage of several runs: a union that doesn't depend on the order.

Within one design (one digest of what was instrumented) a point that some run hits and some proof calls unreachable is a
contradiction: one of the two is wrong, and no merge may hide which. Over several designs, such as two configurations of
one source, a point is hit where any of them hits it and unreachable only where it is in all that have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from verif.coverage.model import Coverage, CoverPoint, PointResult, in_order
from verif.errors import InputError
from verif.verdict import PointStatus

Known = list[tuple[frozenset[str], PointResult]]
"""What is known about one point, each with the designs that it is known of."""

_FAR = 1 << 60
"""Stands for a bound or tick that isn't told, where the smallest one is wanted."""


def merge(coverages: Iterable[Coverage]) -> Coverage:
    """Return the union of ``coverages``; InputError PE895 where two of them can't both be right.

    Equal for any order, and for coverage that is given twice. Coverage of several designs is to be merged in one call.
    """
    listed = list(coverages)
    by_id: dict[str, Known] = defaultdict(list)
    for coverage in listed:
        for result in coverage.points:
            by_id[result.point.id].append((coverage.designs, result))
    return Coverage(
        points=in_order(_merged(known) for known in by_id.values()),
        designs=frozenset().union(*(coverage.designs for coverage in listed)),
        tests=_tests(listed),
    )


def _tests(coverages: Sequence[Coverage]) -> Mapping[str, frozenset[str]]:
    names = sorted({name for coverage in coverages for name in coverage.tests})
    return {name: frozenset().union(*(c.tests.get(name, frozenset()) for c in coverages)) for name in names}


def _merged(known: Known) -> PointResult:
    _refuse_contradictions(known)
    groups: dict[frozenset[str], list[PointResult]] = defaultdict(list)
    for designs, result in known:
        groups[designs].append(result)
    each = [_within(results) for results in groups.values()]
    merged = each[0] if len(each) == 1 else _across(each)
    waivers = [result.waiver for _, result in known if result.waiver]
    waiver = min(waivers, key=lambda w: (w.pattern, w.reason, w.who, w.until), default=None)
    return replace(merged, point=min((result.point for _, result in known), key=_definition), waiver=waiver)


def _refuse_contradictions(known: Known) -> None:
    hits = [(designs, result) for designs, result in known if result.status is PointStatus.HIT]
    for proven, unreachable in known:
        if unreachable.status is not PointStatus.UNREACHABLE:
            continue
        for seen, hit in hits:
            if not proven or seen <= proven:
                raise _contradiction(hit, unreachable)
    for designs, one in known:
        for others, other in known:
            if designs == others and (one.point.kind, one.point.where) != (other.point.kind, other.point.where):
                raise _two_meanings(one.point, other.point)


def _contradiction(hit: PointResult, unreachable: PointResult) -> InputError:
    by = f" by {hit.by}" if hit.by else ""
    proof = f" by {unreachable.method}" if unreachable.method else ""
    witness = f"replay its witness {hit.witness}" if hit.witness else "run the test that hits it again"
    return InputError(
        "PE895",
        f"coverage point {hit.point.id} is hit{by} and proven unreachable{proof} in the same design: one is wrong",
        where=hit.point.where if hit.point.file else "",
        hint=f"if that does what the plan's drivers never do, add it to the plan; else {witness} and report the proof",
    )


def _two_meanings(one: CoverPoint, other: CoverPoint) -> InputError:
    first, second = sorted((f"{one.kind} at {one.where}", f"{other.kind} at {other.where}"))
    return InputError(
        "PE895",
        f"coverage point {one.id} is {first} in one coverage and {second} in another of the same design",
        hint="collect both again from the same sources",
    )


def _within(results: Sequence[PointResult]) -> PointResult:
    """Merge what is known about a point of one design."""
    for status, key in ((PointStatus.HIT, _witnessed), (PointStatus.UNREACHABLE, _proven)):
        if decided := [result for result in results if result.status is status]:
            return min(decided, key=key)
    return max(results, key=_tried)


def _across(results: Sequence[PointResult]) -> PointResult:
    """Merge what is known about a point of several designs, where the weakest knowledge decides."""
    if hits := [result for result in results if result.status is PointStatus.HIT]:
        return min(hits, key=_witnessed)
    if unknown := [result for result in results if result.status is PointStatus.UNKNOWN]:
        return min(unknown, key=_tried)
    return max(results, key=_proven)


def _witnessed(result: PointResult) -> tuple[object, ...]:
    """Prefer a hit with a witness, then the shortest one."""
    tick = _FAR if result.tick is None else result.tick
    return (not result.witness, tick, result.witness, result.by, *_rest(result))


def _proven(result: PointResult) -> tuple[object, ...]:
    """Prefer the least deep proof."""
    return (not result.method, _FAR if result.bound is None else result.bound, result.method, result.by, *_rest(result))


def _tried(result: PointResult) -> tuple[object, ...]:
    return (-1 if result.bound is None else result.bound, result.method, result.by, *_rest(result))


def _rest(result: PointResult) -> tuple[object, ...]:
    """Make every key total, so that no order shows through."""
    optional = (-1 if value is None else value for value in (result.bound, result.tick))
    return (result.witness, result.method, *optional)


def _definition(point: CoverPoint) -> tuple[object, ...]:
    return (point.kind, point.file, point.line, point.column, point.module, point.title)
