"""Both ends of a ready/valid channel; AXI-Stream is one with packets."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from verif.stimulus.drivers.base import DATA_STYLES, RUNS, Driver, Pace, Sample, Settings, draw


class StreamSource(Driver):
    """Offer data on a ready/valid channel.

    Once ``valid`` is high it stays high and the payload stays as it is until ``ready`` was high in the same cycle
    (AMBA AXI-Stream, section 2.2). While nothing is offered the payload lines carry noise. Without ``ready`` every
    beat is taken at once. With ``last``, beats come in packets; ``keep`` and ``strb`` mark the low bytes of the last
    beat; ``id`` and ``dest`` are constant in a packet. All other signals are plain payload.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {
        "rate": 6,
        "runs": RUNS,
        "data": DATA_STYLES,
        "length": ("short", "one", "long"),
    }
    WATCHES: ClassVar[tuple[str, ...]] = ("ready",)
    LONGEST: ClassVar[dict[str, int]] = {"one": 1, "short": 6, "long": 40}

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str], **widths: int) -> None:
        """Take the payload signals' widths as ``<signal>_width``."""
        super().__init__(ports=ports, knobs=knobs)
        self.widths = {name.removesuffix("_width"): width for name, width in widths.items()}
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.offering = False
        self.left = 0
        self.beat = dict.fromkeys(self.widths, 0)

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        if self.offering and ("ready" not in self.ports or self.high(outputs, "ready")):
            self.offering = False
        if not self.offering:
            self.offering = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
            if self.offering:
                self._next_beat(settings)
        shown = self.beat if self.offering else self._noise()
        return self.put({"valid": int(self.offering), **shown})

    def _noise(self) -> dict[str, int]:
        return {signal: self.rng.getrandbits(width) for signal, width in self.widths.items()} | {"last": 0}

    def _next_beat(self, settings: Settings) -> None:
        first = self.left == 0
        if first:
            self.left = self.rng.randint(1, self.LONGEST[self.word(settings, "length")])
        self.left -= 1
        style = self.word(settings, "data")
        beat = {"last": int(self.left == 0)}
        for signal, width in self.widths.items():
            if signal in ("keep", "strb"):
                beat[signal] = self._enables(width, self.left == 0)
            elif signal in ("id", "dest") and not first:
                beat[signal] = self.beat[signal]
            else:
                beat[signal] = self.payload(signal, width, style)
        if "keep" in beat and "strb" in beat:
            beat["strb"] = beat["keep"]
        self.beat = beat

    def payload(self, signal: str, width: int, style: str) -> int:
        """Return the next value of a payload signal."""
        return draw(self.rng, width, style, self.beat[signal])

    def _enables(self, width: int, last: bool) -> int:
        """Return contiguous byte enables; only a packet's last beat may be cut short."""
        count = self.rng.randint(1, width) if last and "last" in self.ports else width
        return (1 << count) - 1


class StreamSink(Driver):
    """Take data from a ready/valid channel with back-pressure.

    ``policy`` ``wait`` raises ``ready`` only after ``valid`` was seen, as a sink may; ``free`` raises it at any time.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 6, "runs": RUNS, "policy": ("free", "wait")}
    DRIVES: ClassVar[tuple[str, ...]] = ("ready",)

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str]) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.ready = False

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        ready = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
        if self.word(settings, "policy") == "wait" and "valid" in self.ports:
            ready = ready and self.high(outputs, "valid") and not self.ready
        self.ready = ready
        return self.put({"ready": int(ready)})
