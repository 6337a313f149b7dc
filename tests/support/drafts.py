"""Designs to draft benches for, and drafts without a command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.support.tools import missing
from verif.bench.library.select import choose_oracles
from verif.bench.oracles import OracleSet
from verif.bench.render import BenchSource
from verif.campaign.drafts.acceptance import AcceptanceRun
from verif.campaign.drafts.acceptance_result import Acceptance
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.design.sources import resolve_sources
from verif.plan.baseline import baseline_plan
from verif.plan.model import Phase, Testplan
from verif.plan.spec import read_specification
from verif.sim.registry import simulator
from verif.sim.toolchain import find
from verif.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]

Overlay = Callable[[Mapping[str, str]], Mapping[str, str]]


def rtl_source(name: str, bug: str = "") -> BenchSource:
    """Return what a bench of a design under ``rtl/`` is rendered from; with ``bug``, of one of its broken variants."""
    folder = ROOT / "rtl" / name
    sources = resolve_sources((str(folder / "design.toml"),))
    if bug:
        files = (folder / "bugs" / f"{bug}.sv",)
        sources = SourceSet(files=files, top=sources.top, manifest=sources.manifest)
    specification = read_specification(folder / "spec.md")
    design = read_design(sources)
    oracles = choose_oracles(design, specification)
    plan = baseline_plan(design, specification.requirements, oracles.drivers)
    return BenchSource(design=design, plan=plan, oracles=oracles)


def text_source(folder: Path, verilog: str) -> BenchSource:
    """Return what a bench of ``verilog`` is rendered from: nothing but its own ports is known about it."""
    file = folder / "design.v"
    file.write_text(verilog, encoding="utf-8")
    design: Design = read_design(resolve_sources((str(file),)))
    oracles = OracleSet(model=None, rules=(), drivers=())
    return BenchSource(design=design, plan=baseline_plan(design), oracles=oracles)


def shorter(source: BenchSource, *, points: int = 3, cycles: int = 60) -> BenchSource:
    """Return ``source`` with a plan that is cut to a few short points."""
    plan = source.plan
    kept = tuple(
        point.model_copy(update={"phases": tuple(_cut(phase, cycles) for phase in point.phases)})
        for point in plan.points[:points]
    )
    short: Testplan = plan.model_copy(update={"points": kept})
    return BenchSource(design=source.design, plan=short, oracles=source.oracles)


def accept(
    source: BenchSource,
    workspace: Workspace,
    *,
    overlay: Overlay = dict,
    seed: int = 1,
    simulators: Sequence[str] = ("icarus",),
) -> Acceptance:
    """Check a draft on ``simulators``."""
    for tool in ("iverilog" if name == "icarus" else name for name in simulators):
        if find(tool) is None:
            missing(tool)
    run = AcceptanceRun(
        source,
        [simulator(name, workspace=workspace) for name in simulators],
        workspace.root / "drafts" / source.name,
        seed=seed,
        progress=lambda text: None,
        overlay=overlay,
    )
    return run.check()


def _cut(phase: Phase, cycles: int) -> Phase:
    return phase.model_copy(update={"cycles": min(phase.cycles, cycles)})
