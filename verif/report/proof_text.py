"""Proofs for a terminal: counts by oracle, then properties, holes first."""

from __future__ import annotations

from collections.abc import Iterator

from verif.report.model import Counterexample, Invariants, Proof, ProvedProperty
from verif.report.proof_view import APART, by_oracle, effort, holes, length, mined_line, stale
from verif.report.text import seconds
from verif.report.view import replays

_NOTES = 6


def proof_text(proof: Proof) -> Iterator[str]:
    """Give the lines of one proof."""
    yield f"proof{f' on {proof.label}' if proof.label else ''}, {effort(proof)}"
    yield from (f"  note: {stale(file)}" for file in proof.changed)
    yield from (f"  {counted.oracle}: {counted.sentence}" for counted in by_oracle(proof.properties))
    yield from (f"  {counted.oracle}: {counted.sentence}; {APART}" for counted in by_oracle(proof.recorded))
    for one in (*proof.properties, *holes(proof.recorded)):
        yield from (f"  {line}" for line in _property(one))
    yield from (f"  assumed: {name}: {text}" for name, text in proof.assumptions.items())
    yield from _notes(proof.notes)


def mined_text(mined: Invariants) -> Iterator[str]:
    """Give the lines on mined invariants: how many, and where they are."""
    yield f"mined invariants: {mined_line(mined)}"
    yield from (f"  note: {stale(file)}" for file in mined.changed)
    yield from _notes(mined.notes)


def _notes(notes: tuple[str, ...]) -> Iterator[str]:
    yield from (f"  note: {note}" for note in notes[:_NOTES])
    if len(notes) > _NOTES:
        yield f"  and {len(notes) - _NOTES} more notes; --json tells all"


def _property(one: ProvedProperty) -> Iterator[str]:
    yield f"{one.status:8} {one.oracle} {one.name}: {one.told}; {seconds(one.seconds)}"
    if one.rule:
        yield f"  rule: {one.rule}"
    if one.why:
        yield f"  {one.why}"
    if one.failure:
        yield from (f"  {line}" for line in _failure(one.failure))


def _failure(found: Counterexample) -> Iterator[str]:
    failure = found.failure
    at = f"in cycle {failure.cycle}: " if failure.cycle is not None else ""
    yield f"{at}{failure.detail or 'no message'}"
    yield length(found)
    yield replays(found)
    if failure.assume:
        yield f"if that stimulus is illegal, say so: {failure.assume}"
    yield f"regression: {found.regression}"
    if found.picture:
        yield f"picture: {found.picture}"
    yield f"replay: {failure.test.replay}"
