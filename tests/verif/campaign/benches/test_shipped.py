"""The hardware that ships with a bench."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support import lint
from tests.support.drafts import rtl_source, text_source
from verif.bench.render import BenchSource
from verif.campaign.benches.shipped import harness_files, properties_file
from verif.campaign.drafts.from_sources import flattened
from verif.plan.baseline import baseline_plan

ARRAYS = """
module lanes (input logic clk, input logic [7:0] in [2], output logic [7:0] out [2]);
  always_ff @(posedge clk) out <= in;
endmodule
"""


def test_harness_lies_beside_the_bench_in_two_files(tmp_path: Path) -> None:
    hardware = harness_files(rtl_source("skid_buffer"), tmp_path)
    assert list(hardware.files) == ["skid_buffer_monitors.sv", "skid_buffer_harness.sv"]
    assert hardware.notes == ()


def test_harness_of_a_design_that_nothing_judges_is_one_file(tmp_path: Path) -> None:
    source = text_source(tmp_path, "module m (input wire a, output wire y); assign y = ~a; endmodule\n")
    assert list(harness_files(source, tmp_path).files) == ["m_harness.sv"]


def test_harness_around_a_flat_wrapper_is_named_after_the_design(tmp_path: Path) -> None:
    plain = text_source(tmp_path, ARRAYS)
    design, wrapper = flattened(plain.design, tmp_path)
    source = BenchSource(design=design, plan=baseline_plan(design), oracles=plain.oracles, dut="lanes", wrapper=wrapper)
    files = harness_files(source, tmp_path).files
    assert list(files) == ["lanes_harness.sv"]
    assert "lanes_wrap dut (" in files["lanes_harness.sv"]
    (tmp_path / "lanes_harness.sv").write_text(files["lanes_harness.sv"], encoding="utf-8")
    assert lint.slang(*design.sources.files, tmp_path / "lanes_harness.sv") == []


def test_draft_without_a_harness_tells_why(tmp_path: Path) -> None:
    text = "module m (input wire \\clk.a , output reg q); always @(posedge \\clk.a ) q <= ~q; endmodule\n"
    hardware = harness_files(text_source(tmp_path, text), tmp_path)
    assert not hardware.files
    assert hardware.notes == ("no harness: m: a harness can't carry a clock called 'clk.a'; rename the port.",)


DOUBTS = """module sync_fifo_props (input logic clk, rst_n, full, empty, input logic [4:0] level);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);
  level_fits: assert property (level <= 16);
  one_side: assume property (!full);
  seen_full: cover property (full);
endmodule
"""


def test_properties_of_the_user_are_in_the_harness_and_around_the_design(tmp_path: Path) -> None:
    source = rtl_source("sync_fifo")
    files = harness_files(source, tmp_path, DOUBTS).files
    assert "output wire fail_level_fits" in files["sync_fifo_harness.sv"]
    assert "output wire illegal_one_side" in files["sync_fifo_harness.sv"]
    assert "wire covered_seen_full;" in files["sync_fifo_harness.sv"]
    bound = files["sync_fifo_bound.sv"]
    assert "output wire property_SPEC_level_fits" in bound
    assert "output wire assumed_SPEC_one_side" in bound
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    rtl = source.design.sources.files
    assert lint.slang(*rtl, tmp_path / "sync_fifo_bound.sv") == []
    assert lint.icarus(*rtl, tmp_path / "sync_fifo_bound.sv", top="sync_fifo_bound") == ""
    beside = [tmp_path / "sync_fifo_monitors.sv", tmp_path / "sync_fifo_harness.sv"]
    assert lint.verilator(*rtl, *beside) == ""
    assert lint.icarus(*rtl, *beside, top="sync_fifo_harness") == ""


def test_drafted_properties_that_the_oracles_judge_are_not_judged_again(tmp_path: Path) -> None:
    source = rtl_source("sync_fifo")
    drafted = properties_file(source.design, source.oracles, "sync_fifo")["sync_fifo_props.sv"]
    assert "// A FIFO is never full and empty.\n  full_not_empty: assert property (!(full && empty));" in drafted
    files = harness_files(source, tmp_path, drafted).files
    assert "sync_fifo_bound.sv" not in files
    assert "fail_full_not_empty" not in files["sync_fifo_harness.sv"]
    changed = drafted.replace("property (!(full && empty))", "property (!(full && empty && rst_n))")
    assert "fail_full_not_empty" in harness_files(source, tmp_path, changed).files["sync_fifo_harness.sv"]


def test_drafted_properties_name_the_requirements_that_they_check() -> None:
    source = rtl_source("skid_buffer")
    drafted = properties_file(source.design, source.oracles, "skid_buffer")["skid_buffer_props.sv"]
    assert re.search(r"// Once m_axis_tvalid is 1, .* Checks R\d", drafted)


def test_a_file_of_properties_that_cannot_be_taken_is_told_and_left_out(tmp_path: Path) -> None:
    hardware = harness_files(rtl_source("sync_fifo"), tmp_path, DOUBTS.replace("level <= 16", "levl <= 16"))
    assert "level_fits" not in hardware.files["sync_fifo_harness.sv"]
    assert len(hardware.notes) == 1
    assert "sync_fifo_props.sv:4:32: use of undeclared identifier 'levl'" in hardware.notes[0]
