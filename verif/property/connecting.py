"""What the ports of a bound instance are connected to, in names below the design's top."""

from __future__ import annotations

from typing import Any

from pyslang import ast

from verif.property.printing import NotPrintable, Printer, number_text
from verif.property.source import Source
from verif.property.wiring import Reference, Wiring

_READ = (ast.SymbolKind.Net, ast.SymbolKind.Variable)


def connections_of(source: Source) -> dict[str, Wiring]:
    """Return each port's connection; a file that is read alone is connected to signals of its ports' names.

    Unsupported PE251 for ports that aren't inputs, for open ports and for expressions that the subset lacks.
    """
    ports = list(source.instance.body.portList)
    if not source.top:
        return {port.name: Wiring((Reference(port.name),)) for port in ports}
    connected = {one.port.name: one.expression for one in source.instance.portConnections}
    return {port.name: _wiring(source, port, connected.get(port.name)) for port in ports}


def _wiring(source: Source, port: Any, expression: Any) -> Wiring:
    if port.direction != ast.ArgumentDirection.In:
        source.refuse(f"the port {port.name} is no input", port.location, "a property only reads")
    if expression is None:
        hint = "connect it, or leave the port out"
        source.refuse(f"bind connects nothing to the port {port.name}", port.location, hint)
    printer = Printer[Reference | _Literal](lambda node: _replaced(source, node))
    try:
        pieces = printer.pieces(expression)
    except NotPrintable as problem:
        source.refuse_expression(problem)
    return Wiring(tuple(piece.text if isinstance(piece, _Literal) else piece for piece in pieces))


class _Literal:
    """A constant of the design."""

    def __init__(self, text: str) -> None:
        self.text = text


def _replaced(source: Source, node: Any) -> Reference | _Literal | None:
    if node.kind not in (ast.ExpressionKind.NamedValue, ast.ExpressionKind.HierarchicalValue):
        return None
    symbol = node.symbol
    if symbol.kind in (ast.SymbolKind.Parameter, ast.SymbolKind.EnumValue):
        text = number_text(symbol.value.value, symbol.type.bitWidth, signed=symbol.type.isSigned)
        return _Literal(text) if text is not None else None
    if symbol.kind not in _READ:
        raise NotPrintable(node)
    return Reference(source.below_top(_origin(symbol).hierarchicalPath))


def _origin(symbol: Any) -> Any:
    """Return the signal that a module's input is, as far up as it is connected to a signal and nothing else."""
    body = symbol.parentScope.containingInstance
    instance = body.parentInstance if body is not None else None
    for connection in instance.portConnections if instance is not None else ():
        port, expression = connection.port, connection.expression
        if (
            port.kind == ast.SymbolKind.Port
            and port.internalSymbol == symbol
            and port.direction == ast.ArgumentDirection.In
            and expression is not None
            and expression.kind == ast.ExpressionKind.NamedValue
            and expression.symbol.kind in _READ
        ):
            return _origin(expression.symbol)
    return symbol
