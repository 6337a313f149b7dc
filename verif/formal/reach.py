"""Search from reset for the shortest stimulus that hits coverage points, all points at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from verif.formal.engines import Engines
from verif.formal.solver import ABC, AUTO, DEFAULT, command_of
from verif.formal.system import System, build_system
from verif.formal.top import Question, cover_question
from verif.harness.model import Harness
from verif.sim.process import Processes

Row = tuple[int, ...]
"""The stimulus of one tick: a value a field, in the order of ``Harness.stimulus``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Witness:
    """A stimulus that makes something true in its last row."""

    rows: tuple[Row, ...]
    """From the first tick after the reset on."""
    certain: bool = True
    """False where it is known to rest on a start value or on an X: a simulation may choose another one."""

    @property
    def tick(self) -> int:
        """The row in which it is true."""
        return len(self.rows) - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """What a bounded search found."""

    witnesses: Mapping[str, Witness]
    """By id, each as short as there is one in this search, or longer and certain; several ids may share one."""
    bound: int
    """Ticks after the reset in which no other id is ever true."""
    seconds: float
    why: str = ""
    """Why it is not complete, in a sentence; empty where it is."""
    dead: int | None = None
    """The number of ticks that no run can outlast without breaking an assumption; None where there is no such end.

    0: the assumptions contradict each other, and all that is said about ids is vacuous.
    """


Told = Callable[[str, Witness], None]
"""Hears of each id as soon as it is reached."""
Bounded = Callable[[int], None]
"""Hears of so many ticks after the reset in which none of the ids is true, those that were reached among them."""


def reach(
    harness: Harness,
    ids: Sequence[str],
    folder: Path,
    *,
    depth: int,
    seconds: float,
    solver: str = DEFAULT,
    processes: Processes,
    told: Told | None = None,
    assumptions: Sequence[str] = (),
    known: Sequence[str] = (),
    clean: int = 0,
) -> Reached:
    """Search ``depth`` ticks after the reset for stimuli that hit coverage points.

    ``seconds`` limits all of it, the making of the model too. ``assumptions`` are ports that are 1 where one is broken
    (``fail_...`` of a monitor). ``known`` are points that were proven unreachable, ``clean`` is the bound of an earlier
    search for all of ``ids``; both help the solver. Files go to ``folder``. A witness may rest on a start value or an X
    that a simulation chooses otherwise: replay it.

    KeyError for an id that isn't in ``harness.covers``; Unsupported PE874 where a tick is more than one step;
    InputError PE875, ToolError PE872 for the solver. A solver that breaks off is told in ``why``.
    """
    questions = [cover_question(harness, id_) for id_ in (*ids, *known)]
    return search(
        harness,
        questions,
        folder,
        depth=depth,
        seconds=seconds,
        solver=solver,
        processes=processes,
        told=told,
        assumptions=assumptions,
        known=known,
        clean=clean,
    )


def search(
    harness: Harness,
    questions: Sequence[Question],
    folder: Path,
    *,
    depth: int,
    seconds: float,
    solver: str,
    processes: Processes,
    told: Told | None = None,
    assumptions: Sequence[str] = (),
    known: Sequence[str] = (),
    clean: int = 0,
) -> Reached:
    """Search as ``reach`` does for any questions; those in ``known`` are taken to be never true."""
    started = time.monotonic()
    command_of(solver)
    if seconds <= 0 or depth <= 0:
        why = "no time was given" if seconds <= 0 else "no depth was given"
        return Reached(witnesses={}, bound=min(clean, depth), seconds=0.0, why=why)
    system = build_system(
        harness,
        questions,
        folder,
        assumptions=[f"harness.{port}" for port in assumptions],
        bits=solver in (AUTO, ABC),
        seconds=seconds,
        processes=processes,
    )
    left = seconds - (time.monotonic() - started)
    wanted = [question.id for question in questions if question.id not in known]
    found = search_in(
        system,
        wanted,
        depth=depth,
        seconds=left,
        solver=solver,
        processes=processes,
        told=told,
        known=known,
        clean=clean,
    )
    return replace(found, seconds=time.monotonic() - started)


def search_in(
    system: System,
    ids: Sequence[str],
    *,
    depth: int,
    seconds: float,
    solver: str,
    processes: Processes,
    told: Told | None = None,
    known: Sequence[str] = (),
    clean: int = 0,
    bounded: Bounded = lambda ticks: None,
) -> Reached:
    """Search a system that was built for questions with these ids, and others; see ``search``."""
    started = time.monotonic()
    hearing = _Hearing(
        harness=system.harness, questions=system.questions, told=told, bounded=bounded, bound=min(clean, depth)
    )
    engines = Engines(system=system, solver=solver, seconds=max(0.1, seconds), processes=processes, heard=hearing.hear)
    wanted = [bit for bit, question in enumerate(system.questions) if question.id in ids]
    never = [bit for bit, question in enumerate(system.questions) if question.id in known]
    why = engines.reach(wanted, depth=depth, clean=clean, known=never)
    return hearing.result(time.monotonic() - started, why)


@dataclass(kw_only=True)
class _Hearing:
    """Collects what a worker tells."""

    harness: Harness
    questions: Sequence[Question]
    told: Told | None
    bounded: Bounded
    witnesses: dict[str, Witness] = field(default_factory=dict)
    bound: int = 0
    dead: int | None = None

    def hear(self, what: dict[str, Any]) -> None:
        """Take one thing."""
        self.bound = what.get("bound", self.bound)
        self.dead = what.get("dead", self.dead)
        if "hit" in what:
            witness = Witness(rows=rows_of(self.harness, what["inputs"]), certain=what.get("certain", True))
            for bit in what["hit"]:
                id_ = self.questions[bit].id
                self.witnesses[id_] = witness
                if self.told:
                    self.told(id_, witness)
        if "bound" in what:
            doubtful = what.get("doubtful", self.bound)
            self.bounded(min([self.bound, doubtful, *(each.tick for each in self.witnesses.values())]))

    def result(self, seconds: float, why: str) -> Reached:
        """Return what was found."""
        return Reached(witnesses=self.witnesses, bound=self.bound, seconds=seconds, why=why, dead=self.dead)


def rows_of(harness: Harness, inputs: Sequence[Mapping[str, int]]) -> tuple[Row, ...]:
    """Return stimulus rows: what nothing depends on rests, what a clock paces waits for its edge."""
    rows: list[Row] = []
    for tick, values in enumerate(inputs):
        row = [values.get(each.name, each.default) for each in harness.stimulus]
        if tick and len(harness.clocks) > 1:
            before = harness.schedule[(harness.reset_ticks + tick - 1) % len(harness.schedule)]
            row = [
                value if each.clock in ("", before) else rows[-1][place]
                for place, (each, value) in enumerate(zip(harness.stimulus, row, strict=True))
            ]
        rows.append(tuple(row))
    return tuple(rows)
