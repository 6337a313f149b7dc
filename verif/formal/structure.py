"""Whether two settings of some inputs of a circuit are the same logic, as far as hashing of its structure shows it.

Both settings are one graph in which equal ands are one (Kuehlmann and Krohm, 1997). At first all latches of both are
taken as equal; those whose next values are not the same node become different, and so does what follows, until nothing
changes any more. What then is the same node is equal for ever, by induction: all latches begin at 0. Other inputs,
start values and X among them, are the same in both.
"""

from __future__ import annotations

import heapq
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from verif.formal.aiger import Aiger, Literal


@dataclass
class Structure:
    """A circuit whose inputs ``pinned`` are constant, all 0 at first."""

    circuit: Aiger
    pinned: Sequence[int]
    _table: dict[tuple[Literal, Literal], Literal] = field(default_factory=dict)
    _base: list[Literal] = field(default_factory=list)
    """Variable to its node while all pinned inputs are 0."""
    _readers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Variable to the ands that read it."""
    _loaded: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Variable to the latches that take it."""
    _shown: set[int] = field(default_factory=set)
    """Variables that outputs show."""

    def __post_init__(self) -> None:
        circuit = self.circuit
        self._first = circuit.inputs + len(circuit.nexts) + 1
        self._nodes = self._first
        self._base = [2 * variable for variable in range(self._first)]
        for number in self.pinned:
            self._base[number + 1] = 0
        for variable, (left, right) in enumerate(circuit.gates, self._first):
            self._base.append(self._and(_of(self._base, left), _of(self._base, right)))
            self._readers[left >> 1].append(variable)
            self._readers[right >> 1].append(variable)
        for latch, literal in enumerate(circuit.nexts):
            self._loaded[literal >> 1].append(latch)
        self._shown = {literal >> 1 for literal in circuit.outputs}

    def same(self, ones: Iterable[int], until: float) -> bool:
        """Return whether all outputs are the same logic where the pinned inputs ``ones`` are 1.

        False where that is not shown by structure, or not before ``until`` on the monotonic clock.
        """
        now = {number + 1: 1 for number in ones}
        different: set[int] = set()
        changed = set(now)
        while changed:
            touched = self._settle(now, changed, until)
            if touched is None or any(now[variable] != self._base[variable] for variable in touched & self._shown):
                return False
            changed = set()
            for variable in touched:
                if now[variable] != self._base[variable]:
                    for latch in self._loaded[variable]:
                        if latch not in different:
                            different.add(latch)
                            changed.add(self._split(latch, now))
        return True

    def _split(self, latch: int, now: dict[int, Literal]) -> int:
        """Give a latch a node of its own; return its variable."""
        variable = self.circuit.inputs + 1 + latch
        now[variable] = 2 * self._new()
        return variable

    def _settle(self, now: dict[int, Literal], changed: set[int], until: float) -> set[int] | None:
        """Follow what changed through all ands; return the variables whose nodes are others now, None if it is late."""
        if time.monotonic() > until:
            return None
        touched = set(changed)
        waiting = sorted({reader for variable in changed for reader in self._readers[variable]})
        known = set(waiting)
        while waiting:
            variable = heapq.heappop(waiting)
            known.discard(variable)
            left, right = self.circuit.gates[variable - self._first]
            node = self._and(self._now(now, left), self._now(now, right))
            if node == now.get(variable, self._base[variable]):
                continue
            now[variable] = node
            touched.add(variable)
            for reader in self._readers[variable]:
                if reader not in known:
                    known.add(reader)
                    heapq.heappush(waiting, reader)
        return touched

    def _now(self, now: dict[int, Literal], literal: Literal) -> Literal:
        return now.get(literal >> 1, self._base[literal >> 1]) ^ (literal & 1)

    def _and(self, one: Literal, other: Literal) -> Literal:
        large, small = max(one, other), min(one, other)
        if small == 0 or large == small ^ 1:
            return 0
        if small == 1 or large == small:
            return large
        if (large, small) not in self._table:
            self._table[large, small] = 2 * self._new()
        return self._table[large, small]

    def _new(self) -> int:
        self._nodes += 1
        return self._nodes - 1


def _of(nodes: Sequence[Literal], literal: Literal) -> Literal:
    return nodes[literal >> 1] ^ (literal & 1)
