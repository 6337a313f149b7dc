"""What a bench's BENCH_TRACE and BENCH_COVERAGE files hold, and comparisons of traces."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

Value = int | None


@dataclass(frozen=True, slots=True)
class Cycle:
    """The ports' values in one cycle."""

    inputs: Mapping[str, int]
    """Clocks included: 1 where the active edge ends the cycle."""
    outputs: Mapping[str, Value]
    """None where a bit is X or Z."""
    bits: Mapping[str, str] = field(default_factory=dict)
    """The sampled bits of outputs that are None."""

    def sampled(self, output: str, width: int) -> str:
        """Return the bits of ``output``, of 01XZ."""
        value = self.outputs[output]
        return self.bits[output] if value is None else f"{value:0{width}b}"


Trace = dict[str, list[Cycle]]
"""Test to its cycles."""


def read_trace(file: Path) -> Trace:
    """Read a BENCH_TRACE file; a missing file is an empty trace."""
    trace: Trace = {}
    for line in _lines(file):
        entry = json.loads(line)
        trace.setdefault(entry["test"], []).append(Cycle(entry["in"], entry["out"], entry.get("bits", {})))
    return trace


def read_bins(file: Path) -> dict[str, dict[str, dict[str, int]]]:
    """Read a BENCH_COVERAGE file: test to cover point to bin to count."""
    tests: dict[str, dict[str, dict[str, int]]] = {}
    for line in _lines(file):
        entry = json.loads(line)
        _add(tests.setdefault(entry["test"], {}), entry["bins"])
    return tests


def merge_bins(tests: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """Add up the bins of several tests."""
    total: dict[str, dict[str, int]] = {}
    for bins in tests:
        _add(total, bins)
    return total


def _add(total: dict[str, dict[str, int]], bins: Mapping[str, Mapping[str, int]]) -> None:
    for point, counts in bins.items():
        sums = total.setdefault(point, {})
        for name, count in counts.items():
            sums[name] = sums.get(name, 0) + count


def _lines(file: Path) -> Iterator[str]:
    if file.is_file():
        with file.open(encoding="utf-8") as text:
            yield from text


class Memory(Enum):
    """How long a design remembers, and with it what an X in it can do."""

    NONE = "it has no clock"
    UNTIL_RESET = "until the next reset"
    OVER_RESETS = "over resets: the outputs depend on more than the inputs since reset"


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """The first place where two simulators differ though both know the value."""

    test: str
    cycle: int
    port: str
    values: tuple[int, int]

    @property
    def sentence(self) -> str:
        """What differs, for people."""
        first, second = self.values
        return f"{self.test} cycle {self.cycle}: {self.port} is {first:#x} and {second:#x}"


def first_disagreement(
    one: Trace, other: Trace, *, resets: Mapping[str, int], memory: Memory, apart: Collection[str] = ()
) -> Disagreement | None:
    """Return the first difference of two runs with the same seed, X, Z and the outputs ``apart`` aside.

    ``resets`` maps a reset to its active level. Cycles in reset show what came before and are not compared. After an
    X or Z nothing is compared until the next reset, since what follows may come from it; nor is anything once the
    inputs differ, which they may where a driver saw X in one run and a value in the other. ``memory`` tells how long
    an X may have consequences.
    """
    doubtful = False
    for test, cycles in one.items():
        doubtful = doubtful and memory is Memory.OVER_RESETS
        for number, (left, right) in enumerate(zip(cycles, other.get(test, ()), strict=False)):
            if left.inputs != right.inputs:
                break
            if any(left.inputs.get(name) == level for name, level in resets.items()):
                doubtful = doubtful and memory is Memory.OVER_RESETS
                continue
            if memory is not Memory.NONE:
                doubtful = doubtful or None in left.outputs.values() or None in right.outputs.values()
            if doubtful or left.outputs == right.outputs:
                continue
            for port, value in left.outputs.items():
                theirs = right.outputs[port]
                if port not in apart and value is not None and theirs is not None and value != theirs:
                    return Disagreement(test=test, cycle=number, port=port, values=(value, theirs))
    return None
