"""The batch engine: a harness as a library in a worker process, numpy arrays in and out."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from verif.errors import InputError
from verif.sim.batch.buffers import Buffers
from verif.sim.batch.faults import not_started, too_long, why
from verif.sim.batch.library import Library
from verif.sim.batch.points import Point
from verif.sim.batch.results import Counts, Fault, Lanes, Run, Ticks
from verif.sim.batch.sharing import Sharing
from verif.sim.batch.worker import CONTROL_BYTES, Call, Draw, Gone, Silence, Worker
from verif.sim.sandbox import Sandbox
from verif.sim.verilating import start_seed
from verif.verdict import Verdict

MEMORY_LIMIT = 2 * 2**30
"""Bytes of private memory that a design may take unless told otherwise."""

_GRACE_SECONDS = 5.0
"""How long a worker that is ending by itself may take to be gone."""


class Batch:
    """Runs stimulus rows through a harness in a process of its own, and judges by the harness's monitors.

    Whatever the design does ends that process at most: the call gives a fault, the next one gets a fresh worker. A run
    begins with one settle at rest and ``harness.reset_ticks`` rows of defaults with all resets active, on a model that
    was reset, not restarted; a tick's clock is that of ``schedule[(reset_ticks + t) % len(schedule)]``. Registers start
    at random values drawn from the seed, all at 0 for the seed None. The same calls in the same order give the same
    answers.

    Use it as a context manager. One thread at a time.
    """

    def __init__(
        self,
        build: Library,
        *,
        timeout: float = 60.0,
        memory_limit: int = MEMORY_LIMIT,
        sandbox: Sandbox | None = None,
    ) -> None:
        """``timeout`` is in seconds a call, ``memory_limit`` in bytes (0: none), for what the design itself takes."""
        self.build = build
        self.harness = build.harness
        self.timeout = timeout
        self.restarts = 0
        """How many workers were lost."""
        self._memory_limit = memory_limit
        self._sandbox = sandbox
        self._sharing = Sharing()
        self._page = self._sharing.array((CONTROL_BYTES + 4 * max(build.counters, 1),), np.uint8)
        place = self._sharing.place(self._page)
        assert place is not None
        self._control = place
        self._counts = self._page[CONTROL_BYTES:].view(np.uint32)
        self._lost = np.zeros(len(self._counts), np.uint32)
        """What workers that are gone had counted."""
        self._which = np.array([point.counter for point in build.points], np.intp)
        self._zero = False
        self._worker: Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_worker", None):
            self.close()

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of code coverage, in the order of ``coverage()``."""
        return self.build.points

    def processes(self) -> tuple[int, ...]:
        """Return the numbers of the processes that simulate for this engine now, a sandbox's own among them."""
        return self._worker.processes() if self._worker else ()

    def array(self, *shape: int) -> npt.NDArray[np.uint32]:
        """Return rows of unknown content in shared memory: as stimulus they go to the worker without a copy."""
        return self._sharing.array((*shape, self.build.stimulus.words))

    def run(
        self,
        stimulus: npt.NDArray[np.uint32],
        *,
        observe: bool = False,
        hits: bool = False,
        seed: int | None = 1,
        fresh: bool = False,
    ) -> Run:
        """Run rows ``[ticks, words]``; with ``fresh`` on a model that was just made."""
        self._check(stimulus, ("ticks",))
        return Run.of(self.lanes(stimulus[np.newaxis], observe=observe, hits=hits, seed=seed, fresh=fresh))

    def hit_ticks(self, stimulus: npt.NDArray[np.uint32], *, seed: int | None = 1, fresh: bool = False) -> Ticks:
        """Return the first tick of rows ``[ticks, words]`` in which each point of ``covers`` is hit, -1 for never.

        Of a run with a fault nothing counts: all are -1.
        """
        self._check(stimulus, ("ticks",))
        lanes = self.lanes(stimulus[np.newaxis], hit_ticks=True, seed=seed, fresh=fresh)
        assert lanes.hit_ticks is not None
        ticks: Ticks = lanes.hit_ticks[0]
        return ticks

    def lanes(
        self,
        stimulus: npt.NDArray[np.uint32],
        *,
        lengths: npt.NDArray[Any] | None = None,
        observe: bool = False,
        hits: bool = False,
        hit_ticks: bool = False,
        seed: int | None = 1,
        fresh: bool = False,
    ) -> Lanes:
        """Run lanes ``[lanes, ticks, words]`` one after the other, of each the first ``lengths[lane]`` rows.

        With ``fresh`` each lane gets a model that was just made. ``hits`` and ``hit_ticks`` tell what each lane covers
        of ``harness.covers``, its reset before the first row not included. InputError PE822 where the arrays are of
        another shape or type; ToolError PE821 where no worker can be started.
        """
        self._check(stimulus, ("lanes", "ticks"))
        count, ticks = stimulus.shape[:2]
        return self._played(
            stimulus,
            (count, ticks),
            lengths=lengths,
            observe=observe,
            hits=hits,
            hit_ticks=hit_ticks,
            seed=seed,
            fresh=fresh,
        )

    def mutants(
        self,
        stimulus: npt.NDArray[np.uint32],
        select: npt.NDArray[np.uint32],
        *,
        stop: bool = True,
        apart: bool = False,
        touched: bool = False,
        seed: int | None = None,
    ) -> Lanes:
        """Run rows ``[ticks, words]`` in one lane for each number of ``select``, on models that start alike.

        The numbers are what the harness's held field says, or bits of it where it has one a mutant: 0 is the original.
        The first lane is compared with, so it must be the original; lane builds compare each word of lanes with its
        first one. ``differs`` tells where a lane parts from it. With ``stop`` a lane ends at its first failure, with
        ``apart`` also where it parts. Registers without a start value are 0, or what ``seed`` makes them: lane builds
        know only 0. Those also tell with ``touched`` where registers, memories aside, part from the original's.
        InputError PE822 where an array is of another shape or type, or the harness holds no field.
        """
        self._check(stimulus, ("ticks",))
        self._check_select(select)
        shape = (len(select), len(stimulus))
        rows = stimulus[np.newaxis]
        return self._played(
            rows,
            shape,
            observe=False,
            hits=False,
            seed=seed,
            fresh=True,
            select=select,
            stop=2 if apart else int(stop),
            touched=touched,
        )

    def _check_select(self, select: npt.NDArray[np.uint32]) -> None:
        if self.harness.held is None or select.ndim != 1 or select.dtype != np.uint32 or not len(select) or select[0]:
            raise InputError(
                "PE822",
                f"select is {select.dtype}{list(select.shape)}",
                where=self.harness.top,
                allowed="it is uint32[lanes], its first number is 0, and the harness has a field that chooses mutants",
            )

    def _played(
        self,
        stimulus: npt.NDArray[np.uint32] | None,
        shape: tuple[int, int],
        *,
        lengths: npt.NDArray[Any] | None = None,
        observe: bool,
        hits: bool,
        hit_ticks: bool = False,
        seed: int | None,
        fresh: bool = False,
        draw: Draw | None = None,
        select: Counts | None = None,
        stop: int = 0,
        touched: bool = False,
        stimuli: int = 1,
    ) -> Lanes:
        """Run lanes ``shape``; with ``draw`` the library draws their stimulus, and what is given is a guide."""
        buffers = Buffers.of(
            self._sharing,
            stimulus,
            shape=shape,
            monitors=len(self.harness.monitors),
            lengths=None if lengths is None else self._lengths(lengths, *shape),
            observed=None
            if not observe
            else self.build.stimulus.words
            if draw and draw.shown
            else self.build.observed.words,
            covers=len(self.harness.covers) if hits or hit_ticks else None,
            hit_ticks=hit_ticks,
            select=select,
            touched=touched,
        )
        call = buffers.call(fresh=fresh, seed=start_seed(seed), zero=self._zero, draw=draw, stop=stop, stimuli=stimuli)
        fault, ending = self._call(call)
        assumed = (number for number, monitor in enumerate(self.harness.monitors) if monitor.assumption)
        return replace(buffers.lanes(fault, ending), assumptions=tuple(assumed))

    def coverage(self) -> Counts:
        """Return how often each point of ``points`` was hit since the last ``zero_coverage``."""
        if self._zero:
            return np.zeros(len(self._which), np.uint32)
        return (self._counts + self._lost)[self._which]

    def zero_coverage(self) -> None:
        """Count from zero again."""
        self._zero = True

    def _check(self, stimulus: npt.NDArray[np.uint32], axes: tuple[str, ...]) -> None:
        words = self.build.stimulus.words
        if stimulus.ndim == len(axes) + 1 and stimulus.shape[-1] == words and stimulus.dtype == np.uint32:
            return
        raise InputError(
            "PE822",
            f"stimulus is {stimulus.dtype}{list(stimulus.shape)}",
            where=self.harness.top,
            allowed=f"it is uint32[{', '.join(axes)}, {words}]",
            hint="Layout.pack makes such rows",
        )

    def _lengths(self, lengths: npt.NDArray[Any], lanes: int, ticks: int) -> npt.NDArray[np.int32]:
        if lengths.shape == (lanes,) and lengths.dtype.kind in "iu" and not ((lengths < 0) | (lengths > ticks)).any():
            return lengths.astype(np.int32)
        raise InputError(
            "PE822",
            f"lengths is {lengths.dtype}{list(lengths.shape)}",
            where=self.harness.top,
            allowed=f"it holds {lanes} integers from 0 to {ticks}",
        )

    def close(self) -> None:
        """End the worker; arrays that were given out stay valid."""
        if self._worker:
            self._worker.close()
            self._worker = None
        self._sharing.close()

    def _call(self, call: Call) -> tuple[Fault | None, str]:
        """Run a call; return the fault and how the design ended a lane, where it did."""
        worker = self._ready()
        try:
            worker.ask(call, self._sharing, self.timeout)
        except Silence:
            return self._fault(worker, Verdict.TIMEOUT), ""
        except Gone:
            return self._fault(worker, Verdict.ERROR), ""
        except BaseException:
            self._lose(worker)
            raise
        self._counted(call)
        report = worker.report()
        return None, f"{report.message} at {report.file}:{report.line}" if report.message else ""

    def _counted(self, call: Call) -> None:
        if call.zero:
            self._zero = False
            self._lost.fill(0)

    def _ready(self) -> Worker:
        """Return a worker that runs; one that was ended between two calls is replaced."""
        if self._worker and not self._worker.alive:
            self._lose(self._worker)
        if self._worker is None:
            self._lost += self._counts
            self._counts.fill(0)
            self._worker = self._started()
        return self._worker

    def _started(self) -> Worker:
        sources = self.harness.design.sources
        try:
            return Worker(
                self.build.worker,
                self.build.library,
                self._control,
                memory_limit=self._memory_limit,
                sandbox=self._sandbox,
                readable=(*(file.parent for file in sources.files), *sources.include_dirs),
            )
        except OSError as error:
            raise not_started(self.build, str(error)) from error

    def _lose(self, worker: Worker) -> None:
        self.restarts += 1
        worker.close()
        self._worker = None

    def _fault(self, worker: Worker, verdict: Verdict) -> Fault:
        """Take the worker away and tell why it gave no answer; ToolError PE821 where it never began to work."""
        status = worker.end(_GRACE_SECONDS if verdict is Verdict.ERROR else 0.0)
        report, complaint = worker.report(), worker.complaints()
        self._lose(worker)
        if not report.ready and verdict is Verdict.ERROR:
            raise not_started(self.build, report.message or complaint or f"exit status {status}")
        if verdict is Verdict.TIMEOUT:
            return Fault(verdict=verdict, sentence=too_long(self.build, self.timeout), lane=report.finished)
        return Fault(
            verdict=verdict, sentence=why(self.build, report, status, self._memory_limit), lane=report.finished
        )
