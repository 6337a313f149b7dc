"""Every notebook runs from top to bottom on real results, and leaves none of its own in the repository."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.support import reports
from tests.support.command import ROOT
from verif.workspace import Workspace

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def executed(notebook: Path, bench: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Execute ``notebook`` on ``bench`` and return all that its cells printed and showed, by kind and text."""
    monkeypatch.setenv("POSEDGE_BENCH", str(bench))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    book = nbformat.read(notebook, as_version=4)
    NotebookClient(book, timeout=120, kernel_name="python3").execute(cwd=str(bench))
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    return "\n".join(output.get("text") or "\n".join(output.get("data", {})) for output in outputs)


def test_there_are_notebooks() -> None:
    assert [notebook.name for notebook in NOTEBOOKS] == ["coverage.ipynb"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_kept_without_outputs(notebook: Path) -> None:
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_coverage_notebook_plots_tests_bins_and_oracles(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = reports.run(reports.test_run(), reports.test_run("test_recorded"), coverage=reports.COVERAGE)
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, draft=reports.draft(), run=run)
    shown = executed(NOTEBOOKS[0], bench, monkeypatch)
    assert "requirements checked 2/3" in shown
    assert "functional bins 4/5" in shown
    assert shown.count("image/png") == 3


def test_coverage_notebook_says_what_is_missing(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = reports.bench(tmp_path / "tb" / "sync_fifo", workspace, run=reports.run())
    shown = executed(NOTEBOOKS[0], bench, monkeypatch)
    assert "no functional coverage was sampled" in shown
    assert "no oracle judged a test whose bins are known" in shown


def test_a_notebook_that_breaks_is_seen(tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CellExecutionError, match="nothing to report"):
        executed(NOTEBOOKS[0], reports.bench(tmp_path / "tb" / "sync_fifo", workspace), monkeypatch)
