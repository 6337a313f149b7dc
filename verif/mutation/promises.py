"""Promises that a mutant may break: ``full_case``, ``parallel_case``, ``unique``, ``priority``.

Simulators take the first item that fits, or none; synthesis believes what was promised. So that both see the same
mutant, the promises are taken out where that leaves no latch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyslang import syntax

from verif.design.clocked import clocked_block
from verif.design.texts import Texts
from verif.mutation.statements import assignments_in, targets_of, wholly_assigned
from verif.mutation.typed import nodes, processes

_K = syntax.SyntaxKind
_PROMISES = frozenset({"full_case", "parallel_case"})
_BRANCHES = (_K.CaseStatement, _K.ConditionalStatement)


def blank_promises(design: Any, texts: Texts) -> None:
    """Take the promises out of all processes below the top."""
    for block in processes(design.top):
        clocked = clocked_block(block) is not None
        for branch, given in _branches(block.syntax.statement, frozenset()):
            if clocked or _has_default(branch) or _assigned(branch) <= given:
                _blank(branch, texts)


def _branches(node: Any, given: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """Yield branches, each with the variables that surely have a value before it."""
    if node.kind in _BRANCHES:
        yield node, given
    if node.kind == _K.SequentialBlockStatement:
        for item in nodes(node.items):
            yield from _branches(item, given)
            if item.kind == _K.ExpressionStatement and isinstance(item.expr, syntax.BinaryExpressionSyntax):
                given = given | wholly_assigned(item.expr.left)
        return
    for child in nodes(node):
        yield from _branches(child, given)


def _assigned(branch: Any) -> frozenset[str]:
    return frozenset(name for each in assignments_in(branch) for name in targets_of(each.left))


def _has_default(branch: Any) -> bool:
    if branch.kind == _K.CaseStatement:
        return any(item.kind == _K.DefaultCaseItem for item in branch.items)
    while branch.elseClause is not None:
        if branch.elseClause.clause.kind != _K.ConditionalStatement:
            return True
        branch = branch.elseClause.clause
    return False


def _blank(branch: Any, texts: Texts) -> None:
    for attribute in branch.attributes:
        names = {str(spec.name.valueText) for spec in attribute.specs if hasattr(spec, "name")}
        if names and names <= _PROMISES:
            _blank_tokens(attribute.getFirstToken(), attribute.getLastToken(), texts)
    if branch.uniqueOrPriority:
        _blank_tokens(branch.uniqueOrPriority, branch.uniqueOrPriority, texts)


def _blank_tokens(first: Any, last: Any, texts: Texts) -> None:
    text = texts.of(first)
    if text is not None and texts.of(last) is text:
        text.edits.blank(texts.start(first), texts.end(last))
