"""Test points from a model: what fits the plan is kept, what doesn't is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_assist.backends.mailbox import AnswersPending, MailboxModel
from llm_assist.backends.scripted import ScriptedModel
from llm_assist.drafter import ANSWERS, KEPT_POINTS, propose_points
from llm_assist.registry import load_model
from tests.support.designs import design
from verif.plan.baseline import baseline_plan
from verif.plan.model import Testplan
from verif.plan.randomised import random_wire
from verif.plan.wire import wire_knobs

DESIGN = design("adder", inputs={"en": 1, "load": 1, "data": 8}, outputs={"sum": 8})


@pytest.fixture(scope="module")
def plan() -> Testplan:
    return baseline_plan(DESIGN)


def _wires(plan: Testplan, count: int, seed: int = 1) -> list[str]:
    import random

    rng = random.Random(seed)
    return [json.dumps(random_wire(plan, rng)) for _ in range(count)]


def test_usable_answers_become_points_with_names_of_their_own(plan: Testplan) -> None:
    model = ScriptedModel.answering(*_wires(plan, 4))
    proposal = propose_points(model, plan, DESIGN, "Adds.", seed=1)
    ids = [point.id for point in proposal.points]
    assert ids == [f"model_{number}" for number in range(1, len(ids) + 1)]
    assert not set(ids) & {point.id for point in plan.points}
    assert len(proposal.prompt_digest) == 16
    Testplan.model_validate(plan.model_dump() | {"points": [*plan.points, *proposal.points]})


def test_several_points_of_one_answer_are_all_taken(plan: Testplan) -> None:
    points = [json.loads(wire) for wire in _wires(plan, 3)]
    proposal = propose_points(ScriptedModel.answering(json.dumps({"points": points})), plan, DESIGN, "", seed=1)
    assert proposal.notes[0].startswith("3 of 3 proposed points fit the plan")


@pytest.mark.parametrize("answer", ["", "hello", "[]", "null", '{"phases": []}', '{"points": [1]}', '{"phases": "x"}'])
def test_an_answer_of_the_wrong_form_is_dropped_and_told(plan: Testplan, answer: str) -> None:
    proposal = propose_points(ScriptedModel.answering(answer), plan, DESIGN, "", seed=1)
    assert proposal.points == ()
    assert proposal.notes[0].startswith("0 of 1 proposed points fit the plan")
    assert proposal.notes[1].startswith("a proposed point was dropped: ")


def test_a_setting_outside_its_range_is_dropped(plan: Testplan) -> None:
    wire = json.loads(_wires(plan, 1)[0])
    rate = next(key for key, knob in wire_knobs(plan).items() if knob.kind == "rate")
    wire["phases"][0][rate] = 11
    proposal = propose_points(ScriptedModel.answering(json.dumps(wire)), plan, DESIGN, "", seed=1)
    assert proposal.points == ()
    assert rate in proposal.notes[1]


def test_equal_points_are_kept_once_and_at_most_so_many(plan: Testplan) -> None:
    one = json.loads(_wires(plan, 1)[0])
    same = propose_points(ScriptedModel.answering(json.dumps({"points": [one, one]})), plan, DESIGN, "", seed=1)
    assert len(same.points) <= 1
    many = [json.loads(wire) for wire in _wires(plan, ANSWERS)]
    proposal = propose_points(ScriptedModel.answering(json.dumps({"points": many})), plan, DESIGN, "", seed=1)
    assert len(proposal.points) <= KEPT_POINTS


def test_notes_compare_with_random_points(plan: Testplan) -> None:
    proposal = propose_points(ScriptedModel.answering(*_wires(plan, 1)), plan, DESIGN, "", seed=1)
    assert "in as many random ones" in proposal.notes[-1]


def test_a_plan_without_knobs_asks_nothing() -> None:
    empty = design("wires", inputs={"a": 1}, outputs={"y": 1}, clock=None)
    model = ScriptedModel.answering("never asked")
    bare = Testplan(dut="wires", drivers=(), points=())
    proposal = propose_points(model, bare, empty, "", seed=1)
    assert proposal.points == ()
    assert model.prompts == []


def test_an_instructable_model_reads_ports_points_and_schema(plan: Testplan) -> None:
    model = ScriptedModel.answering("{}")
    propose_points(model, plan, DESIGN, "R1: it adds.", seed=1)
    (prompt,) = model.prompts
    assert "- output sum, 8 bits" in prompt
    assert "R1: it adds." in prompt
    assert plan.points[0].intent in prompt
    assert '"maxItems": 16' in prompt


def test_a_mailbox_goes_on_when_the_answer_is_there(plan: Testplan, tmp_path: Path) -> None:
    model = MailboxModel(tmp_path)
    with pytest.raises(AnswersPending):
        propose_points(model, plan, DESIGN, "", seed=1)
    (letter,) = (tmp_path / "outbox").glob("*.md")
    answer = {"points": [json.loads(wire) for wire in _wires(plan, 2)]}
    (tmp_path / "inbox" / f"{letter.stem}.json").write_text(json.dumps(answer, indent=2))
    proposal = propose_points(model, plan, DESIGN, "", seed=1)
    assert proposal.notes[0].startswith("2 of 2 proposed points fit the plan")
    assert proposal.prompt_digest == letter.stem


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_every_answer_of_the_embedded_model_fits_the_plan(smollm2: Path, plan: Testplan) -> None:
    proposal = propose_points(load_model("smollm2"), plan, DESIGN, "Adds data to sum while en is high.", seed=2)
    assert proposal.notes[0].startswith(f"{ANSWERS} of {ANSWERS} proposed points fit the plan")
    assert proposal.points
    assert proposal.prompt_tokens > 0
    assert proposal.completion_tokens > 0
