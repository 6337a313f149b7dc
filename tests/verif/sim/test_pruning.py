"""The store of builds stays below a size: the longest unused go, those used lately stay."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.benches import PASSING, bench
from tests.support.command import Command
from verif.errors import InputError
from verif.sim.builds import NOTE
from verif.sim.pruning import ENVIRONMENT, KEPT_SECONDS, limit_of_builds, prune
from verif.workspace import Workspace

NOW = 2_000_000_000.0
KILOBYTE = 1 << 10
LIMIT = 2.5 * KILOBYTE / (1 << 30)
"""Two builds of a kilobyte fit."""


def stored(workspace: Workspace, name: str, *, unused: float) -> Path:
    folder = workspace.builds / name
    folder.mkdir(parents=True)
    (folder / "model").write_bytes(bytes(KILOBYTE - 2))
    (folder / NOTE).write_text("{}")
    os.utime(folder / NOTE, (NOW - unused, NOW - unused))
    folder.with_suffix(".log").write_text("said")
    return folder


def names(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.builds.iterdir() if path.is_dir()}


def test_longest_unused_builds_go_until_the_rest_fits(workspace: Workspace) -> None:
    for name, hours in {"new": 2, "old": 30, "older": 40, "middle": 20}.items():
        stored(workspace, name, unused=hours * 3600)
    done = prune(workspace, LIMIT, now=NOW)
    assert done is not None
    assert (done.builds, done.size) == (2, 2 * KILOBYTE)
    assert names(workspace) == {"new", "middle"}
    assert {file.name for file in workspace.builds.glob("*.log")} == {"new.log", "middle.log"}


def test_build_that_may_be_in_use_stays(workspace: Workspace) -> None:
    for number in range(4):
        stored(workspace, f"build{number}", unused=KEPT_SECONDS / 2)
    assert prune(workspace, LIMIT, now=NOW) is None
    assert len(names(workspace)) == 4


def test_builds_that_fit_and_builds_without_a_limit_stay(workspace: Workspace) -> None:
    for number in range(4):
        stored(workspace, f"build{number}", unused=86400)
    assert prune(workspace, 1.0, now=NOW) is None
    assert prune(workspace, 0.0, now=NOW) is None
    assert prune(Workspace(workspace.root / "nowhere"), LIMIT, now=NOW) is None


def test_what_is_no_whole_build_is_left_alone(workspace: Workspace) -> None:
    (workspace.builds / ".making-x").mkdir(parents=True)
    (workspace.builds / ".making-x" / "model").write_bytes(bytes(9 * KILOBYTE))
    stored(workspace, "old", unused=86400)
    assert prune(workspace, LIMIT, now=NOW) is None
    assert names(workspace) == {".making-x", "old"}


def test_user_is_told_what_went_and_how_to_change_the_limit(
    posedge: Command, workspace: Workspace, tmp_path: Path
) -> None:
    folder = bench(tmp_path / "bench", PASSING)
    stored(workspace, "old", unused=NOW - 10)  # in 1970
    told = posedge("run", folder, env={ENVIRONMENT: "0.0000001"})
    assert told.code == 0
    assert told.err == (
        "note: removed 1 old build (0.0 GB) to keep builds below 1e-07 GB; POSEDGE_BUILDS_LIMIT sets another limit, "
        "0 none\n"
    )
    assert "old" not in names(workspace)


def test_wrong_limit_is_told_and_the_result_stands(posedge: Command, tmp_path: Path) -> None:
    told = posedge("run", bench(tmp_path / "bench", PASSING), "--json", env={ENVIRONMENT: "much"})
    assert (told.code, told.json["verdict"]) == (0, "PASS")
    assert told.err.startswith("note: POSEDGE_BUILDS_LIMIT: 'much' is no size")


def test_reuse_counts_as_use(posedge: Command, workspace: Workspace, tmp_path: Path) -> None:
    folder = bench(tmp_path / "bench", PASSING)
    assert posedge("run", folder).code == 0
    (note,) = workspace.builds.glob(f"*/{NOTE}")
    os.utime(note, (10, 10))
    assert posedge("run", folder, env={ENVIRONMENT: "0.0000001"}).err == ""
    assert note.is_file()


@pytest.mark.parametrize("text", ["much", "-1"])
def test_limit_that_is_no_size_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(ENVIRONMENT, text)
    with pytest.raises(InputError) as error:
        limit_of_builds()
    assert error.value.sentence == f"POSEDGE_BUILDS_LIMIT: '{text}' is no size; gigabytes, as in 2.5; 0 for none."
