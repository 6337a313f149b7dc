"""An AXI4-Lite master (AMBA AXI, IHI 0022, part B)."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import ClassVar

from verif.stimulus.drivers.base import (
    ADDRESS_STYLES,
    DATA_STYLES,
    RUNS,
    STROBES,
    Addresses,
    Driver,
    Pace,
    Sample,
    Settings,
    draw,
    lanes,
)

ORDERS = ("any", "together", "address_first", "data_first")


class AxiLiteMaster(Driver):
    """Read and write over AXI4-Lite, both sides at the same time, one access a side outstanding.

    Each valid stays with its payload until its ready. ``order`` delays one of write address and write data by some
    cycles, never until the other's ready. ``overlap`` lets the next write begin before the last one's response.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {
        "write": 5,
        "read": 5,
        "runs": RUNS,
        "order": ORDERS,
        "bready": 6,
        "rready": 6,
        "address": ADDRESS_STYLES,
        "data": DATA_STYLES,
        "strobe": STROBES,
        "overlap": 0,
    }
    DRIVES: ClassVar[tuple[str, ...]] = (
        *("awvalid", "awaddr", "awprot", "wvalid", "wdata", "wstrb", "bready"),
        *("arvalid", "araddr", "arprot", "rready"),
    )

    def __init__(
        self,
        *,
        ports: Mapping[str, str],
        knobs: Mapping[str, str],
        addr_width: int,
        data_width: int = 32,
        addresses: Sequence[int] = (),
    ) -> None:
        """``addresses`` are the design's registers, where known."""
        super().__init__(ports=ports, knobs=knobs)
        self.data_width = data_width
        self.addresses = Addresses(width=addr_width, step=data_width // 8, listed=addresses)
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.write_pace, self.read_pace = Pace(), Pace()
        self.addresses.recent.clear()
        self.delay: dict[str, int] = {}
        """Channel (aw, w, ar) with something to send, to the cycles until its valid rises."""
        self.responses = {"b": 0, "r": 0}
        """Responses that are still to come."""
        self.shown: dict[str, int] = {"awaddr": 0, "awprot": 0, "wdata": 0, "wstrb": 0, "araddr": 0, "arprot": 0}
        self.ready = {"b": 0, "r": 0}

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self._follow(outputs)
        self._maybe_write(settings)
        self._maybe_read(settings)
        self.ready = {"b": int(self.chance(settings, "bready")), "r": int(self.chance(settings, "rready"))}
        valids = {f"{channel}valid": int(self.delay.get(channel) == 0) for channel in ("aw", "w", "ar")}
        return self.put({**self.shown, **valids, "bready": self.ready["b"], "rready": self.ready["r"]})

    def _follow(self, outputs: Sample) -> None:
        """Note what was transferred in the last cycle and let the delays run."""
        for channel, left in list(self.delay.items()):
            if left > 0:
                self.delay[channel] = left - 1
            elif self.high(outputs, f"{channel}ready"):
                del self.delay[channel]
        for channel, ready in self.ready.items():
            if ready and self.responses[channel] and self.high(outputs, f"{channel}valid"):
                self.responses[channel] -= 1

    def _maybe_write(self, settings: Settings) -> None:
        go_on = self.write_pace.tick(self.rng, self.rate(settings, "write"), self.word(settings, "runs"))
        busy = "aw" in self.delay or "w" in self.delay
        if not go_on or busy or (self.responses["b"] and not self.chance(settings, "overlap")):
            return
        self.responses["b"] += 1
        self.shown["awaddr"] = self.addresses.draw(self.rng, self.word(settings, "address"))
        self.shown["awprot"] = self.rng.randrange(8)
        self.shown["wdata"] = draw(self.rng, self.data_width, self.word(settings, "data"), self.shown["wdata"])
        self.shown["wstrb"] = lanes(self.rng, self.data_width // 8, self.word(settings, "strobe"))
        order = self.word(settings, "order")
        order = self.rng.choice(ORDERS[1:]) if order == "any" else order
        later = self.rng.randint(1, 6)
        self.delay["aw"] = later if order == "data_first" else 0
        self.delay["w"] = later if order == "address_first" else 0

    def _maybe_read(self, settings: Settings) -> None:
        go_on = self.read_pace.tick(self.rng, self.rate(settings, "read"), self.word(settings, "runs"))
        if not go_on or "ar" in self.delay or self.responses["r"]:
            return
        self.responses["r"] += 1
        self.shown["araddr"] = self.addresses.draw(self.rng, self.word(settings, "address"))
        self.shown["arprot"] = self.rng.randrange(8)
        self.delay["ar"] = 0
