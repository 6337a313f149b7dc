"""A design and its mutants as libraries: most of them in one, switched by a field of the stimulus, others alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import numpy as np

from verif.errors import InputError, PosedgeError, Unsupported
from verif.harness.model import Harness
from verif.mutation.model import Mutant
from verif.mutation.sources import mutated
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.sim.batch.layout import Layout, Rows
from verif.sim.batch.results import Lanes
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.workspace import Workspace

CALL_SECONDS = 60.0
"""A call simulates a block, which takes a fraction of a second; after so long it hangs."""
SOURCES = "mutants"
"""Folder of mutants' texts in the builds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Switched:
    """A harness whose design holds many mutants."""

    harness: Harness
    """Its last field of stimulus switches: 0 is the design."""
    numbers: dict[str, int]
    """Mutant to the number that switches it on."""


class Stillborn(Exception):
    """A mutant does not compile: why, in a sentence."""


class Runs:
    """Simulates a design and its mutants, each lane on a new model; a context manager."""

    def __init__(
        self, harness: Harness, switched: Sequence[Switched], *, workspace: Workspace, processes: Processes
    ) -> None:
        self.harness = harness
        self.switched = switched
        self.seconds = 0.0
        """Spent on builds."""
        self._workspace = workspace
        self._processes = processes
        self._shared: dict[int, Batch] = {}
        """Engines by place in ``switched``."""
        self._made: dict[str, BatchBuild | Stillborn] = {}
        """Mutants that were built alone."""
        self._alone: tuple[str, Batch] | None = None
        """The last of them that ran."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for batch in (*self._shared.values(), *([self._alone[1]] if self._alone else [])):
            batch.close()

    def lanes(self, mutant: Mutant | None, stimulus: Rows, *, observe: bool = False, seed: int | None = 1) -> Lanes:
        """Simulate lanes of ``mutant``, or of the design; Stillborn where that mutant does not compile."""
        place = self._place(mutant)
        if place is None:
            assert mutant is not None
            return self._own(mutant).lanes(stimulus, observe=observe, seed=seed, fresh=True)
        rows = stimulus
        if self.switched:
            held = self.switched[place]
            rows = _with(held.harness, stimulus, 0 if mutant is None else held.numbers[mutant.id])
        return self._engine(place).lanes(rows, observe=observe, seed=seed, fresh=True)

    def prepare(self, mutants: Sequence[Mutant], jobs: int, done: Callable[[int], None] = lambda count: None) -> None:
        """Build those of ``mutants`` that can't be switched, ``jobs`` at a time; ``done`` hears how many are built."""
        began = time.monotonic()
        waiting = [mutant for mutant in mutants if self._place(mutant) is None and mutant.id not in self._made]
        with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
            for number, (mutant, made) in enumerate(zip(waiting, pool.map(self._compiled, waiting), strict=True)):
                self._made[mutant.id] = made
                done(number + 1)
        self.seconds += time.monotonic() - began

    def _place(self, mutant: Mutant | None) -> int | None:
        """Return which shared build a mutant is in; None where it is in none."""
        if mutant is None:
            return 0
        return next((place for place, held in enumerate(self.switched) if mutant.id in held.numbers), None)

    def _engine(self, place: int) -> Batch:
        """Return the engine of a shared build; that of the design alone where there is none."""
        if place not in self._shared:
            began = time.monotonic()
            self._shared[place] = self._opened(
                self._built(self.switched[place].harness if self.switched else self.harness)
            )
            self.seconds += time.monotonic() - began
        return self._shared[place]

    def _own(self, mutant: Mutant) -> Batch:
        if self._alone is None or self._alone[0] != mutant.id:
            if self._alone:
                self._alone[1].close()
                self._alone = None
            self.prepare([mutant], 1)
            made = self._made[mutant.id]
            if isinstance(made, Stillborn):
                raise made
            self._alone = mutant.id, self._opened(made)
        return self._alone[1]

    def _compiled(self, mutant: Mutant) -> BatchBuild | Stillborn:
        """Build one mutant alone; Stillborn where it does not compile."""
        design = self.harness.design
        try:
            sources = placed(design.sources, mutated(design, mutant), self._workspace, SOURCES)
            return self._built(replace(self.harness, design=replace(design, sources=sources)))
        except (InputError, Unsupported) as error:
            return Stillborn(error.sentence)
        except PosedgeError as error:
            if error.code not in ("PE314", "PE313"):
                raise
            return Stillborn(error.sentence)

    def _built(self, harness: Harness) -> BatchBuild:
        return build_batch(harness, workspace=self._workspace, processes=self._processes)

    @staticmethod
    def _opened(build: BatchBuild) -> Batch:
        return Batch(build, timeout=CALL_SECONDS)


def _with(harness: Harness, stimulus: Rows, number: int) -> Rows:
    """Return rows as those of a harness that switches mutants: its last field holds ``number``."""
    layout = Layout.of(harness.stimulus)
    rows = np.zeros((*stimulus.shape[:-1], layout.words), np.uint32)
    rows[..., : stimulus.shape[-1]] = stimulus
    layout.put(rows, harness.stimulus[-1].name, np.uint32(number))
    return rows
