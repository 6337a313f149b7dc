"""Candidates: what might hold in every cycle, as text for assertions and for hardware alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a candidate says, the most interesting kinds first."""

    DIFFERENCE = "difference"
    """A register is the difference, or the sum, of two others."""
    LATENCY = "latency"
    """After one bit rises another one follows within so many cycles."""
    ONEHOT = "onehot"
    """Exactly one bit, or at most one, of a vector is 1."""
    NEXT = "next"
    """What holds in one cycle decides something in the next."""
    EQUAL = "equal"
    """Two signals always have the same value."""
    STATE = "state"
    """In a state of a machine a signal has a certain value."""
    IMPLIES = "implies"
    """One bit is never 1 without another one, or never together with it."""
    BOUND = "bound"
    """A number stays between bounds."""
    VALUES = "values"
    """A register takes few values."""
    CONSTANT = "constant"
    """A signal never changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """A signal that mining looks at."""

    path: str
    """A port of the design, a register by its name below the design, or one of the harness's own after ``^``."""
    width: int
    role: str = "register"
    """``input``, ``output`` or ``register``."""

    @property
    def own(self) -> bool:
        """Whether it is the design's, not one of what drives and watches it."""
        return not self.path.startswith("^")


_PLACE = re.compile(r"\{(p?)(\d+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """``before |-> holds``, ``before |=> holds``, or ``$rose(before) |-> ##[low:high] holds``.

    In texts ``{n}`` is the value of ``signals[n]``, ``{pn}`` its value one cycle ago.
    """

    kind: Kind
    signals: tuple[Watched, ...]
    holds: str
    before: str = ""
    """Empty: always."""
    later: bool = False
    """Whether ``holds`` is about the cycle after ``before``."""
    window: tuple[int, int] | None = None
    """Of a LATENCY: the fewest and the most cycles until ``holds``."""
    meetings: int = 0
    """In how many cycles of the traces ``before`` was true."""

    @property
    def own(self) -> bool:
        """Whether it is about the design alone."""
        return all(signal.own for signal in self.signals)

    def expression(self, text: str, now: Callable[[Watched], str], past: Callable[[Watched], str]) -> str:
        """Return ``holds`` or ``before`` with the names of signals."""
        return _PLACE.sub(lambda found: (past if found[1] else now)(self.signals[int(found[2])]), text)

    @property
    def looks_back(self) -> tuple[Watched, ...]:
        """Signals whose values one cycle ago it reads."""
        places = {int(found[2]) for found in _PLACE.finditer(self.holds) if found[1]}
        return tuple(self.signals[place] for place in sorted(places))

    def sva(self, name: Callable[[Watched], str]) -> str:
        """Return the property as SystemVerilog."""
        holds, before = (
            self.expression(text, name, lambda signal: f"$past({name(signal)})") for text in (self.holds, self.before)
        )
        holds = re.sub(r"(?<![\w.])([\w.]+) == \$past\(\1\)", r"$stable(\1)", holds)
        if self.window:
            low, high = self.window
            return f"$rose({before}) |-> ##{low if low == high else f'[{low}:{high}]'} {holds}"
        if not before:
            return holds
        return f"{before} |{'=>' if self.later else '->'} {holds}"


def number(value: int, width: int) -> str:
    """Return a constant as Verilog."""
    return f"{width}'d{value}" if value < 16 else f"{width}'h{value:x}"
