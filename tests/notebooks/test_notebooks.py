"""Every notebook runs from top to bottom on real results, and leaves none of its own in the repository."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from tests.support import reports
from tests.support.command import ROOT
from tests.support.mutants import saved
from tests.support.notebooks import COVERAGE, MUTATION, executed
from verif.workspace import Workspace

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert {COVERAGE, MUTATION} <= set(NOTEBOOKS)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(notebook: Path) -> None:
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_coverage_notebook_plots_tests_bins_and_oracles(tmp_path: Path, workspace: Workspace) -> None:
    run = reports.run(reports.test_run(), reports.test_run("test_recorded"), coverage=reports.COVERAGE)
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, draft=reports.draft(), run=run)
    shown = executed(COVERAGE, bench)
    assert "requirements checked 2/3" in shown
    assert "functional bins 4/5" in shown
    assert shown.count("image/png") == 3


def test_coverage_notebook_shows_points_holes_curve_and_ranking(tmp_path: Path, workspace: Workspace) -> None:
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, close=reports.close())
    shown = executed(COVERAGE, bench)
    assert "2 hit, 1 unreachable, 1 unknown of 4 points" in shown
    assert "solver closed 2, random closed 1" in shown
    assert "1 test of 2 keep all 2 points" in shown
    assert shown.count("image/png") == 2


def test_coverage_notebook_says_what_is_missing(tmp_path: Path, workspace: Workspace) -> None:
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, run=reports.run())
    shown = executed(COVERAGE, bench)
    assert "no functional coverage was sampled" in shown
    assert "no coverage points were collected" in shown
    assert "no closure has left a curve" in shown
    assert "it isn't known which test hits which point" in shown
    assert "no oracle judged a test whose bins are known" in shown


def test_mutation_notebook_shows_score_operators_and_survivors(tmp_path: Path, workspace: Workspace) -> None:
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, mutate=saved())
    shown = executed(MUTATION, bench)
    assert "mutation score 50.0 to 66.7 % (2/4); with RECORDED 75.0 to 100.0 % (3/4)" in shown
    assert shown.count("image/png") == 1


def test_mutation_notebook_says_what_is_missing(tmp_path: Path, workspace: Workspace) -> None:
    shown = executed(MUTATION, reports.bench(tmp_path / "tb" / "sync_fifo", workspace, run=reports.run()))
    assert "no mutation score was measured" in shown
    assert "there is no operator to show" in shown


def test_a_notebook_that_breaks_is_seen(tmp_path: Path, workspace: Workspace) -> None:
    with pytest.raises(CellExecutionError, match="nothing to report"):
        executed(COVERAGE, reports.bench(tmp_path / "tb" / "sync_fifo", workspace))
