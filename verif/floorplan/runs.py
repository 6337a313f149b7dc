"""Many starts, side by side: as many as a clock, a count or the lack of progress allows."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Container
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from verif.floorplan.keeping import Keeper, Kept
from verif.floorplan.pace import Clock, Costs, Pace
from verif.floorplan.start import Effort, Found, Task, run_start

QUICK = 8
"""The first start is this many times shorter than the others, and cut by the clock only where it has a legal layout:
there is always a result."""
PATIENCE = 40
"""Starts without a better result after which a search by time ends early."""
LOOK = 0.2
"""Seconds between two looks at the workers."""
LEAST = 0.02
"""Part of the budget that a start needs at least, beside its linear programs."""
LONGER = 2.0
"""How many times longer than useful a start may become to use the time that is left."""

Report = Callable[[float, float | None], None]
"""Told the share of the work done, 0 to 1, and the best score so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How much to search. With ``starts`` the clock is ignored and the result repeats bit for bit."""

    effort: Effort
    seed: int
    seconds: float
    starts: int | None = None
    patient: bool = False
    """Whether the whole time is used, however long nothing better is found."""
    clock: Clock = time.monotonic
    """Counts the seconds: wall time, or processor time of this process."""


class Watch:
    """Tells workers when to stop: at a time, or when told. ``spent`` of the seconds are gone already."""

    def __init__(self, seconds: float, clock: Clock, spent: float = 0.0) -> None:
        self.clock = clock
        self.began = clock() - spent
        self.seconds = seconds
        self._told = threading.Event()

    def stop(self) -> None:
        """Let every worker stop at its next look."""
        self._told.set()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.began

    @property
    def told(self) -> bool:
        """Whether ``stop`` was called."""
        return self._told.is_set()

    @property
    def over(self) -> bool:
        """Whether it is time to stop."""
        return self.told or self.elapsed >= self.seconds


def run_starts(
    task: Task,
    plan: Plan,
    score: Callable[[Found], float],
    jobs: int,
    report: Report,
    kept: Kept,
    keeper: Keeper | None = None,
) -> None:
    """Run the sequence of starts on ``jobs`` threads, those that ``kept`` has left out, and put them into ``kept``.

    The compiled stages and the linear programs run without the interpreter's lock. An interrupt ends the starts that
    are under way, each with the best that it has.
    """
    watch = Watch(plan.seconds if plan.starts is None else math.inf, plan.clock, kept.seconds)
    ended, shares = kept.found, dict.fromkeys(kept.found, 1.0)
    waiting: dict[Future[Found], int] = {}
    following = _next(0, ended)
    with ThreadPoolExecutor(jobs) as pool:
        try:
            while True:
                while len(waiting) < jobs and _go_on(plan, watch, kept.costs, ended, score, following):
                    waiting[_submit(pool, task, plan, following, watch, kept.costs, shares)] = following
                    following = _next(following + 1, ended)
                if not waiting:
                    break
                finished, _ = wait(waiting, timeout=LOOK, return_when=FIRST_COMPLETED)
                ended.update({waiting.pop(future): future.result() for future in finished})
                kept.seconds = watch.elapsed
                if keeper is not None and finished:
                    keeper.save(kept)
                best = min((score(found) for found in ended.values() if found.legal), default=None)
                report(_share(plan, watch, shares), best)
        except KeyboardInterrupt:
            kept.interrupted = True
            watch.stop()
            ended.update({number: future.result() for future, number in waiting.items()})
        finally:
            watch.stop()
            kept.seconds = watch.elapsed


def _next(number: int, ended: Container[int]) -> int:
    """Return the first start from ``number`` on that has not ended."""
    while number in ended:
        number += 1
    return number


def start_seed(seed: int, index: int) -> int:
    """Seed of start ``index``: distinct for every pair of a seed and an index below a million."""
    return (seed * 1_000_003 + index) % (2**31)


def _submit(
    pool: ThreadPoolExecutor, task: Task, plan: Plan, index: int, watch: Watch, costs: Costs, shares: dict[int, float]
) -> Future[Found]:
    effort, pace = _paced(plan, watch, costs, index)
    seed = start_seed(plan.seed, index)
    return pool.submit(run_start, task, effort, seed, pace, lambda share: shares.__setitem__(index, share))


def _paced(plan: Plan, watch: Watch, costs: Costs, index: int) -> tuple[Effort, Pace]:
    """Return the work of start ``index`` and its time: with a clock, starts share what is left of the budget."""
    effort = plan.effort
    if index == 0:
        effort = replace(effort, moves=max(1, effort.moves // QUICK), again=0)
        pace = Pace(clock=plan.clock, costs=costs)
        pace.over = lambda: watch.told or (pace.safe and watch.over)
        return effort, pace
    if plan.starts is not None or plan.patient:
        return effort, Pace(over=lambda: watch.over, clock=plan.clock, costs=costs)
    left = watch.seconds - watch.elapsed
    whole = costs.start(effort.useful * (1 + effort.again / 4))
    room = left / max(1, int(left / whole)) if whole else left
    if costs.move:
        fitting = (room - costs.rest) / costs.move / (1 + effort.again / 4)
        effort = replace(effort, moves=max(1, int(min(fitting, effort.useful * LONGER))))
    return effort, Pace(over=lambda: watch.told, clock=plan.clock, end=plan.clock() + room, longest=LONGER, costs=costs)


def _go_on(
    plan: Plan, watch: Watch, costs: Costs, ended: dict[int, Found], score: Callable[[Found], float], following: int
) -> bool:
    if following == 0:
        return True
    if plan.starts is not None:
        return following < plan.starts
    if plan.patient:
        return not watch.over
    left = watch.seconds - watch.elapsed
    return left > LEAST * watch.seconds + costs.rest and not _settled(ended, score)


def _settled(ended: dict[int, Found], score: Callable[[Found], float]) -> bool:
    order = [score(ended[index]) for index in sorted(ended) if ended[index].legal]
    return len(order) > PATIENCE and min(order[:-PATIENCE]) <= min(order[-PATIENCE:])


def _share(plan: Plan, watch: Watch, shares: dict[int, float]) -> float:
    if plan.starts is not None:
        return min(1.0, sum(shares.values()) / plan.starts)
    return min(1.0, watch.elapsed / max(plan.seconds, 1e-9))
