"""``posedge search``: look for failing behaviour at compiled speed, shrink it, save it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.bench_options import (
    bench_argument,
    config_option,
    engine_option,
    sim_option,
    simulators,
    sources_option,
    time_or_work,
)
from verif.cli.display import Display
from verif.cli.durations import Duration
from verif.cli.session import SCHEMA, Session, verb
from verif.cli.signals import interrupted_by_sigterm
from verif.cli.tidying import tidy
from verif.verdict import Verdict

if TYPE_CHECKING:
    from verif.campaign.searches.result import SearchFailure, SearchResult
    from verif.report.regressions import Drawn
    from verif.search.explore import Budget, Explorer
    from verif.workspace import Workspace

_USUAL_SECONDS = 60.0


@verb
@bench_argument
@click.option("--budget", type=Duration(), metavar="T", help="How long to search, as in 5m; 60s unless told.")
@click.option("--examples", type=click.IntRange(min=1), metavar="N", help="Search this many examples: repeatable.")
@click.option("--check", metavar="GLOB", help="Only checks whose id matches, as in 'axis-*'.")
@click.option("--failures", type=click.IntRange(min=1), metavar="N", help="Stop after so many failing checks.")
@engine_option
@config_option("search")
@sources_option
@sim_option("failures")
def search(
    session: Session,
    bench: Path,
    budget: float | None,
    examples: int | None,
    check: str | None,
    failures: int | None,
    engine: str,
    config: str | None,
    sources: tuple[Path, ...],
    sim: str | None,
) -> int:
    """Search a bench for failures: random examples in phases, judged by its rules and its reference model.

    Each failing check is shrunk, saved in BENCH/regressions, and replayed in cocotb on the bench's simulators; from
    then on 'posedge run' of a drafted bench replays it too. An adopted bench is judged by the protocols at its ports
    and by the specification that its bench.toml names; what 'posedge run --coverage' recorded of it is tried first.

    Exit code 0: the budget was spent without a failure; 1: something failed, hung or broke.
    """
    from verif.campaign.benches.engines import EngineChoice
    from verif.campaign.searches.searching import SearchOptions, search_bench
    from verif.sim.process import Processes
    from verif.workspace import Workspace

    options = SearchOptions(
        budget=_budget(budget, examples),
        seed=session.seed,
        sources=sources,
        check=check,
        most_failures=failures,
        engine=EngineChoice(engine),
        simulators=simulators(sim),
        config=config,
    )
    workspace = Workspace.locate(bench)
    drawn: dict[str, Drawn | None] = {}
    processes = Processes()

    def told(failure: SearchFailure) -> None:
        from verif.report.regressions import draw

        drawn[failure.regression.file.stem] = draw(failure.regression, failure.replayed, workspace)
        with display.away():
            for line in tell_failure(failure, drawn[failure.regression.file.stem]):
                session.say(line)

    display = Display(session, "searching", options.budget.examples or options.budget.seconds)
    try:
        with interrupted_by_sigterm(), display.shown():
            result = search_bench(
                bench,
                options,
                workspace=workspace,
                processes=processes,
                progress=_Progress(display, options.budget),
                told=told,
            )
    finally:
        processes.stop()
    return _finish(session, workspace, result, payload(result, drawn))


command = search


def _budget(seconds: float | None, examples: int | None) -> Budget:
    from verif.search.explore import Budget

    return Budget(examples=examples, seconds=time_or_work(seconds, examples, _USUAL_SECONDS, "search"))


def payload(result: SearchResult, drawn: dict[str, Drawn | None]) -> dict[str, Any]:
    """Return the ``--json`` object."""
    found = result.as_json()
    for failure in found["failures"]:
        pictures = drawn.get(Path(failure["regression"]).stem)
        failure["picture"] = str(pictures.picture) if pictures else None
    return found


def _finish(session: Session, workspace: Workspace, result: SearchResult, found: dict[str, Any]) -> int:
    from verif.campaign.searches.ledger import SearchLedger

    label = "+".join(file.stem for file in result.sources)
    name = f"search@{label}" if label else "search"
    workspace.save_result(result.bench, name, {"schema": SCHEMA, "verb": "search", **found})
    SearchLedger(workspace.ledger).record(result.cost)
    for line in tell(result):
        session.say(line)
    session.result("search", found)
    tidy(session, workspace)
    return exit_code(result)


def exit_code(result: SearchResult) -> int:
    """Return DESIGN's exit code: 0 where the budget was spent without a failure."""
    if result.interrupted and not result.failures:
        return 130
    if not result.failures and result.verdict is Verdict.UNKNOWN:
        return 4
    return 0 if result.verdict is Verdict.PASS else 1


def tell_failure(failure: SearchFailure, drawn: Drawn | None) -> Iterator[str]:
    """Tell a failure to people."""
    taken, check = failure.taken, failure.check
    message = str(failure.regression.facts.get("message", ""))
    yield f"{failure.verdict} {check.oracle} {check.id}{': ' if check.title else ''}{check.title}"
    yield f"     {message.partition(': ')[2] or message}"
    before, after = len(taken.sighting.stimulus), taken.cycles
    shrunk = f"shrunk from {_count(before, 'cycle')} to {after}"
    length = shrunk if taken.shrink_examples else f"{_count(after, 'cycle')}, not shrunk"
    yield f"     {length}; found after {_effort_of(failure)}"
    if check.requirements:
        yield f"     requirements: {', '.join(check.requirements)}"
    if failure.assume:
        yield f"     if the stimulus is illegal: {failure.assume}"
    yield f"     {_replays(failure)}"
    if drawn:
        yield f"     picture: {drawn.picture}"
    yield f"     to see it again with waves: {failure.regression.command}{_sources(failure)}"


def _effort_of(failure: SearchFailure) -> str:
    sighting = failure.taken.sighting
    return f"{_count(sighting.examples, 'example')}, {_count(sighting.cycles, 'cycle')}, {sighting.seconds:.1f} s"


def _sources(failure: SearchFailure) -> str:
    return "".join(f" --sources {file}" for file in failure.sources)


def _replays(failure: SearchFailure) -> str:
    if not failure.replayed:
        return f"not replayed in cocotb; saved as {failure.regression.file}"
    told = ", ".join(f"{one.simulator} {one.verdict}" for one in failure.replayed)
    if failure.x_only:
        return f"replayed in cocotb: {told}: it takes an X to show it"
    if failure.verdict is Verdict.UNKNOWN:
        return f"replayed in cocotb: {told}: only the batch engine shows it, so look at what differs between them"
    return f"replayed in cocotb: {told}"


def tell(result: SearchResult) -> Iterator[str]:
    """Tell what was searched: notes, what went wrong, effort and verdict."""
    for note in result.notes:
        yield f"note: {note}"
    for verdict, sentence in result.trouble:
        yield f"{verdict}: {sentence}"
    if result.vacuous:
        yield f"never put to the test: {', '.join(result.vacuous)}"
    effort = result.effort
    speeds = [f"{effort.batch_per_second / 1e6:.1f}M cycles/s"] if effort.batch_per_second else []
    if effort.lanes_per_second:
        speeds.append(
            f"{_count(effort.lane_cycles, 'cycle')} of them in lanes at {effort.lanes_per_second / 1e6:.0f}M/s"
        )
    if effort.judged_per_second:
        speeds.append(
            f"{_count(effort.judged_cycles, 'cycle')} judged by the bench's Python at "
            f"{effort.judged_per_second / 1e3:.0f}k/s"
        )
    yield (
        f"searched {_count(effort.examples, 'example')}, {_count(effort.cycles, 'cycle')} in {result.seconds:.0f} s"
        f"{' (' + '; '.join(speeds) + ')' if speeds else ''}"
    )
    if result.coverage:
        yield f"code covered {result.coverage['hit']}/{result.coverage['total']} points"
    failing = f"{_count(len(result.failures), 'failing check')} of {len(result.checks)}"
    ended = ", interrupted" if result.interrupted else ""
    yield f"{result.bench.name}: {result.verdict} ({failing if result.failures else 'no failure found'}{ended})"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class _Progress:
    """Shows how far the budget of a search is spent."""

    def __init__(self, display: Display, budget: Budget) -> None:
        self._display = display
        self._budget = budget

    def __call__(self, explorer: Explorer | None, text: str) -> None:
        """Say what is being done."""
        if explorer is None:
            self._display.say(text)
            return
        effort, budget = explorer.effort, self._budget
        spent = explorer.seconds if budget.examples is None else effort.examples
        last = f"{effort.cycles / 1e6:.1f}M cycles, {effort.examples:,} examples"
        self._display.show(spent, budget.examples or budget.seconds, text, last)
