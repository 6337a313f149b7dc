"""Searching a bench on real RTL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.regressions import bug, drafted
from verif.campaign.searching import SearchOptions, search_bench
from verif.search.explore import Budget, Explorer
from verif.verdict import Verdict
from verif.workspace import Workspace


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    return drafted(tmp_path / "tb", "sync_fifo")


def test_a_register_without_reset_makes_every_example_start_on_a_fresh_model(fifo: Path, workspace: Workspace) -> None:
    options = SearchOptions(
        budget=Budget(examples=120),
        sources=(bug("sync_fifo", "reset_misses_rd_ptr"),),
        check="sync-fifo-model",
        replay=False,
    )
    found = search_bench(fifo, options, workspace=workspace)
    (failure,) = found.failures
    assert failure.verdict is Verdict.UNKNOWN
    assert [note for note in found.notes if note.startswith("state survives reset")] == [
        "state survives reset (rd_data differs after a reset): each example starts on a fresh model"
    ]
    assert found.verdict is Verdict.UNKNOWN


def test_an_interrupted_search_keeps_what_it_saw(fifo: Path, workspace: Workspace) -> None:
    def interrupt(explorer: Explorer | None, text: str) -> None:
        if text.startswith("shrinking"):
            raise KeyboardInterrupt

    options = SearchOptions(budget=Budget(examples=120), sources=(bug("sync_fifo", "full_one_late"),))
    found = search_bench(fifo, options, workspace=workspace, progress=interrupt)
    assert (found.interrupted, found.verdict) == (True, Verdict.UNKNOWN)
    (failure,) = found.failures
    assert failure.regression.file.is_file()
    assert failure.taken.cycles == len(failure.taken.sighting.stimulus)
