"""The shipped fake."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_assist.backends.scripted import Rule, ScriptedModel, read_script
from llm_assist.model import Message
from verif.errors import InputError


def _ask(model: ScriptedModel, content: str, n: int = 1) -> list[str]:
    return [answer.text for answer in model.generate([Message(role="user", content=content)], n=n)]


def test_answers_come_in_turn_and_from_the_start_again() -> None:
    model = ScriptedModel.answering("a", "b")
    assert _ask(model, "?", n=3) == ["a", "b", "a"]
    assert _ask(model, "?") == ["b"]


def test_the_first_rule_that_fits_answers() -> None:
    model = ScriptedModel([Rule(when="FIFO", answers=("f",)), Rule(answers=("other",))])
    assert _ask(model, "a FIFO, please") == ["f"]
    assert _ask(model, "an ALU, please") == ["other"]
    assert model.prompts == ["a FIFO, please", "an ALU, please"]


def test_a_prompt_without_rule_is_one_sentence() -> None:
    with pytest.raises(InputError, match="no rule of the script answers the prompt that begins 'an ALU'"):
        _ask(ScriptedModel([Rule(when="FIFO", answers=("f",))]), "an ALU")


def test_scripts_are_read_in_both_forms(tmp_path: Path) -> None:
    (tmp_path / "short.json").write_text('["a", "b"]')
    (tmp_path / "long.json").write_text('[{"when": "x", "answers": ["c"]}]')
    assert _ask(read_script(tmp_path / "short.json"), "x", n=2) == ["a", "b"]
    assert _ask(read_script(tmp_path / "long.json"), "x") == ["c"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"answers": []}]', '[{"answer": ["a"]}]'])
def test_a_file_that_is_no_script_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "script.json").write_text(text)
    with pytest.raises(InputError, match=r"script\.json: not a script: .*; a script is JSON: "):
        read_script(tmp_path / "script.json")
