"""Versions whose ports are structs, arrays or interfaces: each goes into a wrapper with plain ports."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.design.wrapper import FlatWrapper, flat_wrapper, wrapped_sources
from verif.workspace import Workspace

_INSIDE = "dut."
"""Begins the paths of registers in a wrapped version."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flat:
    """Two versions with plain ports: one for each field, element and signal."""

    old: SourceSet
    new: SourceSet
    called: Mapping[str, str]
    """What belongs together in them."""
    unpacked: bool = False
    """Whether ports were unpacked arrays, at which Icarus shows X."""


def flattened(old: SourceSet, new: SourceSet, called: Mapping[str, str], workspace: Workspace) -> Flat:
    """Return both with plain ports; wrappers are only made of tops that belong together.

    Unsupported PE123 names a port that can't be made plain.
    """
    designs = read_design(old), read_design(new)
    first, second = designs
    if called.get(first.top, first.top) != second.top:
        return Flat(old=old, new=new, called=called)
    wrappers = [flat_wrapper(design) for design in designs]
    if wrappers == [None, None]:
        return Flat(old=old, new=new, called=called)
    flat = [_wrapped(design, wrapper, workspace) for design, wrapper in zip(designs, wrappers, strict=True)]
    inside = {f"{_INSIDE}{one}": f"{_INSIDE}{other}" for one, other in called.items() if one != first.top}
    tops = {read_design(flat[0]).top: read_design(flat[1]).top}
    ports = {one: other for one, other in called.items() if one != first.top}
    unpacked = any(wrapper.unpacked for wrapper in wrappers if wrapper)
    return Flat(old=flat[0], new=flat[1], called={**ports, **inside, **tops}, unpacked=unpacked)


def _wrapped(design: Design, wrapper: FlatWrapper | None, workspace: Workspace) -> SourceSet:
    if wrapper is None:
        return design.sources
    folder = workspace.builds / "wrapped" / sha256(wrapper.text.encode()).hexdigest()[:20]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{wrapper.module}.sv"
    scratch = file.with_suffix(f".tmp{os.getpid()}")
    scratch.write_text(wrapper.text, encoding="utf-8")
    scratch.replace(file)
    return wrapped_sources(design, wrapper, file)
