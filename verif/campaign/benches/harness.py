"""The harness of a drafted bench, made again from what lies in the bench: sources, clocks, resets, plan, oracles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from verif.bench.folder import with_known_outputs
from verif.bench.library.select import choose_oracles
from verif.bench.manifest import BenchManifest
from verif.bench.oracles import OracleSet
from verif.bench.render import BenchSource, model_check_id, render_python
from verif.campaign.benches.known import known_outputs
from verif.campaign.benches.properties import added_properties, bench_properties, props_path
from verif.campaign.benches.run import BenchRun, with_replaced
from verif.design.frontend import read_design
from verif.design.manifest import FILE_NAME as DESIGN_TOML
from verif.design.manifest import read_manifest as read_design_manifest
from verif.design.model import Clock, Design, Edge, Reset, SourceSet
from verif.errors import InputError, Unsupported
from verif.harness.assemble import assemble, has_timescale
from verif.harness.model import Harness
from verif.harness.monitors.properties import JudgedProperty
from verif.plan.files import FILE_NAME as TESTPLAN
from verif.plan.files import read_plan
from verif.plan.model import Testplan
from verif.plan.spec import read_specification


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchHarness:
    """A bench as search and other engines take it."""

    harness: Harness
    """Around the sources that ``--sources`` put in place of the bench's own, if any."""
    plan: Testplan
    oracles: OracleSet
    module: str
    """The Python module with the bench's model and rules."""
    python_path: tuple[Path, ...]
    properties: tuple[JudgedProperty, ...]
    """Of the bench's own file of properties."""
    edited: bool
    """Whether that module isn't what is drafted for this design and specification, so that it alone can judge."""

    @property
    def titles(self) -> dict[str, str]:
        """Check to its rule in a sentence."""
        model = self.oracles.model
        told = {rule.id: rule.title for rule in self.oracles.rules}
        if model:
            told[model_check_id(model)] = f"The outputs are those of the reference model ({model.kind})."
        return told


def bench_harness(run: BenchRun, *, for_x: bool = False) -> BenchHarness:
    """Return the harness of ``run``'s bench; InputError PE840 where it has no plan.

    Adopted benches have none: ``stand_in`` gives a bench that has. ``for_x`` adds the monitor that the bench's outputs
    are known, which only four states can break.
    """
    directory, manifest = run.directory, run.manifest
    plan_file = directory / TESTPLAN
    if manifest.adopted or not plan_file.is_file():
        raise InputError(
            "PE840",
            f"the bench has no {TESTPLAN}, so nothing says what stimulus is legal",
            where=str(directory),
            hint="draft a bench for the same sources with 'posedge draft'",
        )
    parts = bench_parts(run)
    design, oracles = parts.design, parts.oracles
    plan = read_plan(plan_file)
    dut = "" if manifest.top == design.top else manifest.top
    source = BenchSource(design=design, plan=plan, oracles=oracles, dut=dut)
    module = f"{source.module}_model"
    if for_x:
        names = {port.name for port in design.outputs}
        outputs = [name for name in known_outputs(directory / f"{module}.py") if name in names]
        oracles = with_known_outputs(oracles, outputs)
    harness = assemble(design, plan, oracles, dut=manifest.top, properties=parts.properties)
    if run.options.sources:
        sources = with_replaced(design.sources, run.options.sources)
        _check_ports(design, sources)
        harness = replace(harness, design=replace(design, sources=sources))
    return BenchHarness(
        harness=harness,
        plan=plan,
        oracles=oracles,
        module=module,
        python_path=run.python_path,
        properties=parts.properties,
        edited=_edited(directory, f"{module}.py", source),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class BenchParts:
    """What of a bench its harness is made of, beside the plan."""

    design: Design
    """The bench's own, whatever ``--sources`` puts in its place."""
    oracles: OracleSet
    properties: tuple[JudgedProperty, ...]

    @property
    def timescale(self) -> bool:
        """Whether a source file of the design sets a time scale."""
        return has_timescale(self.design)


def bench_parts(run: BenchRun) -> BenchParts:
    """Return what lies in the bench of ``run``: design, oracles, properties."""
    manifest = run.manifest
    design = _design(replace(run, options=replace(run.options, sources=())), manifest)
    specification = read_specification(run.directory / manifest.spec) if manifest.spec else None
    oracles = choose_oracles(design, specification)
    path = props_path(run.directory, manifest.top)
    properties = bench_properties(path, design, oracles, manifest.top)
    for further in run.options.properties:
        taken = {rule.id: "" for rule in oracles.rules} | {one.id: str(one.prop.place) for one in properties}
        properties += added_properties(further, design, taken)
    return BenchParts(design=design, oracles=oracles, properties=properties)


def _design(run: BenchRun, manifest: BenchManifest) -> Design:
    """Return the design with the clocks and resets that bench.toml says."""
    sources = run.sources
    beside = sources.files[0].parent / DESIGN_TOML if sources.files else None
    if beside and beside.is_file() and set(read_design_manifest(beside).files) <= set(sources.files):
        sources = replace(sources, manifest=beside)
    design = read_design(sources)
    clocks = {clock.name: clock for clock in design.clocks}
    resets = {reset.name: reset for reset in design.resets}
    return replace(
        design,
        clocks=tuple(
            replace(clocks.get(entry.name, Clock(name=entry.name)), edge=Edge(entry.edge), ratio=entry.ratio)
            for entry in manifest.clock
        ),
        resets=tuple(
            replace(
                resets.get(entry.name) or Reset(name=entry.name, active_high=True, asynchronous=False),
                active_high=entry.active_high,
                asynchronous=entry.asynchronous,
                cycles=entry.cycles,
            )
            for entry in manifest.reset
        ),
    )


def _check_ports(design: Design, sources: SourceSet) -> None:
    """Raise InputError PE844 where the top of ``sources`` has other ports than ``design``; tools refuse the rest."""
    try:
        other = read_design(replace(sources, manifest=None))
    except (InputError, Unsupported):
        return
    theirs = {port.name: (port.direction, port.width) for port in other.ports}
    for port in design.ports:
        found = theirs.pop(port.name, None)
        if found != (port.direction, port.width):
            has = f"{found[0]} of width {found[1]}" if found else "missing"
            raise InputError(
                "PE844",
                f"the port {port.name} is {has}, the bench drives {port.direction} of width {port.width}",
                where=", ".join(str(file) for file in sources.files if file not in design.sources.files),
                hint="sources that stand in for the bench's own need the same ports",
            )


def _edited(directory: Path, name: str, source: BenchSource) -> bool:
    """Whether the bench's judges differ from those that are drafted for ``source``, outputs that may be X aside."""
    file, base = directory / name, directory / ".posedge" / "base" / name
    if not file.is_file():
        return False
    text = file.read_text(encoding="utf-8")
    if base.is_file() and base.read_text(encoding="utf-8") == text:
        return False
    outputs = [port.name for port in source.design.outputs]
    either = (source.oracles, with_known_outputs(source.oracles, outputs))
    return text not in [render_python(replace(source, oracles=oracles)).get(name) for oracles in either]
