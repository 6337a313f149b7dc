"""A design sees in its harness what it sees in a bench: its inputs, replayed on it alone, give the same outputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import rtl_source
from tests.support.harness_runs import any_rows, bare, play_all
from tests.support.rtl import design_of, kept_designs
from tests.support.transactors import NO_ORACLES
from verif.design.model import Design
from verif.harness import FieldKind, Harness, assemble
from verif.plan.kinds import make_entry
from verif.plan.model import Testplan

STREAM = """
module m (
  input wire clk, input wire rst, input wire valid, input wire [7:0] data, output wire ready, output reg [7:0] y
);
  reg [1:0] count;
  wire taken = valid & ready;
  assign ready = count != 0;
  always @({edge} clk) count <= rst || count == 2 ? 2'd0 : count + 2'd1;
  {body}
endmodule
"""
BODIES = {
    "falling edge": ("negedge", "always @(negedge clk) if (rst) y <= 0; else if (taken) y <= data;"),
    "both edges": (
        "posedge",
        "reg [7:0] early; always @(negedge clk) early <= data; always @(posedge clk) y <= rst ? 0 : early;",
    ),
    "latch": ("posedge", "always_latch if (clk) y = data;"),
    "divider": (
        "posedge",
        """reg half, quarter;
  always @(posedge clk) half <= rst ? 0 : ~half;
  always @(posedge half or posedge rst) quarter <= rst ? 0 : ~quarter;
  always @(posedge quarter or posedge rst) y <= rst ? 0 : data;""",
    ),
    "gate": (
        "posedge",
        "reg on; always @(negedge clk) on <= rst | valid; always @(posedge (clk & on)) y <= rst ? 0 : data;",
    ),
}


def stream_harness(design: Design) -> Harness:
    """Return the harness in which a source feeds the design."""
    entry = make_entry(
        "StreamSource", "s", {name: name for name in ("valid", "data", "ready")}, options={"data_width": 8}
    )
    return assemble(design, Testplan(dut="m", drivers=(entry,), points=()), NO_ORACLES)


def differences(harness: Harness, directory: Path, ticks: int = 600) -> list[int]:
    """Return the ticks in which the design alone gives other outputs than in its harness."""
    rows = list(any_rows(harness, ticks, 1))
    resets = [field.name for field in harness.stimulus if field.kind is FieldKind.RESET]
    for row in rows[ticks // 2 : ticks // 2 + 8]:
        row |= dict.fromkeys(resets, 1)
    inside = play_all(harness, rows, directory)
    alone = bare(harness, inside, directory)
    settled = harness.reset_ticks
    return [
        tick
        for tick, (one, other) in enumerate(zip(inside, alone, strict=True))
        if tick >= settled and any(one[port] != value for port, value in other.items())
    ]


@pytest.mark.parametrize("name", [kept.name for kept in kept_designs()])
def test_design_acts_in_its_harness_as_in_a_bench(name: str, tmp_path: Path) -> None:
    source = rtl_source(name)
    harness = assemble(source.design, source.plan, source.oracles)
    assert differences(harness, tmp_path) == []


@pytest.mark.parametrize("kind", BODIES)
def test_inputs_hold_still_for_whatever_else_the_clock_moves(kind: str, tmp_path: Path) -> None:
    edge, body = BODIES[kind]
    design = design_of(tmp_path, STREAM.format(edge=edge, body=body))
    assert design.clocks[0].plain == (kind == "falling edge")
    assert differences(stream_harness(design), tmp_path) == []


@pytest.mark.parametrize("kind", ["both edges", "latch", "divider"])
def test_clock_that_is_wrongly_called_plain_gives_other_outputs(kind: str, tmp_path: Path) -> None:
    edge, body = BODIES[kind]
    design = design_of(tmp_path, STREAM.format(edge=edge, body=body))
    plain = replace(design, clocks=tuple(replace(clock, plain=True) for clock in design.clocks))
    assert differences(stream_harness(plain), tmp_path)


def test_plain_clock_has_transactors_on_its_active_edge_only() -> None:
    source = rtl_source("sync_fifo")
    text = assemble(source.design, source.plan, source.oracles).files["sync_fifo_harness.sv"]
    assert "negedge" not in text and "~clk" not in text
