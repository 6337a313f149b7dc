"""Count the seeded bugs of rtl/ that hardware checkers alone catch, and false failures on the good designs.

The stimulus is that of the search: phases, with mid-run resets. Each lane on a bug starts with a fresh model, and its
first failure is compared with the Python model and rules on the same trace: the same check has to fail in the same
cycle.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verif.bench.library.select import choose_oracles  # noqa: E402
from verif.bench.oracles import OracleSet  # noqa: E402
from verif.bench.render import model_check_id  # noqa: E402
from verif.campaign.generation.judges import make  # noqa: E402
from verif.design.frontend import read_design  # noqa: E402
from verif.design.manifest import read_manifest  # noqa: E402
from verif.design.model import Design, Direction  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.harness import assemble  # noqa: E402
from verif.harness.model import Harness  # noqa: E402
from verif.plan.baseline import baseline_plan  # noqa: E402
from verif.plan.model import Testplan  # noqa: E402
from verif.plan.spec import read_specification  # noqa: E402
from verif.search.stimulus import StimulusMaker  # noqa: E402
from verif.sim.batch import Batch, build_batch  # noqa: E402
from verif.workspace import Workspace  # noqa: E402


@dataclass
class Result:
    """What became of a design or of a bug of it."""

    design: str
    bug: str
    caught_by: str = ""
    """The check that failed first."""
    cycle: int = -1
    """Of its lane."""
    cycles: int = 0
    """Simulated until then, or in all."""
    seconds: float = 0.0
    """Of simulation, the making of stimulus apart."""
    python_cycle: int = -1
    """Where the Python version of that check fails on the same trace."""
    vacuous: list[str] = field(default_factory=list)
    """Checks that never met their condition."""


def main() -> int:
    """Run the good designs, then the bugs, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("designs", nargs="*", help="names under rtl/; all unless told")
    parser.add_argument("--good-cycles", type=int, default=200_000)
    parser.add_argument("--bug-cycles", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names = options.designs or sorted(path.parent.name for path in ROOT.glob("rtl/*/design.toml"))
    workspace = Workspace.locate(ROOT)
    results = []
    for name in names:
        for result in _of_design(ROOT / "rtl" / name, workspace, options):
            results.append(result)
            if not options.json:
                print(_line(result), flush=True)
    summary = _summary(results)
    if options.json:
        print(json.dumps({**summary, "results": [asdict(r) for r in results], "cores": os.cpu_count()}, indent=1))
    else:
        print(*(f"{key}: {value}" for key, value in summary.items()), sep="\n")
    return 0


def _of_design(folder: Path, workspace: Workspace, options: argparse.Namespace) -> Iterator[Result]:
    manifest = read_manifest(folder / "design.toml")
    design = read_design(resolve_sources((str(manifest.path),)))
    oracles = choose_oracles(design, read_specification(folder / "spec.md"))
    plan = baseline_plan(design, (), oracles.drivers)
    yield _looked(design, plan, oracles, Result(folder.name, ""), options.good_cycles, workspace)
    for bug in manifest.bugs:
        broken = replace(design, sources=replace(design.sources, files=(bug.file,)))
        yield _looked(broken, plan, oracles, Result(folder.name, bug.file.stem), options.bug_cycles, workspace)


def _looked(
    design: Design, plan: Testplan, oracles: OracleSet, result: Result, cycles: int, workspace: Workspace
) -> Result:
    harness = assemble(design, plan, oracles)
    maker = StimulusMaker(harness, plan, seed=1)
    seen = np.zeros(len(harness.monitors), np.uint64)
    with Batch(build_batch(harness, workspace=workspace)) as batch:
        number = 0
        while result.cycles < cycles and not result.caught_by:
            block = maker.block(number)
            started = time.perf_counter()
            lanes = batch.lanes(block.stimulus, fresh=bool(result.bug))
            result.seconds += time.perf_counter() - started
            assert lanes.fault is None, lanes.fault
            result.cycles += block.lanes * block.ticks
            seen += lanes.seen.sum(0, dtype=np.uint64)
            failed = np.argwhere(lanes.first_fail >= 0)
            if len(failed):
                _compare(batch, harness, oracles, block.stimulus[failed[0][0]], result)
            number += 1
    result.vacuous = [monitor.id for monitor, count in zip(harness.monitors, seen, strict=True) if not count]
    return result


def _compare(batch: Batch, harness: Harness, oracles: OracleSet, stimulus: Any, result: Result) -> None:
    """Run the failing lane again, observed, and ask the Python version of the check that fails first."""
    run = batch.run(stimulus, observe=True, fresh=True)
    first = [(cycle, place) for place, cycle in enumerate(run.first_fail.tolist()) if cycle >= 0]
    if not first:
        result.caught_by, result.cycle = "not again", -1
        return
    result.cycle, place = min(first)
    result.caught_by = harness.monitors[place].id
    columns = {
        entry.port: batch.build.observed.get(run.observed, entry.name, integers=True).tolist()
        for entry in harness.observed
    }
    result.python_cycle = _python(harness, oracles, result.caught_by, columns)


def _python(harness: Harness, oracles: OracleSet, check: str, columns: dict[str, list[int]]) -> int:
    """Return the first cycle out of reset in which the Python version of ``check`` fails, -1 where it doesn't."""
    design = harness.design
    model = oracles.model if oracles.model and model_check_id(oracles.model) == check else None
    snippet = model.snippet if model else next(rule.snippet for rule in oracles.rules if rule.id == check)
    judge = make(snippet)
    outputs = [port.name for port in design.ports if port.direction is Direction.OUTPUT]
    held = 0
    for tick in range(len(columns[outputs[0]])):
        row = {port: values[tick] for port, values in columns.items()}
        edge = harness.schedule[(harness.reset_ticks + tick) % len(harness.schedule)] if harness.schedule else ""
        row |= {clock.name: int(clock.name == edge) for clock in design.clocks}
        active = any(row[reset.name] == int(reset.active_high) for reset in design.resets)
        held = held + 1 if active else 0
        if active and (model is None or held < max(2, harness.reset_ticks)):
            judge.reset()
            continue
        shown = {name: row[name] for name in outputs}
        if model is None:
            wrong = bool(judge.observe(row, shown))
        else:
            wrong = any(want is not None and shown[name] != want for name, want in judge.step(row).items())
        if wrong and not active:
            return tick
    return -1


def _line(result: Result) -> str:
    rate = result.cycles / result.seconds / 1e6 if result.seconds else 0.0
    agreed = "" if result.cycle == result.python_cycle else f" PYTHON SAYS {result.python_cycle}"
    vacuous = f" vacuous: {', '.join(result.vacuous)}" if result.vacuous and not result.bug else ""
    where = f"{result.caught_by} in cycle {result.cycle}{agreed}" if result.caught_by else "-"
    return f"{result.design:18} {result.bug or '(good)':36} {where:50} {result.cycles:9} {rate:5.1f} M/s{vacuous}"


def _summary(results: list[Result]) -> dict[str, str]:
    good, bugs = [r for r in results if not r.bug], [r for r in results if r.bug]
    return {
        "good designs without a failure": f"{sum(not r.caught_by for r in good)}/{len(good)}",
        "fewest cycles of a good design": str(min((r.cycles for r in good), default=0)),
        "bugs caught by hardware checkers alone": f"{sum(bool(r.caught_by) for r in bugs)}/{len(bugs)}",
        "failures in the same cycle as in Python": (
            f"{sum(r.cycle == r.python_cycle for r in bugs if r.caught_by)}/{sum(bool(r.caught_by) for r in bugs)}"
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
