"""The boolean layer: from slang's expressions to source text with the names in it told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyslang import ast

from verif.property.ir import Boolean, Constant, Function, Part, Sampled, Signal
from verif.property.source import Source

MOST_PAST = 256
"""The furthest look back of ``$past``: each cycle of it is a register."""

_PLAIN_CALLS = ("$signed", "$unsigned")
_EXPRESSIONS = frozenset(
    {
        ast.ExpressionKind.NamedValue,
        ast.ExpressionKind.IntegerLiteral,
        ast.ExpressionKind.UnbasedUnsizedIntegerLiteral,
        ast.ExpressionKind.UnaryOp,
        ast.ExpressionKind.BinaryOp,
        ast.ExpressionKind.ConditionalOp,
        ast.ExpressionKind.Conversion,
        ast.ExpressionKind.ElementSelect,
        ast.ExpressionKind.RangeSelect,
        ast.ExpressionKind.Concatenation,
        ast.ExpressionKind.Replication,
        ast.ExpressionKind.Call,
    }
)
_OPERATORS_LEFT_OUT = {
    ast.BinaryOperator.WildcardEquality: "==?",
    ast.BinaryOperator.WildcardInequality: "!=?",
    ast.BinaryOperator.LogicalImplication: "->",
    ast.BinaryOperator.LogicalEquivalence: "<->",
    ast.BinaryOperator.Power: "**",
}
_STEPS = frozenset(
    {
        ast.UnaryOperator.Preincrement,
        ast.UnaryOperator.Predecrement,
        ast.UnaryOperator.Postincrement,
        ast.UnaryOperator.Postdecrement,
    }
)


class Booleans:
    """Reads expressions of one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ports = {port.name for port in source.instance.body.portList}

    def read(self, expression: Any) -> Boolean:
        """Return an expression; Unsupported PE251 for what the subset lacks."""
        span = expression.sourceRange
        text = self._source.of(span)
        if "`" in text:
            self._source.refuse(
                "a directive in a property is not supported", span.start, "write out what it stands for"
            )
        parts: list[Part] = []
        done = 0
        for start, end, part in self._replaced(expression):
            start, end = start - span.start.offset, end - span.start.offset
            parts += [text[done:start]] if start > done else []
            parts.append(part)
            done = end
        parts += [text[done:]] if done < len(text) else []
        return Boolean(tuple(parts))

    def signal(self, symbol: Any) -> Signal:
        """Return a port as a signal."""
        kind = symbol.type
        if not kind.isIntegral or kind.canonicalType.kind not in (
            ast.SymbolKind.ScalarType,
            ast.SymbolKind.PackedArrayType,
            ast.SymbolKind.PredefinedIntegerType,
        ):
            self._source.refuse(f"the port {symbol.name} is no plain vector", symbol.location, _FLAT)
        if kind.canonicalType.kind == ast.SymbolKind.PackedArrayType and kind.bitWidth != kind.fixedRange.width:
            self._source.refuse(f"the port {symbol.name} has several dimensions", symbol.location, _FLAT)
        return Signal(
            name=symbol.name,
            width=kind.bitWidth,
            signed=kind.isSigned,
            left=kind.fixedRange.left,
            right=kind.fixedRange.right,
            scalar=kind.canonicalType.kind == ast.SymbolKind.ScalarType,
        )

    def _replaced(self, expression: Any) -> Iterator[tuple[int, int, Part]]:
        """Yield the calls and names of an expression with where they begin and end, in the order of the text."""
        found: dict[int, tuple[int, Part]] = {}

        def visit(node: Any) -> Any:
            if not isinstance(node, ast.Expression):
                return ast.VisitAction.Advance
            self._check(node)
            start, end = node.sourceRange.start.offset, node.sourceRange.end.offset
            if node.kind == ast.ExpressionKind.NamedValue:
                found[start] = (end, self._named(node))
            elif isinstance(node, ast.CallExpression) and node.subroutineName not in _PLAIN_CALLS:
                found[start] = (end, self._call(node))
                return ast.VisitAction.Skip
            return ast.VisitAction.Advance

        expression.visit(visit)
        for start in sorted(found):
            end, part = found[start]
            yield start, end, part

    def _check(self, node: Any) -> None:
        """Refuse what one of the simulators or Yosys can't take."""
        where = node.sourceRange.start
        if node.kind == ast.ExpressionKind.HierarchicalValue:
            hint = "give the module a port for it and connect that in the bind directive"
            self._source.refuse("a hierarchical name in a property is not supported", where, hint)
        if node.kind not in _EXPRESSIONS or (node.kind == ast.ExpressionKind.Conversion and not node.isImplicit):
            kind = str(node.kind).rpartition(".")[2]
            hint = "write it with operators, selects and concatenations"
            self._source.refuse(f"the expression '{self._source.of(node.sourceRange)}' ({kind})", where, hint)
        if node.kind == ast.ExpressionKind.BinaryOp and node.op in _OPERATORS_LEFT_OUT:
            sign = _OPERATORS_LEFT_OUT[node.op]
            self._source.refuse(
                f"the operator {sign} in a property is not supported", where, "write it with && || ! =="
            )
        if node.kind == ast.ExpressionKind.UnaryOp and node.op in _STEPS:
            self._source.refuse("a property can't change what it reads", where)

    def _named(self, node: Any) -> Signal | Constant:
        symbol = node.symbol
        if symbol.kind == ast.SymbolKind.Parameter:
            return self._constant(symbol, node)
        if symbol.name not in self._ports or symbol.parentScope != self._source.instance.body:
            hint = "make it a port of the module, or write out what it stands for"
            self._source.refuse(f"{symbol.name} is no port of the module", node.sourceRange.start, hint)
        return self.signal(symbol)

    def _constant(self, symbol: Any, node: Any) -> Constant:
        value, width = symbol.value.value, symbol.type.bitWidth
        try:
            bits = int(value) & ((1 << width) - 1)
        except (TypeError, ValueError, RuntimeError):
            self._source.refuse(f"the parameter {symbol.name} is no plain number", node.sourceRange.start)
        return Constant(name=symbol.name, width=width, signed=symbol.type.isSigned, value=bits)

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


_FLAT = "give it a type such as logic [7:0]"
