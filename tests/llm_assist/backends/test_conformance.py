"""What every backend of the model seam keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from llm_assist.backends.mailbox import MailboxModel
from llm_assist.backends.replay import RecordingModel, ReplayModel
from llm_assist.backends.scripted import ScriptedModel
from llm_assist.model import Completion, Constraint, Message, Model
from llm_assist.registry import load_model
from llm_assist.request import Request

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["op", "count"],
    "properties": {"op": {"enum": ["read", "write"]}, "count": {"type": "integer", "minimum": 1, "maximum": 9}},
}
REQUEST = Request(
    messages=(Message(role="user", content="A plan, please."),),
    n=2,
    constraint=Constraint(json_schema=SCHEMA),
    seed=3,
    max_tokens=64,
)
ANSWERS = ('{"op":"read","count":3}', '{"op":"write","count":9}')


def _scripted(folder: Path) -> Model:
    return ScriptedModel.answering(*ANSWERS)


def _replay(folder: Path) -> Model:
    tape = folder / "tape.json"
    REQUEST.ask(RecordingModel(ScriptedModel.answering(*ANSWERS), tape))
    return ReplayModel(tape)


def _mailbox(folder: Path) -> Model:
    (folder / "inbox").mkdir()
    for index, answer in enumerate(ANSWERS):
        (folder / "inbox" / f"{REQUEST.prompt_digest}-{index}.txt").write_text(answer)
    return MailboxModel(folder)


def _local(folder: Path) -> Model:
    return load_model("smollm2")


BACKENDS = [
    pytest.param(_scripted, id="scripted"),
    pytest.param(_replay, id="replay"),
    pytest.param(_mailbox, id="mailbox"),
    pytest.param(_local, id="local", marks=pytest.mark.model),
]


@pytest.fixture(params=BACKENDS)
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Model:
    make: Callable[[Path], Model] = request.param
    if make is _local:
        request.getfixturevalue("smollm2")
    return make(tmp_path)


@pytest.mark.xdist_group("model")
class ModelConformanceTests:
    def test_a_model_answers_at_least_once_and_at_most_n_times(self, model: Model) -> None:
        assert 1 <= len(REQUEST.ask(model)) <= REQUEST.n

    def test_a_finished_answer_meets_the_constraint(self, model: Model) -> None:
        for answer in REQUEST.ask(model):
            assert answer.finished
            value = json.loads(answer.text)
            assert value["op"] in ("read", "write")
            assert 1 <= value["count"] <= 9

    def test_costs_are_never_negative(self, model: Model) -> None:
        for answer in REQUEST.ask(model):
            assert isinstance(answer, Completion)
            assert answer.prompt_tokens >= 0
            assert answer.completion_tokens >= 0
            assert answer.seconds >= 0

    def test_a_seeded_model_repeats_itself(self, model: Model) -> None:
        if model.capabilities.seeded:
            assert [a.text for a in REQUEST.ask(model)] == [a.text for a in REQUEST.ask(model)]

    def test_a_model_has_a_name(self, model: Model) -> None:
        assert model.name
