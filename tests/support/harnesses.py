"""Harnesses as drafts make them, and round a few lines of RTL, where a test needs to know every port."""

from __future__ import annotations

from pathlib import Path

from verif.bench.library.select import choose_oracles
from verif.design.model import Clock, Design, Direction, Port, PortRole, Reset, SourceSet
from verif.harness import assemble
from verif.harness.model import Field, FieldKind, Harness, Monitor, Observed
from verif.plan.baseline import baseline_plan
from verif.verdict import Oracle

FAIL = Monitor(id="told", oracle=Oracle.SPEC, title="The design says fail.", fail="fail_told", seen="seen_told")
"""The monitor of ``around``: it fails where the design's ``bad`` is 1, its condition is ``y`` being odd."""


def harness_of(design: Design) -> Harness:
    """Return the harness for the baseline plan."""
    oracles = choose_oracles(design, None)
    return assemble(design, baseline_plan(design, (), oracles.drivers), oracles)


def around(body: str, directory: Path, *, width: int = 8, clocks: tuple[Clock, ...] = (Clock(name="clk"),)) -> Harness:
    """Return a harness round a module ``dut`` with this body and the ports ``clk rst a y bad``; ``a y`` have ``width``.

    ``rst`` is active high, ``schedule`` takes the clocks in turn. ``body`` begins in line 9 of ``dut.sv``.
    """
    names = [clock.name for clock in clocks]
    ports = "\n".join(f"  input  wire {name}," for name in names[:1]) + "".join(
        f" input wire {name}," for name in names[1:]
    )
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "dut.sv").write_text(
        f"// A design of a test.\nmodule dut (\n{ports}\n  input  wire rst,\n  input  wire [{width - 1}:0] a,\n"
        f"  output logic [{width - 1}:0] y,\n  output logic bad\n);\n{body}\nendmodule\n",
        encoding="utf-8",
    )
    connections = ", ".join(f".{name}({name})" for name in names)
    top = f"""
module dut_harness (
  {" ".join(f"input wire {name}," for name in names)}
  input wire stim_rst_rst,
  input wire [{width - 1}:0] stim_a,
  output wire obs_rst,
  output wire [{width - 1}:0] obs_a,
  output wire [{width - 1}:0] obs_y,
  output wire fail_told,
  output wire seen_told
);
  assign obs_rst = stim_rst_rst;
  assign obs_a = stim_a;
  wire bad;
  assign fail_told = bad & ~stim_rst_rst;
  assign seen_told = obs_y[0] & ~stim_rst_rst;
  dut dut ({connections}, .rst(obs_rst), .a(obs_a), .y(obs_y), .bad(bad));
endmodule
"""
    inputs, out = Direction.INPUT, Direction.OUTPUT
    design = Design(
        top="dut",
        sources=SourceSet(files=(directory / "dut.sv",), top="dut"),
        ports=(
            *(Port(name=name, direction=inputs, width=1, role=PortRole.CLOCK) for name in names),
            Port(name="rst", direction=inputs, width=1, role=PortRole.RESET),
            Port(name="a", direction=inputs, width=width),
            Port(name="y", direction=out, width=width),
            Port(name="bad", direction=out, width=1),
        ),
        clocks=clocks,
        resets=(Reset(name="rst", active_high=True, asynchronous=False, cycles=2),),
    )
    return Harness(
        top="dut_harness",
        design=design,
        files={"dut_harness.sv": top},
        stimulus=(
            Field(name="stim_rst_rst", width=1, kind=FieldKind.RESET),
            Field(name="stim_a", width=width, kind=FieldKind.DATA),
        ),
        observed=(
            Observed(name="obs_rst", port="rst", width=1, direction=inputs),
            Observed(name="obs_a", port="a", width=width, direction=inputs),
            Observed(name="obs_y", port="y", width=width, direction=out),
        ),
        monitors=(FAIL,),
        schedule=tuple(names),
        reset_ticks=2 * max(len(names), 1),
    )
