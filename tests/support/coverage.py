"""Coverage points and results, with overrides; and strategies that draw coverage of one design."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from verif.coverage.model import Coverage, CoverPoint, PointKind, PointResult, in_order
from verif.verdict import PointStatus

HIT, UNREACHABLE, UNKNOWN = PointStatus.HIT, PointStatus.UNREACHABLE, PointStatus.UNKNOWN


def point(id: str = "fifo:42:else", **overrides: Any) -> CoverPoint:
    """A branch of ``fifo.sv`` at the line that its id names, or a functional point."""
    parts = id.split(":")
    if parts[0] in ("bin", "cross"):
        return CoverPoint(**{"id": id, "kind": PointKind(parts[0]), "title": parts[1], **overrides})
    line = int(parts[1]) if parts[1].isdigit() else 10
    kind = PointKind.BRANCH if parts[1].isdigit() else PointKind.ARC if "->" in id else PointKind.STATE
    told = {"id": id, "kind": kind, "title": id, "module": "fifo", "file": "fifo.sv", "line": line}
    return CoverPoint(**{**told, **overrides})


def result(id: str = "fifo:42:else", status: PointStatus = UNKNOWN, **overrides: Any) -> PointResult:
    """What is known about ``point(id)``."""
    return PointResult(**{"point": point(id), "status": status, **overrides})


def coverage(*points: PointResult, **overrides: Any) -> Coverage:
    """Coverage of design ``d1``."""
    return Coverage(**{"points": in_order(points), "designs": frozenset({"d1"}), **overrides})


IDS = ("fifo:10:if", "fifo:10:else", "fifo:42:if", "fsm:state:IDLE->RUN", "bin:count.max")

_BY = {HIT: st.sampled_from(("random", "solver")), UNREACHABLE: st.just("solver"), UNKNOWN: st.just("")}


@st.composite
def same_design(draw: st.DrawFn, most: int = 4) -> list[Coverage]:
    """Coverages of one design that don't contradict each other."""
    reachable = {id: draw(st.booleans()) for id in IDS}
    return [draw(_one(reachable)) for _ in range(draw(st.integers(1, most)))]


@st.composite
def _one(draw: st.DrawFn, reachable: dict[str, bool]) -> Coverage:
    ids = draw(st.lists(st.sampled_from(IDS), unique=True))
    results = [draw(_result(id, HIT if reachable[id] else UNREACHABLE)) for id in ids]
    hit = [r.point.id for r in results if r.status is HIT]
    names = draw(st.lists(st.sampled_from(("test_a", "test_b", "test_c")), unique=True))
    tests = {name: frozenset(draw(st.lists(st.sampled_from(hit)))) if hit else frozenset() for name in names}
    return coverage(*results, tests=tests)


@st.composite
def _result(draw: st.DrawFn, id: str, decided: PointStatus) -> PointResult:
    status = draw(st.sampled_from((decided, UNKNOWN)))
    number = st.none() | st.integers(0, 3)
    return result(
        id,
        status,
        by=draw(_BY[status]),
        method=draw(st.sampled_from(("induction", "pdr"))) if status is UNREACHABLE else "",
        bound=None if status is HIT else draw(number),
        witness=draw(st.sampled_from(("", "cover_a", "cover_b"))) if status is HIT else "",
        tick=draw(number) if status is HIT else None,
    )
