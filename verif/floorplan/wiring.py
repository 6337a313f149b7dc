"""Nets between blocks: every wire of the netlist traced through the hierarchy."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from verif.floorplan.cells import CellLibrary
from verif.floorplan.hierarchy import MEMORY, Cut, below
from verif.floorplan.synthesis import Netlist


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """Wires that join the same blocks and ports."""

    name: str
    """Name of one of the wires, without its index."""
    ends: tuple[str, ...]
    """Blocks first, then ports of the top; each sorted."""
    wires: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Wiring:
    """All wires that leave a block."""

    bundles: tuple[Bundle, ...]
    ports: dict[str, int]
    """Port of the top to its width, in port order."""
    clocks: tuple[str, ...]
    """Clock nets, which are left out: their trees are built after placement."""


def wire_blocks(netlist: Netlist, cut: Cut, library: CellLibrary) -> Wiring:
    """Trace all wires of ``netlist`` between the blocks of ``cut``."""
    trace = _Trace(netlist, cut, library)
    top = netlist.modules[netlist.top]
    ports = {name: port["bits"] for name, port in top["ports"].items()}
    trace.instance(netlist.top, "", {})
    for name, bits in ports.items():
        for bit in bits:
            if isinstance(bit, int):
                trace.at_port(bit, name)
    return trace.result({name: len(bits) for name, bits in ports.items()})


class _Trace:
    """Wires of all instances as one union-find forest over global numbers; the top's bits keep their own."""

    def __init__(self, netlist: Netlist, cut: Cut, library: CellLibrary) -> None:
        self.netlist, self.cut, self.library = netlist, cut, library
        self.parent: list[int] = []
        self.names: dict[int, str] = {}
        self.blocks: defaultdict[int, set[str]] = defaultdict(set)
        self.ports: defaultdict[int, set[str]] = defaultdict(set)
        self.clocked: set[int] = set()
        self.top_bits: dict[int, int] = {}
        self.apart = {macro.path for macro in cut.macros} | {box.path for box in cut.boxes}
        """Cells and instances that are blocks themselves."""

    def instance(self, module: str, path: str, wires: dict[int, int]) -> None:
        """Trace the cells of one instance; ``wires`` maps its ports' bits to global wires."""
        content = self.netlist.modules[module]
        if not path:
            self.top_bits = wires
        self._name(content, path, wires)
        owner = self.cut.owner[path]
        for name, cell in content["cells"].items():
            inside = cell["type"] in self.netlist.modules and cell["type"] != MEMORY
            if inside:
                self._enter(cell, below(path, name), wires)
            else:
                own = below(path, name)
                self._cell(cell, own if own in self.apart else owner, wires)

    def at_port(self, bit: int, port: str) -> None:
        """Note that a wire of the top reaches ``port``."""
        self.ports[self._wire(self.top_bits, bit)].add(port)

    def result(self, ports: dict[str, int]) -> Wiring:
        """Gather the wires into bundles."""
        joined = self._joined()
        clocks = sorted({self.names.get(wire, "") for wire in joined if self._is_clock(wire)} - {""})
        counts: Counter[tuple[str, ...]] = Counter()
        labels: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for wire, (blocks, ends) in joined.items():
            key = (*sorted(blocks), *sorted(ends))
            if len(key) > 1 and blocks and not self._is_clock(wire):
                counts[key] += 1
                labels[key].append(self.names.get(wire, "wire"))
        bundles = [
            (min(labels[key], key=lambda n: (n.count("."), len(n), n)), key, wires) for key, wires in counts.items()
        ]
        return Wiring(bundles=_numbered(bundles), ports=ports, clocks=tuple(clocks))

    def _enter(self, cell: dict[str, Any], path: str, wires: dict[int, int]) -> None:
        content = self.netlist.modules[cell["type"]]
        inner: dict[int, int] = {}
        for port, outside in cell["connections"].items():
            for bit, outer in zip(content["ports"][port]["bits"], outside, strict=False):
                if isinstance(bit, int) and isinstance(outer, int):
                    wire = self._wire(wires, outer)
                    if bit in inner:
                        self._join(inner[bit], wire)
                    inner[bit] = wire
        if path in self.apart:
            for wire in inner.values():
                self.blocks[wire].add(path)
        else:
            self.instance(cell["type"], path, inner)

    def _cell(self, cell: dict[str, Any], owner: str, wires: dict[int, int]) -> None:
        for pin, bits in cell["connections"].items():
            clock = pin in ("RD_CLK", "WR_CLK") if cell["type"] == MEMORY else self.library.is_clock(cell["type"], pin)
            for bit in bits:
                if isinstance(bit, int):
                    wire = self._wire(wires, bit)
                    self.blocks[wire].add(owner)
                    if clock:
                        self.clocked.add(wire)

    def _name(self, content: dict[str, Any], path: str, wires: dict[int, int]) -> None:
        for name, net in content["netnames"].items():
            if not net.get("hide_name"):
                for bit in net["bits"]:
                    if isinstance(bit, int):
                        self.names.setdefault(self._wire(wires, bit), below(path, name))

    def _wire(self, wires: dict[int, int], bit: int) -> int:
        if bit not in wires:
            wires[bit] = len(self.parent)
            self.parent.append(wires[bit])
        return wires[bit]

    def _root(self, wire: int) -> int:
        while self.parent[wire] != wire:
            self.parent[wire] = self.parent[self.parent[wire]]
            wire = self.parent[wire]
        return wire

    def _join(self, one: int, other: int) -> None:
        self.parent[self._root(one)] = self._root(other)

    def _joined(self) -> dict[int, tuple[set[str], set[str]]]:
        joined: dict[int, tuple[set[str], set[str]]] = {}
        for wire in range(len(self.parent)):
            root = self._root(wire)
            blocks, ports = joined.setdefault(root, (set(), set()))
            blocks |= self.blocks.get(wire, set())
            ports |= self.ports.get(wire, set())
            if wire in self.clocked:
                self.clocked.add(root)
            if wire in self.names:
                self.names.setdefault(root, self.names[wire])
        return joined

    def _is_clock(self, wire: int) -> bool:
        return wire in self.clocked


def _numbered(bundles: list[tuple[str, tuple[str, ...], int]]) -> tuple[Bundle, ...]:
    """Make the names differ."""
    seen: Counter[str] = Counter()
    numbered = []
    for name, ends, wires in sorted(bundles, key=lambda bundle: bundle[1]):
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name}#{seen[name]}"
        numbered.append(Bundle(name=unique, ends=ends, wires=wires))
    return tuple(numbered)
