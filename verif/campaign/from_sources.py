"""Draft from sources in one call, as the command line does it without a model; for benchmarks and tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from verif.bench.library.select import choose_oracles
from verif.campaign.drafting import Draft, DraftRequest, draft
from verif.design.frontend import read_design
from verif.design.manifest import read_manifest
from verif.design.model import Design, SourceSet
from verif.plan.baseline import baseline_plan
from verif.plan.spec import Specification, read_specification
from verif.sim.seam import Simulator
from verif.workspace import Workspace


def baseline_request(
    design: Design, specification: Specification | None, directory: Path, *, seed: int
) -> DraftRequest:
    """Return the request for a draft without a model."""
    oracles = choose_oracles(design, specification)
    requirements = specification.requirements if specification else ()
    return DraftRequest(
        design=design,
        plan=baseline_plan(design, requirements, oracles.drivers),
        oracles=oracles,
        directory=directory,
        seed=seed,
        specification=specification,
    )


def specification_of(design: Design, given: Path | None = None) -> Specification | None:
    """Read the specification that the user names, else the one of the design.toml; None where there is none."""
    manifest = design.sources.manifest
    path = given or (read_manifest(manifest).spec if manifest else None)
    return read_specification(path) if path else None


def draft_sources(
    sources: SourceSet,
    directory: Path,
    simulators: Sequence[Simulator],
    workspace: Workspace,
    *,
    spec: Path | None = None,
    seed: int = 1,
) -> Draft:
    """Read, plan, draft and check."""
    design = read_design(sources)
    request = baseline_request(design, specification_of(design, spec), directory, seed=seed)
    return draft(request, simulators, workspace, progress=lambda text: None)
