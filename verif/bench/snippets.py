"""Take classes out of library modules as source text, with everything they need and nothing else."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_OWN_PACKAGES = ("verif", "llm_assist")


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """Python source to put into a bench."""

    imports: frozenset[tuple[str, str]]
    """Pairs of module and name for ``from module import name``; an empty name stands for ``import module``."""
    blocks: tuple[str, ...]
    """Definitions in an order in which they can be executed."""


@dataclass(slots=True)
class _Module:
    """A parsed library module: its definitions by name and its imports by local name."""

    name: str
    lines: list[str]
    definitions: dict[str, ast.stmt] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)


def excerpt(wanted: Iterable[tuple[str, str]]) -> Excerpt:
    """Return the source of the ``(module, class)`` pairs with all that they refer to.

    Definitions of ``verif`` modules are followed; imports of the standard library are kept as imports. ValueError
    where two different definitions of one name meet.
    """
    collector = _Collector()
    for module, name in wanted:
        collector.take(module, name)
    return Excerpt(imports=frozenset(collector.imports), blocks=tuple(collector.blocks.values()))


class _Collector:
    """Depth-first walk over definitions; a definition's needs are emitted before it."""

    def __init__(self) -> None:
        self.imports: set[tuple[str, str]] = set()
        self.blocks: dict[str, str] = {}
        self._origin: dict[str, str] = {}
        self._modules: dict[str, _Module] = {}

    def take(self, module_name: str, name: str) -> None:
        """Add ``name`` of the module and what it needs."""
        module = self._module(module_name)
        if name in module.imports:
            self._take_import(*module.imports[name])
            return
        text = _text(module, name)
        if name in self._origin:
            if self._origin[name] != module_name and self.blocks.get(name) != text:
                raise ValueError(f"{name} is defined differently in {self._origin[name]} and {module_name}")
            return
        self._origin[name] = module_name
        for other in _names(module.definitions[name]):
            if other != name and (other in module.definitions or other in module.imports):
                self.take(module_name, other)
        self.blocks[name] = text

    def _take_import(self, module: str, name: str) -> None:
        if name and module.partition(".")[0] in _OWN_PACKAGES:
            self.take(module, name)
        else:
            self.imports.add((module, name))

    def _module(self, name: str) -> _Module:
        if name not in self._modules:
            self._modules[name] = _parse(name)
        return self._modules[name]


def _parse(name: str) -> _Module:
    specification = importlib.util.find_spec(name)
    if specification is None or specification.origin is None:
        raise ValueError(f"no source for module {name}")
    text = Path(specification.origin).read_text(encoding="utf-8")
    module = _Module(name=name, lines=text.splitlines())
    last = ""
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            module.imports.update(_imports(statement))
            continue
        if last and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            module.ends[last] = statement.end_lineno or statement.lineno
        last = ""
        for defined in _defined(statement):
            module.definitions[defined] = statement
            module.ends[defined] = statement.end_lineno or statement.lineno
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                last = defined
    return module


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, tuple[str, str]]]:
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            yield alias.name.partition(".")[0], (alias.name, "")
        elif statement.module != "__future__":
            yield alias.name, (statement.module or "", alias.name)


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def _names(statement: ast.stmt) -> list[str]:
    """Names that ``statement`` mentions, in order, annotations in quotes included."""
    seen: dict[str, None] = {}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            seen[node.id] = None
    return list(seen)


def _text(module: _Module, name: str) -> str:
    """Return the definition with its decorators, the comment right above it and the docstring right below it."""
    if name not in module.definitions:
        raise ValueError(f"{module.name} does not define {name}")
    statement = module.definitions[name]
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first > 0 and module.lines[first - 1].startswith("#"):
        first -= 1
    return "\n".join(module.lines[first : module.ends[name]])


def render_imports(imports: Iterable[tuple[str, str]], width: int = 120) -> list[str]:
    """Return import statements in isort's order: plain imports first, then ``from`` imports by module."""
    pairs = set(imports)
    plain = sorted(module for module, name in pairs if not name)
    by_module: dict[str, list[str]] = {}
    for module, name in pairs:
        if name:
            by_module.setdefault(module, []).append(name)
    lines = [f"import {module}" for module in plain]
    for module in sorted(by_module):
        names = sorted(by_module[module], key=_isort_key)
        line = f"from {module} import {', '.join(names)}"
        if len(line) > width:
            line = f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
        lines.append(line)
    return lines


def _isort_key(name: str) -> tuple[int, str]:
    """Constants before classes before the rest, as isort orders members."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name


def join_blocks(blocks: Iterable[str]) -> str:
    """Join definitions with the blank lines that PEP 8 asks for."""
    text = ""
    previous = ""
    for block in blocks:
        if previous:
            loose = _is_definition(previous) or _is_definition(block)
            text += "\n\n\n" if loose else "\n"
        text += block
        previous = block
    return text


def _is_definition(block: str) -> bool:
    code = next(line for line in block.splitlines() if not line.startswith("#"))
    return code.startswith(("class ", "def ", "async def ", "@"))
