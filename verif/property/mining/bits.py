"""Candidates between bits: implications, mutual exclusion, what a state says, what follows in the next cycle.

An *atom* is a condition that is true or false in each cycle: a bit, a register in one of its states, a number at its
smallest or largest value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.property.mining.candidate import Candidate, Kind, Watched, number
from verif.property.mining.numbers import FEW, is_dense
from verif.property.mining.table import Flags, Table

FEWEST_MEETINGS = 8
"""Cycles in which an antecedent must have been true."""
_MOST_ATOMS = 96
_NARROW = 6
"""Bits of a number that may be a counter even where it takes all values."""
_MOST_HANDSHAKE = 14
"""Bits of which two together are an antecedent."""


@dataclass(frozen=True, eq=False)
class Atom:
    """A condition on one signal."""

    signal: Watched
    test: str
    """What follows the signal, for example ``== 2'd1``; empty: the bit itself is 1."""
    opposite: str
    """The same for its negation; ``!`` where the bit is 0."""
    values: Flags
    """``[lanes, ticks]``."""
    is_state: bool = False

    def text(self, place: int, *, value: bool) -> str:
        """Return it, or its negation, with the signal's place among those of a candidate."""
        if not self.test:
            return f"{{{place}}}" if value else f"!{{{place}}}"
        return f"{{{place}}} {self.test if value else self.opposite}"


def atoms(table: Table) -> list[Atom]:
    """Return the atoms, those of the design and its ports first."""
    found: list[Atom] = []
    for signal in table.signals:
        found += _atoms(table, signal)
    found.sort(key=lambda atom: (not atom.signal.own, atom.signal.role == "input"))
    return found[:_MOST_ATOMS]


def _atoms(table: Table, signal: Watched) -> Iterator[Atom]:
    distinct = table.distinct[signal.path]
    if distinct.size < 2:
        return
    column = table.columns[signal.path]
    if signal.width == 1:
        yield Atom(signal, "", "!", column == 1)
    elif signal.role != "input":
        states = table.states.get(signal.path, {})
        for value in _told(signal, distinct.tolist(), bool(states)):
            constant = number(value, signal.width)
            yield Atom(signal, f"== {constant}", f"!= {constant}", column == value, bool(states))


def _told(signal: Watched, distinct: Sequence[int], is_state: bool) -> Sequence[int]:
    """Return the values of a number that are atoms: all, where they are few; else its ends, where it counts to them."""
    if is_state or len(distinct) <= FEW:
        return distinct
    most = (1 << signal.width) - 1
    if not is_dense(distinct):
        return []
    return [distinct[0], distinct[-1]] if distinct[-1] < most or signal.width <= _NARROW else []


def about_bits(table: Table) -> Iterator[Candidate]:
    """Yield what one atom says about another one in the same cycle and in the next."""
    known = atoms(table)
    if not known:
        return
    now = np.stack([atom.values[table.on] for atom in known])
    yield from _pairs(known, _never(now, now), _Meetings.of(now), later=False)
    first, then = (np.stack([part[table.pairs] for part in side]) for side in _neighbours(known))
    own = [number for number, atom in enumerate(known) if atom.signal.own]
    yield from _pairs(known, _never(first, then), _Meetings.of(first), later=True, only=own)
    yield from _held(known, first, then)


def _neighbours(known: Sequence[Atom]) -> tuple[list[Flags], list[Flags]]:
    return [atom.values[:, :-1] for atom in known], [atom.values[:, 1:] for atom in known]


@dataclass(frozen=True)
class _Meetings:
    """In how many rows each atom is true."""

    true: npt.NDArray[np.int64]
    rows: int

    @classmethod
    def of(cls, values: Flags) -> _Meetings:
        return cls(values.sum(axis=1), values.shape[1])

    def of_antecedent(self, atom: int, *, value: bool) -> int:
        """Return in how many rows an atom has a value."""
        true = int(self.true[atom])
        return true if value else self.rows - true


@dataclass(frozen=True)
class _Never:
    """What never happens: ``[atoms, atoms]`` each, the antecedent first."""

    true_true: Flags
    true_false: Flags
    false_true: Flags
    false_false: Flags


def _never(one: Flags, two: Flags) -> _Never:
    both = _counts(one, two)
    first, second, rows = one.sum(axis=1)[:, None], two.sum(axis=1)[None, :], one.shape[1]
    return _Never(both == 0, first - both == 0, second - both == 0, rows - first - second + both == 0)


def _counts(one: Flags, two: Flags) -> npt.NDArray[np.int64]:
    counts: npt.NDArray[np.int64] = np.rint(one.astype(np.float32) @ two.astype(np.float32).T).astype(np.int64)
    return counts


def _pairs(
    known: Sequence[Atom], never: _Never, met: _Meetings, *, later: bool, only: Sequence[int] | None = None
) -> Iterator[Candidate]:
    """Yield implications; in one cycle each is found twice, since it is also that of the negations."""
    places = range(len(known)) if only is None else only
    for first in places:
        for second in places:
            one, two = known[first], known[second]
            if (one.signal is two.signal) or (not later and second < first):
                continue
            if one.signal.role == two.signal.role == "input" or (later and two.signal.role == "input"):
                continue
            if not later and (same := _same(one, two, never, (first, second))):
                yield same
            told = [
                (value, not then)
                for value, then, found in (
                    (True, True, never.true_true),
                    (True, False, never.true_false),
                    (False, True, never.false_true),
                    (False, False, never.false_false),
                )
                if found[first, second]
            ]
            for value, then in told:
                yield _implication((first, one), (second, two), value, then, met, later=later)


def _same(one: Atom, two: Atom, never: _Never, places: tuple[int, int]) -> Candidate | None:
    """Return that two atoms are always equal, or always opposite, where that isn't about two bits alone."""
    equal = never.true_false[places] and never.false_true[places]
    opposite = never.true_true[places] and never.false_false[places]
    if not (equal or opposite) or not (one.test or two.test):
        return None
    texts = [atom.text(place, value=value) for place, (atom, value) in enumerate(((one, True), (two, bool(equal))))]
    left, right = (f"({text})" if atom.test else text for text, atom in zip(texts, (one, two), strict=True))
    return Candidate(kind=Kind.EQUAL, signals=(one.signal, two.signal), holds=f"{left} == {right}")


def _implication(
    first: tuple[int, Atom], second: tuple[int, Atom], value: bool, then: bool, met: _Meetings, *, later: bool
) -> Candidate:
    """Return ``first |-> second``, in the order of their negations where that reads better."""
    if not later and not first[1].is_state and (second[1].is_state or (not value and not then)):
        first, second, value, then = second, first, not then, not value
    one, two = first[1], second[1]
    signals = (one.signal, two.signal)
    meetings = met.of_antecedent(first[0], value=value)
    if not later and value and not then and not one.test and not two.test:
        return Candidate(kind=Kind.IMPLIES, signals=signals, holds="!({0} && {1})", meetings=meetings)
    kind = Kind.NEXT if later else Kind.STATE if one.is_state and value else Kind.IMPLIES
    return Candidate(
        kind=kind,
        signals=signals,
        before=one.text(0, value=value),
        holds=two.text(1, value=then),
        later=later,
        meetings=meetings,
    )


def _held(known: Sequence[Atom], first: Flags, then: Flags) -> Iterator[Candidate]:
    """Yield what two bits together say about the next cycle, where neither does alone: an offer that waits."""
    bits = [n for n, atom in enumerate(known) if not atom.test and atom.signal.own][:_MOST_HANDSHAKE]
    for one in bits:
        for two in bits:
            if one == two:
                continue
            for value in (True, False):
                both = first[one] & (first[two] == value)
                meetings = int(both.sum())
                if meetings < FEWEST_MEETINGS:
                    continue
                for third in bits:
                    if known[third].signal.role != "output" or third == two:
                        continue
                    yield from _third(known, (one, two, third), value, first, then, meetings, both)


def _third(
    known: Sequence[Atom],
    places: tuple[int, int, int],
    value: bool,
    first: Flags,
    then: Flags,
    meetings: int,
    both: Flags,
) -> Iterator[Candidate]:
    one, two, third = places
    seen = then[third][both]
    result = bool(seen[0])
    if (seen != result).any():
        return
    alone = (then[third][first[one]] == result).all() or (then[third][first[two] == value] == result).all()
    if alone:
        return
    signals = (known[one].signal, known[two].signal, known[third].signal)
    yield Candidate(
        kind=Kind.NEXT,
        signals=signals,
        before=f"{{0}} && {known[two].text(1, value=value)}",
        holds=known[third].text(2, value=result),
        later=True,
        meetings=meetings,
    )
