"""Properties with a judge of their own: text for the tool under test, and annex F of IEEE 1800 on whole traces.

Nothing here knows of the tool's IR. A sequence says how it is written and, straight from the standard's definition of
tight satisfaction, from which cycles of a trace it matches how many. What a property is still waiting for is judged
as the standard judges a finite word: cycles that have not come yet satisfy every boolean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
"""A truth value for each cycle of a trace."""
Trace = Mapping[str, NDArray[np.int64]]
"""Signal to its value in each cycle."""
Lengths = dict[int, Bits]
"""Number of cycles to the cycles from which a match of so many begins."""

WHOLE = 10**9
"""How many cycles are known where all of a trace is."""


@dataclass(frozen=True)
class Bool:
    """A boolean expression."""

    text: str
    value: Callable[[Trace], Bits]


@dataclass(frozen=True)
class Delayed:
    """``first ##[low:high] then``."""

    first: Seq | None
    low: int
    high: int
    then: Seq

    @property
    def text(self) -> str:
        bounds = str(self.low) if self.low == self.high else f"[{self.low}:{self.high}]"
        return f"({self.first.text if self.first else ''} ##{bounds} {self.then.text})"


@dataclass(frozen=True)
class Repeated:
    """``operand[*low:high]``."""

    operand: Seq
    low: int
    high: int

    @property
    def text(self) -> str:
        bounds = str(self.low) if self.low == self.high else f"{self.low}:{self.high}"
        return f"(({self.operand.text})[*{bounds}])"


@dataclass(frozen=True)
class Held:
    """``condition throughout operand``."""

    condition: Bool
    operand: Seq

    @property
    def text(self) -> str:
        return f"(({self.condition.text}) throughout {self.operand.text})"


Seq = Bool | Delayed | Repeated | Held


@dataclass(frozen=True)
class Implied:
    """``antecedent |-> consequent`` or ``|=>``."""

    antecedent: Seq
    overlapped: bool
    consequent: Prop

    @property
    def text(self) -> str:
        return f"{self.antecedent.text} {'|->' if self.overlapped else '|=>'} ({self.consequent.text})"


@dataclass(frozen=True)
class Sometime:
    """``s_eventually [low:high] operand``."""

    low: int
    high: int
    operand: Seq

    @property
    def text(self) -> str:
        return f"s_eventually [{self.low}:{self.high}] ({self.operand.text})"


Prop = Seq | Implied | Sometime


@dataclass(frozen=True)
class Verdicts:
    """What a property says in each cycle."""

    fail: Bits
    covered: Bits
    seen: Bits


def lengths(seq: Seq) -> set[int]:
    """Return how many cycles a match may take."""
    match seq:
        case Bool():
            return {1}
        case Held():
            return lengths(seq.operand)
        case Repeated():
            one, found, sums = lengths(seq.operand), set[int](), {0}
            for count in range(seq.high + 1):
                found |= sums if count >= seq.low else set()
                sums = {a + b for a in sums for b in one}
            return found
        case Delayed():
            gaps, then = range(seq.low, seq.high + 1), lengths(seq.then)
            if seq.first is None:
                return {gap + b for gap in gaps for b in then}
            first = lengths(seq.first)
            return {a + gap - 1 + b for gap in gaps for a in first for b in then if gap or (a and b)}


class Judge:
    """Judges properties over one trace."""

    def __init__(self, trace: Trace, disabled: Bits) -> None:
        self._trace = trace
        self._cycles = len(disabled)
        self._disabled = np.concatenate([[0], np.cumsum(disabled)])
        self._values: dict[int, Bits] = {}
        self._kept: dict[tuple[int, int, int], Lengths] = {}

    def verdicts(self, prop: Prop) -> Verdicts:
        """Return in which cycles an attempt fails, first matches, and meets its last antecedent."""
        self._values.clear()
        self._kept.clear()
        return self._required(prop, np.ones(self._cycles, bool), np.ones(self._cycles, bool))

    def _required(self, prop: Prop, starts: Bits, seen: Bits) -> Verdicts:
        """Judge attempts that begin in the cycles ``starts``."""
        if not isinstance(prop, Implied):
            return self._judged(prop, starts, seen & self._enabled(1))
        ends = np.zeros(self._cycles, bool)
        for length, matches in self._tight(prop.antecedent, 0, WHOLE).items():
            found = starts & matches & self._enabled(length)
            ends |= self._later(found, length - 1)
        return self._required(prop.consequent, ends if prop.overlapped else self._later(ends, 1), ends)

    def _judged(self, prop: Seq | Sometime, starts: Bits, seen: Bits) -> Verdicts:
        fail, covered = np.zeros(self._cycles, bool), np.zeros(self._cycles, bool)
        matched = np.zeros(self._cycles, bool)
        exact = self._ways(prop, WHOLE)
        possible = np.ones(self._cycles, bool)
        for known in range(1, max(exact) + 1):
            enabled = starts & self._enabled(known)
            still = np.zeros(self._cycles, bool)
            for matches in self._ways(prop, known).values():
                still |= matches
            fail |= self._later(enabled & possible & ~still, known - 1)
            possible = still
            now = exact.get(known, np.zeros(self._cycles, bool)) & ~matched
            covered |= self._later(enabled & now, known - 1)
            matched |= now
        return Verdicts(fail, covered, seen)

    def _ways(self, prop: Seq | Sometime, known: int) -> Lengths:
        if not isinstance(prop, Sometime):
            return self._tight(prop, 0, known)
        found: Lengths = {}
        for wait in range(prop.low, prop.high + 1):
            for length, matches in self._tight(prop.operand, wait, known).items():
                _add(found, wait + length, matches)
        return found

    def _tight(self, seq: Seq, offset: int, known: int) -> Lengths:
        """Return the matches of ``seq`` from ``offset`` cycles after each cycle on; ``known`` cycles have come."""
        key = (id(seq), offset, min(known, offset + 100))
        if key not in self._kept:
            self._kept[key] = self._matches(seq, offset, known)
        return self._kept[key]

    def _matches(self, seq: Seq, offset: int, known: int) -> Lengths:
        found: Lengths = {}
        match seq:
            case Bool():
                return {1: self._true(seq, offset, known)}
            case Held():
                for length, matches in self._tight(seq.operand, offset, known).items():
                    for place in range(length):
                        matches = matches & self._true(seq.condition, offset + place, known)
                    _add(found, length, matches)
            case Repeated():
                so_far: Lengths = {0: np.ones(self._cycles, bool)}
                for count in range(seq.high + 1):
                    for length, matches in so_far.items() if count >= seq.low else ():
                        _add(found, length, matches)
                    so_far = self._then(so_far, seq.operand, offset, known)
            case Delayed(first=None):
                for gap in range(seq.low, seq.high + 1):
                    for length, matches in self._tight(seq.then, offset + gap, known).items():
                        _add(found, gap + length, matches)
            case Delayed(first=first) if first is not None:
                for length, matches in self._tight(first, offset, known).items():
                    for gap in range(seq.low, seq.high + 1):
                        for more, then in self._tight(seq.then, offset + length + gap - 1, known).items():
                            if gap or (length and more):
                                _add(found, length + gap - 1 + more, matches & then)
        return found

    def _then(self, so_far: Lengths, seq: Seq, offset: int, known: int) -> Lengths:
        found: Lengths = {}
        for length, matches in so_far.items():
            for more, then in self._tight(seq, offset + length, known).items():
                _add(found, length + more, matches & then)
        return found

    def _true(self, boolean: Bool, offset: int, known: int) -> Bits:
        if offset >= known:
            return np.ones(self._cycles, bool)
        if id(boolean) not in self._values:
            self._values[id(boolean)] = boolean.value(self._trace)
        return self._earlier(self._values[id(boolean)], offset)

    def _enabled(self, cycles: int) -> Bits:
        """Return from where so many cycles are without a disabled one."""
        ends = np.minimum(np.arange(self._cycles) + cycles, self._cycles)
        return np.asarray(self._disabled[ends] == self._disabled[:-1])

    def _later(self, bits: Bits, cycles: int) -> Bits:
        return np.concatenate([np.zeros(min(cycles, self._cycles), bool), bits[: max(self._cycles - cycles, 0)]])

    def _earlier(self, bits: Bits, cycles: int) -> Bits:
        return np.concatenate([bits[cycles:], np.zeros(min(cycles, self._cycles), bool)])


def _add(found: Lengths, length: int, matches: Bits) -> None:
    found[length] = found[length] | matches if length in found else matches
