"""ABC as an engine of searches and proofs: rounds that take longer and longer, over what is still open."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from verif.formal.abc import Abc, Counterexample, stimulus
from verif.formal.aiger import Aiger, Names
from verif.formal.system import System
from verif.formal.top import ASKED, LIVE

Heard = Callable[[dict[str, Any]], None]
"""Takes what ``verif.formal.smt_worker`` would tell."""

_FIRST_SECONDS = 3.0
"""Of the first round; each takes twice as long as the one before."""
_REACHABILITY_SECONDS = (2.0, 10.0, 60.0)
"""For each bit, round by round."""
_LEAST_SECONDS = 1.0
_CORRESPONDENCE = (1, 2, 4)
"""Depths of the induction over equal signals."""


@dataclass(kw_only=True)
class AbcEngine:
    """Answers about one system."""

    system: System
    abc: Abc
    seconds: float
    heard: Heard
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.seconds - (time.monotonic() - self.started)

    @cached_property
    def circuit(self) -> Aiger:
        """The bits of ``ASKED`` in order, then ``LIVE``."""
        whole, bits = Aiger.read(self.system.aiger), len(self.system.questions)
        live = len(whole.outputs) - 1
        # The map leaves out what is constant; the order is that of the ports.
        assert all(self._names.outputs.get(bit, (ASKED, bit)) == (ASKED, bit) for bit in range(bits))
        assert self._names.outputs.get(live, (LIVE, 0)) == (LIVE, 0)
        return whole.only([*range(bits), live])

    @cached_property
    def _names(self) -> Names:
        return Names.read(self.system.names)

    @property
    def _reset(self) -> int:
        return self.system.harness.reset_ticks

    def reach(self, wanted: Sequence[int], *, depth: int, clean: int) -> str:
        """Search for runs in which bits are 1; return why that is not complete, empty where it is."""
        frames, start = self._reset + depth, self._reset + clean
        if self.system.assumptions and self._dead():
            self.heard({"dead": 0})
            return ""
        wanted = list(wanted)
        slice_ = _FIRST_SECONDS
        while wanted and start < frames:
            if self.left < _LEAST_SECONDS:
                return "the time ran out"
            found = self.abc.bounded(self.circuit.only(wanted), frames=frames, seconds=min(slice_, self.left))
            hit = set(self._tell(found.found, wanted))
            wanted = [bit for bit in wanted if bit not in hit]
            start = max(start, found.frames)
            self.heard({"bound": max(clean, min(depth, start - self._reset))})
            if found.why:
                return found.why
            slice_ *= 2
        return ""

    def correspond(self, wanted: Sequence[int], seconds: float) -> None:
        """Prove bits to be 0 for ever by induction over signals that are equal or constant."""
        wanted = list(wanted)
        for number, depth in enumerate(_CORRESPONDENCE, 1):
            share = (seconds - (time.monotonic() - self.started)) / (len(_CORRESPONDENCE) + 1 - number)
            if not wanted or share < _LEAST_SECONDS:
                return
            constant = self.abc.constant(self.circuit.only(wanted), depth=depth, seconds=share)
            proved = [wanted[number] for number in constant]
            self.heard({"proved": proved, "depth": depth, "method": "correspondence"})
            wanted = [bit for bit in wanted if bit not in proved]

    def directed(self, wanted: Sequence[int]) -> str:
        """Prove bits to be 0 for ever by reachability, one by one; return why that is not complete."""
        wanted = list(wanted)
        for slice_ in _REACHABILITY_SECONDS:
            for bit in list(wanted):
                if self.left < _LEAST_SECONDS:
                    return "the time ran out"
                answer = self.abc.directed(self.circuit.only([bit]), seconds=min(slice_, self.left))
                if answer.proved:
                    self.heard({"proved": [bit], "depth": answer.frames, "method": "pdr"})
                if answer.proved or answer.refuted:
                    wanted.remove(bit)
        return ""

    def _dead(self) -> bool:
        """Return whether no run keeps the assumptions in its first tick."""
        live = self.circuit.only([len(self.system.questions)])
        found = self.abc.bounded(live, frames=self._reset + 1, seconds=max(1.0, self.left / 4))
        return not found.found and found.frames > self._reset

    def _tell(self, traces: Sequence[Counterexample], wanted: Sequence[int]) -> Iterator[int]:
        """Simulate traces side by side; tell of each wanted bit the first step of a trace in which it is 1."""
        shown = self.circuit.only(wanted).simulate(stimulus(self.circuit, traces), len(traces))
        hits: dict[tuple[int, int], list[int]] = {}
        for place, bit in enumerate(wanted):
            for step, values in enumerate(shown):
                if lanes := values[place] & self._lasting(traces, step):
                    hits.setdefault(((lanes & -lanes).bit_length() - 1, step), []).append(bit)
                    break
        for (lane, step), bits in sorted(hits.items()):
            inputs = [self._ports(traces[lane], number) for number in range(self._reset, step + 1)]
            self.heard({"hit": bits, "tick": step - self._reset, "inputs": inputs})
            yield from bits

    def _lasting(self, traces: Sequence[Counterexample], step: int) -> int:
        """Return the lanes of the traces that have a step."""
        return sum(1 << lane for lane, trace in enumerate(traces) if len(trace.steps) > step)

    def _ports(self, trace: Counterexample, step: int) -> Mapping[str, int]:
        values = {name: 0 for name, _ in self._names.inputs.values()}
        for number in trace.steps[step]:
            if number in self._names.inputs:
                name, bit = self._names.inputs[number]
                values[name] |= 1 << bit
        return values
