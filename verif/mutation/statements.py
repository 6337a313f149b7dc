"""Goes through the statements of a process or function: what may be deleted, stuck, dropped or written elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pyslang import syntax

from verif.mutation.drafts import Where
from verif.mutation.expressions import Expressions
from verif.mutation.literals import literal_neighbours, named_neighbours
from verif.mutation.typed import bare, nodes

_K = syntax.SyntaxKind
NONBLOCKING = _K.NonblockingAssignmentExpression
BLOCKING = _K.AssignmentExpression
_LOOPS = (_K.ForLoopStatement, _K.LoopStatement, _K.ForeachLoopStatement)
_COMPARISONS = (
    _K.EqualityExpression,
    _K.InequalityExpression,
    _K.LessThanExpression,
    _K.LessThanEqualExpression,
    _K.GreaterThanExpression,
    _K.GreaterThanEqualExpression,
)
_STEPS = (_K.AddExpression, _K.SubtractExpression)
ASYNCHRONOUS = "an asynchronous reset must be constant"
SWAPPED = "simulators and synthesis read a mix of blocking and nonblocking assignments differently"


@dataclass(slots=True)
class Statements:
    """Adds the mutants of statements."""

    expressions: Expressions
    resets: dict[int, bool]
    """Offset of each branch that resets, to whether it needs no clock."""
    held: frozenset[int] = frozenset()
    """Offsets of conditions that must stay as they are: those of asynchronous resets."""

    def take(self, node: Any, where: Where) -> frozenset[str]:
        """Add the mutants of ``node``; return the variables that have a value behind it."""
        offset = node.sourceRange.start.offset
        if offset in self.resets and not where.reset:
            where = replace(where, reset=True, asynchronous=self.resets[offset])
        kind = node.kind
        if kind == _K.SequentialBlockStatement:
            return self._block(node, where)
        if kind == _K.ExpressionStatement:
            return self._assignment(node, where)
        if kind == _K.ConditionalStatement:
            self._conditional(node, where)
        elif kind == _K.CaseStatement:
            self._case(node, where)
        elif kind in _LOOPS:
            self.take(node.statement, where)
        elif kind == _K.ReturnStatement and node.returnValue is not None:
            self.expressions.take(node.returnValue, where)
        return where.given

    def _block(self, node: Any, where: Where) -> frozenset[str]:
        given = where.given
        for item in node.items:
            if isinstance(item, syntax.StatementSyntax):
                given = self.take(item, replace(where, given=given))
        return given

    def _assignment(self, node: Any, where: Where) -> frozenset[str]:
        expression = node.expr
        if expression.kind not in (BLOCKING, NONBLOCKING):
            return where.given
        value = expression.right
        if value.kind == _K.TimingControlExpression:
            value = value.expr
        if where.reset:
            self._reset_value(node, value, where)
        else:
            self._counting(expression.left, value, where)
            self._deleted(node, where)
            self._elsewhere(node, where)
            self._enumerated(node, value, where)
        return where.given | wholly_assigned(expression.left)

    def _reset_value(self, node: Any, value: Any, where: Where) -> None:
        drafts, typed = self.expressions.drafts, self.expressions.typed
        if where.asynchronous:
            drafts.add(node, "statement", ";", where, statement=True, own_build=ASYNCHRONOUS)
        elif where.clocked:
            drafts.add(node, "statement", ";", where, statement=True)
        form = typed.form(value)
        if form is None or not typed.integral(value):
            return
        if _is_enum(self.expressions, node.expr.left):
            self._replaced_value(node, value, "reset", named_neighbours(bare(value), typed), where)
            return
        others = list(literal_neighbours(drafts.text(value)))
        if typed.width(node.expr.left) == 1 and others:
            others = others[:1]
        elif bare(value).kind != _K.UnbasedUnsizedLiteralExpression and drafts.text(value):
            others.append(f"~({drafts.text(value)})")
        for after in others:
            drafts.add(value, "reset", after, where)

    def _enumerated(self, node: Any, value: Any, where: Where) -> None:
        """Take the value, where it is an enumeration's by replacing the whole statement."""
        if bare(value).kind == _K.IdentifierName and _is_enum(self.expressions, node.expr.left):
            self._replaced_value(node, value, "constant", named_neighbours(bare(value), self.expressions.typed), where)
        else:
            self.expressions.take(value, where)

    def _replaced_value(self, node: Any, value: Any, operator: str, others: Iterator[str], where: Where) -> None:
        drafts = self.expressions.drafts
        whole, inner = drafts.span(node), drafts.span(value)
        text = drafts.text(node).encode()
        if whole is None or inner is None:
            return
        for other in others:
            after = text[: inner[0] - whole[0]] + other.encode() + text[inner[1] - whole[0] :]
            drafts.add(
                node,
                operator,
                after.decode(),
                where,
                statement=True,
                own_build=ASYNCHRONOUS if where.asynchronous else "",
            )

    def _counting(self, target: Any, value: Any, where: Where) -> None:
        """Change the step of ``n <= n + 1``."""
        value, drafts = bare(value), self.expressions.drafts
        if value.kind not in _STEPS or _name(target) not in where.counters:
            return
        sides = (value.left, value.right)
        if _name(target) not in [_name(side) for side in sides]:
            return
        for side in sides:
            for after in literal_neighbours(drafts.text(side)):
                drafts.add(side, "counter", after, where)

    def limit(self, node: Any, where: Where) -> None:
        """Change what counters are compared with, in an expression and below."""
        if node.kind in _COMPARISONS:
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if _name(side) in where.counters:
                    self._limit(other, where)
        for child in nodes(node):
            self.limit(child, where)

    def _limit(self, node: Any, where: Where) -> None:
        drafts, typed = self.expressions.drafts, self.expressions.typed
        text, width = drafts.text(node), typed.width(node)
        literal = list(literal_neighbours(text))
        for after in literal:
            drafts.add(node, "counter", after, where)
        if not literal and text and width and not any(form.type.isSigned for form in typed.forms(node)):
            for sign in "+-":
                drafts.add(node, "counter", f"({text} {sign} 1'b1)", where)

    def _deleted(self, node: Any, where: Where) -> None:
        """Delete an assignment, where that leaves no latch."""
        names = set(targets_of(node.expr.left))
        if names and (where.clocked or (where.combinational and names <= where.given)):
            self.expressions.drafts.add(node, "statement", ";", where, statement=True)

    def _elsewhere(self, node: Any, where: Where) -> None:
        """Write the next register of the same width instead."""
        target = _name(node.expr.left)
        if not where.clocked or node.expr.kind != NONBLOCKING or not target:
            return
        widths = dict(where.registers)
        peers = [name for name, width in where.registers if width == widths.get(target)]
        if target not in peers or len(peers) < 2:
            return
        other = peers[(peers.index(target) + 1) % len(peers)]
        drafts = self.expressions.drafts
        whole, left = drafts.span(node), drafts.span(node.expr.left)
        if whole and left:
            rest = drafts.text(node).encode()[left[1] - whole[0] :].decode()
            drafts.add(node, "register", f"{other}{rest}", where, statement=True)

    def _conditional(self, node: Any, where: Where) -> None:
        parts = list(nodes(node.predicate.conditions))
        plain = len(parts) == 1 and parts[0].matchesClause is None
        if plain and self.expressions.fixed(parts[0].expr):
            return
        if plain and node.sourceRange.start.offset not in self.held:
            gate = where.clocked and node.elseClause is None
            self.expressions.condition(parts[0].expr, where, "enable" if gate else "condition")
        self.take(node.statement, where)
        if node.elseClause is not None:
            self.take(node.elseClause.clause, where)

    def _case(self, node: Any, where: Where) -> None:
        chosen_by_constant = self.expressions.fixed(node.expr)
        if not chosen_by_constant:
            self.expressions.take(node.expr, where)
        items = [item for item in node.items if item.kind == _K.StandardCaseItem]
        default = next((item for item in node.items if item.kind == _K.DefaultCaseItem), None)
        for item in items:
            if chosen_by_constant:
                self._labels(item, where)
            elif node.caseKeyword.rawText == "case":
                self._dropped(item.clause, default, where)
            self.take(item.clause, where)
        if default is not None:
            self.take(default.clause, where)

    def _labels(self, item: Any, where: Where) -> None:
        """Take the labels of ``case (1'b1)``, which are conditions."""
        for label in nodes(item.expressions):
            if not self.expressions.fixed(label):
                if self.expressions.typed.width(label) == 1:
                    self.expressions.drafts.add(label, "case-item", "1'b0", where)
                self.expressions.take(label, where)

    def _dropped(self, body: Any, default: Any, where: Where) -> None:
        """Put the default's statement in the place of an item's, where that makes no latch and no loop."""
        instead = ";" if default is None else self.expressions.drafts.text(default.clause)
        if not instead or where.asynchronous or _holds_names(default):
            return
        if not where.clocked and not self._settled(body, default, where):
            return
        self.expressions.drafts.add(body, "case-item", instead, where, statement=True)

    def _settled(self, body: Any, default: Any, where: Where) -> bool:
        """Whether all that ``body`` assigns has a value without it, and one that depends on nothing."""
        instead = [] if default is None else _direct(default.clause)
        if not where.combinational or instead is None:
            return False
        given = where.given | {name for each in instead for name in wholly_assigned(each.left)}
        assigned = {name for each in assignments_in(body) for name in targets_of(each.left)}
        constant = all(bare(each.right).kind in _PLAIN or self.expressions.fixed(each.right) for each in instead)
        return constant and assigned <= given


_PLAIN = (_K.IntegerLiteralExpression, _K.IntegerVectorExpression, _K.UnbasedUnsizedLiteralExpression)


def assignments_in(node: Any) -> Iterator[Any]:
    """Yield all assignments in a statement."""
    if node.kind in (BLOCKING, NONBLOCKING):
        yield node
        return
    for child in nodes(node):
        yield from assignments_in(child)


def _direct(node: Any) -> list[Any] | None:
    """Return the assignments that a statement is made of; None where it is made of more."""
    if node.kind == _K.EmptyStatement:
        return []
    if node.kind == _K.ExpressionStatement:
        return [node.expr] if node.expr.kind in (BLOCKING, NONBLOCKING) else None
    if node.kind != _K.SequentialBlockStatement:
        return None
    parts = [_direct(item) for item in node.items if isinstance(item, syntax.StatementSyntax)]
    return None if None in parts else [each for part in parts if part for each in part]


def _holds_names(item: Any) -> bool:
    """Whether a block with a name or declarations is inside, which can't stand twice."""
    if item is None:
        return False
    if item.kind == _K.SequentialBlockStatement and (
        item.blockName is not None or any(not isinstance(each, syntax.StatementSyntax) for each in item.items)
    ):
        return True
    return any(_holds_names(child) for child in nodes(item))


def _name(node: Any) -> str:
    """Return the name that an expression is; empty where it is more."""
    node = bare(node)
    return str(node.identifier.valueText) if node.kind == _K.IdentifierName else ""


def wholly_assigned(target: Any) -> frozenset[str]:
    """Return the variables that an assignment gives a value as a whole."""
    if target.kind == _K.ConcatenationExpression:
        return frozenset().union(*(wholly_assigned(part) for part in nodes(target.expressions)))
    name = _name(target)
    return frozenset({name}) if name else frozenset()


def targets_of(target: Any) -> Iterator[str]:
    """Yield the variables that an assignment changes; an empty name where it isn't one of the module."""
    if target.kind == _K.ConcatenationExpression:
        for part in nodes(target.expressions):
            yield from targets_of(part)
    elif target.kind == _K.IdentifierSelectName:
        yield str(target.identifier.valueText)
    elif target.kind == _K.ElementSelectExpression:
        yield from targets_of(target.left)
    else:
        yield _name(target)


def _is_enum(expressions: Expressions, node: Any) -> bool:
    form = expressions.typed.form(node)
    return form is not None and bool(form.type.isEnum)
