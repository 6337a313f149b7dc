"""What must be computed for some nets, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from verif.errors import Unsupported
from verif.lanes.netlist import Bit, Netlist, ReadPort

_FEW_READERS = 4
"""So many readers of a register are worth to be looked for before it changes."""


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
        if not isinstance(node, Read):
            return self._netlist.tables[node].inputs
        return (*self.port(node).address, self.port(node).needed)

    def order(self, roots: Iterable[Bit], followers: Mapping[int, Bit] | None = None) -> list[Node]:
        """Return the nodes behind ``roots`` so that each comes after what it looks at, close to where it is used.

        ``followers`` are roots that come when few others still look at the source that they are given for.
        Unsupported PE825 for a combinational loop.
        """
        roots = list(roots)
        walk = _Walk(self)
        for root in roots:
            walk.visit(root)
        if not followers:
            return walk.found
        return _Following(self, walk.found, roots, followers).walked()

    def leaves(self, roots: Iterable[Bit]) -> set[int]:
        """Return the inputs and registers on which ``roots`` depend."""
        roots = list(roots)
        seen = {bit for bit in roots if bit in self._sources}
        for node in self.order(roots):
            seen |= {bit for bit in self.inputs(node) if bit in self._sources}
        return {bit for bit in seen if isinstance(bit, int)}

    def nodes(self, bits: Iterable[Bit]) -> list[Node]:
        """Return what drives nets, where that is no source."""
        nodes: list[Node] = []
        for bit in bits:
            if not isinstance(bit, int) or bit in self._sources:
                continue
            nodes.append(self._reads.get(bit, bit))
        return nodes


class _Walk:
    """Goes through the nodes behind roots, each once."""

    def __init__(self, cones: Cones) -> None:
        self._cones = cones
        self._done: dict[Node, bool] = {}
        self.found: list[Node] = []

    def visit(self, root: Bit) -> None:
        """Find what is behind one more root."""
        stack: list[tuple[Node, bool]] = [(node, False) for node in self._cones.nodes((root,))]
        while stack:
            node, ready = stack.pop()
            if ready:
                self._done[node] = True
                self.found.append(node)
            elif node not in self._done:
                self._done[node] = False
                stack.append((node, True))
                stack += [(each, False) for each in reversed(self._cones.nodes(self._cones.inputs(node)))]
            elif not self._done[node]:
                raise _loop()


class _Following:
    """Goes through nodes so that a register gets its next value when few others still look at it.

    So values needn't wait until the old ones were looked at, and a word that was read need not be fetched again.
    """

    def __init__(self, cones: Cones, nodes: Sequence[Node], roots: Sequence[Bit], followers: Mapping[int, Bit]) -> None:
        self._cones = cones
        self._followers = followers
        self._roots = roots
        self._readers: dict[int, list[Node]] = {bit: [] for bit in followers}
        self._parents: dict[Node, list[Node]] = {}
        for node in nodes:
            for child in cones.nodes(cones.inputs(node)):
                self._parents.setdefault(child, []).append(node)
            for bit in cones.inputs(node):
                if isinstance(bit, int) and bit in followers and node not in self._readers[bit]:
                    self._readers[bit].append(node)
        self._wanted = {node: bit for bit in roots for node in cones.nodes((bit,))}
        self._left = {bit: len(readers) for bit, readers in self._readers.items()}
        self._walk = _Walk(cones)
        self._counted = 0
        self._place = {bit: number for number, bit in enumerate(self._left)}
        self._kept = {bit for bit, follower in followers.items() if self._is_kept(bit, follower)}
        self._waiting = [self._rank(bit) for bit in self._left]
        heapify(self._waiting)

    def _is_kept(self, source: int, follower: Bit) -> bool:
        """Return whether a register's next value looks like what it was or something else: that comes last."""
        return any(source in self._cones.inputs(node) for node in self._cones.nodes((follower,)))

    def _rank(self, bit: int) -> tuple[int, int, int, int]:
        left = self._left[bit]
        return (0 if left <= 1 else 2 if bit in self._kept else 1, left, self._place[bit], bit)

    def walked(self) -> list[Node]:
        """Visit all roots, those of followers after the others."""
        following = set(self._followers.values())
        for root in self._roots:
            if root not in following:
                self._visit(root)
        while self._waiting:
            rank = heappop(self._waiting)
            bit = rank[-1]
            if bit in self._left and rank == self._rank(bit):
                for reader in self._readers[bit] if self._left[bit] <= _FEW_READERS else ():
                    self._visit(self._end(reader))
                del self._left[bit]
                self._visit(self._followers[bit])
        return self._walk.found

    def _end(self, node: Node) -> Bit:
        """Return a net that is wanted, and for which a node is."""
        while node not in self._wanted:
            node = self._parents[node][0]
        return self._wanted[node]

    def _visit(self, root: Bit) -> None:
        self._walk.visit(root)
        for node in self._walk.found[self._counted :]:
            for bit in self._looked_at(node):
                self._left[bit] -= 1
                heappush(self._waiting, self._rank(bit))
        self._counted = len(self._walk.found)

    def _looked_at(self, node: Node) -> Iterator[int]:
        for bit in dict.fromkeys(self._cones.inputs(node)):
            if isinstance(bit, int) and bit in self._left:
                yield bit


def _loop() -> Unsupported:
    return Unsupported("PE825", "lanes compute each net once a tick, and the design has a combinational loop")
