"""From the nets that a phase needs to the steps that compute them.

Registers change in place: a register takes its next value after the last step that looks at the old one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from verif.lanes.cones import Cones, Read
from verif.lanes.gating import Group, groups_of
from verif.lanes.netlist import Bit, Memory, Netlist, Table
from verif.lanes.steps import Area, Compute, Keep, Part, Place, Routine

_BUFFER = 0b10
_OR = 0b1110


@dataclass(frozen=True, slots=True)
class _Call:
    text: str
    gives: tuple[int, ...] = ()
    """Nets that have their values from then on."""


_Step = Compute | Keep | _Call


@dataclass
class Plan:
    """The steps of one routine, as they are added."""

    netlist: Netlist
    cones: Cones
    sources: Mapping[int, Place]
    """Inputs and registers."""
    levels: Mapping[int, int]
    """Clocks, which have a level each."""
    steps_a_part: int | None = None
    """How long a part may be; None: as long as it is."""
    _steps: list[_Step] = field(default_factory=list)
    _same: dict[int, Bit] = field(default_factory=dict)
    """Net to what is the same: a constant, or another net."""
    _memory: dict[int, Place] = field(default_factory=dict)
    """Nets that a memory gives."""
    _computed: set[int] = field(default_factory=set)
    _exchange: int = 0
    _fresh: int = 0

    outputs: dict[int, int] = field(init=False)
    """Register to its net."""

    def __post_init__(self) -> None:
        self.outputs = {place.index: net for net, place in self.sources.items() if place.area is Area.REGISTERS}
        self._same = {net: "1" if level else "0" for net, level in self.levels.items()}
        self._fresh = 1 + max((*self.netlist.tables, *self.sources, *_memory_nets(self.netlist), 0))

    def compute(self, nets: Iterable[Bit], followers: Mapping[int, Bit] | None = None) -> None:
        """Add what the nets need, each node once; ``followers`` are those of ``Cones.order``."""
        for node in self.cones.order(nets, followers):
            if isinstance(node, Read):
                self._read(node)
            elif node not in self._computed:
                self._computed.add(node)
                self._table(node, self.netlist.tables[node])

    def keep(self, net: Bit, place: Place) -> None:
        """Add that a net's value is kept, as soon as it is there."""
        self._steps.append(Keep(self.resolved(net), place))

    def made(self, table: Table) -> int:
        """Add a net of our own."""
        net = self.fresh()
        self._table(net, table)
        return net

    def resolved(self, bit: Bit) -> Bit:
        """Return the constant or the net that a net is the same as."""
        while isinstance(bit, int) and bit in self._same:
            bit = self._same[bit]
        return bit

    def room(self, words: int) -> int:
        """Return the first of so many new places of the exchange."""
        self._exchange += words
        return self._exchange - words

    def write(self, number: int, port: int) -> None:
        """Add what writes a memory at a port; ``operands`` of it must have been computed."""
        memory = self.netlist.memories[number]
        at = memory.writes[port]
        one = len(set(at.enables)) == 1
        address = self._listed(self._address(memory, at.address))
        data, enables = self._listed(at.data), self._listed(at.enables[:1] if one else at.enables)
        bits = len(address_groups(memory, at.address))
        self._steps.append(
            _Call(f"memory_{number}.write<{bits}, {str(one).lower()}>(x + {address}, x + {data}, x + {enables});")
        )

    def routine(self, registers: Mapping[int, Bit]) -> Routine:
        """Return all parts; ``registers`` take these values in place, groups of them where a lane changes one."""
        values = {number: self.resolved(bit) for number, bit in registers.items()}
        computes = [step for step in self._steps if isinstance(step, Compute)]
        wanted = [step.net for step in self._steps if isinstance(step, Keep)]
        groups = groups_of(computes, values, self.outputs, wanted)
        apart = {step.net for group in groups for step in group.computes}
        steps = [step for step in self._steps if not (isinstance(step, Compute) and step.net in apart)]
        alone = {number for group in groups for number in group.registers}
        copies = _Copies(self, {self.outputs[number] for number in registers})
        blocks = [self._gated(group, copies) for group in groups]
        rest = {number: value for number, value in values.items() if number not in alone}
        main = list(_InPlace(self, rest).steps(_early([*copies.computes(), *steps])))
        return Routine(tuple(_Cut(self, main, blocks).parts()), self._exchange)

    def _gated(self, group: Group, copies: _Copies) -> tuple[list[tuple[int, int]], list[_Step]]:
        """Return the gates of a group, and its steps."""
        own = {self.outputs[number] for number in group.registers}
        steps = [
            Compute(step.net, Table(tuple(copies.of(bit, own) for bit in step.table.inputs), step.table.values))
            for step in group.computes
        ]
        gates = [(copies.of(gate, set()), level) for gate, level in sorted(group.condition)]
        values = {number: copies.of(value, own) for number, value in group.registers.items()}
        return [(gate, level) for gate, level in gates if isinstance(gate, int)], list(
            _InPlace(self, values).steps(steps)
        )

    def fresh(self) -> int:
        """Return the number of a net of our own."""
        self._fresh += 1
        return self._fresh

    def _read(self, node: Read) -> None:
        memory = self.netlist.memories[node.memory]
        port = self.cones.port(node)
        if any(net in self._memory for net in port.data):
            return
        address = self._listed(self._address(memory, port.address))
        data = self.room(32 * memory.slices)
        for place, net in enumerate(port.data):
            self._memory[net] = Place(Area.EXCHANGE, data + place)
        needed = self.resolved(port.needed)
        where = f"x[{self._listed((needed,))}]" if isinstance(needed, int) else "ONES" if needed == "1" else "ZERO"
        shape = f"{len(address_groups(memory, port.address))}, {str(needed == '1').lower()}"
        text = f"memory_{node.memory}.read<{shape}>(x + {address}, {where}, x + {data});"
        self._steps.append(_Call(text, port.data))

    def _address(self, memory: Memory, bits: Sequence[Bit]) -> list[Bit]:
        """Return an address, its bits above those that the memory has as one."""
        found: list[Bit] = []
        for group in address_groups(memory, bits):
            whole = group[0]
            for bit in group[1:]:
                whole = self.made(Table((whole, bit), _OR))
            found.append(whole)
        return found

    def _listed(self, bits: Sequence[Bit]) -> int:
        """Keep values side by side in the exchange; return the first place."""
        first = self.room(max(len(bits), 1))
        for number, bit in enumerate(bits):
            self.keep(bit, Place(Area.EXCHANGE, first + number))
        return first

    def _table(self, net: int, table: Table) -> None:
        inputs, values = [self.resolved(bit) for bit in table.inputs], table.values
        for position in reversed(range(len(inputs))):
            bit = inputs[position]
            if isinstance(bit, str) or bit in inputs[:position]:
                values = _restricted(values, position, inputs, bit)
                del inputs[position]
        if values == 0 or values == (1 << (1 << len(inputs))) - 1:
            self._same[net] = "1" if values else "0"
        elif values == _BUFFER and len(inputs) == 1:
            self._same[net] = inputs[0]
        else:
            self._steps.append(Compute(net, Table(tuple(inputs), values)))


def _early(steps: Sequence[_Step]) -> list[_Step]:
    """Return the steps with each value kept where it is computed, or where it is looked at first."""
    place: dict[Bit, int] = {}
    for number, step in enumerate(steps):
        for bit in (step.net, *step.table.inputs) if isinstance(step, Compute) else ():
            place.setdefault(bit, number)
    after: dict[int, list[_Step]] = {}
    moved: set[int] = set()
    for number, step in enumerate(steps):
        if isinstance(step, Keep) and place.get(step.net, number) < number:
            after.setdefault(place[step.net], []).append(step)
            moved.add(number)
    return [each for number, step in enumerate(steps) if number not in moved for each in (step, *after.get(number, ()))]


class _InPlace:
    """Puts the keeping of registers where nothing needs their old values any more."""

    def __init__(self, plan: Plan, registers: Mapping[int, Bit]) -> None:
        self._plan = plan
        self._outputs = plan.outputs
        self._waiting: dict[int, Bit] = {}
        """Register to its next value, while that is not kept."""
        for number, bit in registers.items():
            if (value := plan.resolved(bit)) != self._outputs[number]:
                self._waiting[number] = value
        self._of_value: dict[Bit, list[int]] = {}
        for number, value in self._waiting.items():
            self._of_value.setdefault(value, []).append(number)
        self._number = {net: number for number, net in self._outputs.items()}
        self._readers: Counter[int] = Counter()
        self._there: set[Bit] = set()

    def steps(self, steps: Sequence[_Step]) -> Iterator[_Step]:
        made = {net for step in steps for net in self._given_by(step)}
        for step in steps:
            self._readers.update(self._read_by(step))
        self._readers.update(value for value in self._waiting.values() if isinstance(value, int))
        self._there = {value for value in self._waiting.values() if value not in made}
        yield from self._ready(list(self._waiting))
        for step in steps:
            yield step
            touched = self._done(self._read_by(step))
            for net in self._given_by(step):
                self._there.add(net)
                touched += self._of_value.get(net, [])
            yield from self._ready(touched)
        while self._waiting:
            yield from self._broken()

    @staticmethod
    def _read_by(step: _Step) -> list[int]:
        if isinstance(step, Compute):
            return [bit for bit in dict.fromkeys(step.table.inputs) if isinstance(bit, int)]
        return [step.net] if isinstance(step, Keep) and isinstance(step.net, int) else []

    @staticmethod
    def _given_by(step: _Step) -> tuple[int, ...]:
        if isinstance(step, _Call):
            return step.gives
        return (step.net,) if isinstance(step, Compute) else ()

    def _done(self, nets: Iterable[int]) -> list[int]:
        """Count nets as looked at; return the registers that may move."""
        free = []
        for net in nets:
            self._readers[net] -= 1
            if not self._readers[net] and net in self._number:
                free.append(self._number[net])
        return free

    def _ready(self, numbers: list[int]) -> Iterator[Keep]:
        while numbers:
            number = numbers.pop()
            if number not in self._waiting or self._readers[self._outputs[number]]:
                continue
            value = self._waiting[number]
            if value not in self._there:
                continue
            del self._waiting[number]
            yield Keep(value, Place(Area.REGISTERS, number))
            if isinstance(value, int):
                numbers += self._done([value])

    def _broken(self) -> Iterator[Compute | Keep]:
        """Give what breaks a ring of registers that take each other's values: a copy of one."""
        number, value = next(iter(self._waiting.items()))
        assert isinstance(value, int)
        copy = self._plan.fresh()
        yield Compute(copy, Table((value,), _BUFFER))
        self._waiting[number] = copy
        self._there.add(copy)
        self._readers[copy] = 1
        yield from self._ready([*self._done([value]), number])


@dataclass
class _Copies:
    """Copies of registers that change before something else looks at them."""

    plan: Plan
    moving: set[int]
    """Nets of the registers that change."""
    _copies: dict[int, int] = field(default_factory=dict)

    def of(self, bit: Bit, own: set[int]) -> Bit:
        """Return what shows a net's value to the end; of ``own`` registers there is no copy."""
        if not isinstance(bit, int) or bit not in self.moving or bit in own:
            return bit
        if bit not in self._copies:
            self._copies[bit] = self.plan.fresh()
        return self._copies[bit]

    def computes(self) -> list[_Step]:
        """Return what makes the copies."""
        return [Compute(copy, Table((bit,), _BUFFER)) for bit, copy in self._copies.items()]


class _Cut:
    """Cuts steps into parts: where C++ comes between, where a part would be too long, and for each group."""

    def __init__(
        self, plan: Plan, steps: Sequence[_Step], groups: Sequence[tuple[list[tuple[int, int]], list[_Step]]]
    ) -> None:
        self._plan = plan
        self._runs: list[list[Compute | Keep]] = [[]]
        self._calls: dict[int, list[str]] = {}
        self._gates: dict[int, list[tuple[int, int]]] = {}
        for step in steps:
            self._add(step)
        for gates, grouped in groups:
            self._runs.append([])
            self._gates[len(self._runs) - 1] = gates
            for step in grouped:
                self._add(step)

    def _add(self, step: _Step) -> None:
        if isinstance(step, _Call):
            if self._runs[-1]:
                self._runs.append([])
            self._calls.setdefault(len(self._runs) - 2, []).append(step.text)
            return
        longest = self._plan.steps_a_part
        if longest and len(self._runs[-1]) >= longest:
            self._runs.append([])
            if len(self._runs) - 2 in self._gates:
                self._gates[len(self._runs) - 1] = self._gates[len(self._runs) - 2]
        self._runs[-1].append(step)

    def parts(self) -> Iterator[Part]:
        """Give the parts."""
        made = {step.net: n for n, run in enumerate(self._runs) for step in run if isinstance(step, Compute)}
        crossing: dict[int, Place] = {}
        for number, run in enumerate(self._runs):
            looked_at = [bit for step in run for bit in _looked_at(step)]
            for bit in [*looked_at, *(gate for gate, _ in self._gates.get(number, ()))]:
                if isinstance(bit, int) and made.get(bit, number) != number and bit not in crossing:
                    crossing[bit] = Place(Area.EXCHANGE, self._plan.room(1))
        yield from (Part(steps=(), places={}, then=text) for text in self._calls.get(-1, ()))
        for number, run in enumerate(self._runs):
            here = {step.net for step in run if isinstance(step, Compute)}
            places = {**self._plan.sources, **self._plan._memory}
            places |= {net: place for net, place in crossing.items() if net not in here}
            gates = self._gates.get(number, ())
            where = " | ".join(f"{'~' if level else ''}{places[gate]}" for gate, level in gates)
            yield Part(
                steps=tuple(self._kept(run, crossing)),
                places=places,
                where=f"any({where})" if where else "",
                then=" ".join(self._calls.get(number, ())),
            )

    @staticmethod
    def _kept(run: Sequence[Compute | Keep], crossing: Mapping[int, Place]) -> Iterator[Compute | Keep]:
        for step in run:
            yield step
            if isinstance(step, Compute) and step.net in crossing:
                yield Keep(step.net, crossing[step.net])


def operands(memory: Memory, port: int) -> tuple[Bit, ...]:
    """Return the nets that a write port looks at."""
    at = memory.writes[port]
    return (*at.address, *at.data, *at.enables)


def _looked_at(step: Compute | Keep) -> tuple[Bit, ...]:
    return step.table.inputs if isinstance(step, Compute) else (step.net,)


def address_groups(memory: Memory, bits: Sequence[Bit]) -> list[tuple[Bit, ...]]:
    """Return the bits of an address, all above those that tell words apart together."""
    needed = (memory.offset + memory.words - 1).bit_length()
    high = tuple(bit for bit in bits[needed:] if bit != "0")
    return [(bit,) for bit in bits[:needed]] + ([high] if high else [])


def _memory_nets(netlist: Netlist) -> Iterator[int]:
    return (net for memory in netlist.memories for port in memory.reads for net in port.data)


def _restricted(values: int, position: int, inputs: Sequence[Bit], same: Bit) -> int:
    """Return the table without an input that is a constant, or the same as an earlier one."""
    kept = [index for index in range(1 << len(inputs)) if (index >> position & 1) == _level(index, inputs, same)]
    return sum((values >> index & 1) << place for place, index in enumerate(kept))


def _level(index: int, inputs: Sequence[Bit], bit: Bit) -> int:
    return int(bit) if isinstance(bit, str) else index >> inputs.index(bit) & 1
