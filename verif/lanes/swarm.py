"""Many drawn lanes on all cores: one worker process a core, results in the order of the jobs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Self

import numpy as np

from verif.harness.model import Harness
from verif.lanes.build import LanesBuild
from verif.lanes.engine import LaneEngine
from verif.sim.batch import Lanes
from verif.sim.batch.layout import Rows
from verif.sim.sandbox import Sandbox

MOST_WORKERS = 16


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Job:
    """Lanes to be drawn: the same job gives the same lanes, whoever runs it."""

    draw: int
    """Seed of the stimulus, 32 bits."""
    lanes: int
    ticks: int
    guide: Rows | None = None
    """What the lanes begin with, ``[rows, words]``."""
    seed: int | None = 1
    """Of registers without a start value; None: they are 0."""

    @property
    def cycles(self) -> int:
        """Rows of all lanes."""
        return self.lanes * self.ticks


class Swarm:
    """Runs jobs of one build; a context manager."""

    def __init__(
        self, build: LanesBuild, *, workers: int | None = None, timeout: float = 60.0, sandbox: Sandbox | None = None
    ) -> None:
        """``workers`` is one a core unless told, ``timeout`` in seconds a job."""
        self.build = build
        count = workers or min(MOST_WORKERS, len(os.sched_getaffinity(0)))
        self._engines = [LaneEngine(build, timeout=timeout, sandbox=sandbox) for _ in range(count)]
        self._idle: SimpleQueue[LaneEngine] = SimpleQueue()
        for engine in self._engines:
            self._idle.put(engine)
        self._threads = ThreadPoolExecutor(max_workers=count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def harness(self) -> Harness:
        """What is simulated."""
        return self.build.harness

    @property
    def workers(self) -> int:
        """How many jobs run at once."""
        return len(self._engines)

    def run(self, jobs: Sequence[Job], *, hits: bool = False) -> Iterator[tuple[Job, Lanes]]:
        """Run jobs and give each with its answer, in order; whoever stops early gives up the rest."""
        running = [self._threads.submit(self._run, job, hits) for job in jobs]
        try:
            for job, answer in zip(jobs, running, strict=True):
                yield job, answer.result()
        finally:
            for future in running:
                future.cancel()

    def rows(self, job: Job, lane: int, ticks: int) -> Rows:
        """Return the first rows ``[ticks, words]`` that a lane of a job gets."""
        engine = self._idle.get()
        try:
            found: Rows = engine.rows([lane], ticks, draw=job.draw, guide=job.guide)[0]
            return found
        finally:
            self._idle.put(engine)

    def replayed(self, rows: Rows, *, seed: int | None = 1, lanes: int = 1) -> Lanes:
        """Run one stimulus ``[rows, words]`` again, with the first tick of each hit, in lanes of other start values."""
        engine = self._idle.get()
        try:
            return engine.lanes(np.repeat(rows[None], lanes, axis=0), hit_ticks=bool(self.harness.covers), seed=seed)
        finally:
            self._idle.put(engine)

    def close(self) -> None:
        """End the workers, once the jobs that run are over."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        for engine in self._engines:
            engine.close()

    def _run(self, job: Job, hits: bool) -> Lanes:
        engine = self._idle.get()
        try:
            return engine.drawn(
                job.lanes,
                job.ticks,
                draw=job.draw,
                guide=job.guide,
                hits=hits and bool(self.harness.covers),
                seed=job.seed,
            )
        finally:
            self._idle.put(engine)
