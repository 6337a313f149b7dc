"""Compare shrunk failures with the shortest ones there are, over the seeded bugs of rtl/ with one clock at most.

    python benchmarks/shrink_length.py [DESIGN or DESIGN/BUG ...] [--solver yices] [--ablation] [--fresh] [--json]

Ours: the harness of the good design around the bug is searched, and the first failure shrunk. Peer: a bounded model
check of the same harness with the same check from the same reset, by ``verif.formal``, up to ``--depth`` rows and
``--seconds``; its trace is the shortest for this check. Both count rows after the reset. A trace of the peer is run
in the batch engine too: where it doesn't fail there (it may choose the start of registers without a reset) the peer's
length is a lower bound, and the line says so.

``--ablation`` shrinks each failure by Hypothesis alone, by the polish alone, and by both. Finished bugs are kept in
the workspace, and taken from there when it is run again; ``--fresh`` forgets them, ``--again`` finds and shrinks all
failures again and keeps what the peer said about the same check: for the same RTL and harness only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from verif.bench.library.select import choose_oracles
from verif.campaign.benches.run import with_replaced
from verif.campaign.drafts.from_sources import specification_of
from verif.design.frontend import read_design
from verif.design.manifest import Bug, read_manifest
from verif.design.sources import resolve_sources
from verif.errors import PosedgeError
from verif.formal.reach import Row, search
from verif.formal.top import Question
from verif.harness.assemble import assemble
from verif.harness.model import Harness, Monitor
from verif.plan.baseline import baseline_plan
from verif.plan.model import Testplan
from verif.search.checks import checks_of
from verif.search.explore import Budget, Explorer, Sighting
from verif.search.shrink import Shrunk, Stage, shrink
from verif.search.shrink_rows import RowShape
from verif.search.shrink_trial import Judge
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.verdict import ProofStatus
from verif.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
WAYS = {"hypothesis": (Stage.HYPOTHESIS,), "polish": (Stage.POLISH,), "both": tuple(Stage)}
PEERS = ("peer", "shortest", "bound", "replays", "peer_seconds")
"""Fields of a result that the peer's answer fills."""
GOAL = 1.5
FAILED, BOUNDED, UNKNOWN = (status.value for status in (ProofStatus.FAILED, ProofStatus.BOUNDED, ProofStatus.UNKNOWN))


@dataclass
class Way:
    """What one way of shrinking came to."""

    rows: int
    examples: int
    seconds: float


@dataclass
class Result:
    """What happened to one bug."""

    design: str
    bug: str
    check: str = ""
    found: int = 0
    """Rows of the failure as it was found."""
    found_seconds: float = 0.0
    shrunk: dict[str, Way] = field(default_factory=dict)
    peer: str = ""
    """How the bounded check ended."""
    shortest: int | None = None
    bound: int = 0
    """Rows in which the bounded check says nothing fails."""
    replays: bool | None = None
    """Whether the peer's trace fails in the batch engine, in the same row."""
    peer_seconds: float = 0.0
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Shrunk rows by shortest rows."""
        return self.shrunk["both"].rows / self.shortest if self.shortest and self.shrunk else None


@dataclass
class Case:
    """A good design as it is searched."""

    name: str
    harness: Harness
    plan: Testplan
    bugs: tuple[Bug, ...]


def main() -> int:
    options = _options()
    workspace = Workspace.locate(ROOT)
    kept = workspace.root / "shrink_length.jsonl"
    if options.fresh:
        kept.unlink(missing_ok=True)
    key = f"{options.solver} {options.depth} {options.seconds} {options.examples} {options.seed} {options.ablation}"
    done = _read(kept, key)
    results: list[Result] = []
    for case, bug in _bugs(options.only):
        before = done.get((case.name, bug.file.stem))
        if before is None or options.again:
            before = _keep(kept, key, _bug(case, bug, options, workspace, before))
        result = before
        results.append(result)
        if not options.json:
            print(_line(result), flush=True)
    figures = {**summary(results), "cores": os.cpu_count(), "bugs": [asdict(result) for result in results]}
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        for name, value in figures.items():
            if name != "bugs":
                print(f"{name}: {value}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="designs, or design/bug with * for any; all unless told")
    parser.add_argument("--solver", default="yices", help="yices, z3 or abc")
    parser.add_argument("--depth", type=int, default=60, help="rows after the reset")
    parser.add_argument("--seconds", type=float, default=120.0, help="limit of one bounded check, and of one search")
    parser.add_argument("--examples", type=int, default=30_000, help="lanes that shrinking may judge")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _bugs(only: Sequence[str]) -> Iterator[tuple[Case, Bug]]:
    """Yield the bugs of designs with one clock at most."""
    for file in sorted(ROOT.glob("rtl/*/design.toml")):
        name = file.parent.name
        bugs = [bug for bug in read_manifest(file).bugs if _wanted(f"{name}/{bug.file.stem}", only)]
        if not bugs:
            continue
        design = read_design(resolve_sources((str(file),)))
        if len(design.clocks) > 1:
            continue
        specification = specification_of(design)
        oracles = choose_oracles(design, specification)
        plan = baseline_plan(design, specification.requirements if specification else (), oracles.drivers)
        case = Case(name=name, harness=assemble(design, plan, oracles), plan=plan, bugs=tuple(bugs))
        yield from ((case, bug) for bug in bugs)


def _wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(fnmatchcase(name, glob if "/" in glob else f"{glob}/*") for glob in only)


def _bug(case: Case, bug: Bug, options: argparse.Namespace, workspace: Workspace, before: Result | None) -> Result:
    """Find, shrink, and ask the peer, unless it is known from before."""
    result = Result(design=case.name, bug=bug.file.stem)
    good = case.harness.design
    harness = replace(case.harness, design=replace(good, sources=with_replaced(good.sources, (bug.file,))))
    try:
        with Batch(build_batch(harness, workspace=workspace)) as batch:
            sighting = _find(batch, case.plan, options)
            if sighting is None:
                result.note = f"not found within {options.seconds:g} s"
                return result
            monitor = harness.monitors[sighting.check.monitor or 0]
            result.check, result.found, result.found_seconds = monitor.id, len(sighting.stimulus), sighting.seconds
            for way in WAYS if options.ablation else ("both",):
                shrunk = _shrunk(batch, sighting, WAYS[way], options, workspace)
                result.shrunk[way] = Way(len(shrunk.stimulus), shrunk.examples, round(shrunk.seconds, 3))
            if before and before.peer and before.check == result.check:
                for name in PEERS:
                    setattr(result, name, getattr(before, name))
            else:
                _ask_peer(result, batch, monitor, options, workspace)
    except PosedgeError as error:
        result.note = error.sentence
    return result


def _find(batch: Batch, plan: Testplan, options: argparse.Namespace) -> Sighting | None:
    checks = checks_of(batch.harness, (), {})
    explorer = Explorer(batch, StimulusMaker(batch.harness, plan, seed=options.seed), checks, fresh=True)
    return next(iter(explorer.explore(Budget(seconds=options.seconds))), None)


def _judge(batch: Batch, monitor: int) -> Judge:
    """Judge each lane on a model of its own: what a design keeps over a reset must not count."""
    return lambda stimulus, lengths: batch.lanes(stimulus, lengths=lengths, fresh=True).first_fail[:, monitor]


def _shrunk(
    batch: Batch, sighting: Sighting, stages: Sequence[Stage], options: argparse.Namespace, workspace: Workspace
) -> Shrunk:
    assert sighting.check.monitor is not None
    return shrink(
        _judge(batch, sighting.check.monitor),
        batch.harness,
        sighting.stimulus,
        sighting.phases,
        seed=options.seed,
        database=workspace.root / "shrink_length" / "hypothesis",
        budget_examples=options.examples,
        stages=stages,
    )


def _ask_peer(
    result: Result, batch: Batch, monitor: Monitor, options: argparse.Namespace, workspace: Workspace
) -> None:
    harness = batch.harness
    folder = workspace.root / "shrink_length" / f"{result.design}-{result.bug}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    started = time.monotonic()
    found = search(
        harness,
        [Question(id=monitor.id, expression=f"harness.{monitor.fail}")],
        folder,
        depth=options.depth,
        seconds=options.seconds,
        solver=options.solver,
        processes=Processes(),
    )
    result.peer_seconds = round(time.monotonic() - started, 2)
    result.bound, result.peer = found.bound, BOUNDED if found.bound >= options.depth else UNKNOWN
    if witness := found.witnesses.get(monitor.id):
        result.peer, result.shortest = FAILED, len(witness.rows)
        result.replays = _replays(batch, harness.monitors.index(monitor), witness.rows)


def _replays(batch: Batch, monitor: int, trace: Sequence[Row]) -> bool:
    """Run the peer's trace in the batch engine."""
    rows = RowShape(batch.harness.stimulus).pack(trace)
    first = _judge(batch, monitor)(rows[np.newaxis], np.array([len(rows)], np.int32))
    return bool(first[0] == len(rows) - 1)


def summary(results: Sequence[Result]) -> dict[str, object]:
    """Return the figures."""
    ended = [result for result in results if result.peer == FAILED]
    ratios = sorted(result.ratio for result in ended if result.ratio)
    figures: dict[str, object] = {
        "bugs_total": len(results),
        "bugs_found": sum(bool(result.shrunk) for result in results),
        "peer_ended": len(ended),
        "peer_ended_share": round(len(ended) / len(results), 3) if results else None,
        "peer_traces_that_replay": sum(bool(result.replays) for result in ended),
        "ratio_median": round(statistics.median(ratios), 3) if ratios else None,
        "ratio_worst": round(ratios[-1], 3) if ratios else None,
        "as_short_as_the_shortest": sum(ratio <= 1 for ratio in ratios),
        "goal": GOAL,
    }
    for way in WAYS:
        shrunk = [result for result in ended if way in result.shrunk and result.shortest]
        if shrunk and any("hypothesis" in result.shrunk for result in shrunk):
            own = [result.shrunk[way] for result in shrunk]
            lengths = [each.rows / (result.shortest or 1) for each, result in zip(own, shrunk, strict=True)]
            figures[f"ratio_mean_{way}"] = round(statistics.mean(lengths), 3)
            figures[f"ratio_median_{way}"] = round(statistics.median(lengths), 3)
            figures[f"seconds_median_{way}"] = round(statistics.median(each.seconds for each in own), 2)
    return figures


def _line(result: Result) -> str:
    ways = " ".join(f"{name} {way.rows} ({way.seconds:.1f} s)" for name, way in result.shrunk.items())
    peer = f"shortest {result.shortest}" if result.shortest else f"{result.peer} to {result.bound} rows"
    doubt = "" if result.replays is not False else " (not in simulation: a lower bound)"
    name = f"{result.design}/{result.bug}"
    if result.note:
        return f"{name:48} {result.note}"
    return f"{name:48} {result.found:4} -> {ways}; {peer}{doubt}, {result.peer_seconds:.1f} s"


def _read(kept: Path, key: str) -> dict[tuple[str, str], Result]:
    if not kept.exists():
        return {}
    lines = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    found = [Result(**line["result"]) for line in lines if line["key"] == key]
    for result in found:
        result.shrunk = {name: Way(**way) for name, way in result.shrunk.items()}  # type: ignore[arg-type]
    return {(result.design, result.bug): result for result in found}


def _keep(kept: Path, key: str, result: Result) -> Result:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": key, "result": asdict(result)}) + "\n")
    return result


if __name__ == "__main__":
    sys.exit(main())
