"""In which lanes what a memory is asked matters: the others needn't be looked up.

A processor's register file is read in few of its states, a memory when it is asked. What is read then goes through
logic that takes something else in the other lanes. Going back from what takes a value, each net gets the conditions
under which it matters; where a table is the same whatever the values behind the read are, it doesn't.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import log2, prod

from verif.lanes.cones import Cones, Read
from verif.lanes.netlist import Bit, Netlist, ReadPort, Table

_MOST_TERMS = 8
_MOST_LITERALS = 6

_Term = frozenset[tuple[int, int]]
"""Nets with their levels, all of which must hold."""
_Need = frozenset[_Term]
"""Any of which must hold."""
_CERTAIN = 0.9
"""A literal that holds so often tells nothing."""
_RARE = 0.01
"""How often a reset is active."""
_ALWAYS: _Need = frozenset({frozenset()})
_NEVER: _Need = frozenset()
_AND, _OR = 0b1000, 0b1110


def with_needs(netlist: Netlist, rare: Collection[int] = ()) -> Netlist:
    """Return the netlist with a net at each read port that tells where the port is needed, and one port an address.

    ``rare`` are inputs that are seldom 1.
    """
    netlist = _one_port_an_address(netlist)
    if not any(memory.reads for memory in netlist.memories):
        return netlist
    terms = _Terms(_odds(netlist, rare))
    cones = Cones(netlist)
    roots: list[Bit] = [bit for bit, _ in _ends(netlist)]
    reads = [node for node in cones.order(roots) if isinstance(node, Read)]
    for read in reversed(reads):
        need = _Fanout(netlist, read, terms).need()
        if need != _ALWAYS:
            netlist = _enabled(netlist, read, need)
    return netlist


def _one_port_an_address(netlist: Netlist) -> Netlist:
    """Return the netlist with the same net for what is read at the same place."""
    same: dict[Bit, Bit] = {}
    memories = []
    for memory in netlist.memories:
        ports: dict[tuple[Bit, ...], ReadPort] = {}
        for port in memory.reads:
            first = ports.setdefault(port.address, port)
            same |= dict(zip(port.data, first.data, strict=True))
        memories.append(replace(memory, reads=tuple(ports.values())))
    if all(len(new.reads) == len(old.reads) for new, old in zip(memories, netlist.memories, strict=True)):
        return netlist

    def named(bits: Iterable[Bit]) -> tuple[Bit, ...]:
        return tuple(same.get(bit, bit) for bit in bits)

    return Netlist(
        inputs=netlist.inputs,
        outputs={name: named(bits) for name, bits in netlist.outputs.items()},
        tables={net: Table(named(table.inputs), table.values) for net, table in netlist.tables.items()},
        registers=tuple(
            replace(
                each,
                next=same.get(each.next, each.next),
                load=same.get(each.load, each.load),
                loaded=same.get(each.loaded, each.loaded),
            )
            for each in netlist.registers
        ),
        memories=tuple(
            replace(
                memory,
                reads=tuple(replace(port, address=named(port.address)) for port in memory.reads),
                writes=tuple(
                    replace(port, address=named(port.address), data=named(port.data), enables=named(port.enables))
                    for port in memory.writes
                ),
            )
            for memory in memories
        ),
    )


def _enabled(netlist: Netlist, read: Read, need: _Need) -> Netlist:
    tables = dict(netlist.tables)
    nets = (*tables, *(net for nets in netlist.inputs.values() for net in nets))
    given = (net for memory in netlist.memories for port in memory.reads for net in port.data)
    fresh = 1 + max((*nets, *given, *(register.output for register in netlist.registers)))

    def joined(bits: Sequence[tuple[Bit, int]], values: int) -> Bit:
        nonlocal fresh
        whole: Bit | None = None
        for bit, level in bits:
            if not level:
                tables[fresh] = Table((bit,), 0b01)
                bit, fresh = fresh, fresh + 1
            if whole is not None:
                tables[fresh] = Table((whole, bit), values)
                bit, fresh = fresh, fresh + 1
            whole = bit
        return ("1" if values == _AND else "0") if whole is None else whole

    terms: list[tuple[Bit, int]] = [(joined(sorted(term), _AND), 1) for term in sorted(need, key=sorted)]
    enable = joined(terms, _OR)
    memory = netlist.memories[read.memory]
    ports = [replace(port, needed=enable) if n == read.port else port for n, port in enumerate(memory.reads)]
    memories = list(netlist.memories)
    memories[read.memory] = replace(memory, reads=tuple(ports))
    return replace(netlist, tables=tables, memories=tuple(memories))


def _ends(netlist: Netlist) -> Iterable[tuple[Bit, _Need]]:
    """Give what something takes at the end of a tick, with the condition."""
    for register in netlist.registers:
        yield from ((bit, _ALWAYS) for bit in (register.next, register.load, register.loaded))
    for bits in netlist.outputs.values():
        yield from ((bit, _ALWAYS) for bit in bits)
    for memory in netlist.memories:
        for port in memory.writes:
            where = frozenset(term for bit in port.enables for term in _literal(bit))
            yield from ((bit, _ALWAYS) for bit in port.enables)
            yield from ((bit, where) for bit in port.address)
            yield from ((bit, _literal(enable)) for bit, enable in zip(port.data, port.enables, strict=True))


class _Fanout:
    """The nets that depend on a read, and under which conditions each matters."""

    def __init__(self, netlist: Netlist, read: Read, terms: _Terms) -> None:
        self._netlist = netlist
        self._terms = terms
        self._cones = Cones(netlist)
        self._data = self._cones.port(read).data
        self._behind: set[Bit] = set(self._data)
        order = self._cones.order(bit for bit, _ in _ends(netlist))
        self._order = [node for node in order if self._reaches(node)]

    def _reaches(self, node: int | Read) -> bool:
        if not self._behind.intersection(self._cones.inputs(node)):
            return False
        self._behind.update(self._cones.port(node).data if isinstance(node, Read) else (node,))
        return True

    def need(self) -> _Need:
        """Return the condition of all that is read."""
        needs: dict[Bit, _Need] = {}

        def add(bit: Bit, need: _Need) -> None:
            if bit in self._behind:
                needs[bit] = self._terms.any((needs.get(bit, _NEVER), self._known(need)))

        for bit, need in _ends(self._netlist):
            add(bit, need)
        for node in reversed(self._order):
            if isinstance(node, Read):
                port = self._cones.port(node)
                for bit in port.address:
                    add(bit, _literal(port.needed))
                add(port.needed, _ALWAYS)
                continue
            table = self._netlist.tables[node]
            need = self._terms.both(self._sensitive(table), needs.get(node, _NEVER))
            for bit in table.inputs:
                add(bit, need)
        return self._terms.any(needs.get(bit, _NEVER) for bit in self._data)

    def _known(self, need: _Need) -> _Need:
        """Return a condition without what depends on the read."""
        return self._terms.short(frozenset(lit for lit in term if lit[0] not in self._behind) for term in need)

    def _sensitive(self, table: Table) -> _Need:
        """Return where a table isn't the same whatever the nets behind the read are."""
        others = [place for place, bit in enumerate(table.inputs) if isinstance(bit, int) and bit not in self._behind]
        found: dict[tuple[int, ...], set[int]] = {}
        for levels in product((0, 1), repeat=len(table.inputs)):
            if all(levels[place] == int(bit) for place, bit in enumerate(table.inputs) if isinstance(bit, str)):
                index = sum(level << place for place, level in enumerate(levels))
                found.setdefault(tuple(levels[place] for place in others), set()).add(table.values >> index & 1)
        nets = [int(table.inputs[place]) for place in others]
        return self._terms.short(
            frozenset(zip(nets, levels, strict=True)) for levels, values in found.items() if len(values) > 1
        )


def _literal(bit: Bit) -> _Need:
    if isinstance(bit, str):
        return _ALWAYS if bit == "1" else _NEVER
    return frozenset({frozenset({(bit, 1)})})


@dataclass(frozen=True)
class _Terms:
    """Conditions that stay short: what is left out makes them hold more often."""

    odds: Mapping[int, float]
    """How often each net is 1, by guess."""

    def any(self, needs: Iterable[_Need]) -> _Need:
        """Return a condition that holds where one of them does."""
        return self.short(term for need in needs for term in need)

    def both(self, one: _Need, other: _Need) -> _Need:
        """Return a condition that holds where both do."""
        terms = (a | b for a in one for b in other)
        return self.short(term for term in terms if not any((net, 1 - level) in term for net, level in term))

    def short(self, terms: Iterable[_Term]) -> _Need:
        """Return a condition that holds wherever one of the terms does: the same, while it is short."""
        left = {self._telling(term) for term in terms}
        while merged := _merged(left):
            left = (left - merged[0]) | {merged[1]}
        left = {term for term in left if not any(other < term for other in left)}
        while len(left) > _MOST_TERMS:
            shared = Counter(literal for term in left for literal in term)
            best = max(shared, key=lambda literal: (shared[literal] * self._surprise(literal), literal), default=None)
            if best is None or shared[best] < 2:
                return _ALWAYS
            left = {term for term in left if best not in term} | {frozenset({best})}
        return frozenset(left)

    def _telling(self, term: _Term) -> _Term:
        """Return the literals that hold least often."""
        ranked = sorted(term, key=lambda literal: (-self._surprise(literal), literal))[:_MOST_LITERALS]
        return frozenset(literal for literal in ranked if self._surprise(literal) > -log2(_CERTAIN))

    def _surprise(self, literal: tuple[int, int]) -> float:
        odds = self.odds.get(literal[0], 0.5)
        return -log2(max(odds if literal[1] else 1 - odds, 1e-9))


def _odds(netlist: Netlist, rare: Collection[int]) -> Mapping[int, float]:
    """Return how often each net would be 1 if inputs and registers were independent coins."""
    odds: dict[Bit, float] = {"0": 0.0, "1": 1.0, **dict.fromkeys(rare, _RARE)}
    cones = Cones(netlist)
    for node in cones.order(bit for bit, _ in _ends(netlist)):
        if isinstance(node, Read):
            continue
        table = netlist.tables[node]
        ones = [odds.get(bit, 0.5) for bit in table.inputs]
        odds[node] = sum(
            prod(one if level else 1 - one for one, level in zip(ones, levels, strict=True))
            for levels in product((0, 1), repeat=len(ones))
            if table.values >> sum(level << place for place, level in enumerate(levels)) & 1
        )
    return {net: value for net, value in odds.items() if isinstance(net, int)}


def _merged(terms: set[_Term]) -> tuple[set[_Term], _Term] | None:
    """Return two terms that differ in one level, and what holds for both."""
    for term in sorted(terms, key=sorted):
        for net, level in sorted(term):
            rest = term - {(net, level)}
            other = rest | {(net, 1 - level)}
            if other in terms:
                return {term, other}, rest
    return None
