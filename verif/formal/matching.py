"""Registers of the same name in two copies of a design: which are equal in every step, the circuit with one of each.

All pairs are taken to be equal in a step, and asked whether they are in the next; a pair that isn't leaves, and the
others are asked again. What is left is equal for ever, since all latches begin at 0. Most next values are the same
logic once equal registers are one, so that little is left to ask.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from verif.formal.abc import Abc, stimulus
from verif.formal.aiger import Aiger, Literal, encoded
from verif.formal.system import PAIR, System
from verif.formal.worker import MEMORY_LIMIT
from verif.sim.process import Processes

_LANES = 1024
"""Random steps that are looked at before a solver is asked."""
_LEAST_SECONDS = 1.0

Pairs = Mapping[int, int]
"""Latch to the one that it equals."""


def merge_equal(system: System, *, seconds: float, processes: Processes) -> None:
    """Make one of the registers of the same name that are proven equal in every step, in the AIGER of a system."""
    if not system.aiger.exists():
        return
    circuit = Aiger.read(system.aiger).joined(_joined(system.names, ("init",)))
    abc = Abc(folder=system.folder, processes=processes, memory=MEMORY_LIMIT)
    pairs = _joined(system.names, ("latch", "invlatch"))
    same = Matching(circuit=circuit, abc=abc, seconds=max(_LEAST_SECONDS, seconds)).proven(pairs)
    Merging(circuit, same).merged().write(system.aiger)


def never(system: System) -> list[str]:
    """Return the ids of the questions whose answer is the constant 0 in the AIGER of a system."""
    if not system.aiger.exists():
        return []
    outputs = Aiger.read(system.aiger).outputs
    return [question.id for question, literal in zip(system.questions, outputs, strict=False) if literal == 0]


def _joined(names: Path, kinds: Sequence[str]) -> dict[int, int]:
    """Return what belongs to the second copy's registers with what belongs to the first's, from the map of an AIGER.

    Latches that are inverted in one copy only are left out: they start otherwise.
    """
    sides: dict[tuple[str, ...], dict[str, int]] = {}
    for line in names.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind in kinds:
            number, bit, name = rest.split(" ", 2)
            if name.startswith(PAIR):
                pair, _, copy = name.removeprefix(PAIR).partition("_")
                sides.setdefault((kind, pair, bit), {})[copy] = int(number)
    return {each["1"]: each["0"] for each in sides.values() if len(each) == 2 and each["0"] != each["1"]}


@dataclass
class Merging:
    """A circuit in which some latches are others, each and made once."""

    circuit: Aiger
    same: Pairs
    _made: dict[tuple[Literal, Literal], Literal] = field(default_factory=dict)
    _gates: list[tuple[Literal, Literal]] = field(default_factory=list)
    _literals: list[Literal] = field(default_factory=list)

    def __post_init__(self) -> None:
        first = self.circuit.inputs + 1
        literals = [2 * number for number in range(first + len(self.circuit.nexts))]
        for latch, other in self.same.items():
            literals[first + latch] = literals[first + other]
        for left, right in self.circuit.gates:
            literals.append(self._and(literals[left >> 1] ^ left & 1, literals[right >> 1] ^ right & 1))
        self._literals = literals

    def of(self, literal: Literal) -> Literal:
        """Return what a literal of the circuit has become."""
        return self._literals[literal >> 1] ^ literal & 1

    def merged(self) -> Aiger:
        """Return the circuit with the same inputs, latches and outputs; latches that are others stay without effect."""
        return replace(
            self.circuit,
            nexts=tuple(0 if latch in self.same else self.of(each) for latch, each in enumerate(self.circuit.nexts)),
            outputs=tuple(self.of(each) for each in self.circuit.outputs),
            ands=encoded(self._gates, self._first),
            count=len(self._gates),
        )

    def step(self, unequal: Sequence[int]) -> Aiger:
        """Return one step, latches as inputs: an output for each latch of ``unequal``, 1 where its pair parts."""
        nexts = self.circuit.nexts
        outputs = tuple(self._differ(self.of(nexts[latch]), self.of(nexts[self.same[latch]])) for latch in unequal)
        return Aiger(
            inputs=self.circuit.inputs + len(nexts),
            nexts=(),
            outputs=outputs,
            ands=encoded(self._gates, self._first),
            count=len(self._gates),
        )

    def unequal(self) -> list[int]:
        """Return the latches whose next value is not the same logic as that of what they equal."""
        nexts = self.circuit.nexts
        return [latch for latch, other in self.same.items() if self.of(nexts[latch]) != self.of(nexts[other])]

    @property
    def _first(self) -> int:
        return self.circuit.inputs + len(self.circuit.nexts) + 1

    def _and(self, left: Literal, right: Literal) -> Literal:
        if left < right:
            left, right = right, left
        if right == 0 or left == right ^ 1:
            return 0
        if right == 1 or left == right:
            return left
        made = self._made.get((left, right))
        if made is None:
            made = 2 * (self._first + len(self._gates))
            self._made[left, right] = made
            self._gates.append((left, right))
        return made

    def _differ(self, one: Literal, other: Literal) -> Literal:
        return self._and(self._and(one, other) ^ 1, self._and(one ^ 1, other ^ 1) ^ 1)


@dataclass(kw_only=True)
class Matching:
    """Finds the pairs that are equal for ever."""

    circuit: Aiger
    abc: Abc
    seconds: float
    started: float = field(default_factory=time.monotonic)

    def proven(self, pairs: Pairs) -> dict[int, int]:
        """Return those of ``pairs`` that are equal in every step; none where the time runs out before that is known."""
        left = dict(pairs)
        while left:
            merging = Merging(self.circuit, left)
            unequal = merging.unequal()
            step = merging.step(unequal)
            parted = {unequal[place] for place in _seen(step)} or self._parted(step, unequal)
            if not parted:
                break
            if self.seconds < time.monotonic() - self.started:
                return {}
            left = {latch: other for latch, other in left.items() if latch not in parted}
        return left

    def _parted(self, step: Aiger, unequal: Sequence[int]) -> set[int]:
        """Return the latches that part from their pairs in a step, or of which it isn't known that they don't."""
        time_ = max(_LEAST_SECONDS, (self.seconds - (time.monotonic() - self.started)) / 2)
        swept = self.abc.swept(step, seconds=time_) or step
        open_ = [place for place, literal in enumerate(swept.outputs) if literal != 0]
        if not open_:
            return set()
        asked = swept.only(open_)
        found = self.abc.bounded(asked, frames=1, seconds=time_)
        if found.frames < 1:  # what was not found may be there
            return {unequal[place] for place in open_}
        lanes = list(found.found)
        (shown,) = asked.simulate(stimulus(asked, lanes), len(lanes)) if lanes else ((),)
        return {unequal[place] for place, value in zip(open_, shown, strict=False) if value}


def _seen(step: Aiger) -> list[int]:
    """Return outputs that are 1 for some inputs, tried at random."""
    dice = Random(1)
    often, seldom = (1 << _LANES // 4) - 1, (1 << _LANES // 2) - 1

    def drawn() -> int:
        even, rare = dice.getrandbits(_LANES), dice.getrandbits(_LANES) & dice.getrandbits(_LANES)
        return even & ~seldom | (even & rare ^ often) & seldom

    (shown,) = step.simulate([[drawn() for _ in range(step.inputs)]], _LANES)
    return [place for place, value in enumerate(shown) if value]
