"""Broken variants of RTL: one operator, constant or condition changed in each. They show whether a judge can fail."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SWAPS = {
    "+": "-",
    "-": "+",
    "&": "|",
    "|": "&",
    "^": "|",
    "==": "!=",
    "!=": "==",
    "<": "<=",
    ">": ">=",
    ">=": ">",
    "&&": "||",
    "||": "&&",
    "<<": ">>",
    ">>": "<<",
}
_BODIES = ("ContinuousAssign", "Always", "AlwaysFF", "AlwaysComb")
_SKIPPED = ("Dimension", "EventControl", "EventExpression", "Select")


@dataclass(frozen=True, kw_only=True, slots=True)
class RtlVariant:
    """A changed text and what was changed."""

    title: str
    text: str


def rtl_variants(text: str, *, most: int, seed: int = 1) -> tuple[RtlVariant, ...]:
    """Return up to ``most`` broken variants of the Verilog in ``text``, drawn evenly; some may not compile."""
    found = [*_changes(text)]
    if len(found) > most:
        found = sorted(random.Random(seed).sample(found, most))
    return tuple(_variant(text, *change) for change in found)


def _variant(text: str, start: int, end: int, new: str) -> RtlVariant:
    line = text.count("\n", 0, start) + 1
    return RtlVariant(title=f"line {line}: '{text[start:end]}' became '{new}'", text=text[:start] + new + text[end:])


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield every change as start, end and replacement."""
    import pyslang

    tree = pyslang.syntax.SyntaxTree.fromText(text)
    for body in _bodies(tree.root):
        for node in _nodes(body):
            for start, end, new in _changes_of(node, text):
                if text[start:end].strip():
                    yield start, end, new


def _changes_of(node: Any, text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the changes of one node, those of the nodes below it left out."""
    kind = _kind(node)
    if kind == "ConditionalPredicate":
        span = node.sourceRange
        start, end = span.start.offset, span.end.offset
        yield start, end, f"!({text[start:end]})"
        return
    tokens = [child for child in _children(node, tokens=True) if _is_token(child)]
    for token in tokens[-1:] if kind == "IntegerVectorExpression" else tokens:
        start, old = token.location.offset, token.rawText
        new = _changed(kind, old)
        if new is not None and text[start : start + len(old)] == old:  # else it comes out of a macro
            yield start, start + len(old), new


def _changed(kind: str, token: str) -> str | None:
    if kind == "IntegerLiteralExpression" and token.isdigit():
        return str(int(token) + 1)
    if kind == "IntegerVectorExpression":
        return token[:-1] + ("0" if token[-1] == "1" else "1")
    return _SWAPS.get(token) if kind.endswith("Expression") else None


def _bodies(node: Any) -> Iterator[Any]:
    kind = _kind(node)
    if kind.startswith(_BODIES):
        yield node
        return
    for child in _children(node):
        yield from _bodies(child)


def _nodes(node: Any) -> Iterator[Any]:
    """Yield ``node`` and the nodes below it, dimensions, selections and events left out."""
    yield node
    for child in _children(node):
        if not any(word in _kind(child) for word in _SKIPPED):
            yield from _nodes(child)


def _children(node: Any, *, tokens: bool = False) -> Iterator[Any]:
    for child in node:
        if child is not None and (tokens or not _is_token(child)):
            yield child


def _is_token(node: Any) -> bool:
    import pyslang

    return isinstance(node, pyslang.parsing.Token)


def _kind(node: Any) -> str:
    return str(node.kind).rpartition(".")[2]
