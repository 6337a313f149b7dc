"""pyverilog's second opinion, and what happens where it has none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.rtl import write
from tests.support.tools import need
from verif.design.dataflow import Dataflow, analyse, with_dataflow
from verif.design.frontend import read_design
from verif.design.model import Design
from verif.design.sources import resolve_sources

_MACHINE = """
module m (input clk, input rst, input go, input unused, output reg q);
  localparam A = 2'd0, B = 2'd1, C = 2'd2;
  reg [1:0] state;
  always @(posedge clk)
    if (rst) state <= A;
    else case (state)
      A: if (go) state <= B;
      B: state <= C;
      default: state <= A;
    endcase
  always @(posedge clk) q <= (state == C);
endmodule
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _design(tmp_path: Path, text: str, name: str = "m__v", **options: object) -> Design:
    return read_design(resolve_sources(write(tmp_path, **{name: text}), **options))  # type: ignore[arg-type]


def test_pyverilog_agrees_with_slang_on_a_small_machine(tmp_path: Path) -> None:
    need("iverilog")
    design = _design(tmp_path, _MACHINE)
    found = analyse(design)
    assert found.problem == ""
    both = with_dataflow(design, found)
    assert both.cones == {"q": ("go",)}
    assert both.cones_by == "slang and pyverilog"
    assert [(fsm.register, fsm.found_by) for fsm in both.fsms] == [("state", "slang and pyverilog")]
    assert both.fsms[0].arcs == design.fsms[0].arcs
    assert both.notes[-1] == "slang and pyverilog agree on the cones of 1/1 outputs"


def test_pyverilog_leaves_nothing_in_the_current_directory(tmp_path: Path) -> None:
    need("iverilog")
    analyse(_design(tmp_path, _MACHINE))
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "cache") == ["m.v"]


@pytest.mark.parametrize(
    ("text", "name", "options", "problem"),
    [
        (_MACHINE, "m__sv", {}, "m.sv is SystemVerilog"),
        (_MACHINE.replace("m (", "m #(parameter W = 1) ("), "m__v", {"parameters": ["W=2"]}, "it knows no overridden"),
        ("module m (input a, output b); assign b = a; endmodule\n" + "// x\n" * 40_000, "m__v", {}, "the sources are"),
        (
            "module m (input [3:0] a, output b); assign b = $signed(a) > 4 'd 1 ; endmodule\n",
            "m__v",
            {},
            "its parser stops",
        ),
    ],
)
def test_design_that_pyverilog_can_not_take_keeps_slangs_findings(
    tmp_path: Path, text: str, name: str, options: dict[str, object], problem: str
) -> None:
    need("iverilog")
    design = _design(tmp_path, text, name, **options)
    found = analyse(design)
    assert found.problem.startswith(problem)
    after = with_dataflow(design, found)
    assert after == replace(design, notes=(*design.notes, f"pyverilog can't take this design: {found.problem}"))


def test_worker_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    assert analyse(_design(tmp_path, _MACHINE), seconds=0.01).problem == "its analysis fails (no answer within 0.01 s)"


def test_cones_that_differ_are_joined_and_noted(tmp_path: Path) -> None:
    design = _design(tmp_path, _MACHINE)
    both = with_dataflow(design, Dataflow(cones={"q": ("clk", "unused")}))
    assert both.cones == {"q": ("go", "unused")}
    assert both.notes[-1] == "slang and pyverilog agree on the cones of 0/1 outputs; where they differ, both are joined"


def test_machine_that_only_pyverilog_finds_is_added_and_a_counter_is_not(tmp_path: Path) -> None:
    design = replace(_design(tmp_path, _MACHINE), fsms=())
    arcs = {"state": ((0, 1), (1, 4), (4, 0)), "count": ((0, 1), (1, 2), (2, 3), (3, 0))}
    both = with_dataflow(design, Dataflow(cones={"q": ("go",)}, arcs=arcs))
    assert [(fsm.register, fsm.found_by, dict(fsm.states)) for fsm in both.fsms] == [
        ("state", "pyverilog", {"S0": 0, "S1": 1, "S4": 4})
    ]
