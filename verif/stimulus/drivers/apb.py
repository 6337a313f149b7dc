"""An APB master (AMBA APB, IHI 0024)."""

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


class ApbMaster(Driver):
    """Read and write over APB: a setup cycle, then access cycles until ``ready``; all else is stable meanwhile.

    Without ``ready`` a transfer takes one access cycle. Reads carry no strobes. In reset the lines carry noise, which
    must have no effect.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {
        "rate": 7,
        "runs": RUNS,
        "write": 5,
        "address": ADDRESS_STYLES,
        "data": DATA_STYLES,
        "strobe": STROBES,
    }
    DRIVES: ClassVar[tuple[str, ...]] = ("sel", "enable", "write", "addr", "wdata", "strb", "prot")

    def __init__(
        self,
        *,
        ports: Mapping[str, str],
        knobs: Mapping[str, str],
        addr_width: int,
        data_width: int = 32,
        strb_width: int = 4,
        step: int = 4,
        addresses: Sequence[int] = (),
    ) -> None:
        """``step`` is the distance of words in addresses; ``addresses`` are the design's registers, where known."""
        super().__init__(ports=ports, knobs=knobs)
        self.data_width = data_width
        self.strb_width = strb_width
        self.addresses = Addresses(width=addr_width, step=step, listed=addresses)
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.addresses.recent.clear()
        self.phase = "idle"
        self.transfer = {"write": 0, "addr": 0, "wdata": 0, "strb": 0, "prot": 0}

    def idle(self) -> dict[str, int]:
        noise = {signal: self.rng.getrandbits(1) for signal in ("sel", "enable", "write")}
        address = self.addresses.draw(self.rng, "mixed")
        return self.put({**self.transfer, **noise, "addr": address, "wdata": self.rng.getrandbits(self.data_width)})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        if self.phase == "setup":
            self.phase = "access"
        elif self.phase == "idle" or self._answered(outputs):
            go_on = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
            self.phase = "setup" if go_on else "idle"
            if go_on:
                self._next_transfer(settings)
        selected, enabled = self.phase != "idle", self.phase == "access"
        return self.put({"sel": int(selected), "enable": int(enabled), **self.transfer})

    def _answered(self, outputs: Sample) -> bool:
        return "ready" not in self.ports or self.high(outputs, "ready")

    def _next_transfer(self, settings: Settings) -> None:
        write = self.chance(settings, "write")
        strobes = lanes(self.rng, self.strb_width, self.word(settings, "strobe"))
        self.transfer = {
            "write": int(write),
            "addr": self.addresses.draw(self.rng, self.word(settings, "address")),
            "wdata": draw(self.rng, self.data_width, self.word(settings, "data"), self.transfer["wdata"]),
            "strb": strobes if write else 0,
            "prot": self.rng.randrange(8),
        }
