"""The hardware that ships with a bench."""

from __future__ import annotations

from pathlib import Path

from tests.support import lint
from tests.support.drafts import rtl_source, text_source
from verif.bench.render import BenchSource
from verif.campaign.from_sources import flattened
from verif.campaign.harness_files import harness_files
from verif.plan.baseline import baseline_plan

ARRAYS = """
module lanes (input logic clk, input logic [7:0] in [2], output logic [7:0] out [2]);
  always_ff @(posedge clk) out <= in;
endmodule
"""


def test_harness_lies_beside_the_bench_in_two_files() -> None:
    hardware = harness_files(rtl_source("skid_buffer"))
    assert list(hardware.files) == ["skid_buffer_monitors.sv", "skid_buffer_harness.sv"]
    assert hardware.note == ""


def test_harness_of_a_design_that_nothing_judges_is_one_file(tmp_path: Path) -> None:
    source = text_source(tmp_path, "module m (input wire a, output wire y); assign y = ~a; endmodule\n")
    assert list(harness_files(source).files) == ["m_harness.sv"]


def test_harness_around_a_flat_wrapper_is_named_after_the_design(tmp_path: Path) -> None:
    plain = text_source(tmp_path, ARRAYS)
    design, wrapper = flattened(plain.design, tmp_path)
    source = BenchSource(design=design, plan=baseline_plan(design), oracles=plain.oracles, dut="lanes", wrapper=wrapper)
    files = harness_files(source).files
    assert list(files) == ["lanes_harness.sv"]
    assert "lanes_wrap dut (" in files["lanes_harness.sv"]
    (tmp_path / "lanes_harness.sv").write_text(files["lanes_harness.sv"], encoding="utf-8")
    assert lint.slang(*design.sources.files, tmp_path / "lanes_harness.sv") == []


def test_draft_without_a_harness_tells_why(tmp_path: Path) -> None:
    text = "module m (input wire \\clk.a , output reg q); always @(posedge \\clk.a ) q <= ~q; endmodule\n"
    hardware = harness_files(text_source(tmp_path, text))
    assert not hardware.files
    assert hardware.note == "no harness: m: a harness can't carry a clock called 'clk.a'; rename the port."
