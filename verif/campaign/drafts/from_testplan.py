"""Draft with a testplan in OpenTitan's form: what it wants tested joins the specification's requirements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from verif.campaign.drafts.drafting import DraftRequest
from verif.errors import InputError
from verif.plan.model import CoverPoint, Testpoint
from verif.plan.opentitan import read_opentitan
from verif.plan.opentitan_plan import FromOpenTitan, from_opentitan
from verif.plan.settings import phase_troubles
from verif.plan.spec import Specification


def read_testplan(file: Path) -> FromOpenTitan:
    """Read a testplan with what it imports; InputError PE207 where it can't be read."""
    return from_opentitan(read_opentitan(file))


def with_requirements(specification: Specification | None, wanted: FromOpenTitan, file: Path) -> Specification:
    """Add the testplan's points to the specification's requirements; InputError PE208 where an id is in both."""
    if specification is None:
        return Specification(path=file, title=file.stem, text="", requirements=wanted.requirements)
    known = {requirement.id: requirement for requirement in specification.requirements}
    for requirement in wanted.requirements:
        if requirement.id in known:
            raise InputError(
                "PE208",
                f"{requirement.id} is a requirement of the specification and a testpoint of the testplan",
                where=specification.where(known[requirement.id].line),
                hint="rename one of them: results are told by these names",
            )
    return replace(specification, requirements=(*specification.requirements, *wanted.requirements))


def with_testplan(request: DraftRequest, wanted: FromOpenTitan) -> DraftRequest:
    """Take over points with phases and counted covergroups, as far as they fit the design; notes say what is left."""
    fitting = {point.id: point for point in wanted.points if not _trouble(point, request)}
    kept = tuple(fitting.pop(point.id, point) for point in request.plan.points)
    goals = _goals(request, wanted)
    coverage = (*(goals.pop(goal.name, goal) for goal in request.plan.coverage), *goals.values())
    points = tuple(_known_requirements(point, request) for point in (*kept, *fitting.values()))
    plan = request.plan.model_copy(update={"points": points, "coverage": coverage})
    return replace(request, plan=plan, notes=(*request.notes, *_notes(request, wanted)))


def _trouble(point: Testpoint, request: DraftRequest) -> str:
    knobs = {knob.name: knob for knob in request.plan.knobs}
    return next((text for phase in point.phases for text in phase_troubles(phase, knobs)), "")


def _goals(request: DraftRequest, wanted: FromOpenTitan) -> dict[str, CoverPoint]:
    """Return the cover points of ports that the design has, and crosses of those."""
    ports = {port.name for port in request.design.ports}
    goals = {goal.name: goal for goal in wanted.coverage if goal.port in ports}
    named = {*goals, *(goal.name for goal in request.plan.coverage)}
    return goals | {goal.name: goal for goal in wanted.coverage if goal.cross and named.issuperset(goal.cross)}


def _known_requirements(point: Testpoint, request: DraftRequest) -> Testpoint:
    known = {requirement.id for requirement in request.plan.requirements}
    return point.model_copy(update={"requirements": tuple(id for id in point.requirements if id in known)})


def _notes(request: DraftRequest, wanted: FromOpenTitan) -> Iterator[str]:
    for point in wanted.points:
        if trouble := _trouble(point, request):
            yield f"testplan: the point {point.id} doesn't fit this design: {trouble}"
    if words := [group.name for group in wanted.covergroups]:
        more = f" and {len(words) - 3} more" if len(words) > 3 else ""
        told = f"{', '.join(words[:3])}{more}"
        yield f"testplan: covergroups in words count nothing until testplan.yaml names their port and bins: {told}"
