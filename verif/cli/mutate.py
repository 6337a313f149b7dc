"""``posedge mutate``: how many small changes of the design a bench notices, and what would notice the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.bench_options import bench_argument, config_option, sim_option, simulators
from verif.cli.display import Display
from verif.cli.durations import Duration
from verif.cli.session import SCHEMA, Session, verb
from verif.cli.signals import INTERRUPTED, interrupted_by_sigterm
from verif.cli.tidying import tidy
from verif.errors import InputError
from verif.verdict import MutantStatus, Ratio, Verdict

if TYPE_CHECKING:
    from verif.campaign.mutants.outcome import MutateResult
    from verif.campaign.mutants.result import JudgedMutant
    from verif.workspace import Workspace

_USUAL_SECONDS = 300.0
_LISTED = 12
"""Survivors that are told one by one."""


@verb
@bench_argument
@click.option("--budget", type=Duration(), metavar="T", help="How long to judge and prove, as in 10m; 5m unless told.")
@click.option("--mutants", "count", type=int, metavar="N", help="So many mutants of all kinds: repeatable.")
@click.option("--operators", metavar="O,...", help="Only mutants of these operators, as in relational,reset.")
@click.option("--improve", is_flag=True, help="Save what tells survivors apart as tests of the bench.")
@click.option("--depth", type=click.IntRange(min=1), default=20, show_default=True, help="Ticks the solver looks deep.")
@click.option("--fresh", is_flag=True, help="Forget what earlier calls found.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with 1 where the lower bound of the score, RECORDED left out, is less.",
)
@config_option("mutate")
@sim_option("tests")
def mutate(
    session: Session,
    bench: Path,
    budget: float | None,
    count: int | None,
    operators: str | None,
    improve: bool,
    depth: int,
    fresh: bool,
    fail_under: float | None,
    config: str | None,
    sim: str | None,
) -> int:
    """Score a bench by mutants: small changes of its design, each of which some check should notice.

    Mutants are KILLED, SURVIVED, EQUIVALENT (a proof says that no run tells them apart, so they don't count),
    STILLBORN or TIMEOUT. The score has two bounds: survivors that are neither proven equivalent nor told apart by a
    stimulus count both ways. RECORDED expectations have a score of their own. A drafted bench judges by its monitors
    at compiled speed, an adopted one in cocotb, on mutants that its recorded traffic shows at the outputs.

    With --improve, each stimulus that tells a survivor apart becomes a test in BENCH/regressions, replayed in cocotb
    on the design, which must pass, and on the mutant, which must fail.

    Exit code 0: the score is known; 1: less than --fail-under, or something hangs or fails; 3: a mutant is killed that
    is proven equivalent, so one oracle is wrong.
    """
    from verif.campaign.mutants.mutating import mutate_bench
    from verif.campaign.mutants.options import MutateOptions
    from verif.sim.process import Processes
    from verif.workspace import Workspace

    if budget is not None and count is not None:
        raise InputError(
            "PE843", "--budget and --mutants were both given", hint="take --mutants for a campaign that repeats exactly"
        )
    options = MutateOptions(
        seconds=None if count is not None else budget or _USUAL_SECONDS,
        count=count,
        operators=tuple(name.strip() for name in operators.split(",")) if operators is not None else None,
        improve=improve,
        seed=session.seed,
        depth=depth,
        simulators=simulators(sim),
        config=config,
        jobs=session.jobs,
        fresh=fresh,
    )
    workspace = Workspace.locate(bench)
    processes = Processes()
    display = Display(session)
    try:
        with interrupted_by_sigterm(), display.shown():
            result = mutate_bench(bench, options, workspace=workspace, processes=processes, progress=display.show)
    finally:
        processes.stop()
    return _finish(session, workspace, result, fail_under)


command = mutate


def _finish(session: Session, workspace: Workspace, result: MutateResult, fail_under: float | None) -> int:
    from verif.campaign.ledger import Ledger, LedgerEntry

    found = result.as_json()
    workspace.save_result(result.bench, "mutate", {"schema": SCHEMA, "verb": "mutate", **found})
    score = result.score
    entry = LedgerEntry(
        bench=str(result.bench),
        verb="mutate",
        seconds=result.seconds,
        outcome=f"{score.killed}KILLED,{score.equivalent}EQUIVALENTof{score.total}",
    )
    Ledger(workspace.ledger).record(entry)
    for line in tell(result):
        session.say(line)
    session.result("mutate", found)
    tidy(session, workspace)
    return exit_code(result, fail_under)


def exit_code(result: MutateResult, fail_under: float | None = None) -> int:
    """Return DESIGN's exit code: 0 where the score is known."""
    if result.gaps:
        return 3
    if result.interrupted:
        return INTERRUPTED
    if result.verdict is not Verdict.PASS:
        return 1
    low = result.score.low.fraction
    return 1 if fail_under is not None and (low is None or 100 * low < fail_under) else 0


def tell(result: MutateResult) -> Iterator[str]:
    """Tell the survivors, why they survived, tests, and the score."""
    survivors = result.survivors
    for one in survivors[:_LISTED]:
        yield from _survivor(one)
    if len(survivors) > _LISTED:
        yield f"and {len(survivors) - _LISTED} more survivors; 'posedge report {result.bench} --html F' shows all"
    for note in result.notes:
        yield f"note: {note}"
    for gap in result.gaps:
        yield gap.sentence
    for verdict, sentence in result.trouble:
        yield f"{verdict}: {sentence}"
    yield from _tests(result)
    yield from _score(result)


def _survivor(one: JudgedMutant) -> Iterator[str]:
    mutant = one.mutant
    yield f"{one.status} {mutant.id}: {_short(mutant.before)} -> {_short(mutant.after)}"
    yield f"     {one.reason}"
    if one.difference:
        outputs, cycles = ", ".join(one.difference.outputs), len(one.difference.rows)
        yield f"     {outputs} can differ in cycle {cycles}; --improve makes a test of it"
    else:
        bound = f"no difference in {one.bound} ticks" if one.bound else ""
        yield f"     {'; '.join(filter(None, (bound, one.why))) or 'not looked at'}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 50 else f"{flat[:47]}..."


def _tests(result: MutateResult) -> Iterator[str]:
    for test in result.tests:
        killed = sum(
            one.test is not None and one.test.regression.file == test.regression.file for one in result.mutants
        )
        yield f"test {test.regression.file}: {test.oracle}, kills {killed}"
    if result.confirmed:
        kept = sum(one.verdict is Verdict.FAIL for one in result.confirmed)
        yield f"{Ratio(count=kept, total=len(result.confirmed))} kills tried in cocotb fail there too"
    if result.controls.total:
        yield f"{result.controls} killed mutants that the solver was asked about are not proven equivalent"


def _score(result: MutateResult) -> Iterator[str]:
    from verif.campaign.mutants.gating import gate_sentence

    score = result.score
    if gate := gate_sentence(result.gates):
        yield gate
    kinds = ", ".join(f"{count} {name}" for name, count in result.by_oracle.items() if count)
    if kinds:
        yield f"killed by {kinds}"
    counts = {status: getattr(score, status.value.lower()) for status in MutantStatus}
    counts[MutantStatus.KILLED] += score.recorded
    counts[MutantStatus.SURVIVED] += score.undecided
    told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    yield f"{told} of {score.total} mutants; {score.decided} of those that no check kills are decided"
    ended = ", interrupted" if result.interrupted else ""
    both = bounds(score.low, score.high)
    recorded = bounds(score.low_recorded, score.high_recorded)
    apart = f", {recorded} with RECORDED" if recorded != both else ""
    yield f"{result.bench.name}: mutation score {both}{apart} in {result.seconds:.0f} s{ended}"


def bounds(low: Ratio, high: Ratio) -> str:
    """Return a score between two bounds as people read it."""
    ends = [f"{100 * ratio.fraction:.1f}" for ratio in (low, high) if ratio.fraction is not None]
    if not ends:
        return "unknown, since no mutant counts"
    return f"{' to '.join(dict.fromkeys(ends))} % ({low})"
