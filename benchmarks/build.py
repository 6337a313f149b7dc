"""Time a Verilator build of a FIFO: Verilator's own makefile against ours, and the batch library after a change.

    python benchmarks/build.py [--rounds N] [--json]

All sides compile ``rtl/sync_fifo`` from nothing, taking turns; ccache is off except where it is what is measured.
For the batch library a line of the design changes before each build; the harness and its monitors are compiled along.
CPU seconds of all child processes count, since wall time depends on what else the machine does; the median is told.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from subjects import Subject

from verif.design.model import SourceSet
from verif.sim import toolchain
from verif.sim.batch import build_batch
from verif.sim.process import Processes
from verif.sim.seam import BuildRequest
from verif.sim.verilator import Verilator
from verif.workspace import Workspace

FIFO = Path(__file__).resolve().parents[1] / "rtl" / "sync_fifo" / "sync_fifo.sv"


@dataclass(frozen=True)
class Cost:
    """What one build took."""

    cpu: float
    wall: float


def cost_of(work: Callable[[], object], scratch: Path, *, ccache: bool) -> Cost:
    os.environ["CCACHE_DISABLE" if not ccache else "CCACHE_DIR"] = "1" if not ccache else str(scratch / "ccache")
    if ccache:
        os.environ.pop("CCACHE_DISABLE", None)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu=cpu, wall=time.perf_counter() - start)


def build(scratch: Path, *, fast: bool, ccache: bool) -> Cost:
    place = Path(tempfile.mkdtemp(dir=scratch))
    backend = Verilator(workspace=Workspace(place), processes=Processes(), fast_build=fast)
    request = BuildRequest(sources=SourceSet(files=(FIFO,)), top="sync_fifo")
    return cost_of(lambda: backend.build(request), scratch, ccache=ccache)


def build_changed(scratch: Path, number: int) -> Cost:
    """Change a line of the FIFO, another one in each round, and build the batch library of its harness."""
    place = Path(tempfile.mkdtemp(dir=scratch))
    line = "assign full    = level == FULL_LEVEL;"
    text = FIFO.read_text(encoding="utf-8")
    assert line in text
    (place / FIFO.name).write_text(text.replace(line, f"assign full    = level >= FULL_LEVEL - {number};"))
    harness = Subject("sync_fifo").checked
    sources = replace(harness.design.sources, files=(place / FIFO.name,))
    changed = replace(harness, design=replace(harness.design, sources=sources))
    return cost_of(lambda: build_batch(changed, workspace=Workspace(place)), scratch, ccache=False)


def measure(rounds: int) -> dict[str, list[Cost]]:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        os.environ["POSEDGE_CACHE"] = str(scratch / "cache")
        toolchain.need("verilator"), toolchain.need("g++")
        costs = {"first": [build(scratch, fast=True, ccache=False)], "default": [], "prebuilt": [], "ccache": []}
        costs |= {"batch_first": [build_changed(scratch, 9)], "batch": []}
        if toolchain.find("ccache"):
            build(scratch, fast=True, ccache=True)
        for number in range(rounds):
            costs["default"].append(build(scratch, fast=False, ccache=False))
            costs["prebuilt"].append(build(scratch, fast=True, ccache=False))
            costs["batch"].append(build_changed(scratch, number))
            if toolchain.find("ccache"):
                costs["ccache"].append(build(scratch, fast=True, ccache=True))
        return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    costs = measure(options.rounds)
    cpu = {name: statistics.median(cost.cpu for cost in all_of) for name, all_of in costs.items() if all_of}
    wall = {name: statistics.median(cost.wall for cost in all_of) for name, all_of in costs.items() if all_of}
    figures = {
        "design": FIFO.stem,
        "cores": os.cpu_count(),
        "rounds": options.rounds,
        "cpu_seconds": {name: round(value, 2) for name, value in cpu.items()},
        "wall_seconds": {name: round(value, 2) for name, value in wall.items()},
        "ratio": round(cpu["default"] / cpu["prebuilt"], 1),
        "batch_ratio": round(cpu["default"] / cpu["batch"], 1),
        "ratio_ccache": round(cpu["default"] / cpu["ccache"], 1) if "ccache" in cpu else None,
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    print(f"a Verilator build of {FIFO.stem}, {options.rounds} rounds, {os.cpu_count()} cores")
    for name, what in {
        "default": "Verilator's makefile",
        "first": "ours, the very first (runtime compiled and kept)",
        "prebuilt": "ours, from then on",
        "ccache": "ours, same C++ as once before (ccache)",
        "batch_first": "batch library, the very first",
        "batch": "batch library after a change of a line",
    }.items():
        if name in cpu:
            print(f"{what:<50} {cpu[name]:6.2f} CPU s {wall[name]:6.2f} s")
    print(f"{figures['ratio']} times less CPU time than the default; with ccache {figures['ratio_ccache']} times")
    print(f"a changed line is in a new batch library with {figures['batch_ratio']} times less than the default")


if __name__ == "__main__":
    main()
