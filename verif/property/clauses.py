"""A property's body as a clause: when the antecedent matches, the consequent has to follow."""

from __future__ import annotations

from dataclasses import dataclass

from verif.errors import Unsupported
from verif.property.automaton import Automaton, TooLarge, automaton, longest
from verif.property.ir import MOST_CYCLES, Body, Boolean, Delay, Eventually, Implication, Property, Sequence

MOST_ANTECEDENT = 256
"""Cycles of the longest antecedent; its attempts share one automaton, so it may be longer than a consequent."""

_TRUE = Boolean(("1'b1",))


@dataclass(frozen=True, slots=True)
class Clause:
    """From each cycle in which a match of the antecedent ends, the consequent has to match."""

    antecedent: Automaton | None
    """None where every cycle obliges."""
    consequent: Automaton
    """Its first cycle is the antecedent's last."""


def clause(prop: Property) -> Clause:
    """Return the clause of a property; Unsupported PE253 where it takes too many cycles."""
    antecedent, consequent = _flat(prop.body)
    _check_length(prop, "the consequent", longest(consequent) - 1, MOST_CYCLES)
    if antecedent is not None:
        _check_length(prop, "the antecedent", longest(antecedent) - 1, MOST_ANTECEDENT)
    try:
        return Clause(automaton(antecedent) if antecedent is not None else None, automaton(consequent))
    except TooLarge:
        what = f"the property {prop.name} has too many ways to match"
        hint = "narrow its ranges or split it"
        raise Unsupported("PE253", what, where=str(prop.place), hint=hint) from None


def _flat(body: Body) -> tuple[Sequence | None, Sequence]:
    """Return antecedent and consequent of nested implications: ``a |-> (b |-> c)`` is ``(a ##0 b) |-> c``."""
    if isinstance(body, Eventually):
        return None, Delay(first=None, low=body.low, high=body.high, then=body.operand)
    if not isinstance(body, Implication):
        return None, body
    inner, consequent = _flat(body.consequent)
    step = 0 if body.overlapped else 1
    if inner is not None:
        return Delay(first=body.antecedent, low=step, high=step, then=inner), consequent
    if step:
        return body.antecedent, Delay(first=_TRUE, low=1, high=1, then=consequent)
    return body.antecedent, consequent


def _check_length(prop: Property, what: str, cycles: int, most: int) -> None:
    if cycles > most:
        text = f"{what} of {prop.name} takes up to {cycles} cycles after its first"
        raise Unsupported("PE253", text, where=str(prop.place), allowed=f"allowed: {most}", hint="split the property")
