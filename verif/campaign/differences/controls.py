"""Controls: mutants of NEW that the same comparison must tell apart from OLD."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from verif.campaign.differences.comparing import Comparison, DiffOptions
from verif.campaign.differences.result import Control
from verif.campaign.differences.versions import Feed, Versions
from verif.errors import PosedgeError
from verif.mutation.finding import mutants_of
from verif.mutation.sources import mutated
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.verdict import DiffStatus
from verif.workspace import Workspace

WANTED = 3
"""Mutants told DIFFERENT that are enough."""
TRIED = 8
DEPTH = 24
"""Ticks after the reset in which a mutant must show."""
_EACH = 20.0
"""Seconds for one mutant at most."""


def control(
    versions: Versions,
    feed: Feed,
    options: DiffOptions,
    *,
    seconds: float,
    workspace: Workspace,
    folder: Path,
    processes: Processes,
    progress: Callable[[str], None],
) -> Control:
    """Compare OLD with mutants of NEW until some are told DIFFERENT or the time is over."""
    until = time.monotonic() + seconds
    try:
        mutants = mutants_of(versions.new, count=TRIED, seed=options.seed)
    except PosedgeError as error:
        return Control(why=error.sentence)
    different: list[str] = []
    undecided: list[str] = []
    for mutant in mutants:
        left = until - time.monotonic()
        if len(different) == WANTED or (left <= 0 and (different or undecided)):
            break
        progress(f"control: {mutant.id}")
        texts = mutated(versions.new, mutant)
        broken = replace(versions.new, sources=placed(versions.new.sources, texts, workspace, "mutants"))
        told = _told(replace(versions, new=broken), feed, options, workspace, folder, processes)
        if told is not None:
            (different if told else undecided).append(mutant.id)
    return Control(different=tuple(different), undecided=tuple(undecided))


def _told(
    versions: Versions, feed: Feed, options: DiffOptions, workspace: Workspace, folder: Path, processes: Processes
) -> bool | None:
    """Return whether a mutant is told DIFFERENT; None where it doesn't even compile."""
    short = replace(options, seconds=_EACH, depth=DEPTH, only_search=True)
    comparison = Comparison(
        versions=versions,
        feeds=(feed,),
        options=short,
        workspace=workspace,
        folder=folder,
        processes=processes,
    )
    try:
        return comparison.run().status is DiffStatus.DIFFERENT
    except PosedgeError:
        return None


def counted(control: Control) -> str:
    """Return what a control showed, for people."""
    if control.why:
        return f"no control: {control.why}"
    if not control.different and not control.undecided:
        return "no control: no mutant of NEW could be read"
    told = len(control.different)
    total = told + len(control.undecided)
    rest = "; the others may be equivalent, or differ later" if control.undecided else ""
    return f"control: {told} of {total} mutants of NEW are told DIFFERENT{rest}"
