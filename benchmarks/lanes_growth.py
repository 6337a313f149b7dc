"""How lanes grow: lane-cycles per CPU second over the size of a netlist, and over the number of lanes.

    python benchmarks/lanes_growth.py [DESIGN...] [--over sync_fifo serv] [--plot growth.svg] [--json]

*Size*: each design's harness without monitors, 512 lanes with stimulus drawn in the engine. *Lanes*: runs of 1 to 512
lanes in the lane engine and the same number of lanes one after the other in the batch engine, which plays rows; where
the batch engine is faster, Verilator wins.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from lanes import DESIGNS, LANES, functions_in, speed
from subjects import Subject

from verif.lanes import LaneEngine, build_lanes
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace

COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
TICKS = 500


def sizes(designs: list[str], workspace: Workspace) -> list[dict[str, Any]]:
    """Return a row for each design: its functions, and how fast 512 lanes are."""
    found = []
    for name in designs:
        build = build_lanes(Subject(name).raw, workspace=workspace)
        with LaneEngine(build) as engine:
            engine.drawn(LANES, 8, draw=1)
            fast = speed(engine, LANES * TICKS, lambda n, engine=engine: engine.drawn(LANES, TICKS * n, draw=1))
        text = (build.build.directory / "lanes.cpp").read_text(encoding="utf-8")
        found.append({"design": name, "functions": functions_in(text), "lane_cycles_per_second": round(fast)})
        print(
            f"{name:20} {found[-1]['functions']:7} functions {fast / 1e6:9.0f} M lane-cycles/s",
            file=sys.stderr,
            flush=True,
        )
    return found


def counts(name: str, workspace: Workspace) -> list[dict[str, Any]]:
    """Return a row for each number of lanes."""
    harness = Subject(name).raw
    found = []
    with (
        LaneEngine(build_lanes(harness, workspace=workspace)) as engine,
        Batch(build_batch(harness, workspace=workspace)) as peer,
    ):
        rows = engine.rows(list(range(COUNTS[-1])), TICKS, draw=1)
        for count in COUNTS:
            some = np.ascontiguousarray(rows[:count])
            engine.drawn(count, 8, draw=1)
            peer.lanes(some)
            ours = speed(engine, count * TICKS, lambda n, count=count: engine.drawn(count, TICKS * n, draw=1))
            theirs = speed(peer, count * TICKS, lambda n, some=some: [peer.lanes(some) for _ in range(n)])
            found.append({"design": name, "lanes": count, "lane_engine": round(ours), "batch_engine": round(theirs)})
            print(
                f"{name:20} {count:4} lanes {ours / 1e6:9.1f} M, batch {theirs / 1e6:7.1f} M cycles/s",
                file=sys.stderr,
                flush=True,
            )
    return found


def plot(by_size: list[dict[str, Any]], by_count: list[dict[str, Any]], file: Path) -> None:
    """Draw both, on logarithmic axes."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "lanes"
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.2), constrained_layout=True)
    left.loglog(*zip(*((r["functions"], r["lane_cycles_per_second"]) for r in by_size), strict=True), "o")
    for row in by_size:
        left.annotate(row["design"], (row["functions"], row["lane_cycles_per_second"]), fontsize=6)
    left.set(xlabel="functions of three bits", ylabel="lane-cycles per CPU second", title="512 lanes")
    for name in dict.fromkeys(row["design"] for row in by_count):
        rows = [row for row in by_count if row["design"] == name]
        lanes = [row["lanes"] for row in rows]
        (line,) = right.loglog(lanes, [row["lane_engine"] for row in rows], "o-", label=f"{name}, lanes")
        right.loglog(lanes, [row["batch_engine"] for row in rows], "--", color=line.get_color(), label=f"{name}, batch")
    right.set(xlabel="lanes", ylabel="lane-cycles per CPU second", title="by the number of lanes")
    right.legend(fontsize=7)
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help="names under rtl/, serv or picorv32")
    parser.add_argument("--over", nargs="*", default=["sync_fifo", "serv"], help="designs for the number of lanes")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "sim_builds")
        by_size = sizes(options.designs, workspace)
        by_count = [row for name in options.over for row in counts(name, workspace)]
    if options.plot:
        plot(by_size, by_count, options.plot)
    if options.json:
        print(json.dumps({"cores": os.cpu_count(), "sizes": by_size, "lanes": by_count}, indent=2))


if __name__ == "__main__":
    main()
