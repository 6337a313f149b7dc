"""The board: what is known about each coverage point of one harness, and how that grew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from verif.verdict import PointStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known about one point."""

    status: PointStatus = PointStatus.UNKNOWN
    by: str = ""
    """The proposer that hit it first."""
    method: str = ""
    """What proved it unreachable."""
    bound: int | None = None
    """Depth of the proof; for UNKNOWN the ticks after the reset within which nothing reaches it."""
    witness: str = ""
    """Digest of the corpus's stimulus that hit it first."""
    tick: int | None = None
    """Row of that stimulus in which it is hit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A point of the curve: how much was known after so much work."""

    cycles: int
    seconds: float
    hit: int
    unreachable: int
    by: str
    """Who added to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """A point that one engine proved unreachable and another one reached: one of them is wrong."""

    id: str
    method: str
    by: str
    witness: str
    tick: int

    @property
    def sentence(self) -> str:
        """The trouble as users read it."""
        return (
            f"the engines disagree about {self.id}: it is proven unreachable by {self.method}, and {self.by} reaches "
            f"it in row {self.tick} of stimulus {self.witness}; this is a fault of posedge or of one of its tools"
        )


class Board:
    """What is known about the points ``ids``; ``wanted`` are those that shall be closed, all unless told.

    A point that is known is never changed any more, unless its witness doesn't replay: who is first stays, and a proof
    that simulation contradicts is kept as it is, with the disagreement beside it.
    """

    def __init__(self, ids: Sequence[str], wanted: Collection[str] | None = None) -> None:
        self.ids = tuple(ids)
        self.known = dict.fromkeys(self.ids, Known())
        self.curve: list[Moment] = []
        self.disagreements: dict[str, Disagreement] = {}
        self._wanted = set(self.ids if wanted is None else wanted)

    @property
    def open(self) -> tuple[str, ...]:
        """The wanted points that are neither hit nor proven unreachable."""
        return tuple(n for n in self.ids if n in self._wanted and self.known[n].status is PointStatus.UNKNOWN)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The points that shall be closed."""
        return tuple(name for name in self.ids if name in self._wanted)

    def count(self, status: PointStatus) -> int:
        """Return how many wanted points have this status."""
        return sum(self.known[name].status is status for name in self.wanted)

    def hit(self, ticks: Mapping[str, int], *, by: str, witness: str) -> tuple[str, ...]:
        """Mark points that a stimulus hits in these rows; return those that were open."""
        fresh = tuple(name for name in ticks if self.known[name].status is PointStatus.UNKNOWN)
        for name in fresh:
            self.known[name] = Known(status=PointStatus.HIT, by=by, witness=witness, tick=ticks[name])
        for name, tick in ticks.items():
            known = self.known[name]
            if known.status is PointStatus.UNREACHABLE and name not in self.disagreements:
                self.disagreements[name] = Disagreement(id=name, method=known.method, by=by, witness=witness, tick=tick)
        return fresh

    def prove(self, name: str, *, method: str, depth: int, by: str) -> bool:
        """Mark a point as unreachable; tell whether that is new."""
        if self.known[name].status is not PointStatus.UNKNOWN:
            return False
        self.known[name] = Known(status=PointStatus.UNREACHABLE, method=method, bound=depth, by=by)
        return True

    def out_of_reach(self, names: Iterable[str], depth: int) -> None:
        """Note that nothing reaches these points within ``depth`` ticks after the reset."""
        for name in names:
            known = self.known[name]
            if known.status is PointStatus.UNKNOWN and (known.bound or 0) < depth:
                self.known[name] = replace(known, bound=depth)

    def lose(self, names: Iterable[str]) -> None:
        """Forget hits: what was taken for one doesn't replay."""
        for name in names:
            if self.known[name].status is PointStatus.HIT:
                self.known[name] = Known()

    def grew(self, steps: Sequence[tuple[int, int]], *, seconds: float, by: str) -> None:
        """Add to the curve what a call hit: how many wanted points after so many cycles, in order."""
        hit, unreachable = self.count(PointStatus.HIT), self.count(PointStatus.UNREACHABLE)
        left = sum(added for _, added in steps)
        for cycles, added in steps:
            left -= added
            self.curve.append(Moment(cycles=cycles, seconds=seconds, hit=hit - left, unreachable=unreachable, by=by))

    def note(self, *, cycles: int, seconds: float, by: str) -> None:
        """Add to the curve where more is known than at its end."""
        hit, unreachable = self.count(PointStatus.HIT), self.count(PointStatus.UNREACHABLE)
        if not self.curve or (self.curve[-1].hit, self.curve[-1].unreachable) != (hit, unreachable):
            self.curve.append(Moment(cycles=cycles, seconds=seconds, hit=hit, unreachable=unreachable, by=by))
