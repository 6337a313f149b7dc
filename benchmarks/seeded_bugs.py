"""Count the seeded bugs of rtl/ that drafted benches catch, and false findings on the good designs.

Two questions, each on every bug: does the bench that was drafted from the *good* design and its specification fail on
the bug (SPEC, PROTOCOL and GENERIC apart from RECORDED), and does a draft made *on* the buggy design end in FINDING?
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verif.campaign.benches.options import RunOptions  # noqa: E402
from verif.campaign.benches.run import with_replaced  # noqa: E402
from verif.campaign.drafts.from_sources import draft_sources  # noqa: E402
from verif.campaign.runs.regression import run_bench  # noqa: E402
from verif.design.manifest import read_manifest  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.errors import PosedgeError  # noqa: E402
from verif.sim.registry import simulator  # noqa: E402
from verif.verdict import Oracle, Outcome, Verdict  # noqa: E402
from verif.workspace import Workspace  # noqa: E402


@dataclass
class BugResult:
    """What happened to one seeded bug."""

    design: str
    bug: str
    breaks: str
    caught_by: list[str] = field(default_factory=list)
    """Oracles of the good design's bench that failed on the bug."""
    draft_outcome: str = ""
    """Outcome of a draft made on the bug."""
    finding: str = ""

    @property
    def caught(self) -> bool:
        """Whether an oracle beside RECORDED caught it."""
        return any(name != Oracle.RECORDED for name in self.caught_by)


def main() -> int:
    """Run both questions and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("designs", nargs="*", help="names under rtl/; all unless told")
    parser.add_argument("--sim", default="icarus", help="icarus, verilator or both, separated by a comma")
    parser.add_argument("--seeds", type=int, default=1, help="seeds of the run on each bug")
    parser.add_argument("--no-drafts", action="store_true", help="leave out the drafts on the bugs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    started = time.monotonic()
    folders = [ROOT / "rtl" / name for name in options.designs] or sorted(
        p.parent for p in ROOT.glob("rtl/*/design.toml")
    )
    workspace = Workspace.locate(ROOT)
    simulators = [simulator(name, workspace=workspace) for name in options.sim.split(",")]
    benches = workspace.root / "seeded_bugs"
    shutil.rmtree(benches, ignore_errors=True)
    good: dict[str, str] = {}
    bugs: list[BugResult] = []
    for folder in folders:
        manifest = read_manifest(folder / "design.toml")
        sources = resolve_sources((str(manifest.path),))
        bench = benches / folder.name
        made = draft_sources(sources, bench, simulators, workspace)
        good[folder.name] = made.acceptance.outcome.value
        say(options, f"{folder.name}: {made.acceptance.outcome} {made.acceptance.reason} {made.requirements}")
        for bug in manifest.bugs:
            result = BugResult(design=folder.name, bug=bug.file.stem, breaks=bug.breaks)
            run = run_bench(
                bench,
                RunOptions(
                    sources=(bug.file,),
                    simulators=tuple(options.sim.split(",")),
                    seeds=tuple(range(1, options.seeds + 1)),
                ),
                workspace=workspace,
            )
            failed = [test for test in run.tests if test.verdict is not Verdict.PASS]
            result.caught_by = sorted({str(test.oracle or test.verdict) for test in failed})
            if not options.no_drafts:
                _draft_on_bug(result, with_replaced(sources, (bug.file,)), benches, simulators, workspace)
            bugs.append(result)
            say(
                options,
                f"  {bug.file.stem:32} {','.join(result.caught_by) or '-':24} {result.draft_outcome} {result.finding}",
            )
    summary = _summary(good, bugs, options.no_drafts)
    if options.json:
        print(json.dumps({**summary, "bugs": [asdict(b) for b in bugs], "cores": os.cpu_count()}, indent=1))
    else:
        for key, value in summary.items():
            print(f"{key}: {value}")
        print(f"seconds: {time.monotonic() - started:.0f}")
    return 0


def _draft_on_bug(result: BugResult, sources, benches: Path, simulators, workspace: Workspace) -> None:
    try:
        made = draft_sources(sources, benches / f"{result.design}-{result.bug}", simulators, workspace)
    except PosedgeError as error:
        result.draft_outcome = f"ERROR {error.sentence}"
        return
    result.draft_outcome = made.acceptance.outcome.value
    result.finding = (
        "; ".join(
            f"{f.failure.check} {f.cycles_before}->{len(f.regression.rows)} cycles" for f in made.acceptance.findings
        )
        or made.acceptance.reason
    )


def _summary(good: dict[str, str], bugs: list[BugResult], no_drafts: bool) -> dict[str, str]:
    total = len(bugs)
    return {
        "good designs without a finding": f"{sum(o != Outcome.FINDING for o in good.values())}/{len(good)}",
        "good designs CLEAN": f"{sum(o == Outcome.CLEAN for o in good.values())}/{len(good)}",
        "bugs caught by SPEC, PROTOCOL or GENERIC": f"{sum(b.caught for b in bugs)}/{total}",
        "bugs caught by RECORDED alone": f"{sum(b.caught_by == [Oracle.RECORDED] for b in bugs)}/{total}",
        "bugs not caught": f"{sum(not b.caught_by for b in bugs)}/{total}",
        "drafts on a bug that end in FINDING": "not run"
        if no_drafts
        else f"{sum(b.draft_outcome == Outcome.FINDING for b in bugs)}/{total}",
    }


def say(options: argparse.Namespace, text: str) -> None:
    if not options.json:
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
