"""Compare two versions: look for a run that tells them apart, prove that there is none, say how far that went."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TypeVar

from verif.campaign.differences.answering import result_of
from verif.campaign.differences.budget import Budget
from verif.campaign.differences.judging import Judge
from verif.campaign.differences.known import Known
from verif.campaign.differences.proving import (
    SHARED,
    Prover,
    by_names,
    guessed,
    observed_in,
    starting_together,
)
from verif.campaign.differences.registers import of_one_shape, ports_alone, registers_of, words_of
from verif.campaign.differences.result import Difference, DiffResult
from verif.campaign.differences.running import LADDER, Hit, Runs, runs_of
from verif.campaign.differences.versions import Feed, Versions
from verif.errors import PosedgeError
from verif.formal.prove import DEEPEST
from verif.formal.reach import Reached, Witness
from verif.formal.solver import DEFAULT
from verif.harness.twin import DIFFERS, Twin, twin_of
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.stimulus.rows import Stimulus
from verif.workspace import Workspace

SHORT = 12
"""Ticks of the first bounded search."""
DRAWS = 24
"""Of each engine's stimulus where not time but a depth limits the comparison."""
_FIRST, _NAMES, _RELATED, _LANES = 0.12, 0.25, 0.5, 0.5
"""Shares of the time: of all for the first two, of what is left for the others."""
_DEEP = 0.2
"""Share of all that simulation leaves for the deeper search."""
_LEAST = 2.0
_AGAIN = 0.8
"""Share of the time of a proof with which an earlier call failed already: it isn't tried again."""
_BLIND = 6
"""So many runs that differ in an X alone are enough."""

_Answer = TypeVar("_Answer")
Progress = Callable[[float, float | None, str], None]


class Only(Enum):
    """A part of a comparison."""

    SEARCH = "a bounded search"
    RUNS = "simulation"


@dataclass(frozen=True, kw_only=True, slots=True)
class DiffOptions:
    """How long and how to compare."""

    seconds: float = 60.0
    patience: float = 1.0
    """How many times as long it may take on a busy machine."""
    seed: int = 1
    solver: str = DEFAULT
    depth: int | None = None
    """Ticks after the reset to which the bounded search goes at most."""
    only: Only | None = None
    """Where not everything is wanted."""


@dataclass(kw_only=True)
class Comparison:
    """One comparison as it goes on."""

    versions: Versions
    feeds: tuple[Feed, ...]
    """The first is what is proven under; the others only find differences."""
    options: DiffOptions
    workspace: Workspace
    folder: Path
    processes: Processes
    progress: Progress = lambda done, total, text: None
    recordings: tuple[Stimulus, ...] = ()
    """Inputs to play first."""
    sandbox: Sandbox | None = None
    known: Known = field(default_factory=Known)
    """What was found out so far, in earlier calls too."""
    found: Difference | None = None
    doubtful: Difference | None = None
    """A run in which only an X tells them apart."""
    notes: list[str] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False
    _refused: bool = False
    """Whether there is no transition system of the two."""
    _blind: int = 0
    """Runs with a difference at start values 0 that shows no more than an X elsewhere."""

    def __post_init__(self) -> None:
        self.budget = Budget(self.options.seconds, self.options.patience)
        self.prover = Prover(
            folder=self.folder / "proof",
            processes=self.processes,
            solver=self.options.solver,
            patience=self.options.patience,
            assumptions=self.feeds[0].assumptions,
            proved=self.known.proved,
            relations=self.known.relations,
            told=self.known.keep,
        )
        self.judge = Judge(versions=self.versions, folder=self.folder / "judge", sandbox=self.sandbox)
        self.old = registers_of(self.versions.old)
        self.new = registers_of(self.versions.new)
        self.words = words_of(self.versions.old), words_of(self.versions.new)
        self.aliases = ports_alone(self.versions.old, self.versions.new, self.versions.called)
        self.known.starts |= of_one_shape(self.versions.old, self.versions.new, self.versions.called)

    def run(self) -> DiffResult:
        """Compare until it is decided or the time is over."""
        try:
            self._steps()
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self.known.keep()
        return result_of(self)

    def _steps(self) -> None:
        if self.options.only is Only.SEARCH:
            self._about_names()
            self._reach(self.options.depth or SHORT, self.options.seconds)
            return
        if self.options.only is Only.RUNS:
            self._simulated()
            return
        steps = (
            (self._recalled, "playing what differed before"),
            (self._recorded, "playing recordings"),
            (self._short, "searching a few cycles"),
            (self._names, "proving by names"),
            (self._simulated, "simulating"),
            (self._deep, "searching deeper"),
        )
        for step, text in steps:
            if self.decided or (self.left < _LEAST and self.stages):
                return
            with self._stage(text):
                step()

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.budget.left

    @property
    def _spare(self) -> float:
        """Seconds that simulation may take."""
        return self.left - (_DEEP * self.options.seconds if self.options.only is None else 0.0)

    @property
    def decided(self) -> bool:
        """Whether nothing is left to find out."""
        return self.found is not None or not self.open

    @property
    def open(self) -> list[str]:
        points = [f"{DIFFERS}{port}" for port in self.versions.compared]
        points.append(SHARED)
        return [point for point in points if point not in self.prover.proved]

    @contextmanager
    def _stage(self, text: str) -> Iterator[None]:
        began = time.monotonic()
        self.progress(self.budget.spent, self.options.seconds, text)
        try:
            yield
        finally:
            self.stages[text] = self.stages.get(text, 0.0) + time.monotonic() - began

    def _twin(self, feed: Feed, *, watching: bool = False) -> Twin:
        versions = self.versions
        pairing = replace(versions.pairing, starts=self._called_starts(), aliases=self.aliases)
        return twin_of(
            feed.harness,
            versions.new,
            compared=versions.compared,
            pairing=pairing,
            watch=(self.old, self.new) if watching else ((), ()),
        )

    def _called_starts(self) -> Mapping[str, str]:
        ports = {port.name for port in self.versions.old.ports}
        told = {one: other for one, other in self.versions.called.items() if one not in ports}
        return {**told, **self.known.starts}

    def _recalled(self) -> None:
        for stimulus, found_by in self.known.runs():
            self._take(self.judge.of_inputs(stimulus, self.feeds[0].harness.reset_ticks, found_by))

    def _recorded(self) -> None:
        for stimulus in self.recordings:
            ticks = self.feeds[0].harness.reset_ticks
            self._take(self.judge.of_inputs(stimulus, min(ticks, len(stimulus)), "recording"))

    def _short(self) -> None:
        self._about_names()
        self._reach(SHORT, self.options.seconds * _FIRST)

    def _deep(self) -> None:
        self._reach(self.options.depth or DEEPEST, self.left)

    def _about_names(self) -> None:
        twin = self._twin(self.feeds[0])
        called = {**self.versions.called, **self.known.starts}
        old, new = (*self.old, *self.words[0]), (*self.new, *self.words[1])
        self.prover.about(twin.harness, by_names(twin, old, new, called))

    def _reach(self, depth: int, seconds: float) -> None:
        """Search from the reset; what is found is judged in a simulator."""
        ids = [point for point in self.open if point not in self.known.hidden]
        depth = min(depth, self.options.depth or depth)
        clean = self.known.bound
        if not ids or depth <= clean or self._refused:
            return
        clock = self.budget.by_clock(seconds)
        found = self._asked(
            lambda: self.prover.reach(ids, depth=depth, seconds=clock, clean=clean, bounded=self._bounded)
        )
        if found:
            self._hear(found, self.feeds[0])

    def _bounded(self, bound: int) -> None:
        if bound > self.known.bound:
            self.known.bound = bound
            self.known.keep()

    def _asked(self, ask: Callable[[], _Answer]) -> _Answer | None:
        """Ask the prover; where relations can't be read, without them. None where there is no transition system."""
        try:
            return ask()
        except PosedgeError as error:
            if not self.prover.relating:
                self._cannot_prove(error)
                return None
        self.prover.about(self._twin(self.feeds[0]).harness, [])
        return self._asked(ask)

    def _hear(self, found: Reached, feed: Feed) -> None:
        self.known.why = found.why
        if found.dead == 0:
            self.notes.append("the bench's assumptions contradict each other: no run keeps them")
            self.prover.proved.clear()
            return
        shortest = sorted(found.witnesses.items(), key=lambda each: (not each[1].certain, each[1].tick))
        for point, witness in shortest:
            if not self._judged(feed, witness):
                self.known.hidden[point] = witness.tick
            if self.found:
                return
        self.known.bound = max(self.known.bound, found.bound)

    def _judged(self, feed: Feed, witness: Witness) -> bool:
        """Return whether a simulator shows a difference in a run of the solver."""
        judged = self.judge.of_rows(feed.harness, witness.rows, "bounded search")
        self._take(judged)
        return judged is not None

    def _take(self, found: Difference | None) -> None:
        if found is None:
            return
        if not found.unknown:
            self.found = self.found or found
        elif self.doubtful is None or len(found.stimulus) < len(self.doubtful.stimulus):
            self.doubtful = found
        else:
            return
        self.known.remember(found)

    def _names(self) -> None:
        self._prove("names", self.options.seconds * _NAMES)

    def _prove(self, way: str, seconds: float) -> None:
        points = self.open
        if self._refused or not points or self.known.tried.get(way, 0.0) > _AGAIN * seconds:
            return
        bound = 0 if self.known.hidden else self.known.bound
        clock = self.budget.by_clock(seconds)
        why = self._asked(lambda: self.prover.prove(points, bound=bound, seconds=clock))
        self.known.why = why if why is not None else self.known.why
        self.known.tried[way] = seconds
        self.known.keep()

    def _simulated(self) -> None:
        """Simulate: prove with what runs suggest, then look for differences in longer runs."""
        with ExitStack() as stack:
            for number, feed in enumerate(self.feeds):
                if self.decided or self._spare < _LEAST:
                    return
                prove = number == 0 and self.options.only is None
                self._build_and_run(stack, feed, prove=prove, share=_LANES / (len(self.feeds) - number))

    def _build_and_run(self, stack: ExitStack, feed: Feed, *, prove: bool, share: float) -> None:
        twin = self._twin(feed, watching=prove)
        options = self.options
        try:
            runs = stack.enter_context(
                runs_of(twin, feed.plan, workspace=self.workspace, processes=self.processes, seed=options.seed)
            )
        except PosedgeError as error:
            self.notes.append(f"nothing was simulated with {feed.name}: {error.sentence}")
            return
        if runs.reason:
            self.notes.append(f"simulated in the batch engine: {runs.reason}")
        try:
            self._use(runs, twin, feed, prove=prove, share=share)
        except PosedgeError as error:
            self.notes.append(f"simulation with {feed.name} broke off: {error.sentence}")

    def _use(self, runs: Runs, twin: Twin, feed: Feed, *, prove: bool, share: float) -> None:
        runs.drawn = self.known.drawn.get(feed.name, 0)
        self._search(runs, feed, draws=2 * len(LADDER), seconds=self.left)
        if prove and not self.decided:
            with self._stage("proving with relations"):
                self._related(twin, runs)
        if not self.decided:
            with self._stage(f"simulating {feed.name}"):
                draws = 2 * len(LADDER) + DRAWS if self.options.depth is not None else None
                self._search(runs, feed, draws=draws, seconds=self._spare * share)

    def _search(self, runs: Runs, feed: Feed, *, draws: int | None, seconds: float) -> None:
        """Look at draws until so many were made, those of earlier calls among them."""
        until = time.monotonic() + self.budget.by_clock(seconds)
        while (draws is None or runs.drawn < draws) and time.monotonic() < until and self.found is None:
            hit = runs.search()
            self.known.drawn[feed.name] = runs.drawn
            self.known.keep(seldom=True)
            if hit is None:
                continue
            self._take_hit(runs, feed, hit)
            if self._blind > _BLIND:
                return

    def _take_hit(self, runs: Runs, feed: Feed, hit: Hit) -> None:
        """Judge a hit, as short as it can be; one that only an X shows is looked at in its whole run, too."""
        self._take(self.judge.of_rows(feed.harness, runs.values(runs.shorter(hit, self.folder)), runs.name))
        if self.found:
            return
        self._blind += 1
        whole = self.judge.of_rows(feed.harness, runs.values(hit.whole), runs.name)
        if whole and not whole.unknown:
            whole = self.judge.shortened(whole, feed.harness.reset_ticks)
        self._take(whole)

    def _related(self, twin: Twin, runs: Runs) -> None:
        old, new = observed_in(twin, runs, (self.old, self.new))
        together = starting_together(old, new, self.versions.called)
        fresh = {one: other for one, other in together.items() if one not in self.known.starts}
        if fresh:
            self.known.starts |= fresh
            self.known.hidden.clear()
            self.known.shown.clear()
            self.known.tried.clear()
            self.doubtful = None
        called = {**self.versions.called, **self.known.starts}
        twin = self._twin(self.feeds[0])
        relations = [*guessed(old, new, called), *by_names(twin, *self.words, called)]
        self.prover.about(twin.harness, relations)
        self._prove("relations", max(_LEAST, self._spare * _RELATED))

    def _cannot_prove(self, error: PosedgeError) -> None:
        sentence = f"there is no proof and no bounded search: {error.sentence}"
        self.notes.append(sentence)
        self.known.why, self._refused = error.sentence, True
