"""Laws of an assembled harness: its port map, its text on four front ends, what it refuses."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import lint
from tests.support.harness_runs import written
from tests.support.harnesses import harness_of
from tests.support.rtl import Kept, design_of, kept_designs
from verif.errors import Unsupported
from verif.harness import FieldKind

GOLDEN = Path(__file__).parents[2] / "golden" / "harnesses" / "sync_fifo"
UPDATE = os.environ.get("POSEDGE_UPDATE_GOLDEN") == "1"


def clean(files: list[Path], directory: Path) -> None:
    """Check that no front end has a word to say about ``files``."""
    assert lint.icarus(*files) == ""
    assert lint.verilator(*files) == ""
    assert lint.slang(*files) == []
    joined = directory / "joined.sv"
    joined.write_text("\n".join(file.read_text(encoding="utf-8") for file in files), encoding="utf-8")
    assert lint.yosys(joined) == ""


@pytest.mark.parametrize("kept", kept_designs(), ids=lambda kept: kept.name)
def test_harness_is_clean_on_every_front_end(kept: Kept, tmp_path: Path) -> None:
    clean(written(harness_of(kept.design), tmp_path), tmp_path)


def test_harness_is_the_golden_one() -> None:
    files = harness_of(Kept("sync_fifo").design).files
    if UPDATE:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    assert files == {file.name: file.read_text(encoding="utf-8") for file in GOLDEN.glob("*.sv")}


def test_harness_is_the_same_text_every_time() -> None:
    design = Kept("sync_fifo").design
    assert harness_of(design) == harness_of(design)


def test_resets_come_first_and_mean_active_whatever_their_level() -> None:
    harness = harness_of(Kept("async_fifo").design)
    assert [field.name for field in harness.stimulus[:2]] == ["stim_rst_wr_rst_n", "stim_rst_rd_rst_n"]
    assert all(field.kind is FieldKind.RESET for field in harness.stimulus[:2])
    text = harness.files["async_fifo_harness.sv"]
    assert "assign obs_wr_rst_n = ~stim_rst_wr_rst_n;" in text
    high = harness_of(Kept("wishbone_ram").design)
    assert "assign obs_wb_rst_i = stim_rst_wb_rst_i;" in high.files["wishbone_ram_harness.sv"]


def test_schedule_is_one_period_of_all_clocks() -> None:
    assert harness_of(Kept("async_fifo").design).schedule == ("wr_clk", "rd_clk", "wr_clk", "wr_clk", "rd_clk")
    assert harness_of(Kept("alu").design).schedule == ()


def test_every_plain_port_but_the_clocks_is_observed() -> None:
    harness = harness_of(Kept("async_fifo").design)
    ports = {port.name for port in harness.design.ports} - {"wr_clk", "rd_clk"}
    assert {observed.port for observed in harness.observed} == ports


def test_port_map_of_the_header_names_every_field() -> None:
    harness = harness_of(Kept("axi_lite_regs").design)
    header = harness.files["axi_lite_regs_harness.sv"].partition("`default_nettype")[0]
    for port in (*harness.stimulus, *harness.observed):
        assert re.search(rf"^//   {port.name} +{port.width}  ", header, re.MULTILINE)


def test_ports_that_are_called_like_the_harness_s_own_get_other_names(tmp_path: Path) -> None:
    text = """
module odd (input wire stim_a, input wire a, input wire obs_y, input wire [3:0] \\b.c , output wire y,
            output wire fail_y);
  assign y = stim_a & a & obs_y & \\b.c [0];
  assign fail_y = |\\b.c ;
endmodule
"""
    harness = harness_of(design_of(tmp_path, text))
    names = [each.name for each in (*harness.stimulus, *harness.observed)]
    assert len(set(names)) == len(names)
    files = written(harness, tmp_path)
    assert lint.icarus(*files) == "" and lint.slang(*files) == []
    assert lint.verilator(*files, allow=("DECLFILENAME", "UNUSEDSIGNAL")) == ""


def test_port_that_is_not_plain_is_refused_with_its_name() -> None:
    design = Kept("alu").design
    port = replace(design.ports[0], flat=False, type="bus_if.target")
    with pytest.raises(Unsupported, match=rf"^alu: a harness needs plain ports, and {port.name} is of the type bus_if"):
        harness_of(replace(design, ports=(port, *design.ports[1:])))


def test_clock_with_an_escaped_name_is_refused(tmp_path: Path) -> None:
    text = "module m (input wire \\clk.a , output reg q); always @(posedge \\clk.a ) q <= ~q; endmodule"
    with pytest.raises(Unsupported, match=r"^m: a harness can't carry a clock called 'clk\.a'; rename the port"):
        harness_of(design_of(tmp_path, text))
