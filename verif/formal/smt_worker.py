"""The process that talks to a solver: it takes a job from a file and tells one JSON object a line as it goes on.

What it tells: ``{"hit": [bit ...], "tick": t, "inputs": [{port: value} ...]}``, ``{"bound": ticks}``,
``{"proved": [bit ...], "depth": k}``, ``{"dead": t}`` where no run is longer than ``t`` ticks under the assumptions,
``{"died": text}`` where the solver broke off, and ``{"done": true}`` last.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from verif.formal.frames import Frames
from verif.formal.solver import Solver, SolverDied, die_with_parent
from verif.formal.top import ASKED, LIVE


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a worker is to do; bits are those of ``ASKED``."""

    kind: str
    """``reach`` or ``induction``."""
    smt: str
    solver: Sequence[str]
    inputs: Sequence[str]
    """Ports of which a witness needs the values."""
    open: Sequence[int]
    """Bits to reach, or to prove."""
    reset_ticks: int
    depth: int
    """Ticks after the reset, or the largest depth of the induction."""
    known: Sequence[int] = ()
    """Bits that are proven never to be 1."""
    base: Sequence[int] = ()
    """Ticks after the reset in which each of ``open`` is known to be 0, for an induction; the rest is looked at."""
    clean: int = 0
    """Ticks after the reset in which all of ``open`` are known to be 0, for a search."""
    assumptions: bool = False
    memory: int = 0
    """Bytes that the solver may take; 0: all."""


def main(file: str) -> None:
    """Do the job of a file."""
    die_with_parent()
    job = Job(**json.loads(Path(file).read_text(encoding="utf-8")))
    if job.memory:
        resource.setrlimit(resource.RLIMIT_AS, (job.memory, job.memory))
    system = Frames.read(Path(job.smt), (ASKED, LIVE, *job.inputs))
    try:
        solver = Solver(job.solver)
        for told in (_reach if job.kind == "reach" else _induction)(job, system, solver):
            _tell(told)
    except SolverDied as died:
        _tell({"died": str(died)})
    else:
        _tell({"done": True})
        solver.close()


def _tell(what: dict[str, object]) -> None:
    print(json.dumps(what), flush=True)


def _reach(job: Job, system: Frames, solver: Solver) -> Iterator[dict[str, object]]:
    """Look tick by tick for a run in which an open bit is 1."""
    asked = _Asked(system, solver)
    wanted = _mask(job.open)
    for step in range(job.reset_ticks + job.depth):
        solver.tell(system.step(step, start=True))
        asked.never(_mask(job.known), step)
        tick = step - job.reset_ticks
        if tick < 0:
            continue
        if tick < job.clean:
            asked.never(wanted, step)
            continue
        if job.assumptions and not asked.holds(system.port(LIVE, step)):
            yield {"dead": tick}
            return
        while wanted and (found := asked.some(wanted, step)):
            hit = found & wanted
            yield {"hit": _bits(hit), "tick": tick, "inputs": _rows(job, system, solver, step)}
            asked.forget()
            wanted &= ~hit
        asked.never(wanted, step)
        yield {"bound": tick + 1}
        if not wanted:
            return


def _induction(job: Job, system: Frames, solver: Solver) -> Iterator[dict[str, object]]:
    """Prove bits jointly: where they were 0 in ``k`` ticks they are in the next; each counterexample drops its bits.

    Those that can be 1 in the first ``k`` ticks of a run are left out before. What is proven helps from there on.
    """
    first = _First(job, system)
    asked = _Asked(system, solver)
    known, wanted = _mask(job.known), _mask(job.open)
    for depth in range(job.depth + 1):
        solver.tell(system.step(depth, start=False))
        solver.tell(f"(assert {system.port(LIVE, depth)})")
        asked.never(known, depth)
        left = first.never(wanted, depth)
        while left and (found := asked.some(left, depth, before=left)):
            asked.forget()
            left &= ~found
        yield {"proved": _bits(left), "depth": depth}
        for step in range(depth + 1):
            asked.never(left, step)
        known, wanted = known | left, wanted & ~left
        if not wanted:
            return


class _First:
    """Looks at the first ticks of a run: the base case of an induction."""

    def __init__(self, job: Job, system: Frames) -> None:
        self._job = job
        self._system = system
        self._solver: Solver | None = None
        self._steps = 0
        self._ever = 0

    def never(self, bits: int, ticks: int) -> int:
        """Return those of ``bits`` that are 0 in the first ticks of every run."""
        known = _mask(bit for bit, base in zip(self._job.open, self._job.base, strict=True) if base >= ticks)
        if bits & ~known and ticks:
            self._look(ticks)
        return bits & ~self._ever

    def _look(self, ticks: int) -> None:
        """Look at all bits of the ticks that were not looked at yet."""
        self._solver = self._solver or Solver(self._job.solver)
        asked = _Asked(self._system, self._solver)
        for step in range(self._steps, self._job.reset_ticks + ticks):
            self._solver.tell(self._system.step(step, start=True))
            open_bits = _mask(self._job.open) & ~self._ever
            while step >= self._job.reset_ticks and (found := asked.some(open_bits, step)):
                asked.forget()
                self._ever |= found
                open_bits &= ~found
        self._steps = self._job.reset_ticks + ticks


class _Asked:
    """Questions about the bits of ``ASKED``."""

    def __init__(self, system: Frames, solver: Solver) -> None:
        self._solver = solver
        self._system = system
        self._width = system.widths[ASKED]

    def never(self, bits: int, step: int) -> None:
        """Tell that bits are 0 in a step."""
        if bits:
            self._solver.tell(f"(assert {self._zero(bits, step)})")

    def some(self, bits: int, step: int, before: int = 0) -> int:
        """Return the bits of a step with one of ``bits`` among them and none of ``before`` in earlier ones; 0: none.

        Where there are some the answer stays open for ``values`` until ``forget``.
        """
        self._solver.tell("(push 1)")
        for earlier in range(step):
            if before:
                self._solver.tell(f"(assert {self._zero(before, earlier)})")
        self._solver.tell(f"(assert (not {self._zero(bits, step)}))")
        if not self._solver.satisfiable():
            self.forget()
            return 0
        return next(iter(self._solver.values([self._system.port(ASKED, step)]).values()))

    def holds(self, term: str) -> bool:
        """Return whether a term can be true."""
        self._solver.tell(f"(push 1)\n(assert {term})")
        answer = self._solver.satisfiable()
        self.forget()
        return answer

    def forget(self) -> None:
        """Leave the last question."""
        self._solver.tell("(pop 1)")

    def _zero(self, bits: int, step: int) -> str:
        word = partial("{:0{}b}".format)
        return f"(= (bvand {self._system.port(ASKED, step)} #b{word(bits, self._width)}) #b{word(0, self._width)})"


def _rows(job: Job, system: Frames, solver: Solver, last: int) -> list[dict[str, int]]:
    """Return the inputs of the last answer, tick by tick after the reset; what nothing depends on is left out."""
    steps = range(job.reset_ticks, last + 1)
    terms = {system.port(name, step): (step, name) for step in steps for name in job.inputs if system.has(name)}
    rows: dict[int, dict[str, int]] = {step: {} for step in steps}
    for term, value in solver.values(list(terms)).items():
        step, name = terms[term]
        rows[step][name] = value
    return [rows[step] for step in steps]


def _mask(bits: Iterator[int] | Sequence[int]) -> int:
    return sum(1 << bit for bit in bits)


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


if __name__ == "__main__":
    main(sys.argv[1])
