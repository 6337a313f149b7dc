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
    """Whether it depends on registers, so that it must be looked at again after an edge."""
    latches: bool
    """Whether its registers are latches: these follow what they load."""


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
    single = all(len(each) == 1 for each in ticks)
    return Schedule(phases=tuple(phases), ticks=tuple(ticks), loads=tuple(_loads(netlist, cones, single)))


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


_Key = tuple[Bit, int, bool]
"""What loads, its level, and whether it loads latches."""


def _loads(netlist: Netlist, cones: Cones, single: bool) -> list[Load]:
    """Return the loads in order; ``single``: each tick has one edge."""
    groups: dict[_Key, list[int]] = {}
    for number, register in enumerate(netlist.registers):
        if register.load != "0":
            groups.setdefault((register.load, register.load_level, register.edge is None), []).append(number)
    place = {register.output: number for number, register in enumerate(netlist.registers)}
    needed: dict[_Key, set[int]] = {}
    for key, members in groups.items():
        looked_at = [key[0], *(netlist.registers[number].loaded for number in members)]
        if any(isinstance(node, Read) for node in cones.order(looked_at)):
            raise _refused(netlist.registers[members[0]], "loads what a memory holds without a clock")
        needed[key] = {place[leaf] for leaf in cones.leaves(looked_at) if leaf in place}
    return [
        Load(
            net=key[0],
            level=key[1],
            registers=tuple(groups[key]),
            moves=bool(needed[key]) and not (single and key[2] and _waits(netlist, cones, key[0], place)),
            latches=key[2],
        )
        for key in _sorted(netlist, groups, needed)
    ]


def _waits(netlist: Netlist, cones: Cones, net: Bit, place: dict[int, int]) -> bool:
    """Return whether what opens latches changes with edges only: then looking at them before the next one will do."""
    leaves = cones.leaves([net])
    return all(leaf in place and netlist.registers[place[leaf]].edge is not None for leaf in leaves)


def _sorted(netlist: Netlist, groups: dict[_Key, list[int]], needed: dict[_Key, set[int]]) -> Sequence[_Key]:
    ordered: list[_Key] = []
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
