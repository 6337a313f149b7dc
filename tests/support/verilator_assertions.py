"""Verilator's own assertions: properties as ``assert property``, compiled with ``--timing`` and played on a trace."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tests.support.properties import ROW, WIDTHS, rows_of
from tests.support.property_traces import Bits, Prop, Trace
from verif.sim.toolchain import need

_ERROR = re.compile(r"%Error(?:-\w+)?: \S*\.sv:(\d+):\d+: (.*)")
_RUNTIME = ("verilated", "verilated_timing", "verilated_threads", "verilated_random")
_SWITCHES = ("VM_COVERAGE=0", "VM_SC=0", "VM_TRACE=0", "VM_TIMING=1", "VM_TRACE_FST=0", "VM_TRACE_VCD=0")


def refused(properties: Sequence[Prop], directory: Path) -> Mapping[int, str]:
    """Return what Verilator says of those properties that it can't take, by their place."""
    found: dict[int, str] = {}
    left = dict(enumerate(properties))
    while left:
        (directory / "lint.sv").write_text(
            "".join(_module(k, prop, False) for k, prop in left.items()), encoding="utf-8"
        )
        done = _verilator(directory, "--lint-only", "-Wno-MULTITOP", "--error-limit", "0", "lint.sv", check=False)
        names = list(left)
        said = {names[int(line) - 1]: text for line, text in reversed(_ERROR.findall(done.stderr))}
        if not said:
            assert done.returncode == 0, done.stderr
            break
        found |= said
        left = {k: prop for k, prop in left.items() if k not in said}
    return found


def fails(properties: Sequence[Prop], disabled: Sequence[bool], trace: Trace, directory: Path) -> list[Bits]:
    """Return in which cycles each assertion fails, the last cycle left out; ``rst`` disables all of them."""
    rows = rows_of(trace)
    (directory / "rows.hex").write_text("\n".join(f"{row:x}" for row in rows), encoding="utf-8")
    modules = "".join(_module(k, p, stops) for k, (p, stops) in enumerate(zip(properties, disabled, strict=True)))
    (directory / "play.sv").write_text(modules + _play(len(properties), len(rows)), encoding="utf-8")
    _verilator(directory, "--cc", "--exe", "--main", "--timing", "--top", "play", "--Mdir", "obj", "play.sv")
    sources = sorted((directory / "obj").glob("*.cpp"))
    (directory / "one.cc").write_text("".join(f'#include "{file}"\n' for file in sources), encoding="utf-8")
    tool = need("verilator")
    root = Path({**os.environ, **tool.env}["VERILATOR_ROOT"]) / "include"
    flags = ("-std=c++20", "-fcoroutines", "-O1", "-w", "-pthread", *(f"-D{switch}" for switch in _SWITCHES))
    places = (f"-I{root}", f"-I{root / 'vltstd'}", f"-I{directory / 'obj'}")
    runtime = [str(root / f"{name}.cpp") for name in _RUNTIME]
    subprocess.run(["g++", *flags, *places, "one.cc", *runtime, "-o", "play"], cwd=directory, check=True)
    done = subprocess.run(["./play"], cwd=directory, check=True, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if len(line) == len(properties) and set(line) <= {"0", "1"}]
    assert len(lines) == len(rows)
    flags_seen = np.array([[digit == "1" for digit in reversed(line)] for line in lines])
    toggled = flags_seen[1:] != flags_seen[:-1]
    return [toggled[:, place] for place in range(len(properties))]


def _module(number: int, prop: Prop, stops: bool) -> str:
    """Return a module, on one line, whose flag changes after each cycle in which the assertion fails."""
    ports = "input wire clk, rst, stop, a, b, c, input wire [3:0] d, output reg flag"
    off = "rst || stop" if stops else "rst"
    asserted = f"assert property (@(posedge clk) disable iff ({off}) {prop.text}) else flag <= ~flag;"
    return f"module sva_{number}({ports}); initial flag = 0; {asserted} endmodule\n"


def _play(count: int, cycles: int) -> str:
    names = [f"wire [{width - 1}:0] {name};" if width > 1 else f"wire {name};" for name, width in WIDTHS.items()]
    ports = ", ".join(f".{name}({name})" for name in ("clk", *WIDTHS))
    instances = [f"  sva_{number} s{number} ({ports}, .flag(flags[{number}]));" for number in range(count)]
    return "\n".join(
        [
            "module play;",
            f"  reg clk = 0; reg [{ROW - 1}:0] row = 0; reg [{ROW - 1}:0] rows [0:{cycles - 1}]; integer cycle;",
            f"  wire [{count - 1}:0] flags;",
            *names,
            f"  assign {{{', '.join(WIDTHS)}}} = row;",
            *instances,
            '  initial begin $readmemh("rows.hex", rows);',
            f"    for (cycle = 0; cycle < {cycles}; cycle = cycle + 1) begin",
            '      row = rows[cycle]; #2 $display("%b", flags); clk = 1; #2 clk = 0;',
            "    end $finish; end",
            "endmodule",
            "",
        ]
    )


def _verilator(directory: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    tool = need("verilator")
    quiet = ("--assert", "-Wno-fatal", "-Wno-WIDTH", "--x-initial", "0")
    done = subprocess.run(
        [str(tool.path), *quiet, *arguments],
        cwd=directory,
        env={**os.environ, **tool.env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done
