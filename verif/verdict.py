"""The closed sets of words in which results are told (DESIGN section 1, principles 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of one test, check or run."""

    PASS = "PASS"
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    UNSUPPORTED = "UNSUPPORTED"
    ERROR = "ERROR"
    TIMEOUT = "TIMEOUT"


class Outcome(StrEnum):
    """What became of a draft."""

    CLEAN = "CLEAN"
    FINDING = "FINDING"
    REJECTED = "REJECTED"
    UNKNOWN = "UNKNOWN"

    @property
    def accepted(self) -> bool:
        """CLEAN and FINDING are accepted; a finding is a success of the tool."""
        return self in (Outcome.CLEAN, Outcome.FINDING)


class Oracle(StrEnum):
    """Where the expectation behind a check comes from; reports never mix them."""

    SPEC = "SPEC"
    PROTOCOL = "PROTOCOL"
    GENERIC = "GENERIC"
    RECORDED = "RECORDED"


class PointStatus(StrEnum):
    """What is known about a coverage point."""

    HIT = "HIT"
    """A witness reaches it."""
    UNREACHABLE = "UNREACHABLE"
    """A proof says that nothing does."""
    UNKNOWN = "UNKNOWN"


class ProofStatus(StrEnum):
    """What a proof says about a property."""

    PROVED = "PROVED"
    """No run breaks it, however long."""
    BOUNDED = "BOUNDED"
    """No run breaks it within a number of ticks after the reset; nothing is known about longer ones."""
    FAILED = "FAILED"
    """A run breaks it."""
    VACUOUS = "VACUOUS"
    """No run meets its condition, so it says nothing."""
    UNKNOWN = "UNKNOWN"


class DiffStatus(StrEnum):
    """What is known about two versions of a design."""

    PROVED = "PROVED"
    """No run tells one from the other, however long."""
    BOUNDED = "BOUNDED"
    """No run within a number of ticks after the reset tells them apart; nothing is known about longer ones."""
    DIFFERENT = "DIFFERENT"
    """A run in which an output has another value, replayed."""
    X_ONLY = "X_ONLY"
    """A run in which an output is unknown in one version only, or known in none: a matter of start values."""
    INCOMPARABLE = "INCOMPARABLE"
    """They have different ports."""


class MutantStatus(StrEnum):
    """What became of a mutant."""

    KILLED = "KILLED"
    """A check failed on it that passes on the original."""
    SURVIVED = "SURVIVED"
    """Nothing failed, and it is not known to do what the original does."""
    EQUIVALENT = "EQUIVALENT"
    """A proof says that no run tells it from the original."""
    STILLBORN = "STILLBORN"
    """It does not compile."""
    TIMEOUT = "TIMEOUT"
    """It ran out of time; that is no kill."""


_WORST_FIRST = (Verdict.ERROR, Verdict.FAIL, Verdict.TIMEOUT, Verdict.UNKNOWN, Verdict.UNSUPPORTED, Verdict.PASS)


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst of ``verdicts``; UNKNOWN for none, since nothing passes because nothing ran.

    UNSUPPORTED gives way to PASS: a simulator that can't compile a design doesn't fail the others' run.
    """
    seen = set(verdicts)
    if not seen:
        return Verdict.UNKNOWN
    if seen == {Verdict.PASS, Verdict.UNSUPPORTED}:
        return Verdict.PASS
    return next(verdict for verdict in _WORST_FIRST if verdict in seen)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ratio:
    """A count out of a total; the quotient is derived, never stored."""

    count: int
    total: int

    def __str__(self) -> str:
        return f"{self.count}/{self.total}"

    @property
    def fraction(self) -> float | None:
        """``count / total``, or None where there is nothing to count."""
        return self.count / self.total if self.total else None
