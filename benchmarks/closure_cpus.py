"""Close the coverage of serv and picorv32 whole, against constrained random stimulus for the same time.

Both sides get the same points, the same batch library and two processes: ours one that simulates and one that asks the
solver, constrained random two that simulate with different seeds. Constrained random is what ``posedge search`` draws:
the plan's phases, mixed and random, legal on the CPU's buses. Printed is the table of HIT, UNREACHABLE and UNKNOWN, for
branches and state machines and for the plan's bins; ``--plot`` draws how many points are known over time and cycles.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verif.bench.library.select import choose_oracles  # noqa: E402
from verif.coverage.model import PointKind  # noqa: E402
from verif.coverage.probes import ProbedHarness, with_probes  # noqa: E402
from verif.design.frontend import read_design  # noqa: E402
from verif.design.model import SourceSet  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.harness.assemble import assemble  # noqa: E402
from verif.plan.baseline import baseline_plan  # noqa: E402
from verif.plan.model import Testplan  # noqa: E402
from verif.search.closure.board import Board, Moment  # noqa: E402
from verif.search.closure.closer import Closer  # noqa: E402
from verif.search.closure.corpus import Corpus  # noqa: E402
from verif.search.closure.formal import FormalProver  # noqa: E402
from verif.search.closure.proposers import RandomPhases  # noqa: E402
from verif.search.closure.runner import Limits, Runner  # noqa: E402
from verif.search.closure.solving import Solving  # noqa: E402
from verif.search.closure.standard import standard_proposers  # noqa: E402
from verif.search.closure.sure import watched  # noqa: E402
from verif.search.explore import survivors  # noqa: E402
from verif.search.stimulus import StimulusMaker  # noqa: E402
from verif.sim.batch import Batch, build_batch  # noqa: E402
from verif.verdict import PointStatus  # noqa: E402
from verif.workspace import Workspace  # noqa: E402

CPUS = ("serv", "picorv32")
CODE = (PointKind.BRANCH, PointKind.STATE, PointKind.ARC)


def sources_of(name: str) -> SourceSet:
    """Return the RTL of a CPU from its package."""
    package = importlib.util.find_spec(f"pythondata_cpu_{name}")
    if package is None or package.origin is None:
        raise SystemExit(f"{name} is not installed: pip install pythondata-cpu-{name}")
    folder = Path(package.origin).parent / "verilog"
    if name == "serv":
        return replace(resolve_sources((str(folder / "rtl"),)), top="serv_rf_top")
    return SourceSet(files=(folder / "picorv32.v",), top="picorv32")


def prepared(name: str, workspace: Workspace) -> tuple[ProbedHarness, Testplan]:
    """Return a CPU's harness with its points, without monitors, and the baseline plan."""
    design = read_design(sources_of(name))
    oracles = choose_oracles(design, None)
    plan = baseline_plan(design, (), oracles.drivers)
    harness = assemble(design, plan, replace(oracles, model=None, rules=()))
    probed = with_probes(harness, plan, workspace=workspace)
    return replace(probed, harness=watched(probed.harness)), plan


def close(name: str, workspace: Workspace, seed: int, budget: float, *, ours: bool) -> dict[str, Any]:
    """Run one side; what became of each point, and the curve."""
    probed, plan = prepared(name, workspace)
    build = build_batch(probed.harness, workspace=workspace)
    with Batch(build, timeout=60.0) as batch, tempfile.TemporaryDirectory() as folder:
        maker = StimulusMaker(probed.harness, plan, seed=seed)
        fresh = bool(survivors(batch, maker.block(0).stimulus[:32]))
        runner = Runner(batch, Board(probed.harness.covers), Corpus(), fresh=fresh)
        runner.limits = Limits(until=runner.clock() + budget)
        proposers = standard_proposers(runner, plan, seed=seed) if ours else (RandomPhases(maker),)
        prover = FormalProver(probed.harness, Path(folder), solver="yices") if ours else None
        closer = Closer(runner, proposers, Solving(prover, runner.board) if prover else None, seed=seed)
        closer.close()
    board = runner.board
    return {
        "statuses": {point.id: str(board.known[point.id].status) for point in probed.points},
        "kinds": {point.id: str(point.kind) for point in probed.points},
        "by": {n: k.by if k.status is PointStatus.HIT else k.method for n, k in board.known.items()},
        "curve": board.curve,
        "cycles": runner.effort.cycles,
        "seconds": closer.seconds,
        "disagreements": [one.sentence for one in board.disagreements.values()],
    }


def together(sides: list[dict[str, Any]]) -> dict[str, Any]:
    """Return two random processes as one side: a point is hit where either hits it; cycles add up."""
    statuses = {
        name: next((one["statuses"][name] for one in sides if one["statuses"][name] == "HIT"), "UNKNOWN")
        for name in sides[0]["statuses"]
    }
    best = max(sides, key=lambda side: side["curve"][-1].hit if side["curve"] else 0)
    return {
        **best,
        "statuses": statuses,
        "by": {name: "random" if status == "HIT" else "" for name, status in statuses.items()},
        "cycles": sum(side["cycles"] for side in sides),
    }


def table(side: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Return how many points of the code and of the plan have which status."""
    rows = {}
    for title, wanted in (("code", True), ("plan", False)):
        chosen = [n for n, kind in side["kinds"].items() if (PointKind(kind) in CODE) is wanted]
        counts = {str(status): sum(side["statuses"][n] == status for n in chosen) for status in PointStatus}
        rows[title] = {**counts, "total": len(chosen)}
    return rows


def closed_by(side: dict[str, Any]) -> dict[str, int]:
    """Return who or what closed how many points."""
    names = [who for who in side["by"].values() if who]
    return {name: names.count(name) for name in sorted(set(names), key=lambda n: -names.count(n))}


def measure(name: str, minutes: float, seed: int) -> dict[str, Any]:
    """Run both sides of one CPU, one after the other."""
    workspace = Workspace.locate(ROOT)
    build_batch(prepared(name, workspace)[0].harness, workspace=workspace)
    ours = close(name, workspace, seed, 60 * minutes, ours=True)
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(close, name, workspace, seed + n, 60 * minutes, ours=False) for n in (0, 1)]
        random = together([job.result() for job in jobs])
    unknown = table(ours)["code"]
    return {
        "cpu": name,
        "sides": {
            title: {
                "table": table(side),
                "closed_by": closed_by(side),
                "cycles": side["cycles"],
                "seconds": round(side["seconds"], 1),
                "curve": [_moment(moment) for moment in side["curve"]],
                "unknown": sorted(n for n, status in side["statuses"].items() if status == "UNKNOWN"),
                "disagreements": side["disagreements"],
            }
            for title, side in (("ours", ours), ("random", random))
        },
        "unknown_share_of_code": round(unknown["UNKNOWN"] / unknown["total"], 4),
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "seconds": round(moment.seconds, 2),
        "cycles": moment.cycles,
        "hit": moment.hit,
        "unreachable": moment.unreachable,
    }


def plot(rows: list[dict[str, Any]], file: Path) -> None:
    """Draw known points over time and over cycles, a row a CPU."""
    import matplotlib as mpl

    mpl.use("agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(len(rows), 2, figsize=(11, 3.6 * len(rows)), squeeze=False)
    for row, pair in zip(rows, axes, strict=True):
        total = sum(part["total"] for part in row["sides"]["ours"]["table"].values())
        for axis, unit in zip(pair, ("seconds", "cycles"), strict=True):
            for title, side in row["sides"].items():
                end = {**side["curve"][-1], "seconds": side["seconds"], "cycles": side["cycles"]}
                curve = [*side["curve"], end]
                places = [max(moment[unit], 0.01) for moment in curve]
                label = "ours" if title == "ours" else "constrained random"
                axis.step(places, [m["hit"] + m["unreachable"] for m in curve], where="post", label=f"{label}: known")
                if title == "ours":
                    axis.step(places, [m["hit"] for m in curve], "--", where="post", label=f"{label}: hit")
            axis.axhline(total, color="grey", linewidth=0.8)
            axis.set(xscale="log", xlabel=unit, ylabel="points", title=f"{row['cpu']}, {total} points")
            axis.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cpus", nargs="*", default=list(CPUS), choices=(*CPUS, []), help="serv, picorv32")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plot", type=Path, metavar="F", help="a .png or .svg file for the curves")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    for cpu in options.cpus:
        rows.append(measure(cpu, options.minutes, options.seed))
        if not options.json:
            show(rows[-1])
    if options.plot:
        plot(rows, options.plot)
    if options.json:
        print(json.dumps({"cores": os.cpu_count(), "minutes": options.minutes, "cpus": rows}, indent=2))


def show(row: dict[str, Any]) -> None:
    """Print one CPU's table."""
    print(f"{row['cpu']}: UNKNOWN {row['unknown_share_of_code']:.1%} of branches and state machines")
    for title, side in row["sides"].items():
        for part, counts in side["table"].items():
            told = ", ".join(f"{counts[str(status)]} {status}" for status in PointStatus)
            print(f"  {title:7} {part}: {told} of {counts['total']}")
        print(f"  {title:7} closed by {side['closed_by']}; {side['cycles']:,} cycles in {side['seconds']} s")
        for sentence in side["disagreements"]:
            print(f"  ERROR {sentence}")


if __name__ == "__main__":
    main()
