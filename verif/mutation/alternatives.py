"""What may stand for an expression: the operators that look at one node of the syntax tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pyslang import ast, syntax

from verif.mutation.literals import literal_neighbours
from verif.mutation.typed import Typed, bare, value_of

_K = syntax.SyntaxKind
_E = ast.ExpressionKind

_RELATIONAL: Mapping[Any, tuple[str, ...]] = {
    _K.EqualityExpression: ("!=",),
    _K.InequalityExpression: ("==",),
    _K.CaseEqualityExpression: ("!==",),
    _K.CaseInequalityExpression: ("===",),
    _K.LessThanExpression: ("<=", ">="),
    _K.LessThanEqualExpression: ("<", ">"),
    _K.GreaterThanExpression: (">=", "<="),
    _K.GreaterThanEqualExpression: (">", "<"),
}
_ARITHMETIC: Mapping[Any, tuple[str, ...]] = {
    _K.AddExpression: ("-",),
    _K.SubtractExpression: ("+",),
    _K.MultiplyExpression: ("+",),
    _K.DivideExpression: ("-",),
    _K.ModExpression: ("-",),
}
_LOGICAL: Mapping[Any, tuple[str, ...]] = {_K.LogicalAndExpression: ("||",), _K.LogicalOrExpression: ("&&",)}
_BITWISE: Mapping[Any, tuple[str, ...]] = {
    _K.BinaryAndExpression: ("|", "^"),
    _K.BinaryOrExpression: ("&", "^"),
    _K.BinaryXorExpression: ("|", "&"),
    _K.BinaryXnorExpression: ("^",),
}
_SHIFT: Mapping[Any, tuple[str, ...]] = {
    _K.LogicalShiftLeftExpression: (">>",),
    _K.LogicalShiftRightExpression: ("<<",),
    _K.ArithmeticShiftLeftExpression: (">>",),
    _K.ArithmeticShiftRightExpression: (">>", "<<"),
}
_BINARY = (
    ("relational", _RELATIONAL),
    ("arithmetic", _ARITHMETIC),
    ("logical", _LOGICAL),
    ("bitwise", _BITWISE),
    ("shift", _SHIFT),
)
_REDUCTION: Mapping[Any, str] = {
    _K.UnaryBitwiseAndExpression: "|",
    _K.UnaryBitwiseOrExpression: "&",
    _K.UnaryBitwiseXorExpression: "|",
    _K.UnaryBitwiseNandExpression: "~|",
    _K.UnaryBitwiseNorExpression: "~&",
    _K.UnaryBitwiseXnorExpression: "~|",
}
_ONE_SIDE = {**_LOGICAL, **_BITWISE}
_SCALING = (_K.MultiplyExpression, _K.DivideExpression, _K.ModExpression, _K.PowerExpression)
LITERALS = (_K.IntegerLiteralExpression, _K.IntegerVectorExpression, _K.UnbasedUnsizedLiteralExpression)
_SELECTS = (_K.IdentifierSelectName, _K.ElementSelectExpression)
_COMPARISONS = frozenset(_RELATIONAL)
_LOOSE = (syntax.BinaryExpressionSyntax, syntax.ConditionalExpressionSyntax)


@dataclass(frozen=True, slots=True)
class Change:
    """What one operator puts in the place of a node."""

    operator: str
    after: str


class Reader(Protocol):
    """Gives the source text of nodes."""

    def text(self, node: Any) -> str:
        """Return the text of a node; empty where it has none of its own, as in a macro."""


def alternatives(node: Any, typed: Typed, reader: Reader) -> Iterator[Change]:
    """Yield the changes of one expression that look at nothing around it."""
    kind = node.kind
    for operator, table in _BINARY:
        if kind in table:
            yield from _binary(node, operator, table[kind], reader)
    if kind in _ONE_SIDE:
        yield from _one_side(node, typed, reader)
    elif kind in _SCALING:
        yield from _scaled(node, reader)
    elif kind in _REDUCTION:
        operand = reader.text(node.operand)
        yield from _if(operand, "bitwise", f"{_REDUCTION[kind]}{operand}")
    elif kind == _K.UnaryBitwiseNotExpression:
        yield from _if(reader.text(node.operand), "bitwise")
    elif kind == _K.UnaryLogicalNotExpression and typed.like(node, node.operand):
        yield from _if(reader.text(node.operand), "logical")
    elif kind == _K.UnaryMinusExpression:
        yield from _if(reader.text(node.operand), "arithmetic")
    elif kind in _SELECTS:
        yield from _neighbouring(node, typed, reader)


def negatable(node: Any) -> bool:
    """Whether no other operator negates this condition."""
    return bare(node).kind not in (*_COMPARISONS, _K.UnaryLogicalNotExpression)


def conditions(node: Any, reader: Reader, operator: str = "condition") -> Iterator[Change]:
    """Yield the changes of a condition; ``operator`` is that of the change that makes it always true."""
    text = reader.text(node)
    if not text:
        return
    if negatable(node):
        yield Change("condition", f"!({text})")
    yield Change(operator, "1'b1")
    yield Change("condition", "1'b0")


def _if(text: str, operator: str, after: str = "") -> Iterator[Change]:
    if text:
        yield Change(operator, after or text)


def _binary(node: Any, operator: str, others: tuple[str, ...], reader: Reader) -> Iterator[Change]:
    left, right = _operand(node.left, reader), _operand(node.right, reader)
    if left and right:
        for other in others:
            yield Change(operator, f"{left} {other} {right}")


def _operand(node: Any, reader: Reader) -> str:
    """Return the text of an operand, which may now stand beside an operator that binds more."""
    text = reader.text(node)
    return f"({text})" if text and isinstance(node, _LOOSE) else text


def _one_side(node: Any, typed: Typed, reader: Reader) -> Iterator[Change]:
    operator = "logical" if node.kind in _LOGICAL else "bitwise"
    for side in (node.left, node.right):
        if typed.like(node, side):
            yield from _if(reader.text(side), operator)


def _scaled(node: Any, reader: Reader) -> Iterator[Change]:
    """Yield products and quotients with another constant: a selector beside it would make it none."""
    left, sign, right = reader.text(node.left), str(node.operatorToken.valueText), reader.text(node.right)
    if not left or not right:
        return
    if bare(node.right).kind in LITERALS:
        for other in literal_neighbours(right):
            if int(other) if other.isdigit() else True:
                yield Change("constant", f"{left} {sign} {other}")
    elif bare(node.left).kind in LITERALS:
        for other in literal_neighbours(left):
            yield Change("constant", f"{other} {sign} {right}")


def scales(node: Any) -> bool:
    """Whether the literals beside an operator are changed together with it."""
    return node.kind in _SCALING


def _neighbouring(node: Any, typed: Typed, reader: Reader) -> Iterator[Change]:
    """Yield a constant bit or slice one higher and lower, as far as there is one."""
    selector = _last_selector(node)
    forms = typed.forms(node)
    if selector is None or not forms or not reader.text(node):
        return
    before, inside = reader.text(node), reader.text(selector)
    if not inside or not before.endswith(inside):
        return
    for step in (1, -1):
        if all(_within(form, step) for form in forms) and (moved := _moved(selector.selector, step, reader)):
            yield Change("slice", f"{before.removesuffix(inside)}[{moved}]")


def _last_selector(node: Any) -> Any:
    if node.kind == _K.ElementSelectExpression:
        return node.select
    selectors = list(node.selectors)
    return selectors[-1] if selectors else None


def _within(form: Any, step: int) -> bool:
    """Whether a selection moved by ``step`` is inside of what it selects from."""
    if form.kind == _E.ElementSelect:
        ends = [value_of(form.selector)]
    elif form.kind == _E.RangeSelect and form.selectionKind == ast.RangeSelectionKind.Simple:
        ends = [value_of(form.left), value_of(form.right)]
    else:
        return False
    try:
        whole = form.value.type.fixedRange
    except (AttributeError, RuntimeError):
        return False
    low, high = sorted((int(whole.left), int(whole.right)))
    return all(end is not None and low <= end + step <= high for end in ends)


def _moved(selector: Any, step: int, reader: Reader) -> str:
    if selector is None:
        return ""
    if selector.kind == _K.BitSelect:
        return _stepped(reader.text(selector.expr), step)
    if selector.kind == _K.SimpleRangeSelect:
        left, right = (_stepped(reader.text(end), step) for end in (selector.left, selector.right))
        return f"{left}:{right}" if left and right else ""
    return ""


def _stepped(text: str, step: int) -> str:
    if not text:
        return ""
    if text.isdigit():
        return str(int(text) + step)
    return f"{text} {'+' if step > 0 else '-'} 1" if text.replace("_", "").isalnum() else f"({text}) + ({step})"
