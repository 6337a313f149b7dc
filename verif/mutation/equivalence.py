"""Whether mutants do what the design does: proofs that they always do, or stimuli that tell them apart.

All mutants of a group are copies in one model (``verif.formal.copies``), beside a copy of the design itself, which must
be proven to do what it does: where it can't be, an X decides outputs, and nothing is claimed of the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from verif.design.model import SourceSet
from verif.errors import InputError, ToolError, Unsupported
from verif.formal.abc import Abc
from verif.formal.abc_engine import AbcEngine
from verif.formal.copies import Copies, copies_system, with_copies
from verif.formal.engines import Engines
from verif.formal.reach import Witness, rows_of
from verif.formal.solver import AUTO
from verif.formal.system import System
from verif.formal.top import Order
from verif.formal.unreachable import DEPTH, Proof
from verif.formal.worker import MEMORY_LIMIT
from verif.harness.model import Harness
from verif.sim.process import Processes

GROUP = 16
"""Mutants in one model: more share its reading, fewer keep it small."""
SHALLOW = 10
"""Ticks after the reset that are searched before what needs time is tried."""
_LATE = "the time ran out"
_ITSELF = "the design itself"
_LATE = "the time ran out"
_SHARES = (0.2, 0.3, 0.4, 1.0)
"""Of the time that is left: correspondence, the shallow search, reachability, the deep search."""
_PATIENCE = 0.05
"""Of all the time, for each mutant that is open, in each step but the first: few of them don't take it all."""
_LEAST_SECONDS = 1.0
_QUICK_SECONDS = 30.0
"""For correspondence, which proves most of what can be proven, in a second unless the machine is busy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Equivalence:
    """What is known about one mutant: a proof, or a witness, or neither."""

    proof: Proof | None = None
    """That no run tells it from the design: whatever the start values, whatever an X is."""
    witness: Witness | None = None
    """A run in whose last row an output differs; uncertain ones rest on a start value or an X."""
    bound: int = 0
    """Ticks after the reset in which nothing differs."""
    seconds: float = 0.0
    """Time that its group took until it was known."""
    why: str = ""
    """Why there is no better answer, in a sentence."""

    @property
    def decided(self) -> bool:
        """Whether there is a proof, or a witness that rests on nothing that a simulation chooses."""
        return self.proof is not None or (self.witness is not None and self.witness.certain)

    @property
    def unasked(self) -> bool:
        """Whether the time ran out before anything was searched, so that the same question may have an answer later."""
        return self.why == _LATE and not self.decided and not self.bound


Told = Callable[[str, Equivalence], None]
"""Hears of each mutant as soon as nothing more will be tried: its id and the answer."""


def decide(
    harness: Harness,
    mutants: Mapping[str, SourceSet],
    folder: Path,
    *,
    seconds: float,
    depth: int,
    processes: Processes,
    told: Told = lambda id_, answer: None,
    controls: Collection[str] = (),
) -> dict[str, Equivalence]:
    """Answer for each mutant, given as the sources of the whole design, whether ``harness`` can tell it apart.

    The stimulus is whatever the harness's transactors make of any rows, from its reset on, within its assumptions.
    ``seconds`` is the time for all, ``depth`` the number of ticks after the reset that are searched at most. A mutant
    that no model takes has no answer, and the reason in ``why``. Of ``controls`` it is asked only whether the quickest
    proof holds, which it must not. ToolError PE306 without Yosys.
    """
    answers: dict[str, Equivalence] = {}
    deadline, size = time.monotonic() + seconds, GROUP
    for number in count():
        waiting = [id_ for id_ in mutants if id_ not in answers]
        late = time.monotonic() >= deadline
        if late:
            for id_ in waiting:
                answers[id_] = Equivalence(why=_LATE)
                told(id_, answers[id_])
        if late or not waiting:
            break
        deciding = _Deciding(
            harness=harness,
            folder=folder / str(number),
            until=time.monotonic() + max(0.0, deadline - time.monotonic()) / -(-len(waiting) // size),
            deadline=deadline,
            depth=depth,
            processes=processes,
            patience=max(_LEAST_SECONDS, _PATIENCE * seconds),
            controls=frozenset(controls),
        )
        try:
            for id_, answer in deciding.decide({id_: mutants[id_] for id_ in waiting[:size]}):
                answers[id_] = answer
                told(id_, answer)
        except _TooLarge:
            size = -(-size // 2)
    return answers


class _TooLarge(Exception):
    """Together the memories of a group are too large for the engines that work on bits."""


@dataclass(kw_only=True)
class _Deciding:
    """One group as it is decided."""

    harness: Harness
    folder: Path
    until: float
    """When its share of the time is over; making the model doesn't count."""
    deadline: float
    """When all time is over."""
    depth: int
    processes: Processes
    patience: float
    controls: frozenset[str]
    began: float = field(default_factory=time.monotonic)
    _known: dict[str, Equivalence] = field(default_factory=dict)
    _bound: int = 0

    def decide(self, mutants: Mapping[str, SourceSet]) -> Iterator[tuple[str, Equivalence]]:
        """Yield answers; a group that no model takes is cut in two until those that are why are alone."""
        if self._left <= 0:
            yield from ((id_, Equivalence(why=_LATE)) for id_ in mutants)
            return
        self._known, self._bound = {}, 0
        try:
            self._solve(with_copies(self.harness, {_ITSELF: self.harness.design.sources, **mutants}))
        except (InputError, Unsupported) as error:
            yield from self._halves(mutants, error.sentence)
            return
        except ToolError as error:
            if error.code != "PE871":
                raise
            yield from self._halves(mutants, error.sentence)
            return
        for id_ in mutants:
            yield id_, self._answer(id_)

    def _halves(self, mutants: Mapping[str, SourceSet], why: str) -> Iterator[tuple[str, Equivalence]]:
        ids = list(mutants)
        if len(ids) == 1:
            yield ids[0], Equivalence(why=why)
            return
        for half in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
            yield from self.decide({id_: mutants[id_] for id_ in half})

    def _answer(self, id_: str) -> Equivalence:
        searched = self._bound >= self.depth
        why = f"no difference within {self._bound} ticks" if searched else _LATE
        nothing = Equivalence(bound=self._bound, seconds=self._spent, why=why)
        found = self._known.get(id_, nothing)
        itself = self._known.get(_ITSELF, Equivalence())
        if itself.proof or found.proof or not found.witness:
            return found
        if itself.witness:
            why = "an X decides outputs of the design, so no difference is certain"
            return Equivalence(bound=0, seconds=found.seconds, why=why)
        return replace(nothing, bound=found.bound, why="the time ran out before the design was compared with itself")

    @property
    def _left(self) -> float:
        return self.until - time.monotonic()

    @property
    def _spent(self) -> float:
        return time.monotonic() - self.began

    def _solve(self, copies: Copies) -> None:
        several = len(self.harness.clocks) > 1
        run = self._system(copies, "run", Order.SCHEDULE)
        if not run.aiger.exists() and len(copies.modules) > 2:
            raise _TooLarge
        proof = self._system(copies, "proof", Order.ANY) if several else run
        self._prove(proof, quick=True)
        self._search(run, min(SHALLOW, self.depth), 1)
        self._prove(proof, quick=False)
        if self.depth > SHALLOW:
            self._search(run, self.depth, 3)

    def _system(self, copies: Copies, name: str, order: Order) -> System:
        start = time.monotonic()
        left = max(_LEAST_SECONDS, self.deadline - start)
        made = copies_system(copies, self.folder / name, order=order, seconds=left, processes=self.processes)
        self.until = min(self.deadline, self.until + time.monotonic() - start)
        return made

    def _prove(self, system: System, *, quick: bool) -> None:
        """Prove what is open: by correspondence first, by reachability later."""
        seconds = max(_QUICK_SECONDS, self._left * _SHARES[0]) if quick else self._share(system, 2)
        wanted = self._open(system, controls=quick)
        if not wanted or seconds < _LEAST_SECONDS:
            return
        if not system.aiger.exists():
            if quick:
                self._engines(system, seconds).prove(dict.fromkeys(wanted, 0), depth=DEPTH)
            return
        engine = self._abc(system, seconds)
        if quick:
            engine.correspond(wanted, seconds)
        else:
            engine.directed(wanted)

    def _share(self, system: System, step: int) -> float:
        """Return the seconds for a step: a share of what is left, and no more than what is open is worth."""
        return min(self._left * _SHARES[step], self.patience * len(self._open(system)))

    def _search(self, system: System, depth: int, step: int) -> None:
        seconds = self._share(system, step)
        wanted = self._open(system)
        if not wanted or seconds < _LEAST_SECONDS:
            return
        engine = self._abc(system, seconds) if system.aiger.exists() else self._engines(system, seconds)
        engine.reach(wanted, depth=depth, clean=self._bound)

    def _abc(self, system: System, seconds: float) -> AbcEngine:
        abc = Abc(folder=system.folder, processes=self.processes, memory=MEMORY_LIMIT)
        return AbcEngine(system=system, abc=abc, seconds=seconds, heard=lambda what: self._hear(system, what))

    def _engines(self, system: System, seconds: float) -> Engines:
        return Engines(
            system=system,
            solver=AUTO,
            seconds=seconds,
            processes=self.processes,
            heard=lambda what: self._hear(system, what),
        )

    def _open(self, system: System, *, controls: bool = False) -> list[int]:
        """Return the questions without a final answer."""
        asked = [question.id for question in system.questions]
        answers = [self._known.get(id_, Equivalence()) for id_ in asked]
        return [
            bit
            for bit, (id_, answer) in enumerate(zip(asked, answers, strict=True))
            if not answer.decided and (controls or id_ not in self.controls)
        ]

    def _hear(self, system: System, what: dict[str, Any]) -> None:
        """Take what an engine tells."""
        self._bound = max(self._bound, what.get("bound", 0))
        for bit in what.get("proved", ()):
            depth = what["depth"]
            method = what.get("method") or ("induction" if depth else "constant")
            self._keep(system, bit, Equivalence(proof=Proof(method=method, depth=depth), seconds=self._spent))
        if "hit" in what:
            witness = Witness(rows=rows_of(system.harness, what["inputs"]), certain=what.get("certain", True))
            for bit in what["hit"]:
                self._keep(system, bit, Equivalence(witness=witness, bound=witness.tick, seconds=self._spent))

    def _keep(self, system: System, bit: int, answer: Equivalence) -> None:
        id_ = system.questions[bit].id
        known = self._known.get(id_)
        if known is None or not known.decided:
            self._known[id_] = answer
