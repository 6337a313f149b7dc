"""A copy of a design's text that can be compiled beside another version of it.

Macros are expanded, includes are in place and directives are gone, so that no version changes what the other means.
All that is declared at the top level (modules, packages, interfaces, types, functions) has another name, everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyslang
from pyslang import parsing, syntax

from verif.design.elaboration import Elaborated, elaborate
from verif.design.model import Design, Instance

_S = syntax.SyntaxKind
_DESIGN_UNITS = (_S.ModuleDeclaration, _S.InterfaceDeclaration, _S.PackageDeclaration, _S.ProgramDeclaration)
_2005 = '`begin_keywords "1364-2005"\n'
_WORD = re.compile(rb"[A-Za-z_][\w$]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """The text of a design with other names."""

    files: Mapping[str, str]
    """File name to text, in compile order. A file that ends with ``.v`` may use SystemVerilog's keywords as names."""
    ending: str
    """What was put behind names."""
    names: frozenset[str]
    """The names that it was put behind, wherever they occur: ports and instances may have such a name too."""

    def renamed(self, name: str) -> str:
        """Return what the copy calls something."""
        return name + self.ending if name in self.names else name

    def path(self, path: str) -> str:
        """Return what the copy calls something below its top: names between dots, with or without an index."""
        parts = (re.match(r"([^\[]*)(.*)", part, re.DOTALL) for part in path.split("."))
        return ".".join(self.renamed(part[1]) + part[2] for part in parts if part)


def copy_of(design: Design, *, beside: Iterable[bytes], stem: str = "twin") -> Copy:
    """Return the text of ``design`` with names that do not occur in ``beside``; equal arguments give equal bytes.

    Files are called after ``stem``. Black boxes keep their names. Exceptions are those of ``elaborate``.
    """
    elaborated = elaborate(design.sources)
    older = any("read as Verilog-2005" in note for note in elaborated.notes)
    texts = _expanded(design, elaborated, older)
    trees = [_parsed(text, name, older) for name, text in texts]
    names = frozenset(name for tree in trees for member in _members(tree.root) for name in _declared(member))
    ending = _free_ending(names, [*beside, *(text.encode() for _, text in texts)], stem)
    files = {
        f"{stem}{f'_{number}' if len(texts) > 1 else ''}{suffix}": _edited(tree, text, names, ending, older)
        for number, (tree, (suffix, text)) in enumerate(zip(trees, texts, strict=True))
    }
    return Copy(files=files, ending=ending, names=names)


def _expanded(design: Design, elaborated: Elaborated, older: bool) -> list[tuple[str, str]]:
    """Return file endings and texts; without modules that are not below the top."""
    manager = elaborated.manager
    (tree, *_) = elaborated.compilation.getSyntaxTrees()
    used = set(_modules(design.hierarchy))
    kept = [m for m in _members(tree.root) if m.kind != _S.ModuleDeclaration or not used or _name_of(m) in used]
    if not older:
        return [(".sv", _printed(kept, manager))]
    return [(suffix, _printed(group, manager)) for suffix, group in groupby(kept, lambda m: _suffix(m, manager))]


def _printed(members: Iterable[Any], manager: Any) -> str:
    printer = syntax.SyntaxPrinter(manager)
    printer.setIncludeDirectives(False).setIncludeSkipped(False).setIncludeMissing(False)
    printer.setExpandMacros(True).setExpandIncludes(True)
    for member in members:
        printer.print(member)
    return str(printer.str()).strip() + "\n"


def _suffix(member: Any, manager: Any) -> str:
    """Return the ending of the file that was compiled, which may have included the one where the member stands."""
    location = manager.getFullyExpandedLoc(member.getFirstToken().location)
    while (outer := manager.getIncludedFrom(location.buffer)).buffer.id:
        location = outer
    return ".v" if Path(str(manager.getFullPath(location.buffer))).suffix.lower() == ".v" else ".sv"


def _parsed(text: str, suffix: str, older: bool) -> Any:
    marked = _2005 + text + "`end_keywords\n" if older and suffix == ".v" else text
    manager = pyslang.SourceManager()
    return syntax.SyntaxTree.fromBuffer(manager.assignText(f"copy{suffix}", marked), manager, pyslang.Bag())


def _edited(tree: Any, text: str, names: frozenset[str], ending: str, older: bool) -> str:
    """Return a text with ``ending`` behind each identifier that is one of ``names``."""
    data = tree.sourceManager.getSourceText(tree.root.getFirstToken().location.buffer).encode()
    places = sorted(_ends(tree.root, names))
    parts, at = [], 0
    for place in places:
        parts += [data[at:place], ending.encode()]
        at = place
    edited = b"".join([*parts, data[at:]]).decode().rstrip("\0")
    return edited.removeprefix(_2005).removesuffix("`end_keywords\n") if older else edited


def _ends(root: Any, names: frozenset[str]) -> Iterator[int]:
    """Yield where the identifiers end that are one of ``names``."""
    found: list[int] = []

    def look(node: Any) -> None:
        if isinstance(node, parsing.Token) and node.kind == parsing.TokenKind.Identifier and node.valueText in names:
            found.append(int(node.location.offset) + len(node.rawText.encode()))

    root.visit(look)
    yield from found


def _members(root: Any) -> list[Any]:
    return list(root.members) if root.kind == _S.CompilationUnit else [root]


def _name_of(member: Any) -> str:
    return str(member.header.name.valueText)


def _declared(member: Any) -> Iterator[str]:
    """Yield the names that a member of the top level brings into it."""
    if member.kind in _DESIGN_UNITS:
        yield _name_of(member)
    elif member.kind in (_S.UdpDeclaration, _S.TypedefDeclaration, _S.ClassDeclaration, _S.CheckerDeclaration):
        yield str(member.name.valueText)
        yield from _enumerated(getattr(member, "type", None))
    elif member.kind in (_S.FunctionDeclaration, _S.TaskDeclaration):
        yield str(member.prototype.name.getLastToken().valueText)
    elif member.kind == _S.ParameterDeclarationStatement:
        yield from (str(each.name.valueText) for each in _listed(member.parameter.declarators))
    elif member.kind in (_S.DataDeclaration, _S.NetDeclaration):
        yield from (str(each.name.valueText) for each in _listed(member.declarators))
        yield from _enumerated(member.type)


def _enumerated(kind: Any) -> Iterator[str]:
    if kind is not None and kind.kind == _S.EnumType:
        yield from (str(each.name.valueText) for each in _listed(kind.members))


def _listed(items: Any) -> list[Any]:
    """Return what stands between the commas of a list."""
    return [each for each in items if not isinstance(each, parsing.Token)]


def _modules(instance: Instance | None) -> Iterator[str]:
    if instance:
        yield instance.module
        for child in instance.children:
            yield from _modules(child)


def _free_ending(names: Iterable[str], texts: Iterable[bytes], stem: str) -> str:
    """Return an ending with which no name becomes one that is there already."""
    words = {word.decode() for text in texts for word in _WORD.findall(text)}
    number = 1
    while True:
        ending = f"_{stem}" if number == 1 else f"_{stem}{number}"
        if not any(name + ending in words for name in names):
            return ending
        number += 1
