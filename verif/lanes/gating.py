"""Which registers keep their values together: a tick in which no lane changes them can leave them alone.

Words that are written seldom, of a memory or of many registers, would else be read and written in every tick, and the
caches take longer for that than the processor for the functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verif.lanes.netlist import Bit, Table
from verif.lanes.steps import Compute

LEAST_REGISTERS = 16
"""Fewer are not worth the question."""
_DEEPEST = 3

Condition = frozenset[tuple[int, int]]
"""Nets with the levels at which registers keep their values."""


@dataclass(frozen=True, slots=True)
class Group:
    """Registers with one condition, and what is computed for nothing else."""

    condition: Condition
    registers: Mapping[int, Bit]
    """Register to its next value."""
    computes: tuple[Compute, ...]


def groups_of(
    computes: Sequence[Compute], registers: Mapping[int, Bit], outputs: Mapping[int, int], wanted: Iterable[Bit]
) -> list[Group]:
    """Return the groups among ``registers``.

    ``outputs`` are the nets of registers; ``wanted`` are nets that are needed for something else than a register.
    """
    tables = {step.net: step.table for step in computes}
    found: dict[Condition, dict[int, Bit]] = {}
    for number, value in registers.items():
        if isinstance(value, int) and (condition := _kept(tables, value, outputs[number], _DEEPEST)):
            found.setdefault(condition, {})[number] = value
    large = {condition: members for condition, members in found.items() if len(members) >= LEAST_REGISTERS}
    owner = _owners(computes, registers, large, wanted)
    return [
        Group(condition, members, tuple(step for step in computes if owner.get(step.net) == condition))
        for condition, members in large.items()
    ]


def _kept(tables: Mapping[int, Table], net: int, output: int, depth: int) -> Condition | None:
    """Return a condition under which ``net`` is what ``output`` is."""
    if net == output:
        return frozenset()
    table = tables.get(net)
    if table is None or depth == 0:
        return None
    for place, gate in enumerate(table.inputs):
        for level in (0, 1):
            same = _same_as(table, place, level)
            if same is None or not isinstance(gate, int):
                continue
            inner = _kept(tables, same, output, depth - 1)
            if inner is not None:
                return inner | {(gate, level)}
    return None


def _same_as(table: Table, place: int, level: int) -> int | None:
    """Return the input that the function is the same as where the one at ``place`` has a level."""
    rows = [row for row in range(1 << len(table.inputs)) if row >> place & 1 == level]
    for other, bit in enumerate(table.inputs):
        if other != place and isinstance(bit, int) and all(table.values >> row & 1 == row >> other & 1 for row in rows):
            return bit
    return None


def _owners(
    computes: Sequence[Compute],
    registers: Mapping[int, Bit],
    large: Mapping[Condition, Mapping[int, Bit]],
    wanted: Iterable[Bit],
) -> dict[int, Condition | None]:
    """Return the group to which each net belongs alone; None: to several, or to something else."""
    owner: dict[int, Condition | None] = {}

    def claim(bits: Iterable[Bit], condition: Condition | None) -> None:
        for bit in bits:
            if isinstance(bit, int):
                owner[bit] = condition if owner.get(bit, condition) == condition else None

    grouped = {number: condition for condition, members in large.items() for number in members}
    for number, value in registers.items():
        claim((value,), grouped.get(number))
    claim(wanted, None)
    for condition in large:
        claim((gate for gate, _ in condition), None)
    for step in reversed(computes):
        claim(step.table.inputs, owner.get(step.net))
    return owner
