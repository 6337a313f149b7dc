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
from tests.support.transactors import NO_ORACLES
from verif.errors import InputError, Unsupported
from verif.harness import FieldKind, assemble
from verif.plan.kinds import make_entry
from verif.plan.model import Testplan

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


def test_wide_inout_and_parametrised_ports_pass_all_front_ends(tmp_path: Path) -> None:
    text = """
module odd #(parameter W = 4) (
  input wire clk, input wire [W-1:0] a, input wire [99:0] b, inout wire [1:0] pad, output reg [W+99:0] y
);
  always @(posedge clk) y <= {a, b} ^ {pad[0], {W+99{1'b0}}};
  assign pad = a[0] ? 2'd1 : 2'bz;
endmodule
"""
    harness = harness_of(design_of(tmp_path, text, parameters=["W=70"]))
    assert harness.field("stim_a").width == 70 and harness.field("stim_a").words == 3
    assert "pad goes both ways: nothing drives it from outside." in harness.notes
    assert "odd #(.W(70)) dut (" in harness.files["odd_harness.sv"]
    files = written(harness, tmp_path)
    assert lint.icarus(*files) == "" and lint.slang(*files) == []
    assert lint.verilator(*files, allow=("DECLFILENAME", "UNUSEDSIGNAL")) == ""


def test_design_without_outputs_has_a_harness(tmp_path: Path) -> None:
    text = "module sink (input wire clk, input wire a);\n  reg q;\n  always @(posedge clk) q <= a;\nendmodule\n"
    harness = harness_of(design_of(tmp_path, text))
    assert [each.name for each in harness.observed] == ["obs_a"]
    files = written(harness, tmp_path)
    assert lint.icarus(*files) == "" and lint.slang(*files) == []


def test_module_that_the_design_already_has_gets_another_name(tmp_path: Path) -> None:
    text = """
module m (input wire clk, input wire rst, input wire valid, input wire [7:0] data, output wire ready);
  drive_stream inner (.ready(ready));
  reg q;
  always @(posedge clk) q <= rst ? 1'b0 : valid & data[0];
endmodule
module drive_stream (output wire ready);
  assign ready = 1'b1;
endmodule
"""
    entry = make_entry("StreamSource", "s", {name: name for name in ("valid", "data", "ready")})
    harness = assemble(design_of(tmp_path, text, top="m"), Testplan(dut="m", drivers=(entry,), points=()), NO_ORACLES)
    assert "module drive_stream_2 #(" in harness.files["m_harness.sv"]
    assert "drive_stream_2 #(" in harness.files["m_harness.sv"].partition("endmodule")[0]
    assert lint.slang(*written(harness, tmp_path)) == []


TWO = """
module two (
  input wire a_clk, input wire b_clk, input wire a_rst, input wire b_rst,
  input wire [3:0] a_req, output reg [3:0] a_gnt, input wire [3:0] b_req, output reg [3:0] b_gnt
);
  always @(posedge a_clk) a_gnt <= a_rst ? 4'd0 : a_req;
  always @(posedge b_clk) b_gnt <= b_rst ? 4'd0 : b_req;
endmodule
"""


def requesters(**clocks: str) -> Testplan:
    """Return a plan with a requester on each side; ``a=...``, ``b=...`` give their clocks."""
    entries = [
        make_entry("Requester", side, {"req": f"{side}_req", "gnt": f"{side}_gnt"}, options={"width": 4}, clock=clock)
        for side, clock in clocks.items()
    ]
    return Testplan(dut="two", drivers=tuple(entries), points=())


def test_transactor_has_its_own_clock_and_the_resets_of_that_clock(tmp_path: Path) -> None:
    harness = assemble(design_of(tmp_path, TWO), requesters(a="a_clk", b="b_clk"), NO_ORACLES)
    text = harness.files["two_harness.sv"]
    assert ".clk(b_clk),\n        .rst(stim_rst_b_rst)," in text
    assert {field.clock for field in harness.stimulus if field.driver == "b"} == {"b_clk"}


def test_driver_that_no_clock_paces_takes_the_first_and_a_note_says_so(tmp_path: Path) -> None:
    harness = assemble(design_of(tmp_path, TWO), requesters(a="a_clk", b=""), NO_ORACLES)
    assert "Nobody says which clock paces b: a_clk does." in harness.notes
    assert {field.clock for field in harness.stimulus if field.driver == "b"} == {"a_clk"}


def test_protocol_without_a_clock_takes_stimulus_as_it_is_and_a_note_says_so(tmp_path: Path) -> None:
    text = "module m (input wire valid, input wire [7:0] data, output wire ready); assign ready = data[0]; endmodule"
    entry = make_entry("StreamSource", "s", {name: name for name in ("valid", "data", "ready")})
    harness = assemble(design_of(tmp_path, text), Testplan(dut="m", drivers=(entry,), points=()), NO_ORACLES)
    assert [field.name for field in harness.stimulus] == ["stim_valid", "stim_data"]
    assert "s takes stimulus as it is, legal or not: the design has no clock." in harness.notes


def test_input_without_a_driver_takes_stimulus_as_it_is_and_a_note_says_so(tmp_path: Path) -> None:
    harness = assemble(design_of(tmp_path, TWO), requesters(a="a_clk"), NO_ORACLES)
    assert "No driver of the plan drives b_req: it takes its stimulus as it is." in harness.notes


def test_plan_that_names_a_port_the_design_lacks_is_refused(tmp_path: Path) -> None:
    entry = make_entry("Requester", "a", {"req": "a_req", "gnt": "grant"}, options={"width": 4})
    plan = Testplan(dut="two", drivers=(entry,), points=())
    with pytest.raises(InputError, match=r"^testplan: driver a names the port grant, which the design lacks\.$"):
        assemble(design_of(tmp_path, TWO), plan, NO_ORACLES)


def test_plan_with_two_drivers_for_a_port_is_refused(tmp_path: Path) -> None:
    plan = requesters(a="a_clk")
    twice = plan.model_copy(update={"drivers": (*plan.drivers, plan.drivers[0].model_copy(update={"name": "c"}))})
    with pytest.raises(InputError, match=r"^testplan: driver c drives a_req, which is no input or has a driver\.$"):
        assemble(design_of(tmp_path, TWO), twice, NO_ORACLES)
