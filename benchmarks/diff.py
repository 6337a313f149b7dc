"""Run ``posedge diff`` on the designs of rtl/: against every seeded bug, and against versions that act the same.

A seeded bug must be told DIFFERENT (X_ONLY where only an unknown bit shows it), and the cocotb test that is written
must pass on the design and fail on the bug. A version that acts the same (``tests/support/refactors.py``) must be
PROVED, or BOUNDED from 20 cycles on, never DIFFERENT. Each comparison is one call of the command line with ``--json``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.refactors import REFACTORS  # noqa: E402
from tests.support.rtl import kept_designs  # noqa: E402

LEAST_BOUND = 20
"""Cycles that a refactor must be searched where it isn't proved."""


@dataclass(frozen=True)
class Case:
    """Two versions to compare."""

    group: str
    """``bug`` or ``refactor``."""
    kind: str
    design: str
    name: str
    old: Path
    new: Path


@dataclass(frozen=True)
class Row:
    """What came of one comparison."""

    group: str
    kind: str
    design: str
    name: str
    status: str
    bound: int | None
    found_by: str
    cycles: int
    """Rows of the run that tells them apart."""
    replayed: bool | None
    """Whether its cocotb test passes on OLD and fails on NEW; None where there is none."""
    control: int
    """Mutants of NEW that were told DIFFERENT."""
    seconds: float
    methods: tuple[str, ...] = ()
    """How outputs were proved."""
    proved: tuple[int, int] = (0, 0)
    """Outputs that were, out of all."""
    processor: float = 0.0
    """Seconds of the processor, the interpreter's start among them."""

    @property
    def good(self) -> bool:
        """Whether it is as it must be."""
        if self.group == "bug":
            return self.status in ("DIFFERENT", "X_ONLY") and self.replayed is not False
        return self.status == "PROVED" or (self.status == "BOUNDED" and (self.bound or 0) >= LEAST_BOUND)


def cases(place: Path, designs: list[str], groups: list[str]) -> Iterator[Case]:
    """Yield the comparisons; the texts of refactors go to ``place``."""
    for kept in kept_designs():
        if "bug" in groups and (not designs or kept.name in designs):
            for bug in kept.bugs:
                yield Case("bug", "bug", kept.name, bug.stem, kept.source, bug)
    for each in REFACTORS:
        if "refactor" in groups and (not designs or each.design in designs):
            file = place / f"{each.design}__{each.name}" / f"{each.design}.sv"
            file.parent.mkdir(parents=True)
            file.write_text(each.text, encoding="utf-8")
            yield Case(
                "refactor", each.kind, each.design, each.name, ROOT / f"rtl/{each.design}/{each.design}.sv", file
            )


def compared(case: Case, place: Path, budget: str | None, replay: bool) -> Row:
    """Compare one pair."""
    folder = place / "out" / f"{case.design}__{case.name}"
    limit = ["--budget", budget] if budget else []
    words = ["diff", "--json", "--fresh", *limit, "--out", str(folder), str(case.old), str(case.new)]
    before = worked()
    done = subprocess.run(
        [sys.executable, "-m", "verif.cli.main", *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    spent = worked() - before
    found: dict[str, Any] = json.loads(done.stdout or "{}")
    ports = found.get("ports", [])
    trace = found.get("trace") or {}
    tests = [Path(file) for file in found.get("files", []) if file.endswith(".py")]
    return Row(
        group=case.group,
        kind=case.kind,
        design=case.design,
        name=case.name,
        status=found.get("status", f"ERROR {done.stderr.strip()[:200]}"),
        bound=found.get("bound"),
        found_by=trace.get("found_by", ""),
        cycles=len(trace.get("rows", ())),
        replayed=replays(place / tests[0]) if tests and replay else None,
        control=len((found.get("control") or {}).get("different", ())),
        seconds=found.get("seconds", 0.0),
        methods=tuple(sorted({port["method"] for port in ports if port["proved"]})),
        proved=(sum(port["proved"] for port in ports), len(ports)),
        processor=round(spent, 1),
    )


def worked() -> float:
    """Return the processor seconds of the programs that were started and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def replays(test: Path) -> bool:
    """Return whether a written test passes on OLD and fails on NEW."""
    codes = [
        subprocess.run([sys.executable, str(test), version], capture_output=True, check=False).returncode
        for version in ("old", "new")
    ]
    return codes == [0, 1]


def told(rows: list[Row]) -> dict[str, Any]:
    """Return the counts."""
    bugs, others = ([row for row in rows if row.group == group] for group in ("bug", "refactor"))
    machines = [row for row in others if row.kind == "fsm"]
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "bugs": dict(Counter(row.status for row in bugs)),
        "bugs_total": len(bugs),
        "replayed": sum(row.replayed is True for row in bugs),
        "not_replayed": [f"{row.design}/{row.name}" for row in bugs if row.replayed is False],
        "found_by": dict(Counter(row.found_by for row in bugs)),
        "refactors": dict(Counter(row.status for row in others)),
        "refactors_total": len(others),
        "machines_proved": [sum(row.status == "PROVED" for row in machines), len(machines)],
        "controlled": [sum(row.control > 0 for row in others), len(others)],
        "bad": [f"{row.design}/{row.name}: {row.status} {row.bound}" for row in rows if not row.good],
        "seconds": round(sum(row.seconds for row in rows)),
        "processor_seconds": round(sum(row.processor for row in rows)),
        "rows": [asdict(row) for row in rows],
    }


def main() -> int:
    """Run the sweep and print the counts; 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--designs", nargs="*", default=[], help="only these")
    parser.add_argument("--groups", nargs="*", default=["bug", "refactor"], choices=("bug", "refactor"))
    parser.add_argument("--budget", help="of each comparison; without it 60 seconds of the processor")
    parser.add_argument("--jobs", type=int, default=1, help="comparisons at a time; figures of the processor need 1")
    parser.add_argument("--no-replay", action="store_true", help="don't run the written cocotb tests")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        every = list(cases(place / "refactors", arguments.designs, arguments.groups))
        with ThreadPoolExecutor(arguments.jobs) as pool:
            rows = []
            for row in pool.map(lambda case: compared(case, place, arguments.budget, not arguments.no_replay), every):
                rows.append(row)
                shown = f"{row.design:18} {row.name:36} {row.status:10} {row.bound or '':>4} {row.found_by:15}"
                spent = f"{row.seconds:6.1f} s ({row.processor:.1f} of the processor)"
                print(f"{shown} {row.cycles:4} cycles {spent} {', '.join(row.methods)}", file=sys.stderr, flush=True)
    counts = told(rows)
    if arguments.json:
        print(json.dumps(counts, indent=1))
    else:
        for name, value in counts.items():
            if name != "rows":
                print(f"{name}: {value}")
    return 1 if counts["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
