"""What became of a proof: each property with its status and its condition, failures with their replays."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verif.campaign.regressions.replay import Regression, Replayed
from verif.harness.model import Monitor
from verif.verdict import PointStatus, ProofStatus, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Whether a property's condition can be met at all; a property whose condition can't is vacuous."""

    status: PointStatus = PointStatus.UNKNOWN
    bound: int | None = None
    """HIT: the tick after the reset in which a run meets it; UNREACHABLE: depth of the proof; else ticks without it."""
    method: str = ""
    """What proved it unreachable."""

    def as_json(self) -> dict[str, Any]:
        """Return it for ``--json`` and for the store."""
        return {"status": str(self.status), "bound": self.bound, "method": self.method}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofFailure:
    """A run that breaks a property: saved, and replayed in cocotb."""

    regression: Regression
    replayed: tuple[Replayed, ...]
    cycles: int
    """Rows of the stimulus, the reset before it left out."""
    cycles_before: int
    """Rows of the solver's own stimulus."""
    assume: str = ""
    """One line of SVA with which the user would declare the stimulus illegal."""
    sources: tuple[Path, ...] = ()
    """RTL that it was found on, where that isn't the bench's own."""

    @property
    def verdict(self) -> Verdict:
        """FAIL where a simulator failed too, else UNKNOWN: only the proof and the batch engine show it."""
        return Verdict.FAIL if any(one.verdict is Verdict.FAIL for one in self.replayed) else Verdict.UNKNOWN

    def as_json(self) -> dict[str, Any]:
        """Return the entry's part of the ``--json`` object."""
        return {
            "verdict": str(self.verdict),
            "message": str(self.regression.facts.get("message", "")),
            "assume": self.assume,
            "cycles": self.cycles,
            "cycles_before": self.cycles_before,
            "regression": str(self.regression.file),
            "replay": self.regression.command,
            "replayed": {one.simulator: str(one.verdict) for one in self.replayed},
            "tests": [one.as_json(self.regression) for one in self.replayed],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyResult:
    """What is known about one property."""

    monitor: Monitor
    status: ProofStatus = ProofStatus.UNKNOWN
    bound: int | None = None
    """PROVED: depth of the induction; FAILED: the failing tick after the reset; else ticks in which nothing fails."""
    method: str = ""
    """``induction`` or ``pdr`` where it is proved, ``bounded`` where only so many ticks were looked at."""
    seconds: float = 0.0
    condition: Condition = field(default_factory=Condition)
    known: bool = False
    """Whether this is the answer of an earlier call for the same sources."""
    failure: ProofFailure | None = None
    why: str = ""
    """Why there is no better answer, in a sentence."""

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``properties`` in the ``--json`` object."""
        return {
            "name": self.monitor.id,
            "oracle": str(self.monitor.oracle),
            "rule": self.monitor.title,
            "requirements": list(self.monitor.requirements),
            "place": self.monitor.place,
            "status": str(self.status),
            "bound": self.bound,
            "method": self.method,
            "seconds": round(self.seconds, 3),
            "condition": self.condition.as_json(),
            "known": self.known,
            "why": self.why,
            "failure": self.failure.as_json() if self.failure else None,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumption:
    """What the proofs take for granted."""

    name: str
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``assumptions`` in the ``--json`` object."""
        return {"name": self.name, "text": self.text}


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofResult:
    """The proof of a bench's properties as told to users."""

    bench: Path
    top: str
    solver: str
    sources: tuple[Path, ...]
    properties: tuple[PropertyResult, ...]
    assumptions: tuple[Assumption, ...]
    seconds: float
    files: tuple[Path, ...] = ()
    """RTL and files of properties that it is about."""
    notes: tuple[str, ...] = ()
    mined: int = 0
    """Invariants that were mined to help the proofs."""
    interrupted: bool = False

    def count(self, status: ProofStatus) -> int:
        """Return how many properties ended so."""
        return sum(1 for one in self.properties if one.status is status)

    @property
    def verdict(self) -> Verdict:
        """FAIL where a property failed, PASS where all are proved, else UNKNOWN; a vacuous one proves nothing."""
        if self.count(ProofStatus.FAILED):
            return Verdict.FAIL
        proved = self.count(ProofStatus.PROVED)
        return Verdict.PASS if proved == len(self.properties) and proved else Verdict.UNKNOWN

    def as_json(self) -> dict[str, Any]:
        """Return the ``--json`` object of ``prove``."""
        return {
            "bench": str(self.bench),
            "top": self.top,
            "verdict": str(self.verdict),
            "solver": self.solver,
            "sources": [str(file) for file in self.sources],
            "files": [str(file) for file in self.files],
            "properties": [one.as_json() for one in self.properties],
            "assumptions": [one.as_json() for one in self.assumptions],
            "mined": self.mined,
            "notes": list(self.notes),
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
        }
