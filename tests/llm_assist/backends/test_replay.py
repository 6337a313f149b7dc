"""Cassettes: what was answered once is answered again, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from llm_assist.backends.replay import RecordingModel, ReplayModel
from llm_assist.backends.scripted import ScriptedModel
from llm_assist.model import Constraint, Message
from llm_assist.registry import load_model
from llm_assist.request import Request
from verif.errors import InputError

REQUEST = Request(messages=(Message(role="user", content="Hello?"),), n=2, seed=7)


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return tmp_path / "tape.json"


def test_recorded_answers_come_back_marked_as_cached(tape: Path) -> None:
    recorded = REQUEST.ask(RecordingModel(ScriptedModel.answering("a", "b"), tape))
    replayed = REQUEST.ask(ReplayModel(tape))
    assert [answer.text for answer in replayed] == ["a", "b"]
    assert replayed == [replace(answer, cached=True) for answer in recorded]


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 8},
        {"n": 1},
        {"max_tokens": 9},
        {"prefix": "So"},
        {"constraint": Constraint(lark='start: "a"')},
        {"messages": (Message(role="user", content="Hullo?"),)},
    ],
)
def test_any_other_request_is_a_miss(tape: Path, changed: dict[str, object]) -> None:
    REQUEST.ask(RecordingModel(ScriptedModel.answering("a"), tape))
    other = replace(REQUEST, **changed)  # type: ignore[arg-type]
    with pytest.raises(InputError) as miss:
        other.ask(ReplayModel(tape))
    assert miss.value.code == "PE514"
    assert f"the cassette holds 1 answers but none to request {other.digest}" in miss.value.sentence
    assert f"--model record:{tape}:MODEL" in miss.value.sentence


def test_a_cassette_grows(tape: Path) -> None:
    for content in ("one", "two"):
        request = replace(REQUEST, messages=(Message(role="user", content=content),))
        request.ask(RecordingModel(ScriptedModel.answering(content), tape))
    model = ReplayModel(tape)
    for content in ("one", "two"):
        request = replace(REQUEST, messages=(Message(role="user", content=content),))
        assert request.ask(model)[0].text == content


def test_record_and_replay_are_opened_by_name(tape: Path, tmp_path: Path) -> None:
    (tmp_path / "script.json").write_text('["x"]')
    REQUEST.ask(load_model(f"record:{tape}:scripted:{tmp_path}/script.json"))
    assert REQUEST.ask(load_model(f"replay:{tape}"))[0].text == "x"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 9, "answers": {}}', "not json"])
def test_a_file_that_is_no_cassette_is_one_sentence(tape: Path, text: str) -> None:
    tape.write_text(text)
    with pytest.raises(
        InputError, match=r"tape\.json: not a cassette: it is damaged or of another version; record one"
    ):
        ReplayModel(tape)


def test_a_missing_cassette_is_one_sentence(tape: Path) -> None:
    with pytest.raises(InputError, match="not a cassette: No such file or directory"):
        ReplayModel(tape)
