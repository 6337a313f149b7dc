"""``posedge replay``: a failure again, exactly, with waves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.session import SCHEMA, Session, verb
from verif.cli.signals import interrupted_by_sigterm
from verif.cli.tidying import tidy
from verif.errors import InputError
from verif.verdict import Verdict, combine

if TYPE_CHECKING:
    from verif.campaign.benches.options import RunOptions
    from verif.campaign.regressions.replay import Regression, Replayed
    from verif.campaign.runs.failure import Failure
    from verif.campaign.runs.replay import Replay
    from verif.report.regressions import Drawn
    from verif.workspace import Workspace


@verb
@click.argument("target", metavar="ID, RESULTS.xml, REGRESSION or BENCH:ID")
@click.option("--sim", metavar="S,...", help="Simulators for a stored regression; those of the bench unless told.")
@click.option("--config", metavar="C", help="Configuration for a stored regression; its own unless told.")
@click.option(
    "--sources",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="F",
    help="RTL for a stored regression, in place of the bench's files that define the same modules.",
)
@click.option(
    "--wave-format",
    type=click.Choice(["vcd", "fst"]),
    default="vcd",
    show_default=True,
    help="What waves are written as; a simulator that can't write FST here writes VCD.",
)
def replay(
    session: Session, target: str, sim: str | None, config: str | None, sources: tuple[Path, ...], wave_format: str
) -> int:
    """Run one failure again with waves: by the id that 'run' printed, or all of a JUnit file that 'run' wrote.

    A stored failure, named by its file in BENCH/regressions or as BENCH:ID, runs on each simulator of its bench and is
    drawn beside its file.

    Exit code 0: it passes now; 1: it fails again; 2: no simulator takes the RTL.
    """
    from verif.campaign.benches.options import RunOptions
    from verif.campaign.regressions.replay import find_regression
    from verif.sim.process import Processes
    from verif.sim.seam import WaveFormat

    options = RunOptions(
        simulators=tuple(name.strip() for name in sim.split(",")) if sim else (),
        configs=(config,) if config else (),
        sources=sources,
        wave_format=WaveFormat(wave_format),
    )
    regression = find_regression(target)
    if regression is None and (sim or config or sources):
        hint = "a failure of a run is replayed on what it failed on"
        raise InputError("PE425", "--sim, --config and --sources are for stored regressions", where=target, hint=hint)
    processes = Processes()
    try:
        with interrupted_by_sigterm():
            if regression is not None:
                return _replay_stored(session, regression, options, processes)
            return _replay_failures(session, target, options, processes)
    finally:
        processes.stop()


command = replay


def _replay_stored(session: Session, regression: Regression, options: RunOptions, processes: Any) -> int:
    from verif.campaign.regressions.replay import replay_stored
    from verif.report.regressions import draw
    from verif.workspace import Workspace

    workspace = Workspace.locate(regression.bench)
    done = replay_stored(regression, options, workspace, processes)
    drawn = draw(regression, done, workspace)
    verdict = combine(one.verdict for one in done)
    payload = stored_payload(regression, done, drawn)
    workspace.save_result(regression.bench, "replay", {"schema": SCHEMA, "verb": "replay", **payload})
    for line in _told_stored(regression, done, drawn):
        session.say(line)
    session.result("replay", payload)
    tidy(session, workspace)
    return {Verdict.PASS: 0, Verdict.UNSUPPORTED: 2}.get(verdict, 1)


def stored_payload(regression: Regression, done: Sequence[Replayed], drawn: Drawn | None) -> dict[str, Any]:
    """Return the ``--json`` object of a stored regression's replay."""
    tests = [one.as_json(regression) for one in done]
    return {
        "verdict": str(combine(one.verdict for one in done)),
        "waves": next((test["waves"] for test in tests if test["waves"]), None),
        "regression": str(regression.file),
        "picture": str(drawn.picture) if drawn else None,
        "wavejson": str(drawn.wavejson) if drawn else None,
        "window": str(drawn.window) if drawn else None,
        "tests": tests,
    }


def _told_stored(regression: Regression, done: Sequence[Replayed], drawn: Drawn | None) -> Iterator[str]:
    for one in done:
        told = f"{one.verdict} {regression.test} [{one.simulator}, {one.config}, seed {one.seed}]: "
        yield f"{told}{one.message.partition(chr(10))[0]}".rstrip(": ")
        yield from (f"     note: {note}" for note in one.notes)
        if one.ran:
            yield f"     waves: {one.waves or 'none were written'}"
    if drawn is not None:
        yield f"picture: {drawn.picture}"
        yield f"the ports around the failure: {drawn.window}"
        yield f"for WaveDrom: {drawn.wavejson}"


def _replay_failures(session: Session, target: str, options: RunOptions, processes: Any) -> int:
    from verif.campaign.runs.replay import replay as again
    from verif.workspace import Workspace

    failures = _failures(target, Workspace.locate())
    done = [again(f, Workspace.locate(Path(f.bench)), processes, wave_format=options.wave_format) for f in failures]
    tests = [one.as_json() for one in done]
    verdict = combine(one.rerun.verdict for one in done)
    payload = {"verdict": str(verdict), "waves": tests[0]["waves"], "tests": tests}
    for bench in dict.fromkeys(one.failure.bench for one in done):
        own = [test for test in tests if test["bench"] == bench]
        workspace = Workspace.locate(Path(bench))
        workspace.save_result(Path(bench), "replay", {"schema": SCHEMA, "verb": "replay", **payload, "tests": own})
    for line in (line for one in done for line in _told(one)):
        session.say(line)
    session.result("replay", payload)
    return 0 if verdict is Verdict.PASS else 1


def _failures(target: str, workspace: Workspace) -> tuple[Failure, ...]:
    from verif.campaign.runs.failure import find
    from verif.campaign.runs.junit import read_failures

    if not Path(target).is_file():
        return (find(workspace, target),)
    failures = read_failures(Path(target))
    if not failures:
        raise InputError("PE418", "every test in this JUnit file passed: there is nothing to replay", where=target)
    return failures


def _told(one: Replay) -> Iterator[str]:
    failure, done = one.failure, one.rerun
    place = f"{failure.simulator}, {failure.config}, seed {failure.seed}"
    yield f"{done.verdict} {failure.name} [{place}]: {done.message.partition(chr(10))[0]}".rstrip(": ")
    yield from (f"     note: {note}" for note in one.notes)
    yield f"     waves: {done.waves or 'none were written'}"
    yield f"     log: {done.log}"
