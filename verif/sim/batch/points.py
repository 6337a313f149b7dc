"""What each coverage counter of a Verilated model counts, read from the C++ that registers them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_PLACE = rf"__Vcoverage\[(\d+)\]\), first, {_TEXT}, (\d+), (\d+), {_TEXT}, {_TEXT}, {_TEXT}"
_POINT = re.compile(rf"__vlCoverInsert\(&\(vlSymsp->{_PLACE}")
_TOGGLE = re.compile(rf"__vlCoverToggleInsert\((-?\d+), (-?\d+), ([01]), &\(vlSymsp->{_PLACE}")
_COUNTERS = re.compile(r"\b__Vcoverage\[(\d+)\]")
_DIRECTIONS = (":1->0", ":0->1")
"""The order in which Verilator counts the two ways of a toggle."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One point of code coverage; the words are those of Verilator's coverage.dat."""

    counter: int
    """Which counter; points at one net share theirs."""
    kind: str
    """``line``, ``branch``, ``expr``, ``toggle`` or ``user``."""
    file: str
    line: int
    column: int
    module: str
    detail: str
    """What is counted there: ``if``, ``else``, ``q[0]:0->1``, an expression's row, a cover's label."""
    hierarchy: str
    """Instance path below the harness."""

    def as_json(self) -> dict[str, Any]:
        """Return the object that ``Point(**object)`` takes."""
        return asdict(self)


def counters_of(header: str) -> int:
    """Return how many counters the model has; ``header`` is the text of its symbol table's header."""
    found = _COUNTERS.search(header)
    return int(found[1]) if found else 0


def read_points(directory: Path, *, without: Iterable[str] = ()) -> tuple[Point, ...]:
    """Return the points that the C++ in ``directory`` registers, sorted by place; none of the files ``without``."""
    left_out = set(without)
    found: set[Point] = set()
    for file in sorted(directory.glob("*.cpp")):
        text = file.read_text(encoding="utf-8", errors="replace")
        found.update(point for point in (*_points(text), *_toggles(text)) if point.file not in left_out)
    return tuple(sorted(found, key=lambda p: (p.file, p.line, p.column, p.kind, p.detail, p.hierarchy, p.counter)))


def _points(text: str) -> Iterator[Point]:
    for match in _POINT.finditer(text):
        yield _point(int(match[1]), match.groups()[1:], match[7])


def _toggles(text: str) -> Iterator[Point]:
    for match in _TOGGLE.finditer(text):
        begin, end, ranged, counter = (int(match[group]) for group in (1, 2, 3, 4))
        step = 1 if end >= begin else -1
        for place, bit in enumerate(range(begin, end + step, step)):
            index = f"[{bit}]" if ranged else ""
            for way, direction in enumerate(_DIRECTIONS):
                yield _point(counter + 2 * place + way, match.groups()[4:], f"{match[10]}{index}{direction}")


def _point(counter: int, words: tuple[str, ...], detail: str) -> Point:
    file, line, column, hierarchy, page = words[:5]
    kind, _, module = page.partition("/")
    return Point(
        counter=counter,
        kind=kind.removeprefix("v_"),
        file=_plain(file),
        line=int(line),
        column=int(column),
        module=_plain(module),
        detail=_plain(detail),
        hierarchy=_plain(hierarchy).removeprefix("."),
    )


def _plain(text: str) -> str:
    """Return what a C++ string literal says."""
    return re.sub(r"\\(.)", r"\1", text)
