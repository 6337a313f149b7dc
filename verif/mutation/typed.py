"""What slang knows of the expressions of an elaborated design, by where they stand in the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyslang import ast, syntax

from verif.design.expressions import integer

_K = syntax.SyntaxKind
_E = ast.ExpressionKind

Span = tuple[int, int, int]
"""Buffer, first and last offset."""


def span_of(node: Any) -> Span:
    """Return where a syntax node stands."""
    place = node.sourceRange
    return (place.start.buffer.id, place.start.offset, place.end.offset)


def bare(node: Any) -> Any:
    """Return a syntax node without the parentheses around it."""
    while node.kind == _K.ParenthesizedExpression:
        node = node.expression
    return node


def value_of(expression: Any) -> int | None:
    """Return the value of an expression that is constant and has no X or Z."""
    return integer(expression.constant)


def nodes(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield the syntax nodes among what a list of slang's holds: nodes and commas."""
    return (part for part in parts if isinstance(part, syntax.SyntaxNode))


def elaborated(node: Any) -> bool:
    """Whether what slang visits is part of the design, rather than a generate block that isn't taken."""
    return not (isinstance(node, ast.GenerateBlockSymbol) and node.isUninstantiated)


def processes(top: Any) -> Iterable[Any]:
    """Return the processes at and below ``top``, each place in the sources once."""
    found: dict[Span, Any] = {}

    def take(node: Any) -> Any:
        if not elaborated(node):
            return ast.VisitAction.Skip
        if isinstance(node, ast.ProceduralBlockSymbol):
            found.setdefault(span_of(node.syntax), node)
        return ast.VisitAction.Advance

    top.visit(take)
    return found.values()


@dataclass(slots=True)
class Typed:
    """Expressions by place; each has one elaborated form an instance and generate block that it occurs in."""

    _forms: dict[Span, list[Any]] = field(default_factory=dict)
    _driven: set[Span] = field(default_factory=set)
    """Port connections through which an instance drives something."""

    @classmethod
    def of(cls, top: Any) -> Typed:
        """Look at everything below ``top``."""
        typed = cls()
        top.visit(typed._take)
        return typed

    def _take(self, node: Any) -> Any:
        if not elaborated(node):
            return ast.VisitAction.Skip
        if isinstance(node, ast.Expression):
            if node.kind != _E.Conversion and node.syntax is not None:
                self._forms.setdefault(span_of(bare(node.syntax)), []).append(node)
        elif isinstance(node, ast.InstanceSymbol):
            self._note_outputs(node)
        return ast.VisitAction.Advance

    def _note_outputs(self, instance: Any) -> None:
        for connection in instance.portConnections:
            expression = connection.expression
            if expression is None or getattr(connection.port, "direction", None) == ast.ArgumentDirection.In:
                continue
            if expression.kind == _E.Assignment:
                expression = expression.left
            if expression.syntax is not None:
                self._driven.add(span_of(bare(expression.syntax)))

    def forms(self, node: Any) -> Sequence[Any]:
        """Return the elaborated forms of a syntax node; none where nothing of it is elaborated."""
        return self._forms.get(span_of(bare(node)), ())

    def form(self, node: Any) -> Any:
        """Return one of them, or None."""
        forms = self.forms(node)
        return forms[0] if forms else None

    def is_driven(self, node: Any) -> bool:
        """Whether a port connection is an output's."""
        return span_of(bare(node)) in self._driven

    def integral(self, node: Any) -> bool:
        """Whether it is elaborated, and has bits everywhere."""
        forms = self.forms(node)
        return bool(forms) and all(form.type.isIntegral and not form.bad for form in forms)

    def like(self, node: Any, other: Any) -> bool:
        """Whether ``other`` may stand for ``node``: the same width and sign wherever they occur."""
        ones, others = self.forms(node), self.forms(other)
        if not ones or len(ones) != len(others):
            return False
        pairs = zip(ones, others, strict=True)
        return all(
            one.type.isIntegral
            and two.type.isIntegral
            and one.type.bitWidth == two.type.bitWidth
            and one.type.isSigned == two.type.isSigned
            for one, two in pairs
        )

    def constant(self, node: Any) -> int | None:
        """Return the value that it has everywhere; None where it has several or none."""
        values = {value_of(form) for form in self.forms(node)}
        return values.pop() if len(values) == 1 else None

    def width(self, node: Any) -> int:
        """Return its width, 0 where that isn't the same everywhere."""
        widths = {int(form.type.bitWidth) for form in self.forms(node) if form.type.isIntegral}
        return widths.pop() if len(widths) == 1 else 0
