"""Stimulus on RTL without cocotb: samples before the edge, in every simulator alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tools import need
from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources
from verif.sim.playback import Playback, harness_source, play_on_icarus, play_on_verilator
from verif.sim.sandbox import Sandbox
from verif.stimulus.rows import Stimulus
from verif.verdict import Verdict

COUNTER = """module counter (input clk, input rst_n, input [1:0] step, output reg [3:0] q, output top);
  assign top = q == 4'hf;
  always @(posedge clk or negedge rst_n)
    if (!rst_n) q <= 0;
    else q <= q + step;
endmodule
"""
STIMULUS = Stimulus(
    ports=("clk", "rst_n", "step"), rows=((1, 0, 3), (1, 1, 3), (1, 1, 1), (0, 1, 1), (1, 1, 2), (1, 0, 2), (1, 1, 0))
)
EXPECTED = ("00000", "00000", "00110", "01000", "01000", "00000", "00000")
"""Four bits of q and one of top; cycle 3 has no edge, in cycle 5 reset acts at once."""


def _design(tmp_path: Path, text: str = COUNTER) -> Design:
    file = tmp_path / "counter.v"
    file.write_text(text)
    return read_design(resolve_sources([file]))


def _icarus(design: Design, tmp_path: Path, sandbox: Sandbox | None = None) -> Playback:
    need("iverilog")
    return play_on_icarus(design.sources, design, STIMULUS, tmp_path / "icarus", sandbox=sandbox)


def test_outputs_are_sampled_before_the_edge(tmp_path: Path) -> None:
    played = _icarus(_design(tmp_path), tmp_path)
    assert played.verdict is Verdict.PASS
    assert played.outputs == EXPECTED


def test_the_falling_edge_is_active_where_the_design_says_so(tmp_path: Path) -> None:
    design = _design(tmp_path, COUNTER.replace("posedge clk", "negedge clk"))
    assert "reg clk = 1'b1;" in harness_source(design, STIMULUS)
    assert _icarus(design, tmp_path).outputs == EXPECTED


def test_the_sandbox_changes_nothing(tmp_path: Path) -> None:
    need("bwrap")
    assert _icarus(_design(tmp_path), tmp_path, Sandbox.locate()).outputs == EXPECTED


def test_verilator_samples_what_icarus_samples(tmp_path: Path) -> None:
    need("bwrap")
    design = _design(tmp_path)
    played = play_on_verilator(design.sources, design, STIMULUS, tmp_path / "verilator", sandbox=Sandbox.locate())
    assert (played.verdict, played.message) == (Verdict.PASS, "")
    assert played.outputs == EXPECTED


def test_unknown_bits_stay_unknown(tmp_path: Path) -> None:
    text = COUNTER.replace(" or negedge rst_n", "").replace("if (!rst_n) q <= 0;\n    else ", "")
    played = _icarus(_design(tmp_path, text.replace("input rst_n", "input rst_n /* unused */")), tmp_path)
    assert set(played.outputs) == {"xxxxx"}


@pytest.mark.parametrize(
    ("body", "verdict", "message"),
    [
        ("  wire w = nowhere;\n", Verdict.UNSUPPORTED, "Unable to bind wire/reg/memory `nowhere'"),
        ("  initial #5 $finish;\n", Verdict.ERROR, "it ended after 1 of 7 cycles"),
    ],
)
def test_rtl_that_does_not_run_says_why(tmp_path: Path, body: str, verdict: Verdict, message: str) -> None:
    design = _design(tmp_path)
    design.sources.files[0].write_text(COUNTER.replace("endmodule", f"{body}endmodule"))
    played = _icarus(design, tmp_path)
    assert played.verdict is verdict
    assert message in played.message
