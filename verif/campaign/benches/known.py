"""Which outputs a bench expects to be known: what its Python says, since a draft leaves out those that show X."""

from __future__ import annotations

import ast
from pathlib import Path

_RULE = "KnownRule"
_OUTPUTS = "outputs"


def known_outputs(model: Path) -> tuple[str, ...]:
    """Return the outputs that the rule ``outputs-known`` of a bench's model file names; none without file or rule."""
    try:
        tree = ast.parse(model.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return ()
    return tuple(name for node in ast.walk(tree) for name in _named(node))


def _named(node: ast.AST) -> list[str]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == _RULE):
        return []
    listed = [each.value for each in node.keywords if each.arg == _OUTPUTS]
    items = [item for each in listed if isinstance(each, ast.List) for item in each.elts]
    return [str(item.value) for item in items if isinstance(item, ast.Constant)]
