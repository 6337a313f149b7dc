"""``diff``: read two versions, compare them, control the answer, write what shows a difference."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from verif.campaign.benches.harness import bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.campaign.differences.boxes import check_boxes, with_answers
from verif.campaign.differences.comparing import Comparison, DiffOptions, Progress
from verif.campaign.differences.controls import control
from verif.campaign.differences.flattening import flattened
from verif.campaign.differences.known import digest_of, recalled
from verif.campaign.differences.result import DiffResult
from verif.campaign.differences.saving import save_test
from verif.campaign.differences.versions import Feed, Versions, any_input, label, protocols, read_versions
from verif.campaign.proofs.result import Assumption
from verif.design.model import Design, Direction, SourceSet
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.stimulus.rows import Stimulus
from verif.verdict import DiffStatus
from verif.workspace import Workspace

_CONTROL = 0.5
"""Share of the time for controls, beyond the budget."""
_CONTROL_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class DiffRequest:
    """Two versions, and how they belong together."""

    old: SourceSet
    new: SourceSet
    called: Mapping[str, str] = field(default_factory=dict)
    """Names in OLD to those in NEW: top, ports, registers."""
    ties: Mapping[str, int] = field(default_factory=dict)
    """Inputs that only NEW has."""
    common: bool = False
    """Whether it is fine that only what both have is compared."""
    bench: Path | None = None
    """The bench whose harness says what stimulus is legal."""
    recordings: tuple[Path, ...] = ()
    """Waves whose inputs are played on both first."""
    fresh: bool = False
    """Whether what earlier calls found is forgotten."""
    out: Path | None = None
    """Where the files that show a difference go; the workspace unless told."""


def differ(
    request: DiffRequest,
    options: DiffOptions,
    *,
    workspace: Workspace,
    processes: Processes | None = None,
    progress: Progress = lambda done, total, text: None,
    sandbox: Sandbox | None = None,
) -> DiffResult:
    """Compare two versions; an interrupt ends it with what is known so far.

    InputError as ``read_versions`` and ``bench_harness``, Unsupported PE801 for ports that no harness takes.
    """
    started = time.monotonic()
    processes = processes or Processes()
    boxes = tuple(dict.fromkeys((*request.old.blackboxes, *request.new.blackboxes)))
    old, new = label(request.old), label(request.new)
    request = replace(
        request,
        old=with_answers(request.old, boxes, workspace),
        new=with_answers(request.new, boxes, workspace),
    )
    unpacked = False
    if request.bench is None:
        flat = flattened(request.old, request.new, request.called, workspace)
        request, unpacked = replace(request, old=flat.old, new=flat.new, called=flat.called), flat.unpacked
    bench = _bench(request, workspace)
    versions = read_versions(
        request.old,
        request.new,
        called=request.called,
        ties=request.ties,
        bench=bench.harness.design if bench else None,
    )
    if unpacked:
        versions = replace(versions, simulators=("verilator",))
    check_boxes(versions.old.top, (request.old, request.new), boxes)
    apart = versions.told_apart
    refused = [each for each in versions.apart if each.direction is not Direction.OUTPUT]
    if not versions.compared or (apart and not request.common) or refused:
        why = "they have no output in common" if not versions.compared else _hint(bool(refused))
        return DiffResult(
            old=old,
            new=new,
            top=versions.old.top,
            status=DiffStatus.INCOMPARABLE,
            incomparable=apart,
            why=why,
        )
    feeds = (bench,) if bench else _feeds(versions.old)
    folder = workspace.builds / "diff" / _digest(request)
    choices = (options.seed, options.solver, options.depth)
    comparison = Comparison(
        versions=versions,
        feeds=feeds,
        options=options,
        known=recalled(folder / f"{digest_of(versions, feeds, *choices)}.json", fresh=request.fresh),
        workspace=workspace,
        folder=folder,
        processes=processes,
        progress=progress,
        recordings=tuple(_recorded(path, versions) for path in request.recordings),
        sandbox=sandbox,
    )
    found = replace(comparison.run(), old=old, new=new, incomparable=apart)
    if found.status in (DiffStatus.PROVED, DiffStatus.BOUNDED) and not found.interrupted:
        found = _controlled(found, comparison, progress, options)
    if found.difference:
        place = request.out or folder
        reset_ticks = feeds[0].harness.reset_ticks
        found = replace(found, files=(save_test(found.difference, versions, place, reset_ticks),))
    assumptions = tuple(_assumptions(versions, feeds[0], comparison.known.starts))
    return replace(found, assumptions=assumptions, seconds=time.monotonic() - started)


def _hint(inputs: bool) -> str:
    if inputs:
        return "inputs differ: hold one that only NEW has with --tie NAME=VALUE, or name its partner with --map OLD=NEW"
    return "compare what both have with --common, or name partners with --map OLD=NEW"


def _controlled(found: DiffResult, comparison: Comparison, progress: Progress, options: DiffOptions) -> DiffResult:
    seconds = max(_CONTROL_SECONDS, options.seconds * _CONTROL)
    shown = control(comparison, seconds=seconds, progress=lambda text: progress(0, None, text))
    vacuous = comparison.feeds[0].assumptions and shown.undecided and not shown.different
    if found.status is DiffStatus.PROVED and vacuous:
        why = "it is proved under assumptions under which no mutant of NEW was told DIFFERENT: they may allow nothing"
        return replace(found, status=DiffStatus.BOUNDED, bound=comparison.known.bound, control=shown, why=why)
    if shown.missed:
        why = f"simulators show the mutant {shown.missed[0]} of NEW apart, and the search denies it: a defect of ours"
        return replace(found, status=DiffStatus.BOUNDED, bound=0, control=shown, why=why)
    return replace(found, control=shown, interrupted=comparison.interrupted)


def _bench(request: DiffRequest, workspace: Workspace) -> Feed | None:
    if request.bench is None:
        return None
    parts = bench_harness(bench_runs(request.bench, RunOptions())[0])
    harness = parts.harness
    design = replace(harness.design, sources=replace(request.old, top=harness.design.top))
    return Feed(name=f"the bench {request.bench}", harness=replace(harness, design=design), plan=parts.plan, legal=True)


def _feeds(old: Design) -> tuple[Feed, ...]:
    planned = protocols(old)
    return (any_input(old), planned) if planned else (any_input(old),)


def _digest(request: DiffRequest) -> str:
    files = [(path, path.read_bytes()) for sources in (request.old, request.new) for path in sources.files]
    settings = [
        (sources.top, sorted(sources.defines.items()), sorted(sources.parameters.items()))
        for sources in (request.old, request.new)
    ]
    facts = (files, settings, sorted(request.called.items()), request.bench)
    return sha256(repr(facts).encode()).hexdigest()[:16]


def _recorded(path: Path, versions: Versions) -> Stimulus:
    from verif.campaign.differences.recordings import recorded_inputs

    return recorded_inputs(path, versions.old)


def _assumptions(versions: Versions, feed: Feed, starts: Mapping[str, str]) -> Iterator[Assumption]:
    """Yield what the answer takes for granted."""
    harness, design = feed.harness, versions.old
    if harness.reset_ticks:
        names = ", ".join(reset.name for reset in design.resets)
        ticks = f"{harness.reset_ticks} tick{'' if harness.reset_ticks == 1 else 's'}"
        yield Assumption(name="reset", text=f"a run begins with {ticks} of {names}, all else at rest")
    else:
        yield Assumption(name="reset", text="there is no reset: a run begins with the start values")
    yield Assumption(
        name="start values",
        text="registers and memories of the same name that no reset or initial value sets start equal, others anyhow",
    )
    for one, other in starts.items():
        text = f"{one} of OLD and {other} of NEW start equal: they have one shape, or move together in runs"
        yield Assumption(name="start values", text=text)
    yield Assumption(name="clocks", text=_clocks(design))
    x = (
        "an X has any value in searches and proofs, the same where both assign one to the same name; "
        "a difference counts where Icarus knows the bit in both versions"
    )
    yield Assumption(name="X", text=x)
    legal = f"moves as {feed.name} allows" if feed.legal else "has any value in each tick"
    yield Assumption(name="inputs", text=f"each input {legal}")
    for name, value in versions.pairing.ties.items():
        yield Assumption(name="tied", text=f"{name} of NEW is {value}")
    for port in design.ports:
        if port.direction is Direction.INOUT:
            yield Assumption(name="open", text=f"{port.name} goes both ways: nothing drives it, and it is not compared")
    for monitor in harness.monitors:
        if monitor.assumption:
            yield Assumption(name=monitor.id, text=monitor.title)
    for name in versions.pairing.boxes:
        text = f"each {name} gives the same answers in both versions as long as it gets the same inputs"
        yield Assumption(name="black boxes", text=text)
    if not versions.pairing.boxes:
        yield Assumption(name="black boxes", text="none")


def _clocks(design: Design) -> str:
    names = [clock.name for clock in design.clocks]
    if not names:
        return "none: a tick ends when all has settled"
    if len(names) == 1:
        return f"one active edge of {names[0]} each tick"
    return f"{', '.join(names)} tick one at a time: in a fixed order in searches, in any order in proofs"
