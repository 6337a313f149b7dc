"""States and arcs of finite state machines: comparisons in the top, with a register for the state before.

A state is hit in each sampled tick in which the register holds it, an arc in the tick after the clock edge that went
along it, where no reset of the design was active before that edge or since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pyslang import ast

from verif.coverage.model import CoverPoint, PointKind
from verif.coverage.probes.hierarchy import Place, Survey
from verif.design.clocked import ClockedBlock, clocked_block
from verif.design.expressions import is_reference, stripped
from verif.design.identifiers import reference
from verif.design.model import Fsm, Reset
from verif.design.texts import Texts

_K = ast.SymbolKind
_EDGES = {ast.EdgeKind.PosEdge: "posedge", ast.EdgeKind.NegEdge: "negedge"}


@dataclass(slots=True)
class MachineProbes:
    """Hardware for the machines of a design; ``lines`` go into the top module, ``bits`` are one expression a point."""

    texts: Texts
    found: Survey
    prefix: str
    resets: Sequence[Reset]
    lines: list[str] = field(default_factory=list)
    bits: list[str] = field(default_factory=list)
    points: list[CoverPoint] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _quiet: dict[str, str] = field(default_factory=dict)
    """Clock event to the register that is 1 from a reset to the first edge after it."""

    def add(self, machine: Fsm) -> None:
        """Add the points of ``machine``."""
        register = self._register(machine.register)
        if register is None:
            self.notes.append(f"The state machine {machine.register} has no points: its register was not found.")
            return
        for state, value in machine.states.items():
            self._point(machine, register, PointKind.STATE, state, register.holds(register.name, value))
        arcs = [arc for arc in machine.arcs if arc[0] != arc[1]]
        if not arcs:
            return
        event = register.event()
        if event is None:
            self.notes.append(f"The arcs of {machine.register} have no points: its clock is no plain signal.")
            return
        before, quiet = self._before(register, event), self._since_reset(event)
        for source, target in arcs:
            here = register.holds(register.name, machine.states[target])
            there = register.holds(before, machine.states[source])
            self._point(machine, register, PointKind.ARC, f"{source}->{target}", f"{there} & {here} & ~{quiet}")

    def _point(self, machine: Fsm, register: _Register, kind: PointKind, name: str, bit: str) -> None:
        token = register.symbol.syntax.getFirstToken()
        told = {PointKind.STATE: f"{machine.register} is {name}", PointKind.ARC: f"{machine.register} goes {name}"}
        self.bits.append(bit)
        self.points.append(
            CoverPoint(
                id=f"fsm:{machine.register}:{name}".replace(" ", ""),
                kind=kind,
                title=told[kind],
                module=register.place.module,
                file=self.texts.file(token),
                line=self.texts.line(token),
                column=self.texts.column(token),
            )
        )

    def _before(self, register: _Register, event: str) -> str:
        name = f"{self.prefix}_was{len(self.lines)}"
        self.lines += [f"reg [{register.width - 1}:0] {name};", f"always @({event}) {name} <= {register.name};"]
        return name

    def _since_reset(self, event: str) -> str:
        if event in self._quiet:
            return self._quiet[event]
        name = self._quiet[event] = f"{self.prefix}_reset{len(self._quiet)}"
        self.lines.append(f"reg {name} = 1'b1;")
        if not self.resets:
            self.lines.append(f"always @({event}) {name} <= 1'b0;")
            return name
        active = f"{self.prefix}_active"
        if len(self._quiet) == 1:
            levels = [f"{'' if reset.active_high else '~'}{reference(reset.name)}" for reset in self.resets]
            self.lines.append(f"wire {active} = {' | '.join(levels)};")
        self.lines.append(f"always @({event} or posedge {active}) if ({active}) {name} <= 1'b1; else {name} <= 1'b0;")
        return name

    def _register(self, path: str) -> _Register | None:
        """Return the register called ``path`` below the top."""
        for place in sorted(self.found.instances, key=lambda each: -len(each.path)):
            if path.startswith(place.path):
                for clocked in _clocked(place):
                    for symbol in clocked.registers:
                        if place.within(symbol) == path.removeprefix(place.path):
                            return _Register(place, symbol, clocked)
        return None


@dataclass(frozen=True, slots=True)
class _Register:
    place: Place
    symbol: Any
    clocked: ClockedBlock

    @property
    def name(self) -> str:
        """How the top refers to it."""
        return self.place.reference(self.symbol) or ""

    @property
    def width(self) -> int:
        """Bits."""
        return int(self.symbol.type.bitWidth)

    def holds(self, name: str, value: int) -> str:
        """Return the expression for ``name``, of the register's width, having ``value``."""
        return f"({name} == {self.width}'h{value & (1 << self.width) - 1:x})"

    def event(self) -> str | None:
        """Return its clock's event, seen from the top; None where that isn't the edge of a plain signal."""
        events = self.clocked.clock_events
        if len(events) != 1 or events[0].edge not in _EDGES or events[0].iffCondition is not None:
            return None
        clock = stripped(events[0].expr)
        if not is_reference(clock) or clock.symbol.kind not in (_K.Net, _K.Variable):
            return None
        name = self.place.reference(clock.symbol)
        return None if name is None else f"{_EDGES[events[0].edge]} {name}"


def _clocked(place: Place) -> list[ClockedBlock]:
    blocks = [member for member in place.scope.members if member.kind == _K.ProceduralBlock]
    return [found for found in map(clocked_block, blocks) if found is not None]
