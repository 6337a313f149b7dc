"""What a replayed regression leaves for people: the picture beside it, WaveJSON and a window of its waves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verif.bench.manifest import read_manifest
from verif.campaign.drafts.finding import Finding
from verif.campaign.regressions.replay import Regression, Replayed, find_regression, replay_folder
from verif.design.model import Design
from verif.report.collect import clocks_of
from verif.report.failures import explain
from verif.report.model import Check, Failure, TestResult
from verif.report.picture import save_pictures
from verif.report.traces import read_rows, widths_in
from verif.report.window import write_window
from verif.trace import Trace
from verif.verdict import Oracle, Verdict
from verif.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """The files that show a regression."""

    picture: Path
    """The SVG beside the regression."""
    wavejson: Path
    window: Path
    """VCD of the ports around the failure."""


def draw_finding(finding: Finding, bench: Path, design: Design, workspace: Workspace) -> Drawn | None:
    """Draw a draft's finding, which was replayed while the draft was checked."""
    regression = find_regression(str(bench / finding.file))
    failing = [name for name, verdict in finding.replayed.items() if verdict is Verdict.FAIL]
    if regression is None or not failing:
        return None
    message = str(regression.facts.get("message", ""))
    replayed = Replayed(
        simulator=failing[0],
        config="default",
        seed=finding.failure.seed,
        verdict=Verdict.FAIL,
        message=message,
        trace=finding.trace,
    )
    return draw(regression, (replayed,), workspace, widths={port.name: port.width for port in design.ports})


def draw(
    regression: Regression,
    replayed: Sequence[Replayed],
    workspace: Workspace,
    *,
    widths: Mapping[str, int] | None = None,
) -> Drawn | None:
    """Draw the first replay that failed; None, and an older picture stays, where none failed or left a trace.

    ``widths`` of ports are for replays that left no waves, which tell them.
    """
    failed = [one for one in replayed if one.verdict is Verdict.FAIL and one.trace]
    failure = explained(regression, failed[0], widths) if failed else None
    if failure is None or failure.trace is None:
        return None
    folder = replay_folder(workspace, regression)
    svg = regression.file.with_suffix(".svg")
    saved = save_pictures(failure, svg=svg, waves=folder / f"{regression.file.stem}.wave.json")
    if saved is None:
        return None
    top = read_manifest(regression.bench).top
    window = write_window(failure.trace, folder / "window.vcd", top=top, mark=failure.mark)
    return Drawn(picture=saved.svg, wavejson=saved.wavejson, window=window)


def explained(regression: Regression, replayed: Replayed, widths: Mapping[str, int] | None = None) -> Failure:
    """Return the failure of one replay with its rule and the cycles around it."""
    test = TestResult(
        name=regression.test,
        simulator=replayed.simulator,
        config=replayed.config,
        seed=replayed.seed,
        verdict=replayed.verdict,
        seconds=replayed.seconds,
        message=replayed.message,
        replay=regression.command,
    )
    return explain(test, [*_check(regression.facts)], [*_traces(regression, replayed, widths or {})])


def _check(facts: Mapping[str, Any]) -> Sequence[Check]:
    """Return the check that the regression says it breaks."""
    if not facts.get("check") or facts.get("oracle") not in list(Oracle):
        return ()
    requirements = tuple(map(str, facts.get("requirements") or ()))
    title, assume = str(facts.get("rule") or ""), str(facts.get("assume") or "")
    oracle = Oracle(facts["oracle"])
    return (Check(id=str(facts["check"]), oracle=oracle, title=title, requirements=requirements, assume=assume),)


def _traces(regression: Regression, replayed: Replayed, widths: Mapping[str, int]) -> Sequence[Trace]:
    if replayed.trace is None:
        return ()
    known = {**(widths_in(replayed.waves) if replayed.waves else {}), **widths}
    trace = read_rows(replayed.trace, regression.test, clocks_of(read_manifest(regression.bench)), known)
    return () if trace is None else (trace,)
