"""Where processes are: each one in the source, with the paths at which it occurs below the top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyslang import ast, syntax

from verif.coverage.probes.texts import Texts
from verif.design.scope import Scope, Scopes

_K = ast.SymbolKind
_INDEX = re.compile(r"\[-?\d+\]$")


@dataclass(frozen=True, slots=True)
class Place:
    """A module instance, or a generate block in one."""

    scope: Scope
    module: str
    path: str
    """Below the top, with a dot behind it; empty for the top itself."""


@dataclass(slots=True)
class Process:
    """A process in the source."""

    symbol: Any
    """slang's ProceduralBlockSymbol of one of its occurrences."""
    module: str
    paths: list[str] = field(default_factory=list)
    """Of its occurrences, each with a dot behind it."""

    @property
    def syntax(self) -> Any:
        """Its ProceduralBlockSyntax."""
        return self.symbol.syntax


@dataclass(slots=True)
class Survey:
    """All that lies below a top."""

    instances: list[Place] = field(default_factory=list)
    """Module instances, the top first."""
    processes: list[Process] = field(default_factory=list)
    """In source order."""
    unnamed: dict[int, tuple[Any, str]] = field(default_factory=dict)
    """Syntax of generate blocks without a name, with the name that the standard gives them."""
    interfaces: list[Any] = field(default_factory=list)
    """Interface instances."""


def survey(top: Any, texts: Texts) -> Survey:
    """Walk the hierarchy below ``top``."""
    walk = _Walk(texts)
    walk.instance(walk.scopes.of(top), top.definition.name, "")
    walk.found.processes = sorted(walk.processes.values(), key=lambda each: texts.rank(each.syntax.getFirstToken()))
    return walk.found


@dataclass(slots=True)
class _Walk:
    texts: Texts
    scopes: Scopes = field(default_factory=Scopes)
    found: Survey = field(default_factory=Survey)
    processes: dict[tuple[int, int], Process] = field(default_factory=dict)
    _inside: dict[Any, list[tuple[str, Any]]] = field(default_factory=dict)
    """Body to its processes, each with the generate blocks that it lies in."""

    def instance(self, scope: Scope, module: str, path: str) -> None:
        """Take an instance of a module and all below it."""
        self.found.instances.append(Place(scope, module, path))
        if scope.body not in self._inside:
            self._inside[scope.body] = list(self._members(scope.body, scope.body.hierarchicalPath, ""))
        for within, symbol in self._inside[scope.body]:
            location = symbol.syntax.getFirstToken().location
            key = (location.buffer.id, location.offset)
            process = self.processes.setdefault(key, Process(symbol, module))
            process.paths.append(path + within)
        for instance in scope.instances():
            inner = f"{path}{scope.name_of(instance)}."
            self.instance(scope.scope_of(instance), instance.definition.name, inner)

    def _members(self, body: Any, base: str, path: str) -> Iterator[tuple[str, Any]]:
        for member in body:
            if member.kind == _K.ProceduralBlock:
                yield path, member
            elif member.kind == _K.GenerateBlockArray:
                yield from self._members(member, base, path)
            elif member.kind == _K.GenerateBlock and not member.isUninstantiated:
                within = f"{member.hierarchicalPath.removeprefix(f'{base}.')}."
                self._name(member, within.removeprefix(path).removesuffix("."))
                yield from self._members(member, base, within)
            elif member.kind == _K.Instance and not member.isModule:
                self.found.interfaces.append(member)

    def _name(self, block: Any, component: str) -> None:
        """Note a generate block that has no name of its own."""
        node = block.syntax
        if node is None or (node.kind == syntax.SyntaxKind.GenerateBlock and (node.beginName or node.label)):
            return
        offset = node.getFirstToken().location.offset
        self.found.unnamed[hash((node.getFirstToken().location.buffer.id, offset))] = (
            node,
            _INDEX.sub("", component),
        )
