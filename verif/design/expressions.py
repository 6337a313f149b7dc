"""Small questions about slang's expressions and statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyslang import ast

_E = ast.ExpressionKind
_S = ast.StatementKind
_REFERENCES = (_E.NamedValue, _E.HierarchicalValue)
_WRAPPERS = (_E.Conversion,)


def stripped(expression: Any) -> Any:
    """Return ``expression`` without implicit and explicit conversions around it."""
    while expression.kind in _WRAPPERS:
        expression = expression.operand
    return expression


def is_reference(expression: Any) -> bool:
    """Whether ``expression`` is just the name of something."""
    return expression.kind in _REFERENCES


def symbols_in(node: Any) -> list[Any]:
    """Return the value symbols that an expression or statement names, each once, in order."""
    found: dict[Any, None] = {}

    def take(expression: Any) -> None:
        found.setdefault(expression.symbol)

    node.visit(lookup_table=dict.fromkeys(_REFERENCES, take))
    return list(found)


def constant_of(expression: Any, scope: Any) -> int | None:
    """Return the value of a constant integral expression without X or Z, else None.

    ``scope`` is the symbol in whose context it is evaluated.
    """
    if expression.bad:
        return None
    value = expression.constant
    if value is None:
        value = expression.eval(ast.EvalContext(scope))
    return integer(value)


def integer(value: Any) -> int | None:
    """Return slang's ConstantValue as an int, or None where it isn't a known integer."""
    number: Any = getattr(value, "value", None)
    try:
        return int(number)
    except (TypeError, ValueError, RuntimeError):
        return None


def is_constant(expression: Any) -> bool:
    """Whether nothing but parameters, enumeration values, genvars and literals is in ``expression``."""
    constants = (ast.SymbolKind.Parameter, ast.SymbolKind.EnumValue, ast.SymbolKind.Genvar, ast.SymbolKind.Iterator)
    return all(symbol.kind in constants for symbol in symbols_in(expression))


def statements_of(statement: Any) -> list[Any]:
    """Return the statements of a block in order; a statement that is no block stands for itself."""
    while statement.kind == _S.Block:
        statement = statement.body
    if statement.kind == _S.List:
        return [inner for item in statement.list for inner in _unwrapped(item)]
    return [statement]


def _unwrapped(statement: Any) -> Iterator[Any]:
    if statement.kind == _S.Block:
        yield from statements_of(statement)
    else:
        yield statement


def assignments_in(statement: Any) -> list[Any]:
    """Return all assignment expressions below ``statement``, loop headers included."""
    found: list[Any] = []
    statement.visit(lookup_table={_E.Assignment: found.append})
    return found


def targets_of(expression: Any) -> list[Any]:
    """Return the symbols that an assignment to ``expression`` writes; selectors are not among them."""
    expression = stripped(expression)
    kind = expression.kind
    if kind in _REFERENCES:
        return [expression.symbol]
    if kind in (_E.ElementSelect, _E.RangeSelect, _E.MemberAccess):
        return targets_of(expression.value)
    if kind == _E.Concatenation:
        return [symbol for operand in expression.operands for symbol in targets_of(operand)]
    if kind in (_E.SimpleAssignmentPattern, _E.Streaming):
        return symbols_in(expression)
    return []


def is_zero(expression: Any) -> bool | None:
    """Return whether a literal is 0 (True) or anything else (False); None where it is not a constant."""
    value = integer(stripped(expression).constant) if is_constant(expression) else None
    if value is None and is_constant(expression):
        value = integer(expression.constant)
    return None if value is None else value == 0
