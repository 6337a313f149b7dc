"""Blocking assignments that ``read_slang`` refuses or reads badly, written as the nonblocking ones that do the same.

It refuses a variable of a clocked process that is assigned both ways, and makes registers of all bits of an array that
blocking ones assign. Where the process doesn't read a variable after it has assigned it, both kinds give it the same
value at the end of the process. That is all that other processes see of it, since in a netlist registers take their
values after all processes of an edge have read theirs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyslang import syntax

_K = syntax.SyntaxKind
_PROCESSES = (_K.AlwaysBlock, _K.AlwaysFFBlock)
_CLOCKED = re.compile(r"@\s*\(\s*(?:pos|neg)edge\b")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][\w$]*|\\\S+")
_TARGET = re.compile(rf"\s*({_NAME.pattern})\s*(?P<selected>\[.*)?\s*", re.DOTALL)


def with_nonblocking(text: str) -> str:
    """Return a source in which such assignments are nonblocking; every line stays where it is."""
    if not _CLOCKED.search(text):
        return text
    source = text.encode("utf-8", errors="surrogateescape")
    for place in sorted(_places(text), reverse=True):
        if source[place : place + 2].strip() != b"=":  # what a macro wrote is elsewhere
            return text
        source = source[:place] + b"<=" + source[place + 1 :]
    return source.decode("utf-8", errors="surrogateescape")


def _places(text: str) -> Iterator[int]:
    """Yield where the operators are that become nonblocking."""
    tree = syntax.SyntaxTree.fromText(text)  # its nodes live as long as it does
    for block in _found(tree.root, *_PROCESSES):
        timed = block.statement
        if timed.kind == _K.TimingControlStatement and _CLOCKED.search(str(timed.timingControl)):
            process = _Process(timed.statement)
            for name in process.changeable():
                yield from (one.operatorToken.location.offset for one in process.blocking[name])


@dataclass
class _Process:
    """The assignments of one clocked process."""

    body: Any
    blocking: dict[str, list[Any]] = field(default_factory=dict)
    """Variable to the blocking assignments to it that could be written otherwise."""
    refused: set[str] = field(default_factory=set)
    """Variables of which one assignment must stay as it is."""

    def __post_init__(self) -> None:
        self._walk(self.body, (), ())

    def changeable(self) -> Iterator[str]:
        """Yield the variables of which all blocking assignments can be nonblocking, where that is of use."""
        both = _assigned(self.body, _K.NonblockingAssignmentExpression)
        local = {str(one.name).strip() for one in _found(self.body, _K.Declarator)}
        for name, assignments in self.blocking.items():
            useful = name in both or any(_selected(one.left) for one in assignments)
            if useful and name not in self.refused | local:
                yield name

    def _walk(self, statement: Any, before: Sequence[Any], after: Sequence[Any]) -> None:
        """Look at a statement that follows ``before`` and is followed by ``after``."""
        if statement.kind == _K.SequentialBlockStatement:
            items = list(statement.items)
            for number, item in enumerate(items):
                self._walk(item, (*before, *items[:number]), (*items[number + 1 :], *after))
        elif statement.kind == _K.ConditionalStatement:
            self._walk(statement.statement, before, after)
            if statement.elseClause:
                self._walk(statement.elseClause.clause, before, after)
        elif statement.kind == _K.CaseStatement:
            for item in statement.items:
                self._walk(item.clause, before, after)
        elif _does(statement) == _K.AssignmentExpression:
            self._take(statement.expr, before, after)
        elif _does(statement) != _K.NonblockingAssignmentExpression:
            self.refused |= _names(statement)

    def _take(self, assignment: Any, before: Sequence[Any], after: Sequence[Any]) -> None:
        name = _name(assignment.left)
        waiting = any(name in _assigned(each, _K.NonblockingAssignmentExpression) for each in before)
        if not name or _found(assignment, _K.TimingControlExpression) or any(map(_calls, after)):
            self.refused |= _names(assignment.left)
        elif waiting or any(name in _read(each) for each in after):
            self.refused.add(name)
        self.blocking.setdefault(name, []).append(assignment)


def _found(node: Any, *kinds: Any) -> list[Any]:
    """Return the nodes of some kinds."""
    found: list[Any] = []
    node.visit(lambda each: found.append(each) if getattr(each, "kind", None) in kinds else None)
    return found


def _does(statement: Any) -> Any:
    """Return the kind of a statement's expression; None where it is more than one."""
    return statement.expr.kind if statement.kind == _K.ExpressionStatement else None


def _calls(statement: Any) -> bool:
    """Whether a statement calls what may read any variable."""
    return any(not str(one.left).strip().startswith("$") for one in _found(statement, _K.InvocationExpression))


def _names(node: Any) -> set[str]:
    return set(_NAME.findall(_COMMENT.sub(" ", str(node))))


def _assigned(node: Any, *kinds: Any) -> Counter[str]:
    """Return how often assignments of some kinds change which variables."""
    targets = [target for one in _found(node, *kinds) for target in _parts(one.left)]
    return Counter(map(_name, targets))


def _read(node: Any) -> Counter[str]:
    """Return how often variables stand where they are not assigned."""
    names = Counter(_NAME.findall(_COMMENT.sub(" ", str(node))))
    return names - _assigned(node, _K.AssignmentExpression, _K.NonblockingAssignmentExpression)


def _parts(target: Any) -> list[Any]:
    return list(target.expressions)[::2] if target.kind == _K.ConcatenationExpression else [target]


def _name(target: Any) -> str:
    """Return the variable that an assignment changes; empty where it changes several, or a part with a name."""
    found = _TARGET.fullmatch(_COMMENT.sub(" ", str(target)))
    return found[1] if found else ""


def _selected(target: Any) -> bool:
    return "[" in str(target)
