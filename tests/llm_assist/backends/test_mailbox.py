"""Prompts and answers as files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from llm_assist.backends.mailbox import AnswersPending, MailboxModel
from llm_assist.model import Constraint, Message
from llm_assist.request import Request
from verif.errors import InputError

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rate"],
    "properties": {"rate": {"type": "integer", "minimum": 0, "maximum": 9}},
}
QUESTION = Request(
    messages=(Message(role="system", content="You plan."), Message(role="user", content="How fast?")),
    n=3,
    constraint=Constraint(json_schema=SCHEMA),
)
OTHER = Request(messages=(Message(role="user", content="And now?"),), prefix="module m;\n")


def _put(box: Path, name: str, text: str) -> None:
    (box / "inbox").mkdir(parents=True, exist_ok=True)
    (box / "inbox" / name).write_text(text)


def test_a_prompt_without_answer_waits_in_the_outbox(tmp_path: Path) -> None:
    box = tmp_path / "box"
    with pytest.raises(AnswersPending) as stop:
        QUESTION.ask(MailboxModel(box))
    assert stop.value.exit_code == 4
    assert stop.value.sentence == (
        f"1 prompt waits in {box}/outbox; put the answers into {box}/inbox and run the same command again."
    )
    assert [file.name for file in (box / "outbox").iterdir()] == [f"{QUESTION.prompt_digest}.md"]


def test_the_letter_tells_prompt_form_and_where_the_answer_goes(tmp_path: Path) -> None:
    with pytest.raises(AnswersPending):
        QUESTION.ask(MailboxModel(tmp_path))
    letter = (tmp_path / "outbox" / f"{QUESTION.prompt_digest}.md").read_text()
    assert "How fast?" in letter
    assert "You plan." in letter
    assert '"maximum": 9' in letter
    assert f"`inbox/{QUESTION.prompt_digest}.txt`" in letter
    assert "Up to 3 different answers are welcome" in letter


def test_the_letter_shows_what_to_go_on_from(tmp_path: Path) -> None:
    with pytest.raises(AnswersPending):
        OTHER.ask(MailboxModel(tmp_path))
    assert "(don't repeat it)\n\n```\nmodule m;\n```" in (tmp_path / "outbox" / f"{OTHER.prompt_digest}.md").read_text()


def test_waiting_prompts_are_counted_together(tmp_path: Path) -> None:
    model = MailboxModel(tmp_path)
    with pytest.raises(AnswersPending, match=r"^1 prompt waits"):
        QUESTION.ask(model)
    with pytest.raises(AnswersPending, match=r"^2 prompts wait"):
        OTHER.ask(model)
    with pytest.raises(AnswersPending, match=r"^2 prompts wait"):
        OTHER.ask(model)


def test_a_run_goes_on_from_the_answers_that_are_there(tmp_path: Path) -> None:
    model = MailboxModel(tmp_path)
    with pytest.raises(AnswersPending):
        QUESTION.ask(model)
    _put(tmp_path, f"{QUESTION.prompt_digest}.txt", '{"rate": 3}')
    _put(tmp_path, f"{QUESTION.prompt_digest}-2.json", '```json\n{\n "rate": 9\n}\n```\n')
    assert sorted(answer.text for answer in QUESTION.ask(model)) == ['{\n "rate": 9\n}', '{"rate": 3}']


def test_more_answers_than_asked_for_are_left_alone(tmp_path: Path) -> None:
    for number in range(5):
        _put(tmp_path, f"{QUESTION.prompt_digest}-{number}.txt", f'{{"rate": {number}}}')
    assert len(QUESTION.ask(MailboxModel(tmp_path))) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("fast", "it is not JSON: "),
        ('{"rate": 10}', "rate: 10 is greater than the maximum of 9"),
        ('{"rate": 1, "why": "so"}', "the answer: Additional properties are not allowed"),
        ("", "it is not JSON: "),
    ],
)
def test_an_answer_of_the_wrong_form_is_named(tmp_path: Path, text: str, problem: str) -> None:
    _put(tmp_path, f"{QUESTION.prompt_digest}.txt", text)
    with pytest.raises(InputError) as refusal:
        QUESTION.ask(MailboxModel(tmp_path))
    assert refusal.value.code == "PE516"
    assert refusal.value.where.endswith(f"inbox/{QUESTION.prompt_digest}.txt")
    assert problem in refusal.value.sentence
    assert refusal.value.sentence.endswith("correct the file, or delete it to be asked again.")


def test_an_answer_that_is_not_text_is_named(tmp_path: Path) -> None:
    _put(tmp_path, f"{QUESTION.prompt_digest}.txt", "")
    (tmp_path / "inbox" / f"{QUESTION.prompt_digest}.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="can't read the answer"):
        QUESTION.ask(MailboxModel(tmp_path))


def test_a_repeated_prefix_and_loose_ends_are_taken_off(tmp_path: Path) -> None:
    _put(tmp_path, f"{OTHER.prompt_digest}.txt", "\n```verilog\r\nmodule m;\r\n  wire a;\r\nendmodule\r\n```\r\n\r\n")
    (answer,) = OTHER.ask(MailboxModel(tmp_path))
    assert answer.text == "  wire a;\nendmodule\n"


def test_a_mailbox_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "box").write_text("")
    with pytest.raises(InputError, match="can't use this mailbox: "):
        QUESTION.ask(MailboxModel(tmp_path / "box"))


def test_no_scratch_file_is_left(tmp_path: Path) -> None:
    with pytest.raises(AnswersPending):
        QUESTION.ask(MailboxModel(tmp_path))
    assert not [name for _, _, names in os.walk(tmp_path) for name in names if ".tmp" in name]
