"""Cycles and examples per CPU second: the batch engine against cocotb on Verilator and against a bare C++ loop.

    python benchmarks/throughput.py [DESIGN...] [--rounds 3] [--json]

Both sides of every ratio are measured in turns, the medians are told, in CPU seconds of the processes that do the work.
The peer is the drafted cocotb bench (one driver, monitor, scoreboard; its source is printed) on Verilator. *raw* is the
harness without monitors, *checked* has every hardware monitor, *judged* lets the bench's own Python model and rules
judge the observed trace, *made* includes drawing the stimulus. Lanes are 1,000 cycles long, examples 50.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from bare_loop import BareLoop
from cocotb_peers import build_peers, run_peers
from subjects import ROOT, SERV, Subject

from verif.search.judging import TraceJudge
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.layout import Rows
from verif.workspace import Workspace

DESIGNS = ("sync_fifo", "skid_buffer", "arbiter", "uart_tx", "axi_lite_regs", "wishbone_ram", SERV)
TICKS = 1000
LANES = 300
TURNS = 4
"""How often each measurement goes over its lanes."""
EXAMPLE_TICKS = 50
PEER_CYCLES = 12_000
PEER_EXAMPLES = 150
JUDGED_LANES = 20


class Meter:
    """CPU seconds of this process and of a worker."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def seconds(self, work: Callable[[], object]) -> float:
        """Return the CPU seconds that ``work`` took here and in the worker."""
        work_before = self._worker() + time.process_time()
        work()
        return self._worker() + time.process_time() - work_before

    def _worker(self) -> float:
        """Return the worker's CPU time, of all its threads."""
        total = 0
        for number in self._batch.processes():
            for task in Path(f"/proc/{number}/task").iterdir():
                total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        return total * 1e-9


class Side:
    """One harness in the batch engine, with stimulus as a search draws it."""

    def __init__(self, subject: Subject, *, monitors: bool, workspace: Workspace) -> None:
        harness = subject.checked if monitors else subject.raw
        self.build = build_batch(harness, workspace=workspace)
        self.batch = Batch(self.build)
        self.maker = StimulusMaker(harness, subject.plan, seed=1)
        self.rows = self._drawn()
        self.batch.lanes(self.rows[:1])
        self.meter = Meter(self.batch)

    def speed(self) -> float:
        """Return cycles per CPU second."""
        return TURNS * LANES * TICKS / self.meter.seconds(lambda: [self.batch.lanes(self.rows) for _ in range(TURNS)])

    def made(self) -> float:
        """Return cycles per CPU second with the drawing of the stimulus."""
        return LANES * TICKS / self.meter.seconds(lambda: self.batch.lanes(self._drawn()))

    def examples(self, count: int = 20_000) -> float:
        """Return examples per CPU second: drawn, simulated and judged by the monitors."""
        done = 0

        def work() -> None:
            nonlocal done
            number = 0
            while done < count:
                block = self.maker.block(number * self.maker.rungs)
                done += len(self.batch.lanes(block.stimulus[:, :EXAMPLE_TICKS]).first_fail)
                number += 1

        return 1 / (self.meter.seconds(work) / done)

    def judged(self, judge: TraceJudge) -> float:
        """Return cycles per second with the bench's Python as judge; wall time, since it judges in its own process."""
        checks = [check.id for check in judge.checks]
        started = time.perf_counter()
        lanes = self.batch.lanes(self.rows[:JUDGED_LANES], observe=True)
        assert lanes.observed is not None
        verdicts = judge.judge(lanes.observed, checks)
        return verdicts.cycles / (time.perf_counter() - started)

    def _drawn(self) -> Rows:
        """Return lanes of ``TICKS`` rows, cut out of a search's blocks."""
        parts: list[Rows] = []
        number = wanted = 0
        while wanted < LANES * TICKS:
            stimulus = self.maker.block(number).stimulus
            parts.append(stimulus.reshape(-1, stimulus.shape[-1]))
            wanted += len(parts[-1])
            number += 1
        return np.concatenate(parts)[: LANES * TICKS].reshape(LANES, TICKS, -1)


def measure(subject: Subject, rounds: int, scratch: Path, workspace: Workspace) -> dict[str, Any]:
    """Measure one design on all sides, in turns."""
    bench = scratch / subject.name / "bench"
    request = build_peers(subject, bench, workspace)
    raw = Side(subject, monitors=False, workspace=workspace)
    checked = Side(subject, monitors=True, workspace=workspace)
    bare = BareLoop(checked.build, scratch / subject.name / "bare")
    module = next(bench.glob("*_model.py"), None)
    judge = TraceJudge(checked.build.harness, module.stem, (bench,)) if module else None
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        found = run_peers(request, workspace, cycles=PEER_CYCLES, examples=PEER_EXAMPLES)
        figures = {
            "peer": found["drafted"],
            "tight": found["tight"],
            "peer_examples": found["examples"],
            "raw": raw.speed(),
            "checked": checked.speed(),
            "bare": bare.run(checked.rows, TURNS),
            "made": checked.made(),
            "examples": checked.examples(),
        }
        if judge:
            figures["judged"] = checked.judged(judge)
        for name, value in figures.items():
            taken.setdefault(name, []).append(value)
    for side in (raw, checked):
        side.batch.close()
    if judge:
        judge.close()
    median = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "design": subject.name,
        "monitors": len(checked.build.harness.monitors),
        "cycles_per_second": {k: round(v) for k, v in median.items() if not k.endswith("examples")},
        "examples_per_second": {"batch": round(median["examples"]), "bridge": round(median["peer_examples"])},
        "raw_ratio": round(median["raw"] / median["peer"], 1),
        "checked_ratio": round(median["checked"] / median["peer"], 1),
        "bare_ratio": round(median["checked"] / median["bare"], 2),
        "tight_ratio": round(median["checked"] / median["tight"], 1),
        "examples_ratio": round(median["examples"] / median["peer_examples"], 1),
        "peer_source": str(bench / f"{subject.design.top}_tb.py"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help="names under rtl/, or serv")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        benches = Workspace.locate(ROOT).root / "throughput"
        workspace = Workspace(Path(name) / "sim_builds")
        rows = []
        for design in options.designs:
            rows.append(measure(Subject(design), options.rounds, benches, workspace))
            if not options.json:
                show(rows[-1], header=len(rows) == 1)
    figures = {
        "cores": os.cpu_count(),
        "rounds": options.rounds,
        **{f"{key}_min": min(row[key] for row in rows) for key in ("raw_ratio", "checked_ratio", "bare_ratio")},
        "examples_ratio": min(row["examples_ratio"] for row in rows),
        "designs": rows,
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    print(
        f"at least: raw {figures['raw_ratio_min']} times the drafted bench, checked {figures['checked_ratio_min']}, "
        f"{figures['bare_ratio_min']} of a bare loop, {figures['examples_ratio']} times the examples "
        f"({figures['cores']} cores, medians of {options.rounds} rounds)"
    )


COLUMNS = ("peer", "tight", "raw", "checked", "made", "judged", "bare")


def show(row: dict[str, Any], *, header: bool) -> None:
    if header:
        print("thousands of cycles per CPU second".rjust(70))
        print("design".ljust(14), *(name.rjust(8) for name in COLUMNS), " raw x  checked x  of bare  examples/s      x")
    speeds = row["cycles_per_second"]
    cells = (f"{speeds[name] / 1e3:8.1f}" if name in speeds else "-".rjust(8) for name in COLUMNS)
    examples = row["examples_per_second"]
    print(
        row["design"].ljust(14),
        *cells,
        f"{row['raw_ratio']:6.0f} {row['checked_ratio']:10.0f} {row['bare_ratio']:8.2f}"
        f" {examples['batch']:7}/{examples['bridge']:<4} {row['examples_ratio']:4.0f}  peer: {row['peer_source']}",
        flush=True,
    )


if __name__ == "__main__":
    main()
