"""Where processes are: each one in the source, with the paths at which it occurs below the top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyslang import ast

from verif.coverage.probes.generate import GenerateBlocks, translated
from verif.design.scope import Scope, Scopes
from verif.design.texts import Texts

_K = ast.SymbolKind


@dataclass(frozen=True, slots=True)
class Place:
    """A module instance."""

    scope: Scope
    module: str
    path: str
    """Below the top, as the design has it, with a dot behind it; empty for the top itself."""
    reached: str
    """The same as it is written in the instrumented top."""
    blocks: dict[str, str]
    """Path of each generate block inside, to how that is written."""

    def within(self, symbol: Any) -> str | None:
        """Return the path of ``symbol`` inside the instance; None where it lies elsewhere."""
        path, base = str(symbol.hierarchicalPath), f"{self.scope.body.hierarchicalPath}."
        return path.removeprefix(base) if path.startswith(base) else None

    def reference(self, symbol: Any) -> str | None:
        """Return how the instrumented top refers to ``symbol``; None where it lies elsewhere."""
        within = self.within(symbol)
        return None if within is None else self.reached + translated(within, self.blocks)


@dataclass(slots=True)
class Process:
    """A process in the source."""

    symbol: Any
    """slang's ProceduralBlockSymbol of one of its occurrences."""
    module: str
    paths: list[str] = field(default_factory=list)
    """Of its occurrences, as the instrumented top writes them, each with a dot behind it."""

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
    interfaces: list[Any] = field(default_factory=list)
    """Interface instances."""


def survey(top: Any, texts: Texts, prefix: str) -> Survey:
    """Walk the hierarchy below ``top``; generate blocks are named in the sources where they must be."""
    scopes = Scopes()
    generated = GenerateBlocks(texts, prefix)
    for body in _bodies(scopes.of(top), {}):
        generated.add(body)
    generated.settle()
    walk = _Walk(generated)
    walk.instance(scopes.of(top), top.definition.name, "", "")
    walk.found.processes = sorted(walk.processes.values(), key=lambda each: texts.rank(each.syntax.getFirstToken()))
    return walk.found


def _bodies(scope: Scope, seen: dict[Any, None]) -> dict[Any, None]:
    """Return all module bodies from ``scope`` on, each once."""
    if scope.body not in seen:
        seen[scope.body] = None
        for instance in scope.instances():
            _bodies(scope.scope_of(instance), seen)
    return seen


@dataclass(slots=True)
class _Walk:
    generated: GenerateBlocks
    found: Survey = field(default_factory=Survey)
    processes: dict[tuple[int, int], Process] = field(default_factory=dict)
    _known: dict[Any, tuple[dict[str, str], list[tuple[str, Any]]]] = field(default_factory=dict)
    """Body to its generate blocks, and to its processes, each with the path of its block."""

    def instance(self, scope: Scope, module: str, path: str, reached: str) -> None:
        """Take an instance of a module and all below it."""
        if scope.body not in self._known:
            base = scope.body.hierarchicalPath
            self._known[scope.body] = (self.generated.paths(scope.body), list(self._members(scope.body, base, "")))
        blocks, processes = self._known[scope.body]
        self.found.instances.append(Place(scope, module, path, reached, blocks))
        for within, symbol in processes:
            location = symbol.syntax.getFirstToken().location
            process = self.processes.setdefault((location.buffer.id, location.offset), Process(symbol, module))
            process.paths.append(reached + blocks.get(within, within))
        for instance in scope.instances():
            name = scope.name_of(instance)
            inner = f"{reached}{translated(name, blocks)}."
            self.instance(scope.scope_of(instance), instance.definition.name, f"{path}{name}.", inner)

    def _members(self, body: Any, base: str, path: str) -> Iterator[tuple[str, Any]]:
        """Yield processes, and the path of the generate block that each lies in."""
        for member in body:
            if member.kind == _K.ProceduralBlock:
                yield path, member
            elif member.kind == _K.GenerateBlockArray:
                yield from self._members(member, base, path)
            elif member.kind == _K.GenerateBlock and not member.isUninstantiated:
                within = f"{member.hierarchicalPath.removeprefix(f'{base}.')}."
                yield from self._members(member, base, within)
            elif member.kind == _K.Instance and not member.isModule:
                self.found.interfaces.append(member)
