"""What a bench's own flow would have run, and the bench.toml that comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.bench.manifest import BenchManifest

Confine = Callable[[Mapping[Path, Path]], tuple[str, ...]]
"""Gives the words to put before a command so that it can read everything and write to nothing but the given folders:
each real folder (key) is seen at the place of another (value)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCall:
    """One simulation that the bench's own flow starts."""

    label: str
    """Name for the configuration: the pytest parameters, or ``default``."""
    top: str
    test_modules: tuple[str, ...]
    sources: tuple[Path, ...]
    python_path: tuple[Path, ...]
    include_dirs: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    compile_args: tuple[str, ...] = ()
    plusargs: tuple[str, ...] = ()
    timescale: str = ""
    test_filter: str = ""
    data_folder: Path | None = None
    """Where the simulation runs in its own flow, if that is a folder of the bench: it may read there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adopted:
    """A bench.toml that is to be written."""

    directory: Path
    manifest: BenchManifest
    origin: Path
    """The Makefile or Python file that it was read from."""
    notes: tuple[str, ...] = ()
    generated: Mapping[Path, bytes] = field(default_factory=dict)
    """Source files that the bench's own flow makes: path and content; they are kept beside the bench.toml."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """Compiler arguments sorted into what the manifest has words for, and the rest."""

    parameters: dict[str, str] = field(default_factory=dict)
    defines: dict[str, str] = field(default_factory=dict)
    include_dirs: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


_PARAMETER = re.compile(r"-(?:P\s*(?:\w+\.)?|G)(\w+)=(.*)", re.DOTALL)
_DEFINE = re.compile(r"(?:-D|\+define\+)(\w+)(?:=(.*))?", re.DOTALL)
_INCLUDE = re.compile(r"(?:-I|\+incdir\+)(.+)")
_TAKES_NEXT = frozenset({"-P", "-G", "-D", "-I"})
_OURS = frozenset(
    {"-g2012", "--trace", "--trace-fst", "--trace-structs", "--timing", "--coverage", "-fst", "-Wno-fatal"}
)
"""Arguments that our own builds decide about."""


def sort_arguments(arguments: Sequence[str]) -> Options:
    """Sort compiler arguments of Icarus and Verilator."""
    options = Options()
    words = iter(arguments)
    for word in words:
        text = word + next(words, "") if word in _TAKES_NEXT else word
        if word == "-s":
            next(words, None)
        elif match := _PARAMETER.fullmatch(text):
            options.parameters[match[1]] = match[2]
        elif match := _DEFINE.fullmatch(text):
            options.defines[match[1]] = match[2] or ""
        elif match := _INCLUDE.fullmatch(text):
            options.include_dirs.append(match[1])
        elif text not in _OURS:
            options.rest.append(text)
    return options
