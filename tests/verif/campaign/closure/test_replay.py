"""Witnesses replayed in cocotb: points show, don't show, or are hidden by an X."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drafts import text_source
from tests.support.regressions import written
from verif.campaign.closure.closing import CloseOptions, close_bench
from verif.campaign.closure.replay import CoverReplay
from verif.campaign.closure.result import CloseResult, KeptWitness
from verif.verdict import PointStatus, Verdict
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


def test_point_that_no_simulator_shows_does_not_stay_hit(tmp_path: Path, workspace: Workspace) -> None:
    (tmp_path / "rtl").mkdir()
    bench = written(tmp_path / "tb", text_source(tmp_path / "rtl", KEEPS))
    options = CloseOptions(
        seconds=None, examples=200, solver="none", only="keeps:*", simulators=("icarus",), replay=True
    )
    result: CloseResult = close_bench(bench, options, workspace=workspace)
    statuses = {one.point.id: one.status for one in result.coverage.points}
    assert statuses["keeps:7:if"] is PointStatus.UNKNOWN
    assert "not hit, since no witness shows it in cocotb (icarus): keeps:7:if" in result.notes
    for witness in result.witnesses:
        covers = json.loads(witness.file.read_text(encoding="utf-8"))["covers"]
        assert "keeps:7:if" not in covers
        assert covers == list(witness.points)
        assert [one.verdict for one in witness.replayed] == [Verdict.PASS]
    again = close_bench(bench, replace(options, simulators=()), workspace=workspace)
    assert {one.point.id: one.status for one in again.coverage.points}["keeps:7:if"] is PointStatus.HIT


def kept(**missing: tuple[str, ...]) -> KeptWitness:
    replayed = tuple(
        CoverReplay(
            simulator=name,
            verdict=(Verdict.UNKNOWN if name == "icarus" else Verdict.FAIL) if points else Verdict.PASS,
            missing=points,
            x_only=bool(points) and name == "icarus",
            passed=True,
        )
        for name, points in missing.items()
    )
    return KeptWitness(
        id="cover_1",
        file=Path("cover_1.json"),
        cycles=3,
        by="random",
        ticks={"a": 0, "b": 2},
        judged_by="bench",
        replayed=replayed,
    )


def test_witness_shows_what_some_simulator_shows_and_none_misses_without_an_x() -> None:
    assert kept().shows == {"a", "b"}
    assert kept(icarus=(), verilator=()).shows == {"a", "b"}
    assert kept(icarus=("a",), verilator=()).shows == {"a", "b"}
    assert kept(icarus=("a",), verilator=()).shows_everywhere == {"b"}
    assert kept(icarus=(), verilator=("a",)).shows == {"b"}
    assert kept(icarus=("a",), verilator=("a",)).shows == {"b"}
    assert kept(icarus=("a",)).shows == {"b"}


def test_witness_for_what_it_shows_alone_passes() -> None:
    one = kept(icarus=("a",), verilator=("a",))
    assert one.verdict is Verdict.FAIL
    assert one.within(one.shows).verdict is Verdict.PASS
    assert one.within(one.shows).points == ("b",)
    assert not any(told.x_only or told.missing for told in one.within(one.shows).replayed)


ECHO = """module echo(
    input wire clk, input wire rst_n, input wire step, output reg mem_valid, input wire mem_ready,
    output wire [7:0] mem_addr, output wire [7:0] mem_wdata, output wire mem_wstrb, input wire [7:0] mem_rdata,
    output reg same
);
  reg [7:0] kept;
  reg written;
  assign mem_addr = 8'd4;
  assign mem_wdata = kept;
  assign mem_wstrb = !written;
  always @(posedge clk) begin
    RESET if (step) kept <= kept + 8'd1;
  end
  always @(posedge clk) begin
    if (!rst_n) begin
      mem_valid <= 1'b0;
      written <= 1'b0;
      same <= 1'b0;
    end else if (mem_valid && mem_ready) begin
      mem_valid <= 1'b0;
      written <= 1'b1;
      if (written && mem_rdata == kept) same <= 1'b1;
    end else mem_valid <= 1'b1;
  end
endmodule
"""
"""Writes a number and reads it again: the memory's answer is that number, from whatever it starts."""
ECHOED = "echo:22:if"


@pytest.mark.parametrize(("reset", "hit"), [("", False), ("if (!rst_n) kept <= 8'd90; else", True)])
def test_answer_that_depends_on_a_start_value_hits_nothing(
    tmp_path: Path, workspace: Workspace, reset: str, hit: bool
) -> None:
    (tmp_path / "rtl").mkdir()
    source = text_source(tmp_path / "rtl", ECHO.replace("RESET", reset))
    assert "MemoryResponder" in [driver.kind for driver in source.plan.drivers]
    options = CloseOptions(seconds=None, examples=300, solver="none", only="echo:*")
    result = close_bench(written(tmp_path / "tb", source), options, workspace=workspace)
    statuses = {one.point.id: one.status for one in result.coverage.points}
    assert statuses.pop(ECHOED) is (PointStatus.HIT if hit else PointStatus.UNKNOWN)
    assert PointStatus.HIT in statuses.values()
    told = {one.simulator: one.verdict for witness in result.witnesses for one in witness.replayed}
    assert (told["verilator"], result.verdict) == (Verdict.PASS, Verdict.PASS)
    assert told["icarus"] is Verdict.PASS
