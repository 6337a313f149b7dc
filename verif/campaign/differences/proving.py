"""Search and prove on one transition system of two versions: the outputs, and relations that may help."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.campaign.differences.running import Runs, columns
from verif.formal.matching import merge_equal, never
from verif.formal.reach import Reached, search_in
from verif.formal.relations import Guessing, Observed, Relation, likely_starts
from verif.formal.solver import ABC, AUTO, DEFAULT
from verif.formal.system import System, build_system
from verif.formal.top import BOXES, LATCHES, Order, Question, cover_question
from verif.formal.unreachable import Proof, prove_in
from verif.harness.model import Harness
from verif.harness.twin import Signal, Twin
from verif.sim.process import Processes

SAMPLED_DRAWS, SAMPLED_TICKS = 3, 256
SHARED = "shared"
"""Asks whether black boxes that answer the same get different inputs, or latches that hold the same show different
values: all answers rest on that this is never so."""
_INSIDE = "harness."
"""The twin harness's instance in the module that asks."""


@dataclass(kw_only=True)
class Prover:
    """Asks about a twin harness; what was proved stays when it is asked about with other relations."""

    folder: Path
    processes: Processes
    solver: str = DEFAULT
    patience: float = 1.0
    """How many times as long Yosys may take as it would on a quiet machine."""
    assumptions: Sequence[str] = ()
    proved: dict[str, str] = field(default_factory=dict)
    """Coverage point to what proved it."""
    relations: dict[str, int] = field(default_factory=dict)
    """Kind of relation to how many were proven with the points."""
    told: Callable[[], None] = lambda: None
    """Called where more is proved."""
    _asked: tuple[Harness, dict[str, Relation]] | None = None
    _systems: dict[Order, System] = field(default_factory=dict)

    @property
    def relating(self) -> bool:
        """Whether there are relations among what is asked."""
        return self._asked is not None and bool(self._asked[1])

    def about(self, harness: Harness, relations: Sequence[Relation]) -> None:
        """Ask from now on about the covers of ``harness``, with relations."""
        self._asked = (harness, {f"relation:{number}": relation for number, relation in enumerate(relations)})
        self._systems = {}

    def reach(
        self, points: Sequence[str], *, depth: int, seconds: float, clean: int, bounded: Callable[[int], None]
    ) -> Reached:
        """Search from the reset for runs that hit points; ``bounded`` hears of ticks in which none hits any."""
        started = time.monotonic()
        system = self._system(Order.SCHEDULE, seconds)
        return search_in(
            system,
            points,
            depth=depth,
            seconds=seconds - (time.monotonic() - started),
            solver=self.solver,
            processes=self.processes,
            clean=clean,
            bounded=bounded,
        )

    def prove(self, points: Sequence[str], *, bound: int, seconds: float) -> str:
        """Prove points and relations jointly, those that aren't inductive dropped; return why that is not complete."""
        assert self._asked
        started = time.monotonic()
        harness, relations = self._asked
        several = len(harness.clocks) > 1
        system = self._system(Order.ANY if several else Order.SCHEDULE, seconds)
        equal = set(never(system))
        self.proved |= {point: "equal registers" for point in points if point in equal}
        if equal.issuperset(points):
            self._count(equal)
            return ""

        def told(id_: str, proof: Proof) -> None:
            if id_ in points:
                self.proved[id_] = proof.method
                self.told()

        found = prove_in(
            system,
            points,
            helpers=list(relations),
            bases={} if several else dict.fromkeys(points, bound),
            seconds=seconds - (time.monotonic() - started),
            solver=self.solver,
            processes=self.processes,
            told=told,
        )
        if any(point in found.proofs for point in points):
            self._count(found.proofs)
        return found.why

    def _count(self, proved: Container[str]) -> None:
        """Count the relations that were proven with points."""
        assert self._asked
        self.relations.clear()
        self.relations |= Counter(each.kind for id_, each in self._asked[1].items() if id_ in proved)

    def _system(self, order: Order, seconds: float) -> System:
        assert self._asked
        limit = max(seconds, _LEAST_SECONDS * self.patience)
        if order not in self._systems:
            harness, relations = self._asked
            questions = [cover_question(harness, point) for point in harness.covers]
            boxed = harness.same_start is not None and harness.same_start.boxes
            questions.append(Question(id=SHARED, expression=f"{LATCHES} || {BOXES}" if boxed else LATCHES))
            questions += [Question(id=id_, expression=f"!({each.holds})") for id_, each in relations.items()]
            self._systems[order] = build_system(
                harness,
                questions,
                self.folder / order,
                assumptions=[f"{_INSIDE}{port}" for port in self.assumptions],
                order=order,
                bits=self.solver in (AUTO, ABC),
                seconds=limit,
                processes=self.processes,
            )
            merge_equal(self._systems[order], seconds=limit, processes=self.processes)
        return self._systems[order]


_LEAST_SECONDS = 120.0
"""For Yosys, and to find equal registers: nothing goes without."""


def by_names(twin: Twin, old: Sequence[Signal], new: Sequence[Signal], called: Mapping[str, str]) -> list[Relation]:
    """Return the relations that registers and words of the same name are equal, of wider ones the low bits."""
    theirs = {signal.path: signal for signal in new}
    found = []
    for signal in old:
        other = theirs.get(_called(signal.path, called))
        if other:
            one, two = _place(twin, 0, signal), _place(twin, 1, other)
            if signal.width < other.width:
                two = f"{signal.width}'({two})"
            elif signal.width > other.width:
                one = f"{other.width}'({one})"
            found.append(Relation(kind="same name", text=signal.path, holds=f"{one} == {two}"))
    return found


def _called(path: str, called: Mapping[str, str]) -> str:
    """Return what NEW calls a register, or a word of a memory."""
    whole, bracket, index = path.rpartition("[")
    return f"{called[whole]}[{index}" if bracket and whole in called else called.get(path, path)


def observed_in(
    twin: Twin, runs: Runs, watch: tuple[Sequence[Signal], Sequence[Signal]]
) -> tuple[list[Observed], list[Observed]]:
    """Return the registers of both versions with their values in some runs."""
    samples = runs.samples(SAMPLED_DRAWS, SAMPLED_TICKS)
    sides = [
        [
            Observed(place=_place(twin, side, signal), width=signal.width, values=values, name=signal.path)
            for signal, values in zip(signals, columns(twin, samples, side), strict=True)
        ]
        for side, signals in enumerate(watch)
    ]
    return sides[0], sides[1]


def _place(twin: Twin, side: int, signal: Signal) -> str:
    if side == 0:
        return f"{_INSIDE}{twin.first}.{signal.path}"
    return f"{_INSIDE}{twin.second}.{twin.copy.path(signal.path)}"


def guessed(old: Sequence[Observed], new: Sequence[Observed], called: Mapping[str, str]) -> list[Relation]:
    """Return relations that held."""
    return Guessing(old, new, called).relations()


def starting_together(old: Sequence[Observed], new: Sequence[Observed], called: Mapping[str, str]) -> dict[str, str]:
    """Return registers of different names that move together and so belong together, unambiguously."""
    names, others = {each.name for each in old}, {each.name for each in new}
    free_old = [each for each in old if called.get(each.name, each.name) not in others]
    free_new = [each for each in new if each.name not in names and each.name not in called.values()]
    return likely_starts(free_old, free_new)
