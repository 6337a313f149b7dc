"""Trace: the values of some signals in each cycle; a counterexample is a Trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Value = int | None
"""A sampled value; None where it is X or Z."""
CLOCKS = ("posedge", "negedge")
"""Directions of clocks, by active edge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One signal's values, a value a cycle."""

    name: str
    values: tuple[Value, ...]
    width: int = 1
    """Bits; the display of a wide value depends on it."""
    direction: str = ""
    """``input``, ``output``, ``posedge`` or ``negedge`` for a clock with that active edge; empty for other signals.

    A clock's value is 1 in the cycles that begin with its active edge."""

    @property
    def is_clock(self) -> bool:
        """Whether it is a clock."""
        return self.direction in CLOCKS


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """Sampled values of cycles ``first`` and on; every signal has as many values as there are cycles."""

    signals: tuple[Signal, ...]
    first: int = 0
    """The cycle of the first column."""

    @property
    def cycles(self) -> int:
        """How many cycles the trace covers."""
        return max((len(signal.values) for signal in self.signals), default=0)

    def window(self, around: int, before: int = 12, after: int = 4) -> Trace:
        """Return the part from ``before`` cycles before cycle ``around`` to ``after`` after it, as far as it exists."""
        start = min(max(around - before - self.first, 0), self.cycles)
        stop = max(around + after + 1 - self.first, start)
        cut = tuple(
            Signal(name=s.name, values=s.values[start:stop], width=s.width, direction=s.direction) for s in self.signals
        )
        return Trace(signals=cut, first=self.first + start)

    def without(self, name: str) -> Trace:
        """Return the trace without the signal ``name``."""
        return Trace(signals=tuple(signal for signal in self.signals if signal.name != name), first=self.first)


def from_rows(rows: list[Mapping[str, Value]], *, first: int = 0, widths: Mapping[str, int] | None = None) -> Trace:
    """Make a trace of one mapping a cycle; a signal that a row lacks is None there."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    signals = tuple(_signal(name, tuple(row.get(name) for row in rows), widths or {}) for name in names)
    return Trace(signals=signals, first=first)


def _signal(name: str, values: tuple[Value, ...], widths: Mapping[str, int]) -> Signal:
    seen = max((value.bit_length() for value in values if value is not None), default=1)
    return Signal(name=name, values=values, width=widths.get(name, max(seen, 1)))
