"""ABC as an engine of searches and proofs: rounds that take longer and longer, over what is still open."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from verif.formal.abc import Abc, Counterexample, stimulus
from verif.formal.aiger import Aiger, Names
from verif.formal.system import FREE, System
from verif.formal.top import ASKED, LIVE

Heard = Callable[[dict[str, Any]], None]
"""Takes what ``verif.formal.smt_worker`` would tell."""

_FIRST_SECONDS = 3.0
"""Of the first round; each takes twice as long as the one before."""
_REACHABILITY_SECONDS = (2.0, 10.0, 60.0)
"""For each bit, round by round."""
_LEAST_SECONDS = 1.0
_KEPT_SHARE = 0.3
"""Of the time, for a second search where what was found rests on a start value."""
_VARIANTS = 16
"""Choices of start values and X with which a counterexample is simulated; the first is its own."""
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
    _doubtful: dict[int, dict[str, Any]] = field(default_factory=dict)
    """Bits with what was found, which rests on a start value or an X."""

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
        if self.system.assumptions and self._dead():
            self.heard({"dead": 0})
            return ""
        self._doubtful = {}
        wanted = list(wanted)
        why = self._rounds(self.circuit, wanted, depth=depth, clean=clean, keep=_KEPT_SHARE * self.left)
        if self._doubtful:
            self._rounds(self._twice, list(self._doubtful), depth=depth, clean=depth)
        elif why and wanted:
            why = self._rounds(self.circuit, wanted, depth=depth, clean=clean)
        for hit in self._doubtful.values():
            self.heard(hit)
        return why

    def _rounds(self, circuit: Aiger, wanted: list[int], *, depth: int, clean: int, keep: float = 0.0) -> str:
        """Search a circuit, longer in each round, until all is found or searched; what is found leaves ``wanted``.

        ``keep`` seconds are left for others.
        """
        frames, searched = self._reset + depth, 0
        slice_ = _FIRST_SECONDS
        while wanted and searched < frames:
            if self.left - keep < _LEAST_SECONDS:
                return "the time ran out"
            found = self.abc.bounded(circuit.only(wanted), frames=frames, seconds=min(slice_, self.left - keep))
            hit = self._tell(found.found, wanted)
            wanted[:] = [bit for bit in wanted if bit not in hit]
            searched = found.frames
            if clean < depth:
                doubtful = {"doubtful": min(each["tick"] for each in self._doubtful.values())} if self._doubtful else {}
                self.heard({"bound": max(clean, min(depth, searched - self._reset)), **doubtful})
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
                if answer.found:
                    self._tell(answer.found, [bit])
                if answer.proved or answer.refuted:
                    wanted.remove(bit)
        return ""

    def _dead(self) -> bool:
        """Return whether no run keeps the assumptions in its first tick."""
        live = self.circuit.only([len(self.system.questions)])
        found = self.abc.bounded(live, frames=self._reset + 1, seconds=max(1.0, self.left / 4))
        return not found.found and found.frames > self._reset

    @cached_property
    def _twice(self) -> Aiger:
        """The circuit beside itself: start values and X are 0 in the one and 1 in the other."""
        return self.circuit.doubled(self._unknown)

    @cached_property
    def _unknown(self) -> list[int]:
        """The inputs that a simulation chooses: start values, and what stands for an X."""
        names = self._names.inputs
        return [n for n in range(self.circuit.inputs) if n not in names or names[n][0].startswith(FREE)]

    def _tell(self, traces: Sequence[Counterexample], wanted: Sequence[int]) -> set[int]:
        """Simulate traces side by side; tell of each wanted bit the first step of a trace in which it is 1 for sure.

        Each trace is simulated as it is and with other start values and X. Where a bit is 1 with some only it is
        kept as doubtful. Return all that were 1.
        """
        lanes = [trace for trace in traces for _ in range(_VARIANTS)]
        shown = self.circuit.only(wanted).simulate(self._varied(lanes), len(lanes))
        all_variants = (1 << _VARIANTS) - 1
        hits: dict[tuple[int, int, bool], list[int]] = {}
        for place, bit in enumerate(wanted):
            found = [
                (lane, step, variants == all_variants)
                for step, values in enumerate(shown)
                for lane, trace in enumerate(traces)
                if step < len(trace.steps) and (variants := values[place] >> lane * _VARIANTS & all_variants) & 1
            ]
            if found:
                hits.setdefault(min(found, key=lambda hit: (not hit[2], hit[1])), []).append(bit)
        for (lane, step, certain), bits in sorted(hits.items()):
            inputs = [self._ports(traces[lane], number) for number in range(self._reset, step + 1)]
            told = {"tick": step - self._reset, "inputs": inputs, "certain": certain}
            if certain:
                self.heard({"hit": bits, **told})
                for bit in bits:
                    self._doubtful.pop(bit, None)
            else:
                for bit in bits:
                    self._doubtful.setdefault(bit, {"hit": [bit], **told})
        return {bit for bits in hits.values() for bit in bits}

    def _varied(self, lanes: Sequence[Counterexample]) -> list[list[int]]:
        """Return the inputs of lanes; in all but the first of each trace's lanes simulation chooses what it may."""
        rows, dice = stimulus(self.circuit, lanes), Random(len(lanes))
        chosen = sum(1 << lane for lane in range(len(lanes)) if lane % _VARIANTS)
        for row in rows:
            for number in self._unknown:
                row[number] = row[number] & ~chosen | dice.getrandbits(max(1, len(lanes))) & chosen
        return rows

    def _ports(self, trace: Counterexample, step: int) -> Mapping[str, int]:
        values = {name: 0 for name, _ in self._names.inputs.values()}
        for number in trace.steps[step]:
            if number in self._names.inputs:
                name, bit = self._names.inputs[number]
                values[name] |= 1 << bit
        return values
