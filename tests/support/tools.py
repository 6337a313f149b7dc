"""Programs that a test needs."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def need(*names: str) -> str:
    """Return the path of the first of ``names`` that is installed; skip without it, and fail under CI."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        missing(" or ".join(names))
    return path


def package_folder(name: str) -> Path:
    """Return the folder of the package that is imported as ``name``; skip without it, and fail under CI."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        missing(name)
    return Path(found.origin).parent


def missing(what: str) -> NoReturn:
    """Skip the test since ``what`` isn't there, and fail under CI."""
    reason = f"{what} is not installed"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI runs every test")
    pytest.skip(reason)
