"""The solver as a proposer: its jobs, one after the other, beside simulation or in its place.

First it proves what is easy to prove and looks a few ticks from the reset for what random stimuli missed, both with
what is quick to begin with; then it proves with all its means and looks deeper, in turns. Its stimuli are run like any
other before they count, and others go on from them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from queue import Empty, SimpleQueue
from typing import Protocol

from verif.errors import PosedgeError
from verif.search.closure.board import Board
from verif.search.closure.corpus import Rows
from verif.search.closure.runner import Runner

NAME = "solver"
DEPTHS = (8, 16, 32, 64, 128, 256, 512)
"""Ticks from the reset, job by job."""
WORK_SECONDS = 300.0
"""A job's limit where the budget is work: it should never be reached, since what it cuts off depends on the machine."""
_SHARES = {"reach": 0.3, "prove": 0.5}
"""The share of the time that is left that a job may take."""
_QUICK_SHARE = 0.25
"""The same for jobs that are meant to be quick."""
_LEAST_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What a solver says about one point: exactly one of the three."""

    id: str
    rows: Rows | None = None
    """A stimulus that should hit it."""
    certain: bool = True
    """False where the stimulus rests on a start value or on an X; a deeper search may do without."""
    method: str = ""
    """What proves that nothing does; ``depth`` is the proof's."""
    depth: int = 0
    """Without rows or method: nothing does within so many ticks after the reset."""


Told = Callable[[Finding], None]


class Prover(Protocol):
    """Answers questions about points of one harness; ends early when told to stop.

    A ``quick`` job is to be done with what is quick to begin with, if it finds less.
    """

    def reach(
        self,
        bases: Mapping[str, int],
        *,
        known: Sequence[str],
        depth: int,
        seconds: float,
        quick: bool,
        told: Told,
    ) -> str:
        """Look for a stimulus for each point, up to ``depth`` ticks after the reset.

        Nothing reaches them within ``bases`` ticks, and the points ``known`` never. Return why it is not complete,
        empty where it is.
        """

    def unreachable(
        self, bases: Mapping[str, int], *, known: Sequence[str], seconds: float, quick: bool, told: Told
    ) -> str:
        """Look for a proof for each point; nothing reaches it within so many ticks after the reset."""

    def stop(self) -> None:
        """End what is running; it then returns soon."""


class Kind(StrEnum):
    """What a job asks."""

    REACH = "reach"
    PROVE = "prove"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A question to the solver."""

    kind: Kind
    depth: int
    quick: bool = False

    def __str__(self) -> str:
        return f"looking {self.depth} ticks deep" if self.kind is Kind.REACH else "proving what is left unreachable"


def jobs(deepest: int | None = None) -> tuple[Job, ...]:
    """Return the jobs in order, up to a depth: a quick proof, then looks, a proof after each."""
    depths = [depth for depth in DEPTHS if deepest is None or depth < deepest]
    depths += [deepest] if deepest else []
    first = (Job(kind=Kind.PROVE, depth=0, quick=True), Job(kind=Kind.REACH, depth=depths[0], quick=True))
    rest = [Job(kind=kind, depth=depth) for depth in depths for kind in (Kind.REACH, Kind.PROVE)]
    return (*first, *rest[1:])


@dataclass(slots=True)
class Solving:
    """Runs jobs in a thread of its own and gives what they find to the board, in the thread that asks."""

    prover: Prover
    board: Board
    jobs: tuple[Job, ...] = field(default_factory=jobs)
    at: int = 0
    """Number of the next job."""
    trouble: PosedgeError | None = None
    """Why it is asked no more."""
    why: str = ""
    """Why the last job was not complete, empty where it was."""
    behind: int | None = None
    """The first job that did not come to its end; the next call begins there."""
    unconfirmed: list[str] = field(default_factory=list)
    """Points whose stimulus did not hit them in simulation."""
    seconds: float = 0.0
    """Time that jobs took."""
    _found: SimpleQueue[Finding] = field(default_factory=SimpleQueue)
    _running: Future[tuple[float, str]] | None = None
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))

    @property
    def busy(self) -> bool:
        """Whether a job is running, or its findings are still to be taken."""
        return self._running is not None

    @property
    def able(self) -> bool:
        """Whether there is a job left that could find anything."""
        return not self.trouble and self.at < len(self.jobs) and bool(self.askable)

    @property
    def askable(self) -> tuple[str, ...]:
        """The open points that it was not already wrong about."""
        wrong = set(self.unconfirmed)
        return tuple(name for name in self.board.open if name not in wrong)

    @property
    def job(self) -> Job | None:
        """The job that is running."""
        return self.jobs[self.at - 1] if self.busy else None

    @property
    def resumes(self) -> int:
        """The job at which another call begins."""
        return self.at - self.busy if self.behind is None else self.behind

    def again(self) -> None:
        """Begin once more with the first job that did not come to its end, where all were asked."""
        if self.at >= len(self.jobs) and self.behind is not None and not self.busy:
            self.at, self.behind = self.behind, None

    def start(self, left: float | None) -> None:
        """Start the next job; ``left`` is the time that the budget leaves, None where the budget is work."""
        job = self.jobs[self.at]
        self.at += 1
        seconds = (
            WORK_SECONDS
            if left is None
            else max(_LEAST_SECONDS, left * (_QUICK_SHARE if job.quick else _SHARES[job.kind]))
        )
        if left is not None:
            seconds = min(seconds, left)
        bounds = {name: self.board.known[name].bound or 0 for name in self.askable}
        proven = [name for name, known in self.board.known.items() if known.method]
        self._running = self._threads.submit(self._run, job, bounds, proven, seconds)

    def collect(self, runner: Runner, *, wait: bool = False) -> int:
        """Take what was found by now, or all of the job; return how many points were closed by it."""
        if self._running is None:
            return 0
        done = wait or self._running.done()
        if done:
            self._ended()
        closed = self._drain(runner)
        if done:
            self._running = None
        return closed

    def _drain(self, runner: Runner) -> int:
        closed = 0
        while (finding := self._next()) is not None:
            closed += self._take(finding, runner)
        if closed:
            self.board.note(cycles=runner.effort.cycles, seconds=runner.seconds, by=NAME)
        return closed

    def wait(self, seconds: float) -> None:
        """Wait for the job's end, at most so long."""
        if self._running is not None:
            deadline = time.monotonic() + seconds
            while not self._running.done() and self._found.empty() and time.monotonic() < deadline:
                time.sleep(0.02)

    def stop(self, runner: Runner) -> None:
        """End the job, if one is running, and take what it found."""
        if self._running is not None:
            self.prover.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._drain(runner)
        self._running = None

    def _run(self, job: Job, bounds: Mapping[str, int], known: Sequence[str], seconds: float) -> tuple[float, str]:
        """Ask, in the thread; return how long it took and why it is not complete."""
        began = time.monotonic()
        told, quick = self._found.put, job.quick
        if job.kind is Kind.REACH:
            why = self.prover.reach(bounds, known=known, depth=job.depth, seconds=seconds, quick=quick, told=told)
        else:
            why = self.prover.unreachable(bounds, known=known, seconds=seconds, quick=quick, told=told)
        return time.monotonic() - began, why

    def _ended(self) -> None:
        assert self._running is not None
        try:
            seconds, self.why = self._running.result()
            self.seconds += seconds
            if self.why and self.behind is None:
                self.behind = self.at - 1
        except PosedgeError as error:
            self.trouble = error

    def _next(self) -> Finding | None:
        try:
            return self._found.get_nowait()
        except Empty:
            return None

    def _take(self, finding: Finding, runner: Runner) -> int:
        if finding.rows is not None:
            closed = len(runner.take(finding.rows, NAME))
            if finding.certain and finding.id in self.board.open:
                self.unconfirmed.append(finding.id)
            return closed
        if finding.method:
            return self.board.prove(finding.id, method=finding.method, depth=finding.depth, by=NAME)
        self.board.out_of_reach([finding.id], finding.depth)
        return 0
