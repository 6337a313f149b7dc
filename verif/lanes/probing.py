"""Which mutants of a netlist can matter in a tick: a mutant that never does is what the design is.

The netlist runs as the design, the selector at zero, and each mutant gets an output that is 1 in the ticks in which it
may give a register, a memory or an output another value than in the design. From the ends back to the selector each net
gets a condition under which its change may be seen; where a function takes two nets that one mutant may change, both
may be changed at once. So the outputs may be 1 too often, and never too seldom: as long as a mutant's output stays 0,
its next state is the design's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from verif.harness.model import COVERS, FieldKind, Harness
from verif.lanes.cones import Cones, Node, Read
from verif.lanes.drawing import draft_of
from verif.lanes.emitting import lanes_source
from verif.lanes.latches import without_latches
from verif.lanes.netlist import Bit, Netlist, Table
from verif.lanes.phases import schedule_of
from verif.lanes.processor import Processor

BROAD = 0.1
"""A mutant that changes more than this part of all functions matters in most ticks; it would blur what is told of the
others."""
FEW = 64
"""So few functions are never much."""
_OR2, _OR3 = 0b1110, 0b11111110
_AND2 = 0b1000


def probe_source(harness: Harness, netlist: Netlist, processor: Processor) -> str | None:
    """Return the C++ of a probe, with the harness of ``probed_harness``.

    None where there are no mutants with a bit each, or a tick has several edges: only the first is looked at.
    """
    held = harness.held
    if held is None or held.kind is not FieldKind.RATE:
        return None
    netlist = without_latches(netlist)
    if any(len(phases) > 1 for phases in schedule_of(harness, netlist, Cones(netlist)).ticks):
        return None
    inner = probed_harness(harness)
    made = probed(netlist, netlist.inputs[held.name])
    return lanes_source(inner, made, draft_of(inner, None), processor, probe=True)


def probed_harness(harness: Harness) -> Harness:
    """Return the harness of a probed netlist: without the selector, and a coverage point for each of its bits."""
    held = harness.held
    assert held is not None
    points = tuple(f"mutant:{number}" for number in range(1, held.width + 1))
    stimulus = tuple(each for each in harness.stimulus if each is not held)
    return replace(harness, stimulus=stimulus, covers=points, properties_covered=())


def probed(netlist: Netlist, selector: Sequence[int]) -> Netlist:
    """Return the netlist with ``selector``, a net for each mutant, at zero, and with what may matter in ``COVERS``."""
    return _Probe(netlist, selector).netlist()


@dataclass
class _Probe:
    given: Netlist
    selector: Sequence[int]
    tables: dict[int, Table] = field(default_factory=dict)
    """What is added."""

    def __post_init__(self) -> None:
        self._cones = Cones(self.given)
        self._ends = list(_ends(self.given))
        self._order = self._cones.order(bit for bit, _ in self._ends)
        self._levels = self._of_selector()
        self._fresh = 1 + max((*self.given.tables, *_sources(self.given), 0))
        self._made: dict[Table, Bit] = {}
        self._reach = self._reached()
        self._always = self._broad()
        self._terms: dict[int, dict[Bit, None]] = defaultdict(dict)
        """Net to conditions any of which lets its change be seen."""
        self._hits: dict[int, dict[Bit, None]] = defaultdict(dict)
        """Mutant, as a bit, to conditions any of which lets it matter."""

    def netlist(self) -> Netlist:
        for bit, enable in self._ends:
            self._end(bit, enable)
        for node in reversed(self._order):
            if isinstance(node, Read):
                self._read(node)
            elif node not in self._levels:
                self._function(node)
        found: list[Bit] = [
            "1" if self._always >> number & 1 else self._any(self._hits[number]) for number in range(len(self.selector))
        ]
        return self._tied(found)

    def _of_selector(self) -> dict[Bit, int]:
        """Return the value of each net that depends on the selector alone: bit 0 the design's, then each mutant's."""
        width = len(self.selector) + 1
        every = (1 << width) - 1
        levels: dict[Bit, int] = {net: 2 << number for number, net in enumerate(self.selector)}
        constants: dict[Bit, int] = {"0": 0, "1": every}
        for node in self._order:
            if isinstance(node, Read):
                continue
            table = self.given.tables[node]
            if not all(bit in levels or bit in constants for bit in table.inputs):
                continue
            values = [levels.get(bit, constants.get(bit, 0)) for bit in table.inputs]
            levels[node] = 0
            for row in range(1 << len(values)):
                if table.values >> row & 1:
                    hit = every
                    for place, value in enumerate(values):
                        hit &= value if row >> place & 1 else every ^ value
                    levels[node] |= hit
        return levels

    def _differs(self, bit: Bit) -> int:
        """Return the mutants, a bit each, in which a net of the selector has another value."""
        level = self._levels[bit]
        every = (1 << len(self.selector)) - 1
        return (level >> 1) ^ (every if level & 1 else 0)

    def _reached(self) -> dict[Bit, int]:
        """Return for each net the mutants that may change it."""
        reach: dict[Bit, int] = {bit: self._differs(bit) for bit in self._levels}
        for node in self._order:
            found = 0
            for bit in self._inputs(node):
                found |= reach.get(bit, 0)
            for net in self._cones.port(node).data if isinstance(node, Read) else (node,):
                reach.setdefault(net, found)
        return reach

    def _inputs(self, node: Node) -> tuple[Bit, ...]:
        return self._cones.port(node).address if isinstance(node, Read) else self._cones.inputs(node)

    def _broad(self) -> int:
        """Return the mutants that are not looked at: they change much, or something at once or without a clock."""
        counts = [0] * len(self.selector)
        for node in self._order:
            if not isinstance(node, Read):
                for number in _ones(self._reach[node]):
                    counts[number] += 1
        most = max(FEW, BROAD * len(self._order))
        broad = sum(1 << number for number, count in enumerate(counts) if count > most)
        loading = [bit for each in self.given.registers for bit in (each.load, each.loaded)]
        for bit in (*loading, *(bit for bit, _ in self._ends if bit in self._levels)):
            broad |= self._reach.get(bit, 0)
        return broad

    def _mutants(self, bit: Bit) -> int:
        return self._reach.get(bit, 0) & ~self._always

    def _end(self, bit: Bit, enable: Bit) -> None:
        if isinstance(bit, int) and self._mutants(bit):
            joint = self._mutants(bit) & self._mutants(enable)
            self._terms[bit][self._base(enable) if not joint else "1"] = None

    def _read(self, read: Read) -> None:
        port = self._cones.port(read)
        seen = self._any({term: None for net in port.data for term in self._terms.get(net, ())})
        if seen != "0":
            for bit in port.address:
                if isinstance(bit, int) and self._mutants(bit):
                    self._terms[bit][seen] = None

    def _function(self, net: int) -> None:
        """Give the inputs of a function their conditions, and the mutants that choose at it."""
        if not self._mutants(net):
            return
        seen = self._any(self._terms.get(net, {}))
        if seen == "0":
            return
        table = self.given.tables[net]
        for place, bit in enumerate(table.inputs):
            mine = self._mutants(bit)
            if not mine:
                continue
            if bit not in self._levels:
                self._terms[bit][self._both(seen, self._shows(table, {place}, mine))] = None  # type: ignore[index]
        chosen = [place for place, bit in enumerate(table.inputs) if bit in self._levels]
        flips: dict[frozenset[int], int] = defaultdict(int)
        for number in _ones(self._choosing(table, chosen)):
            flips[frozenset(p for p in chosen if self._differs(table.inputs[p]) >> number & 1)] |= 1 << number
        for places, members in flips.items():
            for number in _ones(members):
                condition = self._both(seen, self._shows(table, set(places), 1 << number, fixed=set(chosen)))
                self._hits[number][condition] = None

    def _choosing(self, table: Table, chosen: Iterable[int]) -> int:
        found = 0
        for place in chosen:
            found |= self._mutants(table.inputs[place])
        return found

    def _shows(self, table: Table, places: set[int], mutants: int, fixed: set[int] | None = None) -> Bit:
        """Return a net that is 1 where the function may change with the inputs at ``places``, and with any that one of
        ``mutants`` may change, other than those that are ``fixed``.
        """
        count = len(table.inputs)
        free = [
            place
            for place, bit in enumerate(table.inputs)
            if place not in places and place not in (fixed or ()) and self._mutants(bit) & mutants
        ]
        turned = sum(1 << place for place in places)
        moves = [turned]
        for place in free:
            moves += [move | 1 << place for move in moves]
        values = 0
        for row in range(1 << count):
            if any((table.values >> (row ^ move) & 1) != (table.values >> row & 1) for move in moves):
                values |= 1 << row
        inputs = [self._base(bit) for bit in table.inputs]
        if len(places) == 1 and not fixed:
            (place,) = places
            low = [row for row in range(1 << count) if not row >> place & 1]
            for row in low:
                if (values >> row | values >> (row | turned)) & 1:
                    values |= 1 << row | 1 << (row | turned)
        return self._table(inputs, values)

    def _base(self, bit: Bit) -> Bit:
        """Return what a net is in the design."""
        return str(self._levels[bit] & 1) if bit in self._levels else bit

    def _both(self, one: Bit, other: Bit) -> Bit:
        table = self.tables.get(other) if isinstance(other, int) else None
        if table is not None and one not in table.inputs and len(table.inputs) < 3:
            return self._table([*table.inputs, one], table.values << (1 << len(table.inputs)))
        return self._table([one, other], _AND2)

    def _any(self, terms: Mapping[Bit, None]) -> Bit:
        left = [bit for bit in terms if bit != "0"]
        if "1" in left:
            return "1"
        while len(left) > 1:
            taken, left = left[:3], left[3:]
            left.append(self._table(taken, _OR3 if len(taken) == 3 else _OR2))
        return left[0] if left else "0"

    def _table(self, inputs: Sequence[Bit], values: int) -> Bit:
        """Return a net with a function; constants and inputs that change nothing go, equal ones are made once."""
        kept = list(inputs)
        for place in reversed(range(len(kept))):
            low, high = _half(values, place, 0, len(kept)), _half(values, place, 1, len(kept))
            if isinstance(kept[place], str) or low == high:
                values = high if kept[place] == "1" else low
                del kept[place]
        if not kept:
            return str(values & 1)
        if len(kept) == 1 and values == 0b10:
            return kept[0]
        table = Table(tuple(kept), values)
        if table not in self._made:
            self._made[table] = self._fresh
            self.tables[self._fresh] = table
            self._fresh += 1
        return self._made[table]

    def _tied(self, points: Sequence[Bit]) -> Netlist:
        """Return the design's netlist with ``points``."""
        given, named = self.given, self._base
        outputs = {name: tuple(map(named, bits)) for name, bits in given.outputs.items()}
        chosen = set(self.selector)
        return Netlist(
            inputs={name: nets for name, nets in given.inputs.items() if not chosen.issuperset(nets)},
            outputs={**outputs, COVERS: tuple(points)},
            tables={
                **{
                    net: Table(tuple(map(named, table.inputs)), table.values)
                    for net, table in given.tables.items()
                    if net not in self._levels
                },
                **self.tables,
            },
            registers=tuple(
                replace(each, next=named(each.next), load=named(each.load), loaded=named(each.loaded))
                for each in given.registers
            ),
            memories=tuple(
                replace(
                    memory,
                    reads=tuple(replace(port, address=tuple(map(named, port.address))) for port in memory.reads),
                    writes=tuple(
                        replace(
                            port,
                            address=tuple(map(named, port.address)),
                            data=tuple(map(named, port.data)),
                            enables=tuple(map(named, port.enables)),
                        )
                        for port in memory.writes
                    ),
                )
                for memory in given.memories
            ),
        )


def _ends(netlist: Netlist) -> Iterator[tuple[Bit, Bit]]:
    """Give what something takes in a tick, with the net that must be 1 for it."""
    for register in netlist.registers:
        yield from ((bit, "1") for bit in (register.next, register.load, register.loaded))
    for name, bits in netlist.outputs.items():
        if name != COVERS:
            yield from ((bit, "1") for bit in bits)
    for memory in netlist.memories:
        for port in memory.writes:
            yield from ((bit, "1") for bit in (*port.enables, *port.address))
            yield from zip(port.data, port.enables, strict=True)


def _sources(netlist: Netlist) -> Iterator[int]:
    yield from (net for nets in netlist.inputs.values() for net in nets)
    yield from (register.output for register in netlist.registers)
    yield from (net for memory in netlist.memories for port in memory.reads for net in port.data)


def _ones(number: int) -> Iterator[int]:
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def _half(values: int, place: int, level: int, count: int) -> int:
    """Return a function's table where one input has a level."""
    rows = [row for row in range(1 << count) if row >> place & 1 == level]
    return sum((values >> row & 1) << n for n, row in enumerate(rows))
