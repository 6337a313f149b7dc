"""Witnesses replayed in cocotb: points show, don't show, or are hidden by an X."""

from __future__ import annotations

from pathlib import Path

from tests.support.drafts import text_source
from tests.support.regressions import written
from verif.campaign.close_result import CloseResult
from verif.campaign.closing import CloseOptions, close_bench
from verif.verdict import Verdict
from verif.workspace import Workspace

KEEPS = """module keeps(input wire clk, input wire rst_n, input wire go, output reg [7:0] q, output reg seen);
  reg [7:0] kept;
  always @(posedge clk) begin
    kept <= kept + 8'd1;
    q <= kept;
    if (!rst_n) seen <= 1'b0;
    else if (kept != 8'd0) seen <= 1'b1;
  end
endmodule
"""
"""What no reset sets is X in Icarus for ever, and in Verilator soon another number than 0."""


def test_point_behind_an_x_is_hidden_in_icarus_and_shows_in_verilator(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "rtl").mkdir()
    bench = written(tmp_path / "tb", text_source(tmp_path / "rtl", KEEPS))
    options = CloseOptions(seconds=None, examples=200, solver="none", only="keeps:7:if")
    result: CloseResult = close_bench(bench, options, workspace=workspace)
    (witness,) = result.witnesses
    told = {one.simulator: (one.verdict, one.x_only) for one in witness.replayed}
    assert told == {"icarus": (Verdict.UNKNOWN, True), "verilator": (Verdict.PASS, False)}
    assert "an X may hide keeps:7:if" in next(one.message for one in witness.replayed if one.x_only)
    assert (witness.verdict, result.verdict) == (Verdict.PASS, Verdict.PASS)
