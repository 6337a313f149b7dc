"""Verilator's coverage.dat: lines, toggles, branches, expressions and user cover points as typed points.

The file's format: ``C '<key>' <hits>`` a line; a key is fields of ``\\1name\\2value``. Field names (Verilator,
``verilated_cov_key.h``): f file, l line, n column, t kind, page ``v_<kind>/<module>``, o comment, h hierarchy, S lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from verif.errors import InputError
from verif.verdict import Ratio

_LINE = re.compile(r"^C '(?P<key>.*)' (?P<hits>\d+)$", re.DOTALL)
_FIELD = re.compile("\x01([^\x02]*)\x02([^\x01]*)")
_MAGIC = "# SystemC::Coverage"
_LISTED = 1000
"""How many missed points ``as_json`` lists; the counts are always whole."""


class Kind(StrEnum):
    """What a point counts."""

    LINE = "line"
    BRANCH = "branch"
    EXPRESSION = "expr"
    TOGGLE = "toggle"
    USER = "user"


@dataclass(frozen=True, kw_only=True, slots=True)
class CodePoint:
    """One point of code coverage."""

    kind: Kind
    file: str
    line: int
    column: int
    module: str
    detail: str
    """What is counted there: ``if``, ``else``, ``q[0]:0->1``, an expression's row, a cover's label."""
    hierarchy: str
    """Instance path; instances of one module are counted together where Verilator did so."""
    hits: int

    @property
    def identity(self) -> tuple[str, int, int, str, str, str]:
        """What makes two points the same one in two runs, and the order in which they are told."""
        return (self.file, self.line, self.column, self.kind, self.detail, self.hierarchy)


@dataclass(frozen=True, slots=True)
class CodeCoverage:
    """The points of one design, each once, sorted by place."""

    points: tuple[CodePoint, ...]

    def ratio(self, kind: Kind) -> Ratio:
        """Points of ``kind`` that were hit, of those that there are."""
        hits = [point.hits for point in self.points if point.kind is kind]
        return Ratio(count=sum(count > 0 for count in hits), total=len(hits))

    def missed(self) -> Iterator[CodePoint]:
        """Give the points that were never hit."""
        return (point for point in self.points if point.hits == 0)

    def as_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` shows: counts by kind and by file, the first missed points."""
        missed = list(self.missed())
        return {
            **{str(kind): _counts(self.ratio(kind)) for kind in Kind},
            "files": {
                file: {str(kind): _counts(self._within(file).ratio(kind)) for kind in Kind}
                for file in sorted({point.file for point in self.points})
            },
            "missed": [
                {"kind": str(p.kind), "file": p.file, "line": p.line, "module": p.module, "detail": p.detail}
                for p in missed[:_LISTED]
            ],
            "missed_total": len(missed),
        }

    def _within(self, file: str) -> CodeCoverage:
        return CodeCoverage(tuple(point for point in self.points if point.file == file))


def read_coverage(files: Iterable[Path]) -> CodeCoverage:
    """Read coverage.dat files and add up their hits; InputError PE320 names a line that isn't one of the format."""
    return added(point for file in files for point in _points(file))


def added(found: Iterable[CodePoint]) -> CodeCoverage:
    """Return coverage of points in any order; the hits of those that are the same one are added up."""
    hits: Counter[tuple[str, int, int, str, str, str]] = Counter()
    points: dict[tuple[str, int, int, str, str, str], CodePoint] = {}
    for point in found:
        points.setdefault(point.identity, point)
        hits[point.identity] += point.hits
    return CodeCoverage(tuple(replace(points[key], hits=hits[key]) for key in sorted(points)))


def _points(file: Path) -> Iterator[CodePoint]:
    lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    if not lines[0].startswith(_MAGIC):
        raise InputError("PE320", "not a coverage file of Verilator", where=f"{file}:1", allowed=f"it begins {_MAGIC}")
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            yield _point(line, f"{file}:{number}")


def _point(line: str, where: str) -> CodePoint:
    match = _LINE.match(line)
    fields = dict(_FIELD.findall(match["key"])) if match else {}
    try:
        assert match is not None
        return CodePoint(
            kind=_kind(fields["t"]),
            file=fields["f"],
            line=int(fields["l"]),
            column=int(fields.get("n", 0)),
            module=fields.get("page", "").partition("/")[2],
            detail=fields.get("o", ""),
            hierarchy=fields.get("h", ""),
            hits=int(match["hits"]),
        )
    except (AssertionError, KeyError, ValueError) as error:
        raise InputError("PE320", "not a coverage point of Verilator", where=where) from error


def _kind(name: str) -> Kind:
    """Return the kind; kinds that only some versions have (``fsm``, ``covergroup``) count as user points."""
    return Kind(name) if name in set(Kind) else Kind.USER


def _counts(ratio: Ratio) -> dict[str, int]:
    return {"hit": ratio.count, "total": ratio.total}
