"""``posedge draft``: write a bench for a design and check it."""

from __future__ import annotations

import shlex
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verif.cli.model_option import chosen_model, model_option
from verif.cli.session import SCHEMA, Session, verb
from verif.cli.sources import resolve, source_options
from verif.cli.tidying import tidy
from verif.errors import PosedgeError
from verif.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from verif.campaign.drafts.drafting import Draft, DraftRequest, MergeConflictError
    from verif.campaign.drafts.finding import Finding
    from verif.sim.seam import Simulator
    from verif.workspace import Workspace


@verb
@source_options()
@model_option
@click.option("--spec", type=click.Path(path_type=Path), metavar="F", help="The specification, Markdown or text.")
@click.option(
    "--testplan",
    type=click.Path(path_type=Path),
    metavar="F",
    help="A testplan in OpenTitan's hjson: its testpoints join the requirements.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where the bench goes; tb/<top> unless told."
)
@click.option(
    "--sim", metavar="S,...", help="icarus, verilator, or icarus,verilator; those that are installed unless told."
)
def draft(
    session: Session,
    spec: Path | None,
    testplan: Path | None,
    model: str | None,
    out: Path | None,
    sim: str | None,
    **sources: Any,
) -> int:
    """Write a cocotb bench for a design and check that it notices a broken one.

    SRC are Verilog or SystemVerilog files, directories, .f lists, .core files or a design.toml. Drafting again merges
    with your edits.

    Exit code 0: CLEAN; 1: FINDING (the design breaks a rule), REJECTED, or a merge conflict; 4: UNKNOWN.
    """
    from verif.campaign.drafts.drafting import MergeConflictError
    from verif.campaign.drafts.drafting import draft as make_draft
    from verif.campaign.drafts.from_sources import baseline_request, specification_of
    from verif.campaign.drafts.from_testplan import read_testplan, with_requirements, with_testplan
    from verif.campaign.drafts.result import draft_payload
    from verif.design.frontend import read_design
    from verif.workspace import Workspace

    start = time.monotonic()
    with _steps(session) as step:
        step("reading the design")
        design = read_design(resolve(**sources))
        directory = out or Path("tb") / design.top
        workspace = Workspace.locate(directory)
        specification = specification_of(design, spec)
        wanted = read_testplan(testplan) if testplan else None
        whole = with_requirements(specification, wanted, testplan) if testplan and wanted else None
        request = baseline_request(design, specification, directory, workspace, seed=session.seed, wanted=whole)
        request = with_testplan(request, wanted) if wanted else request
        request = _asked(request, chosen_model(model, directory), step)
        try:
            made = make_draft(request, _simulators(sim, workspace), workspace, progress=step)
        except MergeConflictError as clash:
            return _conflict(session, directory, clash)
    seconds = time.monotonic() - start
    payload = draft_payload(made, seconds=seconds)
    drawn = _draw_findings(made, workspace)
    for entry, picture in zip(payload["findings"], drawn, strict=True):
        entry["picture"] = picture
    workspace.save_result(directory, "draft", {"schema": SCHEMA, "verb": "draft", **payload})
    _record_cost(workspace, made, seconds)
    for line in describe(made, drawn):
        session.say(line)
    session.result("draft", payload)
    tidy(session, workspace)
    return exit_code(made.acceptance.outcome)


command = draft


def _asked(request: DraftRequest, name: str | None, step: Callable[[str], None]) -> DraftRequest:
    """Let the model called ``name`` propose points; where it can't, that is told and the baseline stands."""
    from verif.campaign.drafts.from_sources import with_proposal

    if name is None:
        return request
    from llm_assist.drafter import propose_points
    from llm_assist.registry import load_model

    model = load_model(name)
    step(f"asking {name}")
    text = request.specification.text if request.specification else ""
    try:
        proposal = propose_points(model, request.plan, request.design, text, seed=request.seed)
    except PosedgeError as error:
        note = f"{name} proposed nothing, the baseline stands: {error.sentence.rstrip('.')} ({error.code})"
        return replace(request, model=name, notes=(*request.notes, note))
    return replace(
        with_proposal(request, name, proposal.points),
        prompt_digest=proposal.prompt_digest,
        prompt_tokens=proposal.prompt_tokens,
        completion_tokens=proposal.completion_tokens,
        notes=(*request.notes, *proposal.notes),
    )


def _simulators(names: str | None, workspace: Workspace) -> list[Simulator]:
    """Return the simulators that the user names, else those that are installed; ToolError where there is none."""
    from verif.errors import ToolError
    from verif.sim.registry import NAMES, simulator

    if names:
        return [simulator(name.strip(), workspace=workspace) for name in names.split(",")]
    known = [simulator(name, workspace=workspace) for name in NAMES]
    found = [each for each in known if each.status().found]
    if not found:
        fixes = " or ".join(each.status().fix for each in known)
        raise ToolError("PE431", "no simulator is installed, so a draft can't be checked", hint=f"install one: {fixes}")
    return found


@contextmanager
def _steps(session: Session) -> Iterator[Callable[[str], None]]:
    """Show what is being done, for people who look at a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if session.json or session.quiet or not console.is_terminal:
        yield lambda text: None
        return
    with console.status("drafting") as status:
        yield lambda text: status.update(f"drafting: {text}")


def exit_code(outcome: Outcome) -> int:
    """Return DESIGN's exit code for an outcome."""
    return {Outcome.CLEAN: 0, Outcome.FINDING: 1, Outcome.REJECTED: 1, Outcome.UNKNOWN: 4}[outcome]


def _draw_findings(made: Draft, workspace: Workspace) -> list[str]:
    """Draw each finding beside its regression; return the pictures' paths, empty where there is none."""
    if not made.acceptance.findings:
        return []
    from verif.report.regressions import draw_finding

    design, bench = made.acceptance.source.design, made.request.directory
    drawn = (draw_finding(finding, bench, design, workspace) for finding in made.acceptance.findings)
    return [str(one.picture) if one else "" for one in drawn]


def describe(made: Draft, pictures: Sequence[str] = ()) -> Iterator[str]:
    """Tell a draft to people: outcome and requirements first, then what it rests on, then what to do next."""
    from verif.campaign.drafts.result import all_notes

    acceptance, directory = made.acceptance, made.request.directory
    yield f"{acceptance.outcome}  requirements checked {made.requirements}  {acceptance.source.name}"
    if acceptance.reason:
        yield f"  {acceptance.reason}"
    for number, finding in enumerate(acceptance.findings):
        yield from _told_finding(finding, directory)
        if number < len(pictures) and pictures[number]:
            yield f"    picture: {pictures[number]}"
    yield ""
    yield from _told_checks(made)
    yield from _told_oracles(made)
    yield from _told_forced_fails(made)
    if made.contest:
        yield from _told_contest(made)
    yield from _told_notes(all_notes(made))
    yield ""
    edits = f", your edits of {', '.join(made.edited)} kept" if made.edited else ""
    yield f"bench in {directory} ({made.lines} lines of Python{edits})"
    yield f"  posedge run {shlex.quote(str(directory))}"
    yield f"  posedge report {shlex.quote(str(directory))}"


def _told_finding(finding: Finding, directory: Path) -> Iterator[str]:
    from verif.campaign.drafts.result import replay_command

    yield f"  FINDING  {(finding.regression.facts or {})['message']}"
    yield f"    rule: {finding.title}"
    cycles = f"{len(finding.regression.rows)} cycles (shrunk from {finding.cycles_before})"
    again = [name for name, verdict in finding.replayed.items() if verdict is Verdict.FAIL]
    yield f"    {directory / finding.file}: {cycles}, fails again on {', '.join(again) or 'no simulator'}"
    if finding.assume:
        yield f"    if the stimulus is illegal: {finding.assume}"
    yield f"    replay: {replay_command(finding, directory)}"


def _told_checks(made: Draft) -> Iterator[str]:
    simulators = dict.fromkeys(check.simulator for check in made.acceptance.checks)
    for simulator in simulators:
        mine = [check for check in made.acceptance.checks if check.simulator == simulator]
        told = ", ".join(f"{check.name} {check.verdict}" for check in mine)
        yield f"  {simulator:10} {told}"
        for check in mine:
            if check.message:
                yield f"             {check.message}"


def _told_oracles(made: Draft) -> Iterator[str]:
    oracles = made.acceptance.source.oracles
    if oracles.model:
        yield f"  SPEC       reference model {oracles.model.kind}: {', '.join(oracles.model.outputs)}"
    for rule in oracles.rules:
        yield f"  {rule.oracle:10} {rule.id}: {rule.title}"
    yield f"  RECORDED   {len(made.acceptance.recorded.rows)} cycles of this RTL; proves nothing about a specification"


def _told_forced_fails(made: Draft) -> Iterator[str]:
    caught = Counter(entry.by.value for entry in made.acceptance.forced if entry.by)
    by = f" ({', '.join(f'{count} by {oracle}' for oracle, count in caught.items())})" if caught else ""
    yield f"  broken designs caught {made.forced_fails}{by}"


def _told_contest(made: Draft) -> Iterator[str]:
    assert made.contest is not None
    yield "  plans by functional bins hit:"
    for each in made.contest.contenders:
        name = each.name if each.name == each.origin else f"{each.name} ({each.origin})"
        yield f"    {name:24} {each.hit}/{each.total} bins in {each.cycles} cycles, {each.points} points"
    yield f"    {made.contest.sentence}"


def _told_notes(notes: Sequence[str]) -> Iterator[str]:
    """Tell the notes; of files that a directory's reader left out only how many there are."""
    left_out = [note for note in notes if "left out, " in note]
    shown = [note for note in notes if note not in left_out] if len(left_out) > 2 else list(notes)
    if len(left_out) > 2:
        yield f"  note: {len(left_out)} files or groups of files were left out; --json lists them"
    for note in shown:
        yield f"  note: {note}"


def _conflict(session: Session, directory: Path, clash: MergeConflictError) -> int:
    """Tell where the new draft and the user's edits meet; nothing was changed."""
    session.say(f"CONFLICT  {directory} is unchanged: the new draft and your edits meet here")
    for conflict in clash.conflicts:
        session.say(f"  {directory / conflict.file}:{conflict.line}")
        for line in conflict.text.splitlines():
            session.say(f"    {line}")
    session.say("  take over the new lines there or undo your own, then draft again; or draft elsewhere with --out")
    places = [{"file": c.file, "line": c.line, "text": c.text} for c in clash.conflicts]
    session.result("draft", {"bench": str(directory), "outcome": "CONFLICT", "accepted": False, "conflicts": places})
    return 1


def _record_cost(workspace: Workspace, made: Draft, seconds: float) -> None:
    from verif.campaign.ledger import Ledger, LedgerEntry

    Ledger(workspace.ledger).record(
        LedgerEntry(
            bench=str(made.request.directory),
            verb="draft",
            seconds=seconds,
            prompt_tokens=made.request.prompt_tokens,
            completion_tokens=made.request.completion_tokens,
            lines=made.lines,
            model=made.request.model,
            outcome=made.acceptance.outcome.value,
        )
    )
