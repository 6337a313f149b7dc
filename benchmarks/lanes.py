"""Lane-cycles per CPU second against a bare C++ loop round Verilator's eval, on the same harness and stimulus.

    python benchmarks/lanes.py [DESIGN...] [--rounds 5] [--kinds raw checked covered] [--cocotb] [--json]

Both sides run in turns, and the ratio is the median of the turns' ratios, in CPU seconds of the process that simulates.
Lanes draw their stimulus themselves, every run begins with the reset; the loop plays rows of the same stimulus from
memory and knows neither lanes nor resets between them. *raw* is the harness without monitors, *checked* has every
hardware monitor, *covered* has the probes of coverage too, and tells which of them each lane hit. *rows* is the lane
engine with stimulus from arrays. Designs without a clock or with several are compared with the batch engine instead of
the loop. With ``--cocotb`` the drafted cocotb bench runs on Verilator in the same turns, one driver, monitor and
scoreboard.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from bare_loop import BareLoop
from cocotb_peers import build_peers, run_peers
from subjects import PICORV32, ROOT, SERV, Subject

from verif.coverage.probes import with_probes
from verif.harness.model import Harness
from verif.lanes import LaneEngine, LanesBuild, build_lanes
from verif.lanes.trust import difference_between
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.workspace import Workspace

DESIGNS = (*sorted(path.parent.name for path in (ROOT / "rtl").glob("*/design.toml")), SERV, PICORV32)
LANES = 512
LEAST_SECONDS = 0.2
"""CPU seconds of a measurement, about."""
PLAYED_LANES = 16
PLAYED_TICKS = 512
"""Stimulus of the other side and of *rows*."""


def worker_seconds(engine: Batch, work: Callable[[], object]) -> float:
    """Return the CPU seconds that ``work`` took in the engine's worker."""

    def now() -> float:
        total = 0
        for number in engine.processes():
            for task in Path(f"/proc/{number}/task").iterdir():
                total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        return total * 1e-9

    before = now()
    work()
    return now() - before


def speed(engine: Batch, cycles: int, work: Callable[[int], object]) -> float:
    """Return cycles per CPU second, where ``work(times)`` runs ``cycles`` so many times."""
    times = 1
    while (taken := worker_seconds(engine, partial(work, times))) < LEAST_SECONDS:
        times = max(times * 2, int(times * LEAST_SECONDS / max(taken, 1e-4)))
    return times * cycles / taken


@dataclass
class Pair:
    """One harness on both sides."""

    harness: Harness
    batch: BatchBuild
    lanes: LanesBuild
    batch_seconds: float
    lanes_seconds: float
    cocotb: Callable[[], float] | None = None
    """Measures the drafted bench: cycles per CPU second."""

    @classmethod
    def build(cls, harness: Harness, workspace: Workspace) -> Pair:
        """Build both."""
        start = time.perf_counter()
        batch = build_batch(harness, workspace=workspace)
        middle = time.perf_counter()
        lanes = build_lanes(harness, workspace=workspace)
        return cls(harness, batch, lanes, middle - start, time.perf_counter() - middle)

    def measure(self, rounds: int, scratch: Path) -> dict[str, Any]:
        """Return the medians of both sides and of their ratio."""
        one_clock = len(self.harness.clocks) == 1
        taken: list[tuple[float, ...]] = []
        hits = bool(self.harness.covers)
        with LaneEngine(self.lanes) as engine, Batch(self.batch) as peer:
            rows = engine.rows(list(range(PLAYED_LANES)), PLAYED_TICKS, draw=1)
            wide = engine.array(LANES, PLAYED_TICKS)
            wide[...] = np.resize(rows, wide.shape)
            engine.drawn(LANES, 8, draw=1)
            peer.lanes(rows)
            bare = BareLoop(self.batch, scratch) if one_clock else None
            for _ in range(rounds):
                ours = speed(engine, LANES * 1000, partial(self._drawn, engine, hits))
                if bare:
                    theirs = bare.run(rows, 200)
                else:
                    theirs = speed(
                        peer, rows.shape[0] * rows.shape[1], lambda n: [peer.lanes(rows, hits=hits) for _ in range(n)]
                    )
                given = speed(engine, wide.shape[0] * wide.shape[1], lambda n: [engine.lanes(wide) for _ in range(n)])
                taken.append((ours, theirs, given, self.cocotb() if self.cocotb else 0.0))
        ours, theirs, given, cocotb = (statistics.median(column) for column in zip(*taken, strict=True))
        text = (self.lanes.build.directory / "lanes.cpp").read_text(encoding="utf-8")
        return {
            "functions": functions_in(text),
            "monitors": len(self.harness.monitors),
            "lane_cycles_per_second": round(ours),
            "with_rows": round(given),
            "peer": "loop" if one_clock else "batch",
            "peer_cycles_per_second": round(theirs),
            "ratio": round(statistics.median(one / other for one, other, *_ in taken), 1),
            "lowest_ratio": round(min(one / other for one, other, *_ in taken), 1),
            "covers": len(self.harness.covers),
            "cocotb_cycles_per_second": round(cocotb),
            "cocotb_ratio": round(ours / cocotb) if cocotb else 0,
            "equal": difference_between(self.lanes, self.batch) == "",
            "build_seconds": round(self.lanes_seconds, 1),
            "batch_build_seconds": round(self.batch_seconds, 1),
        }

    @staticmethod
    def _drawn(engine: LaneEngine, hits: bool, times: int) -> None:
        engine.drawn(LANES, 1000 * times, draw=1, hits=hits)


def functions_in(text: str) -> int:
    """Return how many functions of up to three bits a tick computes, from a library's C++."""
    return len(re.findall(r"const Word t\d+ =|(?m:^vp(?:ternlog|and|andn|or|xor)q )", text))


def harness_of(subject: Subject, kind: str, workspace: Workspace) -> Harness:
    """Return a subject's harness of a kind."""
    if kind == "raw":
        return subject.raw
    return (
        subject.checked
        if kind == "checked"
        else with_probes(subject.checked, subject.plan, workspace=workspace).harness
    )


def drafted(subject: Subject, workspace: Workspace) -> Callable[[], float]:
    """Return what measures the drafted bench on Verilator."""
    request = build_peers(subject, Workspace.locate(ROOT).root / "lanes" / subject.name, workspace)
    return lambda: run_peers(request, workspace, cycles=12_000, examples=1)["drafted"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help="names under rtl/, serv or picorv32")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kinds", nargs="*", default=["raw", "checked"], choices=["raw", "checked", "covered"])
    parser.add_argument("--cocotb", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name) / "sim_builds")
        for design in options.designs:
            subject = Subject(design)
            for kind in options.kinds:
                harness = harness_of(subject, kind, workspace)
                if kind == "checked" and not harness.monitors:
                    continue
                pair = Pair.build(harness, workspace)
                pair.cocotb = drafted(subject, workspace) if options.cocotb else None
                measured = pair.measure(options.rounds, Path(name) / design / kind)
                found.append({"design": design, "kind": kind, **measured})
                if not options.json:
                    show(found[-1], header=len(found) == 1)
    if options.json:
        print(
            json.dumps({"cores": os.cpu_count(), "rounds": options.rounds, "lanes": LANES, "designs": found}, indent=2)
        )


def show(row: dict[str, Any], *, header: bool) -> None:
    if header:
        print("millions of cycles per CPU second")
        titles = (
            "functions",
            "  peer      ",
            "  lanes",
            "   rows",
            "  ratio",
            " lowest",
            " cocotb",
            " equal",
            "  build s (batch)",
        )
        print("design".ljust(19), "kind".ljust(8), *titles)
    print(
        f"{row['design']:19} {row['kind']:8} {row['functions']:9} {row['peer_cycles_per_second'] / 1e6:6.1f} "
        f"{row['peer']:5} {row['lane_cycles_per_second'] / 1e6:9.0f} {row['with_rows'] / 1e6:7.0f} {row['ratio']:7.1f} "
        f"{row['lowest_ratio']:7.1f} {row['cocotb_ratio'] or '':7}  {'yes' if row['equal'] else 'NO':6} "
        f"{row['build_seconds']:6.1f} ({row['batch_build_seconds']:.1f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
