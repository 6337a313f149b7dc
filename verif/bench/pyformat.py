"""Write Python expressions as ruff and black would format them."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

WIDTH = 120
"""Longest line of a generated file, in characters."""
_STEP = 4


@dataclass(frozen=True, slots=True)
class Raw:
    """Source text that stands for itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call; an argument with an empty name is positional."""

    function: str
    arguments: tuple[tuple[str, object], ...]


def call(function: str, *positional: object, **named: object) -> Call:
    """Return a call with these arguments."""
    return Call(function, (*(("", value) for value in positional), *named.items()))


def call_from_source(function: str, arguments: str) -> Call:
    """Return a call whose argument list is given as Python source."""
    parsed = ast.parse(f"f({arguments})", mode="eval").body
    assert isinstance(parsed, ast.Call)
    positional = [("", _value(node)) for node in parsed.args]
    return Call(function, (*positional, *((word.arg or "", _value(word.value)) for word in parsed.keywords)))


def assignment(name: str, value: object) -> str:
    """Return ``name = value``."""
    return f"{name} = {expression(value, column=len(name) + 3)}"


def expression(value: object, *, indent: int = 0, column: int = 0, after: int = 0) -> str:
    """Return ``value`` as source text.

    ``indent`` is the indentation of the statement, ``column`` where the text starts, ``after`` how many characters
    must fit behind it on its last line.
    """
    flat = _flat(value)
    if column + len(flat) + after <= WIDTH or not _items(value):
        return flat
    inner = indent + _STEP
    if isinstance(value, Call) and inner + len(body := flat[len(value.function) + 1 : -1]) <= WIDTH:
        return f"{value.function}(\n{' ' * inner}{body}\n{' ' * indent})"
    lines = [
        " " * inner + prefix + expression(item, indent=inner, column=inner + len(prefix), after=1) + ","
        for prefix, item in _items(value)
    ]
    opening, closing = _brackets(value)
    return "\n".join([opening, *lines, " " * indent + closing])


def quoted(text: str) -> str:
    """Return a string literal, in double quotes unless that needs more escapes."""
    literal = repr(text)
    if literal.startswith("'") and '"' not in text:
        return f'"{literal[1:-1]}"'
    return literal


def prose(text: str, width: int) -> list[str]:
    """Wrap free text for a docstring or comment; nothing in it can end the docstring."""
    clean = " ".join(text.replace("\\", "/").replace('"', "'").split())
    return textwrap.wrap(clean, width, break_long_words=False, break_on_hyphens=False)


def _flat(value: object) -> str:
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple) and len(value) == 1:
        return f"({_flat(value[0])},)"
    if isinstance(value, Mapping | tuple | list | Call):
        opening, closing = _brackets(value)
        return opening + ", ".join(prefix + _flat(item) for prefix, item in _items(value)) + closing
    return repr(value)


def _items(value: object) -> list[tuple[str, object]]:
    """Pairs of what stands before an element, and the element."""
    if isinstance(value, Mapping):
        return [(f"{_flat(key)}: ", item) for key, item in value.items()]
    if isinstance(value, tuple | list):
        return [("", item) for item in value]
    if isinstance(value, Call):
        return [(f"{name}=" if name else "", item) for name, item in value.arguments]
    return []


def _brackets(value: object) -> tuple[str, str]:
    if isinstance(value, Call):
        return f"{value.function}(", ")"
    if isinstance(value, Mapping):
        return "{", "}"
    return ("[", "]") if isinstance(value, list) else ("(", ")")


def _value(node: ast.expr) -> object:
    try:
        found: object = ast.literal_eval(node)
    except ValueError:
        return Raw(ast.unparse(node))
    return Raw(ast.unparse(node)) if isinstance(found, set | bytes) else found
