"""``posedge generate``: what is accepted, what is written, how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.tools import need

SPEC = """# pick: multiplexer

| Port | Direction | Width |
|---|---|---|
| `a` | input | 2 |
| `b` | input | 2 |
| `s` | input | 1 |
| `y` | output | 2 |

R1: `y` is `b` where `s` is 1, else `a`.
"""
HEAD = "module pick (input logic [1:0] a, input logic [1:0] b, input logic s, output logic [1:0] y);\n"
RIGHT = f"{HEAD}  assign y = s ? b : a;\nendmodule\n"
WRONG = f"{HEAD}  assign y = s ? a : b;\nendmodule\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    for tool in ("iverilog", "bwrap"):
        need(tool)
    (tmp_path / "spec.md").write_text(SPEC)
    (tmp_path / "golden.v").write_text(RIGHT)


def _script(tmp_path: Path, *answers: str) -> str:
    (tmp_path / "script.json").write_text(json.dumps(answers))
    return "scripted:script.json"


def test_a_right_draft_among_wrong_ones_is_accepted(posedge: Command, tmp_path: Path) -> None:
    model = _script(tmp_path, WRONG, f"Here it is:\n```verilog\n{RIGHT}```\n")
    answer = posedge("generate", "--spec", "spec.md", "--reference", "golden.v", "--model", model, "--n", "2", "--json")
    assert answer.code == 0, answer.err
    told = answer.json
    assert (told["accepted"], told["lint"], told["sim"], told["file"]) == (True, "PASS", "PASS", "pick.sv")
    assert [attempt["sim"] for attempt in told["attempts"]] == ["FAIL", "PASS"]
    assert told["judge"]["origin"] == "golden RTL golden.v"
    assert told["judge"]["exhaustive"]
    assert (tmp_path / "pick.sv").read_text().endswith(RIGHT)
    assert not (tmp_path / "pick.rejected.sv").exists()


def test_a_wrong_draft_is_never_written_as_accepted(posedge: Command, tmp_path: Path) -> None:
    model = _script(tmp_path, WRONG)
    answer = posedge("generate", "--spec", "spec.md", "--reference", "golden.v", "--model", model, "--n", "1")
    assert answer.code == 1
    assert answer.out.startswith("REJECTED  pick")
    assert "2 do something else" in answer.out
    assert not (tmp_path / "pick.sv").exists()
    assert "// REJECTED: on Icarus, cycle 2: y is 01, expected 00" in (tmp_path / "pick.rejected.sv").read_text()


def test_findings_go_back_to_a_model_that_can_read_them(posedge: Command, tmp_path: Path) -> None:
    rules = [{"when": "does not do what its specification says", "answers": [WRONG]}, {"answers": [WRONG]}]
    (tmp_path / "script.json").write_text(json.dumps(rules))
    answer = posedge(
        *("generate", "--spec", "spec.md", "--reference", "golden.v", "--model", "scripted:script.json", "--n", "1"),
        "--json",
    )
    assert answer.json["repairs"] == 1
    assert answer.code == 1


def test_without_a_reference_nothing_is_accepted(posedge: Command, tmp_path: Path) -> None:
    model = _script(tmp_path, WRONG)
    answer = posedge("generate", "--spec", "spec.md", "--model", model, "--n", "1")
    assert answer.code == 4, answer.err
    assert answer.out.startswith("UNJUDGED  pick\n  compiles, not judged: no reference model fits")
    assert not (tmp_path / "pick.sv").exists()
    assert "nothing has judged what it does" in (tmp_path / "pick.unjudged.sv").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "posedge: PE526: generate needs a language model; name one with --model; 'posedge models' lists them."),
        (("--model", "gpt9"), "posedge: PE501: no model is called 'gpt9'"),
        (("--model", "scripted:none.json"), "posedge: PE511: none.json: not a script: "),
        (
            ("--model", "scripted:script.json", "--out", "golden.v", "--reference", "golden.v"),
            "would overwrite an input",
        ),
    ],
)
def test_wrong_use_is_one_sentence(posedge: Command, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    _script(tmp_path, WRONG)
    answer = posedge("generate", "--spec", "spec.md", *arguments)
    assert answer.code == 2
    assert sentence in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_mailbox_run_stops_and_goes_on(posedge: Command, tmp_path: Path) -> None:
    command = ("generate", "--spec", "spec.md", "--reference", "golden.v", "--model", "mailbox:post", "--n", "1")
    first = posedge(*command)
    assert first.code == 4
    assert first.err == (
        "posedge: PE515: 1 prompt waits in post/outbox; "
        "put the answers into post/inbox and run the same command again.\n"
    )
    (letter,) = (tmp_path / "post" / "outbox").glob("*.md")
    assert "module pick (" in letter.read_text()
    (tmp_path / "post" / "inbox" / f"{letter.stem}.txt").write_text(WRONG)
    second = posedge(*command)
    assert second.code == 4
    assert "1 prompt waits" in second.err
    assert len(list((tmp_path / "post" / "outbox").glob("*.md"))) == 2
