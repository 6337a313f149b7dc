"""A Wishbone master, classic or pipelined by the presence of ``stall`` (Wishbone B4, sections 3.2 and 3.1.3)."""

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


class WishboneMaster(Driver):
    """Read and write over Wishbone: ``cyc``, ``stb`` and the rest are held until ``ack``, ``err`` or ``rty``.

    ``block`` keeps ``cyc`` high from one access to the next, ``pause`` leaves ``stb`` low in between. With ``stall``
    an access is taken in the first cycle without it, and ``stb`` falls while the answer is awaited. ``stray`` shows
    ``stb`` without ``cyc``, as on a shared bus. In reset the lines carry noise, which must have no effect.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {
        "rate": 7,
        "runs": RUNS,
        "write": 5,
        "block": 4,
        "pause": 3,
        "address": ADDRESS_STYLES,
        "data": DATA_STYLES,
        "strobe": STROBES,
        "stray": 0,
    }
    DRIVES: ClassVar[tuple[str, ...]] = ("cyc", "stb", "we", "adr", "dat_w", "sel", "cti", "bte")
    LONGEST: ClassVar[int] = 200
    """Cycles after which an access without an answer is given up."""

    def __init__(
        self,
        *,
        ports: Mapping[str, str],
        knobs: Mapping[str, str],
        addr_width: int,
        data_width: int = 32,
        sel_width: int = 1,
        step: int = 1,
        addresses: Sequence[int] = (),
    ) -> None:
        """``step`` is the distance of words in addresses; ``addresses`` are the design's registers, where known."""
        super().__init__(ports=ports, knobs=knobs)
        self.data_width = data_width
        self.sel_width = sel_width
        self.addresses = Addresses(width=addr_width, step=step, listed=addresses)
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.addresses.recent.clear()
        self.cyc = self.stb = False
        self.waiting = 0
        """Cycles of the access under way; 0 where there is none."""
        self.access = {"we": 0, "adr": 0, "dat_w": 0, "sel": 0}

    def idle(self) -> dict[str, int]:
        noise = {signal: int(self.rng.random() < 0.7) for signal in ("cyc", "stb", "we")}
        address = self.addresses.draw(self.rng, "mixed")
        access = {"adr": address, "dat_w": self.rng.getrandbits(self.data_width), "sel": (1 << self.sel_width) - 1}
        return self.put({"cti": 0, "bte": 0, **noise, **access})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        if self.waiting:
            self._follow(settings, outputs)
        if not self.waiting:
            self._maybe_begin(settings)
        stb = self.stb or ("cyc" in self.ports and not self.cyc and self.chance(settings, "stray"))
        return self.put({"cyc": int(self.cyc), "stb": int(stb), **self.access, "cti": 0, "bte": 0})

    def _follow(self, settings: Settings, outputs: Sample) -> None:
        answered = any(self.high(outputs, signal) for signal in ("ack", "err", "rty"))
        if answered or self.waiting >= self.LONGEST:
            self.waiting = 0
            self.stb = False
            self.cyc = answered and self.chance(settings, "block")
            return
        if "stall" in self.ports and not self.high(outputs, "stall"):
            self.stb = False
        self.waiting += 1

    def _maybe_begin(self, settings: Settings) -> None:
        if self.cyc:
            begin = not self.chance(settings, "pause")
        else:
            begin = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
        if not begin:
            return
        self.cyc = self.stb = True
        self.waiting = 1
        self.access = {
            "we": int(self.chance(settings, "write")),
            "adr": self.addresses.draw(self.rng, self.word(settings, "address")),
            "dat_w": draw(self.rng, self.data_width, self.word(settings, "data"), self.access["dat_w"]),
            "sel": lanes(self.rng, self.sel_width, self.word(settings, "strobe")),
        }
