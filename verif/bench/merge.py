"""Write a bench, or merge a new draft into one that was edited: three ways, against ``.posedge/base/``.

What the user changed stays, what the new draft changes arrives. All or nothing: everything is prepared in a scratch
folder beside the bench; with a conflict nothing of the user's is touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from verif.errors import InputError, ToolError

BASE = Path(".posedge") / "base"
_OURS = ("recorded.json", "regressions/")
"""Beginnings of the paths of data that nobody edits: the new draft's version wins, and nothing is removed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A place where the user and the new draft changed the same lines."""

    file: str
    line: int
    """Line in the merged text where the conflict starts."""
    text: str
    """The merged text's lines of the conflict, markers included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """The texts that a redraft leads to."""

    files: Mapping[str, str]
    """Path relative to the bench to text: what will lie in the bench."""
    conflicts: tuple[Conflict, ...]
    edited: tuple[str, ...]
    """Files that hold edits of the user."""
    removed: tuple[str, ...] = ()
    """Files of the last draft that the new one no longer has and the user has not touched."""


def merge_draft(directory: Path, draft: Mapping[str, str]) -> Merge:
    """Merge ``draft`` with what lies in ``directory``; a directory that isn't there takes the draft as it is."""
    base = _read_tree(directory / BASE)
    files: dict[str, str] = {}
    conflicts: list[Conflict] = []
    edited: list[str] = []
    for name, new in draft.items():
        mine = _read(directory / name)
        old = base.get(name)
        if mine is None or mine in (new, old) or name.startswith(_OURS):
            deleted = mine is None and old is not None and old == new
            files |= {} if deleted else {name: new}
            edited += [name] if deleted else []
            continue
        edited.append(name)
        files[name], clashes = _three_way(name, mine, old or "", new)
        conflicts += clashes
    gone = (name for name in base if name not in draft and not name.startswith(_OURS))
    removed = tuple(name for name in gone if _read(directory / name) == base[name])
    return Merge(files=files, conflicts=tuple(conflicts), edited=tuple(edited), removed=removed)


def write_bench(directory: Path, draft: Mapping[str, str], merged: Merge) -> None:
    """Write ``merged`` into ``directory`` and keep ``draft`` as the base of the next merge, in one step.

    InputError PE410 where the directory can't be written; then nothing has changed.
    """
    if merged.conflicts:
        raise ValueError("a merge with conflicts is not written")
    with _writable(directory):
        directory.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        try:
            new = scratch / "new"
            if directory.exists():
                shutil.copytree(directory, new, symlinks=True)
            _put(new, merged.files)
            for name in merged.removed:
                (new / name).unlink(missing_ok=True)
            shutil.rmtree(new / BASE, ignore_errors=True)
            _put(new / BASE, draft)
            _swap(new, directory, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def check_writable(directory: Path) -> None:
    """Raise InputError PE410 where a bench can't be written to ``directory``; leaves nothing behind."""
    place = directory
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise _not_writable(directory, f"{place} is a file")
    with _writable(directory):
        for folder in {place, directory.parent if directory.exists() else place}:
            with tempfile.TemporaryDirectory(prefix=".posedge-", dir=folder):
                pass


def _swap(new: Path, directory: Path, scratch: Path) -> None:
    """Put ``new`` in the place of ``directory``; the old one comes back where that fails."""
    if not directory.exists():
        new.chmod(0o755)
        new.rename(directory)
        return
    new.chmod(directory.stat().st_mode)
    old = scratch / "old"
    directory.rename(old)
    try:
        new.rename(directory)
    except OSError:
        old.rename(directory)
        raise


def _three_way(name: str, mine: str, old: str, new: str) -> tuple[str, list[Conflict]]:
    with tempfile.TemporaryDirectory() as folder:
        for label, text in (("mine", mine), ("old", old), ("new", new)):
            (Path(folder) / label).write_text(text, encoding="utf-8")
        labels = [word for label in (f"yours: {name}", "last draft", "new draft") for word in ("-L", label)]
        try:
            done = subprocess.run(
                ["git", "merge-file", "-p", *labels, "mine", "old", "new"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError as error:
            raise ToolError(
                "PE432", "git is needed to merge a new draft with your edits", hint="install git"
            ) from error
    if not 0 <= done.returncode < 128:
        raise ToolError("PE432", f"git merge-file failed: {done.stderr.strip()}", where=name)
    return done.stdout, list(_conflicts(name, done.stdout)) if done.returncode else []


def _conflicts(name: str, text: str) -> Iterator[Conflict]:
    lines = text.splitlines()
    start = 0
    for number, line in enumerate(lines, start=1):
        if line.startswith("<<<<<<< "):
            start = number
        elif line.startswith(">>>>>>> ") and start:
            yield Conflict(file=name, line=start, text="\n".join(lines[start - 1 : number]))
            start = 0


def _put(directory: Path, files: Mapping[str, str]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _read_tree(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}


@contextmanager
def _writable(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _not_writable(directory, error.strerror or str(error)) from error


def _not_writable(directory: Path, why: str) -> InputError:
    return InputError(
        "PE410", f"a bench can't be written here ({why})", where=str(directory), hint="choose another with --out"
    )
