"""What must be computed for some nets, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from verif.errors import Unsupported
from verif.lanes.netlist import Bit, Netlist, ReadPort


@dataclass(frozen=True, slots=True)
class Read:
    """A memory's read port: memory and port by number."""

    memory: int
    port: int


Node = int | Read
"""A net that a table drives, or a read."""


class Cones:
    """Finds the nodes behind nets, up to inputs and registers."""

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self._reads: Mapping[int, Read] = {
            net: Read(number, place)
            for number, memory in enumerate(netlist.memories)
            for place, port in enumerate(memory.reads)
            for net in port.data
        }
        self._sources = {net for nets in netlist.inputs.values() for net in nets}
        self._sources |= {register.output for register in netlist.registers}

    def port(self, read: Read) -> ReadPort:
        """Return the port of a read."""
        return self._netlist.memories[read.memory].reads[read.port]

    def inputs(self, node: Node) -> tuple[Bit, ...]:
        """Return the nets that a node looks at."""
        return self.port(node).address if isinstance(node, Read) else self._netlist.tables[node].inputs

    def order(self, roots: Iterable[Bit]) -> list[Node]:
        """Return the nodes behind ``roots`` so that each comes after what it looks at, close to where it is used.

        Unsupported PE825 for a combinational loop.
        """
        done: dict[Node, bool] = {}
        found: list[Node] = []
        for root in roots:
            stack: list[tuple[Node, bool]] = [(node, False) for node in self._nodes((root,))]
            while stack:
                node, ready = stack.pop()
                if ready:
                    done[node] = True
                    found.append(node)
                elif node not in done:
                    done[node] = False
                    stack.append((node, True))
                    stack += [(each, False) for each in reversed(self._nodes(self.inputs(node)))]
                elif not done[node]:
                    raise _loop()
        return found

    def leaves(self, roots: Iterable[Bit]) -> set[int]:
        """Return the inputs and registers on which ``roots`` depend."""
        roots = list(roots)
        seen = {bit for bit in roots if bit in self._sources}
        for node in self.order(roots):
            seen |= {bit for bit in self.inputs(node) if bit in self._sources}
        return {bit for bit in seen if isinstance(bit, int)}

    def _nodes(self, bits: Iterable[Bit]) -> list[Node]:
        nodes: list[Node] = []
        for bit in bits:
            if not isinstance(bit, int) or bit in self._sources:
                continue
            nodes.append(self._reads.get(bit, bit))
        return nodes


def _loop() -> Unsupported:
    return Unsupported("PE825", "lanes compute each net once a tick, and the design has a combinational loop")
