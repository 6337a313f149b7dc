"""Keep the store of builds below a size: what was not used for longest goes first, what was used lately stays."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verif.errors import InputError
from verif.sim.builds import NOTE, lock_of
from verif.sim.locks import locked
from verif.workspace import Workspace

ENVIRONMENT = "POSEDGE_BUILDS_LIMIT"
"""Gigabytes that builds may take; 0 keeps them all."""
_DEFAULT = 4.0
_GIGABYTE = 1 << 30
KEPT_SECONDS = 3600.0
"""A build that was used so lately may be in use: another command may run it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What was taken away."""

    builds: int
    size: int
    """Bytes."""
    limit: float
    """Gigabytes."""

    @property
    def sentence(self) -> str:
        """What a user is told."""
        what = "1 old build" if self.builds == 1 else f"{self.builds} old builds"
        return (
            f"removed {what} ({self.size / _GIGABYTE:.1f} GB) to keep builds below {self.limit:g} GB; "
            f"{ENVIRONMENT} sets another limit, 0 none"
        )


@dataclass(frozen=True, slots=True)
class _Stored:
    directory: Path
    used: float
    size: int


def limit_of_builds() -> float:
    """Return the limit in gigabytes; InputError PE317 where the environment's isn't a number."""
    text = os.environ.get(ENVIRONMENT, "")
    try:
        limit = float(text) if text else _DEFAULT
    except ValueError:
        limit = -1.0
    if limit < 0:
        raise InputError("PE317", f"'{text}' is no size", where=ENVIRONMENT, allowed="gigabytes, as in 2.5; 0 for none")
    return limit


def prune(workspace: Workspace, limit: float, *, now: float | None = None) -> Pruned | None:
    """Remove builds until they take less than ``limit`` gigabytes; None where nothing had to go. 0 is no limit."""
    if not limit or not workspace.builds.is_dir():
        return None
    now = time.time() if now is None else now
    found = sorted(_stored(workspace.builds), key=lambda one: one.used)
    total = sum(one.size for one in found)
    removed: list[_Stored] = []
    for one in found:
        if total <= limit * _GIGABYTE or now - one.used < KEPT_SECONDS:
            break
        with locked(lock_of(workspace, one.directory.name)):
            shutil.rmtree(one.directory, ignore_errors=True)
            one.directory.with_suffix(".log").unlink(missing_ok=True)
        total -= one.size
        removed.append(one)
    if not removed:
        return None
    return Pruned(builds=len(removed), size=sum(one.size for one in removed), limit=limit)


def _stored(builds: Path) -> Iterator[_Stored]:
    for note in builds.glob(f"*/{NOTE}"):
        try:
            size = sum(file.stat().st_size for file in note.parent.iterdir())
            yield _Stored(note.parent, note.stat().st_mtime, size)
        except OSError:  # another command removes it just now
            continue
