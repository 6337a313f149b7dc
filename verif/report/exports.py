"""Write what is known about a bench's coverage, or its testplan, in the format of another tool."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from verif.bench.manifest import find_manifest, read_manifest, source_set
from verif.coverage.formats.lcov import lcov
from verif.coverage.formats.ucis import ucis
from verif.coverage.model import Coverage
from verif.coverage.saved import as_json
from verif.coverage.waivers import of_manifest, waive
from verif.errors import InputError
from verif.plan.files import FILE_NAME, read_plan
from verif.plan.model import Testplan
from verif.plan.opentitan_plan import to_opentitan
from verif.plan.opentitan_text import opentitan_text
from verif.report.covering import coverage_of, located
from verif.workspace import Workspace

FORMATS = {
    "lcov": "LCOV tracefile: branches, states and steps by source line",
    "ucis": "UCIS XML: all points, tests and exclusions",
    "json": "the coverage object of --json",
    "hjson": "the testplan, in OpenTitan's form",
}
"""Formats and what they hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """A file that was written."""

    format: str
    file: Path
    notes: tuple[str, ...] = ()
    """What it can't say."""


def export(bench: Path, format: str, file: Path, workspace: Workspace, *, now: datetime) -> Exported:
    """Write ``file``; InputError PE606 where the bench has nothing to write, PE602 where the file can't be written."""
    directory = find_manifest(bench).parent
    notes: tuple[str, ...]
    if format == "hjson":
        text, notes = opentitan_text(to_opentitan(_plan(directory))), ("drivers and knobs are left out",)
    else:
        text, notes = _coverage_text(format, directory, workspace, now)
    _write(file, text)
    return Exported(format=format, file=file, notes=notes)


def _coverage_text(format: str, directory: Path, workspace: Workspace, now: datetime) -> tuple[str, tuple[str, ...]]:
    manifest = read_manifest(directory)
    found, trouble = coverage_of(workspace.load_results(directory), directory)
    if found is None:
        hint = f"run 'posedge close {directory}' or 'posedge run {directory} --coverage' first"
        raise InputError("PE606", "nothing is known about coverage points", where=str(directory), hint=hint)
    waived = waive(found, of_manifest(manifest), today=now.date())
    coverage = _at_home(waived.coverage, source_set(manifest, directory).files, directory)
    notes = (*trouble, *waived.notes)
    if format == "lcov":
        exported = lcov(coverage, base=directory)
        return exported.text, (*notes, *exported.notes)
    if format == "ucis":
        plan = read_plan(directory / FILE_NAME) if (directory / FILE_NAME).is_file() else None
        return ucis(coverage, top=manifest.top, written=now, plan=plan), notes
    return json.dumps(as_json(coverage), indent=1) + "\n", notes


def _at_home(coverage: Coverage, known: Sequence[Path], directory: Path) -> Coverage:
    """Name source files by where they are, as other tools look for them."""
    names = {result.point.file for result in coverage.points if result.point.file}
    places = {name: str(located(name, known, directory).resolve()) for name in names}
    return replace(
        coverage,
        points=tuple(
            replace(r, point=replace(r.point, file=places[r.point.file])) if r.point.file else r
            for r in coverage.points
        ),
    )


def _plan(directory: Path) -> Testplan:
    if not (directory / FILE_NAME).is_file():
        hint = "benches that 'posedge draft' wrote have one"
        raise InputError("PE606", f"the bench has no {FILE_NAME}", where=str(directory), hint=hint)
    return read_plan(directory / FILE_NAME)


def _write(file: Path, text: str) -> None:
    scratch = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            scratch.unlink()
        hint = "name a writable file with --export"
        raise InputError("PE602", f"it can't be written: {error.strerror}", where=str(file), hint=hint) from error
