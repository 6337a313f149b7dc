"""Which ports clock and reset the registers below a module, collected bottom-up through the hierarchy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pyslang import ast

from verif.design.clocked import ClockedBlock, clocked_block, reset_branches
from verif.design.expressions import symbols_in
from verif.design.scope import Origin, Path, Scope, Scopes

_K = ast.SymbolKind


@dataclass(frozen=True, slots=True)
class ClockUse:
    """Registers clocked, in the end, by a port."""

    origin: Origin
    falling: bool
    """Whether they act on the port's falling edge."""
    registers: int
    place: Any
    """Source location of one of their blocks."""


@dataclass(frozen=True, slots=True)
class ResetUse:
    """Registers set to constants while a port is active."""

    origin: Origin
    active_high: bool
    asynchronous: bool
    clocks: tuple[str, ...]
    """Ports that clock these registers."""
    registers: int
    complete: bool
    """Whether every register of the block is set."""
    place: Any


@dataclass(slots=True)
class Clocking:
    """What a module body, with all below it, tells about clocks and resets in terms of its own ports."""

    clocks: list[ClockUse] = field(default_factory=list)
    resets: list[ResetUse] = field(default_factory=list)
    lost_clocks: list[tuple[str, Any]] = field(default_factory=list)
    """Signal and place of clocked blocks whose clock leads to no port."""
    blocks: int = 0
    """Clocked blocks."""
    latches: int = 0
    """``always_latch`` blocks."""
    black_boxes: list[str] = field(default_factory=list)
    """Hierarchical names and modules of instances without a definition: ``u_pll (PLL)``."""


class ClockingSurvey:
    """Surveys bodies, each once."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._known: dict[Any, Clocking] = {}

    def of(self, instance: Any) -> Clocking:
        """Return the clocking of ``instance`` in terms of its own ports."""
        scope = self._scopes.of(instance)
        if scope.body not in self._known:
            self._known[scope.body] = Clocking()  # a recursive instance finds nothing new
            self._known[scope.body] = self._survey(scope)
        return self._known[scope.body]

    def _survey(self, scope: Scope) -> Clocking:
        found = Clocking()
        for member in scope.members:
            if member.kind == _K.ProceduralBlock:
                self._block(member, scope, found)
            elif member.kind == _K.UninstantiatedDef:
                found.black_boxes.append(f"{scope.name_of(member)} ({member.definitionName})")
        for instance in scope.instances():
            self._lift(instance, scope, found)
        return found

    def _block(self, block: Any, scope: Scope, found: Clocking) -> None:
        if block.procedureKind == ast.ProceduralBlockKind.AlwaysLatch:
            found.latches += 1
        clocked = clocked_block(block)
        if clocked is None:
            return
        found.blocks += 1
        ports = self._clocks(clocked, block, scope, found)
        for branch in reset_branches(clocked):
            for origin in scope.trace(branch.test.expr, registers=False):
                found.resets.append(
                    ResetUse(
                        origin,
                        branch.test.active_high != origin.inverted,
                        branch.asynchronous,
                        ports,
                        branch.registers,
                        branch.complete,
                        branch.location,
                    )
                )

    def _clocks(self, clocked: ClockedBlock, block: Any, scope: Scope, found: Clocking) -> tuple[str, ...]:
        """Note the block's clocks and return the ports they come from."""
        uses = []
        for event in clocked.clock_events:
            falling = event.edge == ast.EdgeKind.NegEdge
            origins = scope.trace(event.expr, registers=True)
            for origin in origins:
                uses.append(ClockUse(origin, falling != origin.inverted, len(clocked.registers), block.location))
            if not origins:
                names = ", ".join(symbol.name for symbol in symbols_in(event.expr)) or "?"
                found.lost_clocks.append((names, block.location))
        found.clocks += uses
        return tuple(dict.fromkeys(use.origin.port for use in uses))

    def _lift(self, instance: Any, scope: Scope, found: Clocking) -> None:
        """Take over what an instance below tells, in terms of this scope's ports."""
        below = self.of(instance)
        path = scope.name_of(instance)
        found.blocks += below.blocks
        found.latches += below.latches
        found.black_boxes += [f"{path}.{name}" for name in below.black_boxes]
        found.lost_clocks += [(f"{path}.{name}", place) for name, place in below.lost_clocks]
        lifted: dict[str, tuple[str, ...]] = {}
        for use in _merged(below.clocks):
            origins = scope.map_up(instance, use.origin, registers=True)
            lifted[use.origin.port] = tuple(dict.fromkeys(o.port for o in origins))
            for origin in origins:
                flipped = use.falling != (origin.inverted != use.origin.inverted)
                found.clocks.append(ClockUse(origin, flipped, use.registers, use.place))
            if not origins:
                found.lost_clocks.append((f"{path}.{use.origin.port}", use.place))
        for reset in below.resets:
            self._lift_reset(reset, instance, scope, found, lifted)

    def _lift_reset(
        self, reset: ResetUse, instance: Any, scope: Scope, found: Clocking, lifted: dict[str, tuple[str, ...]]
    ) -> None:
        clocks = tuple(dict.fromkeys(port for below in reset.clocks for port in lifted.get(below, ())))
        for origin in scope.map_up(instance, reset.origin, registers=False):
            flipped = reset.active_high != (origin.inverted != reset.origin.inverted)
            found.resets.append(
                ResetUse(origin, flipped, reset.asynchronous, clocks, reset.registers, reset.complete, reset.place)
            )


def _merged(uses: list[ClockUse]) -> list[ClockUse]:
    """Join uses of the same port in the same way."""
    registers: Counter[tuple[Origin, bool]] = Counter()
    place: dict[tuple[Origin, bool], Any] = {}
    for use in uses:
        registers[use.origin, use.falling] += use.registers
        place.setdefault((use.origin, use.falling), use.place)
    return [ClockUse(origin, falling, n, place[origin, falling]) for (origin, falling), n in registers.items()]


def direct(use: ClockUse | ResetUse) -> bool:
    """Whether a use comes straight from its port."""
    return use.origin.path is Path.DIRECT
