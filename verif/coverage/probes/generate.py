"""Generate blocks: the names by which their contents are reached from the top in every tool.

A block without a name gets the one that the standard gives it (IEEE 1800, clause 27.6), written down. Where both
branches of a choice have one name, Verilator finds neither: all but the first are renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyslang import ast, syntax

from verif.design.texts import Texts

_K = ast.SymbolKind
_BLOCK = syntax.SyntaxKind.GenerateBlock
_INDEX = re.compile(r"\[-?\d+\]$")


@dataclass(slots=True)
class _Block:
    """A generate block in the source."""

    node: Any
    name: str
    """What it is called, in the end."""
    taken: bool = False

    @property
    def written(self) -> Any:
        """The token of the name in the source; None where there is none."""
        return self.node.beginName.name if self.node.kind == _BLOCK and self.node.beginName else None


@dataclass(slots=True)
class GenerateBlocks:
    """All generate blocks of the bodies that were added."""

    texts: Texts
    prefix: str
    _blocks: dict[tuple[int, int], _Block] = field(default_factory=dict)
    _groups: dict[tuple[object, str], list[_Block]] = field(default_factory=dict)
    """Blocks that share a scope and a name."""

    def add(self, body: Any) -> None:
        """Note the blocks of a module's body."""
        self._add(body, body.hierarchicalPath, _key(body.syntax))

    def _add(self, scope: Any, base: str, parent: object) -> None:
        for member in scope:
            if member.kind == _K.GenerateBlockArray:
                self._add(member, base, parent)
            elif member.kind == _K.GenerateBlock and member.syntax is not None:
                block = self._block(member, parent, _INDEX.sub("", _component(member, base)))
                if not member.isUninstantiated:
                    block.taken = True
                    self._add(member, f"{base}.{_component(member, base)}", _key(member.syntax))

    def _block(self, member: Any, parent: object, name: str) -> _Block:
        key = _key(member.syntax)
        if key not in self._blocks:
            block = self._blocks[key] = _Block(member.syntax, name)
            self._groups.setdefault((parent, name), []).append(block)
        return self._blocks[key]

    def settle(self) -> None:
        """Choose the names and write them into the sources."""
        number = 0
        for blocks in self._groups.values():
            blocks.sort(key=lambda block: (not block.taken, self.texts.rank(block.node.getFirstToken())))
            for block in blocks[1:]:
                block.name, number = f"{self.prefix}_g{number}", number + 1
                self._write(block, renamed=True)
            self._write(blocks[0], renamed=False)

    def _write(self, block: _Block, *, renamed: bool) -> None:
        node, text = block.node, self.texts.of(block.node.getFirstToken())
        if text is None or self.texts.of(node.getLastToken()) is not text:
            return
        if block.written is not None:
            for clause in (node.beginName, node.endName) if renamed else ():
                if clause:
                    start, end = self.texts.start(clause.name), self.texts.end(clause.name)
                    text.edits.blank(start, end)
                    text.edits.open(start, f"{block.name} ", clause)
        elif node.kind == _BLOCK:
            text.edits.open(self.texts.end(node.begin), f" : {block.name}", node)
        else:
            text.edits.open(self.texts.start(node.getFirstToken()), f"begin : {block.name} ", node)
            text.edits.close(self.texts.end(node.getLastToken()), " end", node)

    def paths(self, body: Any) -> dict[str, str]:
        """Return the path of each taken block inside ``body``, as slang has it, to the one that counts, dots behind."""
        return dict(self._paths(body, body.hierarchicalPath, "", ""))

    def _paths(self, scope: Any, base: str, path: str, chosen: str) -> Iterator[tuple[str, str]]:
        for member in scope:
            if member.kind == _K.GenerateBlockArray:
                yield from self._paths(member, base, path, chosen)
            elif member.kind == _K.GenerateBlock and member.syntax is not None and not member.isUninstantiated:
                component = _component(member, base)
                index = _INDEX.search(component)
                inner = f"{path}{component}."
                name = f"{chosen}{self._blocks[_key(member.syntax)].name}{index[0] if index else ''}."
                yield inner, name
                yield from self._paths(member, f"{base}.{component}", inner, name)


def translated(path: str, blocks: dict[str, str]) -> str:
    """Return a path inside a body with the names of its generate blocks that count."""
    fitting = max((inner for inner in blocks if path.startswith(inner)), key=len, default="")
    return blocks.get(fitting, "") + path.removeprefix(fitting)


def _component(member: Any, base: str) -> str:
    path: str = member.hierarchicalPath
    return path.removeprefix(f"{base}.")


def _key(node: Any) -> tuple[int, int]:
    location = node.getFirstToken().location
    return (location.buffer.id, location.offset)
