"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llm_assist.permission import SWITCH
from tests.support.command import Command
from tests.support.models import fetched
from verif.workspace import ENVIRONMENT, Workspace

collect_ignore = ["golden"]
"""Rendered benches to compare with; a simulator runs their tests."""

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


@pytest.fixture(autouse=True)
def _model_requests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbid requests to real models in every test that is not marked ``model``."""
    monkeypatch.setenv(SWITCH, "1" if request.node.get_closest_marker("model") else "0")


@pytest.fixture(scope="session")
def smollm2() -> Path:
    """The folder of the embedded model; it is fetched once where the machine doesn't have it."""
    return fetched("smollm2")
