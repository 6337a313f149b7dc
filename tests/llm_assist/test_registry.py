"""Names of models and what they open."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_assist.registry import available_models, load_model
from verif.errors import InputError, ToolError


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError) as refusal:
        load_model("gpt9")
    assert refusal.value.sentence == (
        "no model is called 'gpt9'; known: smollm2, scripted:FILE, replay:FILE, record:FILE:MODEL, mailbox:DIR."
    )


@pytest.mark.parametrize("name", ["scripted", "scripted:", "replay:", "mailbox:", "other:x", ""])
def test_a_form_without_its_file_is_unknown(name: str) -> None:
    with pytest.raises(InputError, match=f"no model is called '{name}'"):
        load_model(name)


def test_record_needs_a_model_to_record(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names no model to record; the form is record:FILE:MODEL"):
        load_model(f"record:{tmp_path}/tape.json")


def test_a_model_that_is_not_fetched_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSEDGE_MODELS", str(tmp_path))
    entry = available_models()[0]
    assert (entry.name, entry.ready, entry.fix) == ("smollm2", False, "posedge models pull smollm2")
    with pytest.raises(ToolError, match=r"not on this machine; .*posedge models pull smollm2\.$"):
        load_model("smollm2").load()  # type: ignore[attr-defined]


def test_every_form_is_listed_with_what_it_is() -> None:
    assert [info.name for info in available_models()][1:] == [
        "scripted:FILE",
        "replay:FILE",
        "record:FILE:MODEL",
        "mailbox:DIR",
    ]
    assert all(info.title for info in available_models())
