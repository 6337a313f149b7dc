"""Drafting with a testplan of OpenTitan's form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.plan_designs import sync_fifo
from verif.campaign.drafts.drafting import DraftRequest
from verif.campaign.drafts.from_sources import baseline_request
from verif.campaign.drafts.from_testplan import read_testplan, with_requirements, with_testplan
from verif.errors import InputError
from verif.plan.model import CoverPoint, Phase, Requirement, Testpoint
from verif.plan.opentitan_plan import FromOpenTitan, to_opentitan
from verif.plan.opentitan_text import opentitan_text
from verif.plan.spec import Specification
from verif.workspace import Workspace

PLAN = """{
  name: fifo
  testpoints: [
    { name: overflow_ignored
      desc: A write while full changes nothing.
      stage: V2
      tests: [] }
  ]
  covergroups: [ { name: "level_cg", desc: "Levels." } ]
}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "fifo_testplan.hjson"
    file.write_text(PLAN)
    return file


@pytest.fixture
def request_(tmp_path: Path, workspace: Workspace) -> DraftRequest:
    return baseline_request(sync_fifo(), None, tmp_path / "tb", workspace, seed=1)


def test_testpoints_join_the_requirements(tmp_path: Path, workspace: Workspace, plan: Path) -> None:
    wanted = read_testplan(plan)
    whole = with_requirements(None, wanted, plan)
    request = baseline_request(sync_fifo(), None, tmp_path / "tb", workspace, seed=1, wanted=whole)
    assert [requirement.id for requirement in request.plan.requirements] == ["overflow_ignored"]
    assert any("overflow_ignored" in point.requirements for point in request.plan.points)
    assert request.specification is None


def test_covergroups_in_words_are_noted(request_: DraftRequest, plan: Path) -> None:
    request = with_testplan(request_, read_testplan(plan))
    assert request.plan == request_.plan
    assert request.notes == (
        "testplan: covergroups in words count nothing until testplan.yaml names their port and bins: level_cg",
    )


def test_specification_and_testplan_are_joined(plan: Path) -> None:
    specification = Specification(
        path=Path("fifo.md"), title="", text="", requirements=(Requirement(id="R1", text="x"),)
    )
    whole = with_requirements(specification, read_testplan(plan), plan)
    assert [requirement.id for requirement in whole.requirements] == ["R1", "overflow_ignored"]


def test_requirement_in_both_is_told(plan: Path) -> None:
    known = Requirement(id="overflow_ignored", text="x", line=7)
    specification = Specification(path=Path("fifo.md"), title="", text="", requirements=(known,))
    with pytest.raises(
        InputError, match=r"fifo\.md:7: overflow_ignored is a requirement of the specification and a"
    ) as e:
        with_requirements(specification, read_testplan(plan), plan)
    assert e.value.code == "PE208"


def test_our_own_export_gives_the_same_plan(request_: DraftRequest, tmp_path: Path) -> None:
    edited = tuple(
        point.model_copy(update={"intent": "edited by hand"}) if point.id == "smoke" else point
        for point in request_.plan.points
    )
    file = tmp_path / "own.hjson"
    ours = request_.plan.model_copy(update={"points": edited})
    file.write_text(opentitan_text(to_opentitan(ours)))
    assert with_testplan(request_, read_testplan(file)).plan == ours


def test_point_that_does_not_fit_is_left_out_and_said(request_: DraftRequest) -> None:
    odd = Testpoint(id="odd", intent="x", phases=(Phase(cycles=4, settings={"nothing": 3}),))
    fits = Testpoint(id="fits", intent="x", requirements=("R9",), phases=(Phase(cycles=4),))
    goal = CoverPoint(name="elsewhere", port="no_such_port", bins={"a": (0, 0)})
    wanted = FromOpenTitan(requirements=(), points=(odd, fits), coverage=(goal,), covergroups=(), tests={})
    request = with_testplan(request_, wanted)
    assert request.plan.points[-1] == fits.model_copy(update={"requirements": ()})
    assert request.plan.coverage == request_.plan.coverage
    assert request.notes[0].startswith("testplan: the point odd doesn't fit this design: no knob 'nothing'; there are")


def test_earlier_notes_stay(request_: DraftRequest, plan: Path) -> None:
    assert with_testplan(replace(request_, notes=("before",)), read_testplan(plan)).notes[0] == "before"
