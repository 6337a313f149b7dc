"""Mutants that no selector can switch on: parameters, generate conditions, blocking for nonblocking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyslang import syntax

from verif.mutation.drafts import Drafts, Where
from verif.mutation.literals import literal_neighbours
from verif.mutation.typed import Typed, nodes

_K = syntax.SyntaxKind
_BLOCKING, _NONBLOCKING = _K.AssignmentExpression, _K.NonblockingAssignmentExpression
PARAMETER = "a parameter is constant"
GENERATE = "a generate condition is constant"
SWAP = "an assignment is either blocking or not"


def parameters(module: Any, drafts: Drafts, typed: Typed, where: Where) -> None:
    """Add the neighbours of the values of parameters."""
    ports = module.header.parameters
    declared = [*(ports.declarations if ports is not None else ()), *module.members]
    for declaration in nodes(declared):
        inner = declaration.parameter if declaration.kind == _K.ParameterDeclarationStatement else declaration
        if inner.kind != _K.ParameterDeclaration:
            continue
        for declarator in nodes(inner.declarators):
            if declarator.initializer is not None:
                value = declarator.initializer.expr
                for after in literal_neighbours(drafts.text(value)):
                    drafts.add(value, "parameter", after, where, own_build=PARAMETER)


def generate_choice(node: Any, drafts: Drafts, where: Where) -> None:
    """Negate the condition of a generate."""
    text = drafts.text(node.condition)
    if text:
        drafts.add(node.condition, "generate", f"!({text})", where, own_build=GENERATE)


def swaps(body: Any, drafts: Drafts, where: Where) -> None:
    """Swap the assignments of one variable of a process between blocking and nonblocking, all of them together."""
    if not where.clocked and not where.combinational:
        return
    found: dict[str, list[Any]] = {}
    for assignment in _assignments(body):
        found.setdefault(_base(assignment.left), []).append(assignment)
    for name, assignments in found.items():
        kinds = {assignment.kind for assignment in assignments}
        if name and len(kinds) == 1:
            _swap(assignments, drafts, where)


def _swap(assignments: list[Any], drafts: Drafts, where: Where) -> None:
    first, last = drafts.span(assignments[0]), drafts.span(assignments[-1])
    source = drafts.texts.of(assignments[0].getFirstToken())
    if first is None or last is None or source is None:
        return
    text = source.text
    sign = b"<=" if assignments[0].kind == _BLOCKING else b"="
    parts, at = [], first[0]
    for assignment in assignments:
        token = assignment.operatorToken
        if drafts.texts.of(token) is not source:
            return
        start, end = drafts.texts.start(token), drafts.texts.end(token)
        parts += [text[at:start], sign]
        at = end
    parts.append(text[at : last[1]])
    drafts.add_span(assignments[0], (first[0], last[1]), "assignment", b"".join(parts), where, own_build=SWAP)


def _assignments(node: Any) -> Iterator[Any]:
    if node.kind in (_BLOCKING, _NONBLOCKING):
        yield node
    elif node.kind == _K.ForLoopStatement:
        yield from _assignments(node.statement)
    else:
        for child in nodes(node):
            yield from _assignments(child)


def _base(target: Any) -> str:
    if target.kind in (_K.IdentifierName, _K.IdentifierSelectName):
        return str(target.identifier.valueText)
    return ""
