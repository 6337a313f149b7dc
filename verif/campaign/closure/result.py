"""What became of a closure: coverage, witnesses with their replays, who closed what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from verif.campaign.closure.replay import CoverReplay
from verif.coverage.model import Coverage
from verif.coverage.saved import as_json
from verif.search.closure.bandit import Arm
from verif.search.closure.board import Moment
from verif.verdict import PointStatus, Ratio, Verdict, combine


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptWitness:
    """A witness in the bench's folder of regressions."""

    id: str
    file: Path
    cycles: int
    """Rows, the reset before them left out."""
    by: str
    """Who found what it was cut from."""
    ticks: Mapping[str, int]
    """What it hits, to the row in which it first does."""
    judged_by: str
    """``bench``: its model or rules; ``RECORDED``: outputs of the RTL itself; ``nothing`` where nothing could be."""
    replayed: tuple[CoverReplay, ...] = ()

    @property
    def points(self) -> tuple[str, ...]:
        """What it hits, sorted."""
        return tuple(sorted(self.ticks))

    @property
    def shows(self) -> frozenset[str]:
        """What shows in cocotb on some simulator, and on none of them fails to without an X; all where none ran."""
        ran = [one for one in self.replayed if one.ran]
        missing = {name for one in ran if not one.x_only for name in one.missing}
        seen = {name for one in ran for name in self.ticks if name not in one.missing}
        return frozenset(seen - missing) if ran else frozenset(self.ticks)

    @property
    def shows_everywhere(self) -> frozenset[str]:
        """What shows on each simulator that ran it, those that know X among them."""
        return frozenset(self.ticks).difference(*(one.missing for one in self.replayed if one.ran))

    def within(self, points: Collection[str]) -> Self:
        """Return the witness for these points alone."""
        ticks = {name: tick for name, tick in self.ticks.items() if name in points}
        return replace(self, ticks=ticks, replayed=tuple(one.within(ticks) for one in self.replayed))

    @property
    def verdict(self) -> Verdict:
        """PASS where the points show in cocotb on each simulator that takes the design; UNKNOWN: not replayed.

        Where an X may hide points, those that know no X decide.
        """
        return combine(one.verdict for one in self.replayed if not one.x_only)

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``witnesses``."""
        return {
            "id": self.id,
            "regression": str(self.file),
            "cycles": self.cycles,
            "by": self.by,
            "points": list(self.points),
            "judged_by": self.judged_by,
            "verdict": str(self.verdict),
            "replayed": [one.as_json() for one in self.replayed],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseResult:
    """A closure as told to users."""

    bench: Path
    top: str
    seed: int
    solver: str
    """The solver that was asked; ``none`` where none was."""
    model: str
    coverage: Coverage
    witnesses: tuple[KeptWitness, ...]
    proposers: tuple[Arm, ...]
    curve: tuple[Moment, ...]
    examples: int
    cycles: int
    lane_cycles: int
    """Those that the lane engine simulated; they are among ``cycles``."""
    seconds: float
    """Wall time of this call, builds and replays included."""
    closing_seconds: float
    """Wall time of looking and proving, in all calls that went on with one another."""
    solver_seconds: float
    resumed: bool
    """Whether an earlier call had left something to go on with."""
    trouble: tuple[tuple[Verdict, str], ...] = ()
    """What hung, crashed or contradicted itself: a verdict and a sentence each."""
    notes: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def verdict(self) -> Verdict:
        """ERROR, TIMEOUT or FAIL where something went wrong, else PASS: closed as far as the budget went."""
        replays = [one.verdict for one in self.witnesses if one.replayed]
        bad = [verdict for verdict in replays if verdict is not Verdict.UNKNOWN]
        return combine([*(verdict for verdict, _ in self.trouble), *bad, Verdict.PASS])

    @property
    def closed_by(self) -> Mapping[str, int]:
        """Who closed how many points: by name those that hit, by method those that proved."""
        closed = Counter(r.by for r in self.coverage.points if r.status is PointStatus.HIT)
        closed.update(r.method for r in self.coverage.points if r.status is PointStatus.UNREACHABLE)
        return dict(closed.most_common())

    @property
    def replayed(self) -> Ratio:
        """Witnesses whose points show in cocotb, of those that were replayed."""
        ran = [one for one in self.witnesses if one.replayed]
        return Ratio(count=sum(one.verdict is Verdict.PASS for one in ran), total=len(ran))

    def as_json(self) -> dict[str, Any]:
        """Return the ``--json`` object of ``close``."""
        return {
            "bench": str(self.bench),
            "top": self.top,
            "verdict": str(self.verdict),
            **as_json(self.coverage),
            "closed_by": dict(self.closed_by),
            "proposers": [{"name": a.name, "turns": a.turns} for a in self.proposers],
            "witnesses": [one.as_json() for one in self.witnesses],
            "replayed": {"count": self.replayed.count, "total": self.replayed.total},
            "curve": [{**asdict(m), "seconds": round(m.seconds, 3)} for m in self.curve],
            "examples": self.examples,
            "cycles": self.cycles,
            "lane_cycles": self.lane_cycles,
            "seed": self.seed,
            "solver": self.solver,
            "model": self.model,
            "seconds": round(self.seconds, 3),
            "closing_seconds": round(self.closing_seconds, 3),
            "solver_seconds": round(self.solver_seconds, 3),
            "resumed": self.resumed,
            "interrupted": self.interrupted,
            "trouble": [{"verdict": str(verdict), "message": sentence} for verdict, sentence in self.trouble],
            "notes": list(self.notes),
        }
