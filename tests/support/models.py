"""The embedded model for tests that need a real one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llm_assist.embedded import embedded
from llm_assist.pull import pull
from verif.errors import PosedgeError


def fetched(name: str) -> Path:
    """Return the model's folder, fetching it if need be; skip where that can't be done, and fail under CI."""
    try:
        return pull(embedded(name)).folder
    except PosedgeError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error.sentence} CI runs every test.")
        pytest.skip(error.sentence)
