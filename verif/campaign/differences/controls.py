"""Controls: mutants of NEW that the same comparison must tell apart from OLD."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from verif.campaign.differences.comparing import Comparison, Only
from verif.campaign.differences.result import Control
from verif.errors import PosedgeError
from verif.mutation.finding import mutants_of
from verif.mutation.model import Mutant
from verif.mutation.sources import mutated
from verif.sim.placing import placed
from verif.verdict import DiffStatus

WANTED = 2
"""Mutants told DIFFERENT that are enough."""
TRIED = 6
SIMULATED = 2
"""Mutants that are simulated too, where a bounded search tells none."""
DEPTH = 24
"""Ticks after the reset in which a mutant must show in a bounded search."""
_EACH = 15.0
"""Seconds for one mutant at most."""


def control(compared: Comparison, *, seconds: float, progress: Callable[[str], None]) -> Control:
    """Compare OLD with mutants of NEW until some are told DIFFERENT or the time is over."""
    until = time.monotonic() + compared.budget.by_clock(seconds)
    try:
        mutants = list(mutants_of(compared.versions.new, count=TRIED, seed=compared.options.seed))
    except PosedgeError as error:
        return Control(why=error.sentence)
    told: dict[str, bool | None] = {}
    try:
        for simulate in (False, True):
            for mutant in mutants[:SIMULATED] if simulate else mutants:
                if list(told.values()).count(True) >= (1 if simulate else WANTED) or time.monotonic() > until:
                    break
                progress(f"control: {mutant.id}")
                told[mutant.id] = _told(compared, mutant, simulate)
    except KeyboardInterrupt:
        compared.interrupted = True
    return Control(
        different=tuple(name for name, answer in told.items() if answer),
        undecided=tuple(name for name, answer in told.items() if answer is False),
        why="it was interrupted" if compared.interrupted and not told else "",
    )


def _told(compared: Comparison, mutant: Mutant, simulate: bool) -> bool | None:
    """Return whether a mutant is told DIFFERENT; None where it doesn't even compile. An interrupt is passed on."""
    versions = compared.versions
    texts = mutated(versions.new, mutant)
    broken = replace(versions.new, sources=placed(versions.new.sources, texts, compared.workspace, "mutants"))
    comparison = Comparison(
        versions=replace(versions, new=broken),
        feeds=compared.feeds[-1:] if simulate else compared.feeds[:1],
        options=replace(compared.options, seconds=_EACH, depth=DEPTH, only=Only.RUNS if simulate else Only.SEARCH),
        workspace=compared.workspace,
        folder=compared.folder / "control",
        processes=compared.processes,
        starts=dict(compared.starts),
    )
    try:
        found = comparison.run()
    except PosedgeError:
        return None
    if found.interrupted:
        raise KeyboardInterrupt
    return found.status is DiffStatus.DIFFERENT


def counted(control: Control) -> str:
    """Return what a control showed, for people."""
    if control.why:
        return f"no control: {control.why}"
    if not control.different and not control.undecided:
        return "no control: no mutant of NEW could be read"
    told = len(control.different)
    total = told + len(control.undecided)
    if not told:
        return f"control: none of {total} mutants of NEW is told DIFFERENT in a short search: it shows nothing"
    rest = "; the others may be equivalent, or differ later" if control.undecided else ""
    return f"control: {told} of {total} mutants of NEW {'is' if told == 1 else 'are'} told DIFFERENT{rest}"
