"""Integer literals one more and one less, and the neighbours of named constants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyslang import ast, syntax

from verif.mutation.typed import Typed

_S = ast.SymbolKind
_VECTOR = re.compile(r"^((?P<size>\d[\d_]*)\s*)?'\s*(?P<signed>[sS]?)(?P<base>[bBoOdDhH])\s*(?P<digits>[0-9a-fA-F_]+)$")
_PLAIN = re.compile(r"^\d[\d_]*$")
_RADIX = {"b": 2, "o": 8, "d": 10, "h": 16}
_FORMAT = {"b": "b", "o": "o", "d": "d", "h": "x"}
_UNSIZED_BITS = 32
_MOST_BITS = 64
"""Wider literals are masks and tables; one more or less says little."""


def literal_neighbours(text: str) -> Iterator[str]:
    """Yield an integer literal one more and one less, of the same form; nothing where it has an X or a Z."""
    text = text.strip()
    if text in ("'0", "'1"):
        yield "'1" if text == "'0" else "'0"
    elif _PLAIN.match(text):
        value = int(text.replace("_", ""))
        yield str(value + 1)
        if value > 0:
            yield str(value - 1)
    elif match := _VECTOR.match(text):
        yield from _vector_neighbours(match)


def _vector_neighbours(match: re.Match[str]) -> Iterator[str]:
    base, digits = match["base"].lower(), match["digits"].replace("_", "")
    size = int(match["size"].replace("_", "")) if match["size"] else _UNSIZED_BITS
    try:
        value = int(digits, _RADIX[base])
    except ValueError:
        return
    if not 0 < size <= _MOST_BITS:
        return
    pad = 0 if base == "d" else len(digits)
    seen = {value % (1 << size)}
    for step in (1, -1):
        other = (value + step) % (1 << size)
        if other not in seen:
            seen.add(other)
            yield f"{match['size'] or ''}'{match['signed']}{match['base']}{other:0{pad}{_FORMAT[base]}}"


def named_neighbours(node: Any, typed: Typed) -> Iterator[str]:
    """Yield what may stand for the name of a constant: the next one of its kind, else one more."""
    symbols = {form.symbol.name: form.symbol for form in typed.forms(node) if hasattr(form, "symbol")}
    if len(symbols) != 1:
        return
    ((name, symbol),) = symbols.items()
    if symbol.kind == _S.EnumValue:
        yield from _following(name, [value.name for value in symbol.parentScope if value.kind == _S.EnumValue])
    elif symbol.kind == _S.Parameter and symbol.syntax.kind == syntax.SyntaxKind.Declarator and _is_number(symbol.type):
        peers = [peer.name for peer in symbol.parentScope if _alike(peer, symbol, node)] if symbol.isLocalParam else []
        if len(peers) > 1:
            yield from _following(name, peers)
        else:
            one = "1" if symbol.type.isSigned else "1'b1"
            yield f"({name} + {one})"


def _alike(peer: Any, symbol: Any, node: Any) -> bool:
    """Whether ``peer`` is a constant of the same type, declared before ``node``, with another value."""
    if peer is symbol or peer.kind != _S.Parameter or not peer.isLocalParam or not _is_number(peer.type):
        return peer is symbol
    place = node.sourceRange.start
    if peer.location.buffer != place.buffer or peer.location.offset > place.offset:
        return False
    same_type = (peer.type.bitWidth, peer.type.isSigned) == (symbol.type.bitWidth, symbol.type.isSigned)
    return bool(same_type and peer.value != symbol.value)


def _is_number(kind: Any) -> bool:
    return bool(kind.isIntegral and (kind.isSimpleBitVector or kind.isPredefinedInteger))


def _following(name: str, names: list[str]) -> Iterator[str]:
    if name in names and len(names) > 1:
        yield names[(names.index(name) + 1) % len(names)]
