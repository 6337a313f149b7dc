"""How a start keeps its time: schedules shrink or stretch so that they, and the polishing after them, end together."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

CHUNK, FIRST_CHUNK = 20_000, 100
"""Moves between two looks at the clock: at most, and before the first."""
SOON, LATE = 0.05, 0.2
"""Seconds between two looks that let the next part be twice as long, or half."""

SPARE = 1.25
"""Part of the time of earlier linear programs that is kept for later ones, which may take more rounds."""

Clock = Callable[[], float]
"""Returns seconds, counted from any moment."""


@dataclass(kw_only=True, slots=True)
class Costs:
    """Seconds that the work of a problem takes on this machine; the starts of a search share and fill it."""

    move: float = 0.0
    """A move of a start's first schedule, with what the later ones add; 0 as long as it is not known."""
    polish: float = 0.0
    """All linear programs after one schedule."""
    rest: float = 0.0
    """What a start does beside moves, polishing included."""
    firm: bool = False
    """Whether a start left aspects that could not be mended."""

    def start(self, moves: float) -> float:
        """Return what a start with a first schedule of ``moves`` takes, 0 where not known yet."""
        return self.move * moves + self.rest if self.move else 0.0


@dataclass(kw_only=True, slots=True)
class Pace:
    """What one start may take. Without an end, schedules keep their length and the result repeats bit for bit."""

    over: Callable[[], bool] = lambda: False
    """Whether to stop as soon as possible."""
    clock: Clock = time.monotonic
    end: float = math.inf
    """Reading of ``clock`` at which the start should have ended."""
    longest: float = 1.0
    """How many times longer than asked a schedule may become."""
    costs: Costs = field(default_factory=Costs)
    used: float = 0.0
    """Seconds that schedules took so far."""
    safe: bool = False
    """Whether the start has a legal layout already, so that it may be cut."""

    @property
    def left(self) -> float:
        """Seconds until the end."""
        return self.end - self.clock()

    def room(self, share: float, polishes: int) -> float:
        """Return the seconds for a schedule: ``share`` of what is left beside so many polishings."""
        return share * (self.left - polishes * SPARE * self.costs.polish)

    def parts(self, moves: int, room: float) -> Iterator[tuple[int, int, int]]:
        """Yield begin, end and total of the parts of a schedule of ``moves`` that shall take ``room`` seconds.

        The total changes from part to part with the speed measured; begin is the same share of it that was done.
        """
        deadline = self.clock() + room
        begin, total, made, used, size = 0, moves, 0, 0.0, FIRST_CHUNK
        while begin < total and not self.over():
            end = min(total, begin + size)
            before = self.clock()
            yield begin, end, total
            took = self.clock() - before
            size = min(2 * size, CHUNK) if took < SOON else max(size // 2, 1) if took > LATE else size
            made, used, self.used = made + end - begin, used + took, self.used + took
            begin, total = self._rescaled(end, total, moves, deadline, made / used if used > 0 else math.inf)

    def _rescaled(self, done: int, total: int, moves: int, deadline: float, speed: float) -> tuple[int, int]:
        if done >= total or math.isinf(deadline) or math.isinf(speed):
            return done, total
        share = done / total
        fit = max(0.0, deadline - self.clock()) * speed
        fitting = int(min(fit / (1 - share), moves * self.longest))
        return (int(share * fitting), fitting) if fitting * (1 - share) >= 1 and share * fitting >= 1 else (done, done)
