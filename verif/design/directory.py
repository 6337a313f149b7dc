"""Sources of a directory: all RTL below it; macros first, then packages, then modules from the top downwards.

Only packages need an order among themselves. Modules go from the top downwards, so that what an upper file defines
(macros, the time scale) reaches the files below it, as their authors usually expect; but a file that uses a macro which
only another file brings comes after that one.

A file is left out only for a reason, and the reason is told: it is included by another, it is a testbench (its
modules have no ports and nobody instantiates them), it defines nothing, it is VHDL, the top doesn't need it, or it
defines again what a file nearer to the directory defines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from verif.design.source_file import (
    HEADER_SUFFIXES,
    VERILOG_SUFFIXES,
    VHDL_SUFFIXES,
    check_source,
    code_of,
    display,
    read_text,
)
from verif.errors import InputError

_DEFINES = re.compile(r"\b(module|macromodule|interface|package|program|primitive)\s+(?:automatic\s+|static\s+)?(\w+)")
_NO_PORTS = re.compile(r"\bmodule\s+(?:automatic\s+|static\s+)?(\w+)\s*(?:#\s*\(.*?\)\s*)?(?:\(\s*\)\s*)?;", re.S)
_INCLUDE = re.compile(r'`include\s+"([^"\n]+)"')
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
_MACRO = re.compile(r"`define\s+(\w+)")
_USE = re.compile(r"`(\w+)")
_SCOPE = re.compile(r"\b(\w+)\s*::")
_WORD = re.compile(r"[A-Za-z_]\w*")
_SKIPPED_FOLDERS = (
    "sim_builds",
    "sim_build",
    "obj_dir",
    "build",
    "node_modules",
    "__pycache__",
    "site-packages",
    "venv",
)


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """One file, as far as its text tells without a parser."""

    path: Path
    defines: frozenset[str]
    """Names of the modules, interfaces, packages and programs in it."""
    packages: frozenset[str]
    modules: frozenset[str]
    portless: frozenset[str]
    """Those of its modules that have no ports."""
    words: frozenset[str]
    """All identifiers in it."""
    scopes: frozenset[str]
    """Names in front of ``::``."""
    includes: frozenset[str]
    """File names (without folders) that it includes."""
    macros: frozenset[str]
    """Macros that it defines, directly or through files that it includes."""
    uses: frozenset[str]
    """Names behind a back-tick."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found below a directory."""

    files: tuple[Path, ...]
    include_dirs: tuple[Path, ...]
    notes: tuple[str, ...]


class SourcePool:
    """The RTL below a directory, read once; asked for the sources of one top or of all."""

    def __init__(self, directory: Path) -> None:
        """Read every source; InputError PE105 where there are none."""
        self._directory = directory
        paths = sorted(path for path in directory.rglob("*") if path.is_file() and not _hidden(path, directory))
        sources = [path for path in paths if path.suffix.lower() in VERILOG_SUFFIXES]
        if not sources:
            hint = "name a directory with .v or .sv files"
            raise InputError("PE105", _no_rtl(paths), where=display(directory), hint=hint)
        self._notes = [f"{display(p)}: left out, it is VHDL" for p in paths if p.suffix.lower() in VHDL_SUFFIXES]
        units = [read_unit(path) for path in sources if _readable(path, self._notes)]
        headers = [read_unit(path) for path in paths if path.suffix.lower() in HEADER_SUFFIXES]
        units = _with_included_macros(units, headers)
        self._include_dirs = _include_dirs(paths, units)
        self._units = _with_definitions(units, self._notes)

    @property
    def units(self) -> tuple[SourceUnit, ...]:
        """The files that define something."""
        return tuple(self._units)

    def scan(self, top: str | None = None) -> Scan:
        """Return the sources that ``top`` needs, or all, in compile order; InputError PE105 where none is left."""
        notes = list(self._notes)
        kept = _without_testbenches(self._units, notes, top)
        if top is not None:
            kept = _needed(kept, top, notes)
        if not kept:
            what = "every source was left out: " + "; ".join(notes)
            raise InputError("PE105", what, where=display(self._directory))
        return Scan(tuple(unit.path for unit in in_order(kept)), self._include_dirs, tuple(notes))


def scan_directory(directory: Path, top: str | None = None) -> Scan:
    """Return the sources below ``directory`` in compile order; InputError PE105 where there are none."""
    return SourcePool(directory).scan(top)


def read_unit(path: Path) -> SourceUnit:
    """Read the names out of the file at ``path``."""
    text = read_text(path)
    code = code_of(text)
    found = _DEFINES.findall(code)
    portless = frozenset(_NO_PORTS.findall(code))
    includes = frozenset(Path(name).name for name in _INCLUDE.findall(_COMMENT.sub(" ", text)))
    return SourceUnit(
        path=path,
        defines=frozenset(name for _, name in found),
        packages=frozenset(name for kind, name in found if kind == "package"),
        modules=frozenset(name for kind, name in found if kind in ("module", "macromodule")),
        portless=frozenset(name for name in portless if not _has_port_declarations(code, name)),
        words=frozenset(_WORD.findall(code)),
        scopes=frozenset(_SCOPE.findall(code)),
        includes=includes,
        macros=frozenset(_MACRO.findall(code)),
        uses=frozenset(_USE.findall(code)),
    )


def in_order(units: Sequence[SourceUnit]) -> list[SourceUnit]:
    """Return ``units``: bare macros, packages before their users, then modules before those that they instantiate."""
    macros = [unit for unit in units if not unit.defines]
    packages = [unit for unit in units if unit.packages]
    others = [unit for unit in units if unit.defines and not unit.packages]
    modules = _sorted(others, lambda unit: unit.words, lambda unit: unit.defines)[::-1]
    modules = _sorted(modules, lambda unit: unit.uses - unit.macros, lambda unit: unit.macros)
    return [*macros, *_sorted(packages, lambda unit: unit.scopes, lambda unit: unit.packages), *modules]


_Names = Callable[[SourceUnit], frozenset[str]]


def _sorted(units: Sequence[SourceUnit], needs: _Names, brings: _Names) -> list[SourceUnit]:
    """Return ``units`` each after those that bring what it needs, otherwise in the given order."""
    definer: dict[str, SourceUnit] = {}
    for unit in units:
        for name in brings(unit):
            definer.setdefault(name, unit)
    ordered: list[SourceUnit] = []
    visited: set[Path] = set()

    def visit(unit: SourceUnit) -> None:
        if unit.path not in visited:
            visited.add(unit.path)
            for name in sorted(needs(unit) & definer.keys()):
                visit(definer[name])
            ordered.append(unit)

    for unit in units:
        visit(unit)
    return ordered


def users_of(units: Iterable[SourceUnit], name: str) -> list[SourceUnit]:
    """Return the units that mention ``name`` and don't define it."""
    return [unit for unit in units if name in unit.words and name not in unit.defines]


def _hidden(path: Path, directory: Path) -> bool:
    parts = path.relative_to(directory).parts[:-1]
    return any(part.startswith(".") or part in _SKIPPED_FOLDERS for part in parts) or path.name.startswith(".")


def _no_rtl(paths: Collection[Path]) -> str:
    vhdl = sum(path.suffix.lower() in VHDL_SUFFIXES for path in paths)
    if vhdl:
        return f"the directory holds VHDL ({vhdl} files) and no Verilog"
    return "the directory holds no Verilog or SystemVerilog"


def _with_included_macros(units: Sequence[SourceUnit], headers: Sequence[SourceUnit]) -> list[SourceUnit]:
    """Give each unit the macros of the files that it includes, and of those that they include."""
    by_name = {unit.path.name: unit for unit in (*headers, *units)}

    def macros(unit: SourceUnit, seen: frozenset[str]) -> frozenset[str]:
        found = unit.macros
        for name in (unit.includes & by_name.keys()) - seen:
            found |= macros(by_name[name], seen | unit.includes)
        return found

    return [replace(unit, macros=macros(unit, frozenset())) for unit in units]


def _readable(path: Path, notes: list[str]) -> bool:
    try:
        check_source(path)
    except InputError as error:
        notes.append(f"{display(path)}: left out, {error.what}")
        return False
    return True


def _include_dirs(paths: Iterable[Path], units: Iterable[SourceUnit]) -> tuple[Path, ...]:
    included = {name for unit in units for name in unit.includes}
    wanted = [path.parent for path in paths if path.name in included or path.suffix in HEADER_SUFFIXES]
    return tuple(dict.fromkeys(wanted))


def _with_definitions(units: Sequence[SourceUnit], notes: list[str]) -> list[SourceUnit]:
    """Drop what others include and what defines nothing."""
    included = {name for unit in units for name in unit.includes}
    kept = []
    for unit in units:
        if unit.path.name in included:
            notes.append(f"{display(unit.path)}: left out, another file includes it")
        elif not unit.defines and not unit.macros:
            notes.append(f"{display(unit.path)}: left out, it defines nothing")
        else:
            kept.append(unit)
    return kept


def _without_testbenches(units: Sequence[SourceUnit], notes: list[str], top: str | None) -> list[SourceUnit]:
    """Drop files all of whose modules are without ports and without users, unless that would leave none."""
    benches = [unit for unit in units if _is_testbench(unit, units) and top not in unit.defines]
    if len(benches) == len(units):
        return list(units)
    for unit in benches:
        names = ", ".join(sorted(unit.portless))
        notes.append(f"{display(unit.path)}: left out, {names} has no ports and no user: a testbench")
    return [unit for unit in units if unit not in benches]


def _is_testbench(unit: SourceUnit, units: Sequence[SourceUnit]) -> bool:
    roots = [name for name in unit.defines if not users_of(units, name)]
    return bool(roots) and set(roots) <= unit.portless and not unit.packages


def _has_port_declarations(code: str, name: str) -> bool:
    """Whether module ``name``, whose header lists no ports, declares some all the same (a mere typing error)."""
    body = re.search(rf"\bmodule\s+{name}\b(.*?)\bendmodule\b", code, re.S)
    return bool(body and re.search(r"^\s*(input|output|inout)\b", _FUNCTIONS.sub(" ", body[1]), re.M))


_FUNCTIONS = re.compile(r"\b(function|task)\b.*?\bend\1\b", re.S)


def _needed(units: Sequence[SourceUnit], top: str, notes: list[str]) -> list[SourceUnit]:
    """Keep what ``top`` needs; of two files that define the same name, the one nearest to the file that needs it."""
    start = [unit for unit in units if top in unit.defines]
    if not start:
        return list(units)
    first = min(start, key=lambda unit: (len(unit.path.parts), unit.path))
    kept, queue = [first], [first, *(unit for unit in units if not unit.defines)]
    while queue:
        unit = queue.pop()
        have = {name for other in kept for name in other.defines}
        for name in sorted(unit.words - have):
            rivals = [other for other in units if name in other.defines]
            if rivals and name not in {n for other in kept for n in other.defines}:
                chosen = min(rivals, key=lambda other: (_distance(other.path, unit.path), other.path))
                kept.append(chosen)
                queue.append(chosen)
    kept += [unit for unit in units if not unit.defines]
    left = len(units) - len(kept)
    if left:
        notes.append(f"{left} file(s) left out, {top} doesn't need them")
    return [unit for unit in units if unit in kept]


def _distance(one: Path, other: Path) -> int:
    """Return how many folders lie between two files."""
    shared = sum(1 for a, b in zip(one.parts, other.parts, strict=False) if a == b)
    return len(one.parts) + len(other.parts) - 2 * shared
