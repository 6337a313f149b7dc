"""Sequences and properties: from slang's assertion expressions to the IR."""

from __future__ import annotations

from typing import Any, NoReturn

from pyslang import ast

from verif.property.booleans import Booleans
from verif.property.ir import Body, Boolean, Delay, Eventually, Implication, Repeat, Sequence, Throughout
from verif.property.source import Source

_BINARY_INSTEAD = {
    "And": "write two properties",
    "Or": "write the alternatives as one boolean expression, or as two properties",
    "Intersect": "write one of the two sequences so that it asks for both",
    "Within": "write the surrounding sequence out",
    "Until": "write a |-> hold throughout ##[0:n] release",
    "SUntil": "write a |-> hold throughout ##[0:n] release",
    "UntilWith": "write a |-> hold throughout ##[0:n] release",
    "SUntilWith": "write a |-> hold throughout ##[0:n] release",
    "Iff": "write two implications",
    "Implies": "write |->",
    "OverlappedFollowedBy": "write an implication and a cover",
    "NonOverlappedFollowedBy": "write an implication and a cover",
}
_UNARY_INSTEAD = {
    "Not": "negate the boolean expression with !",
    "NextTime": "write ##1",
    "SNextTime": "write ##1",
    "Always": "leave it out: a property is checked in every cycle",
    "SAlways": "write [*n]",
    "Eventually": "write ##[m:n]",
}


class Bodies:
    """Reads the bodies of one file's properties."""

    def __init__(self, source: Source, booleans: Booleans) -> None:
        self._source = source
        self._booleans = booleans

    def body(self, node: Any) -> Body:
        """Return a property without its clock and its ``disable iff``; Unsupported PE251 outside of the subset."""
        node = self._expanded(node)
        if node.kind == ast.AssertionExprKind.Binary and node.op in _IMPLICATIONS:
            return Implication(
                antecedent=self._not_empty(node.left),
                overlapped=node.op == ast.BinaryAssertionOperator.OverlappedImplication,
                consequent=self.body(node.right),
            )
        if node.kind == ast.AssertionExprKind.Unary and node.op == ast.UnaryAssertionOperator.SEventually:
            if node.range is None:
                self._refuse("s_eventually without bounds is not supported", node, "write s_eventually [m:n]")
            low, high = self._bounds(node.range, node, "s_eventually")
            return Eventually(low=low, high=high, operand=self._not_empty(node.expr))
        return self._not_empty(node)

    def sequence(self, node: Any) -> Sequence:
        """Return a sequence; Unsupported PE251 outside of the subset."""
        node = self._expanded(node)
        match node.kind:
            case ast.AssertionExprKind.Simple if node.expr.kind == ast.ExpressionKind.AssertionInstance:
                return self._repeated(self.sequence(node.expr.body), node)
            case ast.AssertionExprKind.Simple:
                return self._repeated(self._booleans.read(node.expr), node)
            case ast.AssertionExprKind.SequenceConcat:
                return self._concatenated(node)
            case ast.AssertionExprKind.SequenceWithMatch:
                if node.matchItems:
                    self._refuse("actions in a sequence are not supported", node, "look back with $past")
                return self._repeated(self.sequence(node.expr), node)
            case ast.AssertionExprKind.Binary if node.op == ast.BinaryAssertionOperator.Throughout:
                return Throughout(condition=self._condition(node.left), operand=self.sequence(node.right))
        return self._outside(node)

    def _not_empty(self, node: Any) -> Sequence:
        """Return a sequence that takes at least one cycle, as IEEE 1800 asks of a property and an antecedent."""
        sequence = self.sequence(node)
        if may_be_empty(sequence):
            self._refuse("the sequence can match no cycle at all", node, "let it begin with [*1:n]")
        return sequence

    def _expanded(self, node: Any) -> Any:
        """Return what a named sequence or property stands for, its arguments put in."""
        while node.kind == ast.AssertionExprKind.Simple and node.repetition is None:
            inner = node.expr
            if inner.kind != ast.ExpressionKind.AssertionInstance:
                break
            if has_variables(inner):
                what = f"{inner.symbol.name} with variables of its own is not supported"
                self._refuse(what, node, "look back with $past")
            node = inner.body
        return node

    def _condition(self, node: Any) -> Boolean:
        sequence = self.sequence(node)
        if not isinstance(sequence, Boolean):
            self._refuse("on the left of throughout stands a sequence", node, "write a boolean expression there")
        return sequence

    def _concatenated(self, node: Any) -> Sequence:
        sequence: Sequence | None = None
        for element in node.elements:
            then = self.sequence(element.sequence)
            low, high = self._bounds(element.delay, node, "##")
            begins = sequence is None and high == 0
            sequence = then if begins else Delay(first=sequence, low=low, high=high, then=then)
        assert sequence is not None  # a concatenation has elements
        return sequence

    def _repeated(self, operand: Sequence, node: Any) -> Sequence:
        if node.repetition is None:
            return operand
        if node.repetition.kind != ast.SequenceRepetition.Kind.Consecutive:
            self._refuse("[-> ] and [= ] are not supported", node, "write (!a)[*0:n] ##1 a")
        low, high = self._bounds(node.repetition.range, node, "[*]")
        if high == 0:
            self._refuse("[*0] matches nothing", node, "leave it out")
        return Repeat(operand=operand, low=low, high=high)

    def _bounds(self, span: Any, node: Any, sign: str) -> tuple[int, int]:
        if span.max is None:
            self._refuse(f"{sign} without an upper bound is not supported", node, "give it one, such as [1:8]")
        return int(span.min), int(span.max)

    def _outside(self, node: Any) -> NoReturn:
        """Refuse a construct by its name."""
        kind = str(node.kind).rpartition(".")[2]
        if node.kind == ast.AssertionExprKind.Binary and node.op in _IMPLICATIONS:
            self._refuse("an implication inside of a sequence is not supported", node, "write it outermost")
        if hasattr(node, "op"):
            kind = str(node.op).rpartition(".")[2]
        instead = {**_BINARY_INSTEAD, **_UNARY_INSTEAD, **_INSTEAD}.get(kind, "")
        self._refuse(f"{_spelt(kind)} is not supported", node, instead)

    def _refuse(self, what: str, node: Any, hint: str = "") -> NoReturn:
        located = node.syntax if node.syntax is not None else self._source.module
        self._source.refuse(what, located.sourceRange.start, hint)


_IMPLICATIONS = (
    ast.BinaryAssertionOperator.OverlappedImplication,
    ast.BinaryAssertionOperator.NonOverlappedImplication,
)
_INSTEAD = {
    "FirstMatch": "leave it out of a consequent: the first match is what counts there",
    "Clocking": "use one clock for the whole property",
    "DisableIff": "write disable iff outermost",
    "StrongWeak": "leave it out: a property that is pending at the end has not failed",
    "Conditional": "write an implication for each branch",
    "Case": "write an implication for each branch",
    "Abort": "write disable iff",
}
_WORDS = {
    "SUntil": "s_until",
    "UntilWith": "until_with",
    "SUntilWith": "s_until_with",
    "OverlappedFollowedBy": "#-#",
    "NonOverlappedFollowedBy": "#=#",
    "SNextTime": "s_nexttime",
    "SAlways": "s_always",
    "FirstMatch": "first_match",
    "Clocking": "a clock inside of a property",
    "DisableIff": "disable iff inside of a property",
    "StrongWeak": "strong or weak",
    "Conditional": "if in a property",
    "Case": "case in a property",
    "Abort": "accept_on or reject_on",
    "SEventually": "s_eventually inside of a sequence",
}


def _spelt(kind: str) -> str:
    return _WORDS.get(kind, kind.lower())


def has_variables(instance: Any) -> bool:
    """Return whether a named sequence or property has variables of its own."""
    return bool(list(instance.localVars))


def may_be_empty(sequence: Sequence) -> bool:
    """Return whether ``sequence`` can match no cycle at all."""
    match sequence:
        case Repeat():
            return sequence.low == 0 or may_be_empty(sequence.operand)
        case Throughout():
            return may_be_empty(sequence.operand)
        case Delay(first=None):
            return sequence.low == 0 and may_be_empty(sequence.then)
        case Delay(first=first) if first is not None:
            return sequence.high > 0 and sequence.low <= 1 and may_be_empty(first) and may_be_empty(sequence.then)
    return False
