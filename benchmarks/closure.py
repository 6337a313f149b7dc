"""Close coverage by three strategies: ours, flat random rows, Hypothesis alone; seconds and cycles to 90, 95, 100 %.

All three run on the same batch library and share what counts as a hit. Ours is what ``posedge close`` does, solver and
all; flat random draws every field evenly in every row, in lanes as long as ours; Hypothesis alone draws the lanes of
phases that ours draws with it, led by ``target``. 100 % is all that ours hits in any run; of the others it is told how
many are proven unreachable and how many stay open. A run ends when that is hit (ours: when the rest is proven
unreachable too), or with the budget. Builds are not counted.

``--lanes`` adds ours with the lane engine proposing from the beginning; both see all points, and 100 % is then what
either hits.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.search_strategies import FlatMaker  # noqa: E402
from benchmarks.subjects import Subject  # noqa: E402
from verif.coverage.probes import ProbedHarness, with_probes  # noqa: E402
from verif.formal.solver import DEFAULT  # noqa: E402
from verif.lanes import LanesBuild, choose_build  # noqa: E402
from verif.lanes.swarm import Job, Swarm  # noqa: E402
from verif.search.closure.board import Board  # noqa: E402
from verif.search.closure.closer import Closer  # noqa: E402
from verif.search.closure.corpus import Corpus  # noqa: E402
from verif.search.closure.formal import FormalProver  # noqa: E402
from verif.search.closure.proposers import Proposer, RandomPhases  # noqa: E402
from verif.search.closure.runner import Limits, Runner  # noqa: E402
from verif.search.closure.solving import Solving  # noqa: E402
from verif.search.closure.standard import standard_proposers  # noqa: E402
from verif.search.closure.sure import watched  # noqa: E402
from verif.search.closure.targeting import Targeting  # noqa: E402
from verif.sim.batch import Batch, build_batch  # noqa: E402
from verif.verdict import PointStatus  # noqa: E402
from verif.workspace import Workspace  # noqa: E402

DESIGNS = ("uart_rx", "axi_lite_regs", "sync_fifo", "apb_timer", "sequence_detector", "divider")
STRATEGIES = ("ours", "flat", "hypothesis")
WHOLE = ("ours", "lanes")
"""Strategies that look for all points, solver and all."""
SHARES = (90, 95, 100)


@dataclass(frozen=True)
class Run:
    """One strategy on one design with one seed."""

    design: str
    strategy: str
    seed: int
    hits: tuple[tuple[float, int, int], ...]
    """The curve: seconds, cycles, points hit."""
    points: tuple[str, ...]
    """What was hit."""
    unreachable: int
    unknown: int
    seconds: float

    def until(self, count: int) -> tuple[float, int] | None:
        """Return seconds and cycles until so many points were hit; None where they never were."""
        return next(((seconds, cycles) for seconds, cycles, hit in self.hits if hit >= count), None)


class Case:
    """A design with its probes, built once."""

    def __init__(self, name: str, workspace: Workspace) -> None:
        self.subject = Subject(name)
        self.workspace = workspace

    @cached_property
    def probed(self) -> ProbedHarness:
        """The harness with its coverage points."""
        return with_probes(self.subject.raw, self.subject.plan, workspace=self.workspace)

    def run(self, strategy: str, seed: int, budget: float, wanted: Collection[str] | None) -> Run:
        """Run one strategy; ``wanted`` are the points to hit, all unless told."""
        harness = watched(self.probed.harness)
        build = build_batch(harness, workspace=self.workspace)
        with ExitStack() as stack:
            batch = stack.enter_context(Batch(build, timeout=30.0))
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            batch.lanes(build.stimulus.rows(1, 1))
            swarm = self.swarm(stack) if strategy == "lanes" else None
            runner = Runner(batch, Board(harness.covers, wanted), Corpus())
            runner.limits = Limits(until=runner.clock() + budget)
            prover = FormalProver(harness, Path(folder), solver=DEFAULT) if strategy in WHOLE else None
            solving = Solving(prover, runner.board) if prover else None
            closer = Closer(runner, self.proposers(strategy, runner, seed, swarm), solving, seed=seed)
            closer.close()
        board = runner.board
        return Run(
            design=self.subject.name,
            strategy=strategy,
            seed=seed,
            hits=tuple((moment.seconds, moment.cycles, moment.hit) for moment in board.curve),
            points=tuple(n for n, known in board.known.items() if known.status is PointStatus.HIT),
            unreachable=board.count(PointStatus.UNREACHABLE),
            unknown=board.count(PointStatus.UNKNOWN),
            seconds=closer.seconds,
        )

    def swarm(self, stack: ExitStack) -> Swarm:
        """Return lanes of the probed harness, ready to run; SystemExit where there can't be any."""
        harness = watched(self.probed.harness)
        chosen = choose_build(harness, workspace=self.workspace, plan=self.subject.plan)
        if not isinstance(chosen.build, LanesBuild):
            raise SystemExit(chosen.reason)
        swarm = stack.enter_context(Swarm(chosen.build))
        list(swarm.run([Job(draw=1, lanes=64, ticks=1)] * swarm.workers))
        return swarm

    def proposers(self, strategy: str, runner: Runner, seed: int, swarm: Swarm | None = None) -> tuple[Proposer, ...]:
        """Return who proposes."""
        harness, plan = self.probed.harness, self.subject.plan
        if strategy == "flat":
            return (RandomPhases(FlatMaker(harness, plan, seed=seed)),)
        if strategy == "hypothesis":
            return (Targeting(harness, seed=seed),)
        return standard_proposers(runner, plan, seed=seed, lanes=(lambda: swarm) if swarm else None)


def measure(case: Case, seeds: int, budget: float, strategies: Sequence[str]) -> list[Run]:
    """Run all strategies; those that come after ours look only for what can be hit."""
    whole = [name for name in WHOLE if name in strategies]
    ours = [case.run(name, seed, budget, None) for seed in range(1, seeds + 1) for name in whole]
    reached = {name for run in ours for name in run.points}
    rest = [name for name in strategies if name not in WHOLE]
    others = [case.run(name, seed, budget, reached) for name in rest for seed in range(1, seeds + 1)]
    return ours + others


def figures(runs: list[Run]) -> list[dict[str, Any]]:
    """Return for each design, strategy and share: in how many runs it was reached, median and spread of the cost."""
    rows = []
    for design in dict.fromkeys(run.design for run in runs):
        ours = [run for run in runs if run.design == design and run.strategy in WHOLE]
        total = len({name for run in ours for name in run.points})
        rest = {"unreachable": max(run.unreachable for run in ours), "unknown": max(run.unknown for run in ours)}
        for strategy in dict.fromkeys(run.strategy for run in runs):
            own = [run for run in runs if (run.design, run.strategy) == (design, strategy)]
            for share in SHARES:
                reached = [run.until(-(-total * share // 100)) for run in own]
                row = {"design": design, "strategy": strategy, "share": share, "points": total, **rest}
                rows.append({**row, **_spread(reached)})
    return rows


def _spread(reached: list[tuple[float, int] | None]) -> dict[str, Any]:
    """Return medians over all runs, None where most never got there, and the least and most of those that did."""
    done = sorted(one for one in reached if one)
    most = len(done) > len(reached) // 2
    row: dict[str, Any] = {"runs": len(reached), "reached": len(done)}
    for place, unit in enumerate(("seconds", "cycles")):
        values = sorted(one[place] if one else float("inf") for one in reached)
        row[unit] = round(statistics.median(values), 3) if most else None
        row[f"{unit}_least"] = round(min(one[place] for one in done), 3) if done else None
        row[f"{unit}_most"] = round(max(one[place] for one in done), 3) if done else None
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*", default=list(DESIGNS), help="names under rtl/, or serv")
    parser.add_argument("--budget", type=float, default=30.0, help="seconds for each run")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--lanes", action="store_true", help="add ours with the lane engine")
    parser.add_argument("--alone", action="store_true", help="leave flat random and Hypothesis alone out")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    runs: list[Run] = []
    for design in options.designs:
        strategies = [*(("ours", "lanes") if options.lanes else ("ours",)), *(() if options.alone else STRATEGIES[1:])]
        runs += measure(Case(design, Workspace.locate(ROOT)), options.seeds, options.budget, strategies)
        if not options.json:
            show(figures([run for run in runs if run.design == design]))
    found = {
        "cores": os.cpu_count(),
        "budget": options.budget,
        "seeds": options.seeds,
        "figures": figures(runs),
        "runs": [asdict(run) for run in runs],
    }
    if options.json:
        print(json.dumps(found, indent=2))


def show(rows: list[dict[str, Any]]) -> None:
    """Print one design's figures."""
    first = rows[0]
    print(
        f"{first['design']}: {first['points']} points that can be hit, {first['unreachable']} proven unreachable, "
        f"{first['unknown']} open"
    )
    for row in rows:
        cost = "not reached" if row["seconds"] is None else f"{row['seconds']:8.2f} s {row['cycles']:>12,.0f} cycles"
        spread = f"{row['seconds_least']} to {row['seconds_most']} s" if row["reached"] else ""
        print(f"  {row['strategy']:10} {row['share']:3} %  {row['reached']}/{row['runs']}  {cost:>32}  {spread}")


if __name__ == "__main__":
    main()
