"""A netlist as C++: one function a phase, whole words of lanes for bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from verif.harness.model import COVERS, FieldKind, Harness
from verif.lanes.cones import Cones, Node, Read
from verif.lanes.draft import Draft
from verif.lanes.drawing import drawing_text
from verif.lanes.expressions import expression
from verif.lanes.netlist import Bit, Memory, Netlist, ReadPort, WritePort
from verif.lanes.packing import Packing
from verif.lanes.phases import Load, Phase, Schedule, schedule_of
from verif.sim.batch.layout import WORD_BITS, Layout

NODES_A_FUNCTION = 2000
"""Nodes of one C++ function: compilers take more than their share of time for longer ones."""
_ARGUMENTS = (
    "const Word* __restrict s, Word* __restrict n, const Word* __restrict in, Word* __restrict out, Word* __restrict x"
)


@dataclass(frozen=True)
class Outputs:
    """Where the outputs of a harness lie in ``out``: monitors' fails, what they saw, points, observed words."""

    harness: Harness

    @property
    def hits(self) -> int:
        """Place of the first coverage point; as many whole words of places as they need follow."""
        return 2 * len(self.harness.monitors)

    @property
    def observed(self) -> int:
        """Place of the first observed row's bit."""
        return self.hits + _padded(len(self.harness.covers))

    @property
    def count(self) -> int:
        """How many places there are."""
        return self.observed + WORD_BITS * Layout.of(self.harness.observed).words

    def places(self) -> Iterator[tuple[int, str, int]]:
        """Give place, port and bit of the port."""
        monitors = self.harness.monitors
        for number, monitor in enumerate(monitors):
            yield number, monitor.fail, 0
            yield len(monitors) + number, monitor.seen, 0
        for number in range(len(self.harness.covers)):
            yield self.hits + number, COVERS, number
        for slot in Layout.of(self.harness.observed).slots:
            for bit in range(slot.width):
                yield self.observed + WORD_BITS * slot.offset + bit, slot.name, bit


def lanes_source(harness: Harness, netlist: Netlist, draft: Draft, *, word_bits: int, ternary: bool) -> str:
    """Return the C++ of a lane library that draws as ``draft`` says.

    Unsupported PE825 for loops: of nets, or of registers that load each other without a clock.
    """
    cones = Cones(netlist)
    schedule = schedule_of(harness, netlist, cones)
    return "\n".join(_Emitter(harness, netlist, draft, cones, schedule, word_bits, ternary).lines()) + "\n"


@dataclass
class _Emitter:
    harness: Harness
    netlist: Netlist
    draft: Draft
    cones: Cones
    schedule: Schedule
    word_bits: int
    ternary: bool
    packing: Packing = field(init=False)
    outputs: Outputs = field(init=False)
    _inputs: dict[int, str] = field(init=False)
    _exchange: int = 0

    def __post_init__(self) -> None:
        self.packing = self.draft.packing
        self.outputs = Outputs(self.harness)
        self._inputs = {}
        for name, place in self.packing.places.items():
            for bit, net in enumerate(self.netlist.inputs[name]):
                self._inputs[net] = f"in[{place + bit}]"
        for number, register in enumerate(self.netlist.registers):
            self._inputs[register.output] = f"s[{number}]"

    def lines(self) -> Iterator[str]:
        yield f"#define WORD_BITS {self.word_bits}"
        yield '#include "words.h"'
        yield '#include "memory.h"'
        yield '#include "drawing.h"'
        yield "namespace {"
        yield from self._memories()
        bodies = [list(self._phase(number, phase)) for number, phase in enumerate(self.schedule.phases)]
        bodies.append(list(self._loading()))
        yield "struct Shim {"
        yield from self._constants()
        yield "};"
        for body in bodies:
            yield from body
        yield from self._ticks()
        yield from drawing_text(self.draft)
        yield "}  // namespace"
        yield '#include "lanes.h"'

    def _constants(self) -> Iterator[str]:
        harness, layout = self.harness, Layout.of(self.harness.stimulus)
        numbers = {
            "STIMULUS": layout.words,
            "OBSERVED": Layout.of(harness.observed).words,
            "MONITORS": len(harness.monitors),
            "COVERS": len(harness.covers),
            "COVER_WORDS": -(-len(harness.covers) // WORD_BITS),
            "RESET_TICKS": harness.reset_ticks,
            "TICKS": len(self.schedule.ticks),
            "REGISTERS": len(self.netlist.registers),
            "INPUT_WORDS": self.packing.words,
            "PIECES": len(self.packing.pieces),
            "LOADS": len(self.schedule.loads),
            "EXCHANGE": self._exchange,
            "OUTPUTS": self.outputs.count,
            "HITS": self.outputs.hits,
            "SHOWN": self.outputs.observed,
        }
        yield from (f"    static constexpr uint32_t {name} = {value};" for name, value in numbers.items())
        (first, *others) = self.schedule.phases
        swap = not others and len(first.registers) == len(self.netlist.registers)
        yield f"    static constexpr bool SWAPPED = {str(swap).lower()};"
        pieces = (f"{{{p.word}, {p.mask:#x}u, {p.shift}, {p.into}}}" for p in self.packing.pieces)
        yield f"    static constexpr Piece pieces[] = {{{', '.join(pieces) or '{}'}}};"
        rest, held = self.packing.rest(), [self.packing.places[f.name] for f in harness.stimulus if _is_reset(f.kind)]
        yield f"    static constexpr uint32_t rest[] = {{{', '.join(f'{word:#x}u' for word in rest) or '0'}}};"
        yield f"    static constexpr uint32_t resets[] = {{{', '.join(map(str, held)) or '0'}}};"
        yield f"    static constexpr uint32_t RESETS = {len(held)};"
        assumed = [number for number, monitor in enumerate(harness.monitors) if monitor.assumption]
        yield f"    static constexpr bool ASSUMED = {str(bool(assumed)).lower()};"
        yield f"    static constexpr uint32_t assumed[] = {{{', '.join(map(str, assumed)) or '0'}}};"
        yield f"    static constexpr int32_t places[] = {{{', '.join(map(str, self.packing.inputs())) or '0'}}};"
        starts = (-1 if register.start is None else register.start for register in self.netlist.registers)
        yield f"    static constexpr signed char start[] = {{{', '.join(map(str, starts)) or '0'}}};"

    def _memories(self) -> Iterator[str]:
        for number, memory in enumerate(self.netlist.memories):
            values = [
                str(memory.start[word] >> 32 * part & 0xFFFFFFFF) + "u" if word in memory.start else "0u"
                for word in range(memory.words)
                for part in range(memory.slices)
            ]
            known = ["1" if word in memory.start else "0" for word in range(memory.words)]
            if memory.start:
                yield f"const uint32_t start_{number}[] = {{{', '.join(values)}}};"
                yield f"const unsigned char known_{number}[] = {{{', '.join(known)}}};"
            given = f"start_{number}, known_{number}" if memory.start else "nullptr, nullptr"
            ports: list[ReadPort | WritePort] = [*memory.reads, *memory.writes]
            most = max((len(_address_bits(memory, port.address)) for port in ports), default=0)
            shape = f"{memory.words}, {memory.width}, {memory.offset}, {most}, {str(memory.shared).lower()}"
            yield f"Memory<{shape}> memory_{number}({number}, {given});"
        calls = " ".join(f"memory_{number}.begin(seed, lane);" for number in range(len(self.netlist.memories)))
        yield f"void begin_memories(uint32_t seed, uint64_t lane) {{ {calls} }}"

    def _phase(self, number: int, phase: Phase) -> Iterator[str]:
        targets: dict[Bit, list[str]] = {}
        for place in phase.registers:
            targets.setdefault(self.netlist.registers[place].next, []).append(f"n[{place}]")
        if phase.sampled:
            for place, port, bit in self.outputs.places():
                targets.setdefault(self.netlist.outputs[port][bit], []).append(f"out[{place}]")
        operands = list(dict.fromkeys(bit for at in phase.writes for bit in self._operands(at)))
        order = self.cones.order([*targets, *operands])
        body = _Body(self, _level_names(phase), targets, set(operands), f"phase_{number}")
        yield from body.functions(order)
        yield f"void phase_{number}({_ARGUMENTS}) {{"
        yield from (f"    phase_{number}_{part}(s, n, in, out, x);" for part in range(body.parts))
        yield from (
            f"    {target} = {body.name(bit)};" for bit in targets if bit not in body.made for target in targets[bit]
        )
        yield from (f"    {line}" for at in phase.writes for line in self._write(at, body))
        yield "}"

    def _operands(self, at: tuple[int, int]) -> Iterable[Bit]:
        port = self.netlist.memories[at[0]].writes[at[1]]
        return (*port.address, *port.data, *port.enables)

    def _write(self, at: tuple[int, int], body: _Body) -> Iterator[str]:
        port = self.netlist.memories[at[0]].writes[at[1]]
        one = len(set(port.enables)) == 1
        lists = {"data": port.data, "enables": port.enables[:1] if one else port.enables}
        address = body.address(self.netlist.memories[at[0]], port.address)
        yield "{"
        yield f"    const Word address[] = {{{', '.join(address) or 'ZERO'}}};"
        for name, bits in lists.items():
            yield f"    const Word {name}[] = {{{', '.join(body.name(bit) for bit in bits)}}};"
        yield f"    memory_{at[0]}.write<{len(address)}, {str(one).lower()}>(address, data, enables);"
        yield "}"

    def _loading(self) -> Iterator[str]:
        """Give the functions that set registers without a clock."""
        loads = self.schedule.loads
        yield "// Loads registers without a clock; l tells the lanes in which each load is active."
        for name, chosen in (("load", loads), ("load_moving", [load for load in loads if load.moves])):
            yield f"void {name}(Word* s, const Word* in, Word* l) {{"
            for load in chosen:
                yield from (f"    {line}" for line in self._load(load))
            yield "}"
        yield "// Holds the registers of active loads at an edge."
        yield "void hold(const Word* s, Word* n, const Word* l) {"
        for number, load in enumerate(loads):
            yield f"    if (any(l[{number}])) {{"
            for place in load.registers:
                if self.netlist.registers[place].edge:
                    yield f"        n[{place}] = CHOOSE(n[{place}], s[{place}], l[{number}]);"
            yield "    }"
        yield "}"

    def _load(self, load: Load) -> Iterator[str]:
        body = _Body(self, _level_names(self.schedule.phases[0]), {}, set(), "")
        place = f"l[{self.schedule.loads.index(load)}]"
        yield "{"
        for node in self.cones.order([load.net, *(self.netlist.registers[number].loaded for number in load.registers)]):
            assert isinstance(node, int)
            yield f"    const Word {body.name(node)} = {body.value(node)};"
        yield f"    {place} = {'' if load.level else '~'}{body.name(load.net)};"
        yield f"    if (any({place})) {{"
        for number in load.registers:
            value = body.name(self.netlist.registers[number].loaded)
            yield f"        s[{number}] = CHOOSE(s[{number}], {value}, {place});"
        yield "    }"
        yield "}"

    def _ticks(self) -> Iterator[str]:
        """Give the functions of a tick: what comes before the sampling, and the edges after it."""
        yield f"void first_edge(uint32_t tick, {_ARGUMENTS}) {{"
        yield from self._switch(
            [f"phase_{phases[0]}(s, n, in, out, x);" if phases else "" for phases in self.schedule.ticks]
        )
        yield "}"
        yield "void keep_first(uint32_t tick, Word* s, const Word* n) {"
        yield from self._switch([self._kept(phases[0]) if phases else "" for phases in self.schedule.ticks])
        yield "}"
        yield f"bool second_edge(uint32_t tick, {_ARGUMENTS}) {{"
        yield from self._switch(
            [
                f"phase_{phases[1]}(s, n, in, out, x); return true;" if len(phases) > 1 else "return false;"
                for phases in self.schedule.ticks
            ]
        )
        yield "    return false;"
        yield "}"
        yield "void keep_second(uint32_t tick, Word* s, const Word* n) {"
        yield from self._switch([self._kept(phases[1]) if len(phases) > 1 else "" for phases in self.schedule.ticks])
        yield "}"

    def _kept(self, phase: int) -> str:
        """Return how registers of a phase take their next values, runs of neighbours together."""
        runs: list[list[int]] = []
        for number in self.schedule.phases[phase].registers:
            if runs and runs[-1][1] == number:
                runs[-1][1] = number + 1
            else:
                runs.append([number, number + 1])
        return " ".join(f"copy(s, n, {start}, {end});" for start, end in runs)

    def _switch(self, actions: Sequence[str]) -> Iterator[str]:
        if len(set(actions)) == 1:
            yield f"    {actions[0]}"
            return
        yield "    switch (tick) {"
        yield from (f"        case {tick}: {action} break;" for tick, action in enumerate(actions))
        yield "    }"


class _Body:
    """The functions of one phase: nodes in order, values that later functions need in ``x``."""

    def __init__(
        self,
        emitter: _Emitter,
        levels: Mapping[int, str],
        targets: Mapping[Bit, list[str]],
        operands: set[Bit],
        prefix: str,
    ) -> None:
        self._emitter = emitter
        self._levels = levels
        self._targets = targets
        self._operands = operands
        self._prefix = prefix
        self._place: dict[int, int] = {}
        """Net to its place in ``x``."""
        self._here: set[int] = set()
        self.made: set[Bit] = set()
        self.parts = 0

    def functions(self, order: Sequence[Node]) -> Iterator[str]:
        parts = [order[at : at + NODES_A_FUNCTION] for at in range(0, len(order), NODES_A_FUNCTION)]
        where = {net: number for number, part in enumerate(parts) for node in part for net in self._nets(node)}
        crossing = {bit for bit in self._operands if bit in where}
        for number, part in enumerate(parts):
            for node in part:
                crossing |= {b for b in self._emitter.cones.inputs(node) if b in where and where[b] != number}
        self._place = {net: place for place, net in enumerate(sorted(crossing, key=str))}
        self._emitter._exchange = max(self._emitter._exchange, len(self._place))
        for number, part in enumerate(parts):
            self._here = set()
            yield f"NOT_INLINE void {self._prefix}_{number}({_ARGUMENTS}) {{"
            for node in part:
                yield from (f"    {line}" for line in self._node(node))
            yield "}"
        self._here = set()
        self.parts = len(parts)

    def name(self, bit: Bit) -> str:
        """Return how a net is read here."""
        if isinstance(bit, str):
            return "ONES" if bit == "1" else "ZERO"
        if bit in self._levels:
            return self._levels[bit]
        if bit in self._emitter._inputs:
            return self._emitter._inputs[bit]
        if bit not in self._here and bit in self._place:
            return f"x[{self._place[bit]}]"
        return f"t{bit}"

    def address(self, memory: Memory, bits: Sequence[Bit]) -> list[str]:
        """Return an address, its bits above those that the memory has as one."""
        return [" | ".join(map(self.name, group)) for group in _address_bits(memory, bits)]

    def value(self, node: int) -> str:
        """Return the expression of a table."""
        table = self._emitter.netlist.tables[node]
        return expression(table.values, [self.name(bit) for bit in table.inputs], ternary=self._emitter.ternary)

    def _nets(self, node: Node) -> tuple[int, ...]:
        return self._emitter.cones.port(node).data if isinstance(node, Read) else (node,)

    def _node(self, node: Node) -> Iterator[str]:
        if isinstance(node, Read):
            port = self._emitter.cones.port(node)
            label = f"{node.memory}_{node.port}"
            address = self.address(self._emitter.netlist.memories[node.memory], port.address)
            yield f"const Word a{label}[] = {{{', '.join(address) or 'ZERO'}}};"
            yield f"Word d{label}[{32 * self._emitter.netlist.memories[node.memory].slices}];"
            yield f"memory_{node.memory}.read<{len(address)}>(a{label}, d{label});"
            for place, net in enumerate(port.data):
                yield f"const Word t{net} = d{label}[{place}];"
        else:
            yield f"const Word t{node} = {self.value(node)};"
        for net in self._nets(node):
            self._here.add(net)
            self.made.add(net)
            if net in self._place:
                yield f"x[{self._place[net]}] = t{net};"
            yield from (f"{target} = t{net};" for target in self._targets.get(net, ()))


def _address_bits(memory: Memory, bits: Sequence[Bit]) -> list[tuple[Bit, ...]]:
    """Return the bits of an address, all above those that tell words apart together."""
    needed = (memory.offset + memory.words - 1).bit_length()
    high = tuple(bit for bit in bits[needed:] if bit != "0")
    return [(bit,) for bit in bits[:needed]] + ([high] if high else [])


def _level_names(phase: Phase) -> dict[int, str]:
    return {net: ("ONES" if level else "ZERO") for net, level in phase.levels.items()}


def _is_reset(kind: FieldKind) -> bool:
    return kind is FieldKind.RESET


def _padded(bits: int) -> int:
    return -(-bits // WORD_BITS) * WORD_BITS
