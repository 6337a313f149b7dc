"""Small designs and cocotb benches, written into a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import tomli_w

COUNTER = """
`include "step.svh"
module counter #(parameter WIDTH = 4) (
    input  wire             clk,
    input  wire             rst_n,
    output reg  [WIDTH-1:0] count
);
`ifndef INCREMENT
  `define INCREMENT `STEP
`endif
  always @(posedge clk or negedge rst_n)
    if (!rst_n) count <= 0;
    else count <= count + `INCREMENT;
endmodule
"""

STEP = "`define STEP 1\n"

HEAD = """
import os
import random
import subprocess
import sys

import cocotb
from cocotb.triggers import Timer

"""

PASSING = """
@cocotb.test()
async def test_passes(dut):
    await Timer(5, "ns")
"""

FAILING = """
@cocotb.test()
async def test_fails(dut):
    await Timer(2, "ns")
    raise AssertionError("SPEC counter-model: cycle 3: count is 4, expected 3")
"""

BREAKING = """
@cocotb.test()
async def test_breaks(dut):
    await Timer(1, "ns")
    raise ValueError("no such thing")
"""


def design(folder: Path, *, text: str = COUNTER, step: str = STEP) -> tuple[Path, ...]:
    """Write the counter and its header; return the source files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "counter.sv").write_text(text, encoding="utf-8")
    (folder / "step.svh").write_text(step, encoding="utf-8")
    return (folder / "counter.sv",)


def module(folder: Path, *tests: str, name: str = "test_counter") -> str:
    """Write a test module of these tests and return its name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(HEAD + "\n".join(tests), encoding="utf-8")
    return name


def bench(
    folder: Path,
    *tests: str,
    simulators: Sequence[str] = ("fake",),
    configs: Sequence[Mapping[str, object]] = ({"name": "default"},),
    **keys: object,
) -> Path:
    """Write a whole bench of the counter with these tests, and return its folder."""
    design(folder)
    manifest = {
        "schema_version": 1,
        "top": "counter",
        "test_modules": [module(folder, *tests)],
        "simulators": list(simulators),
        "sources": {"files": ["counter.sv"]},
        "config": [dict(config) for config in configs],
        **keys,
    }
    (folder / "bench.toml").write_text(tomli_w.dumps(manifest), encoding="utf-8")
    return folder
