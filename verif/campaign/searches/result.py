"""What became of a search: verdict, effort, failures with their replays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verif.campaign.regressions.replay import Regression, Replayed
from verif.campaign.searches.ledger import FoundEntry, SearchEntry
from verif.search.checks import Check
from verif.search.explore import Effort
from verif.search.taking import Taken
from verif.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchFailure:
    """A failing check: what was found, and how it replays in cocotb."""

    taken: Taken
    regression: Regression
    replayed: tuple[Replayed, ...]
    sources: tuple[Path, ...] = ()
    """RTL that it was found on, where that isn't the bench's own."""
    assume: str = ""
    """One line of SVA with which the user would declare the stimulus illegal."""

    @property
    def cost(self) -> FoundEntry:
        """What it took to find."""
        sighting = self.taken.sighting
        return FoundEntry(
            check=self.check.id,
            oracle=str(self.check.oracle),
            examples=sighting.examples,
            cycles=sighting.cycles,
            seconds=sighting.seconds,
            length_before=len(sighting.stimulus),
            length=self.taken.cycles,
        )

    @property
    def check(self) -> Check:
        """The failing check."""
        return self.taken.sighting.check

    @property
    def verdict(self) -> Verdict:
        """FAIL where a simulator failed too, else UNKNOWN: the batch engine alone shows it."""
        return Verdict.FAIL if any(one.verdict is Verdict.FAIL for one in self.replayed) else Verdict.UNKNOWN

    @property
    def x_only(self) -> bool:
        """Whether Icarus alone fails, so that it takes an X to show it."""
        told = {one.simulator: one.verdict for one in self.replayed if one.verdict is not Verdict.UNSUPPORTED}
        return (
            len(told) > 1
            and told.get("icarus") is Verdict.FAIL
            and Verdict.FAIL not in (verdict for name, verdict in told.items() if name != "icarus")
        )

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``failures`` in the ``--json`` object."""
        sighting, taken = self.taken.sighting, self.taken
        return {
            "property": self.check.id,
            "oracle": str(self.check.oracle),
            "rule": self.check.title,
            "where": self.check.place,
            "requirements": list(self.check.requirements),
            "verdict": str(self.verdict),
            "message": str(self.regression.facts.get("message", "")),
            "assume": self.assume,
            "cycles": taken.cycles,
            "cycles_before": len(sighting.stimulus),
            "examples": sighting.examples,
            "cycles_to_failure": sighting.cycles,
            "seconds": round(sighting.seconds, 3),
            "found_by": "lanes" if sighting.by_lanes else "batch",
            "shrink_examples": taken.shrink_examples,
            "shrink_seconds": round(taken.shrink_seconds, 3),
            "regression": str(self.regression.file),
            "replay": self.regression.command,
            "replayed": {one.simulator: str(one.verdict) for one in self.replayed},
            "tests": [one.as_json(self.regression) for one in self.replayed],
            "x_only": self.x_only,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchResult:
    """A search as told to users."""

    bench: Path
    top: str
    seed: int
    sources: tuple[Path, ...]
    checks: tuple[Check, ...]
    effort: Effort
    seconds: float
    """Wall time of the whole search, builds and replays included."""
    build_seconds: float
    failures: tuple[SearchFailure, ...]
    trouble: tuple[tuple[Verdict, str], ...] = ()
    """What hung, crashed or could not be judged: a verdict and a sentence each."""
    notes: tuple[str, ...] = ()
    vacuous: tuple[str, ...] = ()
    """Checks of the harness whose condition was never met."""
    interrupted: bool = False
    engine: str = "auto"
    """Who was allowed to look: ``auto``, ``lanes``, ``batch``."""
    x_examples: int = 0
    """Lanes that were looked at in four states."""
    coverage: Mapping[str, int] | None = field(default=None)
    """``hit`` and ``total`` points of code coverage, and ``examples`` that they took."""

    @property
    def verdict(self) -> Verdict:
        """FAIL with a failure; else what went wrong; else PASS, where the whole budget was spent."""
        if any(failure.verdict is Verdict.FAIL for failure in self.failures):
            return Verdict.FAIL
        if self.trouble:
            return self.trouble[0][0]
        if self.failures or self.interrupted or not (self.effort.examples or self.x_examples):
            return Verdict.UNKNOWN
        return Verdict.PASS

    @property
    def cost(self) -> SearchEntry:
        """The search's line in the ledger."""
        coverage = self.coverage or {}
        return SearchEntry(
            bench=str(self.bench),
            seed=self.seed,
            verdict=str(self.verdict),
            seconds=self.seconds,
            examples=self.effort.examples,
            cycles=self.effort.cycles,
            points_hit=coverage.get("hit", 0),
            points_total=coverage.get("total", 0),
            found=tuple(failure.cost for failure in self.failures),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the ``--json`` object of ``search``."""
        effort = self.effort
        return {
            "bench": str(self.bench),
            "top": self.top,
            "verdict": str(self.verdict),
            "cycles": effort.cycles,
            "examples": effort.examples,
            "seed": self.seed,
            "sources": [str(file) for file in self.sources],
            "failures": [failure.as_json() for failure in self.failures],
            "checks": [
                {
                    "id": check.id,
                    "oracle": str(check.oracle),
                    "rule": check.title,
                    "where": check.place,
                    "judged_by": "harness" if check.in_hardware else "bench",
                    "vacuous": check.id in self.vacuous,
                }
                for check in self.checks
            ],
            "judged_cycles": effort.judged_cycles,
            "engine": self.engine,
            "lane_examples": effort.lane_examples,
            "lane_cycles": effort.lane_cycles,
            "x_examples": self.x_examples,
            "trouble": [{"verdict": str(verdict), "message": sentence} for verdict, sentence in self.trouble],
            "notes": list(self.notes),
            "coverage": dict(self.coverage) if self.coverage is not None else None,
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
            "build_seconds": round(self.build_seconds, 3),
            "cycles_per_second": round(effort.batch_per_second) if effort.batch_per_second else None,
            "lane_cycles_per_second": round(effort.lanes_per_second) if effort.lanes_per_second else None,
            "judged_per_second": round(effort.judged_per_second) if effort.judged_per_second else None,
        }
