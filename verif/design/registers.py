"""The registers of an elaborated design: what clocked blocks assign, instance by instance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyslang import ast

from verif.design.clocked import clocked_block
from verif.design.elaboration import elaborate
from verif.design.identifiers import is_plain
from verif.design.model import SourceSet
from verif.design.scope import members_of

_K = ast.SymbolKind
_MOST = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """A register: a vector, no memory."""

    path: str
    """Hierarchical name below the top, for example ``u_core.state``."""
    width: int
    signed: bool = False
    from_zero: bool = True
    """Whether its bits are numbered from 0 up to the left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """A memory: an array of words."""

    path: str
    """Hierarchical name below the top."""
    width: int
    words: int
    lowest: int = 0
    """The lowest number of a word."""


def find_memories(sources: SourceSet) -> tuple[Memory, ...]:
    """Return the memories with one dimension that clocked blocks below the top of ``sources`` write.

    What ``find_registers`` leaves out for its name is left out here too. InputError as ``elaborate``.
    """
    top = elaborate(sources).top
    return tuple(_memories(top.body, "", 32))[:_MOST]


def _memories(body: Any, path: str, depth: int) -> Iterator[Memory]:
    members = list(members_of(body))
    symbols: dict[Any, None] = {}
    for member in members:
        if member.kind == _K.ProceduralBlock and (block := clocked_block(member)):
            symbols.update(dict.fromkeys(block.registers))
    for symbol in symbols:
        name = _relative(symbol, body)
        if symbol.kind == _K.Variable and symbol.type.isUnpackedArray and is_plain_path(name):
            element = symbol.type.elementType
            if element.isIntegral and (words := getattr(symbol.type, "fixedRange", None)):
                yield Memory(
                    path=f"{path}{name}",
                    width=int(element.bitWidth),
                    words=int(words.width),
                    lowest=min(int(words.left), int(words.right)),
                )
    for member in members if depth else ():
        if member.kind == _K.Instance and member.isModule and is_plain_path(inner := _relative(member, body)):
            yield from _memories(member.body, f"{path}{inner}.", depth - 1)


def find_registers(sources: SourceSet) -> tuple[Register, ...]:
    """Return the registers below the top of ``sources``, in the order of their declarations.

    Memories, structs of several vectors and names that need an escape are left out, so is what lies deeper than 32
    instances. InputError as ``elaborate`` where the sources are wrong.
    """
    top = elaborate(sources).top
    found = list(_below(top.body, "", 32))
    return tuple(found[:_MOST])


def _below(body: Any, path: str, depth: int) -> Iterator[Register]:
    members = list(members_of(body))
    symbols: dict[Any, None] = {}
    for member in members:
        if member.kind == _K.ProceduralBlock and (block := clocked_block(member)):
            symbols.update(dict.fromkeys(block.registers))
    for symbol in symbols:
        if register := _register(symbol, body, path):
            yield register
    for member in members if depth else ():
        if member.kind == _K.Instance and member.isModule:
            inner = _relative(member, body)
            if is_plain_path(inner):
                yield from _below(member.body, f"{path}{inner}.", depth - 1)


def _register(symbol: Any, body: Any, path: str) -> Register | None:
    if symbol.kind != _K.Variable or not symbol.type.isIntegral:
        return None
    name = _relative(symbol, body)
    if not is_plain_path(name):
        return None
    places = symbol.type.fixedRange if symbol.type.isPackedArray else None
    return Register(
        path=f"{path}{name}",
        width=int(symbol.type.bitWidth),
        signed=bool(symbol.type.isSigned),
        from_zero=places is None or (places.right == 0 and places.left >= 0),
    )


def _relative(symbol: Any, body: Any) -> str:
    name: str = symbol.hierarchicalPath
    return name.removeprefix(f"{body.hierarchicalPath}.")


def is_plain_path(path: str) -> bool:
    """Return whether a hierarchical name needs no escape; places in arrays of instances are fine."""
    return all(is_plain(part.partition("[")[0]) for part in path.split("."))
