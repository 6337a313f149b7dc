"""Latches that wait for the clock: a choice between what they load and what a register kept.

A latch whose opening depends on registers alone opens and closes with the edge. What it shows just before the next one
is what it loads, if it is open, and what it showed before the last one, if it isn't: so it is part of the tick like
any other logic, and may look at memories.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from verif.lanes.cones import Cones
from verif.lanes.netlist import Edge, Netlist, Register, Table

_OPEN_AT_ONE, _OPEN_AT_ZERO = 0b11001010, 0b10101100
"""Of what was kept, what is loaded and what opens: the table of the choice."""


def without_latches(netlist: Netlist) -> Netlist:
    """Return the netlist with a register and a choice for each latch that waits; all edges must be of one kind."""
    edges = {register.edge for register in netlist.registers} | {
        port.edge for memory in netlist.memories for port in memory.writes
    }
    (edge, *others) = (edges - {None}) or {None}
    if edge is None or others:
        return netlist
    waits = _waiting(netlist)
    fresh = 1 + max((*netlist.tables, *(net for nets in netlist.inputs.values() for net in nets), *_given(netlist)))
    tables, registers = dict(netlist.tables), []
    for register in netlist.registers:
        if register.edge is not None or not waits(register):
            registers.append(register)
            continue
        values = _OPEN_AT_ONE if register.load_level else _OPEN_AT_ZERO
        tables[register.output] = Table((fresh, register.loaded, register.load), values)
        registers.append(_keeping(register, fresh, edge))
        fresh += 1
    return replace(netlist, tables=tables, registers=tuple(registers))


def _keeping(latch: Register, output: int, edge: Edge) -> Register:
    return Register(name=latch.name, output=output, next=latch.output, edge=edge, start=latch.start)


def _waiting(netlist: Netlist) -> Callable[[Register], bool]:
    """Return what tells whether a latch's opening depends on nothing but registers that move with the clock."""
    cones = Cones(netlist)
    steady = {register.output for register in netlist.registers if register.edge and register.load == "0"}
    memory = {net for each in netlist.memories for port in each.reads for net in port.data}
    known: dict[object, bool] = {}

    def waits(latch: Register) -> bool:
        if latch.load not in known:
            looked_at = {bit for node in cones.order([latch.load]) for bit in cones.inputs(node)} | {latch.load}
            known[latch.load] = cones.leaves([latch.load]) <= steady and not looked_at & memory
        return known[latch.load]

    return waits


def _given(netlist: Netlist) -> list[int]:
    """Return the nets that registers and memories give."""
    ports = [port for memory in netlist.memories for port in memory.reads]
    return [register.output for register in netlist.registers] + [net for port in ports for net in port.data]
