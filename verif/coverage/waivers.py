"""Waivers: points that need no closing, each with a reason, and what is wrong with some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from verif.bench.manifest import BenchManifest
from verif.coverage.model import Coverage, PointResult, Waiver
from verif.verdict import PointStatus

_NAMED = 3
"""How many points a note names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waived:
    """Coverage with its waivers applied."""

    coverage: Coverage
    notes: tuple[str, ...]
    """A sentence for each waiver that has expired, matches nothing, or stands where it isn't needed."""


def waive(coverage: Coverage, waivers: Sequence[Waiver], *, today: date) -> Waived:
    """Give each point the first waiver that matches its id; one counts up to the day ``until``.

    Nothing is taken out of ``coverage``: a point that is hit stays hit, waived or not.
    """
    valid = [waiver for waiver in waivers if not _expired(waiver, today)]
    points = tuple(replace(result, waiver=_first(valid, result.point.id)) for result in coverage.points)
    notes = [note for waiver in waivers for note in _notes(waiver, points, expired=waiver not in valid)]
    return Waived(coverage=replace(coverage, points=points), notes=tuple(notes))


def of_manifest(manifest: BenchManifest) -> tuple[Waiver, ...]:
    """Return the waivers of a bench.toml."""
    return tuple(Waiver(pattern=w.id, reason=w.reason, who=w.who, until=w.until) for w in manifest.waiver)


def matches(waiver: Waiver, point: str) -> bool:
    """Tell whether ``waiver`` speaks of the point with this id: the id itself, or a glob."""
    return point == waiver.pattern or fnmatchcase(point, waiver.pattern)


def _expired(waiver: Waiver, today: date) -> bool:
    return bool(waiver.until) and date.fromisoformat(waiver.until) < today


def _first(waivers: Sequence[Waiver], point: str) -> Waiver | None:
    return next((waiver for waiver in waivers if matches(waiver, point)), None)


def _notes(waiver: Waiver, points: Sequence[PointResult], *, expired: bool) -> list[str]:
    found = [result for result in points if matches(waiver, result.point.id)]
    who = f" of {waiver.who}" if waiver.who else ""
    name = f"waiver{who} {waiver.pattern!r}"
    if not found:
        return [f"{name} matches no coverage point"]
    if expired:
        count = sum(result.status is PointStatus.UNKNOWN for result in found)
        return [f"{name} expired on {waiver.until}: {_points(count)} unknown again"]
    notes = [f"{name} is hit anyway: {_listed(found, PointStatus.HIT)}"] if _any(found, PointStatus.HIT) else []
    if all(result.status is PointStatus.UNREACHABLE for result in found):
        notes.append(f"{name} isn't needed: {_listed(found, PointStatus.UNREACHABLE)} proven unreachable")
    return notes


def _any(found: Sequence[PointResult], status: PointStatus) -> bool:
    return any(result.status is status for result in found)


def _points(count: int) -> str:
    return "1 point is" if count == 1 else f"{count} points are"


def _listed(found: Sequence[PointResult], status: PointStatus) -> str:
    ids = [result.point.id + (f" by {result.by}" if result.by else "") for result in found if result.status is status]
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
