"""The time of a comparison, where other work on the machine may slow it down."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass, field


def _processor() -> float:
    """Return the processor seconds of this process and of those that it started and that ended."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


@dataclass
class Budget:
    """Seconds to spend: of the clock, or on a busy machine of the processor."""

    seconds: float
    patience: float = 1.0
    """How many times as long as ``seconds`` it may take by the clock, where others have the processor."""
    _started: float = field(default_factory=time.monotonic)
    _worked: float = field(default_factory=_processor)

    @property
    def clock(self) -> float:
        """Seconds since the start, by the clock."""
        return time.monotonic() - self._started

    @property
    def spent(self) -> float:
        """Seconds spent: those of the processor, at least the clock's share that patience leaves."""
        clock = self.clock
        return min(clock, max(_processor() - self._worked, clock / self.patience))

    @property
    def left(self) -> float:
        """Seconds to spend."""
        return self.seconds - self.spent

    def by_clock(self, seconds: float) -> float:
        """Return how long work of so many seconds may take by the clock, as slow as the machine has been so far."""
        spent = self.spent
        slow = self.clock / spent if spent > 0 else 1.0
        return seconds * min(slow, self.patience)
