"""Goes through expressions: which of their nodes may change, and to what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyslang import ast, syntax

from verif.design.expressions import symbols_in
from verif.mutation.alternatives import LITERALS, alternatives, conditions, scales
from verif.mutation.drafts import Drafts, Where
from verif.mutation.literals import literal_neighbours, named_neighbours
from verif.mutation.typed import Typed, bare, nodes

_K = syntax.SyntaxKind
_S = ast.SymbolKind
_FIXED = (_S.Parameter, _S.EnumValue, _S.Genvar, _S.Specparam)
_TRANSPARENT = ("$signed", "$unsigned")
_ATOM = re.compile(r"[\w$.]+(\[[^\[\]]*\])*|\d*'[sS]?[bBoOdDhH]?[0-9a-fA-F_]+")
_CLOSED = (
    _K.StreamingConcatenationExpression,
    _K.AssignmentPatternExpression,
    _K.MinTypMaxExpression,
    _K.TaggedUnionExpression,
    _K.NewClassExpression,
    _K.StringLiteralExpression,
)
"""Kinds inside which nothing changes."""


@dataclass(slots=True)
class Expressions:
    """Adds the mutants of expressions whose value is used."""

    drafts: Drafts
    typed: Typed

    def take(self, node: Any, where: Where, *, inside: bool = False) -> None:
        """Add the mutants of ``node`` and below; ``inside`` says that it is an operand."""
        if node.kind == _K.ParenthesizedExpression:
            self.take(node.expression, where)
            return
        if node.kind in _CLOSED:
            return
        if not self.typed.integral(node):
            self._children(node, where)
            return
        if node.kind in LITERALS:
            self._add_all(node, "constant", literal_neighbours(self.drafts.text(node)), where)
        elif node.kind == _K.IdentifierName:
            self._add_all(node, "constant", named_neighbours(node, self.typed), where)
        elif not self.fixed(node):
            for change in alternatives(node, self.typed, self.drafts):
                after = f"({change.after})" if inside and not _atomic(change.after) else change.after
                self.drafts.add(node, change.operator, after, where)
            self._children(node, where)

    def fixed(self, node: Any) -> bool:
        """Whether an expression is made of constants alone."""
        form = self.typed.form(node)
        if form is None or form.kind == ast.ExpressionKind.Call:
            return False
        return all(symbol.kind in _FIXED for symbol in symbols_in(form))

    def _add_all(self, node: Any, operator: str, texts: Iterable[str], where: Where) -> None:
        for after in texts:
            self.drafts.add(node, operator, after, where)

    def _children(self, node: Any, where: Where) -> None:
        """Go on with the operands."""
        kind = node.kind
        if kind == _K.ConditionalExpression:
            self._choice(node, where)
        elif isinstance(node, syntax.BinaryExpressionSyntax):
            for side in (node.left, node.right):
                if not (scales(node) and bare(side).kind in LITERALS):
                    self.take(side, where, inside=True)
        elif isinstance(node, syntax.PrefixUnaryExpressionSyntax):
            self.take(node.operand, where, inside=True)
        elif kind == _K.MultipleConcatenationExpression:
            self.take(node.concatenation, where)
        elif kind == _K.ConcatenationExpression:
            for part in nodes(node.expressions):
                if bare(part).kind not in LITERALS[:1]:
                    self.take(part, where)
        elif kind == _K.InvocationExpression:
            self._arguments(node, where)
        elif kind == _K.CastExpression:
            self.take(node.right.expression, where)
        elif kind == _K.SignedCastExpression:
            self.take(node.inner.expression, where)
        elif kind == _K.InsideExpression:
            self.take(node.expr, where, inside=True)
        elif kind in (_K.IdentifierSelectName, _K.ElementSelectExpression):
            self._indices(node, where)

    def _choice(self, node: Any, where: Where) -> None:
        """Take ``condition ? left : right``."""
        parts = list(nodes(node.predicate.conditions))
        if len(parts) == 1 and parts[0].matchesClause is None:
            if self.fixed(parts[0].expr):
                return
            self.condition(parts[0].expr, where)
        for side in (node.left, node.right):
            self.take(side, where, inside=True)

    def condition(self, node: Any, where: Where, operator: str = "condition") -> None:
        """Add the mutants of a condition, and of what it is made of."""
        if self.typed.forms(node) and not self.fixed(node):
            for change in conditions(bare(node), self.drafts, operator):
                self.drafts.add(bare(node), change.operator, change.after, where)
        self.take(node, where)

    def _arguments(self, node: Any, where: Where) -> None:
        name = str(node.left).strip()
        if node.arguments is None or (name.startswith("$") and name not in _TRANSPARENT):
            return
        for argument in nodes(node.arguments.parameters):
            if argument.kind == _K.OrderedArgument:
                self.take(plain(argument.expr), where)

    def _indices(self, node: Any, where: Where) -> None:
        """Take the indices that aren't constant."""
        selectors = [node.select] if node.kind == _K.ElementSelectExpression else list(node.selectors)
        for selector in selectors:
            inner = selector.selector
            if inner is not None and inner.kind == _K.BitSelect and not self.fixed(inner.expr):
                self.take(inner.expr, where)
        if node.kind == _K.ElementSelectExpression:
            self.take(node.left, where)


def plain(node: Any) -> Any:
    """Return the expression that an argument or a connection holds."""
    while node is not None and node.kind in (_K.SimplePropertyExpr, _K.SimpleSequenceExpr):
        node = node.expr
    return node


def _atomic(text: str) -> bool:
    """Whether a text stands for itself beside any operator."""
    return _ATOM.fullmatch(text) is not None
