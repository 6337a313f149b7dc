"""The registers and memories of two versions, and which of them belong together by name or shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verif.design.model import Design
from verif.design.registers import find_memories, find_registers
from verif.errors import PosedgeError
from verif.formal.system import WORDS_AS_REGISTERS
from verif.harness.twin import Signal

WIDEST = 64
MOST_REGISTERS = 120
MOST_WORDS = 256
"""Of all memories together."""
_UNNAMED = re.compile(r"\bgenblk\d+\b")
"""A block without a name, which no reference from outside finds."""


def ports_alone(old: Design, new: Design, called: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ports of OLD that aren't registers, of that name, of both versions."""
    ports = [port.name for port in old.ports]
    try:
        ones, others = ({each.path for each in find_registers(design.sources)} for design in (old, new))
    except PosedgeError:
        return tuple(ports)
    return tuple(name for name in ports if name not in ones or called.get(name, name) not in others)


def registers_of(design: Design) -> tuple[Signal, ...]:
    """Return the registers of a design that relations may be about; none where slang can't tell."""
    try:
        found = find_registers(design.sources)
    except PosedgeError:
        return ()
    kept = [each for each in found if each.width <= WIDEST and not _UNNAMED.search(each.path)]
    return tuple(Signal(path=each.path, width=each.width) for each in kept[:MOST_REGISTERS])


def words_of(design: Design) -> tuple[Signal, ...]:
    """Return the words of the small memories of a design, which proofs have as registers; none where there are many."""
    try:
        found = find_memories(design.sources)
    except PosedgeError:
        return ()
    small = [each for each in found if each.words <= WORDS_AS_REGISTERS and not _UNNAMED.search(each.path)]
    words = [
        Signal(path=f"{each.path}[{number}]", width=each.width)
        for each in small
        for number in range(each.lowest, each.lowest + each.words)
    ]
    return tuple(words) if len(words) <= MOST_WORDS else ()


def of_one_shape(old: Design, new: Design, called: Mapping[str, str]) -> dict[str, str]:
    """Return registers and memories of different names that are the only ones of their shape without a namesake."""
    try:
        ones, others = ([*_memories(design), *_registers(design)] for design in (old, new))
    except PosedgeError:
        return {}
    names, theirs = {each.path for each in ones}, {each.path for each in others}
    free = [each for each in ones if called.get(each.path, each.path) not in theirs]
    open_ = [each for each in others if each.path not in names and each.path not in called.values()]
    found = {}
    for one in free:
        fitting = [each for each in open_ if (each.width, each.words) == (one.width, one.words)]
        same = [each for each in free if (each.width, each.words) == (one.width, one.words)]
        if len(fitting) == len(same) == 1:
            found[one.path] = fitting[0].path
    return found


def _memories(design: Design) -> Iterator[_Shape]:
    return (_Shape(each.path, each.width, each.words) for each in find_memories(design.sources))


def _registers(design: Design) -> Iterator[_Shape]:
    return (_Shape(each.path, each.width) for each in find_registers(design.sources))


@dataclass(frozen=True, slots=True)
class _Shape:
    """A register, or a memory of some words."""

    path: str
    width: int
    words: int = 0
