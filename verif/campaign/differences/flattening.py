"""Versions whose ports are structs, arrays or interfaces: each goes into a wrapper with plain ports."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256

from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.design.wrapper import flat_wrapper, wrapped_sources
from verif.workspace import Workspace

_INSIDE = "dut."
"""Begins the paths of registers in a wrapped version."""


def flattened(
    old: SourceSet, new: SourceSet, called: Mapping[str, str], workspace: Workspace
) -> tuple[SourceSet, SourceSet, dict[str, str]]:
    """Return both with plain ports, one for each field, element and signal, and what belongs together then.

    Wrappers are only made of tops that belong together. Unsupported PE123 names a port that can't be made plain.
    """
    designs = read_design(old), read_design(new)
    first, second = designs
    if called.get(first.top, first.top) != second.top:
        return old, new, dict(called)
    flat = [_flat(design, workspace) or design.sources for design in designs]
    if flat == [first.sources, second.sources]:
        return old, new, dict(called)
    inside = {f"{_INSIDE}{one}": f"{_INSIDE}{other}" for one, other in called.items() if one != first.top}
    tops = {read_design(flat[0]).top: read_design(flat[1]).top}
    return flat[0], flat[1], {**{one: other for one, other in called.items() if one != first.top}, **inside, **tops}


def _flat(design: Design, workspace: Workspace) -> SourceSet | None:
    wrapper = flat_wrapper(design)
    if wrapper is None:
        return None
    folder = workspace.builds / "wrapped" / sha256(wrapper.text.encode()).hexdigest()[:20]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{wrapper.module}.sv"
    scratch = file.with_suffix(f".tmp{os.getpid()}")
    scratch.write_text(wrapper.text, encoding="utf-8")
    scratch.replace(file)
    return wrapped_sources(design, wrapper, file)
