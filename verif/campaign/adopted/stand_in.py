"""A drafted bench that stands in for an adopted one, whose own can neither be searched nor replay a regression."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from verif.bench.folder import REGRESSIONS, bench_files
from verif.bench.library.select import choose_oracles
from verif.bench.manifest import Provenance, read_manifest
from verif.bench.render import BenchSource
from verif.bench.stored import Stored
from verif.campaign.adopted.traffic import design_of
from verif.campaign.benches.properties import props_path
from verif.campaign.benches.run import BenchRun
from verif.plan.baseline import baseline_plan
from verif.plan.spec import read_specification
from verif.sim.locks import locked
from verif.workspace import Workspace

FOLDER = "stand_in"
"""Folder of stand-ins in a bench's folder of the workspace, one for each configuration."""
SIMULATORS = ("icarus", "verilator")


def stand_in(run: BenchRun, workspace: Workspace) -> BenchRun:
    """Return ``run``; for an adopted bench a run of a bench for the same design, as it would be drafted.

    It lies in the workspace and is written anew each time; its regressions are those of the adopted bench. Its checks
    come from the protocols that are recognised and from the specification that bench.toml names, if any.
    """
    if not run.manifest.adopted:
        return run
    folder = workspace.bench(run.directory) / FOLDER / re.sub(r"[^\w.-]", "_", run.config.name)
    with locked(folder.with_suffix(".lock")):
        _write(run, folder)
    own = run.manifest
    data = tuple(str((run.directory / name).resolve()) for name in own.data)
    manifest = read_manifest(folder).model_copy(
        update={"timescale": own.timescale, "plusargs": own.plusargs, "data": data}
    )
    options = replace(run.options, configs=())
    return BenchRun(directory=folder, manifest=manifest, config=manifest.config[0], options=options)


def _write(run: BenchRun, folder: Path) -> None:
    design = design_of(replace(run, options=replace(run.options, sources=())).sources)
    spec = run.directory / run.manifest.spec if run.manifest.spec else None
    specification = read_specification(spec) if spec else None
    oracles = choose_oracles(design, specification)
    plan = baseline_plan(design, specification.requirements if specification else (), oracles.drivers)
    files = bench_files(
        BenchSource(design=design, plan=plan, oracles=oracles),
        Stored(id="recorded", inputs=(), rows=()),
        folder,
        simulators=SIMULATORS,
        spec=spec,
        provenance=Provenance(),
        compile_args=run.manifest.compile_args,
    )
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    own = props_path(run.directory, run.manifest.top)
    (folder / own.name).unlink(missing_ok=True)
    if own.is_file():
        (folder / own.name).write_text(own.read_text(encoding="utf-8"), encoding="utf-8")
    link = folder / REGRESSIONS
    if not link.is_symlink():
        link.symlink_to(run.directory / REGRESSIONS)
