"""Judge mutants that need builds of their own: each is compiled alone, for the batch engine."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from verif.design.frontend import read_design
from verif.errors import InputError, Unsupported
from verif.harness.model import Harness
from verif.mutation.builds import TIMEOUT_SECONDS
from verif.mutation.judging import Told, detected, faulty
from verif.mutation.model import Judged, Judgement, Mutant, Spent
from verif.mutation.sources import mutated
from verif.sim.batch import Batch, BatchBuild, Lanes, build_batch
from verif.sim.batch.layout import Rows
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.verdict import MutantStatus
from verif.workspace import Workspace


def judge_alone(
    harness: Harness,
    mutants: Iterable[Mutant],
    stimulus: Sequence[Rows],
    *,
    workspace: Workspace,
    jobs: int = 1,
    timeout: float = TIMEOUT_SECONDS,
    told: Told = lambda judgement: None,
    known: Iterable[Judgement] = (),
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
) -> Judged:
    """Judge ``mutants`` as ``judge`` does, on stimuli ``[ticks, words]``, one build each, ``jobs`` at a time.

    A mutant that a tool refuses, or whose ports are others, is STILLBORN. ``Judged.forced_fail`` is True: the common
    build's is what counts.
    """
    asked, found = tuple(mutants), {judgement.mutant.id: judgement for judgement in known}
    work = _Alone(harness, stimulus, workspace, timeout, processes, sandbox)
    waiting = [mutant for mutant in asked if mutant.id not in found]
    if waiting:
        original = work.original()
        with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
            for judgement in pool.map(lambda mutant: work.judge(mutant, original), waiting):
                found[judgement.mutant.id] = judgement
                told(judgement)
    return Judged(
        judgements=tuple(found[mutant.id] for mutant in asked),
        forced_fail=True,
        spent=Spent(build=work.build_seconds, run=work.run_seconds),
    )


@dataclass(slots=True)
class _Alone:
    harness: Harness
    stimulus: Sequence[Rows]
    workspace: Workspace
    timeout: float
    processes: Processes | None
    sandbox: Sandbox | None
    build_seconds: float = 0.0
    run_seconds: float = 0.0

    def original(self) -> list[Lanes]:
        """Return what the design itself does."""
        return self._played(self._build(self.harness), [])

    def judge(self, mutant: Mutant, original: Sequence[Lanes]) -> Judgement:
        """Build one mutant and run it until a check fails on it."""
        made = Judgement(mutant=mutant, status=MutantStatus.SURVIVED)
        try:
            build = self._build(self._harness(mutant))
        except (InputError, Unsupported) as error:
            return replace(made, status=MutantStatus.STILLBORN, note=f"It does not compile: {error.sentence}")
        for lane, (ours, theirs) in enumerate(zip(self._played(build, original), original, strict=False)):
            if ours.fault is not None:
                return faulty(made, ours.fault)
            made = _compared(made, ours, theirs, lane)
            failed = self._failure(ours)
            if failed is not None:
                return detected(made, self.harness, *failed, lane)
        return made

    def _failure(self, lanes: Lanes) -> tuple[int, int] | None:
        """Return monitor and tick of the first failure."""
        monitors = self.harness.monitors
        failed = [(int(tick), n) for n, tick in enumerate(lanes.first_fail[0]) if tick >= 0 and monitors[n].judges]
        return (min(failed)[1], min(failed)[0]) if failed else None

    def _harness(self, mutant: Mutant) -> Harness:
        """Return the harness round the mutant; InputError where it doesn't compile or fit."""
        design = self.harness.design
        sources = placed(design.sources, mutated(design, mutant), self.workspace, "alone")
        if read_design(sources).ports != read_design(design.sources).ports:
            raise InputError("PE906", "its ports are not the design's", where=mutant.id)
        return replace(self.harness, design=replace(design, sources=sources))

    def _build(self, harness: Harness) -> BatchBuild:
        start = time.perf_counter()
        made = build_batch(harness, workspace=self.workspace, processes=self.processes, sandbox=self.sandbox)
        self.build_seconds += time.perf_counter() - start
        return made

    def _played(self, build: BatchBuild, original: Sequence[Lanes]) -> list[Lanes]:
        """Run the stimuli, up to the first failure or fault where an original is known."""
        start, found = time.perf_counter(), []
        with Batch(build, timeout=self.timeout, sandbox=self.sandbox) as batch:
            for rows in self.stimulus:
                found.append(batch.lanes(rows[np.newaxis], observe=True, seed=None, fresh=True))
                if original and (found[-1].fault is not None or self._failure(found[-1]) is not None):
                    break
        self.run_seconds += time.perf_counter() - start
        return found


def _compared(made: Judgement, ours: Lanes, theirs: Lanes, lane: int) -> Judgement:
    """Note where an output differs first."""
    assert ours.observed is not None and theirs.observed is not None
    places = np.argwhere((ours.observed[0] != theirs.observed[0]).any(axis=1))
    if made.propagated or not len(places):
        return made
    return replace(made, propagated=True, propagated_at=int(places[0, 0]), lane=lane, activated=True)
