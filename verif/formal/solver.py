"""A solver program that is talked to in SMT-LIB."""

from __future__ import annotations

import ctypes
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from verif.errors import InputError
from verif.sim import toolchain

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "yices": ("yices-smt2", "--incremental"),
    "z3": ("z3", "-smt2", "-in"),
    "bitwuzla": ("bitwuzla", "--lang", "smt2"),
}
"""Solver to its program with arguments; each runs as a program of its own, whatever its licence."""

SMT = "yices"
"""The solver where any would do."""

ABC = "abc"
"""In place of a solver: ABC's engines alone, on bits."""

AUTO = "auto"
"""ABC's engines and a solver, each for what it is good at."""

DEFAULT = AUTO

_PR_SET_PDEATHSIG = 1
"""Of ``prctl(2)``."""

_VALUE = re.compile(r"\(\s*(\|[^|]*\|)\s+(#b[01]+|#x[0-9a-fA-F]+|true|false|\(_ bv\d+ \d+\))\s*\)")


def die_with_parent() -> None:
    """Have the kernel end this process when the one that started it is gone, where the kernel is Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class SolverDied(Exception):
    """The solver ended, or said something that is no answer; the text tells what."""


def command_of(name: str) -> tuple[str, ...]:
    """Return the command line of a solver, with the program's full path; nothing for ``ABC`` and ``AUTO``.

    InputError PE875 for a name that we don't know, ToolError PE872 for a program that isn't installed.
    """
    if name in (ABC, AUTO):
        return ()
    if name not in COMMANDS:
        names = ", ".join((AUTO, *COMMANDS, ABC))
        raise InputError("PE875", f"there is no solver {name}", allowed=f"there are {names}")
    program, *arguments = COMMANDS[name]
    if name == "bitwuzla" and find_spec("bitwuzla") is not None:
        root = Path(__file__).resolve().parents[2]
        code = f"import sys; sys.path.insert(0, {str(root)!r}); from verif.formal.bitwuzla_program import main; main()"
        return (sys.executable, "-c", code)
    return (str(toolchain.need(program).path), *arguments)


class Solver:
    """One solver process."""

    def __init__(self, command: Sequence[str]) -> None:
        self._name = Path(command[0]).name
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=die_with_parent,
        )
        self.tell("(set-option :produce-models true)\n(set-logic QF_ABV)")

    def tell(self, commands: str) -> None:
        """Send commands that have no answer."""
        assert self._process.stdin
        try:
            self._process.stdin.write(commands + "\n")
        except OSError as error:
            raise SolverDied(self._end()) from error

    def satisfiable(self) -> bool:
        """Ask whether what was told holds together; SolverDied where it doesn't say."""
        self.tell("(check-sat)")
        answer = self._line()
        if answer in ("sat", "unsat"):
            return answer == "sat"
        raise SolverDied(f"{self._name} answers {answer}")

    def values(self, terms: Sequence[str]) -> dict[str, int]:
        """Return what terms are in the last answer; they are names."""
        if not terms:
            return {}
        self.tell(f"(get-value ({' '.join(terms)}))")
        text = self._line()
        while text.count("(") > text.count(")"):
            text += " " + self._line()
        return {name: _number(value) for name, value in _VALUE.findall(text)}

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def _line(self) -> str:
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.flush()
        except OSError as error:
            raise SolverDied(self._end()) from error
        while line := self._process.stdout.readline():
            if line.strip():
                return line.strip()
        raise SolverDied(self._end())

    def _end(self) -> str:
        status = self._process.wait()
        how = f"was ended by signal {-status}" if status < 0 else f"ended with exit code {status}"
        return f"{self._name} {how}"


def _number(value: str) -> int:
    if value in ("true", "false"):
        return int(value == "true")
    if value.startswith("#"):
        return int(value[2:], 2 if value[1] == "b" else 16)
    return int(value.split()[1].removeprefix("bv"))
