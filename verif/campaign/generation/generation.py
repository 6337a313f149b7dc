"""Judge RTL that a model wrote. Nothing is accepted that was not compared with something able to reject it.

Model-written RTL is compiled and run only inside the sandbox, by Icarus first since it takes a tenth of a second there;
the draft that is to be accepted has to pass on Verilator too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from verif.campaign.generation.judge import Judge
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.errors import PosedgeError
from verif.sim.playback import Playback, play_on_icarus, play_on_verilator
from verif.sim.sandbox import Sandbox
from verif.verdict import Verdict

Progress = Callable[[int], None]
"""Called with the number of drafts that are done."""

_ALLOWED_SYSTEM = {"$signed", "$unsigned", "$clog2", "$bits"}


class RtlOutcome(StrEnum):
    """What became of generated RTL."""

    ACCEPTED = "ACCEPTED"
    """It does what a sound judge expects, on Icarus and on Verilator."""
    UNJUDGED = "UNJUDGED"
    """It compiles, but nothing was there to judge it, or nothing that should be believed."""
    REJECTED = "REJECTED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One draft and how far it came."""

    text: str
    lint: Verdict
    """slang: no errors, and the ports that were asked for."""
    icarus: Verdict = Verdict.UNKNOWN
    """PASS where it compiles and runs to the end."""
    verilator: Verdict = Verdict.UNKNOWN
    """The same on Verilator; UNKNOWN where it wasn't tried."""
    sim: Verdict = Verdict.UNKNOWN
    """Whether it does what the judge expects; UNKNOWN without a judge."""
    finding: str = ""
    """The first thing that is wrong with it."""

    @property
    def rank(self) -> tuple[bool, ...]:
        """Further is better; for choosing among attempts."""
        return tuple(verdict is Verdict.PASS for verdict in (self.lint, self.icarus, self.sim, self.verilator))


def judge_drafts(
    texts: Iterable[str], judge: Judge, *, scratch: Path, progress: Progress = lambda done: None
) -> tuple[Attempt, ...]:
    """Return an attempt for each of ``texts``; it stops at the first that passes everything.

    A ``judge`` without origin expects nothing: it shows that a draft compiles and runs.
    """
    sandbox = Sandbox.locate()
    attempts: list[Attempt] = []
    for number, text in enumerate(texts):
        progress(number)
        attempt = _attempt(text, judge, scratch / f"draft{number}", sandbox)
        attempts.append(attempt)
        if attempt.verilator is Verdict.PASS:
            break
    return tuple(attempts)


def outcome_of(attempts: Sequence[Attempt], judge: Judge) -> RtlOutcome:
    """Return what the best attempt amounts to."""
    runs = [attempt for attempt in attempts if attempt.verilator is Verdict.PASS and not attempt.finding]
    if not runs:
        return RtlOutcome.REJECTED
    if not judge.origin or judge.doubts:
        return RtlOutcome.UNJUDGED
    return RtlOutcome.ACCEPTED


def _attempt(text: str, judge: Judge, directory: Path, sandbox: Sandbox) -> Attempt:
    design = judge.design
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / f"{design.top}.sv"
    file.write_text(text, encoding="utf-8")
    if problem := forbidden(text) or _lint(file, design):
        return Attempt(text=text, lint=Verdict.FAIL, finding=problem)
    sources = SourceSet(files=(file,), top=design.top)
    icarus = play_on_icarus(sources, judge.design, judge.stimulus, directory / "icarus", sandbox=sandbox)
    sim, finding = _compared(icarus, judge)
    if finding:
        return Attempt(text=text, lint=Verdict.PASS, icarus=icarus.verdict, sim=sim, finding=f"on Icarus, {finding}")
    verilator = play_on_verilator(sources, judge.design, judge.stimulus, directory / "verilator", sandbox=sandbox)
    _, finding = _compared(verilator, judge)
    return Attempt(
        text=text,
        lint=Verdict.PASS,
        icarus=icarus.verdict,
        verilator=Verdict.FAIL if finding and verilator.verdict is Verdict.PASS else verilator.verdict,
        sim=Verdict.FAIL if finding else sim,
        finding=f"on Verilator, {finding}" if finding else "",
    )


def _compared(played: Playback, judge: Judge) -> tuple[Verdict, str]:
    if played.verdict is not Verdict.PASS:
        return Verdict.UNKNOWN, played.message
    if difference := judge.complaint(played.outputs):
        return Verdict.FAIL, difference
    return (Verdict.PASS if judge.origin else Verdict.UNKNOWN), ""


def forbidden(text: str) -> str | None:
    """Return what untrusted RTL must not contain: directives and system tasks reach files and the shell."""
    if "`" in text:
        return "it has a compiler directive, which drafts must not"
    calls = sorted(set(re.findall(r"\$[A-Za-z_]\w*", text)) - _ALLOWED_SYSTEM)
    if calls:
        return f"it calls {', '.join(calls)}, which drafts must not"
    if found := re.search(r'\b(initial|import|export|bind)\b|"', text):
        return f"it has {found.group(0)!r}, which drafts must not"
    return None


def _lint(file: Path, design: Design) -> str | None:
    """Return what slang says against the draft, or the first port that is not as it was asked for."""
    try:
        draft = read_design(SourceSet(files=(file,), top=design.top))
    except PosedgeError as error:
        return error.sentence.replace(f"{file}", file.name)
    wanted = [(port.name, port.direction, port.width) for port in design.ports]
    given = [(port.name, port.direction, port.width) for port in draft.ports]
    for asked in wanted:
        if asked not in given:
            return f"port '{asked[0]}' is not the {asked[2]}-bit {asked[1]} that was asked for"
    extra = [name for name, *_ in given if name not in {name for name, *_ in wanted}]
    return f"port '{extra[0]}' was not asked for" if extra else None
