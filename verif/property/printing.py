"""slang's expressions as source text, with the names in it told apart.

The text is made from the syntax tree and not cut out of the file: so macros and arguments of named sequences and
properties stand in it as what they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from pyslang import ast

_B = ast.BinaryOperator
_E = ast.ExpressionKind
_U = ast.UnaryOperator

BINARY = {
    _B.Multiply: ("*", 11),
    _B.Divide: ("/", 11),
    _B.Mod: ("%", 11),
    _B.Add: ("+", 10),
    _B.Subtract: ("-", 10),
    _B.LogicalShiftLeft: ("<<", 9),
    _B.LogicalShiftRight: (">>", 9),
    _B.ArithmeticShiftLeft: ("<<<", 9),
    _B.ArithmeticShiftRight: (">>>", 9),
    _B.LessThan: ("<", 8),
    _B.LessThanEqual: ("<=", 8),
    _B.GreaterThan: (">", 8),
    _B.GreaterThanEqual: (">=", 8),
    _B.Equality: ("==", 7),
    _B.Inequality: ("!=", 7),
    _B.CaseEquality: ("===", 7),
    _B.CaseInequality: ("!==", 7),
    _B.BinaryAnd: ("&", 6),
    _B.BinaryXor: ("^", 5),
    _B.BinaryXnor: ("~^", 5),
    _B.BinaryOr: ("|", 4),
    _B.LogicalAnd: ("&&", 3),
    _B.LogicalOr: ("||", 2),
}
"""Operator to its sign and how strongly it binds (IEEE 1800-2017, table 11-2)."""
UNARY = {
    _U.Plus: "+",
    _U.Minus: "-",
    _U.BitwiseNot: "~",
    _U.LogicalNot: "!",
    _U.BitwiseAnd: "&",
    _U.BitwiseOr: "|",
    _U.BitwiseXor: "^",
    _U.BitwiseNand: "~&",
    _U.BitwiseNor: "~|",
    _U.BitwiseXnor: "~^",
}
_ASSOCIATIVE = frozenset({_B.LogicalAnd, _B.LogicalOr, _B.BinaryAnd, _B.BinaryOr, _B.BinaryXor})
_SELECT = {
    ast.RangeSelectionKind.Simple: ":",
    ast.RangeSelectionKind.IndexedUp: "+:",
    ast.RangeSelectionKind.IndexedDown: "-:",
}
_WHOLE, _CONDITIONAL, _UNARY = 99, 1, 12

Name = TypeVar("Name")
"""What stands for a name or a call in the printed pieces."""


class NotPrintable(Exception):
    """The expression at ``node`` is outside of what is printed."""

    def __init__(self, node: Any) -> None:
        self.node = node
        super().__init__(str(node.kind))


class Printer(Generic[Name]):
    """Prints expressions; ``replace`` returns what stands for a name or a call, None for what is printed as it is."""

    def __init__(self, replace: Callable[[Any], Name | None]) -> None:
        self._replace = replace

    def pieces(self, expression: Any) -> tuple[str | Name, ...]:
        """Return text and names in order, no two texts in a row; NotPrintable for what the subset lacks."""
        found: list[str | Name] = []
        for piece in self._print(expression)[0]:
            if isinstance(piece, str) and found and isinstance(found[-1], str):
                found[-1] += piece
            else:
                found.append(piece)
        return tuple(found)

    def _print(self, node: Any) -> tuple[list[str | Name], int]:
        """Return pieces and how strongly their outermost operator binds."""
        replaced = self._replace(node)
        if replaced is not None:
            return [replaced], _WHOLE
        match node.kind:
            case _E.Conversion if node.isImplicit:
                return self._print(node.operand)
            case _E.IntegerLiteral | _E.UnbasedUnsizedIntegerLiteral:
                return [literal_text(node)], _WHOLE
            case _E.UnaryOp if node.op in UNARY:
                return [UNARY[node.op], *self._inside(node.operand, _UNARY + 1)], _UNARY
            case _E.BinaryOp if node.op in BINARY:
                sign, strength = BINARY[node.op]
                right = strength if node.op in _ASSOCIATIVE and self._repeats(node) else strength + 1
                pieces = [*self._inside(node.left, strength), f" {sign} ", *self._inside(node.right, right)]
                return pieces, strength
            case _E.ConditionalOp if len(node.conditions) == 1:
                condition = self._inside(node.conditions[0].expr, _CONDITIONAL + 1)
                yes, no = self._inside(node.left, _CONDITIONAL + 1), self._inside(node.right, _CONDITIONAL + 1)
                return [*condition, " ? ", *yes, " : ", *no], _CONDITIONAL
            case _E.ElementSelect:
                return [*self._inside(node.value, _WHOLE), "[", *self._print(node.selector)[0], "]"], _WHOLE
            case _E.RangeSelect:
                bounds = [*self._print(node.left)[0], _SELECT[node.selectionKind], *self._print(node.right)[0]]
                return [*self._inside(node.value, _WHOLE), "[", *bounds, "]"], _WHOLE
            case _E.Concatenation:
                return ["{", *self._listed(node.operands), "}"], _WHOLE
            case _E.Replication:
                inner = node.concat
                whole = self._print(inner)[0] if inner.kind == _E.Concatenation else ["{", *self._print(inner)[0], "}"]
                return ["{", *self._print(node.count)[0], *whole, "}"], _WHOLE
            case _E.Call if node.subroutineName in ("$signed", "$unsigned"):
                return [f"{node.subroutineName}(", *self._listed(node.arguments), ")"], _WHOLE
        raise NotPrintable(node)

    def _inside(self, node: Any, least: int) -> list[str | Name]:
        pieces, strength = self._print(node)
        return pieces if strength >= least else ["(", *pieces, ")"]

    def _listed(self, nodes: Iterable[Any]) -> list[str | Name]:
        found: list[str | Name] = []
        for node in nodes:
            found += [*([", "] if found else []), *self._print(node)[0]]
        return found

    def _repeats(self, node: Any) -> bool:
        return bool(node.right.kind == _E.BinaryOp and node.right.op == node.op)


def literal_text(node: Any) -> str:
    """Return a literal as it is written."""
    tokens = [token.rawText for token in node.syntax if hasattr(token, "rawText")] if node.syntax is not None else []
    return "".join(tokens).replace(" ", "") or str(node.value)


def number_text(value: Any, width: int, *, signed: bool) -> str | None:
    """Return a constant of slang as a literal with its width; None where it is no plain number."""
    try:
        bits = int(value) & ((1 << width) - 1)
    except (TypeError, ValueError, RuntimeError):
        return None
    return f"{width}'{'s' if signed else ''}h{bits:x}"
