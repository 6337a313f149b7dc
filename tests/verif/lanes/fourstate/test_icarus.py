"""Four-state lanes beside Icarus: what lanes know is so, construct by construct, on ``rtl/`` and on random designs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.four_states import compared, of_body, without_constant_orders
from tests.support.harnesses import around, harness_of
from tests.support.random_rtl import OUTPUT, Block, blocks, design
from tests.support.rtl import Kept, kept_designs
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.errors import Unsupported
from verif.lanes.fourstate.synthesis import RULES

TOGETHER = 4
SLOW_BUILDS = 75
_ONCE = {
    "deadline": None,
    "derandomize": True,
    "phases": (Phase.generate,),
    "suppress_health_check": list(HealthCheck),
}
STORAGE = """
  logic [7:0] late, reset, held; logic [7:0] some [0:4]; logic [7:0] full [0:3]; logic [3:0] stage;
  initial begin full[0] = 8'd1; full[1] = 8'd2; full[2] = 8'd3; full[3] = 8'd4; end
  assign bad = 1'b0;
  always_ff @(posedge clk) if (&a[2:0]) late <= a;
  always_ff @(posedge clk) if (rst) reset <= 8'd0; else if (a[0]) reset <= late;
  always_ff @(posedge clk) if (a[1]) some[a[5:3]] <= a; else if (a[0]) some[late[2:0]] <= 8'd0;
  always_ff @(posedge clk) if (late[7]) full[a[1:0]] <= reset;
  always_ff @(posedge clk or posedge rst) if (rst) stage <= 4'd3; else stage <= late[3:0];
  always_latch if (a[2]) held = late;
  assign y = {some[a[7:5]][1:0], full[a[7:6]][0], full[late[1:0]][0], reset[1:0], held[0], stage[0]};
"""
BRANCHES = """
  logic [7:0] late, one, two, three; logic [3:0] four;
  always_ff @(posedge clk) if (&a[2:0]) late <= a;
  assign bad = 1'b0;
  always_comb begin
    one = 8'd1;
    if (late[0]) one = 8'd2; else if (late[1]) one = {late[3:0], 4'd7};
    // All that two states can be is listed: an X takes the default.
    case (late[2:1]) 2'd0, 2'd1: two = 8'd8; 2'd2: two = 8'd8; 2'd3: two = 8'd8; default: two = 8'd3; endcase
    casez (late) 8'b1???????: three = 8'd1; 8'b01??????: three = 8'bx; default: three = late[0] ? 8'h55 : 8'h5a; endcase
    four = 4'd0;
    four[late[5:4]] = late[6];
  end
  assign y = {one[2:0], two[0], three[1:0], four[a[1:0]], late[a[2:0]]};
"""
OPERATORS = """
  logic [7:0] late; logic signed [3:0] less;
  always_ff @(posedge clk) if (&a[1:0]) begin late <= a; less <= a[3:0]; end
  assign bad = 1'b0;
  assign y[0] = late == a;
  assign y[1] = late < a || late[0] && a[0];
  assign y[2] = ^late === 1'bx;
  assign y[3] = |(less >>> a[1:0]);
  assign y[4] = !(late + a);
  wire [7:0] product = late[1:0] * a[0];  // read_slang cuts it to 3 bits
  assign y[5] = (late << less) !== (a * late) || product[6];
  assign y[6] = a / (late & 8'd1) == a;
  assign y[7] = &{late[0], a[0]} ^ ~|less;
"""
BUSES = """
  wire [3:0] bus; logic [7:0] late;
  always_ff @(posedge clk) if (&a[1:0]) late <= a;
  assign bad = 1'b0;
  assign bus = a[0] ? a[7:4] : 4'bz;
  assign bus = a[1] ? late[7:4] : 4'bz;
  bufif1 third (bus[0], a[5], late[2]);
  wire lonely = a[3] ? late[1] : 1'bz;
  assign y = {bus ^ {4{lonely}}, bus};
"""


@pytest.mark.parametrize(
    ("body", "register_bits"),
    [(STORAGE, 0), (STORAGE, 1024), (BRANCHES, 1024), (OPERATORS, 1024), (BUSES, 1024)],
    ids=["arrays", "registers", "branches", "operators", "buses"],
)
def test_what_lanes_know_is_so_in_icarus(body: str, register_bits: int, tmp_path: Path) -> None:
    found = of_body(body, tmp_path, register_bits=register_bits)
    assert found.sound
    assert found.unknown


BROKEN = {
    "an unknown select": ("assign YK = SK ? (S ? BK : AK) : AK & BK & ~(A ^ B);", "assign YK = S ? BK : AK;"),
    "arithmetic": ("assign YK = {Y_WIDTH{&AK & &BK}};", "assign YK = {Y_WIDTH{&AK | &BK}};"),
    "an unknown address": ("found & {WIDTH{inside & (&RAK[ABITS*p +: ABITS])}};", "found;"),
    "two drivers": ("assign YK = (one ^ zero) & ~|(on & ~(AK & EK));", "assign YK = one | zero;"),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_caught(rule: str, tmp_path: Path) -> None:
    right, wrong = BROKEN[rule]
    text = RULES.read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "rules.sv").write_text(text.replace(right, wrong), encoding="utf-8")
    bodies = {
        "an unknown select": BRANCHES,
        "arithmetic": OPERATORS,
        "an unknown address": STORAGE,
        "two drivers": BUSES,
    }
    assert not of_body(bodies[rule], tmp_path, rules=tmp_path / "rules.sv").sound


def test_a_wire_that_a_buffer_and_logic_drive_is_refused_by_name(tmp_path: Path) -> None:
    body = "  wire shared = a[0] & a[3]; bufif1 one (shared, a[1], a[2]); assign y = {7'd0, shared}; assign bad = 1'b0;"
    with pytest.raises(Unsupported, match=r"no rule for dut\.shared, which a tri-state buffer and logic drive"):
        of_body(body, tmp_path)


def test_a_design_without_inputs_is_compared(tmp_path: Path) -> None:
    (tmp_path / "fixed.sv").write_text("module fixed (output wire [3:0] y); assign y = 4'b1x0z; endmodule\n", "utf-8")
    (port,) = compared(harness_of(read_design(resolve_sources((tmp_path / "fixed.sv",)))), tmp_path, lanes=2, ticks=5)
    assert (port.sound, port.unknown, port.bits) == (True, 20, 40)


@pytest.mark.parametrize("reset", [True, False])
def test_a_design_of_rtl_knows_what_icarus_knows(reset: bool, tmp_path: Path) -> None:
    found = compared(harness_of(Kept("async_fifo").design), tmp_path, lanes=8, ticks=100, reset=reset)
    assert all(port.sound for port in found)
    assert any(port.only_icarus_knows for port in found) is not reset


@pytest.mark.slow
@pytest.mark.parametrize("design", kept_designs(), ids=lambda design: design.name)
def test_every_design_of_rtl_knows_what_icarus_knows_and_has_no_more_x(design: Kept, tmp_path: Path) -> None:
    found = compared(harness_of(design.design), tmp_path, lanes=64, ticks=500)
    assert all(port.sound for port in found)
    assert not any(port.only_icarus_knows for port in found)


def _sound(designs: list[Block], register_bits: int, reset: bool) -> None:
    body, modules = design([without_constant_orders(each) for each in designs])
    with tempfile.TemporaryDirectory() as folder:
        harness = around(body, Path(folder) / "design", width=OUTPUT * len(designs))
        source = harness.design.sources.files[0]
        source.write_text(source.read_text(encoding="utf-8") + modules, encoding="utf-8")
        found = compared(harness, Path(folder), lanes=8, reset=reset, register_bits=register_bits)
        assert all(port.sound for port in found), f"{found}\n{modules}"


@settings(max_examples=2, **_ONCE)
@given(st.lists(blocks(), min_size=TOGETHER, max_size=TOGETHER), st.sampled_from((0, 1024)), st.booleans())
def test_random_designs_know_what_icarus_knows(designs: list[Block], register_bits: int, reset: bool) -> None:
    _sound(designs, register_bits, reset)


@pytest.mark.slow
@settings(max_examples=SLOW_BUILDS, **_ONCE)
@given(st.lists(blocks(), min_size=TOGETHER, max_size=TOGETHER), st.sampled_from((0, 1024)), st.booleans())
def test_three_hundred_random_designs_know_what_icarus_knows(
    designs: list[Block], register_bits: int, reset: bool
) -> None:
    _sound(designs, register_bits, reset)
