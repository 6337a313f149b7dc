"""A design and its mutants as libraries: most of them in one, switched by a field of the stimulus, others alone."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import numpy as np

from verif.errors import InputError, PosedgeError, Unsupported
from verif.harness.model import Harness
from verif.mutation.model import Mutant
from verif.mutation.sources import mutated
from verif.sim.batch import Batch, build_batch
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
        self, harness: Harness, switched: Switched | None, *, workspace: Workspace, processes: Processes
    ) -> None:
        self.harness = harness
        self.switched = switched
        self.seconds = 0.0
        """Spent on builds."""
        self._workspace = workspace
        self._processes = processes
        self._shared: Batch | None = None
        self._alone: tuple[str, Batch] | None = None
        """The mutant that was built last, the design under an empty name."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for batch in (self._shared, self._alone[1] if self._alone else None):
            if batch:
                batch.close()

    def lanes(self, mutant: Mutant | None, stimulus: Rows, *, observe: bool = False, seed: int | None = 1) -> Lanes:
        """Simulate lanes of ``mutant``, or of the design; Stillborn where that mutant does not compile."""
        number = self._number(mutant)
        if number is None:
            assert mutant is not None
            return self._own(mutant).lanes(stimulus, observe=observe, seed=seed, fresh=True)
        return self.shared.lanes(self._with(stimulus, number), observe=observe, seed=seed, fresh=True)

    @property
    def shared(self) -> Batch:
        """The engine that holds the design, and the mutants that can be switched."""
        if self._shared is None:
            self._shared = self._built(self.switched.harness if self.switched else self.harness)
        return self._shared

    def _number(self, mutant: Mutant | None) -> int | None:
        """Return what switches a mutant on in the shared build; None where it isn't in it."""
        if mutant is None:
            return 0
        return self.switched.numbers.get(mutant.id) if self.switched else None

    def _with(self, stimulus: Rows, number: int) -> Rows:
        """Return rows of the harness as rows of the one that switches mutants."""
        if self.switched is None:
            return stimulus
        layout = Layout.of(self.switched.harness.stimulus)
        switch = self.switched.harness.stimulus[-1].name
        rows = np.zeros((*stimulus.shape[:-1], layout.words), np.uint32)
        rows[..., : stimulus.shape[-1]] = stimulus
        layout.put(rows, switch, np.uint32(number))
        return rows

    def _own(self, mutant: Mutant) -> Batch:
        if self._alone is None or self._alone[0] != mutant.id:
            if self._alone:
                self._alone[1].close()
                self._alone = None
            design = self.harness.design
            try:
                sources = placed(design.sources, mutated(design, mutant), self._workspace, SOURCES)
                built = self._built(replace(self.harness, design=replace(design, sources=sources)))
            except (InputError, Unsupported) as error:
                raise Stillborn(error.sentence) from error
            except PosedgeError as error:
                if error.code not in ("PE314", "PE313"):
                    raise
                raise Stillborn(error.sentence) from error
            self._alone = mutant.id, built
        return self._alone[1]

    def _built(self, harness: Harness) -> Batch:
        began = time.monotonic()
        build = build_batch(harness, workspace=self._workspace, processes=self._processes)
        self.seconds += time.monotonic() - began
        return Batch(build, timeout=CALL_SECONDS)
