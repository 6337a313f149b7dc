"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.command import Command
from verif.workspace import ENVIRONMENT, Workspace

os.environ.setdefault("POSEDGE_ALLOW_MODEL_REQUESTS", "0")
"""No test reaches a real model by accident; one that means to sets it to 1."""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of the test's own; commands that the test starts use it too."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "sim_builds"))
    return Workspace.locate()


@pytest.fixture
def posedge(tmp_path: Path, workspace: Workspace) -> Command:
    """The command line as a user calls it: a process of its own, started in the test's scratch directory."""
    return Command(cwd=tmp_path)
