"""What coverage probes cost: cycles per CPU second of a harness with and without them.

    python benchmarks/probes.py [DESIGN...] [--rounds 5] [--json]

*plain* is the harness with its monitors. *code* adds probes for branches and state machines, *all* functional points
too; both tell after each lane which points it hit. All run the same rows in the batch engine in turns, lanes of 1,000
cycles; medians, in CPU seconds of the worker. The ratios say how much longer the same cycles take than on *plain*.
*counters* is Verilator's own line, branch, expression and toggle coverage, which the ids of no proof share.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from subjects import SERV, Subject
from throughput import LANES, TICKS, TURNS, Meter

from verif.coverage.probes import ProbedHarness, with_probes
from verif.harness.model import Harness
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.layout import Rows
from verif.workspace import Workspace

DESIGNS = ("sync_fifo", "skid_buffer", "arbiter", "uart_tx", "axi_lite_regs", "wishbone_ram", SERV)


class Side:
    """One harness, and how fast it goes."""

    def __init__(self, harness: Harness, workspace: Workspace, *, hits: bool, coverage: bool = False) -> None:
        self.batch = Batch(build_batch(harness, workspace=workspace, coverage=coverage))
        self._meter = Meter(self.batch)
        self._hits = hits

    def speed(self, rows: Rows) -> float:
        """Return cycles per CPU second."""

        def work() -> None:
            for _ in range(TURNS):
                self.batch.lanes(rows, hits=self._hits)

        return TURNS * LANES * TICKS / self._meter.seconds(work)


def measure(subject: Subject, rounds: int, workspace: Workspace) -> dict[str, Any]:
    """Measure one design on all sides, in turns."""
    plain = subject.checked
    probed = {
        "code": with_probes(plain, subject.plan.model_copy(update={"coverage": ()}), workspace=workspace),
        "all": with_probes(plain, subject.plan, workspace=workspace),
    }
    sides = {"plain": Side(plain, workspace, hits=False)}
    sides |= {name: Side(each.harness, workspace, hits=True) for name, each in probed.items()}
    sides["counters"] = Side(plain, workspace, hits=False, coverage=True)
    rows = _drawn(plain, subject)
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            speed = side.speed(rows)
            if number:  # the first turn starts workers and warms up
                taken[name].append(speed)
    for side in sides.values():
        side.batch.close()
    median = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "design": subject.name,
        "points": _points(probed),
        "cycles_per_second": {name: round(value) for name, value in median.items()},
        **{f"{name}_ratio": round(median["plain"] / median[name], 2) for name in sides if name != "plain"},
    }


def _points(probed: dict[str, ProbedHarness]) -> dict[str, int]:
    return {name: len(each.points) for name, each in probed.items()}


def _drawn(harness: Harness, subject: Subject) -> Rows:
    """Return lanes of ``TICKS`` rows, cut out of a search's blocks."""
    maker = StimulusMaker(harness, subject.plan, seed=1)
    found: list[Rows] = []
    while sum(len(part) for part in found) < LANES * TICKS:
        stimulus = maker.block(len(found)).stimulus
        found.append(stimulus.reshape(-1, stimulus.shape[-1]))
    import numpy as np

    return np.concatenate(found)[: LANES * TICKS].reshape(LANES, TICKS, -1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help="names under rtl/, or serv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name) / "sim_builds")
        rows = []
        for design in options.designs:
            rows.append(measure(Subject(design), options.rounds, workspace))
            if not options.json:
                show(rows[-1], header=len(rows) == 1)
    ratios = {f"{name}_ratio": statistics.median(row[f"{name}_ratio"] for row in rows) for name in ("code", "all")}
    figures = {"cores": os.cpu_count(), "rounds": options.rounds, **ratios, "designs": rows}
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    print(
        f"median over {len(rows)} designs: {ratios['code_ratio']} times the plain harness's time with code points, "
        f"{ratios['all_ratio']} with all ({figures['cores']} cores, medians of {options.rounds} rounds)"
    )


def show(row: dict[str, Any], *, header: bool) -> None:
    if header:
        print("thousands of cycles per CPU second".rjust(58))
        print(
            "design".ljust(14),
            "points (code/all)".rjust(18),
            "plain     code      all counters   code x all x".rjust(48),
        )
    speeds = " ".join(f"{row['cycles_per_second'][name] / 1e3:8.0f}" for name in ("plain", "code", "all", "counters"))
    points = f"{row['points']['code']}/{row['points']['all']}"
    print(
        row["design"].ljust(14),
        points.rjust(18),
        speeds,
        f"{row['code_ratio']:8.2f} {row['all_ratio']:5.2f} (counters {row['counters_ratio']:.2f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
