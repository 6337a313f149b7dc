"""Requesters in front of an arbiter."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from verif.stimulus.drivers.base import RUNS, Driver, Pace, Sample, Settings


class Requester(Driver):
    """Raise request lines, each at a rate of its own pace.

    With ``hold`` ``until_granted`` a line stays high until its grant was seen and falls then, unless ``again`` keeps
    it; ``free`` lets lines rise and fall at will. ``lines`` picks who requests: any, all at once, one at a time.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {
        "rate": 5,
        "runs": RUNS,
        "hold": ("until_granted", "free"),
        "lines": ("any", "all", "one"),
        "again": 3,
    }
    DRIVES: ClassVar[tuple[str, ...]] = ("req",)

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str], width: int) -> None:
        """``width`` is the number of request lines."""
        super().__init__(ports=ports, knobs=knobs)
        self.width = width
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.paces = [Pace() for _ in range(self.width)]
        self.request = 0

    def idle(self) -> dict[str, int]:
        return self.put({"req": self.rng.getrandbits(self.width)})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        held = self._held(settings, outputs) if self.word(settings, "hold") == "until_granted" else 0
        self.request = held | self._wanted(settings, held)
        return self.put({"req": self.request})

    def _held(self, settings: Settings, outputs: Sample) -> int:
        """Return the lines that go on: those without a grant, and some of those with one."""
        grants = (outputs.get(self.ports.get("gnt", "")) or 0) & self.request
        again = sum(1 << line for line in range(self.width) if self.chance(settings, "again"))
        return self.request & ~grants | grants & again

    def _wanted(self, settings: Settings, held: int) -> int:
        rate, runs, lines = self.rate(settings, "rate"), self.word(settings, "runs"), self.word(settings, "lines")
        if lines == "any":
            return sum(pace.tick(self.rng, rate, runs) << line for line, pace in enumerate(self.paces))
        if held or not self.paces[0].tick(self.rng, rate, runs):
            return 0
        return (1 << self.width) - 1 if lines == "all" else 1 << self.rng.randrange(self.width)
