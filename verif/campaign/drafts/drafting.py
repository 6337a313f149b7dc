"""Draft a bench: plan and oracles in, a checked bench in its directory out."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from verif.bench.folder import bench_files, plan_digest, sources_digest, text_digest
from verif.bench.manifest import Provenance
from verif.bench.merge import Conflict, Merge, check_writable, merge_draft, write_bench
from verif.bench.oracles import OracleSet
from verif.bench.render import BenchSource, model_check_id
from verif.campaign.benches.properties import props_path
from verif.campaign.benches.shipped import harness_files, properties_file
from verif.campaign.drafts.acceptance import AcceptanceRun, Progress
from verif.campaign.drafts.acceptance_result import Acceptance
from verif.campaign.drafts.contest import Contest, Rival, compare
from verif.campaign.drafts.properties_check import SIMULATOR, with_properties
from verif.design.model import Design
from verif.plan.files import FILE_NAME, plan_text, read_plan
from verif.plan.model import Requirement, Testplan, Testpoint
from verif.plan.spec import Specification
from verif.sim.locks import locked
from verif.sim.seam import Simulator
from verif.verdict import Oracle, Ratio
from verif.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRequest:
    """What to draft, from what, where to."""

    design: Design
    plan: Testplan
    oracles: OracleSet
    directory: Path
    seed: int
    specification: Specification | None = None
    model: str = "none"
    """The language model that proposed points."""
    prompt_digest: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    notes: tuple[str, ...] = ()
    """What is to be told with the result, for example what became of a model's answers."""
    rivals: tuple[Rival, ...] = ()
    """Sets of points to compare, the baseline's first; none where no model was asked."""
    dut: str = ""
    """The design's name where ``design`` is a flat wrapper around it."""
    wrapper: str = ""
    """The flat wrapper's text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RequirementCheck:
    """A requirement and the checks that judge it."""

    requirement: Requirement
    by: tuple[str, ...]
    """Ids of SPEC and PROTOCOL checks; RECORDED and GENERIC never count."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A bench as drafted, and whether it was written."""

    request: DraftRequest
    acceptance: Acceptance
    files: Mapping[str, str]
    """What the draft consists of: path relative to the bench to text."""
    edited: tuple[str, ...]
    """Files with edits of the user that were kept."""
    contest: Contest | None
    provenance: Provenance
    notes: tuple[str, ...] = ()
    """What is to be told about its files."""

    @property
    def lines(self) -> int:
        """Lines of Python that were written for the user."""
        return sum(text.count("\n") for name, text in self.files.items() if name.endswith(".py"))

    @property
    def requirement_checks(self) -> tuple[RequirementCheck, ...]:
        """Every requirement with what checks it: nothing does where the draft wasn't accepted."""
        checks = requirement_checks(self.acceptance.source)
        return checks if self.acceptance.outcome.accepted else tuple(replace(check, by=()) for check in checks)

    @property
    def requirements(self) -> Ratio:
        """Requirements checked out of all."""
        checks = self.requirement_checks
        return Ratio(count=sum(1 for check in checks if check.by), total=len(checks))

    @property
    def forced_fails(self) -> Ratio:
        """Forced fails caught out of all."""
        forced = self.acceptance.forced
        return Ratio(count=sum(1 for entry in forced if entry.by), total=len(forced))


class MergeConflictError(Exception):
    """The new draft and the user's edits meet in the same lines; nothing was written."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(f"{len(self.conflicts)} conflicts")


def requirement_checks(source: BenchSource) -> tuple[RequirementCheck, ...]:
    """Return every requirement of the plan with the SPEC and PROTOCOL checks that judge it."""
    model = source.oracles.model
    judges = [(model_check_id(model), model.oracle, model.requirements)] if model else []
    judges += [(rule.id, rule.oracle, rule.requirements) for rule in source.oracles.rules]
    counting = [(check, ids) for check, oracle, ids in judges if oracle in (Oracle.SPEC, Oracle.PROTOCOL)]
    return tuple(
        RequirementCheck(requirement=requirement, by=tuple(check for check, ids in counting if requirement.id in ids))
        for requirement in source.plan.requirements
    )


def draft(request: DraftRequest, simulators: Sequence[Simulator], workspace: Workspace, *, progress: Progress) -> Draft:
    """Draft, check and write a bench. A rejected one is written too, marked as such.

    Another draft of the same bench that is under way is waited for. MergeConflictError where the user's edits can't be
    kept, InputError PE410 where the directory can't be written; in both cases nothing there has changed.
    """
    check_writable(request.directory)
    scratch = workspace.bench(request.directory) / "draft"
    with locked(scratch.with_suffix(".lock")):
        return _draft(request, simulators, scratch, workspace, progress)


def _draft(
    request: DraftRequest, simulators: Sequence[Simulator], scratch: Path, workspace: Workspace, progress: Progress
) -> Draft:
    """Draft in the folder ``scratch``, which no other draft of this bench uses meanwhile."""
    source = BenchSource(
        design=request.design,
        plan=_edited_plan(request, scratch),
        oracles=request.oracles,
        dut=request.dut,
        wrapper=request.wrapper,
    )
    run = AcceptanceRun(
        source,
        simulators,
        scratch,
        seed=request.seed,
        progress=progress,
        overlay=lambda files: _merged(request.directory, files).files,
    )
    acceptance = run.check()
    contest = _contest(request, run, progress)
    provenance = _provenance(request, simulators)
    files = _files(request, acceptance, run, provenance)
    properties = properties_file(request.design, request.oracles, source.module)
    text = _properties_text(request.directory, source.name, properties)
    hardware = harness_files(acceptance.source, request.directory, text)
    files |= {**properties, **hardware.files}
    merged = _merged(request.directory, files)
    if SIMULATOR in run.builds:
        progress("judging the properties")
        acceptance = with_properties(acceptance, hardware.harness, seed=request.seed, workspace=workspace)
    write_bench(request.directory, files, merged)
    return Draft(
        request=request,
        acceptance=acceptance,
        files=files,
        edited=merged.edited,
        contest=contest,
        provenance=provenance,
        notes=hardware.notes,
    )


def _edited_plan(request: DraftRequest, scratch: Path) -> Testplan:
    """Return the new plan with the edits that the user made to testplan.yaml since the last draft."""
    text = plan_text(request.plan)
    merged = _merged(request.directory, {FILE_NAME: text}).files.get(FILE_NAME, text)
    if merged == text:
        return request.plan
    scratch.mkdir(parents=True, exist_ok=True)
    file = scratch / FILE_NAME
    file.write_text(merged, encoding="utf-8")
    return read_plan(file)


def _properties_text(directory: Path, dut: str, drafted: Mapping[str, str]) -> str:
    """Return the bench's properties with the user's edits, or the user's own where none are drafted; empty for none."""
    file = props_path(directory, dut)
    if not drafted:
        return file.read_text(encoding="utf-8") if file.is_file() else ""
    return _merged(directory, drafted).files.get(file.name, drafted[file.name])


def _merged(directory: Path, files: Mapping[str, str]) -> Merge:
    merged = merge_draft(directory, files)
    if merged.conflicts:
        raise MergeConflictError(merged.conflicts)
    return merged


def _files(request: DraftRequest, acceptance: Acceptance, run: AcceptanceRun, provenance: Provenance) -> dict[str, str]:
    """Return the draft's files; testplan.yaml as planned, without the user's edits, so that these stay edits."""
    specification = request.specification
    files = bench_files(
        acceptance.source,
        acceptance.recorded,
        request.directory,
        simulators=list(run.builds) or [simulator.name for simulator in run.simulators],
        spec=specification.path if specification else None,
        provenance=provenance,
        compile_args=acceptance.compile_args,
        regressions=[finding.regression for finding in acceptance.findings],
    )
    return files | {FILE_NAME: plan_text(request.plan)}


def _contest(request: DraftRequest, run: AcceptanceRun, progress: Progress) -> Contest | None:
    if len(request.rivals) < 2 or not run.builds:
        return None
    progress("comparing plans")
    simulator, build = run.primary
    return compare(run.trial, simulator, build, request.rivals, seed=request.seed)


def _provenance(request: DraftRequest, simulators: Sequence[Simulator]) -> Provenance:
    tools = {simulator.name: simulator.status().version for simulator in simulators}
    tools |= {name: importlib.metadata.version(name) for name in ("cocotb",)}
    return Provenance(
        plan_digest=plan_digest(request.plan),
        sources_digest=sources_digest(request.design),
        spec_digest=text_digest(request.specification.text) if request.specification else "",
        model=request.model,
        prompt_digest=request.prompt_digest,
        seed=request.seed,
        tools={name: version for name, version in sorted(tools.items()) if version},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def with_points(plan: Testplan, points: Sequence[Testpoint], origin: str) -> Testplan:
    """Add ``points`` to ``plan`` under ids that are free, and name who else wrote it."""
    taken = {point.id for point in plan.points}
    added = []
    for point in points:
        name, number = point.id, 2
        while name in taken:
            name, number = f"{point.id}_{number}", number + 1
        taken.add(name)
        added.append(point.model_copy(update={"id": name}))
    return plan.model_copy(update={"points": (*plan.points, *added), "origin": f"{plan.origin} + {origin}"})
