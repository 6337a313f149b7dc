"""Read the properties of a `.sv` file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyslang import ast

from verif.design.model import SourceSet
from verif.errors import InputError
from verif.property.bodies import Bodies, has_variables
from verif.property.booleans import Booleans
from verif.property.coding import code_of
from verif.property.connecting import connections_of
from verif.property.ir import Boolean, Directive, Origin, Property, PropertyFile, Signal
from verif.property.source import DEFAULTS, NO_CLOCK, Source, read_alone, read_bound

_DIRECTIVES = {
    ast.AssertionKind.Assert: Directive.ASSERT,
    ast.AssertionKind.Assume: Directive.ASSUME,
    ast.AssertionKind.CoverProperty: Directive.COVER,
}
_CLOCK = "write @(posedge clk) or @(negedge clk) with a port of the module"


def read_properties(path: Path) -> PropertyFile:
    """Return the properties of the one module with concurrent assertions in ``path``, without looking at a design.

    Parameters have their default values, bind directives are not looked at. InputError PE252 where slang finds an
    error, PE254 for a property without a clock, PE255 without a property; Unsupported PE251 with file, line and column
    for what is outside of the subset.
    """
    return _Reader(read_alone(path)).file()


def bound_properties(path: Path, sources: SourceSet, text: str | None = None) -> tuple[PropertyFile, ...]:
    """Return the properties of ``path``, or of ``text`` in its place, as they are bound into a design: one an instance.

    ``sources`` name the design's top. Without a bind directive they are bound to it, each port to the signal of its
    name. Errors as those of ``read_properties``, and InputError PE256 where the bind directive misses the design.
    """
    return tuple(_Reader(source).file() for source in read_bound(path, sources, text))


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
        source = self._source
        return PropertyFile(
            module=str(source.module.header.name.valueText),
            properties=tuple(properties),
            signals=tuple(self._booleans.signal(port.internalSymbol) for port in source.instance.body.portList),
            code=code_of(source, self._booleans),
            within=source.within,
            connections=connections_of(source),
        )

    def _statements(self) -> Iterator[Any]:
        """Yield the assertions."""
        for member in self._source.instance.body:
            if member.kind == ast.SymbolKind.ProceduralBlock:
                statement = member.body
                while statement.kind == ast.StatementKind.Block:
                    statement = statement.body
                if statement.kind == ast.StatementKind.ConcurrentAssertion:
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
        given = False
        while True:
            if node.kind == ast.AssertionExprKind.Clocking and not given:
                clock, node, given = self._clock(node.clocking), node.expr, True
            elif node.kind == ast.AssertionExprKind.DisableIff and disable is None:
                disable, node = self._booleans.read(node.condition), node.expr
            elif _names_property(node):
                node = node.expr.body
            else:
                return _Spec(node, clock, disable)

    def _clock(self, event: Any) -> tuple[Signal, bool] | None:
        """Return a clock and whether its rising edge counts; None for a default clock that isn't there."""
        start = event.syntax.sourceRange.start
        single = event.kind == ast.TimingControlKind.SignalEvent and event.iffCondition is None
        if not single or event.edge not in (ast.EdgeKind.PosEdge, ast.EdgeKind.NegEdge):
            self._source.refuse("a clock other than one edge of one signal is not supported", start, _CLOCK)
        if f"@({str(event.syntax).strip().lstrip('@').strip('() ')})" == NO_CLOCK:
            return None
        parts = self._booleans.read(event.expr).parts
        first = parts[0]
        if len(parts) != 1 or not isinstance(first, Signal) or first.width != 1 or first.origin is not Origin.PORT:
            self._source.refuse("the clock is no port of one bit", start, _CLOCK)
        return first, event.edge == ast.EdgeKind.PosEdge


def _label(statement: Any) -> str:
    label = statement.syntax.label
    return str(label.name.valueText) if label is not None else ""


def _names_property(node: Any) -> bool:
    """Return whether a node is nothing but the name of a property or sequence, its arguments apart."""
    if node.kind != ast.AssertionExprKind.Simple or node.repetition is not None:
        return False
    inner = node.expr
    if inner.kind != ast.ExpressionKind.AssertionInstance:
        return False
    return not has_variables(inner)
