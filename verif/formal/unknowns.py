"""X in two copies of a design in one netlist: what both assign to the same name is the same in both.

Within one copy nothing changes by it: of all X that a tree of multiplexers can hand to a name, one at most gets there
in a step, so one free value stands for all. An X that goes to several names has a free value of its own in each copy,
which is that of its counterpart in the other. So has what a closed latch holds, as long as both latches show the same
whenever that is so, which is asked with everything else. Only ``verif.formal.yosys_worker`` imports this.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyosys import libyosys as yosys

from verif.formal.netlist import LATCH, Bit, Netlist
from verif.formal.starts import CopyNames, Signals

_MUXES = ("$mux", "$pmux")
_DATA = ("\\A", "\\B")
_REGISTERS = ("$dff", "$adff")
_MOST = 64
"""Names to which an X goes, at most."""
_Target = tuple[Any, ...]


def share_x(
    netlist: Netlist,
    shown: str,
    *,
    first: str,
    second: str,
    ending: str,
    names: Collection[str],
    pairs: Mapping[str, str],
    latches: bool,
) -> None:
    """Put a free value, one for both copies, where multiplexers hand an X to a name that both have.

    With ``latches`` they hold the same where they have one name; the wire ``shown`` is 1 in the steps in which such
    latches show different values, which somebody must ask.
    """
    known = CopyNames(ending, frozenset(names), {new: old for old, new in pairs.items()})
    signals = Signals(netlist)
    ones, others = signals.places(first, lambda path: path), signals.places(second, known.plain)
    targets = {bit: (side, *place) for side, named in ((first, ones), (second, others)) for bit, place in named.items()}
    sharing = _Sharing(netlist, signals, targets)
    unequal = _share_latches(netlist, sharing, first) if latches else yosys.SigSpec(yosys.Const(0, 1))
    netlist.module.connect(yosys.SigSpec(netlist.wire(shown)), unequal)
    for cell in sorted(netlist.cells(*_MUXES, *_REGISTERS), key=_number):
        for port in ("\\D",) if cell.type.str() in _REGISTERS else _DATA:
            sharing.replace(cell, yosys.IdString(port))


def _share_latches(netlist: Netlist, sharing: _Sharing, first: str) -> Any:
    """Let latches of the same name hold the same; return a bit that is 1 where some of them show different values."""
    module, output = netlist.module, yosys.IdString("\\Y")
    unequal = yosys.SigSpec()
    ones: dict[_Target, Any] = {}
    others: dict[_Target, Any] = {}
    for cell in netlist.cells("$mux"):
        (bit, *_) = sharing.signals.bits(cell.getPort(output))
        target = sharing.targets.get(bit) if bit else None
        if target and cell.get_bool_attribute(yosys.IdString(LATCH)):
            (ones if target[0] == first else others)[(*target[1:], cell.getPort(output).size())] = cell
    for target in ones.keys() & others.keys():
        one, other = ones[target], others[target]
        other.setPort(yosys.IdString("\\A"), one.getPort(yosys.IdString("\\A")))
        unequal.append(module.Ne(netlist.new(), one.getPort(output), other.getPort(output)))
    return module.ReduceOr(netlist.new(), unequal) if unequal.size() else yosys.SigSpec(yosys.Const(0, 1))


@dataclass
class _Sharing:
    """Puts free values in the place of X."""

    netlist: Netlist
    signals: Signals
    targets: Mapping[Bit, tuple[str, str, int]]
    """The copy, the name and the place of the bits of both that have a name."""
    _free: dict[_Target, Any] = field(default_factory=dict)
    _counted: dict[tuple[str, _Target], int] = field(default_factory=dict)
    _readers: dict[Bit, list[tuple[Any, str, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for cell in self.netlist.cells():
            for port, signal in cell.connections().items():
                if cell.input(port):
                    for place, bit in enumerate(self.signals.bits(signal)):
                        if bit is not None:
                            self._readers.setdefault(bit, []).append((cell, port.str(), place))

    def replace(self, cell: Any, port: Any) -> None:
        """Replace each X of a port that goes to a name."""
        signal = cell.getPort(port)
        if not _has_x(signal):
            return
        given = yosys.SigSpec()
        for place in range(signal.size()):
            target = self._target(cell, port.str(), place) if _is_x(signal.at(place)) else None
            given.append(self._value(target) if target else signal.extract(place, 1))
        cell.setPort(port, given)

    def _value(self, target: _Target) -> Any:
        if target not in self._free:
            self._free[target] = self.netlist.free(1)
        return self._free[target]

    def _target(self, cell: Any, port: str, place: int) -> _Target | None:
        """Return what a bit of a multiplexer's data goes to: a name and a place, or several and which of theirs."""
        copy, names, alone = "", set(), True
        seen: set[Bit] = set()
        waiting = [(cell, port, place)]
        while waiting:
            cell, port, place = waiting.pop()
            bit = self._after(cell, port, place)
            if bit is None:
                alone = False
                continue
            if bit in seen:
                continue
            seen.add(bit)
            target = self.targets.get(bit)
            if target:
                copy = target[0]
                into = "" if port in _DATA else f"{port} "
                names.add((f"{into}{target[1]}", target[2]))
                continue
            readers = self._readers.get(bit, [])
            alone &= len(readers) == 1
            waiting += readers
        if not names or len(names) > _MOST:
            return None
        if alone:
            return next(iter(names))
        several = ("several", tuple(sorted(names)))
        self._counted[copy, several] = number = self._counted.get((copy, several), -1) + 1
        return (*several, number)

    def _after(self, cell: Any, port: str, place: int) -> Bit | None:
        """Return the bit of its output to which a cell hands a bit; None where it makes something else of it."""
        kind = cell.type.str()
        latched = port == "\\S" and cell.get_bool_attribute(yosys.IdString(LATCH))
        if not (latched or (kind in _MUXES and port in _DATA) or (kind in _REGISTERS and port == "\\D")):
            return None
        output = cell.getPort(yosys.IdString("\\Q" if kind in _REGISTERS else "\\Y"))
        return self.signals.bits(output.extract(place % output.size(), 1))[0]


def _number(cell: Any) -> tuple[int, str]:
    """Return what puts cells in the order in which they were made."""
    name = cell.name.str()
    digits = name.rpartition("$")[2]
    return (int(digits) if digits.isdigit() else 0, name)


def _has_x(signal: Any) -> bool:
    return any(_is_x(signal.at(place)) for place in range(signal.size()))


def _is_x(bit: Any) -> bool:
    return not bit.is_wire() and bit.data == yosys.State.Sx
