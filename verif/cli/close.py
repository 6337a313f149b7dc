"""``posedge close``: coverage closure; each point ends hit with a witness, proven unreachable, or open with a bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.bench_options import bench_argument, config_option, engine_option, sim_option, simulators, time_or_work
from verif.cli.display import Display
from verif.cli.durations import Duration
from verif.cli.model_option import NONE, chosen_model, model_option
from verif.cli.session import SCHEMA, Session, verb
from verif.cli.signals import INTERRUPTED, interrupted_by_sigterm
from verif.cli.tidying import tidy
from verif.verdict import PointStatus, Verdict

if TYPE_CHECKING:
    from verif.campaign.closure.result import CloseResult
    from verif.coverage.model import PointResult
    from verif.search.closure.asking import Ask
    from verif.search.closure.closer import Closer
    from verif.workspace import Workspace

_USUAL_SECONDS = 300.0
_LISTED = 20
"""Open points that are told one by one."""


@verb
@bench_argument
@click.option("--budget", type=Duration(), metavar="T", help="How long to look and prove, as in 10m; 5m unless told.")
@click.option("--examples", type=click.IntRange(min=1), metavar="N", help="Simulate this many examples: repeatable.")
@click.option("--depth", type=click.IntRange(min=1), metavar="N", help="Ticks that the solver looks deep at most.")
@click.option("--only", metavar="GLOB", help="Only points whose id matches, as in 'fsm:*'.")
@click.option("--solver", metavar="S", default="auto", show_default=True, help="auto, abc, yices, z3, bitwuzla, none.")
@engine_option
@sim_option("witnesses")
@config_option("close")
@click.option("--no-replay", is_flag=True, help="Save witnesses without replaying them in cocotb.")
@click.option("--fresh", is_flag=True, help="Forget what earlier calls found.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 where fewer of the points that are neither proven unreachable nor waived are hit.",
)
@model_option
def close(
    session: Session,
    bench: Path,
    budget: float | None,
    examples: int | None,
    depth: int | None,
    only: str | None,
    solver: str,
    engine: str,
    sim: str | None,
    config: str | None,
    no_replay: bool,
    fresh: bool,
    fail_under: float | None,
    model: str | None,
) -> int:
    """Close the coverage of a bench: branches, states and steps of state machines, functional bins and crosses.

    Each point ends HIT, with a witness that is saved in BENCH/regressions and replayed in cocotb on the bench's
    simulators; UNREACHABLE, with a proof; or UNKNOWN, with the depth to which it is known to be out of reach. Random
    stimuli, Hypothesis, mutation of good stimuli, a model and a solver share the budget. An interrupted call loses its
    last turn at most: call it again, and it goes on.

    Exit code 0: all is closed or the budget is spent; 1: the design hangs or crashes, a check fails in the replay of a
    witness, or too little is hit; 3: the engines contradict one another.
    """
    from verif.campaign.benches.engines import EngineChoice
    from verif.campaign.closure.closing import CloseOptions, close_bench
    from verif.sim.process import Processes
    from verif.workspace import Workspace

    name = chosen_model(model, bench)
    options = CloseOptions(
        seconds=time_or_work(budget, examples, _USUAL_SECONDS, "closure"),
        examples=examples,
        depth=depth,
        seed=session.seed,
        only=only,
        solver=solver,
        engine=EngineChoice(engine),
        model=name or NONE,
        ask=_ask(name, bench) if name else None,
        simulators=simulators(sim),
        config=config,
        replay=not no_replay,
        fresh=fresh,
    )
    workspace = Workspace.locate(bench)
    processes = Processes()
    display = Display(session)
    try:
        with interrupted_by_sigterm(), display.shown():
            result = close_bench(bench, options, workspace=workspace, processes=processes, progress=_Progress(display))
    finally:
        processes.stop()
    return _finish(session, workspace, result, fail_under)


command = close


def _ask(name: str, bench: Path) -> Ask:
    """Return what asks the model called ``name`` for test points aimed at open points."""
    from llm_assist.drafter import propose_points
    from llm_assist.registry import load_model
    from verif.bench.manifest import read_manifest, source_set
    from verif.design.frontend import read_design
    from verif.plan.files import FILE_NAME, read_plan
    from verif.plan.model import Testpoint

    model = load_model(name)
    manifest = read_manifest(bench)
    folder = bench if bench.is_dir() else bench.parent
    design = read_design(source_set(manifest, folder))
    plan = read_plan(folder / FILE_NAME)
    specification = (folder / manifest.spec).read_text(encoding="utf-8") if manifest.spec else ""

    def ask(holes: Sequence[str], seed: int) -> Sequence[Testpoint]:
        listed = "\n".join(f"- {hole}" for hole in holes)
        aimed = f"Not yet reached in simulation; reach it:\n{listed}\n\n{specification}"
        return propose_points(model, plan, design, aimed, seed=seed).points

    return ask


def _finish(session: Session, workspace: Workspace, result: CloseResult, fail_under: float | None) -> int:
    from verif.campaign.ledger import Ledger, LedgerEntry

    found = result.as_json()
    workspace.save_result(result.bench, "close", {"schema": SCHEMA, "verb": "close", **found})
    counts = result.coverage.counts
    entry = LedgerEntry(
        bench=str(result.bench),
        verb="close",
        seconds=result.seconds,
        model=result.model,
        outcome=f"{counts.hit}HIT,{counts.unreachable}UNREACHABLE,{counts.unknown}UNKNOWNof{counts.total}",
    )
    Ledger(workspace.ledger).record(entry)
    for line in tell(result):
        session.say(line)
    session.result("close", found)
    tidy(session, workspace)
    return exit_code(result, fail_under)


def exit_code(result: CloseResult, fail_under: float | None = None) -> int:
    """Return DESIGN's exit code: 0 where all is closed or the budget is spent."""
    if result.interrupted:
        return INTERRUPTED
    if any(verdict is Verdict.ERROR and "disagree" in sentence for verdict, sentence in result.trouble):
        return 3
    if result.verdict is not Verdict.PASS:
        return 1
    reached = result.coverage.counts.reached.fraction
    too_few = fail_under is not None and reached is not None and 100 * reached < fail_under
    return 1 if too_few else 0


def tell(result: CloseResult) -> Iterator[str]:
    """Tell what is open, who closed what, the witnesses, notes and the counts."""
    holes = result.coverage.holes
    for point in holes[:_LISTED]:
        yield f"UNKNOWN {point.point.id}: {point.point.title}{_bound(point)}"
    if len(holes) > _LISTED:
        yield f"and {len(holes) - _LISTED} more that are UNKNOWN"
    for note in result.notes:
        yield f"note: {note}"
    for verdict, sentence in result.trouble:
        yield f"{verdict}: {sentence}"
    yield from _witnesses(result)
    if result.closed_by:
        yield f"closed by {', '.join(f'{name} {count}' for name, count in result.closed_by.items())}"
    lanes = f" ({result.lane_cycles:,} of them in lanes)" if result.lane_cycles else ""
    yield f"{result.cycles:,} cycles{lanes}, {result.examples:,} examples, solver {result.solver_seconds:.0f} s"
    ended = ", interrupted" if result.interrupted else ""
    yield f"{result.bench.name}: {_counts(result)} in {result.seconds:.0f} s{ended}"


def _bound(point: PointResult) -> str:
    return f" (out of reach for {point.bound} ticks after the reset)" if point.bound else ""


def _witnesses(result: CloseResult) -> Iterator[str]:
    for one in result.witnesses:
        for replay in one.replayed:
            if replay.verdict not in (Verdict.PASS, Verdict.UNSUPPORTED) and not replay.x_only:
                yield f"{replay.verdict} {one.id} on {replay.simulator}: {replay.message}"
    cycles = sum(one.cycles for one in result.witnesses)
    ratio = result.replayed
    hidden = sum(any(replay.x_only for replay in one.replayed) for one in result.witnesses)
    told = f"{ratio} replay in cocotb" if ratio.total else "not replayed in cocotb"
    told += f", for {hidden} of them an X may hide points on a simulator that knows X" if hidden else ""
    if result.witnesses:
        yield f"{len(result.witnesses)} witnesses of {cycles:,} cycles in all: {told}"


def _counts(result: CloseResult) -> str:
    counts = result.coverage.counts
    told = [f"{counts.hit} {PointStatus.HIT}", f"{counts.unreachable} {PointStatus.UNREACHABLE}"]
    told += [f"{counts.unknown} {PointStatus.UNKNOWN}"] + ([f"{counts.waived} waived"] if counts.waived else [])
    return f"{', '.join(told)} of {counts.total} points"


class _Progress:
    """Shows who works and how many points are closed."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def __call__(self, closer: Closer | None, text: str) -> None:
        """Say what is being done."""
        if closer is None:
            self._display.say(text)
            return
        board, solving = closer.board, closer.solving
        hit, unreachable = board.count(PointStatus.HIT), board.count(PointStatus.UNREACHABLE)
        beside = f"solver {solving.job}; " if solving and solving.job else ""
        last = (
            f"{beside}{hit} hit, {unreachable} unreachable, {len(board.open)} unknown, "
            f"{closer.runner.effort.cycles / 1e6:.1f}M cycles"
        )
        self._display.show(hit + unreachable, len(board.wanted), text, last)
