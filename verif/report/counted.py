"""Add what Verilator counted in somebody else's simulation to the coverage points of a bench."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from verif.coverage.formats.verilator import taken
from verif.coverage.merge import merge
from verif.coverage.saved import as_json
from verif.coverage.verilator_dat import read_coverage
from verif.errors import InputError
from verif.report.covering import coverage_of


def with_counted(
    results: Mapping[str, Any], directory: Path, files: Sequence[Path]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return ``results`` with the hits that Verilator's own counters in ``files`` add to known points, and notes.

    InputError PE606 where no points are known, PE320 where a file isn't Verilator's, PE895 where a hit contradicts a
    proof.
    """
    coverage, _ = coverage_of(results, directory)
    if coverage is None:
        hint = f"run 'posedge close {directory}' or 'posedge run {directory} --coverage' first"
        what = "nothing is known about coverage points, so there is nothing to add hits to"
        raise InputError("PE606", what, where=str(directory), hint=hint)
    notes = []
    for file in files:
        found = taken(read_coverage([_readable(file)]), coverage, file.name)
        coverage = merge([coverage, found.coverage])
        hits = len(found.coverage.points)
        notes.append(f"{file.name} hits {hits} known points; {found.left} of its branch counters stand at none")
    close = {**results.get("close", {}), **as_json(coverage)}
    return {**results, "close": close, **_run(results)}, tuple(notes)


def _run(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return the run without its points, which are merged already."""
    run = results.get("run", {})
    return {"run": {**run, "coverage": {**run["coverage"], "points": None}}} if run.get("coverage") else {}


def _readable(file: Path) -> Path:
    if not file.is_file():
        raise InputError("PE320", "no such coverage file", where=str(file), hint="name a coverage.dat of Verilator")
    return file
