"""``posedge diff`` as a user calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import ROOT, Command
from tests.support.rtl import Kept
from verif.workspace import Workspace

LATE = """module dut (input wire clk, input wire rst, input wire a, output wire y, output reg z);
  reg [40:0] n, m;
  always @(posedge clk) if (rst) {n, m, z} <= 0; else begin n <= n + a; m <= m + !a; z <= a; end
"""
"""The versions differ 2^40 cycles after the reset, and the sum of two registers says so; z is the same for ever."""


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
        (("old.v", "old.v", "--map", "q=r"), 2, "PE921: --map q=r: OLD has nothing that is called q"),
        (("old.v", "old.v", "--map", "dut.q=a"), 2, "PE921: --map dut.q=a: OLD has nothing that is called q"),
        (("old.v", "old.v", "--blackbox", "pll"), 2, "PE921: --blackbox pll: no source of either version names"),
        (("old.v", "old.v", "--blackbox", "dut"), 2, "PE921: --blackbox dut: that is the top itself"),
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


@pytest.mark.parametrize("way", [signal.SIGINT, pytest.param(signal.SIGKILL, marks=pytest.mark.slow)])
def test_interrupted_comparison_goes_on(
    way: signal.Signals, posedge: Command, workspace: Workspace, tmp_path: Path
) -> None:
    for name, shown in (("old", "n + m == 41'd1 << 40"), ("new", "1'b0")):
        (tmp_path / f"{name}.v").write_text(f"{LATE} assign y = {shown}; endmodule")
    call = ["diff", "--json", str(tmp_path / "old.v"), str(tmp_path / "new.v"), "--solver", "yices", "--budget"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "verif.cli.main", *call, "120s"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as process:
        limit = time.monotonic() + 120
        while not (known := _known(workspace)).get("proved") and time.monotonic() < limit:
            time.sleep(0.05)
        process.send_signal(way)
        output, _ = process.communicate(timeout=60)
    if way is signal.SIGINT:
        first = json.loads(output)
        assert (process.returncode, first["interrupted"], first["resumed"]) == (130, True, False)
        assert (first["bound"], first["control"]) == (_known(workspace)["bound"], None)
    assert known["bound"] >= 12
    told = posedge(*call, "6s")
    assert (told.code, told.json["resumed"], told.json["interrupted"]) == (4, True, False), told.err
    assert told.json["bound"] >= known["bound"] and "searching a few cycles" in told.json["stages"]
    assert [port["port"] for port in told.json["ports"] if port["proved"]] == ["z"]
    anew = posedge(*call, "1s", "--fresh")
    assert anew.json["resumed"] is False


def _known(workspace: Workspace) -> dict[str, object]:
    """Return what a comparison keeps; nothing where it doesn't yet."""
    for file in workspace.builds.glob("diff/*/*.json"):
        found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
        if "proved" in found:
            return found
    return {}
