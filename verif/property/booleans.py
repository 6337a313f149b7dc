"""The boolean layer: from slang's expressions to the IR's, with the names in them told apart."""

from __future__ import annotations

from typing import Any

from pyslang import ast

from verif.property.ir import Boolean, Constant, Function, Origin, Sampled, Signal
from verif.property.printing import NotPrintable, Printer, number_text
from verif.property.source import Source

MOST_PAST = 256
"""The furthest look back of ``$past``: each cycle of it is a register."""

_PLAIN_CALLS = ("$signed", "$unsigned")
_FLAT = "give it a type such as logic [7:0]"
_VECTORS = (
    ast.SymbolKind.ScalarType,
    ast.SymbolKind.PackedArrayType,
    ast.SymbolKind.PredefinedIntegerType,
    ast.SymbolKind.EnumType,
)


class Booleans:
    """Reads expressions of one bound instance."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ports = {port.name for port in source.instance.body.portList}
        self._printer = Printer[Signal | Constant | Sampled](self._replaced)

    def read(self, expression: Any) -> Boolean:
        """Return an expression; Unsupported PE251 for what the subset lacks."""
        try:
            return Boolean(self._printer.pieces(expression))
        except NotPrintable as problem:
            self._source.refuse_expression(problem)

    def signal(self, symbol: Any, name: str = "", origin: Origin = Origin.PORT) -> Signal:
        """Return a port, a net or a variable as a signal, called ``name`` unless that is empty."""
        kind = symbol.type
        what = f"the {'port' if origin is Origin.PORT else 'signal'} {symbol.name}"
        plain = kind.canonicalType
        while plain.kind == ast.SymbolKind.EnumType:
            plain = plain.baseType.canonicalType
        if not kind.isIntegral or plain.kind not in _VECTORS:
            self._source.refuse(f"{what} is no plain vector", symbol.location, _FLAT)
        if plain.kind == ast.SymbolKind.PackedArrayType and plain.bitWidth != plain.fixedRange.width:
            self._source.refuse(f"{what} has several dimensions", symbol.location, _FLAT)
        return Signal(
            name=name or symbol.name,
            width=plain.bitWidth,
            signed=plain.isSigned,
            left=plain.fixedRange.left,
            right=plain.fixedRange.right,
            scalar=plain.kind == ast.SymbolKind.ScalarType,
            origin=origin,
        )

    def _replaced(self, node: Any) -> Signal | Constant | Sampled | None:
        """Return what stands for a name or a call; refuse what can't stand in a property."""
        match node.kind:
            case ast.ExpressionKind.NamedValue | ast.ExpressionKind.HierarchicalValue:
                return self._named(node)
            case ast.ExpressionKind.Call if node.subroutineName not in _PLAIN_CALLS:
                return self._call(node)
        return None

    def _named(self, node: Any) -> Signal | Constant:
        symbol, body = node.symbol, self._source.instance.body
        if symbol.kind in (ast.SymbolKind.Parameter, ast.SymbolKind.EnumValue):
            return self._constant(symbol, node)
        if symbol.kind not in (ast.SymbolKind.Net, ast.SymbolKind.Variable):
            self._source.refuse(f"{symbol.name} is neither a signal nor a constant", node.sourceRange.start)
        if symbol.parentScope == body:
            return self.signal(symbol, origin=Origin.PORT if symbol.name in self._ports else Origin.OWN)
        if not self._source.top:
            what = f"the hierarchical name {str(node.syntax).strip()} needs the design that it is a name of"
            self._source.refuse(what, node.sourceRange.start, "give the module a port for it")
        return self.signal(symbol, self._source.below_top(symbol.hierarchicalPath), Origin.DESIGN)

    def _constant(self, symbol: Any, node: Any) -> Constant:
        text = number_text(symbol.value.value, symbol.type.bitWidth, signed=symbol.type.isSigned)
        if text is None:
            self._source.refuse(f"the parameter {symbol.name} is no plain number", node.sourceRange.start)
        return Constant(name=symbol.name, text=text)

    def _call(self, node: Any) -> Sampled:
        where = node.sourceRange.start
        known = ", ".join(Function)
        try:
            function = Function(node.subroutineName)
        except ValueError:
            self._source.refuse(f"{node.subroutineName} in a property is not supported", where, f"calls: {known}")
        arguments = list(node.arguments)
        allowed = 2 if function is Function.PAST else 1
        if len(arguments) > allowed:
            self._source.refuse(f"{function} with a gate or a clock of its own is not supported", where)
        operand = self.read(arguments[0])
        return Sampled(
            function=function,
            operand=operand,
            operand_width=arguments[0].type.bitWidth,
            width=node.type.bitWidth,
            signed=node.type.isSigned,
            cycles=self._cycles(arguments[1], where) if len(arguments) > 1 else 1,
        )

    def _cycles(self, argument: Any, where: Any) -> int:
        evaluated = argument.eval(ast.EvalContext(self._source.instance.body))
        cycles = int(evaluated.value)
        if not 1 <= cycles <= MOST_PAST:
            self._source.refuse(f"$past looks {cycles} cycles back", where, f"allowed: 1 to {MOST_PAST}")
        return cycles
