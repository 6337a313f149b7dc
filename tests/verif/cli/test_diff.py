"""``posedge diff`` as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.rtl import Kept


def test_seeded_bug_is_different_with_a_picture_and_a_test(posedge: Command, tmp_path: Path) -> None:
    kept = Kept("lfsr")
    call = ("diff", kept.source, kept.bugs[0], "--out", tmp_path / "shown")
    told = posedge(*call, "--json")
    assert (told.code, told.json["status"], told.json["verb"]) == (1, "DIFFERENT", "diff"), told.err
    assert set(told.json) >= {"status", "bound", "trace", "assumptions", "control"}
    assert told.json["trace"]["judged_on"] == "icarus"
    assert {Path(file).suffix for file in told.json["files"]} == {".py", ".svg", ".json"}
    assert all((posedge.cwd / file).is_file() for file in told.json["files"])
    people = posedge(*call)
    assert "assumed: start values: registers and memories of the same name" in people.out
    assert f"DIFFERENT: {kept.source} and" in people.out


@pytest.mark.slow
def test_bounded_passes_from_the_bound_that_is_asked_for(posedge: Command, tmp_path: Path) -> None:
    """The versions differ 2^40 cycles after the reset, and the sum of two registers says so."""
    text = "module dut (input wire clk, input wire rst, input wire a, output wire y); reg [40:0] n, m;"
    text += " always @(posedge clk) if (rst) {n, m} <= 0; else begin n <= n + a; m <= m + !a; end"
    for name, shown in (("old", "n + m == 41'd1 << 40"), ("new", "1'b0")):
        (tmp_path / f"{name}.v").write_text(f"{text} assign y = {shown}; endmodule")
    call = ("diff", tmp_path / "old.v", tmp_path / "new.v", "--solver", "yices", "--depth", "3")
    told = posedge(*call, "--json")
    assert (told.code, told.json["status"], told.json["bound"]) == (4, "BOUNDED", 3), told.err
    assert posedge(*call, "--min-bound", "3").code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("old.v",), 2, "PE922: 1 versions were given; say: posedge diff OLD NEW"),
        (("old.v", "missing.v"), 2, "missing.v"),
        (("old.v", "other.v"), 2, "PE920: "),
        (("old.v", "other.v", "--top", "dut=core", "--map", "a"), 2, "PE922: --map a: it needs a name"),
        (("old.v", "ports.v"), 4, ""),
        (("old.v", "ports.v", "--tie", "b=z"), 2, "PE922: --tie b=z: z is no number"),
        (("--rev", "A..B", "old.v"), 2, "PE925: "),
    ],
)
def test_wrong_input_is_told_in_a_sentence(
    words: tuple[str, ...], code: int, said: str, posedge: Command, tmp_path: Path
) -> None:
    text = "module dut (input wire a, output wire y); assign y = a; endmodule"
    (tmp_path / "old.v").write_text(text)
    (tmp_path / "other.v").write_text(text.replace("dut", "core"))
    (tmp_path / "ports.v").write_text(text.replace("input wire a,", "input wire a, input wire b,"))
    told = posedge("diff", *(tmp_path / word if word.endswith(".v") else word for word in words))
    assert (told.code, said in told.err) == (code, True), told.err
