"""Registers that only an asynchronous reset assigns: their value is held, and it is written out that it is.

``read_slang`` drops a register that the clocked branch of a process with an asynchronous reset never assigns, and
refuses a process without that branch. The register would be free in each tick, though the reset has given it a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyslang import syntax

_TWO_EDGES = re.compile(r"@\s*\(\s*(?:pos|neg)edge\b[^()]*\b(?:pos|neg)edge\b")
_EDGE = re.compile(r"\b(?:pos|neg)edge\b")
_NAME = re.compile(r"[A-Za-z_][\w$]*|\\\S+")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_INDEX = re.compile(r"\[[^\]]*[A-Za-z_]")
_K = syntax.SyntaxKind


def with_held(text: str) -> str:
    """Return a source in which each such register is assigned itself; every line stays where it is."""
    if not _TWO_EDGES.search(text):
        return text
    source = text.encode("utf-8", errors="surrogateescape")
    inserted = [place for block in _blocks(syntax.SyntaxTree.fromText(text).root) for place in _insertions(block)]
    for offset, words in sorted(inserted, reverse=True):
        source = source[:offset] + words.encode() + source[offset:]
    return source.decode("utf-8", errors="surrogateescape")


def _blocks(root: Any) -> Iterator[Any]:
    """Yield the branch of each process with one asynchronous reset that decides on it."""
    found: list[Any] = []
    kinds = (_K.AlwaysBlock, _K.AlwaysFFBlock)
    root.visit(lambda node: found.append(node) if getattr(node, "kind", None) in kinds else None)
    for block in found:
        timed = block.statement
        if timed.kind == _K.TimingControlStatement and len(_EDGE.findall(str(timed.timingControl))) == 2:
            branch = _only(timed.statement)
            if branch.kind == _K.ConditionalStatement:
                yield branch


def _only(statement: Any) -> Any:
    """Return the statement of a block with one; the statement itself where it is none."""
    while statement.kind == _K.SequentialBlockStatement and len(statement.items) == 1:
        statement = statement.items[0]
    return statement


def _insertions(branch: Any) -> Iterator[tuple[int, str]]:
    """Yield where to write what, so that the clocked branch assigns what the reset does."""
    otherwise = branch.elseClause.clause if branch.elseClause else None
    if _only(branch.statement).kind == _K.ConditionalStatement:
        return
    assigned = (
        {name for target in _targets(otherwise) for name in _NAME.findall(target)} if otherwise is not None else set()
    )
    holds = [
        f"{target} <= {target};"
        for target in dict.fromkeys(_targets(branch.statement))
        if not _INDEX.search(target) and assigned.isdisjoint(_NAME.findall(target))
    ]
    if not holds:
        return
    if otherwise is None:
        yield branch.statement.sourceRange.end.offset, f" else begin {' '.join(holds)} end"
    else:
        yield otherwise.sourceRange.start.offset, f"begin {' '.join(holds)} "
        yield otherwise.sourceRange.end.offset, " end"


def _targets(statement: Any) -> list[str]:
    """Return what the nonblocking assignments of a statement assign, as it is written."""
    found: list[Any] = []
    statement.visit(
        lambda node: found.append(node) if getattr(node, "kind", None) == _K.NonblockingAssignmentExpression else None
    )
    return [" ".join(_COMMENT.sub(" ", str(node.left)).split()) for node in found]
