"""Tests of priority_encoder.

Yours to edit: drafting again merges its changes with yours.
"""

from __future__ import annotations

from pathlib import Path

import cocotb
from cocotb.handle import HierarchyObject

from priority_encoder_tb import RECORDED, REGRESSIONS, TB


@cocotb.test()
async def test_recorded(dut: HierarchyObject) -> None:
    """Compare with outputs that were recorded from this RTL.

    Catches regressions, proves nothing about the specification.
    """
    await TB(dut, "recorded", judged=False).replay(RECORDED)


@cocotb.test()
async def test_smoke(dut: HierarchyObject) -> None:
    """Out of reset, quiet at first, then light traffic."""
    tb = TB(dut, "smoke")
    await tb.start()
    await tb.run(8, {"lines_change": 0, "enable_rate": 0})
    await tb.run(40, {"lines_change": 2, "enable_runs": "long"})
    await tb.run(60, {})
    await tb.finish()


@cocotb.test()
async def test_typical(dut: HierarchyObject) -> None:
    """Everyday traffic, evenly and in bursts."""
    tb = TB(dut, "typical")
    await tb.start()
    await tb.run(160, {})
    await tb.run(120, {"enable_runs": "bursts"})
    await tb.finish()


@cocotb.test()
async def test_corner_values(dut: HierarchyObject) -> None:
    """Extreme values: all zeros, all ones, single bits, neighbours of powers of two, equal operands."""
    tb = TB(dut, "corner_values")
    await tb.start()
    await tb.run(140, {"lines_style": "corners", "lines_change": 9})
    await tb.run(60, {"lines_style": "related", "enable_runs": "random"})
    await tb.run(60, {"lines_style": "corners", "lines_change": 9})
    await tb.finish()


@cocotb.test()
async def test_busy_then_idle(dut: HierarchyObject) -> None:
    """Full load, then nothing, then full load again: nothing is lost or made up in the pause."""
    tb = TB(dut, "busy_then_idle")
    await tb.start()
    await tb.run(100, {"lines_change": 9, "lines_style": "uniform", "enable_rate": 9})
    await tb.run(24, {"lines_change": 0, "enable_rate": 0})
    await tb.run(60, {"lines_change": 9, "lines_style": "uniform", "enable_rate": 9})
    await tb.finish()


@cocotb.test()
async def test_held_controls(dut: HierarchyObject) -> None:
    """Each of enable held at one level for long, then at the other.

    Requirements: R1, R2, R3, R4, R5.
    """
    tb = TB(dut, "held_controls")
    await tb.start()
    await tb.run(30, {"enable_rate": 9})
    await tb.run(30, {"enable_rate": 0})
    await tb.finish()


@cocotb.test()
async def test_long_random(dut: HierarchyObject) -> None:
    """A long run with the knobs turned at random."""
    tb = TB(dut, "long_random")
    await tb.start()
    await tb.run(110, {"enable_rate": 9, "enable_runs": "random"})
    await tb.run(110, {"lines_style": "hold", "lines_change": 8})
    await tb.run(110, {"lines_style": "count", "lines_change": 8})
    await tb.run(110, {"lines_style": "small", "enable_rate": 2})
    await tb.run(110, {"lines_change": 5, "enable_runs": "long"})
    await tb.run(110, {"lines_change": 6, "enable_runs": "long"})
    await tb.run(110, {"lines_style": "hold", "enable_rate": 1})
    await tb.run(110, {"lines_change": 8, "enable_runs": "bursts"})
    await tb.finish()


@cocotb.test()
@cocotb.parametrize(file=[cocotb.Param(file, name=file.stem) for file in REGRESSIONS])
async def test_regressions(dut: HierarchyObject, file: Path) -> None:
    """Replay a stored stimulus, the shortest one that once showed a failure."""
    await TB(dut, f"regressions/file={file.stem}").replay(file)
