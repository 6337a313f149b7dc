"""Which engine answers: ABC's on bits, a solver on words, or one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from verif.errors import ToolError
from verif.formal.abc import Abc
from verif.formal.abc_engine import AbcEngine
from verif.formal.smt_worker import Job
from verif.formal.solver import ABC, AUTO, COMMANDS, SMT, command_of
from verif.formal.system import System
from verif.formal.worker import MEMORY_LIMIT, run_job
from verif.sim.process import Processes

Heard = Callable[[dict[str, Any]], None]

_INDUCTION_SHARE, _CORRESPONDENCE_SHARE = 0.4, 0.5
"""Of the time that is left, where several engines take turns; the last takes the rest."""
_LEAST_SECONDS = 1.0


@dataclass(kw_only=True)
class Engines:
    """Asks engines about one system; ``heard`` takes what they tell, in the words of ``smt_worker``.

    AUTO searches with ABC, and proves by joint induction with a solver where one is installed, then by ABC's
    correspondence, then by reachability: ``benchmarks/proofs.py`` says why. Systems with memories too large for bits
    are left to the solver.
    """

    system: System
    solver: str
    seconds: float
    processes: Processes
    heard: Heard
    proved: set[int] = field(default_factory=set)
    started: float = field(default_factory=time.monotonic)
    _known: Sequence[int] = ()

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.seconds - (time.monotonic() - self.started)

    def reach(self, wanted: Sequence[int], *, depth: int, clean: int, known: Sequence[int] = ()) -> str:
        """Search for runs in which bits are 1; return why that is not complete, empty where it is.

        ``known`` are bits that are never 1.
        """
        if self._on_bits:
            return self._abc.reach(wanted, depth=depth, clean=clean)
        return self._run(
            kind="reach",
            inputs=[each.name for each in self.system.harness.stimulus],
            open=wanted,
            known=known,
            depth=depth,
            clean=clean,
            assumptions=bool(self.system.assumptions),
        )

    def prove(
        self, bases: Mapping[int, int], *, depth: int, helpers: Container[int] = (), known: Sequence[int] = ()
    ) -> str:
        """Prove the bits of ``bases`` to be 0 for ever; return why that is not complete.

        ``known`` are bits that are never 1, ``helpers`` are some of ``bases`` whose own answer doesn't matter.
        """
        self._known = known

        def wanted() -> list[int]:
            return [bit for bit in self._open(bases) if bit not in helpers]

        if self.solver in COMMANDS:
            return self._induction(bases, depth, self.left)
        why = ""
        if self.solver == AUTO and self._smt:
            why = self._induction(bases, depth, self.left * (_INDUCTION_SHARE if self._on_bits else 1.0))
        if self._on_bits and wanted():
            self._abc.correspond(self._open(bases), self.left * _CORRESPONDENCE_SHARE)
        if self._on_bits and wanted():
            why = self._abc.directed(wanted())
        return why if wanted() else ""

    @property
    def _on_bits(self) -> bool:
        return self.solver in (AUTO, ABC) and self.system.aiger.exists()

    @property
    def _smt(self) -> str:
        """The solver that AUTO uses; empty where none is installed."""
        for name in dict.fromkeys((SMT, *COMMANDS)):
            try:
                command_of(name)
            except ToolError:
                continue
            return name
        return ""

    @property
    def _abc(self) -> AbcEngine:
        abc = Abc(folder=self.system.folder, processes=self.processes, memory=MEMORY_LIMIT)
        return AbcEngine(system=self.system, abc=abc, seconds=self.left, heard=self._hear)

    def _induction(self, bases: Mapping[int, int], depth: int, seconds: float) -> str:
        wanted = self._open(bases)
        base = [bases[bit] for bit in wanted]
        known = [*self._known, *self.proved]
        return self._run(kind="induction", open=wanted, base=base, known=known, depth=depth, seconds=seconds)

    def _run(self, *, seconds: float | None = None, inputs: Sequence[str] = (), **job: Any) -> str:
        name = self.solver if self.solver in COMMANDS else self._smt or SMT
        return run_job(
            Job(
                smt=str(self.system.smt),
                solver=command_of(name),
                inputs=inputs,
                reset_ticks=self.system.harness.reset_ticks,
                memory=MEMORY_LIMIT,
                **job,
            ),
            self.system.folder,
            seconds=max(_LEAST_SECONDS, self.left if seconds is None else seconds),
            processes=self.processes,
            heard=self._hear,
        )

    def _open(self, bases: Mapping[int, int]) -> list[int]:
        return [bit for bit in bases if bit not in self.proved]

    def _hear(self, what: dict[str, Any]) -> None:
        self.proved.update(what.get("proved", ()))
        self.heard(what)
