"""From sources to a draft request, and to a draft: what the command line and the benchmarks share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from verif.bench.library.select import choose_oracles
from verif.campaign.drafts.contest import Rival
from verif.campaign.drafts.drafting import Draft, DraftRequest, draft, with_points
from verif.design.frontend import read_design
from verif.design.manifest import read_manifest
from verif.design.model import Design, SourceSet
from verif.plan.baseline import baseline_plan
from verif.plan.model import Testpoint
from verif.plan.randomised import random_points
from verif.plan.spec import Specification, read_specification
from verif.sim.seam import Simulator
from verif.workspace import Workspace


def baseline_request(
    design: Design,
    specification: Specification | None,
    directory: Path,
    workspace: Workspace,
    *,
    seed: int,
    wanted: Specification | None = None,
) -> DraftRequest:
    """Return the request for a draft without a model; a top with ports that aren't flat is wrapped first.

    ``wanted`` is the specification with what else is required of the design.
    """
    flat, wrapper = flattened(design, workspace.bench(directory))
    told = wanted or specification
    oracles = choose_oracles(flat, told)
    requirements = told.requirements if told else ()
    return DraftRequest(
        design=flat,
        plan=baseline_plan(flat, requirements, oracles.drivers),
        oracles=oracles,
        directory=directory,
        seed=seed,
        specification=specification,
        dut=design.top if wrapper else "",
        wrapper=wrapper,
    )


def flattened(design: Design, scratch: Path) -> tuple[Design, str]:
    """Return a design whose ports are all plain, and the text of the wrapper that makes them so, empty without one."""
    if all(port.flat for port in design.ports):
        return design, ""
    from verif.design.wrapper import flat_wrapper, wrapped_sources

    wrapper = flat_wrapper(design)
    if wrapper is None:
        return design, ""
    file = scratch / f"{wrapper.module}.sv"
    file.write_text(wrapper.text, encoding="utf-8")
    flat = read_design(wrapped_sources(design, wrapper, file))
    return replace(flat, kind=design.kind, facts=design.facts), wrapper.text


def with_proposal(request: DraftRequest, model: str, points: Sequence[Testpoint]) -> DraftRequest:
    """Add a model's points to the plan, and let them compete with the baseline's and with as many random ones."""
    if not points:
        return replace(request, model=model)
    rivals = (
        Rival(name="baseline", origin="baseline", points=request.plan.points),
        Rival(name="model", origin=model, points=tuple(points)),
        Rival(name="random", origin="random", points=random_points(request.plan, request.seed, len(points))),
    )
    return replace(request, model=model, plan=with_points(request.plan, points, model), rivals=rivals)


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
    """Read, plan, draft and check, without a model."""
    design = read_design(sources)
    request = baseline_request(design, specification_of(design, spec), directory, workspace, seed=seed)
    return draft(request, simulators, workspace, progress=lambda text: None)
