"""``posedge run``: the cocotb regression of one bench or of many."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.bench_options import simulators, sources_option
from verif.cli.durations import Duration
from verif.cli.session import SCHEMA, Session, verb
from verif.cli.signals import interrupted_by_sigterm
from verif.cli.tidying import tidy
from verif.verdict import Oracle, Verdict, combine

if TYPE_CHECKING:
    from verif.campaign.runs.outcome import Regression, ReplayedCoverage, TestResult
    from verif.campaign.runs.point_coverage import PointCoverage
    from verif.coverage.model import Coverage
    from verif.coverage.verilator_dat import CodeCoverage
    from verif.workspace import Workspace

_SKIPPED_FOLDERS = frozenset({"sim_builds", "sim_build", "node_modules", "__pycache__"})
_TOLD_FAILURES = 20
_TOLD_HOLES = 8
_TOLD_NOTES = 10


@verb
@click.argument("benches", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="BENCH...")
@click.option("--test", "tests", metavar="GLOB", help="Only tests whose name matches, as in 'test_full*'.")
@click.option("--config", "configs", multiple=True, metavar="C", help="A configuration; all of the bench unless told.")
@click.option("--seeds", type=click.IntRange(min=1), default=1, help="How many seeds, drawn from --seed and recorded.")
@click.option(
    "--sim", metavar="S,...", help="icarus, verilator, or icarus,verilator; those of the bench that are installed."
)
@sources_option
@click.option("--coverage", is_flag=True, help="Collect coverage: bins, branches, states; on Verilator its own too.")
@click.option("--junit", type=click.Path(path_type=Path), metavar="F", help="Write the results as JUnit XML.")
@click.option(
    "--waves",
    type=click.Choice(["never", "fail", "always"]),
    default="never",
    show_default=True,
    help="Which tests leave waves; a failing one is run again for them.",
)
@click.option(
    "--wave-format",
    type=click.Choice(["vcd", "fst"]),
    default="vcd",
    show_default=True,
    help="What waves are written as; a simulator that can't write FST here writes VCD.",
)
@click.option("--timeout", type=Duration(), metavar="T", help="Limit of one simulator process, as in 10m.")
def run(
    session: Session,
    benches: tuple[Path, ...],
    tests: str | None,
    configs: tuple[str, ...],
    seeds: int,
    sim: str | None,
    sources: tuple[Path, ...],
    coverage: bool,
    junit: Path | None,
    waves: str,
    wave_format: str,
    timeout: float | None,
) -> int:
    """Run the cocotb regression of benches, or of all benches below a directory.

    Exit code 0: all passed; 1: a test failed, hung or broke; 2: no simulator takes the RTL; 4: no test ran.
    """
    from verif.campaign.benches.options import RunOptions, WavePolicy, draw_seeds
    from verif.campaign.runs.junit import write_junit
    from verif.campaign.runs.regression import run_benches
    from verif.cli.progress import bar
    from verif.sim.seam import WaveFormat
    from verif.workspace import Workspace

    places = [place for path in benches for place in find_benches(path)]
    options = RunOptions(
        tests=tests,
        configs=configs,
        seeds=draw_seeds(session.seed, seeds),
        simulators=simulators(sim),
        sources=sources,
        coverage=coverage,
        waves=WavePolicy(waves),
        wave_format=WaveFormat(wave_format),
        timeout_seconds=timeout,
        jobs=session.jobs,
    )
    workspace = Workspace.locate(places[0])
    with interrupted_by_sigterm(), bar(session, "running") as progress:
        regressions = run_benches(places, options, workspace=workspace, progress=progress)
    written = str(write_junit(regressions, junit)) if junit else None
    for regression in regressions:
        _save(workspace, regression, written)
        for line in describe(regression):
            session.say(line)
    session.result("run", payload(regressions, written))
    tidy(session, workspace)
    return exit_code(combine(regression.verdict for regression in regressions), regressions)


command = run


def _save(workspace: Workspace, regression: Regression, junit: str | None) -> None:
    """Keep the result for the report, a run on other sources under a name of its own, and what it cost.

    Failures are kept where the user stands too, so that ``replay`` finds them from there.
    """
    from verif.campaign.ledger import Ledger, LedgerEntry
    from verif.campaign.runs.failure import keep
    from verif.workspace import Workspace

    label = "+".join(file.stem for file in regression.sources)
    result = {"schema": SCHEMA, "verb": "run", **regression.as_json(), "junit": junit}
    workspace.save_result(regression.bench, f"run@{label}" if label else "run", result)
    cost = LedgerEntry(
        bench=str(regression.bench), verb="run", seconds=regression.seconds, outcome=str(regression.verdict)
    )
    Ledger(workspace.ledger).record(cost)
    here = Workspace.locate()
    for failure in (test.failure for test in regression.failures):
        if failure is not None and here != workspace:
            keep(here, failure)


def find_benches(path: Path) -> tuple[Path, ...]:
    """Return the bench at ``path``, else all benches below it; InputError PE401 where there is none."""
    from verif.bench.manifest import FILE_NAME, find_manifest

    if path.is_dir() and not (path / FILE_NAME).exists():
        below = sorted(_below(path, FILE_NAME))
        if below:
            return tuple(below)
    return (find_manifest(path).parent,)


def _below(path: Path, name: str) -> Iterator[Path]:
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED_FOLDERS and not f.startswith("."))
        if name in files:
            yield Path(folder)


def payload(regressions: Sequence[Regression], junit: str | None) -> dict[str, Any]:
    """Return the ``--json`` object: a bench's own, or for several the tests of all and what is known of each."""
    if len(regressions) == 1:
        return {**regressions[0].as_json(), "junit": junit}
    each = [regression.as_json() for regression in regressions]
    return {
        "verdict": str(combine(regression.verdict for regression in regressions)),
        "tests": [test for one in each for test in one.pop("tests")],
        "benches": each,
        "junit": junit,
    }


def exit_code(verdict: Verdict, regressions: Sequence[Regression]) -> int:
    """Return DESIGN's exit code of a run."""
    if any(build.verdict is Verdict.ERROR for regression in regressions for build in regression.builds):
        return 3
    return {Verdict.PASS: 0, Verdict.UNSUPPORTED: 2, Verdict.UNKNOWN: 4}.get(verdict, 1)


def describe(regression: Regression) -> Iterator[str]:
    """Give the lines for people: what did not compile, what failed and how to run it again, counts, coverage."""
    for build in regression.builds:
        if build.verdict is not Verdict.PASS:
            yield f"{build.verdict} {build.simulator} [{build.config}]: {build.reason}"
    if warnings := sum(len(build.warnings) for build in regression.builds):
        yield f"{warnings} compiler {'warning' if warnings == 1 else 'warnings'}; --json lists them"
    for test in sorted(regression.failures, key=_rank)[:_TOLD_FAILURES]:
        yield from _told(test)
    if len(regression.failures) > _TOLD_FAILURES:
        yield f"... and {len(regression.failures) - _TOLD_FAILURES} more; --json or --junit tells all"
    yield from _coverage(regression)
    yield f"{regression.bench.name}: {regression.verdict} ({_counts(regression)})"


def _rank(test: TestResult) -> int:
    """Put what says most about the design first: SPEC, PROTOCOL, GENERIC, tests that name no oracle, RECORDED."""
    order = (Oracle.SPEC, Oracle.PROTOCOL, Oracle.GENERIC, None, Oracle.RECORDED)
    return order.index(test.oracle)


def _told(test: TestResult) -> Iterator[str]:
    first = test.message.partition("\n")[0]
    yield f"{test.verdict} {test.name} [{test.simulator}, {test.config}, seed {test.seed}]: {first}"
    if test.waves:
        yield f"     waves: {test.waves}"
    yield f"     to run it again with waves: posedge replay {test.replay}"


def _counts(regression: Regression) -> str:
    counts = Counter(test.verdict for test in regression.tests)
    seeds = "seed" if len(regression.seeds) == 1 else f"{len(regression.seeds)} seeds from"
    told = [f"{counts[verdict]} {verdict}" for verdict in Verdict if counts[verdict]]
    simulators = dict.fromkeys(test.simulator for test in regression.tests)
    where = f"on {', '.join(simulators)}, {seeds} {regression.seeds[0]}"
    return f"{', '.join(told) or 'no tests'} {where}" if simulators else "nothing was run"


def _coverage(regression: Regression) -> Iterator[str]:
    if regression.functional is not None:
        yield f"functional coverage: {regression.functional.bins} bins in {len(regression.functional.points)} points"
    if regression.code is not None:
        yield f"code coverage: {_ratios(regression.code)}"
    if regression.replayed is not None:
        yield from _replayed(regression.replayed)
    if regression.points is not None:
        yield from _points(regression.points)


def _points(points: PointCoverage) -> Iterator[str]:
    """Tell how many points of each kind were hit, and what has no point."""
    from verif.coverage.model import Counts, PointKind

    counts = {kind: Counts.of(points.coverage.of_kind(kind)) for kind in PointKind}
    told = [f"{kind} {one.hit}/{one.total}" for kind, one in counts.items() if one.total]
    if told:
        yield f"coverage points: {', '.join(told)}"
        yield from _holes(points.coverage)
    yield from (f"     note: {note}" for note in points.notes[:_TOLD_NOTES])
    if len(points.notes) > _TOLD_NOTES:
        yield f"     ... and {len(points.notes) - _TOLD_NOTES} more notes; --json tells all"


def _holes(coverage: Coverage) -> Iterator[str]:
    """Tell points that no test hits, and how few tests hit all the others."""
    from verif.coverage.ranking import rank
    from verif.report.point_view import ranking_line

    holes = coverage.holes
    yield from (f"     not hit: {hole.point.id}, {hole.point.title}" for hole in holes[:_TOLD_HOLES])
    if len(holes) > _TOLD_HOLES:
        yield f"     ... and {len(holes) - _TOLD_HOLES} more; 'posedge report' tells all, 'posedge close' tries them"
    if len(coverage.tests) > 1:
        yield f"     {ranking_line(rank(coverage.tests))}"


def _replayed(replayed: ReplayedCoverage) -> Iterator[str]:
    """Tell code coverage that comes from recorded traffic, and where the replay is not what was recorded."""
    yield from (f"no code coverage: {note}" for note in replayed.notes)
    if replayed.coverage is not None:
        steps = sum(one.steps for one in replayed.recordings)
        yield f"code coverage (recorded traffic replayed on Verilator, {steps} steps): {_ratios(replayed.coverage)}"
    for one in replayed.recordings:
        if one.verdict is Verdict.FAIL:
            yield f"     warning [{one.config}, seed {one.seed}]: the replay leaves the recording: {one.message}"
        elif one.message:
            yield f"     warning [{one.config}, seed {one.seed}]: {one.message}"


def _ratios(code: CodeCoverage) -> str:
    from verif.coverage.verilator_dat import Kind

    return ", ".join(f"{kind} {code.ratio(kind)}" for kind in Kind)
