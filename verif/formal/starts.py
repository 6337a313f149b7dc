"""Start values of two copies of a design in one netlist: registers of the same name start equal.

Only ``verif.formal.yosys_worker`` imports this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pyosys import libyosys as yosys

from verif.formal.netlist import Netlist

_Bit = tuple[str, int]


def _id(name: str) -> Any:
    return yosys.IdString(name)


@dataclass(frozen=True)
class CopyNames:
    """What the second copy calls things that the first calls otherwise."""

    ending: str
    names: frozenset[str]
    pairs: Mapping[str, str]
    """Name in the second copy to that in the first."""

    def plain(self, path: str) -> str:
        """Return a path of the second copy as the first has it."""
        whole, bracket, index = path.rpartition("[")
        if bracket and index.removesuffix("]").isdigit() and whole in self.pairs:
            return f"{self.pairs[whole]}[{index}"
        return self.pairs[path] if path in self.pairs else ".".join(self._part(part) for part in path.split("."))

    def _part(self, part: str) -> str:
        name, bracket, index = part.partition("[")
        short = name.removesuffix(self.ending)
        return f"{short if short in self.names else name}{bracket}{index}"


def same_start(
    netlist: Netlist,
    begins: str,
    *,
    first: str,
    second: str,
    ending: str,
    names: Collection[str],
    pairs: Mapping[str, str],
) -> None:
    """Give registers without start value and asynchronous reset the same free one, where their names are the same.

    ``begins`` is the wire that is 1 in the first step; ``first`` and ``second`` begin the names of the two copies.
    """
    known = CopyNames(ending, frozenset(names), {new: old for old, new in pairs.items()})
    signals = _Signals(netlist)
    ones = signals.registers(first, lambda path: path)
    others = signals.registers(second, known.plain)
    begin = yosys.SigSpec(netlist.wire(begins))
    taken: set[str] = set()
    for one, other in [(ones[name], others[name]) for name in ones if name in others]:
        both = {one.name.str(), other.name.str()}
        if taken & both or _width(one) != _width(other):
            continue
        taken |= both
        value = netlist.free(_width(one))
        for cell in (one, other):
            _start_with(netlist, cell, begin, value)


class _Signals:
    """Which names a flat module has for a signal, and which of its signals have a start value."""

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self._same: dict[_Bit, _Bit | None] = {}
        for left, right in netlist.module.connections_:
            for place in range(left.size()):
                self._join(left.at(place), right.at(place))
        self._wires = [(wire.name.str(), self._bits(yosys.SigSpec(wire)), wire) for _, wire in self._all()]

    def registers(self, prefix: str, plain: Callable[[str], str]) -> dict[str, Any]:
        """Return registers without start values by the names below ``prefix`` of what they drive."""
        names: dict[tuple[_Bit | None, ...], list[str]] = {}
        for name, bits, _ in self._wires:
            if name.startswith(f"\\{prefix}"):
                names.setdefault(bits, []).append(plain(name.removeprefix(f"\\{prefix}")))
        started = {bit for _, bits, wire in self._wires if wire.has_attribute(_id("\\init")) for bit in bits}
        found: dict[str, Any] = {}
        for cell in self._netlist.cells("$dff"):
            bits = self._bits(cell.getPort(_id("\\Q")))
            if not started.intersection(bits):
                for name in names.get(bits, ()):
                    found.setdefault(name, cell)
        return found

    def _all(self) -> list[tuple[Any, Any]]:
        return list(self._netlist.module.wires_.items())

    def _join(self, left: Any, right: Any) -> None:
        one, other = self._found(_bit(left)), self._found(_bit(right))
        if one is not None and one != other:
            self._same[one] = other

    def _bits(self, signal: Any) -> tuple[_Bit | None, ...]:
        return tuple(self._found(_bit(signal.at(place))) for place in range(signal.size()))

    def _found(self, bit: _Bit | None) -> _Bit | None:
        while bit is not None and bit in self._same:
            bit = self._same[bit]
        return bit


def _bit(bit: Any) -> _Bit | None:
    """Return wire and place of a bit; None for a constant."""
    return (bit.wire.name.str(), bit.offset) if bit.is_wire() else None


def _width(cell: Any) -> int:
    return int(cell.getPort(_id("\\Q")).size())


def _start_with(netlist: Netlist, cell: Any, begins: Any, value: Any) -> None:
    """Let what a register drives be ``value`` in the first step."""
    shown, held = cell.getPort(_id("\\Q")), netlist.fresh(_width(cell))
    cell.setPort(_id("\\Q"), held)
    netlist.module.addMux(netlist.new(), held, value, begins, shown)
