"""Read FuseSoC core files (CAPI2): the files of the default target, in order.

Dependencies are followed to core files that lie below the directory of the one that was given; others are noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verif.design.source_file import HEADER_SUFFIXES, VERILOG_SUFFIXES, absolute, display, read_text
from verif.errors import InputError

_CONDITION = re.compile(r"^\s*(!?)(\w+)\s*\?\s*\((.*)\)\s*$", re.S)
_NAME = re.compile(r"^[\s<>=^~]*([^\s<>=]*)")


@dataclass(slots=True)
class CoreFiles:
    """What a core file and its dependencies name."""

    files: list[Path] = field(default_factory=list)
    include_dirs: list[Path] = field(default_factory=list)
    defines: dict[str, str] = field(default_factory=dict)
    top: str | None = None
    notes: list[str] = field(default_factory=list)


def read_core(path: Path) -> CoreFiles:
    """Read the core file at ``path``; InputError PE115 where it is not CAPI2."""
    found = CoreFiles()
    path = absolute(path)
    data = _load(path)
    _collect(path, data, found, _Neighbours(path.parent), [])
    target = _target(data)
    toplevel = target.get("toplevel")
    if isinstance(toplevel, str) and toplevel.split():
        found.top = toplevel.split()[0]
    return found


def _load(path: Path) -> dict[str, Any]:
    import yaml

    text = read_text(path)
    if not text.lstrip().startswith("CAPI=2"):
        raise InputError(
            "PE115", "the file doesn't begin with CAPI=2:", where=display(path), allowed="CAPI2 cores are read"
        )
    try:
        data = yaml.safe_load(text.split("\n", 1)[1] if "\n" in text else "")
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise InputError("PE115", f"not valid YAML: {reason}", where=display(path)) from error
    if not isinstance(data, dict):
        raise InputError("PE115", "the core holds no keys", where=display(path))
    return data


class _Neighbours:
    """Core files below a directory, found by the name that they declare."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._index: dict[str, Path] | None = None

    def find(self, dependency: str) -> Path | None:
        if self._index is None:
            self._index = {}
            for file in sorted(self._root.rglob("*.core")):
                match = re.search(r"^name\s*:\s*[\"']?([^\s\"']+)", read_text(file), re.M)
                if match:
                    self._index.setdefault(_without_version(match[1]), file)
        return self._index.get(_without_version(dependency))


def _without_version(name: str) -> str:
    """``::serv:1.2`` and ``award-winning:serv:serv:1.2-r1`` without the last part; relations are dropped."""
    match = _NAME.match(name)
    parts = (match[1] if match else name).split(":")
    if len(parts) == 4:
        parts = parts[:3]
    return ":".join(parts[-3:] if len(parts) > 1 else parts)


def _collect(path: Path, data: Mapping[str, Any], found: CoreFiles, neighbours: _Neighbours, seen: list[Path]) -> None:
    """Add the files of the core at ``path`` to ``found``, those of its dependencies first."""
    if path in seen:
        return
    seen.append(path)
    filesets = data.get("filesets") or {}
    names = _filesets(data, filesets)
    for name in names:
        for dependency in _active(_strings(filesets[name].get("depend"))):
            _follow(dependency, path, found, neighbours, seen)
    for name in names:
        for entry in filesets[name].get("files") or []:
            _add(entry, filesets[name], path.parent, found)
    for name, parameter in (data.get("parameters") or {}).items():
        if isinstance(parameter, dict) and parameter.get("paramtype") == "vlogdefine" and "default" in parameter:
            _define(name, parameter["default"], data, found)


def _define(name: str, default: object, data: Mapping[str, Any], found: CoreFiles) -> None:
    listed = [str(item).partition("=")[0] for item in _active(_strings(_target(data).get("parameters")))]
    if name in listed:
        found.defines[name] = "" if default is True else str(default)


def _follow(dependency: str, path: Path, found: CoreFiles, neighbours: _Neighbours, seen: list[Path]) -> None:
    core = neighbours.find(dependency)
    if core is None:
        found.notes.append(
            f"{display(path)}: the core {dependency.strip()} that it depends on is not below its directory"
        )
        return
    _collect(core, _load(core), found, neighbours, seen)


def _target(data: Mapping[str, Any]) -> Mapping[str, Any]:
    targets = data.get("targets") or {}
    chosen = targets.get("default") or next(
        (t for t in targets.values() if isinstance(t, dict) and "filesets" in t), {}
    )
    return chosen if isinstance(chosen, dict) else {}


def _filesets(data: Mapping[str, Any], filesets: Mapping[str, Any]) -> list[str]:
    """Return the names of the default target's filesets, or of all where no target names any."""
    listed = _active(_strings(_target(data).get("filesets"))) or list(filesets)
    return [name for name in dict.fromkeys(listed) if isinstance(filesets.get(name), dict)]


def _strings(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return [] if value is None else [str(value)]


def _active(entries: Iterable[str]) -> list[str]:
    """Resolve ``tool_x ? (a b)``: no tool and no target flag is set, so only negated conditions hold."""
    kept: list[str] = []
    for entry in entries:
        match = _CONDITION.match(entry)
        if match is None:
            kept.append(entry)
        elif match[1]:
            kept += match[3].split()
    return kept


def _add(entry: object, fileset: Mapping[str, Any], base: Path, found: CoreFiles) -> None:
    """Add one file of a fileset: a name, or a name with attributes."""
    name, attributes = next(iter(entry.items())) if isinstance(entry, dict) and entry else (entry, {})
    for text in _active([str(name)]):
        kind = str((attributes or {}).get("file_type") or fileset.get("file_type") or "")
        path = absolute(text, base)
        if (attributes or {}).get("is_include_file") or path.suffix in HEADER_SUFFIXES:
            directory = absolute(str((attributes or {}).get("include_path") or path.parent), base)
            found.include_dirs += [directory] if directory not in found.include_dirs else []
        elif "erilog" in kind or (not kind and path.suffix in VERILOG_SUFFIXES):
            found.files += [path] if path not in found.files else []
        elif kind and "vhdl" in kind.lower():
            found.notes.append(f"{display(path)}: left out, it is VHDL")
