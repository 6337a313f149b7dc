"""The write and the read side of a FIFO with enable, full and empty."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from verif.stimulus.drivers.base import DATA_STYLES, RUNS, Driver, Pace, Sample, Settings, draw


class FifoPush(Driver):
    """Write into a FIFO.

    A write never meets a full FIFO unless ``overrun`` says so: ``full`` was low in the last cycle, and nothing was
    written then, or the entries known to be inside (``pop`` and ``empty`` watched) leave room in ``depth``.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 5, "runs": RUNS, "data": DATA_STYLES, "overrun": 0}
    DRIVES: ClassVar[tuple[str, ...]] = ("en", "data")

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], data_width: int = 1, depth: int = 0
    ) -> None:
        """``depth`` 0 means that it isn't known."""
        super().__init__(ports=ports, knobs=knobs)
        self.data_width = data_width
        self.depth = depth
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.pushed = False
        self.inside = 0
        self.data = 0

    def idle(self) -> dict[str, int]:
        return self.put({"en": self.rng.getrandbits(1), "data": self.rng.getrandbits(self.data_width)})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self._follow(outputs)
        wanted = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
        self.pushed = wanted and (self._room(outputs) or self.chance(settings, "overrun"))
        if self.pushed:
            self.data = draw(self.rng, self.data_width, self.word(settings, "data"), self.data)
        shown = self.data if self.pushed else self.rng.getrandbits(self.data_width)
        return self.put({"en": int(self.pushed), "data": shown})

    def _follow(self, outputs: Sample) -> None:
        """Count the entries; without sight of the read side the count only grows."""
        pushed = self.pushed and not self.high(outputs, "full")
        popped = self.high(outputs, "pop") and not self.high(outputs, "empty")
        self.inside += pushed - popped

    def _room(self, outputs: Sample) -> bool:
        if "full" not in self.ports:
            return True
        return not self.high(outputs, "full") and (not self.pushed or self.inside < self.depth)


class FifoPop(Driver):
    """Read from a FIFO.

    A read never meets an empty FIFO unless ``underrun`` says so: ``empty`` was low in the last cycle, and nothing was
    read then, or more entries are known to be inside (``push`` and ``full`` watched).
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 5, "runs": RUNS, "underrun": 0}
    DRIVES: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str]) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.popped = False
        self.inside = 0

    def idle(self) -> dict[str, int]:
        return self.put({"en": self.rng.getrandbits(1)})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self._follow(outputs)
        wanted = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
        self.popped = wanted and (self._filled(outputs) or self.chance(settings, "underrun"))
        return self.put({"en": int(self.popped)})

    def _follow(self, outputs: Sample) -> None:
        """Count the entries; without sight of the write side the count only falls."""
        pushed = self.high(outputs, "push") and not self.high(outputs, "full")
        popped = self.popped and not self.high(outputs, "empty")
        self.inside += pushed - popped

    def _filled(self, outputs: Sample) -> bool:
        if "empty" not in self.ports:
            return True
        empty = outputs.get(self.ports["empty"]) != 0
        return not empty and (not self.popped or self.inside > 0)
