"""Lanes in four states: what they cost beside two states, and what they show beside Icarus.

    python benchmarks/four_states.py [DESIGN...] [--lanes 64] [--ticks 500] [--rounds 5] [--no-reset] [--json]

*times*: CPU seconds of the same drawn lanes in four states over those in two, in turns, the median of the turns'
ratios; the harness is the design's, without monitors. Then the same stimulus in lanes and on Icarus, the harness with
all its monitors: *differing* bits that both know and that are not the same, bits that *lanes* alone or *Icarus* alone
know, and those X in both. ``--no-reset`` leaves out the reset before the rows, so that X is everywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from lanes import DESIGNS, LANES, speed
from subjects import Subject

from verif.errors import PosedgeError
from verif.harness.model import Harness
from verif.lanes import LaneEngine, Limits, build_lanes
from verif.lanes.fourstate.build import build_four_state
from verif.lanes.fourstate.comparing import differences
from verif.lanes.fourstate.icarus import IcarusPlayer
from verif.lanes.stirring import stirred
from verif.workspace import Workspace

LIMITS = Limits(seconds=600.0)
"""serv takes 26 CPU seconds of Yosys, and machines are busy."""
COUNTS = ("bits", "differing", "only_lanes_know", "only_icarus_knows", "unknown")


def cost(harness: Harness, workspace: Workspace, rounds: int) -> dict[str, Any]:
    """Return the speeds in two and in four states."""
    start = time.perf_counter()
    two = build_lanes(harness, workspace=workspace, limits=LIMITS)
    middle = time.perf_counter()
    four = build_four_state(harness, workspace=workspace, limits=LIMITS)
    end = time.perf_counter()
    taken = []
    with LaneEngine(two) as plain, LaneEngine(four) as doubled:
        for engine in (plain, doubled):
            engine.drawn(LANES, 8, draw=1)
        for _ in range(rounds):
            taken.append(
                [
                    speed(engine, LANES * 1000, lambda times, e=engine: e.drawn(LANES, 1000 * times, draw=1))
                    for engine in (plain, doubled)
                ]
            )
    return {
        "two_per_second": round(statistics.median(pair[0] for pair in taken)),
        "four_per_second": round(statistics.median(pair[1] for pair in taken)),
        "times": round(statistics.median(pair[0] / pair[1] for pair in taken), 2),
        "two_build_seconds": round(middle - start, 1),
        "four_build_seconds": round(end - middle, 1),
    }


def beside_icarus(harness: Harness, workspace: Workspace, folder: Path, lanes: int, ticks: int) -> dict[str, Any]:
    """Return counts of bits of all observed ports."""
    rows = stirred(harness, lanes, ticks, 1)
    with LaneEngine(build_four_state(harness, workspace=workspace, limits=LIMITS)) as engine:
        shown = engine.lanes(rows, observe=True)
    assert shown.observed is not None
    ports = differences(harness, shown.observed, IcarusPlayer(harness, workspace=workspace, folder=folder).play(rows))
    return {name: sum(getattr(port, name) for port in ports) for name in COUNTS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help="names under rtl/, serv or picorv32")
    parser.add_argument("--lanes", type=int, default=64)
    parser.add_argument("--ticks", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5, help="0 leaves the cost out")
    parser.add_argument("--no-reset", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name) / "sim_builds")
        for design in options.designs:
            subject = Subject(design)
            checked = replace(subject.checked, reset_ticks=0) if options.no_reset else subject.checked
            row: dict[str, Any] = {"design": design}
            try:
                if options.rounds:
                    row |= cost(subject.raw, workspace, options.rounds)
                row |= beside_icarus(checked, workspace, Path(name) / design, options.lanes, options.ticks)
            except PosedgeError as error:
                row["refused"] = error.sentence
            found.append(row)
            if not options.json:
                show(row, header=len(found) == 1)
    if options.json:
        facts = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "lanes": options.lanes, "ticks": options.ticks}
        print(json.dumps({**facts, "designs": found}, indent=2))


def show(row: dict[str, Any], *, header: bool) -> None:
    if header:
        print("design".ljust(19), "two M/s four M/s  times  build s |      bits  differing  lanes  icarus     both X")
    if "refused" in row:
        print(f"{row['design']:19} {row['refused']}")
        return
    speeds = (
        f"{row['two_per_second'] / 1e6:7.0f} {row['four_per_second'] / 1e6:8.0f} {row['times']:6.2f} "
        f"{row['four_build_seconds']:8.1f}"
        if "times" in row
        else " " * 32
    )
    counts = " ".join(str(row[name]).rjust(width) for name, width in zip(COUNTS, (9, 10, 6, 7, 10), strict=True))
    print(f"{row['design']:19} {speeds} | {counts}", flush=True)


if __name__ == "__main__":
    main()
