"""Coverage as JSON: what ``--json`` shows, what results keep, and what is read back from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from verif.coverage.model import Coverage, CoverPoint, PointKind, PointResult, Waiver, in_order
from verif.coverage.ranking import Ranking, rank
from verif.errors import InputError
from verif.verdict import PointStatus

SCHEMA = 1
"""Version of the object."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class SavedWaiver(_Part):
    """Why a point needs no closing."""

    pattern: str
    reason: str
    who: str = ""
    until: str = ""


class SavedPoint(_Part):
    """A coverage point and what is known about it."""

    id: str = Field(min_length=1, pattern=r"^\S+$")
    kind: PointKind
    title: str = ""
    module: str = ""
    file: str = ""
    line: int = Field(default=0, ge=0)
    column: int = Field(default=0, ge=0)
    where: str = ""
    """``file:line``, or the id; derived, not read."""
    status: PointStatus
    by: str = ""
    method: str = ""
    bound: int | None = Field(default=None, ge=0)
    witness: str = ""
    tick: int | None = Field(default=None, ge=0)
    waiver: SavedWaiver | None = None


class SavedCoverage(_Part):
    """The whole object, without the figures that are derived from its points."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    designs: tuple[str, ...] = ()
    points: tuple[SavedPoint, ...]
    tests: dict[str, tuple[str, ...]] = Field(default_factory=dict)


def as_json(coverage: Coverage) -> dict[str, Any]:
    """Return the object: counts, counts by kind, points, tests with the points that each hits, their ranking."""
    return {
        "schema": SCHEMA,
        "designs": sorted(coverage.designs),
        **_counts(coverage),
        "kinds": {str(kind): _counts(Coverage(points=coverage.of_kind(kind))) for kind in PointKind},
        "points": [_point(result) for result in coverage.points],
        "tests": {test: sorted(ids) for test, ids in sorted(coverage.tests.items())},
        "ranking": ranking_json(rank(coverage.tests)) if coverage.tests else None,
    }


def ranking_json(ranking: Ranking) -> dict[str, Any]:
    """Return the ranking as an object."""
    return {
        "smallest": list(ranking.smallest),
        "at_least": ranking.at_least,
        "exact": ranking.exact,
        "points": ranking.points,
        "order": [
            {"test": r.test, "hits": r.hits, "gain": r.gain, "covered": r.covered, "alone": r.alone}
            for r in ranking.order
        ],
    }


def saved(coverage: Coverage) -> SavedCoverage:
    """Return the object without derived figures, typed."""
    points = [_point(result) for result in coverage.points]
    tests = {test: sorted(ids) for test, ids in sorted(coverage.tests.items())}
    return SavedCoverage.model_validate({"designs": sorted(coverage.designs), "points": points, "tests": tests})


def from_json(data: Any, *, where: str) -> Coverage:
    """Return the coverage in ``data``; InputError PE896 tells the first wrong thing. Derived figures aren't read."""
    try:
        found = SavedCoverage.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        raise _wrong(f"{key}: {first['msg']}" if key else str(first["msg"]), where) from error
    ids = Counter(point.id for point in found.points)
    for point, times in ids.items():
        if times > 1:
            raise _wrong(f"point {point} is there twice", where)
    for test, hits in found.tests.items():
        if unknown := sorted(set(hits) - set(ids)):
            raise _wrong(f"test {test} hits {unknown[0]}, which is no point", where)
    return Coverage(
        points=in_order(map(_result, found.points)),
        designs=frozenset(found.designs),
        tests={test: frozenset(hits) for test, hits in sorted(found.tests.items())},
    )


def read_json(file: Path) -> Coverage:
    """Read a file of coverage as ``as_json`` makes it; InputError PE896."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(f"can't be read: {error.strerror}", str(file)) from error
    except UnicodeDecodeError as error:
        raise _wrong("is not UTF-8 text", str(file)) from error
    except json.JSONDecodeError as error:
        raise _wrong(f"not valid JSON: {error.msg}", f"{file}:{error.lineno}") from error
    return from_json(data, where=str(file))


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of what ``from_json`` takes."""
    return SavedCoverage.model_json_schema(by_alias=True)


def _wrong(what: str, where: str) -> InputError:
    return InputError("PE896", f"no coverage: {what}", where=where, hint="collect it again")


def _counts(coverage: Coverage) -> dict[str, int]:
    counts = coverage.counts
    return {
        "hit": counts.hit,
        "unreachable": counts.unreachable,
        "unknown": counts.unknown,
        "waived": counts.waived,
        "total": counts.total,
    }


def _point(result: PointResult) -> Mapping[str, Any]:
    point, waiver = result.point, result.waiver
    return {
        "id": point.id,
        "kind": str(point.kind),
        "title": point.title,
        "module": point.module,
        "file": point.file,
        "line": point.line,
        "column": point.column,
        "where": point.where,
        "status": str(result.status),
        "by": result.by,
        "method": result.method,
        "bound": result.bound,
        "witness": result.witness,
        "tick": result.tick,
        "waiver": asdict(waiver) if waiver else None,
    }


def _result(found: SavedPoint) -> PointResult:
    waiver = found.waiver
    return PointResult(
        point=CoverPoint(
            id=found.id,
            kind=found.kind,
            title=found.title,
            module=found.module,
            file=found.file,
            line=found.line,
            column=found.column,
        ),
        status=found.status,
        by=found.by,
        method=found.method,
        bound=found.bound,
        witness=found.witness,
        tick=found.tick,
        waiver=Waiver(**waiver.model_dump()) if waiver else None,
    )
