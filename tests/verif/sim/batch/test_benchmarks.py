"""The benchmarks of the batch engine say what they promise; how fast anything is, no test asserts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from verif.workspace import Workspace

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.slow
def test_throughput_tells_both_sides_of_each_ratio(workspace: Workspace) -> None:
    command = [sys.executable, "benchmarks/throughput.py", "uart_tx", "--rounds", "1", "--json"]
    found = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert found["cores"] > 0
    (row,) = found["designs"]
    speeds, examples = row["cycles_per_second"], row["examples_per_second"]
    assert set(speeds) == {"peer", "tight", "raw", "checked", "made", "judged", "bare"}
    assert found["raw_ratio_min"] == row["raw_ratio"] == pytest.approx(speeds["raw"] / speeds["peer"], rel=0.01)
    assert found["checked_ratio_min"] == pytest.approx(speeds["checked"] / speeds["peer"], rel=0.01)
    assert found["bare_ratio_min"] == pytest.approx(speeds["checked"] / speeds["bare"], abs=0.01)
    assert found["examples_ratio"] == pytest.approx(examples["batch"] / examples["bridge"], rel=0.01)
    assert "class TB" in Path(row["peer_source"]).read_text(encoding="utf-8")
