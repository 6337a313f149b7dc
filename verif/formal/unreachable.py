"""Proofs that coverage points can never be hit."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from verif.formal.engines import Engines
from verif.formal.solver import ABC, AUTO, DEFAULT, command_of
from verif.formal.system import System, build_system
from verif.formal.top import Order, Question, cover_question
from verif.harness.model import Harness
from verif.sim.process import Processes

DEPTH = 4
"""Largest depth of the induction unless told otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invariant:
    """Something that was proven to hold in every tick after the reset."""

    id: str
    expression: str
    """One bit in Verilog, 1 where it holds; ``harness`` is the harness: ``harness.dut.count <= 5'd16``."""

    @property
    def violated(self) -> Question:
        """Whether it ever doesn't hold."""
        return Question(id=self.id, expression=f"!({self.expression})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """Why something is never true."""

    method: str
    """``constant`` where no state and no input makes it true, ``induction``, ``correspondence`` (induction over signals
    that are equal or constant), or ``pdr`` (property directed reachability)."""
    depth: int
    """Of the induction; for ``pdr`` the number of its frames."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreachable:
    """What was proven."""

    proofs: Mapping[str, Proof]
    """By id."""
    seconds: float
    why: str = ""
    """Why it is not complete, in a sentence; empty where all was tried."""


Told = Callable[[str, Proof], None]
"""Hears of each id as soon as it is proven."""


def unreachable(
    harness: Harness,
    ids: Sequence[str],
    folder: Path,
    *,
    base: int | Mapping[str, int] = 0,
    seconds: float,
    solver: str = DEFAULT,
    processes: Processes,
    told: Told | None = None,
    invariants: Sequence[Invariant] = (),
    assumptions: Sequence[str] = (),
    known: Sequence[str] = (),
    depth: int = DEPTH,
) -> Unreachable:
    """Prove coverage points unreachable, jointly, by induction to ``depth``.

    ``base`` is the number of ticks after the reset in which a completed search (``Reached.bound``) hit none of them;
    what is missing of the base case is looked at here. ``invariants`` and the points ``known`` must have been proven
    under the same assumptions. A proof holds for every start value, every X and, with several clocks, every order of
    their edges. For the rest see ``reach``.
    """
    bases = {id_: base if isinstance(base, int) else base.get(id_, 0) for id_ in ids}
    return prove(
        harness,
        [cover_question(harness, id_) for id_ in ids],
        folder,
        bases=bases,
        seconds=seconds,
        solver=solver,
        processes=processes,
        told=told,
        known=[*(cover_question(harness, id_) for id_ in known), *(each.violated for each in invariants)],
        assumptions=assumptions,
        depth=depth,
    )


def prove(
    harness: Harness,
    questions: Sequence[Question],
    folder: Path,
    *,
    bases: Mapping[str, int],
    seconds: float,
    solver: str,
    processes: Processes,
    told: Told | None,
    known: Sequence[Question],
    assumptions: Sequence[str],
    depth: int,
    helpers: Sequence[Question] = (),
) -> Unreachable:
    """Prove as ``unreachable`` does for any questions; those in ``known`` are never true.

    ``helpers`` are asked about together with the others, for what they add to a joint proof, not for themselves.
    """
    started = time.monotonic()
    command_of(solver)
    if len(harness.clocks) > 1:
        bases = dict.fromkeys(bases, 0)  # a search keeps to the schedule, a proof doesn't
    if seconds <= 0:
        return Unreachable(proofs={}, seconds=0.0, why="no time was given")
    system = build_system(
        harness,
        [*questions, *helpers, *known],
        folder,
        assumptions=[f"harness.{port}" for port in assumptions],
        order=Order.ANY,
        bits=solver in (AUTO, ABC),
        seconds=seconds,
        processes=processes,
    )
    found = prove_in(
        system,
        [question.id for question in questions],
        helpers=[question.id for question in helpers],
        known=[question.id for question in known],
        bases=bases,
        seconds=seconds - (time.monotonic() - started),
        solver=solver,
        processes=processes,
        told=told,
        depth=depth,
    )
    return replace(found, seconds=time.monotonic() - started)


def prove_in(
    system: System,
    ids: Sequence[str],
    *,
    helpers: Sequence[str] = (),
    known: Sequence[str] = (),
    bases: Mapping[str, int],
    seconds: float,
    solver: str,
    processes: Processes,
    told: Told | None = None,
    depth: int = DEPTH,
) -> Unreachable:
    """Prove on a system that was built for questions with these ids, and others; see ``prove``."""
    started = time.monotonic()
    hearing = _Hearing(questions=system.questions, told=told)
    engines = Engines(system=system, solver=solver, seconds=max(0.1, seconds), processes=processes, heard=hearing.hear)
    places = {question.id: bit for bit, question in enumerate(system.questions)}
    base = {places[id_]: bases.get(id_, 0) for id_ in (*ids, *helpers)}
    why = engines.prove(
        base,
        depth=depth,
        helpers=[places[id_] for id_ in helpers],
        known=[places[id_] for id_ in known],
    )
    return hearing.result(time.monotonic() - started, why)


@dataclass(kw_only=True)
class _Hearing:
    """Collects what a worker tells."""

    questions: Sequence[Question]
    told: Told | None
    proofs: dict[str, Proof] = field(default_factory=dict)

    def hear(self, what: dict[str, Any]) -> None:
        """Take one thing."""
        for bit in what.get("proved", ()):
            id_, depth = self.questions[bit].id, what["depth"]
            self.proofs[id_] = Proof(method=what.get("method") or ("induction" if depth else "constant"), depth=depth)
            if self.told:
                self.told(id_, self.proofs[id_])

    def result(self, seconds: float, why: str) -> Unreachable:
        """Return what was proven."""
        return Unreachable(proofs=self.proofs, seconds=seconds, why=why)
