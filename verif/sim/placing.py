"""Changed texts of a design's files, written to the workspace in place of the originals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from verif.design.model import SourceSet
from verif.sim.content import search_path
from verif.workspace import Workspace


def placed(sources: SourceSet, texts: Mapping[Path, bytes], workspace: Workspace, name: str) -> SourceSet:
    """Write ``texts`` to a folder of the workspace's builds called ``name`` and their digest.

    Return the sources with them in the places of their originals; headers are found as before.
    """
    digest = sha256(repr(sorted(texts.items())).encode()).hexdigest()[:20]
    folder = workspace.builds / name / digest
    folder.mkdir(parents=True, exist_ok=True)
    places = {file: folder / f"{index}_{file.name}" for index, file in enumerate(sources.files) if file in texts}
    for file, place in places.items():
        put(place, texts[file])
    return replace(
        sources,
        files=_moved(sources.files, places),
        libraries=_moved(sources.libraries, places),
        include_dirs=search_path(sources),
    )


def put(file: Path, data: bytes) -> None:
    """Write ``data`` to ``file`` in one step where it doesn't hold that yet; many threads and processes may do so."""
    if file.is_file() and file.read_bytes() == data:
        return
    scratch = file.with_name(f"{file.name}.{uuid4().hex}")
    scratch.write_bytes(data)
    scratch.replace(file)


def _moved(files: Sequence[Path], places: Mapping[Path, Path]) -> tuple[Path, ...]:
    return tuple(places.get(file, file) for file in files)
