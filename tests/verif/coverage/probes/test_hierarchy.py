"""Laws of probes below the top: all instances of a module count together, in whatever generate block they lie."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.probes import Probed
from verif.formal.yosys import read_command, run_yosys
from verif.sim.process import Processes

LEAF = """
module leaf (input wire clk, input wire d, output reg q);
  always @(posedge clk) if (d) q <= 1; else q <= 0;
endmodule
"""

MANY = (
    """
module dut (input wire clk, input wire [5:0] a, output wire [5:0] y);
  leaf two[1:0] (clk, a[1:0], y[1:0]);
  genvar i;
  generate
    for (i = 2; i < 4; i = i + 1) begin : turn
      leaf \\one+more (.clk(clk), .d(a[i]), .q(y[i]));
    end
  endgenerate
  inner #(.LOW(1)) low (.clk(clk), .d(a[4]), .q(y[4]));
  inner #(.LOW(0)) high (.clk(clk), .d(a[5]), .q(y[5]));
endmodule
module inner #(parameter LOW = 1) (input wire clk, input wire d, output wire q);
  generate
    if (LOW) begin
      leaf u (.clk(clk), .d(d), .q(q));
    end else begin
      reg kept;
      always @(posedge clk)
        if (d) kept <= 1;
      assign q = kept;
    end
    if (LOW) leaf alone (.clk(clk), .d(d), .q());
    else if (1) always @(posedge clk) if (d) ; else ;
  endgenerate
endmodule
"""
    + LEAF
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Probed:
    return Probed(tmp_path_factory.mktemp("many"), MANY)


def test_all_instances_of_a_module_count_together(many: Probed) -> None:
    assert many.ids == ["inner:20:if", "inner:20:else", "inner:24:if", "inner:24:else", "leaf:29:if", "leaf:29:else"]
    first = many.ticks({"a": 0}, {"a": 0}, {"a": 0})
    assert set(first) == {"inner:20:else", "inner:24:else", "leaf:29:else"}
    for bit in range(5):
        assert many.ticks({}, {}, {"a": 1 << bit}, {})["leaf:29:if"] == 3
    assert many.ticks({}, {}, {"a": 32}, {})["inner:20:if"] == 3
    assert "leaf:29:if" not in many.ticks({}, {}, {"a": 32}, {})


def test_icarus_and_read_slang_take_instrumented_copies(many: Probed, tmp_path: Path) -> None:
    files = list(many.probed.harness.design.sources.files)
    for name, text in many.probed.harness.files.items():
        files.append(tmp_path / name)
        files[-1].write_text(text)
    top = many.probed.harness.top
    command = ["iverilog", "-g2012", "-s", top, "-o", str(tmp_path / "out"), *map(str, files)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    sources = many.probed.harness.design.sources
    read = read_command(type(sources)(files=tuple(files)), top)
    run_yosys([read, f"hierarchy -top {top}", "proc", "flatten", "check -assert"], tmp_path, processes=Processes())


def test_branches_of_one_name_get_names_of_their_own(tmp_path: Path) -> None:
    text = """
module dut (input wire clk, input wire [1:0] a, output reg [1:0] y);
  part #(0) zero (clk, a[0], y[0]);
  part #(1) one (clk, a[1], y[1]);
endmodule
module part #(parameter P = 0) (input wire clk, input wire d, output reg q);
  if (P) begin : same
    always @(posedge clk) if (d) q <= 1;
  end : same
  else begin : same
    always @(posedge clk) if (!d) q <= 0;
  end : same
endmodule
"""
    dut = Probed(tmp_path, text)
    assert dut.ids == ["part:8:if", "part:8:else", "part:11:if", "part:11:else"]
    found = dut.ticks({}, {"a": 3}, {"a": 3}, {})
    assert found == {"part:8:else": 1, "part:11:if": 1, "part:8:if": 2, "part:11:else": 2}


def test_an_unused_module_has_no_points(tmp_path: Path) -> None:
    dut = Probed(
        tmp_path, MANY + "module unused (input a, output reg b); always @* if (a) b = 1; else b = 0; endmodule"
    )
    assert not [name for name in dut.ids if name.startswith("unused")]


def test_names_of_the_design_are_not_taken(tmp_path: Path) -> None:
    text = """
module dut (input wire pe_v0, input wire pe2_x, output reg y);
  always @* if (pe_v0) y = pe2_x; else y = 0;
endmodule
"""
    dut = Probed(tmp_path, text)
    assert "pe3_v0" in dut.text
    assert dut.ticks({"pe_v0": 1}) == {"dut:3:if": 0}
