"""Search for the seeded bugs of rtl/: count those found within 60 s, and those whose saved failure replays.

Each design's bench is drafted from the good design and its specification; then ``posedge search`` runs it on each bug.
RECORDED takes no part: only SPEC, PROTOCOL and GENERIC checks are searched. Each saved failure must fail on the bug and
pass on the good design, on each simulator. Results are kept as they come; run again to go on.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verif.campaign.benches.options import RunOptions  # noqa: E402
from verif.campaign.drafts.from_sources import draft_sources  # noqa: E402
from verif.campaign.regressions.replay import replay_stored  # noqa: E402
from verif.campaign.searches.result import SearchFailure  # noqa: E402
from verif.campaign.searches.searching import SearchOptions, search_bench  # noqa: E402
from verif.design.manifest import Bug, read_manifest  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.errors import PosedgeError  # noqa: E402
from verif.search.explore import Budget  # noqa: E402
from verif.sim.process import Processes  # noqa: E402
from verif.sim.registry import simulator  # noqa: E402
from verif.verdict import Verdict  # noqa: E402
from verif.workspace import Workspace  # noqa: E402


@dataclass
class Result:
    """What a search made of one bug."""

    design: str
    bug: str
    breaks: str
    budget: float
    verdict: str = ""
    check: str = ""
    oracle: str = ""
    examples: int = 0
    cycles: int = 0
    """Simulated until the failure."""
    seconds: float = 0.0
    """Until the failure, the build of the harness included."""
    build_seconds: float = 0.0
    length_before: int = 0
    length: int = 0
    """Cycles of the failure after shrinking."""
    shrink_seconds: float = 0.0
    on_bug: dict[str, str] = field(default_factory=dict)
    """Simulator to the regression's verdict on the bug."""
    on_good: dict[str, str] = field(default_factory=dict)
    x_only: bool = False
    regression: str = ""
    trouble: str = ""

    @property
    def found(self) -> bool:
        """Whether a check failed within the budget."""
        return bool(self.check) and self.seconds <= self.budget

    @property
    def replays(self) -> bool:
        """Whether the regression fails on the bug and passes on the good design wherever it ran."""
        ran = [verdict for verdict in self.on_bug.values() if verdict != Verdict.UNSUPPORTED]
        good = [verdict for verdict in self.on_good.values() if verdict != Verdict.UNSUPPORTED]
        failing = Verdict.FAIL in ran if self.x_only else set(ran) == {Verdict.FAIL}
        return failing and set(good) == {Verdict.PASS}


def main() -> int:
    """Search each bug and print the ratios."""
    options = _options()
    workspace = Workspace.locate(ROOT)
    store = workspace.root / "search_bugs" / f"{options.name}.jsonl"
    store.parent.mkdir(parents=True, exist_ok=True)
    if options.anew:
        store.unlink(missing_ok=True)
    done = {(r.design, r.bug): r for r in _read(store)}
    for folder in sorted(path.parent for path in ROOT.glob("rtl/*/design.toml")):
        bugs = [bug for bug in read_manifest(folder / "design.toml").bugs if _wanted(options, folder.name, bug)]
        todo = [bug for bug in bugs if (folder.name, bug.file.stem) not in done]
        if todo:
            bench = drafted_bench(folder, workspace)
            for bug in todo:
                result = _search(bench, folder.name, bug, options, workspace)
                done[folder.name, bug.file.stem] = result
                with store.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(result)) + "\n")
                _say(options, _line(result))
    shown = [result for (design, bug), result in done.items() if fnmatchcase(f"{design}/{bug}", options.only)]
    summary = _summary(shown, options)
    if options.json:
        print(json.dumps({**summary, "cores": os.cpu_count(), "bugs": [asdict(result) for result in shown]}, indent=1))
    else:
        for key, value in summary.items():
            print(f"{key}: {value}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="*", help="glob on design/bug, as in 'sync_fifo/*'")
    parser.add_argument("--budget", type=float, default=60.0, help="seconds for each bug")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sim", default="icarus,verilator", help="simulators of the replays")
    parser.add_argument("--no-replay", action="store_true", help="leave the replays out")
    parser.add_argument("--name", default="results", help="name of the stored results")
    parser.add_argument("--anew", action="store_true", help="drop stored results first")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _wanted(options: argparse.Namespace, design: str, bug: Bug) -> bool:
    return fnmatchcase(f"{design}/{bug.file.stem}", options.only)


def drafted_bench(folder: Path, workspace: Workspace) -> Path:
    """Draft the good design's bench, once."""
    bench = workspace.root / "search_bugs" / folder.name
    if not (bench / "bench.toml").is_file():
        sources = resolve_sources((str(folder / "design.toml"),))
        draft_sources(sources, bench, [simulator("icarus", workspace=workspace)], workspace)
    return bench


def _search(bench: Path, design: str, bug: Bug, options: argparse.Namespace, workspace: Workspace) -> Result:
    result = Result(design=design, bug=bug.file.stem, breaks=bug.breaks, budget=options.budget)
    simulators = tuple(options.sim.split(","))
    wanted = SearchOptions(
        budget=Budget(seconds=options.budget),
        seed=options.seed,
        sources=(bug.file,),
        most_failures=1,
        simulators=simulators,
        replay=not options.no_replay,
    )
    try:
        searched = search_bench(bench, wanted, workspace=workspace)
    except PosedgeError as error:
        result.trouble = error.sentence
        return result
    result.verdict = str(searched.verdict)
    result.build_seconds = round(searched.build_seconds, 2)
    result.trouble = "; ".join(sentence for _, sentence in searched.trouble)
    if searched.failures:
        _note(result, searched.failures[0])
        if wanted.replay:
            again = replay_stored(
                searched.failures[0].regression, RunOptions(simulators=simulators), workspace, Processes()
            )
            result.on_good = {one.simulator: str(one.verdict) for one in again}
    return result


def _note(result: Result, failure: SearchFailure) -> None:
    sighting, taken = failure.taken.sighting, failure.taken
    result.check, result.oracle = failure.check.id, str(failure.check.oracle)
    result.examples, result.cycles, result.seconds = sighting.examples, sighting.cycles, round(sighting.seconds, 2)
    result.length_before, result.length = len(sighting.stimulus), taken.cycles
    result.shrink_seconds = round(taken.shrink_seconds, 2)
    result.on_bug = {one.simulator: str(one.verdict) for one in failure.replayed}
    result.x_only = failure.x_only
    result.regression = failure.regression.file.name


def _summary(results: list[Result], options: argparse.Namespace) -> dict[str, object]:
    found = [result for result in results if result.found]
    replayed = [result for result in found if result.on_bug]
    return {
        f"found within {options.budget:g} s": f"{len(found)}/{len(results)}",
        "not found": [f"{r.design}/{r.bug} {r.trouble}".strip() for r in results if not r.found],
        "found by oracle": {name: sum(r.oracle == name for r in found) for name in ("SPEC", "PROTOCOL", "GENERIC")},
        "median seconds to find": _median([r.seconds for r in found]),
        "median seconds to find, builds apart": _median([r.seconds - r.build_seconds for r in found]),
        "median examples to find": _median([r.examples for r in found]),
        "median cycles to find": _median([r.cycles for r in found]),
        "median length before and after shrinking": [
            _median([r.length_before for r in found]),
            _median([r.length for r in found]),
        ],
        "median seconds to shrink": _median([r.shrink_seconds for r in found]),
        "regressions that fail on the bug and pass on the good design": (
            f"{sum(r.replays for r in replayed)}/{len(replayed)}"
        ),
        "X only": sum(r.x_only for r in replayed),
        "regressions that do not": [
            f"{r.design}/{r.bug}: bug {r.on_bug}, good {r.on_good}" for r in replayed if not r.replays
        ],
    }


def _median(values: list[int] | list[float]) -> float | None:
    return round(statistics.median(values), 2) if values else None


def _read(store: Path) -> list[Result]:
    if not store.is_file():
        return []
    return [Result(**json.loads(line)) for line in store.read_text(encoding="utf-8").splitlines()]


def _line(result: Result) -> str:
    found = (
        f"{result.oracle} {result.check} after {result.examples} examples, {result.cycles} cycles, "
        f"{result.seconds:.1f} s (build {result.build_seconds:.1f}); {result.length_before} to {result.length} cycles "
        f"in {result.shrink_seconds:.1f} s; bug {result.on_bug} good {result.on_good}"
    )
    return f"{result.design}/{result.bug}: {found if result.check else 'NOT FOUND ' + result.trouble}"


def _say(options: argparse.Namespace, text: str) -> None:
    if not options.json:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
