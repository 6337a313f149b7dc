"""Count the seeded bugs of rtl/ that drafted protocol properties catch alone, and what they cost on the good designs.

The stimulus is that of the search. On the good designs no assertion may fail, and no assumption may cut an example:
the transactors keep to what the properties assume.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from verif.bench.library.select import choose_oracles  # noqa: E402
from verif.bench.oracles import OracleSet  # noqa: E402
from verif.design.frontend import read_design  # noqa: E402
from verif.design.manifest import read_manifest  # noqa: E402
from verif.design.model import Design  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.harness import assemble  # noqa: E402
from verif.harness.model import Harness  # noqa: E402
from verif.harness.monitors.properties import JudgedProperty  # noqa: E402
from verif.plan.baseline import baseline_plan  # noqa: E402
from verif.plan.model import Testplan  # noqa: E402
from verif.plan.spec import read_specification  # noqa: E402
from verif.property import bound_properties  # noqa: E402
from verif.property.protocols import drafted_file  # noqa: E402
from verif.search.stimulus import StimulusMaker  # noqa: E402
from verif.sim.batch import Batch, build_batch  # noqa: E402
from verif.verdict import Oracle  # noqa: E402
from verif.workspace import Workspace  # noqa: E402

NOTHING = OracleSet(model=None, rules=(), drivers=())


@dataclass
class Result:
    """What became of a design or of a bug of it."""

    design: str
    bug: str
    properties: int = 0
    """Asserted and assumed."""
    failing: list[str] = field(default_factory=list)
    cut: int = 0
    """Examples that broke an assumption."""
    examples: int = 0
    vacuous: list[str] = field(default_factory=list)


def main() -> int:
    """Run the good designs, then the bugs, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("designs", nargs="*", help="names under rtl/; all unless told")
    parser.add_argument("--blocks", type=int, default=8, help="blocks of examples on each")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    names = options.designs or sorted(path.parent.name for path in ROOT.glob("rtl/*/design.toml"))
    workspace = Workspace.locate(ROOT)
    results = []
    for name in names:
        for result in _of_design(ROOT / "rtl" / name, workspace, options.blocks):
            results.append(result)
            if not options.json:
                print(_line(result), flush=True)
    summary = _summary(results)
    if options.json:
        print(json.dumps({**summary, "results": [asdict(r) for r in results], "cores": os.cpu_count()}, indent=1))
    else:
        print(*(f"{key}: {value}" for key, value in summary.items()), sep="\n")
    return 0


def _of_design(folder: Path, workspace: Workspace, blocks: int) -> Iterator[Result]:
    manifest = read_manifest(folder / "design.toml")
    design = read_design(resolve_sources((str(manifest.path),)))
    drafted = drafted_file(design, folder.name)
    bugs = [("", design.sources.files), *((bug.file.stem, (bug.file,)) for bug in manifest.bugs)]
    if drafted is None:
        yield from (Result(folder.name, bug) for bug, _ in bugs)
        return
    plan = baseline_plan(design, (), choose_oracles(design, read_specification(folder / "spec.md")).drivers)
    harness = _harness(design, plan, folder.name, drafted.text)
    for bug, files in bugs:
        broken = replace(design, sources=replace(design.sources, files=files))
        yield _looked(replace(harness, design=broken), plan, Result(folder.name, bug), blocks, workspace)


def _harness(design: Design, plan: Testplan, name: str, text: str) -> Harness:
    """Return the harness in which the drafted properties alone judge."""
    judged = [
        JudgedProperty(file=file, prop=prop, oracle=Oracle.PROTOCOL)
        for file in bound_properties(Path(f"{name}_props.sv"), design.sources, text)
        for prop in file.properties
    ]
    return assemble(design, plan, NOTHING, properties=judged)


def _looked(harness: Harness, plan: Testplan, result: Result, blocks: int, workspace: Workspace) -> Result:
    maker = StimulusMaker(harness, plan, seed=1)
    seen = np.zeros(len(harness.monitors), np.uint64)
    failed = np.zeros(len(harness.monitors), np.int64)
    with Batch(build_batch(harness, workspace=workspace)) as batch:
        for number in range(blocks):
            lanes = batch.lanes(maker.block(number).stimulus)
            assert lanes.fault is None, lanes.fault
            seen += lanes.seen.sum(0, dtype=np.uint64)
            failed += (lanes.first_fail >= 0).sum(0)
            result.examples += len(lanes.ended)
    result.properties = len(harness.monitors)
    result.failing = [one.id for one, count in zip(harness.monitors, failed, strict=True) if count and one.judges]
    result.cut = int(sum(count for one, count in zip(harness.monitors, failed, strict=True) if one.assumption))
    result.vacuous = [one.id for one, count in zip(harness.monitors, seen, strict=True) if not count]
    return result


def _line(result: Result) -> str:
    told = ", ".join(result.failing) or "-"
    vacuous = f" vacuous: {', '.join(result.vacuous)}" if result.vacuous and not result.bug else ""
    cut = f" {result.cut} of {result.examples} cut" if result.cut else ""
    return f"{result.design:18} {result.bug or '(good)':34} {result.properties:3} properties  {told}{cut}{vacuous}"


def _summary(results: list[Result]) -> dict[str, str]:
    good, bugs = [r for r in results if not r.bug], [r for r in results if r.bug]
    judged = {r.design for r in good if r.properties}
    return {
        "good designs without a failure": f"{sum(not r.failing for r in good)}/{len(good)}",
        "examples of good designs cut": f"{sum(r.cut for r in good)}/{sum(r.examples for r in good)}",
        "bugs caught by protocol properties alone": f"{sum(bool(r.failing) for r in bugs)}/{len(bugs)}",
        "of the bugs of designs with a protocol": (
            f"{sum(bool(r.failing) for r in bugs if r.design in judged)}/{sum(r.design in judged for r in bugs)}"
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
