"""Verilator's runtime library, compiled once per (Verilator, compiler, flags) and kept in the user's cache folder.

It is the greater part of a small design's build, and the same for every design.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from verif.errors import InputError
from verif.sim.locks import locked
from verif.sim.toolchain import Tool
from verif.workspace import Workspace

_SWITCH = re.compile(r"^(VM_\w+) = (\d)$", re.MULTILINE)
_ROOT = re.compile(r"^VERILATOR_ROOT = (.*)$", re.MULTILINE)
_LIST = re.compile(r"^(VM_\w+) \+= \\\n((?:  \S+ \\\n)*)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verilated:
    """What Verilator says in Vtop_classes.mk about the C++ that it generated."""

    switches: dict[str, str]
    """``VM_TIMING`` and the like to 0 or 1."""
    lists: dict[str, tuple[str, ...]]
    """``VM_GLOBAL_FAST`` and the like to file names without suffix."""
    root: Path = Path()
    """Verilator's folder: its headers and the runtime's sources are in ``include``."""

    @property
    def runtime(self) -> tuple[str, ...]:
        """The files of the runtime library that this design needs."""
        return self.lists.get("VM_GLOBAL_FAST", ()) + self.lists.get("VM_GLOBAL_SLOW", ())

    @property
    def timing(self) -> bool:
        """Whether the design has delays, so that its C++ has coroutines."""
        return self.switches.get("VM_TIMING") == "1"

    @property
    def parallel(self) -> bool:
        """Whether the design is so big that Verilator split its C++ for a parallel build."""
        return self.switches.get("VM_PARALLEL_BUILDS") == "1"


def read_classes(directory: Path) -> Verilated:
    """Read the Vtop_classes.mk and the Vtop.mk in ``directory``."""
    root = _ROOT.search((directory / "Vtop.mk").read_text(encoding="utf-8"))
    text = (directory / "Vtop_classes.mk").read_text(encoding="utf-8")
    lists = {name: tuple(body.replace("\\", " ").split()) for name, body in _LIST.findall(text)}
    return Verilated(switches=dict(_SWITCH.findall(text)), lists=lists, root=Path(root[1] if root else ""))


def cache_folder() -> Path:
    """Return the folder of prebuilt runtimes: $POSEDGE_CACHE, else posedge's folder in the user's cache folder."""
    import platformdirs

    chosen = os.environ.get("POSEDGE_CACHE")
    return Path(chosen or platformdirs.user_cache_dir("posedge")) / "verilator-runtime"


@dataclass(frozen=True, slots=True)
class RuntimeCache:
    """Where compiled things that many builds share are kept: the user's cache folder, else the workspace."""

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, workspace: Workspace) -> RuntimeCache:
        """Return the cache that builds of ``workspace`` use."""
        return cls((cache_folder(), workspace.builds / ".runtime"))

    def use(self, make: Callable[[Path], Path]) -> Path:
        """Return ``make(folder)`` for the first folder that can be written."""
        for folder in self.folders[:-1]:
            try:
                return make(folder)
            except (OSError, InputError):
                continue
        return make(self.folders[-1])


def prebuilt_runtime(
    verilated: Verilated,
    directory: Path,
    tools: Sequence[Tool],
    flags: Sequence[str],
    make: Callable[[Sequence[str]], None],
    cache: Path,
) -> Path:
    """Return the runtime as an archive; where it is missing, ``make(targets)`` compiles it in ``directory`` first.

    OSError where ``cache`` can't be written.
    """
    facts = (*(tool.identity for tool in tools), *flags, str(sorted(verilated.switches.items())), *verilated.runtime)
    objects = [f"{name}.o" for name in verilated.runtime]

    def build() -> Path:
        make(objects)
        return _archived(directory, objects)

    return kept(cache, facts, "libverilated.a", build)


def kept(cache: Path, facts: Sequence[str], name: str, build: Callable[[], Path]) -> Path:
    """Return the file ``name`` that belongs to ``facts``; where it is missing, ``build()`` makes it and it is moved in.

    OSError where ``cache`` can't be written.
    """
    place = cache / sha256("\0".join(facts).encode()).hexdigest()[:20]
    place.mkdir(parents=True, exist_ok=True)
    with locked(place / "lock"):
        if not (place / name).is_file():
            shutil.move(build(), place / f"{name}.making")
            (place / f"{name}.making").replace(place / name)
    return place / name


def _archived(directory: Path, objects: Sequence[str]) -> Path:
    archive = directory / "libverilated.making.a"
    archive.unlink(missing_ok=True)
    subprocess.run(["ar", "rcs", str(archive), *objects], cwd=directory, check=True, capture_output=True)
    for name in objects:
        with suppress(FileNotFoundError):
            (directory / name).unlink()
    return archive
