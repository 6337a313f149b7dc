"""Execute a notebook as a reader would, on a bench with saved results."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient

from tests.support.command import ROOT

COVERAGE = ROOT / "notebooks" / "coverage.ipynb"
MUTATION = ROOT / "notebooks" / "mutation.ipynb"


def executed(notebook: Path, bench: Path) -> str:
    """Execute ``notebook`` on ``bench`` and return what its cells printed, and the kinds of what they showed."""
    book = nbformat.read(notebook, as_version=4)
    with patch.dict(os.environ, POSEDGE_BENCH=str(bench), PYTHONPATH=str(ROOT)):
        NotebookClient(book, timeout=120, kernel_name="python3").execute(cwd=str(bench))
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    return "\n".join(output.get("text") or "\n".join(output.get("data", {})) for output in outputs)
