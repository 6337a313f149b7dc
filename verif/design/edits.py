"""Insertions into source files, at byte offsets, that leave every line where it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_KEYWORDS = '`begin_keywords "1364-2005" '
"""What the front end puts before a file that it reads with the keywords of Verilog-2005."""


@dataclass(frozen=True, slots=True)
class _Insertion:
    offset: int
    opening: bool
    depth: int
    """Of the syntax node that it belongs to: at one offset, inner nodes close first and outer ones open first."""
    order: int
    text: str

    @property
    def place(self) -> tuple[int, bool, int, int]:
        """What insertions are sorted by."""
        return (self.offset, self.opening, self.depth if self.opening else -self.depth, self.order)


@dataclass(slots=True)
class Edits:
    """The insertions into one file."""

    insertions: list[_Insertion] = field(default_factory=list)
    blanks: list[tuple[int, int]] = field(default_factory=list)

    def open(self, offset: int, text: str, node: Any) -> None:
        """Insert ``text`` where ``node``, or something inside it, begins."""
        self.insert(offset, text, opening=True, depth=_depth(node))

    def close(self, offset: int, text: str, node: Any) -> None:
        """Insert ``text`` where ``node`` ends."""
        self.insert(offset, text, opening=False, depth=_depth(node))

    def around(self, start: int, end: int, before: str, after: str) -> None:
        """Insert texts round what stands there; at one place, those round more come further out."""
        self.insert(start, before, opening=True, depth=start - end)
        self.insert(end, after, opening=False, depth=start - end)

    def insert(self, offset: int, text: str, *, opening: bool, depth: int) -> None:
        """Insert ``text`` where something of that depth opens or closes."""
        self.insertions.append(_Insertion(offset, opening, depth, len(self.insertions), text))

    def blank(self, start: int, end: int) -> None:
        """Put spaces in place of what stands there."""
        self.blanks.append((start, end))

    def applied(self, text: bytes) -> bytes:
        """Return ``text`` with all that was asked for."""
        for start, end in self.blanks:
            kept = bytes(byte if byte in b"\r\n" else 32 for byte in text[start:end])
            text = text[:start] + kept + text[end:]
        parts, at = [], 0
        for insertion in sorted(self.insertions, key=lambda each: each.place):
            parts += [text[at : insertion.offset], insertion.text.encode()]
            at = insertion.offset
        return b"".join([*parts, text[at:]])


@dataclass(slots=True)
class SourceText:
    """A source file as the front end read it: its bytes, and what is added to it."""

    path: Path
    text: bytes
    """Without what the front end put before it."""
    shift: int
    """How many bytes the front end put before it."""
    edits: Edits = field(default_factory=Edits)

    @classmethod
    def of(cls, path: Path, manager: Any, buffer: Any) -> SourceText:
        """Return the text of ``buffer``, which was read from ``path``."""
        data = path.read_bytes()
        try:
            read: str = manager.getSourceText(buffer)
        except UnicodeDecodeError:
            return cls(path=path, text=data, shift=0)
        if read.startswith(_KEYWORDS) and not data.startswith(_KEYWORDS.encode()):
            text = read.removeprefix(_KEYWORDS).rstrip("\0").removesuffix("\n`end_keywords\n")
            return cls(path=path, text=text.encode(), shift=len(_KEYWORDS))
        return cls(path=path, text=data, shift=0)

    @property
    def edited(self) -> bytes:
        """The text with its edits."""
        return self.edits.applied(self.text)


def _depth(node: Any) -> int:
    depth = 0
    while node is not None:
        node, depth = node.parent, depth + 1
    return depth
