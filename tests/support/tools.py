"""Programs that a test needs."""

from __future__ import annotations

import os
import shutil

import pytest


def need(*names: str) -> str:
    """Return the path of the first of ``names`` that is installed; skip without it, and fail under CI."""
    for name in names:
        if path := shutil.which(name):
            return path
    reason = f"{' or '.join(names)} is not installed"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI runs every test")
    pytest.skip(reason)
