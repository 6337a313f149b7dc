"""The benchmark of probes tells both sides of its ratios; how much probes cost, no test asserts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.slow
def test_the_benchmark_tells_both_sides_of_each_ratio() -> None:
    command = [sys.executable, "benchmarks/probes.py", "uart_tx", "--rounds", "1", "--json"]
    found = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    (row,) = found["designs"]
    speeds = row["cycles_per_second"]
    assert set(speeds) == {"plain", "code", "all", "counters"}
    for name in ("code", "all", "counters"):
        assert row[f"{name}_ratio"] == pytest.approx(speeds["plain"] / speeds[name], abs=0.01)
    assert found["all_ratio"] == row["all_ratio"]
    assert row["points"]["all"] > row["points"]["code"] > 0
