"""Grammars in llguidance's dialect of Lark."""

from __future__ import annotations

import json

from llm_assist.constrain.ir import Grammar, Node, OneOf, Ref, Repeat, Seq, Text


def to_lark(grammar: Grammar) -> str:
    """Return ``grammar`` as Lark text; its rule ``start`` is where an answer begins."""
    lines = [f"start: {grammar.start}"]
    lines += [f"{name}: {_render(node)}" for name, node in grammar.tokens.items()]
    lines += [f"{name}: {_render(node)}" for name, node in grammar.rules.items()]
    return "\n".join(lines) + "\n"


def _render(node: Node) -> str:
    match node:
        case Text(text):
            return json.dumps(text)
        case OneOf(options):
            return "(" + " | ".join(_render(option) for option in options) + ")"
        case Seq(parts):
            return " ".join(_render(part) for part in parts if part != Text(""))
        case Repeat(part, least, most):
            return f"({_render(part)}){{{least},{most}}}"
        case Ref(name):
            return name
