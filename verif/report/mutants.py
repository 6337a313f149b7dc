"""The mutation score in the report: counts, mutants, survivors with what would notice them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from verif.mutation.score import Score
from verif.trace import Trace
from verif.verdict import MutantStatus, Oracle, Ratio


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShownMutant(_Frozen):
    """A mutant with all that a designer wants to know of it."""

    id: str
    operator: str
    file: str
    line: int
    before: str
    after: str
    status: MutantStatus
    killers: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    """What fails on it."""
    activated: bool | None = None
    propagated: bool | None = None
    method: str = ""
    """What proves it equivalent."""
    depth: int = 0
    bound: int | None = None
    outputs: tuple[str, ...] = ()
    """Those that a known stimulus makes differ from the design's; empty where none is known."""
    cycles: int = 0
    """Of that stimulus, after the reset."""
    reason: str = ""
    """Why it survived."""
    why: str = ""
    test: str = ""
    """The saved test that kills it."""
    replay: str = ""
    """The command that shows that test."""
    trace: Trace | None = None
    """The end of the stimulus that tells it apart, its outputs beside the design's."""

    @property
    def survives(self) -> bool:
        """Whether nothing kills it and nothing proves it equivalent."""
        return self.status is MutantStatus.SURVIVED

    @property
    def recorded_only(self) -> bool:
        """Whether RECORDED expectations kill it, and nothing else does."""
        return self.status is MutantStatus.KILLED and set(self.killers) == {Oracle.RECORDED.value}


class MutationScore(_Frozen):
    """The newest mutation score of a bench."""

    counts: Score
    by_operator: dict[str, Score]
    killed_by: dict[str, int]
    """Kind of oracle, or ``own`` for an adopted bench's assertions, to the mutants that it kills."""
    mutants: tuple[ShownMutant, ...]
    """In source order."""
    possible: int
    """How many mutants there are; ``mutants`` may be a sample."""
    engine: str = ""
    cycles: int = 0
    tests: tuple[str, ...] = ()
    """Files of the tests that were saved."""
    confirmed: Ratio | None = None
    """Kills that fail in cocotb too, of those that were tried."""
    controls: Ratio | None = None
    """Killed mutants that the solver did not prove equivalent, of those that it was asked about."""
    gate: str = ""
    """How it is known that the common builds with no mutant chosen are the design, a sentence."""
    gaps: tuple[str, ...] = ()
    trouble: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    spent: dict[str, float] = {}
    interrupted: bool = False

    @property
    def survivors(self) -> tuple[ShownMutant, ...]:
        """Those that survive, told-apart ones first."""
        return tuple(sorted((m for m in self.mutants if m.survives), key=lambda m: not m.outputs))
