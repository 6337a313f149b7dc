"""Recorded traffic as rows at a harness's stimulus port."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.bench.oracles import OracleSet
from verif.bench.traffic import Job, TrafficPort
from verif.campaign.adopted.seeds import recorded_rows
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.harness import Harness, assemble
from verif.plan.model import Testplan
from verif.sim.batch.layout import Layout
from verif.workspace import Workspace

STEP = """
module step(input clk, input rst_n, input [3:0] d, output reg [3:0] q);
  always @(posedge clk) if (!rst_n) q <= 0; else q <= d;
endmodule
"""
PAIR = """
module pair(input a, input b, input d, output reg x, output reg y);
  always @(posedge a) x <= d;
  always @(posedge b) y <= d;
endmodule
"""


def design(folder: Path, text: str) -> Design:
    file = folder / "design.sv"
    file.write_text(text)
    return read_design(SourceSet(files=(file,)))


def harness(of: Design) -> Harness:
    plan = Testplan(dut=of.top, drivers=(), points=())
    return assemble(of, plan, OracleSet(model=None, rules=(), drivers=()))


def recorded(
    folder: Path, workspace: Workspace, names: list[tuple[str, int]], edges: tuple[str, ...], *lines: str
) -> Path:
    ports = tuple(TrafficPort(name=name, width=width, output=False) for name, width in names)
    place = workspace.bench(folder) / "traffic"
    place.mkdir()
    (place / "default-1.txt").write_text("".join(f"{line}\n" for line in lines))
    (place / "default-1.json").write_text(Job(ports=ports, edges=edges).text(place / "default-1.txt"))
    return folder


def clocked(*values: str) -> list[str]:
    """A reset, then each value before a rising edge."""
    lines = ["T t.one", "S 1=0 2=0000", "E 0=1", "S", "E 0=0"]
    for value in values:
        lines += [f"S 1=1 2={value}", "E 0=1", "S", "E 0=0"]
    return [*lines, "END"]


PORTS = [("clk", 1), ("rst_n", 1), ("d", 4)]


def test_each_tick_holds_the_inputs_before_its_edge_and_resets_as_active(tmp_path: Path, workspace: Workspace) -> None:
    top = harness(design(tmp_path, STEP))
    bench = recorded(tmp_path, workspace, PORTS, ("clk",), *clocked("1000", "0011"))
    (rows,) = recorded_rows(bench, top, workspace=workspace)
    layout = Layout.of(top.stimulus)
    assert list(layout.get(rows, "stim_d")) == [0, 8, 3]
    assert list(layout.get(rows, "stim_rst_rst_n")) == [1, 0, 0]


def test_each_test_is_a_seed_of_its_own_and_equal_ones_are_one(tmp_path: Path, workspace: Workspace) -> None:
    lines = ["T t.one", "S 0=0 1=1 2=0001", "E 0=1", "S", "E 0=0", "T t.two", "S 2=0010", "E 0=1", "S", "E 0=0"]
    again = ["T t.three", "S", "E 0=1", "S", "E 0=0", "END"]
    bench = recorded(tmp_path, workspace, PORTS, ("clk",), *lines, *again)
    top = harness(design(tmp_path, STEP))
    found = recorded_rows(bench, top, workspace=workspace)
    assert [list(Layout.of(top.stimulus).get(rows, "stim_d")) for rows in found] == [[1], [2]]


def test_ticks_of_other_clocks_repeat_the_values(tmp_path: Path, workspace: Workspace) -> None:
    top = harness(design(tmp_path, PAIR))
    names = [("a", 1), ("b", 1), ("d", 1)]
    lines = ["T t.one", "S 0=0 1=0 2=1", "E 1=1", "S", "E 1=0", "S 2=0", "E 1=1", "S 2=1", "E 0=1", "END"]
    bench = recorded(tmp_path, workspace, names, ("a", "b"), *lines)
    (rows,) = recorded_rows(bench, top, workspace=workspace)
    first, second = top.schedule[0], top.schedule[1]
    assert {first, second} == {"a", "b"}
    by_edge = list(zip(top.schedule * 4, Layout.of(top.stimulus).get(rows, "stim_d").tolist(), strict=False))
    assert [value for clock, value in by_edge if clock == "b"] == [1, 0]
    assert by_edge[-1] == ("a", 1)


def test_long_recording_is_cut(tmp_path: Path, workspace: Workspace) -> None:
    bench = recorded(tmp_path, workspace, PORTS, ("clk",), *clocked(*["0001", "0010"] * 20))
    (rows,) = recorded_rows(bench, harness(design(tmp_path, STEP)), workspace=workspace, most=7)
    assert len(rows) == 7


@pytest.mark.parametrize("names", [[("clk", 1)], [("clk", 1), ("d", 9)]], ids=["no such input", "another width"])
def test_traffic_of_other_ports_gives_no_seed(
    tmp_path: Path, workspace: Workspace, names: list[tuple[str, int]]
) -> None:
    bench = recorded(tmp_path, workspace, names, ("clk",), "T t.one", "S 0=0", "E 0=1", "S", "E 0=0", "END")
    assert recorded_rows(bench, harness(design(tmp_path, STEP)), workspace=workspace) == []


def test_bench_without_a_recording_gives_none(tmp_path: Path, workspace: Workspace) -> None:
    assert recorded_rows(tmp_path, harness(design(tmp_path, STEP)), workspace=workspace) == []
