"""Search for deep bugs by the batch engine alone and with lanes beside it: how many fall in 60 s.

Each bug is an edit of a design of ``rtl/`` (``deep_cases.py``); the good design's drafted bench judges. The batch
engine gets ``--batch-budget`` seconds; a bug counts as deep where it takes more than 10^6 cycles or is not found.
Builds are counted. Results are kept as they come; run again to go on.
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

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.deep_cases import DEEP, Deep  # noqa: E402
from benchmarks.search_bugs import drafted_bench  # noqa: E402
from verif.campaign.benches.engines import EngineChoice  # noqa: E402
from verif.campaign.searches.searching import SearchOptions, search_bench  # noqa: E402
from verif.search.explore import Budget  # noqa: E402
from verif.workspace import Workspace  # noqa: E402

DEEP_CYCLES = 10**6


@dataclass
class Found:
    """What a search with one engine made of one bug."""

    design: str
    bug: str
    engine: str
    budget: float
    check: str = ""
    cycles: int = 0
    """Simulated until the failure, or in all."""
    seconds: float = 0.0
    """Until the failure, builds included, or in all."""
    by_lanes: bool = False
    length: int = 0
    replayed: str = ""
    notes: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", help="glob on design/bug")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds for each bug with lanes")
    parser.add_argument("--batch-budget", type=float, default=60.0, help="seconds for each bug with the batch engine")
    parser.add_argument("--engines", default="auto,batch")
    parser.add_argument("--name", default="results", help="name of the stored results")
    parser.add_argument("--anew", action="store_true", help="drop stored results first")
    parser.add_argument("--replay", action="store_true", help="replay what is found in cocotb on Icarus")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    workspace = Workspace.locate(ROOT)
    store = workspace.root / "deep_bugs" / f"{options.name}.jsonl"
    store.parent.mkdir(parents=True, exist_ok=True)
    if options.anew:
        store.unlink(missing_ok=True)
    lines = store.read_text(encoding="utf-8").splitlines() if store.is_file() else []
    done = {(one.design, one.bug, one.engine): one for one in (Found(**json.loads(line)) for line in lines)}
    for engine in options.engines.split(","):
        for bug in DEEP:
            if (bug.design, bug.name, engine) in done or not fnmatchcase(f"{bug.design}/{bug.name}", options.only):
                continue
            budget = options.batch_budget if engine == EngineChoice.BATCH else options.budget
            found = searched(bug, engine, budget, options, workspace)
            done[bug.design, bug.name, engine] = found
            with store.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(found)) + "\n")
            if not options.json:
                print(f"{time.strftime('%H:%M:%S')} {told(found)}", flush=True)
    summary = summarised(list(done.values()), options)
    if options.json:
        summary = {**summary, "cores": os.cpu_count(), "bugs": [asdict(one) for one in done.values()]}
        print(json.dumps(summary, indent=1))
    else:
        for key, value in summary.items():
            print(f"{key}: {value}")
    return 0


def searched(bug: Deep, engine: str, budget: float, options: argparse.Namespace, workspace: Workspace) -> Found:
    """Search one bug until its first failure."""
    folder = ROOT / "rtl" / bug.design
    source = workspace.root / "deep_bugs" / "sources" / bug.name / f"{bug.design}.sv"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(bug.applied((folder / source.name).read_text(encoding="utf-8")), encoding="utf-8")
    result = search_bench(
        drafted_bench(folder, workspace),
        SearchOptions(
            budget=Budget(seconds=budget),
            seed=options.seed,
            sources=(source,),
            most_failures=1,
            simulators=("icarus",),
            engine=EngineChoice(engine),
            replay=options.replay,
        ),
        workspace=workspace,
    )
    found = Found(design=bug.design, bug=bug.name, engine=engine, budget=budget, notes="; ".join(result.notes))
    found.cycles, found.seconds = result.effort.cycles, round(result.seconds, 2)
    if result.failures:
        sighting = result.failures[0].taken.sighting
        found.check, found.length = sighting.check.id, result.failures[0].taken.cycles
        found.cycles, found.seconds, found.by_lanes = sighting.cycles, round(sighting.seconds, 2), sighting.by_lanes
        found.replayed = ", ".join(f"{one.simulator} {one.verdict}" for one in result.failures[0].replayed)
    return found


def told(found: Found) -> str:
    """Return a line about one search."""
    what = f"{found.check}, {found.length} cycles after shrinking" if found.check else "NOT FOUND"
    return (
        f"{found.engine:6} {found.design}/{found.bug}: {what}; {found.cycles:,} cycles, {found.seconds:.1f} s"
        f"{', by lanes' if found.by_lanes else ''} {found.replayed} {found.notes}"
    )


def summarised(results: list[Found], options: argparse.Namespace) -> dict[str, object]:
    """Return how many are deep, and how many of those fall in time with lanes."""
    by = {(one.design, one.bug, one.engine): one for one in results}
    names = [(bug.design, bug.name) for bug in DEEP if (bug.design, bug.name, "batch") in by]
    deep = [name for name in names if not by[*name, "batch"].check or by[*name, "batch"].cycles > DEEP_CYCLES]
    lanes = [by[*name, "auto"] for name in deep if (*name, "auto") in by]
    return {
        f"deep: over 10^6 cycles of batch search, or not in {options.batch_budget:g} s": f"{len(deep)}/{len(names)}",
        "found by the batch engine at all": f"{sum(bool(by[*name, 'batch'].check) for name in deep)}/{len(deep)}",
        f"found in {options.budget:g} s with lanes": (
            f"{sum(bool(one.check) and one.seconds <= options.budget for one in lanes)}/{len(lanes)}"
        ),
        "not found with lanes": [f"{one.design}/{one.bug}" for one in lanes if not one.check],
    }


if __name__ == "__main__":
    sys.exit(main())
