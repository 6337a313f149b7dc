"""Floorplan the MCNC and GSRC sets: wirelength, dead space and success rate beside published figures and a peer.

    python benchmarks/floorplan.py --data DIR [--round short|long] [--only GLOB] [--clock cpu] [--results FILE] [--json]

DIR holds mcnc/, gsrc_hard/, gsrc_soft/, gsrc_pl_10pct/ and gsrc_pl_800ring/ in bookshelf form. Three pad rings go round
for GSRC: 800 (square of side 800), 1.15 and 1.10 (square of that times the blocks' area); each figure names its ring.
Every result is judged by the independent checker. Finished jobs are kept as JSON lines and not run again, so a long
round can be cut and taken up. Beside ours: the trivial row by row floorplan, rectangle-packer (PyPI) for dead space,
and for wirelength any program named by --peer; all are judged and measured by the same functions ("!": not legal).

--clock cpu counts the budget, and "took", in seconds of the processor, so that a round can run on a busy machine;
compiling is never counted; "took, most" is the slowest run. Least areas are over outlines of any aspect, as in the
publications on these sets; JSON tells each result's aspect.
Exit code 1 where a result is not legal or a target of the long round is missed.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import floorplan_peers as peers  # noqa: E402
from floorplan_cases import PUBLISHED, TARGETS, Case, cases  # noqa: E402

from verif.floorplan import estimates  # noqa: E402
from verif.floorplan.bookshelf import read_bookshelf  # noqa: E402
from verif.floorplan.legality import violations  # noqa: E402
from verif.floorplan.model import Outline, Problem  # noqa: E402

CLOCKS: dict[str, Callable[[], float]] = {"wall": time.monotonic, "cpu": time.process_time}
LIBRARY_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run of one case."""

    case: Case
    data: str
    seed: int
    seconds: float
    clock: str = "wall"
    peer: str | None = None
    """Command of a program to run beside ours, for the first seed of hard blocks in an outline."""

    @property
    def key(self) -> str:
        key = f"{self.case.group}|{self.case.name}|{self.seed}|{self.seconds:g}"
        return key if self.clock == "wall" else f"{key}|{self.clock}"

    @property
    def files(self) -> dict[str, Path]:
        """Blocks, nets and pl."""
        case, data = self.case, Path(self.data)
        return {"blocks": data / case.blocks, "nets": data / case.nets, "pl": data / case.pl}


LONG = ("soft 10% ring 800", "hard 10% ring 1.10", "dead space")


def jobs_of(options: argparse.Namespace) -> list[Job]:
    """Seeds go in the outer loop: a round that is cut has figures for every case."""
    long = options.round == "long"
    seeds, seconds = options.seeds or (10 if long else 3), options.seconds or (60.0 if long else 10.0)
    chosen = [case for case in cases() if not long or case.group in LONG]
    if options.only:
        chosen = [case for case in chosen if fnmatch.fnmatch(f"{case.group} {case.name}", f"*{options.only}*")]
    common = {"data": str(options.data.resolve()), "seconds": seconds, "clock": options.clock, "peer": options.peer}
    return [Job(case=case, seed=seed, **common) for seed in range(1, seeds + 1) for case in chosen]


def load(job: Job) -> tuple[Problem, Outline | None]:
    problem = read_bookshelf(**job.files)
    if job.case.whitespace is None:
        return problem, None
    return problem, problem.outline(whitespace=job.case.whitespace, aspect=job.case.aspect)


def run(job: Job) -> dict[str, Any]:
    """Floorplan, check and measure; the peers get the same blocks. Compiling is no part of the budget."""
    from verif.errors import InputError
    from verif.floorplan.engine import floorplan, warm_up

    problem, outline = load(job)
    warm_up()
    began = time.process_time()
    try:
        result = floorplan(problem, outline, seed=job.seed, budget=job.seconds, clock=CLOCKS[job.clock])
    except InputError as error:
        return {"key": job.key, "group": job.case.group, "name": job.case.name, "refused": error.sentence}
    used = time.process_time() - began
    broken = violations(problem, result.placement)
    return {
        "key": job.key,
        "group": job.case.group,
        "name": job.case.name,
        "seed": job.seed,
        "budget": job.seconds,
        "clock": job.clock,
        "hpwl": estimates.hpwl(problem, result.placement),
        "deadspace": 100 * estimates.deadspace(problem, result.placement),
        "aspect": result.placement.outline.height / result.placement.outline.width,
        "legal": not broken,
        "violations": sorted({violation.rule for violation in broken}),
        "starts": result.starts,
        "seconds": round(result.seconds, 2),
        "cpu_seconds": round(used, 2),
        **_peers(job, problem, outline),
    }


def _peers(job: Job, problem: Problem, outline: Outline | None) -> dict[str, Any]:
    if outline is None:
        return peers.packer(problem)
    found = peers.rows(problem, outline)
    if job.peer and job.seed == 1 and not any(block.soft for block in problem.blocks):
        files = {**job.files, "whitespace": job.case.whitespace}
        found |= peers.program(problem, outline, job.peer, files)
    return found


def run_all(jobs: list[Job], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Run what is not in the results file yet, and return the records of all ``jobs``."""
    done: dict[str, dict[str, Any]] = {}
    if options.results.exists():
        lines = options.results.read_text(encoding="utf-8").splitlines()
        done = {record["key"]: record for record in map(json.loads, lines)}
    left = [job for job in jobs if job.key not in done]
    options.results.parent.mkdir(parents=True, exist_ok=True)
    if not left:
        return [done[job.key] for job in jobs]
    os.environ.update(dict.fromkeys(LIBRARY_THREADS, "1"))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=context) as pool, options.results.open("a") as stream:
        futures = {pool.submit(run, job): job for job in left}
        for number, future in enumerate(as_completed(futures), start=1):
            record = future.result()
            done[record["key"]] = record
            stream.write(json.dumps(record) + "\n")
            stream.flush()
            print(f"{number}/{len(left)} {record['key']}: {told(record)}", file=sys.stderr, flush=True)
    return [done[job.key] for job in jobs]


def told(record: dict[str, Any]) -> str:
    if "refused" in record:
        return str(record["refused"])
    figure = f"{record['deadspace']:.2f} %" if record["group"] == "dead space" else f"{record['hpwl']:.0f}"
    return f"{figure}{'' if record['legal'] else ' NOT LEGAL'}, {record['cpu_seconds']} CPU s"


def summary(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each case: best, median, success rate, target, published figures and the peer's."""
    rows = []
    for group, name in dict.fromkeys((r["group"], r["name"]) for r in records):
        mine = [r for r in records if (r["group"], r["name"]) == (group, name)]
        figure = "deadspace" if group == "dead space" else "hpwl"
        legal = [r[figure] for r in mine if r["legal"]]
        target = TARGETS.get(group, {}).get(name)
        peer = next((r for r in mine if f"peer_{figure}" in r), {})
        rows.append(
            {
                "group": group,
                "name": name,
                "figure": figure,
                "best": min(legal, default=None),
                "median": statistics.median(legal) if legal else None,
                "legal": len(legal),
                "runs": len(mine),
                "success_percent": round(100 * len(legal) / len(mine)),
                "target": target,
                "reached": None if target is None else bool(legal) and min(legal) <= target,
                "published": {who: row.get(name) for who, row in PUBLISHED.get(group, {}).items()},
                "rows": mine[0].get("rows_hpwl"),
                **{key: peer.get(key) for key in ("peer", "peer_legal", "peer_seconds")},
                "peer_figure": peer.get(f"peer_{figure}"),
                "budget": mine[0]["budget"],
                "clock": mine[0].get("clock", "wall"),
                "seconds_most": max(r["seconds"] for r in mine),
                "cpu_seconds": statistics.median(r["cpu_seconds"] for r in mine),
            }
        )
    return rows


HEAD = (
    f"{'case':<34}{'best':>9}{'median':>9}{'legal':>11}{'target':>9}{'took, most':>12}{'rows':>9}{'peer':>9}  published"
)


def table(rows: list[dict[str, Any]]) -> str:
    lines = [HEAD]
    for row in rows:
        shape = "{:.3f}" if row["figure"] == "deadspace" else "{:.0f}"
        best, median, target, trivial, other = (
            shape.format(row[key]) if row[key] is not None else "-"
            for key in ("best", "median", "target", "rows", "peer_figure")
        )
        mark = "" if row["reached"] is None else " ok" if row["reached"] else " missed"
        other += "" if row["peer_legal"] in (None, True) else "!"
        published = ", ".join(f"{who} {value:.0f}" for who, value in row["published"].items() if value)
        legal = f"{row['legal']}/{row['runs']} {row['success_percent']:>3}%"
        lines.append(
            f"{row['group'] + ' ' + row['name']:<34}{best:>9}{median:>9}{legal:>11}{target:>9}"
            f"{row['seconds_most']:>7.1f} {row['clock']:<4}{trivial:>9}{other:>9}  {published}{mark}"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--round", choices=("short", "long"), default="short", help="10 s x 3 seeds, or 60 s x 10 seeds"
    )
    parser.add_argument("--only", help="cases whose name holds this pattern")
    parser.add_argument("--seeds", type=int, help="fewer or more seeds")
    parser.add_argument("--seconds", type=float, help="another budget")
    parser.add_argument(
        "--clock", choices=tuple(CLOCKS), default="wall", help="what the budget counts: wall time, or the processor's"
    )
    parser.add_argument(
        "--peer", metavar="COMMAND", help="program to run beside: '... {blocks} {nets} {pl} {whitespace} {out}'"
    )
    parser.add_argument("--jobs", type=int, default=1, help="runs side by side; each is single-threaded")
    parser.add_argument("--results", type=Path, default=ROOT / "sim_builds" / "floorplan_benchmark.jsonl")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    records = run_all(jobs_of(options), options)
    rows = summary([record for record in records if "refused" not in record])
    refused = {f"{record['group']} {record['name']}": record["refused"] for record in records if "refused" in record}
    if options.json:
        print(
            json.dumps(
                {"rows": rows, "cores": os.cpu_count(), "jobs": options.jobs, "targets": TARGETS, "refused": refused},
                indent=1,
            )
        )
    else:
        print("\n".join([table(rows), *(f"{case}: {sentence}" for case, sentence in refused.items())]))
    wrong = any(row["legal"] < row["runs"] or (options.round == "long" and row["reached"] is False) for row in rows)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
