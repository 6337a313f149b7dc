"""``posedge prove``: prove a bench's properties, or find a run that breaks them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.bench_options import bench_argument, config_option, sim_option, simulators, sources_option
from verif.cli.display import Display
from verif.cli.durations import Duration
from verif.cli.session import SCHEMA, Session, verb
from verif.cli.signals import INTERRUPTED, interrupted_by_sigterm
from verif.cli.tidying import tidy
from verif.verdict import ProofStatus

if TYPE_CHECKING:
    from verif.campaign.proofs.result import ProofFailure, ProofResult, PropertyResult
    from verif.report.regressions import Drawn
    from verif.workspace import Workspace

_USUAL_SECONDS = 60.0
SOLVERS = ("auto", "abc", "yices", "z3", "bitwuzla")


@verb
@bench_argument
@click.option("--budget", type=Duration(), metavar="T", help="Time for all properties together; 60s unless told.")
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    metavar="N",
    help="Look at N ticks after the reset, however long it takes unless --budget says so: repeatable.",
)
@click.option("--solver", type=click.Choice(SOLVERS), default="auto", show_default=True, help="Who answers.")
@click.option(
    "--props",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="File with properties, beside the bench's own.",
)
@click.option(
    "--mine",
    is_flag=True,
    help="Look for invariants of the design instead, and write those that are proven into BENCH/<dut>_mined.sv.",
)
@click.option("--check", metavar="GLOB", help="Only properties whose name matches, as in 'axis-*'.")
@config_option("prove")
@sources_option
@sim_option("failures")
def prove(
    session: Session,
    bench: Path,
    budget: float | None,
    depth: int | None,
    solver: str,
    props: tuple[Path, ...],
    mine: bool,
    check: str | None,
    config: str | None,
    sources: tuple[Path, ...],
    sim: str | None,
) -> int:
    """Prove the properties of a bench for every legal stimulus, or find one that breaks them.

    Each property ends PROVED, BOUNDED (no run breaks it within so many ticks after the reset), FAILED, VACUOUS (its
    condition can't be met) or UNKNOWN. What fails is saved in BENCH/regressions and replayed in cocotb on the bench's
    simulators. What was proved stays known as long as design and properties don't change.

    With --mine, what holds in simulation is proven by induction and written as assertions, RECORDED, to read, adopt
    or delete: they say what the design does, not what it should do.

    Exit code 0: all proved, or mined; 1: something failed; 4: a question is left open.
    """
    if mine:
        from verif.cli.mining import mine_verb

        return mine_verb(
            session, bench, seconds=budget or _USUAL_SECONDS, solver=solver, sources=sources, config=config
        )
    from verif.campaign.proofs.proving import ProveOptions, prove_bench
    from verif.sim.process import Processes
    from verif.workspace import Workspace

    options = ProveOptions(
        seconds=budget or (None if depth else _USUAL_SECONDS),
        depth=depth,
        solver=solver,
        jobs=session.jobs,
        seed=session.seed,
        sources=sources,
        properties=props,
        check=check,
        simulators=simulators(sim),
        config=config,
    )
    workspace = Workspace.locate(bench)
    drawn: dict[str, Drawn | None] = {}
    processes = Processes()
    display = Display(session)

    def told(result: PropertyResult) -> None:
        if result.failure:
            from verif.report.regressions import draw

            drawn[result.monitor.id] = draw(result.failure.regression, result.failure.replayed, workspace)
        with display.away():
            for line in tell_property(result, drawn.get(result.monitor.id)):
                session.say(line)

    try:
        with interrupted_by_sigterm(), display.shown():
            found = prove_bench(
                bench, options, workspace=workspace, processes=processes, progress=display.show, told=told
            )
    finally:
        processes.stop()
    return _finish(session, workspace, found, payload(found, drawn), partial=bool(check))


command = prove


def payload(result: ProofResult, drawn: dict[str, Drawn | None]) -> dict[str, Any]:
    """Return the ``--json`` object."""
    found = result.as_json()
    for entry in found["properties"]:
        pictures = drawn.get(entry["name"])
        if entry["failure"]:
            entry["failure"]["picture"] = str(pictures.picture) if pictures else None
    return found


def _finish(
    session: Session, workspace: Workspace, result: ProofResult, found: dict[str, Any], *, partial: bool
) -> int:
    """Save what was found, with what earlier calls said of properties that a ``partial`` one didn't ask about."""
    from verif.campaign.ledger import Ledger, LedgerEntry
    from verif.campaign.proofs.merging import result_name, with_earlier

    name = result_name(result.sources)
    saved = with_earlier(found, result.bench, name, workspace, partial=partial)
    workspace.save_result(result.bench, name, {"schema": SCHEMA, "verb": "prove", **saved})
    entry = LedgerEntry(
        bench=str(result.bench), verb="prove", seconds=result.seconds, outcome=_counts(result).replace(" ", "")
    )
    Ledger(workspace.ledger).record(entry)
    for line in tell(result):
        session.say(line)
    session.result("prove", found)
    tidy(session, workspace)
    return exit_code(result)


def exit_code(result: ProofResult) -> int:
    """Return DESIGN's exit code: 0 where all is proved, 4 where a question is left open."""
    if result.count(ProofStatus.FAILED):
        return 1
    if result.interrupted:
        return INTERRUPTED
    return 0 if result.count(ProofStatus.PROVED) == len(result.properties) else 4


def tell_property(result: PropertyResult, drawn: Drawn | None) -> Iterator[str]:
    """Tell a property to people."""
    from verif.report.proof_words import answer, condition

    known = ", known from before" if result.known else ""
    met = result.condition
    words = (
        answer(result.status, result.bound, result.method),
        condition(met.status, met.bound, met.method),
        f"{result.seconds:.1f} s{known}",
    )
    yield f"{result.status:8} {result.monitor.oracle} {result.monitor.id}: {result.monitor.title}"
    yield f"         {'; '.join(filter(None, words))}"
    if result.why:
        yield f"         {result.why}"
    if result.failure:
        yield from (f"         {line}" for line in _failure(result.failure, drawn))


def _failure(failure: ProofFailure, drawn: Drawn | None) -> Iterator[str]:
    message = str(failure.regression.facts.get("message", ""))
    yield message.partition(": ")[2] or message
    if failure.assume:
        yield f"if the stimulus is illegal: {failure.assume}"
    told = ", ".join(f"{one.simulator} {one.verdict}" for one in failure.replayed)
    yield f"replayed in cocotb: {told}" if told else f"not replayed in cocotb; saved as {failure.regression.file}"
    if drawn:
        yield f"picture: {drawn.picture}"
    yield f"to see it again with waves: {failure.regression.command}" + "".join(
        f" --sources {file}" for file in failure.sources
    )


def tell(result: ProofResult) -> Iterator[str]:
    """Tell what the proofs assume, notes and the verdict."""
    for assumption in result.assumptions:
        yield f"assumed: {assumption.name}: {assumption.text}"
    if result.mined:
        yield f"helped by {result.mined} mined invariants"
    for note in result.notes:
        yield f"note: {note}"
    ended = ", interrupted" if result.interrupted else ""
    yield f"{result.bench.name}: {_counts(result)} in {result.seconds:.0f} s ({result.solver}{ended})"


def _counts(result: ProofResult) -> str:
    told = [f"{result.count(status)} {status}" for status in ProofStatus if result.count(status)]
    return f"{', '.join(told)} of {len(result.properties)}"
