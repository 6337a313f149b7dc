"""Saved results of a drafted FIFO bench, as the verbs leave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.coverage import HIT, UNKNOWN, UNREACHABLE, coverage, point, result
from verif.bench.manifest import BenchManifest, ClockEntry, Provenance, Sources, Waiver, write_manifest
from verif.coverage.model import PointResult
from verif.coverage.saved import as_json
from verif.workspace import Workspace

REPLAY = "posedge replay 7f3a9c"


def test_run(name: str = "test_fill", verdict: str = "PASS", **overrides: Any) -> dict[str, Any]:
    """One entry of a run's ``tests``."""
    entry = {"name": name, "simulator": "icarus", "config": "default", "seed": 1, "verdict": verdict, "seconds": 0.4}
    return {**entry, "replay": REPLAY, "message": "", **overrides}


test_run.__test__ = False  # type: ignore[attr-defined]


def draft(**overrides: Any) -> dict[str, Any]:
    """A draft's result."""
    return {
        "schema": 1,
        "verb": "draft",
        "outcome": "CLEAN",
        "accepted": True,
        "model": "smollm2",
        "lines": 412,
        "checks": [{"name": "repeats", "simulator": "icarus", "verdict": "PASS"}],
        "oracles": [
            {
                "id": "fifo-model",
                "oracle": "SPEC",
                "title": "Data leaves in the order it entered.",
                "requirements": ["R1"],
            },
            {
                "id": "fifo-no-overflow",
                "oracle": "PROTOCOL",
                "title": "A write while full is ignored.",
                "requirements": ["R2"],
                "assume": "assume property (@(posedge clk) !(wr_en && full));",
            },
            {"id": "no-x", "oracle": "GENERIC", "title": "No output is X after reset."},
        ],
        "requirements": {
            "checked": 2,
            "total": 3,
            "items": [
                {"id": "R1", "text": "First in, first out.", "checked": True, "by": ["fifo-model"]},
                {
                    "id": "R2",
                    "text": "A write while full shall be ignored.",
                    "checked": True,
                    "by": ["fifo-no-overflow"],
                },
                {"id": "R3", "text": "almost_full rises one entry early.", "checked": False, "by": []},
            ],
        },
        "forced_fail": {
            "caught": 2,
            "total": 2,
            "variants": [
                {"name": "full stuck at 0", "simulator": "icarus", "caught": True, "by": "SPEC fifo-model"},
                {"name": "rd_data inverted", "simulator": "icarus", "caught": True, "by": "SPEC fifo-model"},
            ],
        },
        "contest": {
            "contenders": [
                {"name": "model", "origin": "smollm2", "hit": 20, "total": 24, "cycles": 800},
                {"name": "baseline", "hit": 22, "total": 24, "cycles": 800},
                {"name": "random", "origin": "mean of 3 seeds", "hit": 19.3, "total": 24, "cycles": 800},
            ]
        },
        "notes": ["pyverilog took the design."],
        **overrides,
    }


def run(*tests: dict[str, Any], **overrides: Any) -> dict[str, Any]:
    """A run's result; two passing tests unless told."""
    listed = list(tests) or [test_run(), test_run(simulator="verilator"), test_run("test_recorded_reset")]
    failed = any(entry["verdict"] == "FAIL" for entry in listed)
    return {"schema": 1, "verb": "run", "verdict": "FAIL" if failed else "PASS", "tests": listed, **overrides}


def failing_test(trace: Path | None = None, **overrides: Any) -> dict[str, Any]:
    """A test that the reference model failed in cycle 21."""
    message = "SPEC fifo-model: cycle 21: rd_data is 0x5a, expected 0x3c"
    entry = test_run("test_wrap", "FAIL", message=message, **overrides)
    return {**entry, "trace": str(trace)} if trace else entry


def write_trace(file: Path, test: str = "test_wrap", cycles: int = 30) -> Path:
    """Write BENCH_TRACE lines of a FIFO; ``rd_data`` is X for the first cycles."""
    with file.open("w", encoding="utf-8") as lines:
        for t in range(cycles):
            driven = {"wr_en": t % 3 != 2, "wr_data": (t * 37) & 0xFF, "rd_en": t % 4 == 1}
            seen = {
                "rd_data": None if t < 12 else (t * 11) & 0xFF,
                "full": t in (19, 20),
                "empty": t < 9,
                "count": t % 9,
            }
            row = {"test": test, "cycle": t, "in": _plain(driven), "out": _plain(seen)}
            lines.write(json.dumps(row) + "\n")
    return file


def _plain(values: dict[str, Any]) -> dict[str, int | None]:
    return {name: None if value is None else int(value) for name, value in values.items()}


COVERAGE = {
    "functional": {
        "hit": 4,
        "total": 5,
        "points": {
            "full": {"hit": 2, "total": 2, "bins": {"low": 40, "high": 3}},
            "count": {"hit": 2, "total": 3, "bins": {"zero": 4, "middle": 30, "max": 0}},
        },
        "tests": {
            "test_fill": {"hit": 4, "total": 5, "bins": ["full.low", "full.high", "count.zero", "count.middle"]},
            "test_recorded": {"hit": 2, "total": 5, "bins": ["full.low", "count.middle"]},
        },
    },
    "code": {
        "line": {"hit": 30, "total": 32},
        "toggle": {"hit": 61, "total": 80},
        "user": {"hit": 0, "total": 0},
        "files": {"sync_fifo.sv": {"line": {"hit": 30, "total": 32}}},
        "missed": [{"kind": "line", "file": "sync_fifo.sv", "line": 61, "module": "sync_fifo", "detail": "else"}],
        "missed_total": 21,
    },
}


def close(*points: PointResult, **overrides: Any) -> dict[str, Any]:
    """A closure's result: two of four branches hit, one by a witness, one proven unreachable, one open."""
    listed = points or (
        result("sync_fifo:3:if", HIT, by="random", witness="cover_1", tick=2),
        result("sync_fifo:3:else", UNKNOWN, bound=20, point=point("sync_fifo:3:else", title="else of if (push)")),
        result("sync_fifo:5:if", HIT, by="solver", witness="cover_2", tick=4),
        result("sync_fifo:5:else", UNREACHABLE, by="solver", method="induction", bound=2),
    )
    hits = {"cover_1": frozenset({"sync_fifo:3:if"}), "cover_2": frozenset({"sync_fifo:3:if", "sync_fifo:5:if"})}
    tests = {} if points else hits
    return {
        "schema": 1,
        "verb": "close",
        **as_json(coverage(*listed, tests=tests)),
        "curve": [
            {"cycles": 100, "seconds": 0.5, "hit": 1, "unreachable": 0, "by": "random"},
            {"cycles": 90_000, "seconds": 2.5, "hit": 2, "unreachable": 1, "by": "solver"},
        ],
        "proposers": [{"name": "random", "turns": 7}, {"name": "mutation", "turns": 0}],
        "witnesses": [
            {
                "id": name,
                "regression": f"tb/sync_fifo/regressions/{name}.json",
                "cycles": 12,
                "by": "random",
                "points": sorted(ids),
                "replayed": [{"simulator": "icarus", "verdict": "PASS", "message": ""}],
            }
            for name, ids in tests.items()
        ],
        "cycles": 90_000,
        "closing_seconds": 2.5,
        "notes": ["a function has no points"],
        **overrides,
    }


FIFO = """module sync_fifo;
always_ff @(posedge clk)
  if (push) begin
    mem[0] <= 1;
    if (deep) mem[1] <= 2;
  end
endmodule
"""


def bench(
    directory: Path,
    workspace: Workspace,
    top: str = "sync_fifo",
    waivers: tuple[Waiver, ...] = (),
    **results: dict[str, Any],
) -> Path:
    """Make a bench directory with a manifest and saved results; ``run_at_bug`` is saved as ``run@bug``."""
    directory.mkdir(parents=True, exist_ok=True)
    write_manifest(
        BenchManifest(
            top=top,
            sources=Sources(files=("../../rtl/sync_fifo/sync_fifo.sv",)),
            test_modules=(f"test_{top}",),
            clock=(ClockEntry(name="clk"),),
            waiver=waivers,
            provenance=Provenance(plan_digest="9b1d", model="smollm2", seed=7, tools={"icarus": "11.0"}),
        ),
        directory,
    )
    for verb, saved in results.items():
        workspace.save_result(directory, verb.replace("_at_", "@"), saved)
    return directory
