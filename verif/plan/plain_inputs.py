"""Drivers for inputs without a protocol, chosen by name and width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from verif.design.model import Port
from verif.plan import naming
from verif.plan.assign import Assignment
from verif.plan.kinds import Option
from verif.plan.model import Setting

MANY = 12
"""From so many alike inputs on they share one driver, so that a plan stays readable."""


def assign_plain(work: Assignment) -> None:
    """Give every input that is left a driver."""
    vectors = [port for port in work.left.values() if port.width > 1]
    _selections(work, [p for p in vectors if naming.words(p.name) & naming.SELECTS and p.width <= 8])
    _addresses(work, [p for p in vectors if naming.words(p.name) & naming.ADDRESSES])
    if work.design.sequential:
        _configurations(work, [p for p in vectors if naming.words(p.name) & naming.CONFIGURES])
    _values(work, [port for port in work.left.values() if port.width > 1])
    _bits(work, list(work.left.values()))


def _free(work: Assignment, ports: Iterable[Port]) -> list[Port]:
    return [port for port in ports if port.name in work.left]


def _by_clock(work: Assignment, ports: Sequence[Port]) -> list[list[Port]]:
    """Split ports by the clock that paces them, so that a shared driver has one clock."""

    def clock(port: Port) -> str:
        return naming.clock_of([port.name], work.design.clocks)

    return [list(group) for _, group in groupby(sorted(ports, key=clock), key=clock)]


def _selections(work: Assignment, ports: Sequence[Port]) -> None:
    for port in _free(work, ports):
        listed = naming.encodings(work.design.parameters, port.width)
        if not listed and "hot" in port.name.lower():
            listed = [1 << bit for bit in range(port.width)]
        options: dict[str, Option] = {"width": port.width}
        if listed:
            options["values"] = listed
        work.take("Selection", port.name, {"value": port.name}, options, {"other": 1 if listed else 0})


def _addresses(work: Assignment, ports: Sequence[Port]) -> None:
    """Address ports of one width and clock share a driver, so that reads meet writes."""
    for group in _by_clock(work, _free(work, ports)):
        for width in sorted({port.width for port in group}):
            same = [port.name for port in group if port.width == width]
            name = same[0] if len(same) == 1 else "address"
            work.take("AddressLines", name, {port: port for port in same}, {"width": width})


def _configurations(work: Assignment, ports: Sequence[Port]) -> None:
    for group in _by_clock(work, _free(work, ports)):
        name = group[0].name if len(group) == 1 else "configuration"
        widths = [port.width for port in group]
        work.take("Configuration", name, {port.name: port.name for port in group}, {"widths": widths})


def _values(work: Assignment, ports: Sequence[Port]) -> None:
    for port in ports:
        if naming.words(port.name) & naming.INSTRUCTIONS and port.width == 32:
            work.take("Instructions", port.name, {"word": port.name})
    for port in _free(work, ports):
        if naming.words(port.name) & (naming.EVENTS | naming.INTERRUPTS):
            options: dict[str, Option] = {"widths": [port.width]}
            work.take("Values", port.name, {port.name: port.name}, options, {"style": "sparse"})
    for group in _by_clock(work, _free(work, ports)):
        name = group[0].name if len(group) == 1 else "data"
        named = {port.name: port.name for port in group}
        work.take("Values", name, named, {"widths": [port.width for port in group]})


def _bits(work: Assignment, ports: Sequence[Port]) -> None:
    if len(ports) > MANY:
        return _crowd_of_bits(work, ports)
    for port in ports:
        kind, defaults = bit_habit(port.name)
        work.take(kind, port.name, {"bit": port.name}, defaults=defaults)
    return None


def _crowd_of_bits(work: Assignment, ports: Sequence[Port]) -> None:
    """Many bits: those of one habit and clock share a driver."""

    def habit(port: Port) -> str:
        return repr(bit_habit(port.name))

    for group in _by_clock(work, ports):
        for _, alike in groupby(sorted(group, key=habit), key=habit):
            members = list(alike)
            kind, defaults = bit_habit(members[0].name)
            name = members[0].name if len(members) == 1 else _crowd_name(kind, defaults)
            work.take(kind, name, {port.name: port.name for port in members}, defaults=defaults)


def _crowd_name(kind: str, defaults: dict[str, Setting]) -> str:
    if kind == "Pulses":
        return "pulses"
    return {7: "enables", 1: "clears", 8: "clears_n", 2: "loads"}.get(int(defaults.get("rate", 5)), "bits")


def bit_habit(name: str) -> tuple[str, dict[str, Setting]]:
    """Return the driver kind and the default settings of a single-bit input that is called ``name``."""
    found = naming.words(name)
    if found & naming.CLEARS:
        return "Bits", {"rate": 8 if naming.active_low(name) else 1}
    if found & naming.INTERRUPTS:
        return "Bits", {"rate": 1}
    if found & naming.STARTS:
        return "Pulses", {"rate": 4}
    if found & naming.LOADS:
        return "Bits", {"rate": 2}
    if found & naming.ENABLES:
        runs = "long" if found & naming.LASTING else "random"
        return "Bits", {"rate": 2 if naming.active_low(name) else 7, "runs": runs}
    return "Bits", {"rate": 5}
