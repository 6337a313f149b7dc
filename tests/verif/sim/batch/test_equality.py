"""The batch engine, cocotb on Verilator and Icarus give the same bits; the long version is benchmarks/equality.py."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.tools import need
from verif.workspace import Workspace

ROOT = Path(__file__).resolve().parents[4]


def compared(*words: str) -> tuple[int, dict[str, Any]]:
    """Run the benchmark; return its exit status and what it says."""
    need("iverilog")
    done = subprocess.run(
        [sys.executable, "benchmarks/equality.py", "--json", *words], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def test_three_simulations_give_the_same_bits(workspace: Workspace, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    words = ("sync_fifo", "async_fifo", "skid_buffer", "--cycles", "10000", "--results", str(results))
    status, found = compared(*words)
    assert status == 0 and found["equal"]
    for design in found["designs"]:
        assert design["verdict"] in ("EQUAL", "X_ONLY")
        assert design["cycles"] == 10_000
        assert design["bits"] > 0.99 * (design["bits"] + design["unknown_bits"])
        assert design["toggled_columns"] == design["columns"]
    status, again = compared(*words)
    assert (status, again["designs"]) == (0, found["designs"])
    assert len(results.read_text(encoding="utf-8").splitlines()) == 3


def test_a_broken_variant_comes_out_different(workspace: Workspace) -> None:
    status, found = compared("sync_fifo", "--cycles", "3000", "--control")
    assert status == 1 and not found["equal"]
    assert found["designs"][0]["verdict"] == "DIFFERENT"
    assert found["designs"][0]["differ_from_icarus"] > 0
