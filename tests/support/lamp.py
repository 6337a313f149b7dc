"""A design of few lines with a bench that judges half of it, for campaigns over its mutants."""

from __future__ import annotations

from pathlib import Path

from tests.support.mutants import mutant
from tests.support.regressions import written
from verif.bench.library.select import choose_oracles
from verif.bench.render import BenchSource
from verif.design.frontend import read_design
from verif.design.model import SourceSet
from verif.mutation.model import Mutant
from verif.plan.baseline import baseline_plan

LAMP = """module lamp (
  input  wire       clk,
  input  wire       rst_n,
  input  wire       go,
  input  wire [7:0] code,
  output reg        lit,
  output reg        dim,
  output reg        deep
);
  reg [3:0] steps;
  wire never = (steps > 4'd9);
  always @(posedge clk) begin
    if (!rst_n) begin
      lit <= 1'b0;
      dim <= 1'b0;
      deep <= 1'b0;
      steps <= 4'd0;
    end else begin
      lit <= go | never;
      dim <= code[0] & code[1];
      deep <= (code == 8'd77) & (steps == 4'd9);
      steps <= (steps == 4'd9) ? 4'd0 : steps + 4'd1;
    end
  end
endmodule
"""
"""Its property judges ``lit``; nothing judges ``dim`` and ``deep``; ``never`` is never 1."""
PROPS = """module lamp_props (input logic clk, rst_n, go, lit);
  default clocking @(posedge clk); endclocking
  default disable iff (!rst_n);
  lit_follows: assert property ({property});
endmodule
bind lamp lamp_props props (.*);
"""
FOLLOWS = "go |=> lit"
EXACTLY = "##1 lit == $past(go)"


def lamp_bench(folder: Path, *, text: str = LAMP, follows: str = EXACTLY) -> Path:
    """Write the design and its bench; return the bench's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    design = folder / "lamp.sv"
    design.write_text(text, encoding="utf-8")
    read = read_design(SourceSet(files=(design,)))
    oracles = choose_oracles(read, None)
    bench = written(
        folder / "tb", BenchSource(design=read, plan=baseline_plan(read, (), oracles.drivers), oracles=oracles)
    )
    (bench / "lamp_props.sv").write_text(PROPS.format(property=follows), encoding="utf-8")
    return bench


def lamp_mutant(file: Path, before: str, after: str, id_: str = "") -> Mutant:
    """Return the mutant that changes the first place where ``before`` stands."""
    start = LAMP.index(before)
    line = LAMP.count("\n", 0, start) + 1
    name = id_ or f"lamp:{line}:{after}"
    return mutant(name, file=file, line=line, start=start, end=start + len(before), before=before, after=after)
