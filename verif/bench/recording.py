"""RECORDED: choose a stimulus out of what the plan's points drove, and turn traces of it into expectations.

X and Z are don't-care, and so is every bit that differs between two recordings: two simulators' start values, or a
fresh process against one in which other tests ran before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from verif.bench.stored import Expected, Stored
from verif.bench.traces import Cycle, Trace
from verif.design.model import Design

ROWS = 3000
"""Rows that are recorded at least, if the points have so many."""
MAX_ROWS = 24_000
MAX_VALUES = 400_000
"""Rows times ports: keeps the file at a few megabytes for wide designs."""


def choose_stimulus(design: Design, trace: Trace, *, period: int) -> Stored:
    """Return the beginnings of all tests in ``trace``, longer where an output toggles only later.

    ``period`` is the length of the clock schedule: each test starts at its beginning.
    """
    ports = len(design.ports) or 1
    room = min(MAX_ROWS, max(64, MAX_VALUES // ports))
    lengths = _lengths(trace, min(ROWS, room), room, design)
    columns = (*(reset.name for reset in design.resets), *(port.name for port in design.data_inputs))
    rows: list[tuple[int, ...]] = []
    for test, length in lengths.items():
        whole = length - length % period
        rows += [tuple(cycle.inputs[name] for name in columns) for cycle in trace[test][:whole]]
    return Stored(id="recorded", inputs=columns, rows=tuple(rows))


def _lengths(trace: Trace, wanted: int, room: int, design: Design) -> dict[str, int]:
    """Return how many cycles of each test are taken."""
    share = max(16, wanted // max(1, len(trace)))
    lengths = {test: min(len(cycles), share) for test, cycles in trace.items()}
    widths = {port.name: port.width for port in design.outputs}
    missing = _toggling(trace, {test: len(cycles) for test, cycles in trace.items()}, widths)
    missing -= _toggling(trace, lengths, widths)
    for test, cycles in trace.items():
        for number, bits in _changes(cycles, widths):
            if number >= lengths[test] and bits & missing:
                lengths[test] = number + 2
                missing -= bits
    spare = room
    for test, length in lengths.items():
        lengths[test] = min(length, spare)
        spare -= lengths[test]
    return lengths


def _toggling(trace: Trace, lengths: dict[str, int], widths: dict[str, int]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for test, cycles in trace.items():
        for _, bits in _changes(cycles[: lengths[test]], widths):
            found |= bits
    return found


def _changes(cycles: Sequence[Cycle], widths: dict[str, int]) -> Iterator[tuple[int, set[tuple[str, int]]]]:
    """Yield cycles with the (output, bit) pairs that differ from their last known value."""
    known: dict[str, int] = {}
    for number, cycle in enumerate(cycles):
        bits: set[tuple[str, int]] = set()
        for port, value in cycle.outputs.items():
            if value is None:
                continue
            changed = known.get(port, value) ^ value
            known[port] = value
            if changed:
                bits |= {(port, bit) for bit in range(widths[port]) if changed >> bit & 1}
        if bits:
            yield number, bits


def expectations(design: Design, recordings: Sequence[Sequence[Cycle]]) -> tuple[tuple[Expected, ...], ...]:
    """Return the outputs on which all ``recordings`` of one stimulus agree."""
    outputs = [(port.name, port.width) for port in design.outputs]
    return tuple(
        tuple(_agreed(cycles, name, width) for name, width in outputs) for cycles in zip(*recordings, strict=True)
    )


def cautious_expectations(
    design: Design, stimulus: Stored, recordings: Sequence[Sequence[Cycle]]
) -> tuple[tuple[Expected, ...], ...]:
    """Return what all ``recordings`` know and agree on, for a design that depends on more than its inputs since reset.

    Once an output was unknown or differed it is don't-care until the next reset: what follows may agree by chance.
    Without a clock there is nothing to follow, so there only the cycle itself is left out.
    """
    resets = {reset.name: int(reset.active_high) for reset in design.resets}
    levels = [(stimulus.inputs.index(name), level) for name, level in resets.items()]
    names = [port.name for port in design.outputs]
    doubtful: set[str] = set()
    expected: list[tuple[Expected, ...]] = []
    for row, cycles in zip(stimulus.rows, zip(*recordings, strict=True), strict=True):
        if not design.sequential or any(row[column] == level for column, level in levels):
            doubtful = set()
        first = cycles[0].outputs
        doubtful |= {n for n in names if first[n] is None or any(c.outputs[n] != first[n] for c in cycles)}
        expected.append(tuple(None if name in doubtful else first[name] for name in names))
    return tuple(expected)


def without_outputs(stored: Stored, names: set[str]) -> Stored:
    """Return ``stored`` with every expectation on the outputs ``names`` taken back."""
    kept = [name not in names for name in stored.outputs]
    rows = (
        tuple(value if keep else None for value, keep in zip(row, kept, strict=True)) for row in stored.expected or ()
    )
    return replace(stored, expected=tuple(rows))


def _agreed(cycles: Sequence[Cycle], name: str, width: int) -> Expected:
    first = cycles[0].outputs[name]
    if first is not None and all(cycle.outputs[name] == first for cycle in cycles):
        return first
    patterns = [cycle.sampled(name, width) for cycle in cycles]
    agreed = "".join(bits[0] if set(bits) in ({"0"}, {"1"}) else "?" for bits in zip(*patterns, strict=True))
    return agreed if agreed.strip("?") else None


def toggled_bits(stored: Stored) -> dict[str, int]:
    """Return for each output a mask of the bits that take both values in the expectations."""
    ones = dict.fromkeys(stored.outputs, 0)
    zeros = dict.fromkeys(stored.outputs, 0)
    for row in stored.expected or ():
        for name, value in zip(stored.outputs, row, strict=True):
            if isinstance(value, int):
                ones[name] |= value
                zeros[name] |= ~value
            elif isinstance(value, str):
                ones[name] |= int("".join("1" if bit == "1" else "0" for bit in value), 2)
                zeros[name] |= int("".join("1" if bit == "0" else "0" for bit in value), 2)
    return {name: ones[name] & zeros[name] for name in stored.outputs}


def changes_when_late(stored: Stored, output: str) -> bool:
    """Return whether showing ``output`` one cycle later would differ from the expectations."""
    column = [row[stored.outputs.index(output)] for row in stored.expected or ()]
    return any(_differ(before, now) for before, now in pairwise(column))


def _differ(one: Expected, other: Expected) -> bool:
    if isinstance(one, int) and isinstance(other, int):
        return one != other
    if one is None or other is None:
        return False
    left, right = _pattern(one, other), _pattern(other, one)
    return any({a, b} == {"0", "1"} for a, b in zip(left, right, strict=True))


def _pattern(value: int | str, beside: int | str) -> str:
    return value if isinstance(value, str) else f"{value:0{len(str(beside))}b}"
