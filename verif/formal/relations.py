"""Relations between the registers of two versions of a design, guessed from runs: what a joint induction may use.

A guess is kept only where it holds in every sampled tick, and counts only once it is proven with all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.uint64]

_TABLE_STATES = 40
"""Pairs of values of which a table is made at most."""
_TABLE_VALUES = 32
_SMALL = 64
"""Different values that a register of few states has at most."""
_GUARD_VALUES = 8
_LEAST_SAMPLES = 24
"""In which a guarded relation was seen at least."""
MOST = 400
"""Relations that a solver is asked about at most."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    """A register in runs of both versions."""

    place: str
    """How the module that asks refers to it."""
    width: int
    values: Column
    """In each sampled tick."""
    name: str = ""
    """Path below its top, for readers and to match names."""

    def is_(self, value: int) -> str:
        """Return the expression that it has a value."""
        return f"{self.place} == {self.width}'d{value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """Something that held in all samples."""

    kind: str
    """``same name``, ``equal``, ``inverted``, ``table``, ``one-hot``, ``offset``, ``sum``, ``gray``, ``difference``,
    ``guarded``, ``values`` or ``range``."""
    text: str
    """For readers: which registers."""
    holds: str
    """One bit in Verilog, 1 where it holds."""


@dataclass
class Guessing:
    """Guesses from one set of samples."""

    old: Sequence[Observed]
    new: Sequence[Observed]
    called: Mapping[str, str] = field(default_factory=dict)
    """Name in the old version to that in the new one, where a user told."""

    def relations(self) -> list[Relation]:
        """Return what held, the likeliest help first."""
        found = [*self._named(), *self._equal(), *self._tables(), *self._arithmetic(), *self._differences()]
        found += [*self._alone(), *self._guarded()]
        distinct = {relation.holds: relation for relation in reversed(found)}
        order = [relation for relation in found if distinct.get(relation.holds) is relation]
        return order[:MOST]

    def _pairs(self) -> Iterator[tuple[Observed, Observed]]:
        for old in self.old:
            for new in self.new:
                yield old, new

    def _named(self) -> Iterator[Relation]:
        """Yield what has the same name, wherever it held."""
        new = {each.name: each for each in self.new}
        for old in self.old:
            other = new.get(self.called.get(old.name, old.name))
            if other and other.width == old.width and _same(old.values, other.values):
                yield _relation("same name", old, other, f"{old.place} == {other.place}")

    def _equal(self) -> Iterator[Relation]:
        by_values: dict[tuple[int, bytes], list[Observed]] = {}
        for new in self.new:
            by_values.setdefault((new.width, new.values.tobytes()), []).append(new)
        for old in self.old:
            mask = np.uint64((1 << old.width) - 1)
            for kind, sign, values in (("equal", "==", old.values), ("inverted", "== ~", old.values ^ mask)):
                for new in by_values.get((old.width, values.tobytes()), ()):
                    yield _relation(kind, old, new, f"{old.place} {sign} {new.place}")

    def _tables(self) -> Iterator[Relation]:
        small = {id(each): _values_of(each) for each in (*self.old, *self.new)}
        for old, new in self._pairs():
            ones, others = small[id(old)], small[id(new)]
            if not (1 < len(ones) <= _TABLE_VALUES and 1 < len(others) <= _TABLE_VALUES):
                continue
            pairs = _both(old.values, new.values)
            if len(pairs) > _TABLE_STATES or len(pairs) >= len(ones) * len(others):
                continue
            if old.width == new.width and _same(old.values, new.values):
                continue
            rows = [f"({old.is_(one)} && {new.is_(other)})" for one, other in pairs]
            kind = "one-hot" if _onehot(others) or _onehot(ones) else "table"
            yield _relation(kind, old, new, " || ".join(rows))

    def _arithmetic(self) -> Iterator[Relation]:
        for old, new in self._pairs():
            if old.width < 2 or new.width < 2 or _constant(old.values) or _constant(new.values):
                continue
            if old.width == new.width:
                yield from self._same_width(old, new)
            elif _same(old.values, new.values):
                yield _relation("equal", old, new, f"{old.place} == {new.place}")
            else:
                yield from self._low_bits(old, new)

    def _low_bits(self, old: Observed, new: Observed) -> Iterator[Relation]:
        """Yield that the narrower register is the low part of the wider one."""
        narrow, wide = sorted((old, new), key=lambda each: each.width)
        if _same(narrow.values, wide.values & np.uint64((1 << narrow.width) - 1)):
            yield _relation("equal", old, new, f"{narrow.place} == {_fit(wide.place, narrow.width)}")

    def _same_width(self, old: Observed, new: Observed) -> Iterator[Relation]:
        mask, width = np.uint64((1 << old.width) - 1), old.width
        difference, total = (new.values - old.values) & mask, (new.values + old.values) & mask
        if _constant(difference) and difference[0]:
            text = f"{new.place} == {_fit(f'{old.place} + {_number(width, difference[0])}', width)}"
            yield _relation("offset", old, new, text)
        if _constant(total):
            text = f"{new.place} == {_fit(f'{_number(width, total[0])} - {old.place}', width)}"
            yield _relation("sum", old, new, text)
        if _same(new.values, old.values ^ (old.values >> np.uint64(1))):
            yield _relation("gray", old, new, f"{new.place} == ({old.place} ^ ({old.place} >> 1))")
        if _same(old.values, new.values ^ (new.values >> np.uint64(1))):
            yield _relation("gray", old, new, f"{old.place} == ({new.place} ^ ({new.place} >> 1))")

    def _differences(self) -> Iterator[Relation]:
        """Yield that a register of one version is the difference of two of the other, as a level is of two pointers."""
        for ones, others in ((self.old, self.new), (self.new, self.old)):
            moving = [each for each in others if each.width > 1 and not _constant(each.values)]
            sought = {(each.width, each.values.tobytes()): each for each in ones if not _constant(each.values)}
            for first, second in permutations(moving, 2):
                if first.width != second.width:
                    continue
                width = first.width
                values = (first.values - second.values) & np.uint64((1 << width) - 1)
                found = sought.get((width, values.tobytes()))
                if found:
                    holds = f"{found.place} == {_fit(f'{first.place} - {second.place}', width)}"
                    names = f"{found.name}, {first.name} and {second.name}"
                    yield Relation(kind="difference", text=names, holds=holds)

    def _alone(self) -> Iterator[Relation]:
        """Yield what restricts one register."""
        for each in (*self.old, *self.new):
            if each.width < 2:
                continue
            values = _values_of(each)
            if 0 < len(values) <= min(_TABLE_VALUES, (1 << each.width) - 1):
                holds = " || ".join(f"({each.is_(value)})" for value in values)
                yield Relation(kind="values", text=f"{each.name} has {len(values)} values", holds=holds)
            elif len(each.values) and int(each.values.max()) < (1 << each.width) - 1:
                most = int(each.values.max())
                holds = f"{each.place} <= {each.width}'d{most}"
                yield Relation(kind="range", text=f"{each.name} is at most {most}", holds=holds)

    def _guarded(self) -> Iterator[Relation]:
        """Yield which registers are equal while another one has a value."""
        guards = [(each, _values_of(each)) for each in (*self.old, *self.new)]
        guards = [(each, values) for each, values in guards if 1 < len(values) <= _GUARD_VALUES]
        new = {each.name: each for each in self.new}
        for old in self.old:
            named = new.get(self.called.get(old.name, old.name))
            others = [named] if named else [each for each in self.new if each.width == old.width and each.width > 1]
            for other in others:
                if other.width == old.width and not _same(old.values, other.values):
                    yield from self._while(guards, old, other)

    def _while(self, guards: Sequence[tuple[Observed, list[int]]], old: Observed, new: Observed) -> Iterator[Relation]:
        equal = old.values == new.values
        for guard, values in guards:
            for value in values:
                there = guard.values == np.uint64(value)
                if int(there.sum()) >= _LEAST_SAMPLES and bool(equal[there].all()) and not _constant(old.values[there]):
                    text = f"!({guard.is_(value)}) || {old.place} == {new.place}"
                    yield _relation("guarded", old, new, text)


def likely_starts(old: Sequence[Observed], new: Sequence[Observed]) -> dict[str, str]:
    """Return which registers of other names move together: name in the old version to that in the new one.

    Both lists are of registers without a partner of the same name. Only what is unambiguous counts.
    """
    found: dict[str, list[str]] = {}
    for one in old:
        for other in new:
            if one.width == other.width and not _constant(one.values) and _same(one.values, other.values):
                found.setdefault(one.name, []).append(other.name)
    single = {one: others[0] for one, others in found.items() if len(others) == 1}
    taken = list(single.values())
    return {one: other for one, other in single.items() if taken.count(other) == 1}


def _relation(kind: str, old: Observed, new: Observed, holds: str) -> Relation:
    return Relation(kind=kind, text=f"{old.name} and {new.name}", holds=holds)


def _same(one: Column, other: Column) -> bool:
    return bool((one == other).all())


def _constant(values: Column) -> bool:
    return not len(values) or bool((values == values[0]).all())


def _values_of(each: Observed) -> list[int]:
    """Return the values of a register of few; none of one with many."""
    found = np.unique(each.values)
    return [int(value) for value in found] if len(found) <= _SMALL else []


def _both(one: Column, other: Column) -> list[tuple[int, int]]:
    pairs = np.unique(np.stack((one, other)), axis=1)
    return [(int(a), int(b)) for a, b in pairs.T]


def _onehot(values: Sequence[int]) -> bool:
    return len(values) > 2 and all(value & (value - 1) == 0 for value in values)


def _number(width: int, value: np.uint64) -> str:
    return f"{width}'d{int(value)}"


def _fit(text: str, width: int) -> str:
    """Return an expression cut to a width, as an assignment does."""
    return f"{width}'({text})"
