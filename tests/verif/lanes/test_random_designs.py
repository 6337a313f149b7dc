"""Random designs show the same bits in lanes and in the batch engine: operators, widths, signs, branches, memories."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.harnesses import around
from tests.support.lanes import difference
from tests.support.random_rtl import OUTPUT, Block, blocks, design

TOGETHER = 10
"""Designs in one build: they share nothing but the clock and the reset."""
SLOW_BUILDS = 50
_ONCE = {
    "deadline": None,
    "derandomize": True,
    "phases": (Phase.generate,),
    "suppress_health_check": list(HealthCheck),
}


def compare(designs: list[Block], register_bits: int) -> None:
    body, modules = design(designs)
    with tempfile.TemporaryDirectory() as folder:
        harness = around(body, Path(folder) / "design", width=OUTPUT * len(designs))
        source = harness.design.sources.files[0]
        source.write_text(source.read_text(encoding="utf-8") + modules, encoding="utf-8")
        found = difference(harness, Path(folder), register_bits=register_bits)
        assert found == "", f"{found}\n{modules}"


@settings(max_examples=2, **_ONCE)  # the first is the simplest that there is
@given(st.lists(blocks(), min_size=TOGETHER, max_size=TOGETHER), st.sampled_from((0, 1024)))
def test_random_designs_show_the_same_bits(designs: list[Block], register_bits: int) -> None:
    compare(designs, register_bits)


@pytest.mark.slow
@settings(max_examples=SLOW_BUILDS, **_ONCE)
@given(st.lists(blocks(), min_size=TOGETHER, max_size=TOGETHER), st.sampled_from((0, 1024)))
def test_five_hundred_random_designs_show_the_same_bits(designs: list[Block], register_bits: int) -> None:
    compare(designs, register_bits)


HARD = """
  reg signed [4:0] r0;
  reg signed [9:0] r1;
  reg [9:0] m [0:2];
  wire [9:0] kept = m[{($signed(5'sd14) ? (a ? (-8'sd70) : r0) : (r1 >> (-4'sd6)))} % 3];
  always @(posedge clk)
    if (rst) r0 <= 6;
    else if ((r0 >>> (7'sd101 == r1))) begin
      case (3'(((a[r0[2:0]] ? r1[7] : r1[5]) <<< (| r0)))) 3'd7: r0 <= r1; 3'd3: r0 <= (~| kept); endcase
    end else r0 <= (a[3:1] >= (a[7] % ((-4'd6) ^ {a[6:0], a[7]})));
  always @(posedge clk or posedge rst)
    if (rst) r1 <= 7;
    else if (($signed(kept) << (7'd7 << a[3]))) begin
      casez (3'(((! r1[9:6]) ? (kept[1] ^ r1) : (kept ? kept : a[a[2:0]]))))
        3'd4: r1 <= (3'sd0 ? r0 : kept[2:2]);
        default: r1 <= ((2'sd3 >> r0[4]) | (r0[2] ? kept : r1[0]));
      endcase
    end else r1 <= ((~& (-3'sd2)) + (r1[7:7] != kept));
  always @(posedge clk)
    m[{((a[1] - r0[4]) / (a[7:3] ^ {a[6:0], a[7]}))} % 3] <= ({r1[2:0], 6'sd62} <<< (a[2:2] >> r0[2]));
  assign y = r0;
"""


def test_a_netlist_that_is_too_much_for_mapping_by_area_is_mapped_plainly() -> None:
    """ABC ends with an assertion in ``lutpack`` here."""
    compare([Block(text=HARD)], register_bits=1024)
