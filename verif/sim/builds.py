"""The store of compiled designs: one directory per digest of all that went in, made in one step, locked."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from verif.sim.content import named_files, sources_digest
from verif.sim.locks import locked
from verif.sim.seam import Build, BuildRequest
from verif.workspace import Workspace

NOTE = "posedge-build.json"
"""File that a whole build has; its time is when the build was last used."""


def build_key(request: BuildRequest, simulator: str, tools: Sequence[str]) -> str:
    """Return the name of the build's directory: simulator, top and a digest of content, options and tools."""
    facts = (
        simulator,
        request.top,
        sources_digest(request.sources, extra=named_files(request.extra_args)),
        [str(path) for path in request.sources.include_dirs],
        list(request.sources.blackboxes),
        request.coverage,
        request.wave_format if request.waves else "",
        request.timescale,
        list(request.extra_args),
        list(tools),
    )
    digest = sha256(json.dumps(facts).encode()).hexdigest()[:20]
    return f"{simulator}-{request.top}-{digest}"


def lock_of(workspace: Workspace, key: str) -> Path:
    """Return the file that is locked while the build called ``key`` is made or removed."""
    return workspace.builds / f".{key}.lock"


def build_once(
    workspace: Workspace,
    key: str,
    request: BuildRequest,
    simulator: str,
    compile_in: Callable[[Path, Path], Sequence[str]],
) -> Build:
    """Return the stored build called ``key``, or make it with ``compile_in(scratch, log) -> warnings``.

    It is made in a scratch directory that gets its name when it is whole; other builders of the same key wait. The
    compiler's log stays beside it, also where the build fails.
    """
    start = time.monotonic()
    directory = workspace.builds / key
    with locked(lock_of(workspace, key)):
        reused = (directory / NOTE).is_file()
        if reused:
            (directory / NOTE).touch()
        else:
            _make(workspace.builds, directory, compile_in)
    note = json.loads((directory / NOTE).read_text(encoding="utf-8"))
    return Build(
        simulator=simulator,
        directory=directory,
        key=key,
        top=request.top,
        reused=reused,
        seconds=time.monotonic() - start,
        warnings=tuple(note["warnings"]),
        wave_format=request.wave_format,
    )


def _make(builds: Path, directory: Path, compile_in: Callable[[Path, Path], Sequence[str]]) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=builds))
    log = directory.with_suffix(".log")
    log.unlink(missing_ok=True)
    try:
        warnings = list(compile_in(scratch, log))
        (scratch / NOTE).write_text(json.dumps({"warnings": warnings}), encoding="utf-8")
        shutil.rmtree(directory, ignore_errors=True)
        scratch.chmod(0o755)
        scratch.rename(directory)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
