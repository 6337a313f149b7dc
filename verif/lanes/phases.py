"""The order of a tick: which registers move together, and which have their value loaded before that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from verif.design.model import Edge as Active
from verif.errors import Unsupported
from verif.harness.model import Harness
from verif.lanes.cones import Cones, Read
from verif.lanes.netlist import Bit, Edge, Netlist, Register


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """One edge: the registers and write ports that move with it."""

    edge: Edge | None
    """None where the design has no clock: nothing moves."""
    sampled: bool
    """Whether it is an active edge, before which all outputs are sampled."""
    registers: tuple[int, ...]
    """Places in the netlist."""
    writes: tuple[tuple[int, int], ...]
    """Memory and port."""
    levels: dict[int, int]
    """Clock net to its level just before the edge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """A net that lets registers take a value without a clock."""

    net: Bit
    level: int
    registers: tuple[int, ...]
    moves: bool
    """Whether it depends on registers, so that it can change with an edge."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The ticks of a design: ``ticks[phase of the harness's schedule]`` are places of ``phases``."""

    phases: tuple[Phase, ...]
    ticks: tuple[tuple[int, ...], ...]
    loads: tuple[Load, ...]
    """So that each comes after those on whose registers it depends."""


def schedule_of(harness: Harness, netlist: Netlist, cones: Cones) -> Schedule:
    """Return the schedule; Unsupported PE825 where registers load each other in a circle."""
    active = {clock.name: clock.edge is Active.RISING for clock in harness.clocks}
    nets = {netlist.inputs[name][0]: name for name in active}
    phases: list[Phase] = []
    ticks: list[tuple[int, ...]] = []
    for name in dict.fromkeys(harness.schedule):
        first = _phase(netlist, Edge(name, active[name]), True, _levels(nets, active, ""))
        second = _phase(netlist, Edge(name, not active[name]), False, _levels(nets, active, name))
        phases += [first, second] if second.registers or second.writes else [first]
    if not harness.schedule:
        phases.append(Phase(edge=None, sampled=True, registers=(), writes=(), levels=_levels(nets, active, "")))
        ticks.append((0,))
    for name in harness.schedule:
        ticks.append(tuple(n for n, phase in enumerate(phases) if phase.edge and phase.edge.clock == name))
    return Schedule(phases=tuple(phases), ticks=tuple(ticks), loads=tuple(_loads(netlist, cones)))


def _levels(nets: dict[int, str], active: dict[str, bool], moving: str) -> dict[int, int]:
    """Return the clocks' levels while all rest, or while ``moving`` is active."""
    return {net: int(active[name] == (name == moving)) for net, name in nets.items()}


def _phase(netlist: Netlist, edge: Edge, sampled: bool, levels: dict[int, int]) -> Phase:
    registers = tuple(n for n, register in enumerate(netlist.registers) if register.edge == edge)
    writes = tuple(
        (number, place)
        for number, memory in enumerate(netlist.memories)
        for place, port in enumerate(memory.writes)
        if port.edge == edge
    )
    return Phase(edge=edge, sampled=sampled, registers=registers, writes=writes, levels=levels)


def _loads(netlist: Netlist, cones: Cones) -> list[Load]:
    groups: dict[tuple[Bit, int], list[int]] = {}
    for number, register in enumerate(netlist.registers):
        if register.load != "0":
            groups.setdefault((register.load, register.load_level), []).append(number)
    place = {register.output: number for number, register in enumerate(netlist.registers)}
    needed: dict[tuple[Bit, int], set[int]] = {}
    for net, level in groups:
        looked_at = [net, *(netlist.registers[number].loaded for number in groups[net, level])]
        if any(isinstance(node, Read) for node in cones.order(looked_at)):
            raise _refused(netlist.registers[groups[net, level][0]], "loads what a memory holds without a clock")
        needed[net, level] = {place[leaf] for leaf in cones.leaves(looked_at) if leaf in place}
    return [
        Load(net=net, level=level, registers=tuple(groups[net, level]), moves=bool(needed[net, level]))
        for net, level in _sorted(netlist, groups, needed)
    ]


def _sorted(
    netlist: Netlist, groups: dict[tuple[Bit, int], list[int]], needed: dict[tuple[Bit, int], set[int]]
) -> Sequence[tuple[Bit, int]]:
    ordered: list[tuple[Bit, int]] = []
    open_groups = dict(groups)
    while open_groups:
        waiting = {number for members in open_groups.values() for number in members}
        ready = [key for key in open_groups if not needed[key] & waiting]
        if not ready:
            member = netlist.registers[next(iter(open_groups.values()))[0]]
            raise _refused(member, "takes part in what loads it without a clock")
        ordered += ready
        for key in ready:
            del open_groups[key]
    return ordered


def _refused(register: Register, why: str) -> Unsupported:
    return Unsupported("PE825", f"lanes settle once a tick, and {register.name} {why}")
