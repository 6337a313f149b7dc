"""Read the properties of a `.sv` file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyslang import ast, syntax

from verif.errors import InputError
from verif.property.bodies import Bodies, has_own
from verif.property.booleans import Booleans
from verif.property.ir import Boolean, Directive, Property, PropertyFile, Signal
from verif.property.source import DEFAULTS, Source, read_source

_DIRECTIVES = {
    ast.AssertionKind.Assert: Directive.ASSERT,
    ast.AssertionKind.Assume: Directive.ASSUME,
    ast.AssertionKind.CoverProperty: Directive.COVER,
}
_MEMBERS = frozenset(
    {
        ast.SymbolKind.Port,
        ast.SymbolKind.Parameter,
        ast.SymbolKind.ProceduralBlock,
        ast.SymbolKind.StatementBlock,
        ast.SymbolKind.Sequence,
        ast.SymbolKind.Property,
        ast.SymbolKind.ClockingBlock,
        ast.SymbolKind.EmptyMember,
    }
)


def read_properties(path: Path) -> PropertyFile:
    """Return the properties of the one module with concurrent assertions in ``path``.

    InputError PE252 where slang finds an error, PE254 for a property without a clock, PE255 without a property;
    Unsupported PE251 with file, line and column for what is outside of the subset.
    """
    source = read_source(path)
    return _Reader(source).file()


@dataclass(frozen=True, slots=True)
class _Spec:
    """A property's body, without what stands around it."""

    body: Any
    clock: tuple[Signal, bool] | None
    disable: Boolean | None


class _Reader:
    """Reads one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._booleans = Booleans(source)
        self._bodies = Bodies(source, self._booleans)

    def file(self) -> PropertyFile:
        """Return all of it."""
        statements = list(self._statements())
        defaults = next((self._spec(one.propertySpec) for one in statements if _label(one) == DEFAULTS), None)
        properties: list[Property] = []
        for statement in statements:
            if _label(statement) != DEFAULTS:
                taken = [one.name for one in properties]
                properties.append(self._property(statement, defaults, taken))
        ports = [self._booleans.signal(port.internalSymbol) for port in self._source.instance.body.portList]
        target, connections = self._bind([port.name for port in ports])
        return PropertyFile(
            module=self._source.instance.name,
            properties=tuple(properties),
            signals=tuple(ports),
            target=target,
            connections=connections,
        )

    def _statements(self) -> Iterator[Any]:
        """Yield the assertions; refuse what else the module holds."""
        ports = {port.name for port in self._source.instance.body.portList}
        for member in self._source.instance.body:
            if member.kind not in _MEMBERS and member.name not in ports:
                hint = "keep only ports, parameters, sequences, properties and assertions in the module"
                self._source.refuse(f"{member.name or 'logic'} is more than a property", member.location, hint)
            if member.kind == ast.SymbolKind.ProceduralBlock:
                statement = member.body
                while statement.kind == ast.StatementKind.Block:
                    statement = statement.body
                if statement.kind != ast.StatementKind.ConcurrentAssertion:
                    what = "a procedural block in a module with properties is not supported"
                    self._source.refuse(what, member.location, "write each assertion on its own")
                yield statement

    def _property(self, statement: Any, defaults: _Spec | None, taken: list[str]) -> Property:
        start = statement.sourceRange.start
        if statement.assertionKind not in _DIRECTIVES:
            kind = str(statement.assertionKind).rpartition(".")[2]
            self._source.refuse(f"{kind} is not supported", start, "write assert, assume or cover property")
        spec = self._spec(statement.propertySpec)
        clock = spec.clock or (defaults.clock if defaults else None)
        place = self._source.place(start)
        if clock is None:
            hint = "write @(posedge clk) first in it, or default clocking @(posedge clk); endclocking"
            raise InputError("PE254", "the property has no clock", where=str(place), hint=hint)
        name = _label(statement) or f"line_{place.line}"
        if name in taken:
            name = f"{name}_{place.column}"
        return Property(
            name=name,
            directive=_DIRECTIVES[statement.assertionKind],
            body=self._bodies.body(spec.body),
            clock=clock[0],
            rising=clock[1],
            disable=spec.disable or (defaults.disable if defaults else None),
            place=place,
        )

    def _spec(self, node: Any) -> _Spec:
        clock: tuple[Signal, bool] | None = None
        disable: Boolean | None = None
        while True:
            if node.kind == ast.AssertionExprKind.Clocking and clock is None:
                clock, node = self._clock(node.clocking), node.expr
            elif node.kind == ast.AssertionExprKind.DisableIff and disable is None:
                disable, node = self._booleans.read(node.condition), node.expr
            elif _names_property(node):
                node = node.expr.body
            else:
                return _Spec(node, clock, disable)

    def _clock(self, event: Any) -> tuple[Signal, bool]:
        start = event.syntax.sourceRange.start
        hint = "write @(posedge clk) or @(negedge clk) with a port of the module"
        single = event.kind == ast.TimingControlKind.SignalEvent and event.iffCondition is None
        if not single or event.edge not in (ast.EdgeKind.PosEdge, ast.EdgeKind.NegEdge):
            self._source.refuse("a clock other than one edge of one signal is not supported", start, hint)
        parts = self._booleans.read(event.expr).parts
        if len(parts) != 1 or not isinstance(parts[0], Signal) or parts[0].width != 1:
            self._source.refuse("the clock is no port of one bit", start, hint)
        return parts[0], event.edge == ast.EdgeKind.PosEdge

    def _bind(self, ports: list[str]) -> tuple[str, Mapping[str, str]]:
        """Return the module that the file binds to and what each port is there."""
        same = {port: port for port in ports}
        for bind in self._source.binds:
            if str(bind.instantiation.type).strip() == self._source.instance.name:
                instances = list(bind.instantiation.instances)
                connections = instances[0].connections
                return str(bind.target).strip(), self._connected(connections, ports)
        return "", same

    def _connected(self, connections: Any, ports: list[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        nodes: list[Any] = [one for one in connections if isinstance(one, syntax.SyntaxNode)]
        for number, connection in enumerate(nodes):
            start = connection.sourceRange.start
            if connection.kind == syntax.SyntaxKind.WildcardPortConnection:
                found = {port: port for port in ports} | found
            elif connection.kind == syntax.SyntaxKind.NamedPortConnection:
                name = connection.name.valueText
                if name not in ports:
                    raise InputError("PE252", f"there is no port {name}", where=str(self._source.place(start)))
                found[name] = str(connection.expr).strip() if connection.openParen else name
            elif connection.kind == syntax.SyntaxKind.OrderedPortConnection and number < len(ports):
                found[ports[number]] = str(connection.expr).strip()
        missing = [port for port in ports if not found.get(port)]
        if missing:
            where = str(self._source.place(connections[0].sourceRange.start)) if len(connections) else ""
            raise InputError("PE252", f"bind connects nothing to the port {missing[0]}", where=where)
        return found


def _label(statement: Any) -> str:
    label = statement.syntax.label
    return str(label.name.valueText) if label is not None else ""


def _names_property(node: Any) -> bool:
    """Return whether a node is nothing but the name of a property or sequence without arguments."""
    if node.kind != ast.AssertionExprKind.Simple or node.repetition is not None:
        return False
    inner = node.expr
    if inner.kind != ast.ExpressionKind.AssertionInstance:
        return False
    return not has_own(inner)
