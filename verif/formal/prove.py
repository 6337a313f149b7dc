"""Proofs that ports of a harness are never 1: that a monitor never fails, that an invariant holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.formal.reach import Reached, Row, Witness, search
from verif.formal.solver import DEFAULT
from verif.formal.top import Question
from verif.formal.unreachable import DEPTH, Invariant, Proof, prove
from verif.harness.model import Harness
from verif.sim.process import Processes
from verif.verdict import ProofStatus

DEEPEST = 10_000
"""Ticks after the reset where only time limits a search."""
_PROVING = 0.5
"""The share of the time that goes into proofs, between a short search and a long one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Never:
    """What is known about "this is never true"."""

    id: str
    status: ProofStatus = ProofStatus.UNKNOWN
    bound: int = 0
    """PROVED: depth of the proof; FAILED: the tick of the failure; else ticks after the reset without one."""
    method: str = ""
    """``constant``, ``induction`` or ``pdr`` where it is proved, ``bounded`` where so many ticks were looked at."""
    rows: tuple[Row, ...] = ()
    """FAILED: the stimulus after the reset; it is true in the last row."""
    seconds: float = 0.0
    """From the beginning to this answer."""
    why: str = ""
    """Why there is no better answer, in a sentence."""


Told = Callable[[Never], None]


def prove_never(
    harness: Harness,
    questions: Sequence[str | Invariant],
    folder: Path,
    *,
    depth: int | None = None,
    seconds: float,
    solver: str = DEFAULT,
    processes: Processes,
    told: Told = lambda answer: None,
    assumptions: Sequence[str] = (),
    invariants: Sequence[Invariant] = (),
    conditions: Mapping[str, str] | None = None,
) -> dict[str, Never]:
    """Answer for each of ``questions`` whether it can ever be true after the reset; ids to answers.

    A question is a one-bit port of the harness (``fail_...``: never 1), or an ``Invariant`` (never violated). All are
    asked together: first a short search from the reset, then a joint proof, then a search as deep as ``depth`` (None:
    as the time allows). ``told`` hears of each final answer as it comes. ``assumptions`` are ports that are 1 where an
    assumption is broken; a run counts up to there. ``invariants`` were proven under the same assumptions.
    ``conditions``: question to the port that is 1 where the question's condition is met (``seen_...``).

    PROVED: never, in no run. FAILED: ``rows`` lead there; they may rest on a start value or an X that a simulation
    chooses otherwise, so replay them. BOUNDED: not within ``bound`` ticks. VACUOUS: the assumptions contradict each
    other, or the condition is proven never to be met. UNKNOWN: the search did not come to its end, ``bound`` tells how
    far it came. Exceptions are those of ``reach``; a solver that breaks off is told in ``why``.
    """
    asked = [_question(each) for each in questions]
    return _Proving(
        harness=harness,
        questions={question.id: question for question in asked},
        folder=folder,
        depth=DEEPEST if depth is None else depth,
        seconds=seconds,
        solver=solver,
        processes=processes,
        told=told,
        assumptions=assumptions,
        invariants=invariants,
        conditions={id_: _port(port) for id_, port in (conditions or {}).items()},
    ).perform()


def _question(asked: str | Invariant) -> Question:
    return asked.violated if isinstance(asked, Invariant) else _port(asked)


def _port(name: str) -> Question:
    return Question(id=name, expression=f"harness.{name}")


@dataclass(kw_only=True)
class _Proving:
    """One call as it goes on."""

    harness: Harness
    questions: Mapping[str, Question]
    folder: Path
    depth: int
    seconds: float
    solver: str
    processes: Processes
    told: Told
    assumptions: Sequence[str]
    invariants: Sequence[Invariant]
    conditions: Mapping[str, Question]
    answers: dict[str, Never] = field(default_factory=dict)
    proofs: dict[str, Proof] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    """Conditions that were met."""
    bound: int = 0
    why: str = ""
    started: float = field(default_factory=time.monotonic)

    def perform(self) -> dict[str, Never]:
        """Search a little, prove, search on; answer what is left."""
        found = self._search(min(self.depth, DEPTH), self.seconds)
        if found.dead == 0:
            self._answer_all(ProofStatus.VACUOUS, "the assumptions contradict each other: no run keeps them")
            return self.answers
        if self._open and self._left > 0:
            self._prove(self._left * _PROVING)
        if self._open and self._left > 0 and self.bound < self.depth:
            self._search(self.depth, self._left)
        status = ProofStatus.BOUNDED if self.bound >= self.depth > 0 else ProofStatus.UNKNOWN
        self._answer_all(status, self.why)
        return {id_: self.answers[id_] for id_ in self.questions}

    @property
    def _left(self) -> float:
        return self.seconds - (time.monotonic() - self.started)

    @property
    def _open(self) -> list[Question]:
        return [question for id_, question in self.questions.items() if id_ not in self.answers]

    @property
    def _wanted(self) -> list[Question]:
        """Conditions of which it isn't known whether they can be met."""
        return [each for each in self.conditions.values() if each.id not in self.met and each.id not in self.proofs]

    def _search(self, depth: int, seconds: float) -> Reached:
        found = search(
            self.harness,
            [*self._open, *self._wanted, *self._known],
            self.folder,
            depth=depth,
            seconds=seconds,
            solver=self.solver,
            processes=self.processes,
            told=self._found,
            assumptions=self.assumptions,
            known=[question.id for question in self._known],
            clean=self.bound,
        )
        self.bound, self.why = found.bound, found.why
        if found.dead:
            self.why = f"no run outlasts {found.dead} ticks without breaking an assumption"
        return found

    @property
    def _known(self) -> list[Question]:
        proven = [self.questions[id_] for id_ in self.proofs if id_ in self.questions]
        return [*proven, *(each.violated for each in self.invariants)]

    def _found(self, id_: str, witness: Witness) -> None:
        if id_ in self.questions:
            self._answer(id_, ProofStatus.FAILED, bound=witness.tick, rows=witness.rows)
        else:
            self.met.add(id_)

    def _prove(self, seconds: float) -> None:
        questions = [*self._open, *self._wanted]
        prove(
            self.harness,
            questions,
            self.folder,
            bases=dict.fromkeys((question.id for question in questions), self.bound),
            seconds=seconds,
            solver=self.solver,
            processes=self.processes,
            told=self.proofs.__setitem__,
            known=[each.violated for each in self.invariants],
            assumptions=self.assumptions,
            depth=DEPTH,
        )
        for id_ in [id_ for id_ in self.proofs if id_ in self.questions]:
            proof = self.proofs[id_]
            self._answer(id_, ProofStatus.PROVED, bound=proof.depth, method=proof.method)

    def _answer_all(self, status: ProofStatus, why: str) -> None:
        for question in self._open:
            self._answer(question.id, status, bound=self.bound, method="bounded" if self.bound else "", why=why)

    def _answer(
        self,
        id_: str,
        status: ProofStatus,
        *,
        bound: int,
        method: str = "",
        rows: tuple[Row, ...] = (),
        why: str = "",
    ) -> None:
        condition = self.conditions.get(id_)
        if status is not ProofStatus.FAILED and condition and condition.id in self.proofs:
            status, why = ProofStatus.VACUOUS, "its condition is proven never to be met"
        seconds = time.monotonic() - self.started
        answer = Never(id=id_, status=status, bound=bound, method=method, rows=rows, seconds=seconds, why=why)
        self.answers[id_] = answer
        self.told(answer)
