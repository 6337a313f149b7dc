"""Compare strategies on the seeded bugs of rtl/: Hypothesis' default lists, flat random rows, phased plans.

All three run on the same batch library and are judged by the same checks until the first of them fails; a strategy
that spends its limit of seconds or examples without a failure has not found the bug. Hypothesis draws lists of rows
with ``st.lists`` and its own defaults, one example a call; flat random draws every field evenly in every row, in lanes
as long as the phased ones; phased is what ``posedge search`` does. The build is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.search_bugs import drafted_bench  # noqa: E402
from verif.campaign.benches.harness import bench_harness  # noqa: E402
from verif.campaign.benches.options import RunOptions  # noqa: E402
from verif.campaign.benches.run import bench_runs  # noqa: E402
from verif.campaign.searches.searching import searched_checks  # noqa: E402
from verif.design.manifest import read_manifest  # noqa: E402
from verif.harness.model import FieldKind  # noqa: E402
from verif.search.checks import Check  # noqa: E402
from verif.search.explore import Budget, Explorer  # noqa: E402
from verif.search.judging import TraceJudge  # noqa: E402
from verif.search.stimulus import Block, StimulusMaker  # noqa: E402
from verif.sim.batch import Batch, Layout, build_batch  # noqa: E402
from verif.workspace import Workspace  # noqa: E402

RESET_ONE_IN = 64
"""How seldom a flat random row holds a reset."""


@dataclass
class Found:
    """What one strategy made of one bug."""

    design: str
    bug: str
    strategy: str
    found: bool
    seconds: float
    examples: int
    cycles: int


class FlatMaker(StimulusMaker):
    """Lanes of the same lengths as the phased ones, every field even in every row."""

    def block(self, number: int) -> Block:
        block = super().block(number)
        rng = np.random.default_rng((self.seed, number))
        layout = Layout.of(self.harness.stimulus)
        rows = layout.rows(block.lanes, block.ticks)
        for field in self.harness.stimulus:
            slot = layout.slot(field.name)
            words = rng.integers(0, 1 << 32, (block.lanes, block.ticks, slot.words), np.uint32)
            if field.kind is FieldKind.RESET:
                words = (words < (1 << 32) // RESET_ONE_IN).astype(np.uint32)
            elif field.width % 32:
                words[..., -1] &= np.uint32((1 << field.width % 32) - 1)
            rows[..., slot.span] = words
        return Block(number=number, stimulus=rows, phases=block.phases)


@dataclass
class Case:
    """A bug ready to be searched."""

    batch: Batch
    judge: TraceJudge
    checks: tuple[Check, ...]
    plan: Any
    limit: Budget
    seed: int


def explored(case: Case, maker: StimulusMaker) -> tuple[bool, int, int]:
    """Return whether a check failed, and the examples and cycles until then."""
    explorer = Explorer(case.batch, maker, case.checks, case.judge)
    for sighting in explorer.explore(case.limit):
        return True, sighting.examples, sighting.cycles
    return False, explorer.effort.examples, explorer.effort.cycles


def phased(case: Case) -> tuple[bool, int, int]:
    """Search as ``posedge search`` does."""
    return explored(case, StimulusMaker(case.batch.harness, case.plan, seed=case.seed))


def flat(case: Case) -> tuple[bool, int, int]:
    """Draw even rows."""
    return explored(case, FlatMaker(case.batch.harness, case.plan, seed=case.seed))


def default_lists(case: Case) -> tuple[bool, int, int]:
    """Let Hypothesis draw lists of rows, as users write it first."""
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st

    layout = Layout.of(case.batch.harness.stimulus)
    row = st.tuples(*(st.integers(0, (1 << slot.width) - 1) for slot in layout.slots))
    count = {"examples": 0, "cycles": 0}
    ends = time.monotonic() + (case.limit.seconds or 0.0)

    class Failed(Exception):
        pass

    class TimeUp(Exception):
        pass

    @seed(case.seed)
    @settings(
        max_examples=case.limit.examples or 1000,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(row, min_size=1))
    def run(rows: list[tuple[int, ...]]) -> None:
        if time.monotonic() > ends:
            raise TimeUp
        count["examples"] += 1
        count["cycles"] += len(rows)
        columns = zip(*rows, strict=True)
        packed = layout.pack({s.name: np.array(c, object) for s, c in zip(layout.slots, columns, strict=True)})
        if fails(case, packed[np.newaxis]):
            raise Failed

    try:
        run()
    except Failed:
        return True, count["examples"], count["cycles"]
    except TimeUp:
        pass
    return False, count["examples"], count["cycles"]


def fails(case: Case, stimulus: np.ndarray) -> bool:
    """Tell whether any check fails on these lanes."""
    python = [check.id for check in case.checks if not check.in_hardware]
    answer = case.batch.lanes(stimulus, observe=bool(python))
    if any((answer.first_fail[:, check.monitor] >= 0).any() for check in case.checks if check.monitor is not None):
        return True
    if not python or answer.observed is None:
        return False
    judged = case.judge.judge(answer.observed, python)
    return any((first >= 0).any() for first in judged.first_fail.values())


STRATEGIES: dict[str, Callable[[Case], tuple[bool, int, int]]] = {
    "Hypothesis' default lists": default_lists,
    "flat random": flat,
    "phased": phased,
}


def main() -> int:
    """Run every strategy on every bug and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="*", help="glob on design/bug")
    parser.add_argument("--seconds", type=float, default=10.0, help="limit of one strategy on one bug")
    parser.add_argument("--examples", type=int, default=100_000, help="limit of one strategy on one bug")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--name", default="results", help="name of the stored results; run again to go on")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    workspace = Workspace.locate(ROOT)
    store = workspace.root / "search_strategies" / f"{options.name}.jsonl"
    store.parent.mkdir(parents=True, exist_ok=True)
    lines = store.read_text(encoding="utf-8").splitlines() if store.is_file() else []
    results = [Found(**json.loads(line)) for line in lines]
    done = {(one.design, one.bug) for one in results}
    for folder in sorted(path.parent for path in ROOT.glob("rtl/*/design.toml")):
        for bug in read_manifest(folder / "design.toml").bugs:
            key = (folder.name, bug.file.stem)
            if fnmatchcase("/".join(key), options.only) and key not in done:
                found = compare(folder, bug.file, options, workspace)
                results += found
                with store.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(asdict(one)) + "\n" for one in found)
                if not options.json:
                    print(f"{'/'.join(key)}: {', '.join(_told(one) for one in found)}", flush=True)
    table = {name: summary([one for one in results if one.strategy == name]) for name in STRATEGIES}
    if options.json:
        bugs = [asdict(one) for one in results]
        print(json.dumps({"strategies": table, "cores": os.cpu_count(), "bugs": bugs}, indent=1))
    else:
        print_table(table)
    return 0


def compare(folder: Path, bug: Path, options: argparse.Namespace, workspace: Workspace) -> list[Found]:
    """Run every strategy on one bug."""
    run = bench_runs(drafted_bench(folder, workspace), RunOptions(sources=(bug,)))[0]
    parts = bench_harness(run)
    results: list[Found] = []
    with TraceJudge(parts.harness, parts.module, parts.python_path) as judge:
        checks = searched_checks(parts, judge)
        build = build_batch(parts.harness, workspace=workspace, coverage=True)  # as the search builds it
        for name, strategy in STRATEGIES.items():
            with Batch(build) as batch:
                limit = Budget(examples=options.examples, seconds=options.seconds)
                case = Case(batch, judge, checks, parts.plan, limit, options.seed)
                started = time.monotonic()
                found, examples, cycles = strategy(case)
                seconds = round(time.monotonic() - started, 3)
                results.append(Found(folder.name, bug.stem, name, found, seconds, examples, cycles))
    return results


def summary(results: list[Found]) -> dict[str, Any]:
    """Return one row of the table; a bug that was not found counts with what was spent on it."""
    return {
        "found": f"{sum(one.found for one in results)}/{len(results)}",
        "median seconds": round(statistics.median(one.seconds for one in results), 3) if results else None,
        "median examples": statistics.median(one.examples for one in results) if results else None,
        "median cycles": statistics.median(one.cycles for one in results) if results else None,
        "total seconds": round(sum(one.seconds for one in results), 1),
    }


def print_table(table: dict[str, dict[str, Any]]) -> None:
    """Print the strategies side by side."""
    print(f"{'strategy':28}" + "".join(f"{key:>18}" for key in next(iter(table.values()))))
    for name, row in table.items():
        print(f"{name:28}" + "".join(f"{value!s:>18}" for value in row.values()))


def _told(one: Found) -> str:
    return f"{one.strategy} {'found' if one.found else 'NOT FOUND'} in {one.seconds:.2f} s, {one.examples} examples"


if __name__ == "__main__":
    sys.exit(main())
