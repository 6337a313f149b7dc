"""What goes into a build, as a digest: the text of sources and of everything that they include."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from verif.design.model import SourceSet

_INCLUDE = re.compile(rb'^[^/\n]*`include\s+(?:"([^"\n]+)"|<([^>\n]+)>|(`\w+))', re.MULTILINE)
_HEADER_SUFFIXES = (".v", ".vh", ".sv", ".svh", ".inc", ".h")


def search_path(sources: SourceSet) -> tuple[Path, ...]:
    """Return the directories searched for `include: those that were named, then those of the sources."""
    beside = (file.parent for file in sources.files)
    return tuple(dict.fromkeys((*sources.include_dirs, *beside)))


def included_files(sources: SourceSet) -> tuple[Path, ...]:
    """Return the files that the sources may include, however deep, sorted.

    Conditional compilation is not evaluated, so these are at least the files that a compiler reads. Where a macro names
    the file, every header in the search path counts.
    """
    directories = search_path(sources)
    found: set[Path] = set()
    waiting = list(sources.files)
    seen: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        new = set(_included_by(file, directories)) - found
        found |= new
        waiting.extend(new)
    return tuple(sorted(found))


def sources_digest(sources: SourceSet, *, extra: Iterable[Path] = ()) -> str:
    """Return a digest of the names and bytes of all sources and included files, of defines and of parameters."""
    digest = sha256()
    for file in (*sources.files, *included_files(sources), *extra):
        digest.update(f"{file.name}\0{file_digest(file)}\0".encode())
    for name, text in (*sorted(sources.defines.items()), ("\1", ""), *sorted(sources.parameters.items())):
        digest.update(f"{name}={text}\0".encode())
    return digest.hexdigest()


def file_digest(file: Path) -> str:
    """Return the digest of a file's bytes; an empty text where there is no such file."""
    return sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def named_files(arguments: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that compiler arguments name (``-v FILE``, ``-f FILE``) and the RTL in directories (``-y``)."""
    found: list[Path] = []
    for argument in arguments:
        path = Path(argument.removeprefix("-y").removeprefix("-v").removeprefix("-f"))
        if not path.is_absolute():
            continue
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            found.extend(_headers(path))
    return tuple(sorted(found))


def _included_by(file: Path, directories: Sequence[Path]) -> Iterator[Path]:
    for quoted, angled, macro in _INCLUDE.findall(file.read_bytes()):
        if macro:
            for directory in directories:
                yield from _headers(directory)
        else:
            name = (quoted or angled).decode(errors="replace")
            candidates = (directory / name for directory in (*directories, file.parent))
            yield from (path for path in candidates if path.is_file())


def _headers(directory: Path) -> tuple[Path, ...]:
    if not directory.is_dir():
        return ()
    return tuple(sorted(path for path in directory.iterdir() if path.suffix in _HEADER_SUFFIXES and path.is_file()))
