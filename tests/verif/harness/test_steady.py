"""Transactors and monitors beside outputs that blocking assignments change at the edge."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support import lint, protocol_laws
from tests.support.harness_runs import Sampled, any_rows, play, written
from tests.support.harnesses import harness_of
from tests.support.rtl import design_of
from tests.support.transactors import NO_ORACLES
from verif.design.model import Design
from verif.harness import Harness, assemble
from verif.plan.kinds import make_entry
from verif.plan.model import Testplan

SINK = """
module m (input wire clk, input wire rst, input wire valid, input wire [7:0] data, input wire x, output wire ready);
  reg r;
  always @({edge} clk) r = rst ? 1'b0 : x;
  assign ready = {ready};
endmodule
"""
SOURCE = """
module m (
  input wire clk, input wire rst, output reg m_axis_tvalid, output reg [7:0] m_axis_tdata, input wire m_axis_tready
);
  reg [2:0] count;
  always @(posedge clk) count <= rst ? 3'd0 : count + 3'd1;
  always @(posedge clk)
    if (rst) begin m_axis_tvalid = 1'b0; m_axis_tdata = 8'd0; end
    else if (!m_axis_tvalid || m_axis_tready) begin
      m_axis_tvalid = count[0] ^ count[2];
      m_axis_tdata = m_axis_tdata + 8'd3;
    end
endmodule
"""


def stream_harness(design: Design) -> Harness:
    """Return the harness in which a source feeds the design."""
    entry = make_entry("StreamSource", "s", {name: name for name in ("valid", "data", "ready")})
    return assemble(design, Testplan(dut="m", drivers=(entry,), points=()), NO_ORACLES)


def broken(harness: Harness, directory: Path) -> list[str]:
    """Return how the source broke its protocol."""
    trace: list[Sampled] = play(harness, list(any_rows(harness, 600, 1)), directory)
    return list(protocol_laws.handshake(trace, payload=("data",)))


@pytest.mark.parametrize("edge", ["posedge", "negedge"])
def test_transactor_reads_a_racing_output_as_it_was_before_the_edge(edge: str, tmp_path: Path) -> None:
    design = design_of(tmp_path, SINK.format(edge=edge, ready="r"))
    assert design.racing == {"ready": True}
    harness = stream_harness(design)
    assert broken(harness, tmp_path / "steady") == []
    assert broken(stream_harness(replace(design, racing={})), tmp_path / "racing")
    files = written(harness, tmp_path)
    assert lint.icarus(*files) == "" and lint.slang(*files) == []


def test_driver_that_would_read_a_race_takes_stimulus_as_it_is_and_a_note_says_so(tmp_path: Path) -> None:
    harness = stream_harness(design_of(tmp_path, SINK.format(edge="posedge", ready="r & x")))
    assert {field.name for field in harness.stimulus if field.driver} == {"stim_valid", "stim_data"}
    assert harness.notes[0] == (
        "s takes stimulus as it is, legal or not: "
        "ready changes by a blocking assignment at the edge at which it would be read."
    )


def verdicts(design: Design, directory: Path) -> tuple[list[int], list[int]]:
    """Return the ticks in which the monitor of valid and payload fails, and those in which its rule is broken."""
    harness = harness_of(design)
    monitor = next(monitor for monitor in harness.monitors if monitor.id == "m-axis-tvalid-stable")
    trace = play(harness, list(any_rows(harness, 600, 1)), directory)
    broken = [
        tick
        for tick, (now, then) in enumerate(pairwise(trace), start=1)
        if now["m_axis_tvalid"] and not now["m_axis_tready"]
        if not then["m_axis_tvalid"] or now["m_axis_tdata"] != then["m_axis_tdata"]
    ]
    return [tick for tick, row in enumerate(trace) if row[monitor.fail]], broken


def test_monitor_judges_a_racing_output_as_it_was_before_the_edge(tmp_path: Path) -> None:
    good = design_of(tmp_path, SOURCE)
    assert set(good.racing) == {"m_axis_tvalid", "m_axis_tdata"}
    assert verdicts(good, tmp_path / "good") == ([], [])
    bad = design_of(tmp_path, SOURCE.replace("else if (!m_axis_tvalid || m_axis_tready)", "else"))
    failed, broken = verdicts(bad, tmp_path / "steady")
    assert failed == broken != []
    text = harness_of(bad).files["m_harness.sv"]
    assert ".valid(steady_m_axis_tvalid)" in text and ".payload({steady_m_axis_tdata})" in text


def test_monitor_that_would_read_a_race_is_left_to_python_and_a_note_says_so(tmp_path: Path) -> None:
    design = design_of(tmp_path, SOURCE)
    harness = harness_of(replace(design, racing=dict.fromkeys(design.racing, False)))
    assert "m-axis-tvalid-stable" not in {monitor.id for monitor in harness.monitors}
    assert any(note.startswith("m-axis-tvalid-stable is judged in Python only: m_axis_tdata") for note in harness.notes)
