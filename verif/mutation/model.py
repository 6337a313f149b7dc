"""The nouns of mutation: a mutant, a sample of them, all of them in one text, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from verif.verdict import MutantStatus, Oracle


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """A small change of the sources: ``after`` stands where ``before`` stood."""

    id: str
    """``<file stem>:<line>:<operator>[:<n>]``, the same for the same source text."""
    operator: str
    """Name of an operator in ``OPERATORS``."""
    module: str
    file: Path
    line: int
    column: int
    """From 1."""
    start: int
    """Byte offset in the file of what is replaced."""
    end: int
    before: str
    after: str
    own_build: str = ""
    """Why it can't take the selector and needs a build of its own, in a few words; empty where it can."""
    statement: bool = False
    """Whether a statement is replaced, rather than an expression."""
    asynchronous: bool = False
    """Whether it changes what an asynchronous reset loads: lanes want a constant, so the batch engine judges it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutants:
    """Mutants of a design, in source order."""

    chosen: tuple[Mutant, ...]
    total: int
    """How many there are before sampling, of the operators asked for."""
    seed: int = 1
    """By which they were drawn."""

    def __iter__(self) -> Iterator[Mutant]:
        return iter(self.chosen)

    def __len__(self) -> int:
        return len(self.chosen)

    @property
    def switched(self) -> tuple[Mutant, ...]:
        """Those that can share one build."""
        return tuple(mutant for mutant in self.chosen if not mutant.own_build)

    @property
    def own_builds(self) -> tuple[Mutant, ...]:
        """Those that need builds of their own."""
        return tuple(mutant for mutant in self.chosen if mutant.own_build)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A mutant that is not in the common build."""

    mutant: Mutant
    reason: str
    """A sentence."""
    stillborn: bool = False
    """Whether it doesn't compile at all, rather than not with a selector."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schemata:
    """All mutants in one text, chosen at run time."""

    texts: Mapping[Path, bytes]
    """Source file to its text with mutants, for the files that changed."""
    selector: str
    """Input port of the top: 0 is the original, n is ``order[n - 1]``."""
    width: int
    """Bits of the selector."""
    one_hot: bool = False
    """Whether the selector has a bit for each mutant in place of a number."""
    order: tuple[Mutant, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def forced(self) -> int:
        """The selector's value with which a harness inverts all outputs; checks that do not notice check nothing."""
        return len(self.order) + 1

    def number(self, mutant: Mutant) -> int:
        """Return the selector's value for ``mutant``; ValueError where it was left out."""
        return self.order.index(mutant) + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What became of one mutant on some stimulus."""

    mutant: Mutant
    status: MutantStatus
    detected_by: str = ""
    """Id of the monitor or test that failed first; empty where none did."""
    oracle: Oracle | None = None
    """Where that one's expectation comes from."""
    detected_at: int = -1
    """Tick of that failure."""
    lane: int = -1
    """Lane of the stimulus in which it was detected, or else propagated."""
    propagated: bool = False
    """Whether an output port differed from the original's on the same stimulus."""
    propagated_at: int = -1
    """First tick in which one did, in ``lane``."""
    activated: bool | None = None
    """Whether a register or an output ever had another value than in the original, memories that lanes keep as arrays
    aside; None where nobody could look, as in the batch engine."""
    note: str = ""
    """What there is to add, a sentence."""
    bound: int | None = None
    """Of a survivor whose equivalence is open: for how many ticks after the reset no difference exists."""

    @property
    def detected(self) -> bool:
        """Whether a check failed."""
        return self.status is MutantStatus.KILLED


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """Where the time went, in seconds of wall clock."""

    build: float = 0.0
    run: float = 0.0
    solver: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """What became of many mutants, in the order in which they were asked for."""

    judgements: tuple[Judgement, ...]
    forced_fail: bool
    """Whether a check failed when all outputs were inverted. Where none did, no survivor says anything."""
    spent: Spent = field(default_factory=Spent)
    notes: tuple[str, ...] = ()
    """Which engine ran and why, a sentence each."""
