"""The coverage model: points with one id for simulation and proof, and what is known about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from verif.verdict import PointStatus, Ratio


class PointKind(StrEnum):
    """What a coverage point stands for."""

    BRANCH = "branch"
    """An arm of an ``if`` or ``case`` statement, the one that isn't written too."""
    STATE = "state"
    """A state of a finite state machine."""
    ARC = "arc"
    """A step from one state to another one, not by a reset."""
    BIN = "bin"
    """A bin of a functional cover point of the test plan, or a cover property: ``cover:<label>``."""
    CROSS = "cross"
    """A combination of bins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverPoint:
    """One thing that should happen in simulation. All instances of a module count together."""

    id: str
    """The same in simulation and proof, for example ``sync_fifo:42:else``; no white space."""
    kind: PointKind
    title: str
    """What it stands for, in words: the condition of a branch, the arc, the bin's range."""
    module: str = ""
    """Empty for functional points."""
    file: str = ""
    """Source file as the design names it; empty for functional points."""
    line: int = 0
    column: int = 0

    @property
    def where(self) -> str:
        """``file:line``, or the functional point's name."""
        return f"{self.file}:{self.line}" if self.file else self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """A point that needs no closing, and why."""

    pattern: str
    """Glob on ids."""
    reason: str
    who: str = ""
    until: str = ""
    """ISO date after which it no longer counts; empty: no end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PointResult:
    """What is known about one point, and from whom."""

    point: CoverPoint
    status: PointStatus = PointStatus.UNKNOWN
    by: str = ""
    """Who hit it first: ``recorded``, ``random``, ``hypothesis``, ``mutation``, ``model``, ``solver`` or a test."""
    method: str = ""
    """What proved it unreachable: ``induction``, ``pdr``, ``constant``; empty where nothing did."""
    bound: int | None = None
    """Depth of the proof; for UNKNOWN the number of ticks after the reset in which it is known to be out of reach."""
    witness: str = ""
    """Id of the regression that hits it."""
    tick: int | None = None
    """Row of the witness in which it is hit."""
    waiver: Waiver | None = None

    @property
    def waived(self) -> bool:
        """Whether a waiver excuses that it is still open: one that is hit or proven unreachable needs none."""
        return self.waiver is not None and self.status is PointStatus.UNKNOWN

    @property
    def hole(self) -> bool:
        """Whether nothing is known about it and nothing excuses that."""
        return self.waiver is None and self.status is PointStatus.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many points ended how; each point counts once, so the four add up to the total."""

    hit: int
    unreachable: int
    unknown: int
    """Open and not waived."""
    waived: int
    """Open and waived."""

    @classmethod
    def of(cls, points: Iterable[PointResult]) -> Counts:
        """Count ``points``."""
        listed = list(points)
        return cls(
            hit=sum(point.status is PointStatus.HIT for point in listed),
            unreachable=sum(point.status is PointStatus.UNREACHABLE for point in listed),
            unknown=sum(point.hole for point in listed),
            waived=sum(point.waived for point in listed),
        )

    @property
    def total(self) -> int:
        """All points."""
        return self.hit + self.unreachable + self.unknown + self.waived

    @property
    def reached(self) -> Ratio:
        """Points hit, of those that are neither proven unreachable nor waived."""
        return Ratio(count=self.hit, total=self.hit + self.unknown)


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """The points of one design with what is known about each, sorted by place and id."""

    points: tuple[PointResult, ...]
    designs: frozenset[str] = frozenset()
    """Digests of what was instrumented, several after a merge of configurations; empty: not known."""
    tests: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Test to the ids of the points that it hits, where that is known."""

    @property
    def counts(self) -> Counts:
        """How many points ended how."""
        return Counts.of(self.points)

    def of_kind(self, kind: PointKind) -> tuple[PointResult, ...]:
        """Return the points of one kind."""
        return tuple(point for point in self.points if point.point.kind is kind)

    @property
    def holes(self) -> tuple[PointResult, ...]:
        """The points about which nothing is known and that nothing excuses."""
        return tuple(point for point in self.points if point.hole)


def in_order(points: Iterable[PointResult]) -> tuple[PointResult, ...]:
    """Return ``points`` sorted by place and id, as ``Coverage`` holds them."""
    return tuple(sorted(points, key=lambda p: (p.point.file, p.point.line, p.point.column, p.point.id)))
