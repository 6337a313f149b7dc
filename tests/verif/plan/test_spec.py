"""Laws of the specification reader."""

from pathlib import Path

import pytest

from verif.errors import InputError
from verif.plan.spec import Specification, read_specification


def spec(tmp_path: Path, text: str) -> Specification:
    file = tmp_path / "spec.md"
    file.write_text(text, encoding="utf-8")
    return read_specification(file)


@pytest.mark.parametrize(
    ("line", "identifier", "text"),
    [
        ("R1: full is high at DEPTH words.", "R1", "full is high at DEPTH words."),
        ("**R1** full is high.", "R1", "full is high."),
        ("- **R12:** full is high.", "R12", "full is high."),
        ("* R3. full is high.", "R3", "full is high."),
        ("[R4] full is high.", "R4", "full is high."),
        ("REQ-5 full shall be high.", "REQ-5", "full shall be high."),
        ("FIFO-2.1: full is high.", "FIFO-2.1", "full is high."),
        ("UART_REQ_3: full is high.", "UART_REQ_3", "full is high."),
        ("### R6 Full is high", "R6", "Full is high"),
        ("3. The flag shall be high.", "3", "The flag shall be high."),
        ("2.4 The flag must be high.", "2.4", "The flag must be high."),
        ("| R7 | the flag is high | test |", "R7", "the flag is high; test"),
    ],
)
def test_requirement_is_read_in_each_notation(tmp_path: Path, line: str, identifier: str, text: str) -> None:
    (requirement,) = spec(tmp_path, f"# Title\n\n{line}\n").requirements
    assert (requirement.id, requirement.text, requirement.line) == (identifier, text, 3)


@pytest.mark.parametrize(
    "line",
    [
        "S1: The first bit of the sequence is detected.",
        "CLK_50: Output clock, CLK_in divided by 2.",
        "1. State transition: the ring moves on.",
        "Requirement text without a number shall be ignored.",
        "```\nR1: code is not a requirement\n```",
        "R1 is a register.",
    ],
)
def test_what_is_not_numbered_or_does_not_oblige_is_no_requirement(tmp_path: Path, line: str) -> None:
    assert spec(tmp_path, line + "\n").requirements == ()


def test_requirement_goes_on_until_a_blank_line_or_the_next_item(tmp_path: Path) -> None:
    read = spec(tmp_path, "R1: one\n  two\nthree.\n- R2: four\n\nfive\n").requirements
    assert [r.text for r in read] == ["one two three.", "four"]


def test_of_a_repeated_id_the_first_counts(tmp_path: Path) -> None:
    assert [r.text for r in spec(tmp_path, "R1: first.\n\nR1: second.\n").requirements] == ["first."]


def test_table_keeps_header_rows_lines_and_escaped_bars(tmp_path: Path) -> None:
    (table,) = spec(tmp_path, "text\n\n| op | Result |\n|:--|--:|\n| `0` | a \\| b |\n| **1** |\n\nend\n").tables
    assert table.header == ("op", "Result")
    assert table.rows == (("0", "a | b"), ("1", ""))
    assert (table.line, table.row_lines) == (3, (5, 6))
    assert (table.column("result"), table.column("address")) == (1, None)


def test_sentences_know_the_line_on_which_they_begin(tmp_path: Path) -> None:
    read = spec(tmp_path, "# Title\nOne goes\non. Two is\nhere.\n- three\n\n1. Four.\n")
    assert [(s.text, s.line) for s in read.sentences] == [
        ("# Title", 1),
        ("One goes on.", 2),
        ("Two is here.", 3),
        ("- three", 5),
        ("1. Four.", 7),
    ]
    assert read.title == "Title"


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (None, "PE211", r"no such specification file; give a Markdown or text file to --spec\.$"),
        (b"R1: \x00\x01", "PE212", r"the specification is binary; Markdown or plain text is read\.$"),
        (b"one\nR1: caf\xe9\n", "PE213", r":2: byte 0xe9 is not UTF-8; save the specification as UTF-8\.$"),
        (b" \n", "PE214", r"the specification is empty; leave --spec out to draft without\.$"),
    ],
)
def test_unreadable_specification_is_diagnosed(tmp_path: Path, data: bytes | None, code: str, message: str) -> None:
    file = tmp_path / "spec.md"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read_specification(file)
    assert caught.value.code == code


def test_directory_as_specification_is_diagnosed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the specification is a directory"):
        read_specification(tmp_path)
