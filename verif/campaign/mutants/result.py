"""What became of each mutant, and of a campaign over a bench's mutants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from verif.campaign.regressions.replay import Regression, Replayed
from verif.mutation.model import Mutant
from verif.trace import Trace
from verif.verdict import MutantStatus, Oracle, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Kill:
    """A check that fails on a mutant."""

    check: str
    """Id of the check, or the name of an adopted bench's test."""
    oracle: Oracle | None
    """None: an adopted bench's own assertion."""
    tick: int | None = None
    """The first failing cycle after the reset, where it is known."""
    by: str = "monitor"
    """``monitor``: the harness's at compiled speed; ``python``: the bench's judges on the ports' values; ``cocotb``."""

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``kills``."""
        oracle = self.oracle.value if self.oracle else None
        return {"check": self.check, "oracle": oracle, "tick": self.tick, "by": self.by}


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A stimulus on which a mutant's outputs differ from the design's."""

    rows: tuple[tuple[int, ...], ...]
    """A value for each field of the harness's stimulus port, up to the first row in which an output differs, or
    ``check`` fails."""
    outputs: tuple[str, ...]
    """Ports of the design that differ in the first row in which any does."""
    by: str
    """``judging`` where the bench's own stimulus shows it, else ``solver``."""
    check: str = ""
    """A check, not RECORDED, that fails on the mutant in the last row; ``outputs`` may then differ earlier."""
    oracle: Oracle | None = None
    """That check's."""

    @property
    def tick(self) -> int:
        """The tick after the reset in which the outputs differ."""
        return len(self.rows) - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class WitnessTest:
    """A difference as a test of the bench."""

    regression: Regression
    oracle: Oracle
    """RECORDED where the expectation is the design itself; else that of the check that fails on the mutant."""
    check: str
    """The check that fails on the mutant; empty where only the RECORDED expectation does."""
    clean: tuple[Replayed, ...]
    """What the design itself gives: PASS on each simulator that takes it."""
    mutant: Mapping[str, Verdict]
    """Simulator to what the mutant gives."""
    why: str = ""
    """Why it is no test of this mutant, where it isn't."""

    @property
    def kills(self) -> bool:
        """Whether it passes on the design and fails on the mutant in each simulator that ran both."""
        clean = {one.simulator: one.verdict for one in self.clean if one.verdict is not Verdict.UNSUPPORTED}
        ran = {name: verdict for name, verdict in self.mutant.items() if verdict is not Verdict.UNSUPPORTED}
        both = clean.keys() & ran.keys()
        return bool(both) and all(clean[name] is Verdict.PASS and ran[name] is Verdict.FAIL for name in both)

    def as_json(self) -> dict[str, Any]:
        """Return the entry ``test`` of a mutant."""
        return {
            "id": self.regression.file.stem,
            "regression": str(self.regression.file),
            "replay": self.regression.command,
            "oracle": self.oracle.value,
            "check": self.check,
            "cycles": len(self.regression.stored.rows),
            "clean": {one.simulator: str(one.verdict) for one in self.clean},
            "mutant": {name: str(verdict) for name, verdict in self.mutant.items()},
            "kills": self.kills,
            "why": self.why,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedMutant:
    """One mutant and all that is known about it."""

    mutant: Mutant
    status: MutantStatus
    kills: tuple[Kill, ...] = ()
    activated: bool | None = None
    """Whether a register or an output ever had another value under the bench's stimulus; None: not known."""
    propagated: bool | None = None
    """Whether an output ever differed under the bench's stimulus."""
    method: str = ""
    """EQUIVALENT: what proves it, ``constant``, ``induction``, ``correspondence`` or ``pdr``."""
    depth: int = 0
    """Of that proof."""
    bound: int | None = None
    """An undecided survivor: no stimulus of so many ticks after the reset tells it from the design."""
    difference: Difference | None = None
    test: WitnessTest | None = None
    why: str = ""
    """STILLBORN, TIMEOUT: the reason; a survivor: why nothing more is known."""
    x_only: bool = False
    """Whether outputs differ in nothing but what is X in the design or in the mutant."""
    trace: Trace | None = None
    """The end of the stimulus that tells it apart: ports of the design, and beside outputs that differ the mutant's."""

    @property
    def oracle(self) -> Oracle | None:
        """The strongest oracle that kills it: RECORDED only where no other one does; None: none, or its own bench."""
        found = {kill.oracle for kill in self.kills}
        return next((oracle for oracle in (*Oracle, None) if oracle in found and oracle is not None), None)

    @property
    def killers(self) -> tuple[str, ...]:
        """The kinds of oracles that kill it, ``own`` for an adopted bench's assertions."""
        return tuple(dict.fromkeys(kill.oracle.value if kill.oracle else "own" for kill in self.kills))

    @property
    def different(self) -> bool:
        """Whether a stimulus is known on which its outputs differ from the design's."""
        return self.difference is not None

    @property
    def reason(self) -> str:
        """Why it survived, for a designer; empty for all others."""
        if self.status is not MutantStatus.SURVIVED:
            return ""
        if self.propagated:
            return "outputs differ under the bench's stimulus, and no check judges them: a check is missing"
        if self.activated:
            reached = "a register differs under the bench's stimulus, but no output does"
        elif self.activated is None:
            reached = "no output differs under the bench's stimulus"
        else:
            reached = "no register and no output differs under the bench's stimulus"
        if self.difference is None:
            return f"{reached}; it may be equivalent"
        if self.difference.check:
            return f"{reached}: stimulus is missing, {self.difference.check} would catch it"
        return f"{reached}: stimulus is missing, and a check"

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``mutants`` in the ``--json`` object."""
        mutant = self.mutant
        return {
            "id": mutant.id,
            "operator": mutant.operator,
            "module": mutant.module,
            "file": str(mutant.file),
            "line": mutant.line,
            "column": mutant.column,
            "start": mutant.start,
            "end": mutant.end,
            "before": mutant.before,
            "after": mutant.after,
            "own_build": mutant.own_build,
            "status": self.status.value,
            "killers": list(self.killers),
            "kills": [kill.as_json() for kill in self.kills],
            "activated": self.activated,
            "propagated": self.propagated,
            "method": self.method,
            "depth": self.depth,
            "bound": self.bound,
            "difference": _difference(self.difference),
            "test": self.test.as_json() if self.test else None,
            "reason": self.reason,
            "why": self.why,
            "x_only": self.x_only,
            "trace": _trace(self.trace),
        }


def _trace(found: Trace | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "first": found.first,
        "signals": [{**asdict(signal), "values": list(signal.values)} for signal in found.signals],
    }


def _difference(found: Difference | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "cycles": len(found.rows),
        "outputs": list(found.outputs),
        "by": found.by,
        "check": found.check,
        "oracle": found.oracle.value if found.oracle else None,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """A kill of the compiled engine, tried again in cocotb."""

    mutant: str
    check: str
    simulator: str
    verdict: Verdict
    """FAIL where cocotb kills it too."""
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``confirmed``."""
        return {
            "mutant": self.mutant,
            "check": self.check,
            "simulator": self.simulator,
            "verdict": str(self.verdict),
            "message": self.message,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """A mutant that a check kills though it is proven equivalent: one of the two is wrong."""

    mutant: str
    check: str
    method: str

    @property
    def sentence(self) -> str:
        """What a user is told."""
        return (
            f"GAP: {self.check} kills {self.mutant}, and {self.method} proves that the mutant is equivalent: "
            "one oracle is wrong"
        )
