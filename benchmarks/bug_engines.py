"""Find the seeded bugs of rtl/ with lanes, with the batch engine, and in cocotb: seconds until each falls.

Lanes and batch look alone, each on its own build: seconds of building, then of looking, and cycles until a check fails
(lanes: until the batch engine has confirmed the failure, too). Cocotb is not run on each bug: its seconds are the batch
engine's cycles at the speed of the drafted bench on Icarus, measured once a design in its tests.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.search_bugs import drafted_bench  # noqa: E402
from verif.campaign.benches.harness import BenchHarness, bench_harness  # noqa: E402
from verif.campaign.benches.options import RunOptions  # noqa: E402
from verif.campaign.benches.run import bench_runs  # noqa: E402
from verif.campaign.runs.regression import run_bench  # noqa: E402
from verif.campaign.searches.searching import searched_checks  # noqa: E402
from verif.coverage.probes import with_probes  # noqa: E402
from verif.design.manifest import read_manifest  # noqa: E402
from verif.lanes import LanesBuild, choose_build  # noqa: E402
from verif.lanes.swarm import Job, Swarm  # noqa: E402
from verif.search.checks import Check  # noqa: E402
from verif.search.explore import Budget, Explorer  # noqa: E402
from verif.search.hunting import Hunt  # noqa: E402
from verif.search.judging import TraceJudge  # noqa: E402
from verif.search.stimulus import StimulusMaker  # noqa: E402
from verif.sim.batch import Batch, BatchBuild, build_batch  # noqa: E402
from verif.sim.batch.results import Lanes  # noqa: E402
from verif.workspace import Workspace  # noqa: E402


@dataclass
class Found:
    """What the engines made of one bug."""

    design: str
    bug: str
    batch_build: float = 0.0
    batch: float | None = None
    """Seconds of looking; None: not found."""
    batch_cycles: int = 0
    lanes_build: float = 0.0
    lanes: float | None = None
    lanes_cycles: int = 0
    why: str = ""
    """Why there are no lanes, or nothing to judge in them."""
    cocotb_rate: float = 0.0
    """Cycles a second."""

    @property
    def cocotb(self) -> float | None:
        """Seconds in cocotb, extrapolated."""
        return None if self.batch is None else self.batch_cycles / self.cocotb_rate


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", help="glob on design/bug")
    parser.add_argument("--each", type=int, default=0, help="so many bugs of each design; all unless told")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds of looking for each engine and bug")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--name", default="results", help="name of the stored results; run again to go on")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    workspace = Workspace.locate(ROOT)
    store = workspace.root / "bug_engines" / f"{options.name}.jsonl"
    store.parent.mkdir(parents=True, exist_ok=True)
    lines = store.read_text(encoding="utf-8").splitlines() if store.is_file() else []
    results = [Found(**json.loads(line)) for line in lines]
    done = {(one.design, one.bug) for one in results}
    for folder in sorted(path.parent for path in ROOT.glob("rtl/*/design.toml")):
        bugs = [bug.file for bug in read_manifest(folder / "design.toml").bugs]
        bugs = [bug for bug in bugs if fnmatchcase(f"{folder.name}/{bug.stem}", options.only)]
        todo = [bug for bug in bugs[: options.each or None] if (folder.name, bug.stem) not in done]
        rate = cocotb_rate(drafted_bench(folder, workspace), workspace) if todo else 0.0
        for bug in todo:
            found = compared(folder, bug, options, workspace)
            found.cocotb_rate = round(rate, 1)
            results.append(found)
            with store.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(found)) + "\n")
            if not options.json:
                print(f"{time.strftime('%H:%M:%S')} {told(found)}", flush=True)
    summary = summarised(results)
    if options.json:
        print(json.dumps({**summary, "cores": os.cpu_count(), "bugs": [asdict(one) for one in results]}, indent=1))
    else:
        for key, value in summary.items():
            print(f"{key}: {value}")
    return 0


def compared(folder: Path, bug: Path, options: argparse.Namespace, workspace: Workspace) -> Found:
    """Look for one bug with both engines."""
    run = bench_runs(drafted_bench(folder, workspace), RunOptions(sources=(bug,)))[0]
    parts = bench_harness(run)
    found = Found(design=folder.name, bug=bug.stem)
    with TraceJudge(parts.harness, parts.module, parts.python_path) as judge:
        checks = searched_checks(parts, judge)
        started = time.monotonic()
        build = build_batch(parts.harness, workspace=workspace, coverage=True)
        found.batch_build = time.monotonic() - started
        with Batch(build) as batch:
            maker = StimulusMaker(parts.harness, parts.plan, seed=options.seed)
            explorer = Explorer(batch, maker, checks, judge)
            for sighting in explorer.explore(Budget(seconds=options.budget)):
                found.batch, found.batch_cycles = sighting.seconds, sighting.cycles
                break
            in_lanes(found, parts, checks, batch, options, workspace)
    return found


def in_lanes(
    found: Found,
    parts: BenchHarness,
    checks: tuple[Check, ...],
    batch: Batch,
    options: argparse.Namespace,
    workspace: Workspace,
) -> None:
    """Look in lanes alone; the batch engine only confirms."""
    started = time.monotonic()
    probed = with_probes(parts.harness, parts.plan, workspace=workspace).harness
    chosen = choose_build(probed, workspace=workspace, plan=parts.plan)
    found.lanes_build = time.monotonic() - started
    if not isinstance(chosen.build, LanesBuild):
        assert isinstance(chosen.build, BatchBuild)
        found.why = chosen.reason
        return
    monitors = [check.monitor for check in checks if check.monitor is not None]
    if not monitors:
        found.why = "no check is in hardware"
        return
    lengths = StimulusMaker(parts.harness, parts.plan, seed=options.seed).lengths
    with Swarm(chosen.build) as swarm:
        hunt = Hunt(swarm, lengths, seed=options.seed)
        started = time.monotonic()
        while found.lanes is None and time.monotonic() - started < options.budget:
            for job, answer in hunt.run(hunt.round()):
                found.lanes_cycles += job.cycles
                if any(confirmed(hunt, job, answer, monitor, batch) for monitor in monitors):
                    found.lanes = time.monotonic() - started
                    break


def confirmed(hunt: Hunt, job: Job, answer: Lanes, monitor: int, batch: Batch) -> bool:
    """Return whether a lane fails, and its rows fail in the batch engine, too."""
    first = answer.first_fail[:, monitor]
    lane = hunt.soonest(job, first, monitor)
    if lane is None:
        return False
    rows = hunt.swarm.rows(job, lane, int(first[lane]) + 1)
    return bool((batch.run(rows, fresh=True).first_fail >= 0).any())


def cocotb_rate(bench: Path, workspace: Workspace) -> float:
    """Return how many cycles a second the drafted bench's tests make under cocotb on Icarus."""
    parts = bench_harness(bench_runs(bench, RunOptions())[0])
    cycles = {point.id: sum(phase.cycles for phase in point.phases) for point in parts.plan.points}
    result = run_bench(bench, RunOptions(simulators=("icarus",)), workspace=workspace)
    tests = [test for test in result.tests if test.name.removeprefix("test_") in cycles]
    return sum(cycles[test.name.removeprefix("test_")] for test in tests) / sum(test.seconds for test in tests)


def told(one: Found) -> str:
    """Return a line about one bug."""
    batch = "not found" if one.batch is None else f"{one.batch:.2f} s, {one.batch_cycles:,} cycles"
    lanes = one.why or "not found" if one.lanes is None else f"{one.lanes:.2f} s, {one.lanes_cycles:,} cycles"
    return (
        f"{one.design}/{one.bug}: batch {batch} (build {one.batch_build:.1f}); lanes {lanes} "
        f"(build {one.lanes_build:.1f}); cocotb {'not found' if one.cocotb is None else f'{one.cocotb:.2f} s'}"
    )


def summarised(results: list[Found]) -> dict[str, Any]:
    """Return how many each engine found and the seconds in all."""
    both = [one for one in results if one.batch is not None and one.lanes is not None]
    return {
        "bugs": len(results),
        "found by batch": sum(one.batch is not None for one in results),
        "found by lanes": sum(one.lanes is not None for one in results),
        "no lanes": [f"{one.design}/{one.bug}: {one.why}" for one in results if one.why],
        "not found by lanes": [f"{one.design}/{one.bug}" for one in results if one.lanes is None and not one.why],
        "found by both": len(both),
        "seconds of looking, batch": round(sum(one.batch or 0 for one in both), 1),
        "seconds of looking, lanes": round(sum(one.lanes or 0 for one in both), 1),
        "seconds of looking, cocotb (extrapolated)": round(sum(one.cocotb or 0 for one in both), 1),
        "seconds of building, batch": round(sum(one.batch_build for one in both), 1),
        "seconds of building, lanes": round(sum(one.lanes_build for one in both), 1),
    }


if __name__ == "__main__":
    sys.exit(main())
