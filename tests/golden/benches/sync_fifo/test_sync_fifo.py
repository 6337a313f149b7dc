"""Tests of sync_fifo.

Yours to edit: drafting again merges its changes with yours.
"""

from __future__ import annotations

from pathlib import Path

import cocotb
from cocotb.handle import HierarchyObject

from sync_fifo_tb import RECORDED, REGRESSIONS, TB


@cocotb.test()
async def test_recorded(dut: HierarchyObject) -> None:
    """Compare with outputs that were recorded from this RTL.

    Catches regressions, proves nothing about the specification.
    """
    await TB(dut, "recorded", judged=False).replay(RECORDED)


@cocotb.test()
async def test_smoke(dut: HierarchyObject) -> None:
    """Out of reset, quiet at first, then light traffic.

    Requirements: R9.
    """
    tb = TB(dut, "smoke")
    await tb.start()
    await tb.run(8, {"push_rate": 0, "pop_rate": 0})
    await tb.run(40, {"push_rate": 2, "pop_rate": 2})
    await tb.run(60, {})
    await tb.finish()


@cocotb.test()
async def test_typical(dut: HierarchyObject) -> None:
    """Everyday traffic, evenly and in bursts."""
    tb = TB(dut, "typical")
    await tb.start()
    await tb.run(160, {})
    await tb.run(120, {"push_runs": "bursts", "pop_runs": "bursts"})
    await tb.finish()


@cocotb.test()
async def test_corner_values(dut: HierarchyObject) -> None:
    """Extreme values: all zeros, all ones, single bits, neighbours of powers of two, equal operands.

    Requirements: R6.
    """
    tb = TB(dut, "corner_values")
    await tb.start()
    await tb.run(140, {"push_data": "corners"})
    await tb.run(60, {"push_rate": 9, "push_overrun": 9, "pop_rate": 9, "pop_underrun": 9})
    await tb.run(60, {"push_data": "corners"})
    await tb.finish()


@cocotb.test()
async def test_busy_then_idle(dut: HierarchyObject) -> None:
    """Full load, then nothing, then full load again: nothing is lost or made up in the pause.

    Requirements: R4.
    """
    tb = TB(dut, "busy_then_idle")
    await tb.start()
    await tb.run(100, {"push_rate": 9, "push_overrun": 0, "pop_rate": 9, "pop_underrun": 0})
    await tb.run(24, {"push_rate": 0, "pop_rate": 0})
    await tb.run(60, {"push_rate": 9, "push_overrun": 0, "pop_rate": 9, "pop_underrun": 0})
    await tb.finish()


@cocotb.test()
async def test_fill_and_drain(dut: HierarchyObject) -> None:
    """Fill to full without a write too many, rest, drain to empty; twice, so that the pointers wrap.

    Requirements: R1, R2, R3, R4, R5, R6, R7, R8, R9.
    """
    tb = TB(dut, "fill_and_drain")
    await tb.start()
    await tb.run(40, {"push_rate": 9, "push_overrun": 0, "pop_rate": 0})
    await tb.run(6, {"push_rate": 0, "pop_rate": 0})
    await tb.run(40, {"push_rate": 0, "pop_rate": 9, "pop_underrun": 0})
    await tb.run(6, {"push_rate": 0, "pop_rate": 0})
    await tb.run(40, {"push_rate": 9, "push_overrun": 0, "pop_rate": 0})
    await tb.run(40, {"push_rate": 0, "pop_rate": 9, "pop_underrun": 0})
    await tb.finish()


@cocotb.test()
async def test_overflow_and_underflow(dut: HierarchyObject) -> None:
    """Writes go on while full, reads go on while empty: they must change nothing.

    Requirements: R1, R5, R7, R8.
    """
    tb = TB(dut, "overflow_and_underflow")
    await tb.start()
    await tb.run(28, {"push_rate": 9, "push_overrun": 9, "pop_rate": 0})
    await tb.run(28, {"push_rate": 0, "pop_rate": 9, "pop_underrun": 9})
    await tb.run(80, {"push_rate": 9, "push_overrun": 9})
    await tb.run(80, {"pop_rate": 9, "pop_underrun": 9})
    await tb.finish()


@cocotb.test()
async def test_both_at_once(dut: HierarchyObject) -> None:
    """Write and read in the same cycle: at full, at empty and in between.

    Requirements: R2, R3, R7, R8.
    """
    tb = TB(dut, "both_at_once")
    await tb.start()
    await tb.run(30, {"push_rate": 9, "push_overrun": 9, "pop_rate": 9, "pop_underrun": 9})
    await tb.run(24, {"push_rate": 9, "push_overrun": 9, "pop_rate": 0})
    await tb.run(50, {"push_rate": 9, "push_overrun": 9, "pop_rate": 9, "pop_underrun": 9})
    await tb.run(20, {"push_rate": 0})
    await tb.run(40, {"push_rate": 9, "push_overrun": 9, "pop_rate": 9, "pop_underrun": 9})
    await tb.finish()


@cocotb.test()
async def test_reset_in_operation(dut: HierarchyObject) -> None:
    """Reset while everything moves: afterwards the design is as new.

    Requirements: R1, R9.
    """
    tb = TB(dut, "reset_in_operation")
    await tb.start()
    await tb.run(50, {"push_rate": 9, "push_overrun": 0, "pop_rate": 9, "pop_underrun": 0})
    await tb.run(30, {})
    await tb.reset()
    await tb.run(12, {"push_rate": 0, "pop_rate": 0})
    await tb.run(40, {})
    await tb.finish()


@cocotb.test()
async def test_reset_under_load(dut: HierarchyObject) -> None:
    """Reset under full load with everything backed up, and full load again at once.

    Requirements: R1, R9.
    """
    tb = TB(dut, "reset_under_load")
    await tb.start()
    await tb.run(40, {"push_rate": 9, "push_overrun": 0, "pop_rate": 2})
    await tb.reset()
    await tb.run(40, {"push_rate": 9, "push_overrun": 0, "pop_rate": 9, "pop_underrun": 0})
    await tb.finish()


@cocotb.test()
async def test_long_random(dut: HierarchyObject) -> None:
    """A long run with the knobs turned at random."""
    tb = TB(dut, "long_random")
    await tb.start()
    await tb.run(110, {"push_runs": "bursts", "push_data": "uniform", "push_overrun": 3, "pop_underrun": 2})
    await tb.run(110, {"push_runs": "random", "push_data": "sparse", "pop_rate": 2, "pop_underrun": 8})
    await tb.run(110, {"push_overrun": 7, "pop_rate": 1, "pop_runs": "random", "pop_underrun": 7})
    await tb.run(110, {"push_runs": "bursts", "push_data": "mixed", "push_overrun": 8, "pop_runs": "bursts"})
    await tb.run(110, {"push_rate": 7, "push_data": "hold", "push_overrun": 7, "pop_underrun": 8})
    await tb.run(110, {"push_rate": 7, "push_runs": "random", "push_data": "sparse", "push_overrun": 3})
    await tb.run(110, {"push_rate": 2, "push_overrun": 5, "pop_rate": 6, "pop_runs": "long"})
    await tb.run(110, {"push_data": "sparse", "push_overrun": 1, "pop_rate": 7, "pop_runs": "bursts"})
    await tb.finish()


@cocotb.test()
@cocotb.parametrize(file=[cocotb.Param(file, name=file.stem) for file in REGRESSIONS])
async def test_regressions(dut: HierarchyObject, file: Path) -> None:
    """Replay a stored stimulus, the shortest one that once showed a failure."""
    await TB(dut, f"regressions/file={file.stem}").replay(file)
