"""What the text view and the page say of proofs in the same words; kinds of oracles are never added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verif.report.model import Counterexample, Invariants, Proof, ProvedProperty
from verif.report.proving import HOLES_FIRST
from verif.report.text import count, seconds
from verif.verdict import Oracle, ProofStatus

APART = "what the design itself does: no checks of requirements"
"""What RECORDED invariants are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """How the properties of one kind of oracle ended."""

    oracle: Oracle
    total: int
    statuses: tuple[tuple[ProofStatus, int], ...]
    """Holes first; those that there are."""

    @property
    def sentence(self) -> str:
        """The counts in a phrase: ``1 FAILED, 2 PROVED of 3``."""
        return f"{', '.join(f'{number} {status}' for status, number in self.statuses)} of {self.total}"


def by_oracle(properties: Sequence[ProvedProperty]) -> tuple[Counted, ...]:
    """Return the counts of each kind of oracle that there is."""
    return tuple(
        Counted(oracle=oracle, total=len(own), statuses=_statuses(own))
        for oracle in Oracle
        if (own := [one for one in properties if one.oracle is oracle])
    )


def _statuses(properties: Sequence[ProvedProperty]) -> tuple[tuple[ProofStatus, int], ...]:
    counted = ((status, sum(one.status is status for one in properties)) for status in HOLES_FIRST)
    return tuple((status, number) for status, number in counted if number)


def holes(properties: Iterable[ProvedProperty]) -> tuple[ProvedProperty, ...]:
    """Return those that aren't proved."""
    return tuple(one for one in properties if one.status is not ProofStatus.PROVED)


def effort(proof: Proof) -> str:
    """Return what a proof took, in a phrase."""
    solver = f", solver {proof.solver}" if proof.solver else ""
    return f"{'interrupted after' if proof.interrupted else 'in'} {seconds(proof.seconds)}{solver}"


def length(found: Counterexample) -> str:
    """Return how short a run became that breaks a property."""
    told = count(found.length, "cycle")
    return f"shrunk from {found.length_before} to {told}" if found.length < found.length_before else f"{told} long"


def mined_line(mined: Invariants) -> str:
    """Return what mining gave, in a phrase."""
    (counted,) = by_oracle(mined.properties) or (None,)
    told = counted.sentence if counted else "nothing"
    return f"RECORDED {told}, in {mined.file}, in {seconds(mined.seconds)}: {APART}"


def stale(file: str) -> str:
    """Return what to say of a file that is newer than a proof."""
    return f"{file} has changed since, so this may no longer hold; prove it again"
