"""A netlist as C++ and assembly: the functions of a tick, whole words of lanes for bits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from verif.design.model import Direction
from verif.harness.model import FieldKind, Harness
from verif.lanes.cones import Cones
from verif.lanes.draft import Draft
from verif.lanes.drawing import drawing_text
from verif.lanes.latches import without_latches
from verif.lanes.needing import with_needs
from verif.lanes.netlist import Bit, Netlist, ReadPort, Table, WritePort
from verif.lanes.outputs import Outputs
from verif.lanes.packing import Packing
from verif.lanes.phases import Load, Phase, Schedule, schedule_of
from verif.lanes.planning import Plan, address_groups, operands
from verif.lanes.processor import Processor
from verif.lanes.spelling import ARGUMENTS, PASSED, Speller
from verif.lanes.steps import Area, Place
from verif.sim.batch.layout import WORD_BITS, Layout

STEPS_A_FUNCTION = 2000
"""Steps of one C++ function: compilers take more than their share of time for longer ones."""
_TURNED = 0b01
_CHOSEN = 0b11001010
"""The table of ``a2 ? a1 : a0``."""


def lanes_source(harness: Harness, netlist: Netlist, draft: Draft, processor: Processor, *, probe: bool = False) -> str:
    """Return the C++ of a lane library that draws as ``draft`` says.

    With ``probe`` points are noted from the reset on, and memories are read whether that matters or not. Unsupported
    PE825 for loops: of nets, or of registers that load each other without a clock.
    """
    resets = [net for field in harness.stimulus if _is_reset(field.kind) for net in netlist.inputs[field.name]]
    netlist = without_latches(netlist)
    netlist = netlist if probe else with_needs(netlist, rare=resets)
    cones = Cones(netlist)
    schedule = schedule_of(harness, netlist, cones)
    return "\n".join(_Emitter(harness, netlist, draft, cones, schedule, processor, probe).lines()) + "\n"


@dataclass
class _Emitter:
    harness: Harness
    netlist: Netlist
    draft: Draft
    cones: Cones
    schedule: Schedule
    processor: Processor
    probe: bool
    packing: Packing = field(init=False)
    outputs: Outputs = field(init=False)
    _speller: Speller = field(init=False)
    _sources: dict[int, Place] = field(init=False)
    _numbers: list[int] = field(init=False)
    """The registers in the order of their places."""
    _places: dict[int, int] = field(init=False)
    """Register to its place."""

    def __post_init__(self) -> None:
        self.packing = self.draft.packing
        self.outputs = Outputs(self.harness)
        self._speller = Speller(self.processor)
        self._sources = {}
        for name, place in self.packing.places.items():
            for bit, net in enumerate(self.netlist.inputs[name]):
                self._sources[net] = Place(Area.INPUTS, place + bit)
        self._numbers = self._in_order_of_use()
        self._places = {number: place for place, number in enumerate(self._numbers)}
        for number, register in enumerate(self.netlist.registers):
            self._sources[register.output] = Place(Area.REGISTERS, self._places[number])

    def lines(self) -> Iterator[str]:
        yield f"#define WORD_BITS {self.processor.word_bits}"
        yield '#include "words.h"'
        yield '#include "memory.h"'
        yield '#include "planes.h"'
        yield '#include "drawing.h"'
        functions = [line for number, phase in enumerate(self.schedule.phases) for line in self._phase(number, phase)]
        functions += self._loading()
        yield from self._speller.declarations
        yield "namespace {"
        yield from self._memories()
        yield "struct Shim {"
        yield from self._constants()
        yield "};"
        yield from functions
        yield from self._ticks()
        yield from drawing_text(self.draft)
        yield "}  // namespace"
        if self._speller.assemblies:
            yield 'asm(R"(.text'
            yield from self._speller.assemblies
            yield ')");'
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
            "EXCHANGE": self._speller.exchange,
            "OUTPUTS": self.outputs.count,
            "HITS": self.outputs.hits,
            "HELD_PLACE": self.packing.places[harness.held.name] if harness.held else 0,
            "HELD_BITS": harness.held.width if harness.held else 0,
            "ONE_HOT": int(harness.held is not None and harness.held.kind is FieldKind.RATE),
        }
        yield from (f"    static constexpr uint32_t {name} = {value};" for name, value in numbers.items())
        pieces = (f"{{{p.word}, {p.mask:#x}u, {p.shift}, {p.into}}}" for p in self.packing.pieces)
        yield f"    static constexpr Piece pieces[] = {{{', '.join(pieces) or '{}'}}};"
        rest, held = self.packing.rest(), [self.packing.places[f.name] for f in harness.stimulus if _is_reset(f.kind)]
        yield f"    static constexpr uint32_t rest[] = {{{', '.join(f'{word:#x}u' for word in rest) or '0'}}};"
        yield f"    static constexpr uint32_t resets[] = {{{', '.join(map(str, held)) or '0'}}};"
        yield f"    static constexpr uint32_t RESETS = {len(held)};"
        yield f"    static constexpr int32_t shown[] = {{{', '.join(map(str, self._shown_at())) or '0'}}};"
        shows = [f"{{{index}, {place}}}" for place, index in self._observed(Area.REGISTERS)]
        yield f"    static constexpr Shown shows[] = {{{', '.join(shows) or '{}'}}};"
        yield f"    static constexpr uint32_t SHOWN = {len(shows)};"
        assumed = [number for number, monitor in enumerate(harness.monitors) if monitor.assumption]
        yield f"    static constexpr bool ASSUMED = {str(bool(assumed)).lower()};"
        yield f"    static constexpr uint32_t assumed[] = {{{', '.join(map(str, assumed)) or '0'}}};"
        yield f"    static constexpr int32_t places[] = {{{', '.join(map(str, self.packing.inputs())) or '0'}}};"
        yield from self._of_mutants()
        registers = [self.netlist.registers[number] for number in self._numbers]
        starts = (-1 if register.start is None else register.start for register in registers)
        yield f"    static constexpr signed char start[] = {{{', '.join(map(str, starts)) or '0'}}};"
        yield f"    static constexpr uint32_t numbers[] = {{{', '.join(map(str, self._numbers)) or '0'}}};"

    def _of_mutants(self) -> Iterator[str]:
        """Give what a run of mutants drives and compares; a harness without any has nothing to drive."""
        held = self.harness.held
        yield f"    static constexpr bool HITS_FROM_RESET = {str(self.probe).lower()};"
        kept = range(self.packing.places[held.name], self.packing.places[held.name] + held.width) if held else range(0)
        moving = [
            f"{{{bit // WORD_BITS}, {bit % WORD_BITS}, {place}}}"
            for bit, place in enumerate(self.packing.inputs() if held else ())
            if place >= 0 and place not in kept
        ]
        outputs = {each.name for each in self.harness.observed if each.direction is Direction.OUTPUT}
        slots = [slot for slot in Layout.of(self.harness.observed).slots if slot.name in outputs]
        shown = self._shown_at()
        places = (shown[WORD_BITS * slot.offset + bit] for slot in slots for bit in range(slot.width))
        compared = [str(place) for place in places if place >= 0]  # inputs are the same in all lanes
        yield f"    static constexpr Moving moving[] = {{{', '.join(moving) or '{}'}}};"
        yield f"    static constexpr uint32_t MOVING = {len(moving)};"
        yield f"    static constexpr uint32_t compared[] = {{{', '.join(compared) or '0'}}};"
        yield f"    static constexpr uint32_t COMPARED = {len(compared)};"

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
            most = max((len(address_groups(memory, port.address)) for port in ports), default=0)
            shape = f"{memory.words}, {memory.width}, {memory.offset}"
            kind = f"Memory<{shape}, {most}, {str(memory.shared).lower()}>"
            if self.harness.held is not None and not memory.shared:
                kind = f"Planes<{shape}>"
            yield f"{kind} memory_{number}({number}, {given});"
        calls = " ".join(f"memory_{number}.begin(seed, lane);" for number in range(len(self.netlist.memories)))
        yield f"void begin_memories(uint32_t seed, uint64_t lane) {{ {calls} }}"

    def _plan(self, phase: Phase, sources: dict[int, Place] | None = None) -> Plan:
        return Plan(
            netlist=self.netlist,
            cones=self.cones,
            sources={**self._sources, **(sources or {})},
            levels=phase.levels,
            steps_a_part=None if self.processor.assembled else STEPS_A_FUNCTION,
        )

    def _phase(self, number: int, phase: Phase) -> Iterator[str]:
        """Give the function of an edge: outputs before it, where it is sampled, then registers and memories."""
        plan = self._plan(phase)
        plan.compute(*self._needed(phase))
        for net, place in self._shown(phase):
            plan.keep(net, place)
        for memory, port in phase.writes:
            plan.write(memory, port)
        moved = {self._places[register]: self.netlist.registers[register].next for register in phase.registers}
        yield from self._speller.function(f"phase_{number}", plan.routine(moved))

    def _needed(self, phase: Phase) -> tuple[list[Bit], dict[int, Bit]]:
        """Return the nets that a phase needs, and those that follow registers."""
        registers = [self.netlist.registers[number] for number in phase.registers]
        written = [bit for memory, port in phase.writes for bit in operands(self.netlist.memories[memory], port)]
        nets = [*(net for net, _ in self._shown(phase)), *written, *(register.next for register in registers)]
        return nets, {register.output: register.next for register in registers}

    def _shown(self, phase: Phase) -> list[tuple[Bit, Place]]:
        if not phase.sampled:
            return []
        places = ((self.netlist.outputs[port][bit], place) for place, port, bit in self.outputs.places())
        return [(net, Place(Area.OUTPUTS, place)) for net, place in places if self._source(net, place) is None]

    def _source(self, net: Bit, place: int) -> Place | None:
        """Return where an observed bit lies that is an input or what a register shows."""
        return self._sources.get(net) if isinstance(net, int) and place >= self.outputs.observed else None

    def _observed(self, area: Area) -> Iterator[tuple[int, int]]:
        """Give the place of each observed bit whose source is in an area, and where there."""
        for place, port, bit in self.outputs.places():
            source = self._source(self.netlist.outputs[port][bit], place)
            if source is not None and source.area is area:
                yield place, source.index

    def _shown_at(self) -> list[int]:
        """Return where each bit of an observed row lies: a place among the outputs, or the complement of an input's."""
        at = list(range(self.outputs.observed, self.outputs.count))
        for place, index in self._observed(Area.INPUTS):
            at[place - self.outputs.observed] = ~index
        return at

    def _in_order_of_use(self) -> list[int]:
        """Return the registers as they are looked at: neighbours share no place in the caches."""
        numbers = {register.output: number for number, register in enumerate(self.netlist.registers)}
        order: dict[int, None] = {}
        for phase in self.schedule.phases:
            for node in self.cones.order(*self._needed(phase)):
                order |= {numbers[bit]: None for bit in self.cones.inputs(node) if bit in numbers}
        return list(order | dict.fromkeys(numbers.values()))

    def _loading(self) -> Iterator[str]:
        """Give the functions that set registers without a clock."""
        loads = self.schedule.loads
        for number, load in enumerate(loads):
            yield from self._active(number, load)
            yield from self._loaded(number, load)
        yield "// Loads registers without a clock; l tells the lanes in which each load is active."
        for name, chosen in (("load", loads), ("load_moving", [load for load in loads if load.moves])):
            yield f"void {name}({ARGUMENTS}) {{"
            yield from (f"    look_at_{loads.index(load)}({PASSED});" for load in chosen)
            yield "}"
        yield "// Registers of active loads stay what they are at an edge."
        yield f"void hold({ARGUMENTS}) {{"
        for number, load in enumerate(loads):
            if not load.latches:
                yield f"    if (any(l[{number}])) load_{number}({PASSED});"
        yield "}"

    def _active(self, number: int, load: Load) -> Iterator[str]:
        """Give the function that finds the lanes in which a load is active, and loads."""
        plan = self._plan(self.schedule.phases[0])
        plan.compute([load.net])
        place = plan.room(1)
        plan.keep(load.net if load.level else plan.made(Table((load.net,), _TURNED)), Place(Area.EXCHANGE, place))
        yield f"void load_{number}({ARGUMENTS});"
        yield from self._speller.function(f"find_{number}", plan.routine({}))
        # Registers that were loaded with a constant need it once: they stay what they are at edges.
        fresh = f"x[{place}]" if load.latches else f"x[{place}] & ~l[{number}]"
        yield f"void look_at_{number}({ARGUMENTS}) {{"
        yield f"    find_{number}({PASSED});"
        yield f"    const Word fresh = {fresh};"
        yield f"    l[{number}] = x[{place}];"
        yield f"    if (any(fresh)) load_{number}({PASSED});"
        yield "}"

    def _loaded(self, number: int, load: Load) -> Iterator[str]:
        """Give the function that loads the registers."""
        active = 1 + max((*self.netlist.tables, *self._sources, 0))
        plan = self._plan(self.schedule.phases[0], {active: Place(Area.LOADS, number)})
        registers = [self.netlist.registers[place] for place in load.registers]
        plan.compute([register.loaded for register in registers])
        values = {
            self._places[place]: plan.made(Table((register.output, register.loaded, active), _CHOSEN))
            for place, register in zip(load.registers, registers, strict=True)
        }
        yield from self._speller.function(f"load_{number}", plan.routine(values))

    def _ticks(self) -> Iterator[str]:
        """Give the functions of a tick: up to its first edge, and the second."""
        yield f"void first_edge(uint32_t tick, {ARGUMENTS}) {{"
        yield from self._switch([f"phase_{phases[0]}({PASSED});" if phases else "" for phases in self.schedule.ticks])
        yield "}"
        yield f"bool second_edge(uint32_t tick, {ARGUMENTS}) {{"
        yield from self._switch(
            [
                f"phase_{phases[1]}({PASSED}); return true;" if len(phases) > 1 else "return false;"
                for phases in self.schedule.ticks
            ]
        )
        yield "    return false;"
        yield "}"

    def _switch(self, actions: Sequence[str]) -> Iterator[str]:
        if len(set(actions)) == 1:
            yield f"    {actions[0]}"
            return
        yield "    switch (tick) {"
        yield from (f"        case {tick}: {action} break;" for tick, action in enumerate(actions))
        yield "    }"


def _is_reset(kind: FieldKind) -> bool:
    return kind is FieldKind.RESET
