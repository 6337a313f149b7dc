"""Verilator's runtime library, compiled once per (Verilator, compiler, flags) and kept in the user's cache folder.

It is the greater part of a small design's build, and the same for every design.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from verif.sim.locks import locked
from verif.sim.toolchain import Tool

_SWITCH = re.compile(r"^(VM_\w+) = (\d)$", re.MULTILINE)
_LIST = re.compile(r"^(VM_\w+) \+= \\\n((?:  \S+ \\\n)*)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verilated:
    """What Verilator says in Vtop_classes.mk about the C++ that it generated."""

    switches: dict[str, str]
    """``VM_TIMING`` and the like to 0 or 1."""
    lists: dict[str, tuple[str, ...]]
    """``VM_GLOBAL_FAST`` and the like to file names without suffix."""

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
    """Read the Vtop_classes.mk in ``directory``."""
    text = (directory / "Vtop_classes.mk").read_text(encoding="utf-8")
    lists = {name: tuple(body.replace("\\", " ").split()) for name, body in _LIST.findall(text)}
    return Verilated(switches=dict(_SWITCH.findall(text)), lists=lists)


def cache_folder() -> Path:
    """Return the folder of prebuilt runtimes: $POSEDGE_CACHE, else posedge's folder in the user's cache folder."""
    import platformdirs

    chosen = os.environ.get("POSEDGE_CACHE")
    return Path(chosen or platformdirs.user_cache_dir("posedge")) / "verilator-runtime"


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
    place = cache / sha256("\0".join(facts).encode()).hexdigest()[:20]
    archive = place / "libverilated.a"
    place.mkdir(parents=True, exist_ok=True)
    with locked(place / "lock"):
        if not archive.is_file():
            objects = [f"{name}.o" for name in verilated.runtime]
            make(objects)
            _archive(archive, directory, objects)
    return archive


def _archive(archive: Path, directory: Path, objects: Sequence[str]) -> None:
    scratch = archive.with_suffix(".making")
    scratch.unlink(missing_ok=True)
    subprocess.run(["ar", "rcs", str(scratch), *objects], cwd=directory, check=True, capture_output=True)
    for name in objects:
        with suppress(FileNotFoundError):
            (directory / name).unlink()
    scratch.replace(archive)
