"""Operations that are started, take their time and say when they are done."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from verif.stimulus.drivers.base import DATA_STYLES, RUNS, Driver, Pace, Sample, Settings, draw


class Operation(Driver):
    """Start operations of a design and hold their operands until it is done.

    ``start`` is a pulse, or with ``hold`` ``until_done`` stays high. Done is a cycle with ``done``, or the first one
    without ``busy``, or ``cycles`` after the start; after eight times as many the driver goes on anyway. ``early``
    tries to start during an operation, ``operands`` ``moving`` changes them then: a design that samples them at the
    start doesn't mind. In reset the inputs carry noise. All signals but these three are operands, with their widths
    as ``<signal>_width``.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {
        "rate": 6,
        "runs": RUNS,
        "data": (*DATA_STYLES, "related"),
        "hold": ("pulse", "until_done"),
        "early": 0,
        "operands": ("stable", "moving"),
    }
    WATCHES: ClassVar[tuple[str, ...]] = ("done", "busy")

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str], cycles: int = 16, **widths: int) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.cycles = cycles
        self.widths = {name.removesuffix("_width"): width for name, width in widths.items()}
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.running = False
        self.waited = 0
        self.was_busy = False
        self.operands = dict.fromkeys(self.widths, 0)

    def idle(self) -> dict[str, int]:
        noise = {signal: self.rng.getrandbits(width) for signal, width in self.widths.items()}
        return self.put({"start": self.rng.getrandbits(1), **noise})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        if self.running:
            self._watch(outputs)
        begin = False
        if not self.running:
            begin = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
            if begin:
                self._begin(settings)
        start = begin or (self.running and self._insists(settings))
        moving = not begin and self.word(settings, "operands") == "moving"
        shown = {s: self.rng.getrandbits(w) for s, w in self.widths.items()} if moving else self.operands
        return self.put({"start": int(start), **shown})

    def _begin(self, settings: Settings) -> None:
        self.running, self.waited, self.was_busy = True, 0, False
        style = self.word(settings, "data")
        if style == "related":
            common = draw(self.rng, max(self.widths.values(), default=1), "mixed")
            near = {s: self.rng.choice((common, common + 1, common - 1, ~common)) for s in self.widths}
            self.operands = {signal: near[signal] & ((1 << width) - 1) for signal, width in self.widths.items()}
        else:
            self.operands = {s: draw(self.rng, w, style, self.operands[s]) for s, w in self.widths.items()}

    def _watch(self, outputs: Sample) -> None:
        """Take note of the last cycle, the first one being that of the start itself."""
        self.waited += 1
        busy = self.high(outputs, "busy")
        ended = self.was_busy and not busy
        self.was_busy = self.was_busy or busy
        if "done" in self.ports:
            ended = self.waited > 1 and self.high(outputs, "done")
        elif "busy" not in self.ports:
            ended = self.waited >= self.cycles
        if ended or self.waited >= 8 * self.cycles:
            self.running = False

    def _insists(self, settings: Settings) -> bool:
        return self.word(settings, "hold") == "until_done" or self.chance(settings, "early")
