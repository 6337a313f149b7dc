"""A bench whose simulations judge its properties: the design is compiled with them around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from verif.campaign.benches.harness import bench_parts
from verif.campaign.benches.properties import props_path
from verif.campaign.benches.run import BenchRun, Bound
from verif.design.model import Design
from verif.harness.assemble import has_timescale
from verif.harness.bound import BoundDesign, Vector, bound_design, covering_design
from verif.harness.monitors.properties import JudgedProperty
from verif.workspace import Workspace

FOLDER, COVERED = "bound", "covered"
"""Folders of the modules with properties in a bench's folder of the workspace."""


def with_properties(run: BenchRun, workspace: Workspace) -> BenchRun:
    """Return ``run``; where the bench has properties that judge, so that its simulations judge them.

    They are read anew each time, so what a user changed in them counts at once. Errors as those of
    ``bench_properties``.
    """
    directory, manifest = run.directory, run.manifest
    if manifest.adopted or not (run.options.properties or props_path(directory, manifest.top).is_file()):
        return run
    parts = bench_parts(run)
    bound = bound_design(parts.design, manifest.top, parts.properties, timescale=parts.timescale)
    if bound is None:
        return run
    own = props_path(directory, manifest.top).name
    files = {one.id: Path(one.prop.place.file).name for one in parts.properties}
    further = {name: file for name, file in files.items() if file != own}
    return replace(run, bound=replace(_written(bound, run, workspace, FOLDER), properties=further))


def covering(
    run: BenchRun, design: Design, properties: Sequence[JudgedProperty], points: Vector, workspace: Workspace
) -> Bound | None:
    """Return the module around ``design`` that shows ``points`` and which covers are met; None without covers."""
    made = covering_design(design, run.manifest.top, properties, points, timescale=has_timescale(design))
    return _written(made, run, workspace, COVERED) if made else None


def _written(made: BoundDesign, run: BenchRun, workspace: Workspace, folder: str) -> Bound:
    place = workspace.bench(run.directory) / folder / re.sub(r"[^\w.-]", "_", run.config.name)
    place.mkdir(parents=True, exist_ok=True)
    file = place / f"{made.top}{_label(run)}.sv"
    if not file.is_file() or file.read_text(encoding="utf-8") != made.text:
        file.write_text(made.text, encoding="utf-8")
    return Bound(top=made.top, file=file)


def _label(run: BenchRun) -> str:
    """Return what tells a bench with further properties from the bench alone."""
    return "".join(f"+{path.stem}" for path in run.options.properties)
