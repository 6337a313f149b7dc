"""Controls: mutants of NEW that the same comparison must tell apart from OLD."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from verif.campaign.differences.comparing import Comparison, Only
from verif.campaign.differences.judging import Judge
from verif.campaign.differences.known import Known
from verif.campaign.differences.result import Control, DiffResult
from verif.campaign.differences.versions import Versions
from verif.errors import PosedgeError
from verif.lanes.stirring import stirred
from verif.mutation.finding import mutants_of
from verif.mutation.model import Mutant
from verif.mutation.sources import mutated
from verif.sim.batch.layout import Layout
from verif.sim.placing import placed
from verif.stimulus.rows import Stimulus
from verif.verdict import DiffStatus

WANTED = 2
"""Mutants told DIFFERENT that are enough."""
TRIED = 6
"""Mutants that are compared."""
PLAYED = 60
"""Mutants of which a simulator is asked first whether a few random inputs show them."""
SHOWN = 4
"""Mutants that such inputs show, of which the soonest are compared first."""
SIMULATED = 2
"""Mutants that are simulated too, where a bounded search tells none."""
DEPTH = 24
"""Ticks after the reset in which a mutant must show in a bounded search."""
_TICKS = 48
"""Of the random inputs."""
_EACH = 15.0
"""Seconds for one mutant at least."""
_AS_BEFORE = 1.5
"""How many times as long as the comparison's own first search a mutant may take."""
_FIRST_SEARCH = "searching a few cycles"


def control(compared: Comparison, *, seconds: float, progress: Callable[[str], None]) -> Control:
    """Compare OLD with mutants of NEW until some are told DIFFERENT or the time is over."""
    try:
        seed = compared.options.seed
        mutants = list(mutants_of(compared.versions.new, count=PLAYED, seed=seed))
        Random(seed).shuffle(mutants)
    except PosedgeError as error:
        return Control(why=error.sentence)
    controlling = _Controlling(compared=compared, mutants=mutants, seconds=seconds, progress=progress)
    try:
        controlling.run()
    except KeyboardInterrupt:
        compared.interrupted = True
    told = compared.known.control
    return Control(
        different=tuple(name for name, answer in told.items() if answer),
        undecided=tuple(name for name, answer in told.items() if answer is False),
        missed=tuple(compared.known.missed),
        why="it was interrupted" if compared.interrupted and not told else "",
    )


@dataclass(kw_only=True)
class _Controlling:
    """One control as it goes on."""

    compared: Comparison
    mutants: list[Mutant]
    seconds: float
    progress: Callable[[str], None]

    def __post_init__(self) -> None:
        self.known = self.compared.known
        self.told = self.known.control
        budget = self.compared.budget
        searched = self.compared.stages.get(_FIRST_SEARCH, 0.0) / budget.by_clock(1.0)
        self.each = max(_EACH, _AS_BEFORE * searched)
        self.until = time.monotonic() + budget.by_clock(max(self.seconds, self.each))

    def run(self) -> None:
        """Compare mutants, those first that a few inputs show soon."""
        if self._enough(WANTED):
            return
        ticks = self._shown()
        soonest = sorted(ticks, key=lambda mutant_id: ticks[mutant_id])
        by_id = {mutant.id: mutant for mutant in self.mutants}
        order = [by_id[id_] for id_ in soonest] + [each for each in self.mutants if each.id not in ticks]
        for simulate in (False, True):
            for mutant in order[: SIMULATED if simulate else TRIED]:
                if self._enough(1 if simulate else WANTED):
                    return
                if mutant.id in self.told and not simulate:
                    continue
                self.progress(f"control: {mutant.id}")
                self.told[mutant.id] = self._told(mutant, simulate, ticks.get(mutant.id))
                self.known.keep()

    def _enough(self, wanted: int) -> bool:
        return list(self.told.values()).count(True) >= wanted or time.monotonic() > self.until

    def _shown(self) -> dict[str, int]:
        """Return mutants that random inputs show on Icarus, and after how many ticks; none where it can't play OLD."""
        compared, found = self.compared, dict[str, int]()
        reset_ticks = compared.feeds[0].harness.reset_ticks
        judge = Judge(
            versions=compared.versions,
            folder=compared.folder / "control",
            sandbox=compared.sandbox,
            simulators=[name for name in compared.versions.simulators if name == "icarus"],
        )
        try:
            played = [(each, judge.of_old(each)) for each in self._stimuli(judge)]
        except PosedgeError:
            return {}
        for number, mutant in enumerate(self.mutants, 1):
            if len(found) >= SHOWN or time.monotonic() > self.until:
                break
            self.progress(f"control: playing mutant {number} of {len(self.mutants)}")
            broken = replace(judge, versions=self._broken(mutant))
            for stimulus, old in played:
                try:
                    shown = broken.of_inputs(stimulus, reset_ticks, "control", old=old)
                except PosedgeError:
                    break
                if shown and not shown.unknown:
                    ticks = shown.tick + 1 - reset_ticks
                    found[mutant.id] = min(ticks, found.get(mutant.id, ticks))
        return found

    def _stimuli(self, judge: Judge) -> Iterator[Stimulus]:
        """Yield random inputs of each feed."""
        for feed in self.compared.feeds:
            rows = stirred(feed.harness, 1, _TICKS, self.compared.options.seed)[0]
            layout = Layout.of(feed.harness.stimulus)
            columns = [layout.get(rows, each.name, integers=True).tolist() for each in feed.harness.stimulus]
            yield judge.inputs(feed.harness, [tuple(map(int, row)) for row in zip(*columns, strict=True)])

    def _broken(self, mutant: Mutant) -> Versions:
        versions = self.compared.versions
        texts = mutated(versions.new, mutant)
        sources = placed(versions.new.sources, texts, self.compared.workspace, "mutants")
        return replace(versions, new=replace(versions.new, sources=sources))

    def _told(self, mutant: Mutant, simulate: bool, ticks: int | None) -> bool | None:
        """Return whether a mutant is told DIFFERENT; None where it doesn't compile. An interrupt is passed on."""
        compared = self.compared
        depth = max(DEPTH, ticks or 0) if simulate else ticks or DEPTH
        only = Only.RUNS if simulate else Only.SEARCH
        comparison = Comparison(
            versions=self._broken(mutant),
            feeds=compared.feeds[-1:] if simulate else compared.feeds[:1],
            options=replace(compared.options, seconds=self.each, depth=depth, only=only),
            workspace=compared.workspace,
            folder=compared.folder / "control",
            processes=compared.processes,
            known=Known(starts=dict(compared.known.starts)),
        )
        try:
            found = comparison.run()
        except PosedgeError:
            return None
        if found.interrupted:
            raise KeyboardInterrupt
        if not simulate and ticks and denies(found, ticks) and self._shown_without_x(comparison.versions):
            self.known.missed.append(mutant.id)
        return found.status is DiffStatus.DIFFERENT

    def _shown_without_x(self, versions: Versions) -> bool:
        """Return whether Verilator, which has no X to decide by, shows a mutant too, in inputs that may come."""
        compared = self.compared
        if compared.feeds[0].assumptions:
            return False
        judge = Judge(
            versions=versions,
            folder=compared.folder / "control",
            sandbox=compared.sandbox,
            simulators=("verilator",),
        )
        reset_ticks = compared.feeds[0].harness.reset_ticks
        try:
            return any(judge.of_inputs(each, reset_ticks, "control") for each in self._stimuli(judge))
        except PosedgeError:
            return False


def denies(found: DiffResult, ticks: int) -> bool:
    """Return whether a comparison says that so many ticks show no difference."""
    if found.status is DiffStatus.BOUNDED:
        return (found.bound or 0) >= ticks
    return found.status is DiffStatus.PROVED


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
