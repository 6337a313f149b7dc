"""Properties in a harness: what they read, when they fail, what an assumption ends, and which clock they may have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from verif.bench.oracles import OracleSet
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.errors import InputError
from verif.harness import assemble
from verif.harness.model import Harness
from verif.harness.monitors.properties import JudgedProperty
from verif.plan.baseline import baseline_plan
from verif.property import bound_properties
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.results import Lanes
from verif.verdict import Oracle, Verdict
from verif.workspace import Workspace

COUNTER = """
module cell_count (input logic clk, rst_n, up, output logic [3:0] now);
  always_ff @(posedge clk or negedge rst_n) if (!rst_n) now <= 4'd0; else if (up) now <= now + 4'd1;
endmodule
module counter (input logic clk, rst_n, up, down, output logic top);
  logic [3:0] value;
  cell_count u_cell (.clk(clk), .rst_n(rst_n), .up(up && !down), .now(value));
  assign top = value == 4'd15;
endmodule
"""
TWO_CLOCKS = """
module crossing (input logic a_clk, b_clk, a_rst_n, b_rst_n, input logic [1:0] a_in, b_in, output logic a_out, b_out);
  always_ff @(posedge a_clk or negedge a_rst_n) if (!a_rst_n) a_out <= 1'b0; else a_out <= a_in == 2'd3;
  always_ff @(posedge b_clk or negedge b_rst_n) if (!b_rst_n) b_out <= 1'b0; else b_out <= b_in == 2'd3;
endmodule
"""
HEAD = "module p (input logic clk, rst_n, up, down, top);\n  default clocking @(posedge clk); endclocking\n"


def harness_with(properties: str, directory: Path, text: str = COUNTER, top: str = "counter") -> Harness:
    design = design_of(text, top, directory)
    path = directory / "p.sv"
    path.write_text(properties, encoding="utf-8")
    judged = [
        JudgedProperty(file=file, prop=prop, oracle=Oracle.SPEC)
        for file in bound_properties(path, design.sources)
        for prop in file.properties
    ]
    nothing = OracleSet(model=None, rules=(), drivers=())
    return assemble(design, baseline_plan(design, (), ()), nothing, properties=judged)


def design_of(text: str, top: str, directory: Path) -> Design:
    (directory / "rtl.sv").write_text(text, encoding="utf-8")
    return read_design(SourceSet(files=(directory / "rtl.sv",), top=top))


def played(harness: Harness, rows: dict[str, list[int]], directory: Path) -> Lanes:
    """Return what becomes of one lane; ``rows`` are values of ports of the design."""
    with Batch(build_batch(harness, workspace=Workspace(directory / "builds"))) as batch:
        fields = {field.shows or field.name.removeprefix("stim_"): field.name for field in harness.stimulus}
        named = {fields[port]: np.array([values]) for port, values in rows.items()}
        return batch.lanes(batch.build.stimulus.pack(named), observe=True)


def first_fails(harness: Harness, lanes: Lanes) -> dict[str, int]:
    """Return the tick in which each monitor first fails in the only lane."""
    return {one.id: int(tick) for one, tick in zip(harness.monitors, lanes.first_fail[0], strict=True)}


def test_a_property_reads_registers_below_the_top_and_fails_in_its_cycle(tmp_path: Path) -> None:
    text = f"{HEAD}  below: assert property (counter.u_cell.now < 3);\n  past: assert property (up |=> $past(up));\n"
    harness = harness_with(text + "endmodule\n", tmp_path)
    assert [(one.id, one.oracle, one.place.rpartition("/")[2]) for one in harness.monitors] == [
        ("below", Oracle.SPEC, "p.sv:3"),
        ("past", Oracle.SPEC, "p.sv:4"),
    ]
    lanes = played(harness, {"up": [1, 1, 0, 1, 0, 0], "down": [0] * 6}, tmp_path)
    assert first_fails(harness, lanes) == {"below": 4, "past": -1}


def test_nothing_counts_from_a_broken_assumption_on(tmp_path: Path) -> None:
    text = f"{HEAD}  legal: assume property (!(up && down));\n  below: assert property (counter.u_cell.now < 3);\n"
    harness = harness_with(f"{text}endmodule\n", tmp_path)
    legal = next(one for one in harness.monitors if one.id == "legal")
    assert (legal.assumption, legal.judges, legal.fail) == (True, False, "illegal_legal")
    cut = played(harness, {"up": [1, 1, 1, 1, 1], "down": [0, 0, 1, 0, 0]}, tmp_path)
    assert first_fails(harness, cut) == {"legal": 2, "below": -1}
    assert (int(cut.ended[0]), cut.verdict) == (1, Verdict.PASS)
    assert cut.observed is not None
    assert not cut.observed[0, 2:].any()
    whole = played(harness, {"up": [1, 1, 1, 1, 1], "down": [0] * 5}, tmp_path)
    assert (first_fails(harness, whole)["below"], int(whole.ended[0]), whole.verdict) == (3, -1, Verdict.FAIL)
    none = played(harness, {"up": [1, 1], "down": [1, 0]}, tmp_path)
    assert (first_fails(harness, none)["legal"], int(none.ended[0])) == (0, -2)


def test_a_cover_is_a_point_of_the_harness_and_no_monitor(tmp_path: Path) -> None:
    harness = harness_with(f"{HEAD}  twice: cover property (up[*2]);\nendmodule\n", tmp_path)
    assert harness.monitors == ()
    (cover,) = harness.properties_covered
    assert (cover.id, cover.net, cover.line) == ("cover:twice", "covered_twice", 3)
    assert "wire covered_twice;" in harness.files["counter_harness.sv"]


def test_each_property_keeps_to_its_own_clock(tmp_path: Path) -> None:
    text = """module p (input logic a_clk, b_clk, input logic [1:0] a_in, b_in, input logic a_out);
  a_late: assert property (@(posedge a_clk) $past(a_in) == 3 |-> a_out);
  a_never: assert property (@(posedge a_clk) !a_out);
  b_never: assert property (@(posedge b_clk) b_in != 2);
endmodule
"""
    harness = harness_with(text, tmp_path, TWO_CLOCKS, "crossing")
    ticks = 12
    a_in = [
        3 if harness.schedule[(harness.reset_ticks + t) % len(harness.schedule)] == "b_clk" else 0 for t in range(ticks)
    ]
    lanes = played(harness, {"a_in": a_in, "b_in": [0] * ticks}, tmp_path)
    assert first_fails(harness, lanes) == {"a_late": -1, "a_never": -1, "b_never": -1}
    lanes = played(harness, {"a_in": [3] * ticks, "b_in": [2] + [0] * (ticks - 1)}, tmp_path)
    edges = [t for t in range(ticks) if harness.schedule[(harness.reset_ticks + t) % len(harness.schedule)] == "a_clk"]
    found = first_fails(harness, lanes)
    assert (found["a_late"], found["a_never"]) == (-1, edges[1] + 1)


def test_a_property_on_the_other_edge_sees_what_that_edge_samples(tmp_path: Path) -> None:
    text = "module p (input logic clk);\n  x: assert property (@(negedge clk) counter.u_cell.now != 2);\nendmodule\n"
    harness = harness_with(text, tmp_path)
    lanes = played(harness, {"up": [1, 1, 0, 0], "down": [0] * 4}, tmp_path)
    assert first_fails(harness, lanes) == {"x": 2}


WRONG_CLOCKS = {
    "@(posedge up)": "the clock up of the property x is no clock of the design; its clocks are clk",
    "@(posedge gated)": "the clock gated of the property x is no clock of the design; its clocks are clk",
}


@pytest.mark.parametrize("event", WRONG_CLOCKS)
def test_a_clock_that_the_design_does_not_have_is_told(event: str, tmp_path: Path) -> None:
    text = f"module p (input logic clk, up, down, gated);\n  x: assert property ({event} !down);\nendmodule\n"
    with pytest.raises(InputError, match=r"p\.sv:2:3: ") as caught:
        harness_with(f"{text}bind counter p i (.gated(clk && up), .*);\n", tmp_path)
    assert caught.value.code == "PE257"
    assert WRONG_CLOCKS[event] in caught.value.sentence
