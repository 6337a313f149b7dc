"""Run a good design and its broken variants side by side under Icarus, in one simulation, and say where they part.

The bench drives all of them with the same inputs. The inputs come from a Verilog task ``drive`` (tests/rtl/stimulus),
which sees the outputs of the good design only: once a variant has differed, the stimulus is what another part of the
system would do that still believes in the good one. A difference counts only where both values are known, so it would
be seen in two-state simulation too.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verif.design.frontend import read_design
from verif.design.model import Design, Direction, Edge, Port, PortRole
from verif.design.sources import resolve_sources

STIMULUS = Path(__file__).resolve().parents[1] / "rtl" / "stimulus"
KEPT = 1000
"""Differences told for each port of a variant."""
_MODULE = re.compile(r"^module\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Difference:
    """A tick in which the good design and a variant show different known values."""

    variant: str
    tick: int
    port: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a run showed."""

    ticks: int
    differences: dict[str, list[Difference]]
    """Variant to its first differences on each port, the earliest first; a variant that never differed is missing."""
    unknown: tuple[str, ...]
    """Outputs of the good design that were X or Z after the first reset."""
    rows: list[dict[str, int | None]]
    """Port to value for each tick, of the good design; a clock is 1 where it ticks, an output None where unknown."""


def compare(directory: Path, variants: Sequence[Path], scratch: Path, *, ticks: int, seed: int = 1) -> Comparison:
    """Run the design of ``directory`` (with a design.toml) against ``variants``, files that define the same module."""
    design = read_design(resolve_sources([directory / "design.toml"]))
    names = [file.stem for file in variants]
    copies = [_renamed(file, design.top, f"variant_{i}", scratch) for i, file in enumerate(variants)]
    bench = scratch / "bench.sv"
    bench.write_text(_bench(design, len(copies), ticks, seed), encoding="utf-8")
    program = scratch / "bench.vvp"
    sources = [str(path) for path in (bench, *design.sources.files, *copies)]
    command = ["iverilog", "-g2012", "-s", "bench", "-I", str(STIMULUS), "-o", str(program), *sources]
    subprocess.run(command, check=True, capture_output=True, text=True)
    done = subprocess.run(["vvp", "-n", str(program)], check=True, capture_output=True, text=True)
    assert done.stdout.endswith(f"END {ticks}\n"), done.stdout[-500:]
    return _read(design, names, ticks, [line.split() for line in done.stdout.splitlines()])


def _read(design: Design, names: Sequence[str], ticks: int, lines: list[list[str]]) -> Comparison:
    clocks = [clock.name for clock in design.clocks]
    values = [port.name for port in design.ports if port.name not in clocks]
    seen = Comparison(ticks, {}, tuple(f[1] for f in lines if f[0] == "UNKNOWN"), [])
    for kind, *fields in lines:
        if kind == "DIFFERS":
            found = Difference(names[int(fields[0])], int(fields[1]), fields[2])
            seen.differences.setdefault(found.variant, []).append(found)
        elif kind == "ROW":
            row = dict(zip(values, map(_number, fields[1:]), strict=True))
            seen.rows.append({clock: int(clock == fields[0]) for clock in clocks} | row)
    return seen


def _number(digits: str) -> int | None:
    try:
        return int(digits, 16)
    except ValueError:
        return None


def _renamed(file: Path, top: str, name: str, scratch: Path) -> Path:
    text, count = _MODULE.subn(lambda m: f"module {name}" if m[1] == top else m[0], file.read_text(encoding="utf-8"))
    assert count == 1, f"{file} should define the module {top} and no other"
    copy = scratch / f"{name}.sv"
    copy.write_text(text, encoding="utf-8")
    return copy


def _bench(design: Design, variants: int, ticks: int, seed: int) -> str:
    inputs = [port for port in design.ports if port.direction is Direction.INPUT]
    lines = ["`timescale 1ns/1ps", "module bench;", f"  localparam PAIRS = {variants * len(design.outputs)};"]
    lines += [f"  reg {_range(port)}{port.name} = 0;" for port in inputs]
    lines += [f"  wire {_range(port)}{port.name};" for port in design.outputs]
    lines += [f"  reg {_range(port)}{port.name}__was = 0;" for port in design.outputs]
    lines += [f"  integer due_{clock.name};" for clock in design.clocks]
    lines += _instance(design, "good", design.top, "")
    for i in range(variants):
        lines += [f"  wire {_range(port)}{port.name}__{i};" for port in design.outputs]
        lines += _instance(design, f"v{i}", f"variant_{i}", f"__{i}")
    lines += [_HELPERS, f'  `include "{design.top}.svh"']
    lines += ["  initial begin", f"    dice = {seed};", "    prepare;", *_idle(design)]
    lines += [f"    for (tick = 0; tick < {ticks}; tick = tick + 1) begin", "      new_phase;", "      drive;"]
    lines += [*_resets(design), "      #4;", *_checks(design, variants), *_edges(design)]
    lines += ["    end", '    $display("END %0d", tick);', "    $finish;", "  end", "endmodule"]
    return "\n".join(lines) + "\n"


def _range(port: Port) -> str:
    return f"[{port.width - 1}:0] " if port.width > 1 else ""


def _instance(design: Design, name: str, module: str, suffix: str) -> list[str]:
    outputs = {port.name for port in design.outputs}
    wires = ", ".join(f".{p.name}({p.name}{suffix if p.name in outputs else ''})" for p in design.ports)
    return [f"  {module} {name} ({wires});"]


_HELPERS = """
  integer dice, tick, phase_left, reset_left, due_now;
  reg [8:0] rate_a, rate_b, rate_c;
  reg in_reset;
  integer differed [0:PAIRS];
  reg [1023:0] unknown;
  task prepare;
    begin
      phase_left = 0;
      reset_left = 6;
      unknown = 0;
      for (tick = 0; tick < PAIRS; tick = tick + 1) differed[tick] = 0;
    end
  endtask

  function [31:0] bits(input integer dummy);
    bits = $random(dice);
  endfunction
  function [31:0] below(input integer limit);
    below = ($random(dice) & 32'h7fffffff) % limit;
  endfunction
  function chance(input [8:0] rate);  // 0 never ... 256 always
    chance = ($random(dice) & 255) < rate;
  endfunction
  function [8:0] some_rate(input integer dummy);
    case (below(6))
      0: some_rate = 0;
      1: some_rate = 16;
      2: some_rate = 128;
      3: some_rate = 200;
      4: some_rate = 248;
      default: some_rate = 256;
    endcase
  endfunction
  function [31:0] corner(input integer width);  // often an extreme value
    case (below(8))
      0: corner = 0;
      1: corner = ~32'b0;
      2: corner = 1;
      3: corner = 32'b1 << (width - 1);
      4: corner = (32'b1 << (width - 1)) - 1;
      5: corner = 32'b1 << below(width);
      default: corner = $random(dice);
    endcase
  endfunction

  // Rates last for a phase; a reset comes between some phases.
  task new_phase;
    begin
      if (phase_left == 0) begin
        phase_left = 8 + below(200);
        rate_a = some_rate(0);
        rate_b = some_rate(0);
        rate_c = some_rate(0);
        if (tick > 100 && below(4) == 0) reset_left = 1 + below(6);
      end
      phase_left = phase_left - 1;
      in_reset = reset_left > 0;
      if (in_reset) reset_left = reset_left - 1;
    end
  endtask
"""


def _idle(design: Design) -> list[str]:
    lines = [f"    {clock.name} = {int(clock.edge is Edge.FALLING)};" for clock in design.clocks]
    return lines + [f"    due_{clock.name} = {clock.ratio};" for clock in design.clocks]


def _resets(design: Design) -> list[str]:
    return [f"      {r.name} = {'in_reset' if r.active_high else '!in_reset'};" for r in design.resets]


def _checks(design: Design, variants: int) -> list[str]:
    lines = []
    for number, port in enumerate(design.outputs):
        known = f"(^{port.name} !== 1'bx)"
        lines.append(f"      if (tick > 20 && !unknown[{number}] && !{known}) begin")
        lines.append(f'        unknown[{number}] = 1; $display("UNKNOWN {port.name}"); end')
        lines.append(f"      {port.name}__was = {port.name};")
        for i in range(variants):
            pair = number * variants + i
            known = f"|({port.name} ^ {port.name}__{i}) === 1'b1"
            lines.append(f"      if (differed[{pair}] < {KEPT} && {known}) begin")
            lines.append(
                f'        differed[{pair}] = differed[{pair}] + 1; $display("DIFFERS {i} %0d {port.name}", tick); end'
            )
    return lines


def _edges(design: Design) -> list[str]:
    """One clock has its active edge at the end of a tick: the one that is due first."""
    clocks = design.clocks
    if not clocks:
        return [f"      {_row(design, '-')}", "      #6;"]
    lines = [f"      due_now = due_{clocks[0].name};"]
    lines += [f"      if (due_{clock.name} < due_now) due_now = due_{clock.name};" for clock in clocks[1:]]
    for position, clock in enumerate(clocks):
        level = int(clock.edge is Edge.FALLING)
        earlier = "" if position == 0 else "else "
        lines.append(f"      {earlier}if (due_{clock.name} == due_now) begin")
        lines.append(f"        due_{clock.name} = due_{clock.name} + {clock.ratio};")
        lines.append(f"        {_row(design, clock.name)}")
        lines.append(f"        {clock.name} = {1 - level}; #3; {clock.name} = {level}; #3;")
        lines.append("      end")
    return lines


def _row(design: Design, clock: str) -> str:
    values = [port.name for port in design.ports if port.role is not PortRole.CLOCK]
    return f'$display("ROW {clock} {" ".join(["%h"] * len(values))}", {", ".join(values)});'
