"""What an X means to a monitor: an unknown boolean is false, and what looks back sees it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.tools import need
from verif.property import monitors, read_properties

CASES = {
    "a |-> b": (("1", "1"), ("x", "0"), ("1", "x"), ("0", "x")),
    "a |-> !b": (("1", "x"),),
    "a |-> b || !b": (("1", "x"), ("1", "z")),
    "a |-> $isunknown(b)": (("1", "x"), ("1", "z"), ("1", "0")),
    "a |-> $stable(b)": (("0", "x"), ("1", "x"), ("1", "1")),
    "a |-> $rose(b)": (("0", "x"), ("1", "1"), ("1", "x")),
    "a |=> b": (("x", "1"), ("0", "0")),
    "a |-> b === 1'bx": (("1", "x"), ("1", "0")),
}
FAILS = {
    "a |-> b": [2],
    "a |-> !b": [0],
    "a |-> b || !b": [0, 1],
    "a |-> $isunknown(b)": [2],
    "a |-> $stable(b)": [2],
    "a |-> $rose(b)": [2],
    "a |=> b": [],
    "a |-> b === 1'bx": [1],
}


@pytest.mark.parametrize("body", CASES)
def test_an_unknown_boolean_is_false_in_icarus(body: str, tmp_path: Path) -> None:
    path = tmp_path / "p.sv"
    path.write_text(f"module p (input logic clk, a, b); x: assert property (@(posedge clk) {body}); endmodule\n")
    (use,) = monitors(read_properties(path))
    ports = ", ".join(f".{port}({wiring})" for port, wiring in use.connections.items())
    steps = "".join(
        f"a = 1'b{a}; b = 1'b{b}; #2 $display(\"%b\", fail); clk = 1; #2 clk = 0;\n" for a, b in CASES[body]
    )
    play = f"""module play; reg clk = 0, a, b; wire fail;
{use.module} m ({ports}, .rst(1'b0), .fail(fail), .covered(), .seen());
initial begin {steps} end endmodule
"""
    (tmp_path / "play.sv").write_text(use.text + play)
    subprocess.run([need("iverilog"), "-g2012", "-o", "play", "play.sv"], cwd=tmp_path, check=True)
    done = subprocess.run([need("vvp"), "-n", "play"], cwd=tmp_path, check=True, capture_output=True, text=True)
    said = done.stdout.split()
    assert set(said) <= {"0", "1"}
    assert [cycle for cycle, bit in enumerate(said) if bit == "1"] == FAILS[body]
