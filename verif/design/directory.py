"""Sources of a directory: all RTL below it, packages first, each file after those that it needs.

A file is left out only for a reason, and the reason is told: it is included by another, it is a testbench (its
modules have no ports and nobody instantiates them), it defines nothing, it is VHDL, the top doesn't need it, or it
defines again what a file nearer to the directory defines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
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
_SCOPE = re.compile(r"\b(\w+)\s*::")
_WORD = re.compile(r"[A-Za-z_]\w*")
_SKIPPED_FOLDERS = ("sim_builds", "node_modules", "__pycache__", "obj_dir", "build")


@dataclass(frozen=True, slots=True)
class SourceUnit:
    """One file, as far as its text tells without a parser."""

    path: Path
    defines: frozenset[str]
    """Names of the modules, interfaces, packages and programs in it."""
    packages: frozenset[str]
    portless: frozenset[str]
    """Those of its modules that have no ports."""
    words: frozenset[str]
    """All identifiers in it."""
    scopes: frozenset[str]
    """Names in front of ``::``."""
    includes: frozenset[str]
    """File names (without folders) that it includes."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found below a directory."""

    files: tuple[Path, ...]
    include_dirs: tuple[Path, ...]
    notes: tuple[str, ...]


def scan_directory(directory: Path, top: str | None = None) -> Scan:
    """Return the sources below ``directory`` in compile order; InputError PE105 where there are none."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file() and not _hidden(path, directory))
    sources = [path for path in paths if path.suffix.lower() in VERILOG_SUFFIXES]
    if not sources:
        raise InputError(
            "PE105", _no_rtl(paths), where=display(directory), hint="name a directory with .v or .sv files"
        )
    notes = [f"{display(path)}: left out, it is VHDL" for path in paths if path.suffix.lower() in VHDL_SUFFIXES]
    units = [read_unit(path) for path in sources if _readable(path, notes)]
    include_dirs = _include_dirs(paths, units)
    kept = _without_testbenches(_with_definitions(units, notes), notes, top)
    if top is not None:
        kept = _needed(kept, top, notes)
    if not kept:
        raise InputError("PE105", "every source was left out: " + "; ".join(notes), where=display(directory))
    return Scan(tuple(unit.path for unit in in_order(kept)), include_dirs, tuple(notes))


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
        portless=frozenset(name for name in portless if not _has_port_declarations(code, name)),
        words=frozenset(_WORD.findall(code)),
        scopes=frozenset(_SCOPE.findall(code)),
        includes=includes,
    )


def in_order(units: Sequence[SourceUnit]) -> list[SourceUnit]:
    """Return ``units`` with packages before their users, then modules before those that instantiate them."""
    definer = {name: unit for unit in units for name in unit.defines}
    package_definer = {name: unit for unit in units for name in unit.packages}
    ordered: list[SourceUnit] = []
    visited: set[Path] = set()

    def visit(unit: SourceUnit, *, packages_only: bool) -> None:
        if unit.path in visited:
            return
        visited.add(unit.path)
        table = package_definer if packages_only else definer
        names = unit.scopes if packages_only else unit.words
        for name in sorted(names & table.keys()):
            visit(table[name], packages_only=packages_only or name in package_definer)
        ordered.append(unit)

    for unit in units:
        if unit.packages:
            visit(unit, packages_only=True)
    for unit in units:
        visit(unit, packages_only=False)
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
        elif not unit.defines:
            notes.append(f"{display(unit.path)}: left out, it defines no module")
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
    return bool(unit.portless) and bool(roots) and set(roots) <= unit.portless and not unit.packages


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
    kept, queue = [first], [first]
    while queue:
        unit = queue.pop()
        have = {name for other in kept for name in other.defines}
        for name in sorted(unit.words - have):
            rivals = [other for other in units if name in other.defines]
            if rivals and name not in {n for other in kept for n in other.defines}:
                chosen = min(rivals, key=lambda other: (_distance(other.path, unit.path), other.path))
                kept.append(chosen)
                queue.append(chosen)
    left = len(units) - len(kept)
    if left:
        notes.append(f"{left} file(s) left out, {top} doesn't need them")
    return [unit for unit in units if unit in kept]


def _distance(one: Path, other: Path) -> int:
    """Return how many folders lie between two files."""
    shared = sum(1 for a, b in zip(one.parts, other.parts, strict=False) if a == b)
    return len(one.parts) + len(other.parts) - 2 * shared
