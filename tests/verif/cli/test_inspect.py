"""``posedge inspect`` as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.rtl import write

_COUNTER = """
module counter #(parameter W = 4) (input clk, input rst_n, input en, output reg [W-1:0] count);
  always @(posedge clk or negedge rst_n) if (!rst_n) count <= 0; else if (en) count <= count + 1;
endmodule
"""


def test_inspect_prints_the_keys_of_the_contract(posedge: Command, tmp_path: Path) -> None:
    write(tmp_path, counter__sv=_COUNTER)
    answer = posedge("inspect", "--json", "counter.sv", "-P", "W=6")
    assert (answer.code, answer.err) == (0, "")
    found = answer.json
    assert (found["schema"], found["verb"], found["top"]) == (1, "inspect", "counter")
    assert {"ports", "parameters", "clocks", "resets", "protocols", "fsms", "hierarchy"} <= found.keys()
    assert [(port["name"], port["width"], port["role"]) for port in found["ports"]] == [
        ("clk", 1, "clock"),
        ("rst_n", 1, "reset"),
        ("en", 1, "data"),
        ("count", 6, "data"),
    ]
    assert found["clocks"] == [
        {"name": "clk", "edge": "rising", "ratio": 1, "evidence": "clocks 1 register(s), first at counter.sv:3"}
    ]
    assert found["parameters"] == [{"name": "W", "value": "6", "local": False}]


def test_inspect_prints_compact_text(posedge: Command, tmp_path: Path) -> None:
    write(tmp_path, counter__sv=_COUNTER)
    assert posedge("inspect", "counter.sv").out == (
        "counter  (counter.sv)\n"
        "parameters\n"
        "  W = 4\n"
        "clocks\n"
        "  clk: rising edge  [clocks 1 register(s), first at counter.sv:3]\n"
        "resets\n"
        "  rst_n: active low, asynchronous of clk  [sets 1 register(s) to constants, first at counter.sv:3]\n"
        "ports\n"
        "  input  clk    logic  clock\n"
        "  input  rst_n  logic  reset\n"
        "  input  en     logic\n"
        "  output count  reg[3:0]\n"
        "cones (found by slang)\n"
        "  count <- en\n"
        "notes\n"
        "  pyverilog can't take this design: counter.sv is SystemVerilog\n"
    )


@pytest.mark.parametrize(
    ("files", "arguments", "sentence"),
    [
        ({}, ["gone.v"], "PE101: gone.v: no such file or directory."),
        ({"m__v": ""}, ["m.v"], "PE102: m.v: the file is empty; Verilog and SystemVerilog sources are read."),
        (
            {"a__v": "module a; endmodule\nmodule b; endmodule\n"},
            ["a.v"],
            "PE108: a.v: 2 modules could be the top: a, b; choose one, for example with --top a.",
        ),
        (
            {"a__v": "module a (input x; endmodule\n"},
            ["a.v"],
            "PE106: a.v:1:18: syntax error: expected ')'.",
        ),
        (
            {"read__me": "hello"},
            ["."],
            "PE105: .: the directory holds no Verilog or SystemVerilog; name a directory with",
        ),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(
    posedge: Command, tmp_path: Path, files: dict[str, str], arguments: list[str], sentence: str
) -> None:
    write(tmp_path, **files)
    answer = posedge("inspect", *arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith(f"posedge: {sentence}")
    assert answer.err.count("\n") == 1


def test_error_under_json_is_an_object_with_its_code(posedge: Command) -> None:
    answer = posedge("inspect", "--json", "gone.v")
    assert answer.code == 2
    assert answer.json["error"] == {"code": "PE101", "message": "gone.v: no such file or directory."}


def test_inspect_writes_nothing_beside_the_sources(posedge: Command, tmp_path: Path) -> None:
    write(tmp_path, counter__v=_COUNTER)
    posedge("inspect", "counter.v", env={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "cache") == ["counter.v"]
