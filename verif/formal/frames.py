"""Yosys' SMT2 as a template of one step: each step becomes plain definitions over the step before.

What Yosys writes are functions of a state; solvers then reason about functions and states. Here step ``t`` gets names
of its own, and a register of step ``t + 1`` *is* what the transition says of step ``t``: constants of the reset fold,
and nothing but bit vectors and arrays is left, which all solvers read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_STEP = "\0"
"""Stands for a step's number in a template."""
_NAME = r"\|[^|]*\|"
_DECLARE = re.compile(rf"^\(declare-fun ({_NAME}) \({_NAME}\) (.*)\)(?: ;.*)?$")
_SORT = r"Bool|\([^()]*\)|\(Array \([^()]*\) \([^()]*\)\)"
_DEFINE = re.compile(rf"^\(define-fun ({_NAME}) \(\(state {_NAME}\)\) ({_SORT}) (.*)\)(?: ;.*)?$")
_USE = re.compile(rf"\(({_NAME}) state\)")
_NEXT = re.compile(rf"^  \(= (.*) \(({_NAME}) next_state\)\)(?: ;.*)?$")
_OPEN = re.compile(r"^\(define-fun \|.*_(\w+)\| .* Bool (?:\(and)?\s*$")
"""The head of a function that goes on in the next lines, a conjunct each."""
_PORT = re.compile(r"^; yosys-smt2-(?:input|output) (\S+) (\d+)$")
_TOP = re.compile(r"^; yosys-smt2-module (\S+)$")
_COMMENT = re.compile(r"(?<=\)) ; .*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A function of a state: one that is free or a register where it has no body."""

    sort: str
    body: str = ""
    """In SMT2, with the names of other signals in bars."""

    @property
    def uses(self) -> set[str]:
        """Signals of the same step in the body."""
        return set(re.findall(_NAME, self.body))


@dataclass(frozen=True, kw_only=True)
class Frames:
    """The transition system of a ``.smt2`` file, cut to what ``roots`` depend on through all steps."""

    signals: dict[str, Signal]
    nexts: dict[str, str]
    """Register to what it is in the next step, over signals of this one."""
    starts: tuple[str, ...]
    """What holds in the first step of a run."""
    widths: dict[str, int]
    """Bits of the ports."""
    top: str

    @classmethod
    def read(cls, file: Path, roots: Iterable[str]) -> Frames:
        """Read a file of ``write_smt2``; ``roots`` are ports."""
        reader = _Reader()
        for line in file.read_text(encoding="utf-8").splitlines():
            reader.take(line)
        return reader.sliced(roots)

    def port(self, name: str, step: int) -> str:
        """Return the term of a port in a step; a Bool where it has one bit."""
        return f"|{self._port(name)[1:-1]}@{step}|"

    def has(self, name: str) -> bool:
        """Return whether anything that is asked depends on a port."""
        return self._port(name) in self.signals

    def step(self, number: int, *, start: bool) -> str:
        """Return the commands that define a step; those of steps 0 to ``number - 1`` came before.

        ``start``: step 0 is the first of a run; else its registers hold anything.
        """
        if number > 0:
            return self._later.replace(_STEP, str(number)).replace("@-", f"@{number - 1}")
        commands = self._first.replace(_STEP, "0")
        asserts = [f"(assert {_numbered(text).replace(_STEP, '0')})" for text in self.starts]
        return "\n".join([commands, *(asserts if start else ())]) + "\n"

    def _port(self, name: str) -> str:
        return f"|{self.top}_n {name}|"

    @cached_property
    def _first(self) -> str:
        return "\n".join(self._commands(()))

    @cached_property
    def _later(self) -> str:
        return "\n".join(self._commands(self.nexts))

    def _commands(self, nexts: Iterable[str]) -> Iterator[str]:
        known = set(nexts)
        for name, signal in self.signals.items():
            own = _numbered(name)
            if name in known:
                before = _numbered(self.nexts[name]).replace(_STEP, "-")
                yield f"(define-fun {own} () {signal.sort} {before})"
            elif signal.body:
                yield f"(define-fun {own} () {signal.sort} {_numbered(signal.body)})"
            else:
                yield f"(declare-fun {own} () {signal.sort})"


def _numbered(text: str) -> str:
    """Return a text with a place for the step's number in each name."""
    return re.sub(_NAME, lambda found: f"{found[0][:-1]}@{_STEP}|", text)


class _Reader:
    """Takes the lines of a file."""

    def __init__(self) -> None:
        self._signals: dict[str, Signal] = {}
        self._nexts: dict[str, str] = {}
        self._starts: list[str] = []
        self._widths: dict[str, int] = {}
        self._top = ""
        self._inside = ""

    def take(self, line: str) -> None:
        """Take one line."""
        if self._inside:
            self._conjunct(line)
        elif found := _DECLARE.match(line):
            self._signals[found[1]] = Signal(sort=found[2])
        elif found := _DEFINE.match(line):
            self._signals[found[1]] = Signal(sort=found[2], body=_USE.sub(r"\1", found[3]))
        elif found := _PORT.match(line):
            self._widths[found[1]] = int(found[2])
        elif found := _TOP.match(line):
            self._top = found[1]
        elif found := _OPEN.match(line):
            self._inside = found[1]

    def _conjunct(self, line: str) -> None:
        if line.startswith(")"):
            self._inside = ""
        elif self._inside == "t":
            found = _NEXT.match(line)
            assert found, line
            self._nexts[found[2]] = _USE.sub(r"\1", found[1])
        elif self._inside == "i":
            self._starts.append(_USE.sub(r"\1", _COMMENT.sub("", line.strip())))

    def sliced(self, roots: Iterable[str]) -> Frames:
        """Return what the roots depend on."""
        needed: set[str] = set()
        waiting = [f"|{self._top}_n {root}|" for root in roots]
        starts = {name: re.findall(_NAME, text) for text in self._starts for name in re.findall(_NAME, text)}
        while waiting:
            name = waiting.pop()
            if name in needed:
                continue
            needed.add(name)
            waiting += [*self._signals[name].uses, *re.findall(_NAME, self._nexts.get(name, ""))]
            waiting += starts.get(name, ())
        return Frames(
            signals={name: signal for name, signal in self._signals.items() if name in needed},
            nexts={name: text for name, text in self._nexts.items() if name in needed},
            starts=tuple(text for text in self._starts if set(re.findall(_NAME, text)) <= needed),
            widths=self._widths,
            top=self._top,
        )
