"""What became of a campaign over a bench's mutants, as told to users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verif.campaign.mutants.gating import gate_json
from verif.campaign.mutants.result import Confirmation, Gap, JudgedMutant, WitnessTest
from verif.campaign.mutants.score import by_operator, by_oracle, score_of
from verif.mutation.gate import Gate
from verif.mutation.score import Score
from verif.verdict import MutantStatus, Ratio, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Seconds:
    """Where the time of this call went."""

    build: float = 0.0
    judge: float = 0.0
    gate: float = 0.0
    """Comparing builds without a mutant with the design."""
    solver: float = 0.0
    cocotb: float = 0.0

    def as_json(self) -> dict[str, float]:
        """Return it for ``--json``."""
        return {name: round(getattr(self, name), 3) for name in ("build", "judge", "gate", "solver", "cocotb")}


@dataclass(frozen=True, kw_only=True, slots=True)
class MutateResult:
    """A campaign as told to users."""

    bench: Path
    top: str
    seed: int
    adopted: bool
    mutants: tuple[JudgedMutant, ...]
    possible: int
    """How many mutants the operators asked for make of the design; ``mutants`` may be a sample."""
    operators: tuple[str, ...]
    """Those asked for; empty: all."""
    engine: str
    """What judged: ``lanes``, ``batch``, ``cocotb``."""
    cycles: int = 0
    """Cycles of the bench's stimulus that each survivor was judged on."""
    controls: Ratio = field(default_factory=lambda: Ratio(count=0, total=0))
    """Killed mutants that the solver was asked about too and did not prove equivalent, of all that it was."""
    gates: tuple[Gate, ...] = ()
    """How it is known that each common build with no mutant chosen is the design."""
    confirmed: tuple[Confirmation, ...] = ()
    tests: tuple[WitnessTest, ...] = ()
    """Tests that this call saved, each once."""
    gaps: tuple[Gap, ...] = ()
    trouble: tuple[tuple[Verdict, str], ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    spent: Seconds = field(default_factory=Seconds)
    resumed: bool = False
    interrupted: bool = False

    @property
    def score(self) -> Score:
        """All mutants counted."""
        return score_of(self.mutants)

    @property
    def survivors(self) -> tuple[JudgedMutant, ...]:
        """Those that are left: undecided ones last."""
        found = [one for one in self.mutants if one.status is MutantStatus.SURVIVED]
        return tuple(sorted(found, key=lambda one: not one.different))

    @property
    def verdict(self) -> Verdict:
        """ERROR where an oracle contradicts a proof; else the worst of what went wrong, PASS where nothing did."""
        if self.gaps:
            return Verdict.ERROR
        wrong = [verdict for verdict, _ in self.trouble]
        return next(
            (verdict for verdict in (Verdict.ERROR, Verdict.FAIL, Verdict.TIMEOUT) if verdict in wrong), Verdict.PASS
        )

    @property
    def by_oracle(self) -> Mapping[str, int]:
        """Oracle to the number of mutants that it kills."""
        return by_oracle(self.mutants)

    @property
    def by_operator(self) -> Mapping[str, Score]:
        """Operator to the score of its mutants."""
        return by_operator(self.mutants)

    def as_json(self) -> dict[str, Any]:
        """Return the ``--json`` object of ``mutate``."""
        return {
            "bench": str(self.bench),
            "top": self.top,
            "verdict": str(self.verdict),
            "seed": self.seed,
            "adopted": self.adopted,
            **self.score.as_json(),
            "decided": {"count": self.score.decided.count, "total": self.score.decided.total},
            "killed_by": dict(self.by_oracle),
            "by_operator": {name: score.as_json() for name, score in self.by_operator.items()},
            "possible": self.possible,
            "operators": list(self.operators),
            "engine": self.engine,
            "cycles": self.cycles,
            "mutants": [one.as_json() for one in self.mutants],
            "tests": [one.as_json() for one in self.tests],
            "controls": {"count": self.controls.count, "total": self.controls.total},
            "gate": gate_json(self.gates),
            "confirmed": [one.as_json() for one in self.confirmed],
            "gaps": [gap.sentence for gap in self.gaps],
            "trouble": [{"verdict": str(verdict), "message": sentence} for verdict, sentence in self.trouble],
            "notes": list(self.notes),
            "seconds": round(self.seconds, 3),
            "spent": self.spent.as_json(),
            "resumed": self.resumed,
            "interrupted": self.interrupted,
        }
