"""The inside of one module instance: who drives a signal, and to which input ports it leads back.

A ``Scope`` answers for one elaborated module body. Instances that share a body share its scope.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pyslang import ast

from verif.design.clocked import clocked_block
from verif.design.expressions import assignments_in, stripped, symbols_in, targets_of
from verif.design.names import looks_like_clock

_E = ast.ExpressionKind
_K = ast.SymbolKind
_NOT = (ast.UnaryOperator.BitwiseNot, ast.UnaryOperator.LogicalNot)
_GENERATE = (_K.GenerateBlock, _K.GenerateBlockArray)
_INVERTING_GATES = ("not", "nand", "nor")


class Path(Enum):
    """How a signal follows from a port; the worse of two prevails."""

    DIRECT = 0
    GATED = 1
    """Through logic."""
    DIVIDED = 2
    """Through a register, whose clock the port is."""
    BLACK_BOX = 3
    """Through a module without a definition."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An input port that a signal comes from."""

    port: str
    """Port name; ``port.member`` for a member of an interface port."""
    inverted: bool = False
    path: Path = Path.DIRECT
    via: str = ""
    """What lies between, for the reader."""

    def after(self, *, inverted: bool = False, path: Path = Path.DIRECT, via: str = "") -> Origin:
        """Return this origin seen through one more step."""
        worse = max(self.path, path, key=lambda p: p.value)
        return Origin(self.port, self.inverted != inverted, worse, self.via or via)


@dataclass(frozen=True, slots=True)
class _Assigned:
    """Driven by an expression."""

    value: Any
    gated: bool


@dataclass(frozen=True, slots=True)
class _Register:
    """Driven by a clocked block."""

    clocks: tuple[tuple[Any, bool], ...]
    """Clock expressions and whether they act on the falling edge."""


@dataclass(frozen=True, slots=True)
class _Output:
    """Driven by an output port of an instance."""

    instance: Any
    port: str


@dataclass(frozen=True, slots=True)
class _BlackBox:
    """Connected to an instance without a definition, which may drive it."""

    module: str
    others: tuple[Any, ...]
    """The other connections' expressions."""


_Driver = _Assigned | _Register | _Output | _BlackBox


class Scopes:
    """One scope per module body."""

    def __init__(self) -> None:
        self._scopes: dict[Any, Scope] = {}

    def of(self, instance: Any) -> Scope:
        """Return the scope of an instance."""
        body = instance.canonicalBody or instance.body
        if body not in self._scopes:
            self._scopes[body] = Scope(body, self)
        return self._scopes[body]


class Scope:
    """See the module's text."""

    def __init__(self, body: Any, scopes: Scopes) -> None:
        self.body = body
        self._scopes = scopes
        self._inputs = _input_ports(body)
        self._drivers: dict[Any, list[_Driver]] | None = None
        self._traced: dict[tuple[Any, bool], tuple[Origin, ...]] = {}
        self._active: set[Any] = set()
        self.members = list(members_of(body))

    def instances(self) -> Iterator[Any]:
        """Yield the module instances in this body."""
        for member in self.members:
            if member.kind == _K.Instance and member.isModule:
                yield member

    def name_of(self, instance: Any) -> str:
        """Return the path of an instance from this body: ``u_core``, ``lanes[2].u_lane``, ``cells[0]``."""
        path: str = instance.hierarchicalPath
        return path.removeprefix(f"{self.body.hierarchicalPath}.")

    def scope_of(self, instance: Any) -> Scope:
        """Return the scope of one of this body's instances."""
        return self._scopes.of(instance)

    def trace(self, expression: Any, *, registers: bool) -> tuple[Origin, ...]:
        """Return the input ports of this body from which ``expression`` follows.

        With ``registers`` a register leads on to its clock (for derived clocks), otherwise it ends the trace.
        """
        expression = stripped(expression)
        kind = expression.kind
        if kind == _E.HierarchicalValue and (member := self._interface_member(expression)):
            return (Origin(member),)
        if kind in (_E.NamedValue, _E.HierarchicalValue):
            return self._trace_symbol(expression.symbol, registers)
        if kind == _E.UnaryOp and expression.op in _NOT:
            return tuple(origin.after(inverted=True) for origin in self.trace(expression.operand, registers=registers))
        if kind == _E.Assignment:
            return self.trace(expression.left, registers=registers)
        found = [origin for symbol in symbols_in(expression) for origin in self._trace_symbol(symbol, registers)]
        return _unique(origin.after(path=Path.GATED, via="logic") for origin in found)

    def map_up(self, instance: Any, origin: Origin, *, registers: bool) -> tuple[Origin, ...]:
        """Return the origins, in this scope, of a port of ``instance``."""
        name, _, member = origin.port.partition(".")
        connection = _connection(instance, name)
        if connection is None:
            return ()
        if member:
            above = self._trace_interface(connection.ifaceConn, member, registers)
        elif connection.expression is None:
            above = ()
        else:
            above = self.trace(connection.expression, registers=registers)
        return _unique(up.after(inverted=origin.inverted, path=origin.path, via=origin.via) for up in above)

    def _trace_symbol(self, symbol: Any, registers: bool) -> tuple[Origin, ...]:
        key = (symbol, registers)
        if key in self._traced:
            return self._traced[key]
        if symbol in self._active:
            return ()
        self._active.add(symbol)
        self._traced[key] = self._origins(symbol, registers)
        self._active.discard(symbol)
        return self._traced[key]

    def _origins(self, symbol: Any, registers: bool) -> tuple[Origin, ...]:
        if symbol in self._inputs:
            return (Origin(self._inputs[symbol]),)
        return _unique(origin for driver in self.drivers_of(symbol) for origin in self._through(driver, registers))

    def _interface_member(self, expression: Any) -> str:
        """Return ``port.member`` where ``expression`` is a member of an interface port, which is as good as a port."""
        path = str(expression.syntax).strip().split(".")
        port = self.body.findPort(path[0]) if len(path) == 2 else None
        return f"{path[0]}.{path[1]}" if port is not None and port.kind == _K.InterfacePort else ""

    def _trace_interface(self, connection: Any, member: str, registers: bool) -> tuple[Origin, ...]:
        """Follow ``member`` of a connected interface: one of our own ports, or an instance in this body."""
        symbol = connection[0] if connection else None
        if symbol is None:
            return ()
        for port in self.body.portList:
            if port.kind == _K.InterfacePort and port.connection and port.connection[0] == symbol:
                return (Origin(f"{port.name}.{member}"),)
        inner = _connection(symbol, member) if symbol.kind == _K.Instance else None
        if inner is not None and inner.expression is not None:
            return self.trace(inner.expression, registers=registers)
        return ()

    def _through(self, driver: _Driver, registers: bool) -> tuple[Origin, ...]:
        if isinstance(driver, _Assigned):
            origins = self.trace(driver.value, registers=registers)
            return tuple(o.after(path=Path.GATED, via="logic") for o in origins) if driver.gated else origins
        if isinstance(driver, _Output):
            return self._through_instance(driver, registers)
        if isinstance(driver, _BlackBox):
            return self._through_black_box(driver, registers)
        return self._through_register(driver) if registers else ()

    def _through_register(self, driver: _Register) -> tuple[Origin, ...]:
        origins = [o for clock, _ in driver.clocks for o in self.trace(clock, registers=True)]
        return tuple(Origin(o.port, False, Path.DIVIDED, "a register") for o in origins)

    def _through_instance(self, driver: _Output, registers: bool) -> tuple[Origin, ...]:
        inner = self._scopes.of(driver.instance)
        symbol = _internal(inner.body, driver.port)
        if symbol is None:
            return ()
        found = inner._trace_symbol(symbol, registers)
        name = driver.instance.definition.name
        return _unique(
            up.after(path=origin.path, via=f"module {name}") if origin.path is not Path.DIRECT else up
            for origin in found
            for up in self.map_up(driver.instance, origin, registers=registers)
        )

    def _through_black_box(self, driver: _BlackBox, registers: bool) -> tuple[Origin, ...]:
        """Guess: an output named like a clock follows from the inputs named like a clock."""
        origins = [o for other in driver.others for o in self.trace(other, registers=registers)]
        via = f"black box {driver.module}"
        return _unique(o.after(path=Path.BLACK_BOX, via=via) for o in origins if looks_like_clock(o.port))

    def drivers_of(self, symbol: Any) -> list[_Driver]:
        """Return what drives ``symbol`` in this body."""
        if self._drivers is None:
            self._drivers = {}
            for member in self.members:
                self._note_drivers(member, self._drivers)
        return self._drivers.get(symbol, [])

    def _note_drivers(self, member: Any, table: dict[Any, list[_Driver]]) -> None:
        kind = member.kind
        if kind == _K.ContinuousAssign:
            assignment = member.assignment
            self._note_assignment(assignment, table, gated=False)
        elif kind == _K.Net and member.initializer is not None:
            table.setdefault(member, []).append(_Assigned(member.initializer, gated=False))
        elif kind == _K.ProceduralBlock:
            self._note_block(member, table)
        elif kind == _K.Instance:
            self._note_instance(member, table)
        elif kind == _K.UninstantiatedDef:
            self._note_black_box(member, table)
        elif kind == _K.PrimitiveInstance:
            self._note_gate(member, table)

    def _note_assignment(self, assignment: Any, table: dict[Any, list[_Driver]], *, gated: bool) -> None:
        if assignment.kind != _E.Assignment:
            return
        for target in targets_of(assignment.left):
            table.setdefault(target, []).append(_Assigned(assignment.right, gated=gated))

    def _note_block(self, block: Any, table: dict[Any, list[_Driver]]) -> None:
        clocked = clocked_block(block)
        if block.procedureKind in (ast.ProceduralBlockKind.Initial, ast.ProceduralBlockKind.Final):
            return
        for assignment in assignments_in(block.body):
            if clocked is None:
                self._note_assignment(assignment, table, gated=True)
                continue
            register = _Register(tuple((event.expr, False) for event in clocked.clock_events))
            for target in targets_of(assignment.left):
                drivers = table.setdefault(target, [])
                if register not in drivers:
                    drivers.append(register)

    def _note_instance(self, instance: Any, table: dict[Any, list[_Driver]]) -> None:
        for connection in instance.portConnections:
            expression = connection.expression
            if expression is not None and expression.kind == _E.Assignment:
                for target in targets_of(expression.left):
                    table.setdefault(target, []).append(_Output(instance, connection.port.name))

    def _note_black_box(self, instance: Any, table: dict[Any, list[_Driver]]) -> None:
        expressions = [e for e in (getattr(c, "expr", None) for c in instance.portConnections) if e is not None]
        for index, expression in enumerate(expressions):
            others = tuple(expressions[:index] + expressions[index + 1 :])
            for target in targets_of(expression):
                table.setdefault(target, []).append(_BlackBox(instance.definitionName, others))

    def _note_gate(self, gate: Any, table: dict[Any, list[_Driver]]) -> None:
        connections = list(gate.portConnections)
        for value in connections[1:]:
            for target in targets_of(_left(connections[0])):
                table.setdefault(target, []).append(_Assigned(value, gated=len(connections) > 2))


def members_of(body: Any) -> Iterator[Any]:
    """Yield the members of a body, those of taken generate blocks included."""
    for member in body:
        if member.kind in _GENERATE:
            if not (member.kind == _K.GenerateBlock and member.isUninstantiated):
                yield from members_of(member)
        elif member.kind == _K.InstanceArray:
            yield from _array_elements(member)
        else:
            yield member


def _array_elements(array: Any) -> Iterator[Any]:
    for element in array.elements:
        if element.kind == _K.InstanceArray:
            yield from _array_elements(element)
        else:
            yield element


def _left(expression: Any) -> Any:
    return expression.left if expression.kind == _E.Assignment else expression


def _input_ports(body: Any) -> dict[Any, str]:
    """Map the symbol inside to the name of the input or inout port."""
    wanted = (ast.ArgumentDirection.In, ast.ArgumentDirection.InOut)
    found = {}
    for port in body.portList:
        if port.kind == _K.Port and port.direction in wanted and port.internalSymbol is not None:
            found[port.internalSymbol] = port.name
    return found


def _internal(body: Any, name: str) -> Any:
    port = body.findPort(name)
    return getattr(port, "internalSymbol", None)


def _connection(instance: Any, name: str) -> Any:
    return next((c for c in instance.portConnections if c.port.name == name), None)


def _unique(origins: Any) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(origins))
