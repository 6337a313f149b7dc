"""A bench whose simulations judge its properties: the design is compiled with them around it."""

from __future__ import annotations

import re
from dataclasses import replace

from verif.campaign.bench_harness import bench_parts
from verif.campaign.bench_properties import props_path
from verif.campaign.bench_run import BenchRun, Bound
from verif.harness.bound import bound_design
from verif.workspace import Workspace

FOLDER = "bound"
"""Folder of the modules with properties in a bench's folder of the workspace."""


def with_properties(run: BenchRun, workspace: Workspace) -> BenchRun:
    """Return ``run``; where the bench has properties that judge, so that its simulations judge them.

    They are read anew each time, so what a user changed in them counts at once. Errors as those of
    ``bench_properties``.
    """
    directory, manifest = run.directory, run.manifest
    if manifest.adopted or not props_path(directory, manifest.top).is_file():
        return run
    parts = bench_parts(run)
    bound = bound_design(parts.design, manifest.top, parts.properties, timescale=parts.timescale)
    if bound is None:
        return run
    folder = workspace.bench(directory) / FOLDER / re.sub(r"[^\w.-]", "_", run.config.name)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{bound.top}.sv"
    if not file.is_file() or file.read_text(encoding="utf-8") != bound.text:
        file.write_text(bound.text, encoding="utf-8")
    return replace(run, bound=Bound(top=bound.top, file=file))
