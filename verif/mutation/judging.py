"""Judge mutants on stimulus: which of them a check notices, which show at an output, and when."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import takewhile

import numpy as np
import numpy.typing as npt

from verif.errors import InputError
from verif.harness.model import Harness
from verif.mutation.builds import TIMEOUT_SECONDS, MutantBuilds
from verif.mutation.crowd import Crowd, Played
from verif.mutation.model import Judged, Judgement, Mutant, Spent
from verif.mutation.pruning import Matters
from verif.sim.batch import Fault
from verif.sim.batch.layout import Rows
from verif.verdict import MutantStatus, Verdict

Told = Callable[[Judgement], None]
"""Hears of each mutant as soon as its judgement is final."""
MOST_ASKED = 512
"""Stimuli of which it is found out at once which mutants matter: one word of lanes."""
_FIRST_SHARE = 8
"""Many mutants are dead after so small a part of a stimulus; only the others get all of it."""


def judge(
    builds: MutantBuilds,
    stimulus: Sequence[Rows],
    mutants: Iterable[Mutant] | None = None,
    *,
    jobs: int = 1,
    lanes: bool = True,
    timeout: float = TIMEOUT_SECONDS,
    told: Told = lambda judgement: None,
    known: Iterable[Judgement] = (),
) -> Judged:
    """Judge ``mutants`` of the common build (all without) on stimuli ``[ticks, words]`` of the harness without mutants.

    A mutant is KILLED by the first check that fails on it and gets no further stimulus; one that nothing kills
    SURVIVED. ``known`` are judgements of an earlier, broken-off call: their mutants are not run again. ``jobs`` engines
    share the mutants. Two self-checks: InputError PE904 where the original itself fails a check;
    ``Judged.forced_fail`` tells whether a check notices that all outputs are inverted.
    """
    start = time.perf_counter()
    asked = builds.order if mutants is None else tuple(mutants)
    found = {judgement.mutant.id: judgement for judgement in known}
    open_ = [builds.numbers[mutant.id] for mutant in asked if mutant.id not in found]
    forced = builds.schemata.forced
    with ExitStack() as stack:
        crowds = [
            stack.enter_context(builds.open(lanes=lanes, timeout=timeout)) for _ in range(max(1, min(jobs, len(open_))))
        ]
        run = _Run(builds, crowds)
        lane = 0
        while lane < len(stimulus) and (open_ or not run.forced_fail):
            numbers = [*open_, *([] if run.forced_fail else [forced])]
            together, matters = run.together(stimulus, lane, numbers)
            run.on(together, lane, numbers, matters)
            lane += len(together)
            open_ = [number for number in open_ if not run.is_final(number)]
            for judgement in run.fresh(forced):
                told(judgement)
        if lanes and builds.lanes is not None:
            run.look_at_registers(stimulus, open_)
    for number in open_:
        told(run.judgement(number))
    made = {builds.order[number - 1].id: run.judgement(number) for number in run.states if number != forced}
    return Judged(
        judgements=tuple(found.get(mutant.id) or made[mutant.id] for mutant in asked),
        forced_fail=run.forced_fail,
        spent=Spent(build=builds.seconds, run=time.perf_counter() - start),
        notes=(builds.reason,) if builds.reason else (),
    )


@dataclass(slots=True)
class _State:
    """What is known of one mutant."""

    detected: tuple[int, int, int] | None = None
    """Monitor, tick, lane."""
    propagated: tuple[int, int] | None = None
    """Tick, lane."""
    activated: bool | None = None
    fault: Fault | None = None


@dataclass(slots=True)
class _Run:
    builds: MutantBuilds
    crowds: Sequence[Crowd]
    states: dict[int, _State] = field(default_factory=dict)
    forced_fail: bool = False
    _told: set[int] = field(default_factory=set)
    _asked: tuple[int, int, Matters | None] = 0, 0, None
    """The stimuli that were asked about last, from the first to before the last, and the answer."""

    def together(
        self, stimuli: Sequence[Rows], lane: int, numbers: Sequence[int]
    ) -> tuple[Sequence[Rows], Matters | None]:
        """Return the stimuli from ``lane`` on that can be run at once on these mutants, and which matter there."""
        crowd = self.crowds[0]
        if lane >= self._asked[1]:
            alike = list(takewhile(lambda rows: len(rows) == len(stimuli[lane]), stimuli[lane : lane + MOST_ASKED]))
            self._asked = lane, lane + len(alike), crowd.matters(alike, numbers)
        start, end, known = self._asked
        matters = None if known is None else known.between(lane - start, end - start)
        count = min(crowd.fit(numbers, matters), end - lane)
        return stimuli[lane : lane + count], matters and matters.between(0, count)

    def on(self, stimuli: Sequence[Rows], lane: int, numbers: Sequence[int], matters: Matters | None = None) -> None:
        """Run stimuli, the first of them number ``lane``."""
        for number in numbers:
            self.states.setdefault(number, _State())
        short = len(stimuli[0]) // _FIRST_SHARE
        if short and any(crowd.most and len(numbers) > crowd.most for crowd in self.crowds):
            self._part([rows[:short] for rows in stimuli], lane, numbers, matters)
            numbers = [number for number in numbers if not self.is_final(number)]
        self._part(stimuli, lane, numbers, matters)
        forced = self.states.get(self.builds.schemata.forced)
        self.forced_fail = self.forced_fail or (forced is not None and forced.detected is not None)

    def look_at_registers(self, stimulus: Sequence[Rows], numbers: Sequence[int]) -> None:
        """Find out which mutants that no output shows ever left a register with another value."""
        seen = self.builds.in_lanes
        silent = [number for number in numbers if number in seen and self.states[number].propagated is None]
        lane, self._asked = 0, (0, 0, None)
        while lane < len(stimulus) and silent:
            together, matters = self.together(stimulus, lane, silent)
            lane += len(together)
            for played in self.crowds[0].play_all(together, silent, stop=False, touched=True, matters=matters):
                assert played.touched is not None
                for number, tick in zip(silent, played.touched, strict=True):
                    self.states[number].activated = bool(tick >= 0) or bool(self.states[number].activated)

    def _part(self, stimuli: Sequence[Rows], lane: int, numbers: Sequence[int], matters: Matters | None) -> None:
        shares = _shared(numbers, self.crowds)
        with ThreadPoolExecutor(max_workers=len(self.crowds)) as pool:
            pairs = zip(self.crowds, shares, strict=False)
            played = list(pool.map(lambda pair: pair[0].play_all(stimuli, pair[1], matters=matters), pairs))
        for share, answers in zip(shares, played, strict=True):
            for offset, what in enumerate(answers):
                self._check(what, lane + offset)
                for place, number in enumerate(share):
                    if not self.is_final(number):
                        self._note(number, what, place, lane + offset)

    def _check(self, what: Played, lane: int) -> None:
        failed = [(tick, monitor) for monitor, tick in self._failures(what.original)]
        if failed:
            tick, monitor = min(failed)
            name = self.builds.harness.monitors[monitor].id
            raise InputError(
                "PE904",
                f"{name} fails on the design itself, in tick {tick} of stimulus {lane}",
                where=self.builds.harness.design.top,
                hint="kills count only where the design passes: mend the design or the check, or leave the check out",
            )

    def _failures(self, first_fail: npt.NDArray[np.int32]) -> list[tuple[int, int]]:
        """Return monitor and tick of each failure that judges the design."""
        monitors = self.builds.harness.monitors
        return [(n, int(tick)) for n, tick in enumerate(first_fail) if tick >= 0 and monitors[n].judges]

    def _note(self, number: int, what: Played, place: int, lane: int) -> None:
        state = self.states[number]
        if number in what.faults:
            state.fault = what.faults[number]
            return
        if what.differs[place] >= 0 and state.propagated is None:
            state.propagated = (int(what.differs[place]), lane)
        failed = self._failures(what.first_fail[place])
        if failed and state.detected is None:
            monitor, tick = min(failed, key=lambda each: each[1])
            state.detected = (monitor, tick, lane)

    def is_final(self, number: int) -> bool:
        """Whether more stimulus changes nothing."""
        return self.states[number].detected is not None or self.states[number].fault is not None

    def fresh(self, forced: int) -> Iterable[Judgement]:
        """Yield the judgements that have become final."""
        for number in self.states:
            if number != forced and number not in self._told and self.is_final(number):
                self._told.add(number)
                yield self.judgement(number)

    def judgement(self, number: int) -> Judgement:
        """Return what is known of a mutant."""
        state, mutant = self.states[number], self.builds.order[number - 1]
        made = Judgement(mutant=mutant, status=MutantStatus.SURVIVED, activated=state.activated)
        if state.propagated is not None:
            tick, lane = state.propagated
            made = replace(made, propagated=True, propagated_at=tick, lane=lane, activated=True)
        if state.detected is not None:
            return detected(made, self.builds.harness, *state.detected)
        if state.fault is not None:
            return faulty(made, state.fault)
        return made


def detected(made: Judgement, harness: Harness, monitor: int, tick: int, lane: int) -> Judgement:
    """Return the judgement of a mutant that a monitor noticed."""
    check = harness.monitors[monitor]
    return replace(
        made,
        status=MutantStatus.KILLED,
        detected_by=check.id,
        oracle=check.oracle,
        detected_at=tick,
        lane=lane,
        activated=True,
    )


def faulty(made: Judgement, fault: Fault) -> Judgement:
    """Return the judgement of a mutant that no simulation ends with: that is no kill."""
    what = "hangs" if fault.verdict is Verdict.TIMEOUT else "breaks the simulation"
    return replace(made, status=MutantStatus.TIMEOUT, note=f"It {what}: {fault.sentence}")


def _shared(numbers: Sequence[int], crowds: Sequence[Crowd]) -> list[list[int]]:
    """Share mutants among engines, in whole steps where they are lanes."""
    size = -(-len(numbers) // len(crowds))
    most = crowds[0].most
    if most:
        size = max(most * -(-size // most), 1)
    return [list(numbers[start : start + size]) for start in range(0, len(numbers), max(size, 1))]
