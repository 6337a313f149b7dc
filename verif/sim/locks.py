"""A lock between processes, held on a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from verif.errors import InputError


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock ``file`` (made where missing); wait for whoever has it. InputError PE410 where it can't be made."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise not_writable(file.parent, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def not_writable(place: Path, error: OSError) -> InputError:
    """Return the error that tells that tool output can't be written to ``place``."""
    return InputError(
        "PE410",
        f"can't write tool output here ({error.strerror})",
        where=str(place),
        hint="set POSEDGE_BUILDS to a directory that can be written",
    )
