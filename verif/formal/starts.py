"""Start values of two copies of a design in one netlist: registers of the same name start equal, all others anyhow.

They are made explicit, since Yosys makes one of two registers that load the same where neither has a start value.
Registers of the same name are marked, so that what is made of them can be told. Only ``verif.formal.yosys_worker``
imports this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyosys import libyosys as yosys

from verif.formal.netlist import Netlist

_Bit = tuple[str, int]


def _id(name: str) -> Any:
    return yosys.IdString(name)


_STARTED = "\\posedge_started"
"""Attribute of registers whose start value was made explicit."""
_REGISTERS = ("$dff", "$adff", "$aldff", "$dffe", "$adffe", "$sdff")
_PAIR = "\\posedge_pair"
"""Attribute of a register with a partner in the other copy: the number of the pair and of the copy."""
PAIR = "posedge_pair_"
"""Begins the names of wires that show registers of a pair: the number of the pair and of the copy follow."""


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
    aliases: Collection[str],
) -> None:
    """Give registers without start value and asynchronous reset the same free one, where their names are the same.

    ``begins`` is the wire that is 1 in the first step; ``first`` and ``second`` begin the names of the two copies.
    ``aliases`` are names that aren't enough for that. All that have a name in common are marked as a pair.
    """
    known = CopyNames(ending, frozenset(names), {new: old for old, new in pairs.items()})
    signals = Signals(netlist)
    ones, others = signals.named(first, lambda path: path), signals.named(second, known.plain)
    equal = _mutual({name: cell for name, cell in ones.items() if name not in aliases}, others)
    _mark(netlist, [*equal, *_mutual(ones, others)])
    free = {cell.name.str() for cell in signals.free()}
    begin = yosys.SigSpec(netlist.wire(begins))
    for one, other in equal:
        both = {one.name.str(), other.name.str()}
        if both <= free:
            free -= both
            _start_with(netlist, (one, other), begin)
    for cell in netlist.cells("$dff"):
        if cell.name.str() in free:
            _start_with(netlist, (cell,), begin)
    for cell in netlist.cells("$mem_v2"):
        cell.set_bool_attribute(_id("\\keep"))


def show_pairs(netlist: Netlist, prefix: str) -> None:
    """Let wires show the registers of each pair: the pair's number and the copy's follow ``prefix``."""
    for cell in netlist.cells(*_REGISTERS):
        if cell.has_attribute(_id(_PAIR)):
            wire = netlist.module.addWire(_id(f"\\{prefix}{cell.get_string_attribute(_id(_PAIR))}"), _width(cell))
            wire.set_bool_attribute(_id("\\keep"))
            netlist.module.connect(yosys.SigSpec(wire), cell.getPort(_id("\\Q")))


def _mutual(ones: Mapping[str, Any], others: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """Return the registers that have a name in common, each once."""
    taken: set[str] = set()
    found = []
    for one, other in [(ones[name], others[name]) for name in ones if name in others]:
        both = {one.name.str(), other.name.str()}
        if not taken & both and _width(one) == _width(other):
            taken |= both
            found.append((one, other))
    return found


def _mark(netlist: Netlist, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Give pairs a number that have none yet."""
    marked = sum(cell.has_attribute(_id(_PAIR)) for cell in netlist.cells(*_REGISTERS)) // 2
    for pair in pairs:
        if not any(cell.has_attribute(_id(_PAIR)) for cell in pair):
            for copy, cell in enumerate(pair):
                cell.set_string_attribute(_id(_PAIR), f"{marked}_{copy}")
            marked += 1


class Signals:
    """Which names a flat module has for a signal, and which of its signals have a start value."""

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self._same: dict[_Bit, _Bit | None] = {}
        for left, right in netlist.module.connections_:
            for place in range(left.size()):
                self._join(left.at(place), right.at(place))
        self._wires = [(wire.name.str(), self.bits(yosys.SigSpec(wire)), wire) for _, wire in self._all()]

    def named(self, prefix: str, plain: Callable[[str], str]) -> dict[str, Any]:
        """Return registers by the names below ``prefix`` of what they drive; a part of a vector has its place."""
        names: dict[tuple[_Bit | None, ...], list[str]] = {}
        parts: dict[_Bit, tuple[str, int]] = {}
        for name, bits, _ in self._wires:
            if name.startswith(f"\\{prefix}"):
                known = plain(name.removeprefix(f"\\{prefix}"))
                names.setdefault(bits, []).append(known)
                parts |= {bit: (known, place) for place, bit in enumerate(bits) if bit is not None}
        found: dict[str, Any] = {}
        for cell in self._netlist.cells(*_REGISTERS):
            bits = self.bits(cell.getPort(_id("\\Q")))
            first = parts.get(bits[0]) if bits and bits[0] else None
            inside = [f"{first[0]} from {first[1]}"] if first else []
            for name in names.get(bits, inside):
                found.setdefault(name, cell)
        return found

    def places(self, prefix: str, plain: Callable[[str], str]) -> dict[_Bit, tuple[str, int]]:
        """Return the first name below ``prefix``, and the place in it, of each bit that has one."""
        found: dict[_Bit, tuple[str, int]] = {}
        for name, bits, _ in self._wires:
            if name.startswith(f"\\{prefix}"):
                known = plain(name.removeprefix(f"\\{prefix}"))
                for place, bit in enumerate(bits):
                    if bit is not None:
                        found[bit] = min(found.get(bit, (known, place)), (known, place))
        return found

    def free(self) -> list[Any]:
        """Return the registers without start values that are still as they were."""
        init = _id("\\init")
        started = {bit for _, bits, wire in self._wires if wire.has_attribute(init) for bit in bits}
        cells = (cell for cell in self._netlist.cells("$dff") if not cell.get_bool_attribute(_id(_STARTED)))
        return [cell for cell in cells if not started.intersection(self.bits(cell.getPort(_id("\\Q"))))]

    def bits(self, signal: Any) -> tuple[_Bit | None, ...]:
        """Return the bits of a signal, those that are connected as one; None for a constant."""
        return tuple(self._found(_bit(signal.at(place))) for place in range(signal.size()))

    def _all(self) -> list[tuple[Any, Any]]:
        return list(self._netlist.module.wires_.items())

    def _join(self, left: Any, right: Any) -> None:
        one, other = self._found(_bit(left)), self._found(_bit(right))
        if one is not None and one != other:
            self._same[one] = other

    def _found(self, bit: _Bit | None) -> _Bit | None:
        while bit is not None and bit in self._same:
            bit = self._same[bit]
        return bit


def _bit(bit: Any) -> _Bit | None:
    """Return wire and place of a bit; None for a constant."""
    return (bit.wire.name.str(), bit.offset) if bit.is_wire() else None


def _width(cell: Any) -> int:
    return int(cell.getPort(_id("\\Q")).size())


def _start_with(netlist: Netlist, cells: Sequence[Any], begins: Any) -> None:
    """Let what registers drive be the same free value in the first step."""
    value = netlist.free(_width(cells[0]))
    for cell in cells:
        shown, held = cell.getPort(_id("\\Q")), netlist.fresh(_width(cell))
        cell.setPort(_id("\\Q"), held)
        cell.set_bool_attribute(_id(_STARTED))
        netlist.module.addMux(netlist.new(), held, value, begins, shown)
