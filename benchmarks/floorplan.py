"""Floorplan the MCNC and GSRC sets: wirelength, dead space and success rate beside published figures and a peer.

    python benchmarks/floorplan.py --data DIR [--round short|long] [--only GLOB] [--jobs N] [--results FILE] [--json]

DIR holds mcnc/, gsrc_hard/, gsrc_soft/, gsrc_pl_10pct/ and gsrc_pl_800ring/ in bookshelf form. Three pad rings go round
for GSRC: 800 (square of side 800), 1.15 and 1.10 (square of that times the blocks' area); each figure names its ring.
Every result is judged by the independent checker. Finished jobs are kept as JSON lines and not run again, so a long
round can be cut and taken up. The peer for dead space is rectangle-packer (PyPI); the one for wirelength is the trivial
row by row floorplan. Exit code 1 where a result is not legal or a target of the long round is missed.
"""

from __future__ import annotations

import argparse
import fnmatch
import importlib.util
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verif.floorplan import estimates  # noqa: E402
from verif.floorplan.bookshelf import read_bookshelf  # noqa: E402
from verif.floorplan.legality import violations  # noqa: E402
from verif.floorplan.model import Outline, Place, Placement, Problem  # noqa: E402
from verif.floorplan.rows import row_by_row  # noqa: E402

MCNC = ("apte", "xerox", "hp", "ami33", "ami49")
SMALL = ("n10", "n30", "n50")
LARGE = ("n100", "n200", "n300")
TARGETS = {
    "soft 10% ring 800": {"n100": 270e3, "n200": 505e3, "n300": 630e3},
    "hard 10% ring 1.10": {"n100": 195e3, "n200": 375e3, "n300": 555e3},
    "dead space": {"apte": 0.9, "xerox": 2.26, "hp": 1.8, "ami33": 1.8, "ami49": 2.5},
}
"""Wirelengths, and dead space in percent; the long round's best must reach them."""
PUBLISHED = {
    "soft 10% ring 800": {
        "Trinity": {"n100": 294.7e3, "n200": 554.9e3, "n300": 681.3e3},
        "PARSAC": {"n100": 303.5e3, "n200": 576.0e3, "n300": 705.2e3},
    },
    "soft 1% ring 1.10": {"UFO'11 (pads not known)": {"n100": 195.2e3, "n200": 346.7e3, "n300": 476.6e3}},
    "hard 10% ring 1.10": {"a public B*-tree": {"n100": 293.9e3, "n200": 512.3e3, "n300": 724.5e3}},
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One problem with one outline."""

    group: str
    """Kind of blocks, whitespace and ring: the key of TARGETS."""
    name: str
    blocks: str
    nets: str
    pl: str
    whitespace: float | None = 0.10
    """None: least area."""
    aspect: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run of one case."""

    case: Case
    data: str
    seed: int
    seconds: float

    @property
    def key(self) -> str:
        return f"{self.case.group}|{self.case.name}|{self.seed}|{self.seconds:g}"


def cases() -> Iterator[Case]:
    """Every case of the short round."""
    for name in MCNC:
        files = {"name": name, "blocks": f"mcnc/{name}.blocks", "nets": f"mcnc/{name}.nets", "pl": f"mcnc/{name}.pl"}
        yield Case(group="dead space", whitespace=None, **files)
        yield Case(group="hard 10% ring MCNC", **files)
    for name in (*SMALL, *LARGE):
        yield gsrc("hard 15% ring 1.15", name, "gsrc_hard", whitespace=0.15)
    for name in LARGE:
        yield gsrc("hard 10% ring 1.10", name, "gsrc_pl_10pct")
        yield gsrc("hard 10% ring 1.10 aspect 2", name, "gsrc_pl_10pct", aspect=2.0)
        yield gsrc("hard 10% ring 1.10 aspect 3", name, "gsrc_pl_10pct", aspect=3.0)
        yield gsrc("soft 10% ring 800", name, "gsrc_pl_800ring", soft=True)
        yield gsrc("soft 1% ring 1.10", name, "gsrc_pl_10pct", soft=True, whitespace=0.01)


def gsrc(
    group: str, name: str, ring: str, *, soft: bool = False, whitespace: float = 0.10, aspect: float = 1.0
) -> Case:
    return Case(
        group=group,
        name=name,
        blocks=f"gsrc_soft/{name}_soft.blocks" if soft else f"gsrc_hard/{name}.blocks",
        nets=f"gsrc_hard/{name}.nets",
        pl=f"{ring}/{name}.pl",
        whitespace=whitespace,
        aspect=aspect,
    )


LONG = ("soft 10% ring 800", "hard 10% ring 1.10", "dead space")


def jobs_of(options: argparse.Namespace) -> list[Job]:
    """Seeds go in the outer loop: a round that is cut has figures for every case."""
    long = options.round == "long"
    seeds, seconds = options.seeds or (10 if long else 3), options.seconds or (60.0 if long else 10.0)
    chosen = [case for case in cases() if not long or case.group in LONG]
    if options.only:
        chosen = [case for case in chosen if fnmatch.fnmatch(f"{case.group} {case.name}", f"*{options.only}*")]
    data = str(options.data.resolve())
    return [Job(case=case, data=data, seed=seed, seconds=seconds) for seed in range(1, seeds + 1) for case in chosen]


def load(job: Job) -> tuple[Problem, Outline | None]:
    case, data = job.case, Path(job.data)
    problem = read_bookshelf(data / case.blocks, data / case.nets, data / case.pl)
    if case.whitespace is None:
        return problem, None
    return problem, problem.outline(whitespace=case.whitespace, aspect=case.aspect)


def run(job: Job) -> dict[str, Any]:
    """Floorplan, check and measure; the peer gets the same blocks."""
    from verif.floorplan.engine import floorplan

    problem, outline = load(job)
    began = time.process_time()
    result = floorplan(problem, outline, seed=job.seed, budget=job.seconds)
    used = time.process_time() - began
    return {
        "key": job.key,
        "group": job.case.group,
        "name": job.case.name,
        "seed": job.seed,
        "budget": job.seconds,
        "hpwl": estimates.hpwl(problem, result.placement),
        "deadspace": 100 * estimates.deadspace(problem, result.placement),
        "legal": not violations(problem, result.placement),
        "starts": result.starts,
        "seconds": round(result.seconds, 2),
        "cpu_seconds": round(used, 2),
        **peer(problem, outline, job.seconds),
    }


def peer(problem: Problem, outline: Outline | None, seconds: float) -> dict[str, Any]:
    """Dead space of rectangle-packer where area is asked for, else the wirelength of the row by row floorplan."""
    if outline is not None:
        return {"peer": "row by row", "peer_hpwl": estimates.hpwl(problem, row_by_row(problem, outline))}
    if importlib.util.find_spec("rpack") is None:
        return {"peer": "rectangle-packer is not installed"}
    import rpack

    scale = 1000
    sizes = [(round(b.width * scale), round(b.height * scale)) for b in problem.blocks]
    began = time.process_time()
    places = [
        Place(name=b.name, x=x / scale, y=y / scale, width=b.width, height=b.height)
        for b, (x, y) in zip(problem.blocks, rpack.pack(sizes), strict=True)
    ]
    used = time.process_time() - began
    width, height = max(p.x + p.width for p in places), max(p.y + p.height for p in places)
    packed = Placement(outline=Outline(width=width, height=height), places=tuple(places))
    dead = 100 * estimates.deadspace(problem, packed)
    legal = not violations(problem, packed)
    return {"peer": "rectangle-packer", "peer_deadspace": dead, "peer_legal": legal, "peer_seconds": round(used, 2)}


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
        rows.append(
            {
                "group": group,
                "name": name,
                "figure": figure,
                "best": min(legal, default=None),
                "median": statistics.median(legal) if legal else None,
                "legal": len(legal),
                "runs": len(mine),
                "target": target,
                "reached": None if target is None else bool(legal) and min(legal) <= target,
                "published": {who: row.get(name) for who, row in PUBLISHED.get(group, {}).items()},
                "peer": mine[0]["peer"],
                "peer_figure": mine[0].get(f"peer_{figure}"),
                "budget": mine[0]["budget"],
                "cpu_seconds": statistics.median(r["cpu_seconds"] for r in mine),
            }
        )
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    lines = [f"{'case':<34}{'best':>10}{'median':>10}{'legal':>8}{'target':>10}{'peer':>10}  published"]
    for row in rows:
        shape = "{:.2f}" if row["figure"] == "deadspace" else "{:.0f}"
        best, median, target, other = (
            shape.format(row[key]) if row[key] is not None else "-"
            for key in ("best", "median", "target", "peer_figure")
        )
        mark = "" if row["reached"] is None else " ok" if row["reached"] else " missed"
        published = ", ".join(f"{who} {value:.0f}" for who, value in row["published"].items() if value)
        lines.append(
            f"{row['group'] + ' ' + row['name']:<34}{best:>10}{median:>10}{row['legal']:>5}/{row['runs']:<2}"
            f"{target:>10}{other:>10}  {published}{mark}"
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
    parser.add_argument("--jobs", type=int, default=1, help="runs side by side; each is single-threaded")
    parser.add_argument("--results", type=Path, default=ROOT / "sim_builds" / "floorplan_benchmark.jsonl")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = summary(run_all(jobs_of(options), options))
    if options.json:
        print(json.dumps({"rows": rows, "cores": os.cpu_count(), "jobs": options.jobs, "targets": TARGETS}, indent=1))
    else:
        print(table(rows))
    wrong = any(row["legal"] < row["runs"] or (options.round == "long" and row["reached"] is False) for row in rows)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
