"""The mutation score in the report: counts, mutants, survivors with what would notice them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from verif.trace import Trace
from verif.verdict import MutantStatus, Oracle, Ratio


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counted(_Frozen):
    """Mutants counted by what became of them."""

    killed: int = 0
    """By anything but RECORDED expectations alone."""
    recorded: int = 0
    """By RECORDED expectations alone."""
    survived: int = 0
    """All survivors, undecided ones among them."""
    undecided: int = 0
    equivalent: int = 0
    stillborn: int = 0
    timeout: int = 0

    @property
    def counted(self) -> int:
        """Those that may count: neither equivalent nor stillborn."""
        return self.killed + self.recorded + self.survived + self.timeout

    @property
    def total(self) -> int:
        """All mutants."""
        return self.counted + self.equivalent + self.stillborn

    @property
    def low(self) -> Ratio:
        """The lower bound of the score, RECORDED left out."""
        return Ratio(count=self.killed, total=self.counted)

    @property
    def high(self) -> Ratio:
        """The upper bound: undecided survivors are equivalent, time-outs are kills."""
        return Ratio(count=self.killed + self.timeout, total=self.counted - self.undecided)

    @property
    def low_recorded(self) -> Ratio:
        """The lower bound where RECORDED expectations kill too."""
        return Ratio(count=self.killed + self.recorded, total=self.counted)

    @property
    def high_recorded(self) -> Ratio:
        """The upper bound where RECORDED expectations kill too."""
        return Ratio(count=self.killed + self.recorded + self.timeout, total=self.counted - self.undecided)


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

    counts: Counted
    by_operator: dict[str, Counted]
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

    @property
    def decided(self) -> Ratio:
        """Mutants that are told apart or proven equivalent, of those that no check but RECORDED kills."""
        known = self.counts.equivalent + self.counts.recorded + self.counts.survived - self.counts.undecided
        return Ratio(count=known, total=known + self.counts.undecided)
