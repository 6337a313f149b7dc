"""``posedge replay``: a failure again, exactly, with waves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verif.cli.session import SCHEMA, Session, verb
from verif.cli.signals import interrupted_by_sigterm
from verif.errors import InputError
from verif.verdict import Verdict, combine

if TYPE_CHECKING:
    from verif.campaign.failure import Failure
    from verif.campaign.replay import Replay
    from verif.workspace import Workspace


@verb
@click.argument("target", metavar="ID or RESULTS.xml")
def replay(session: Session, target: str) -> int:
    """Run one failure again with waves: by the id that 'run' printed, or all of a JUnit file that 'run' wrote.

    Exit code 0: it passes now; 1: it fails again.
    """
    from verif.campaign.replay import replay as again
    from verif.sim.process import Processes
    from verif.workspace import Workspace

    failures = _failures(target, Workspace.locate())
    processes = Processes()
    try:
        with interrupted_by_sigterm():
            done = [again(failure, Workspace.locate(Path(failure.bench)), processes) for failure in failures]
    finally:
        processes.stop()
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


command = replay


def _failures(target: str, workspace: Workspace) -> tuple[Failure, ...]:
    from verif.campaign.failure import find
    from verif.campaign.junit import read_failures

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
