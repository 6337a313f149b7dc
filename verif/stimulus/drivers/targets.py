"""Bus targets with memory behind them, for designs that are APB, Wishbone or AXI4-Lite masters."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from verif.stimulus.drivers.base import RUNS, Driver, Pace, Sample, Settings
from verif.stimulus.drivers.memory import CONTENTS, Words


class BusTarget(Driver):
    """What the targets share: a memory, and a pace at which they answer."""

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 6, "runs": RUNS, "contents": CONTENTS, "errors": 0}

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], data_width: int = 32, step: int = 4
    ) -> None:
        """``step`` is the distance of words in addresses."""
        super().__init__(ports=ports, knobs=knobs)
        self.data_width = data_width
        self.step = step
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.words = Words(width=self.data_width, step=self.step)

    def willing(self, settings: Settings) -> bool:
        """Whether the target would answer in this cycle."""
        return self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))

    def value(self, outputs: Sample, signal: str, default: int = 0) -> int:
        """Return what the master showed on ``signal`` in the last cycle; 0 for X, ``default`` where not connected."""
        return outputs.get(self.ports[signal]) or 0 if signal in self.ports else default

    def noise(self) -> int:
        """Return a random word, for data lines that mean nothing."""
        return self.rng.getrandbits(self.data_width)


class ApbTarget(BusTarget):
    """Answer an APB master: ``ready`` in an access cycle ends the transfer; without ``ready`` every one does."""

    DRIVES: ClassVar[tuple[str, ...]] = ("ready", "rdata", "slverr")

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.answering = False

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        over = self.answering and self.high(outputs, "enable")
        if over and self.value(outputs, "write"):
            self.words.write(self.value(outputs, "addr"), self.value(outputs, "wdata"), self.value(outputs, "strb", -1))
        asked = self.high(outputs, "sel") and not over
        self.answering = asked and (self.willing(settings) or "ready" not in self.ports)
        error = self.answering and self.chance(settings, "errors")
        data = self.noise()
        if self.answering and not self.value(outputs, "write"):
            data = self.words.read(self.rng, self.value(outputs, "addr"), self.word(settings, "contents"))
        return self.put({"ready": int(self.answering), "rdata": data, "slverr": int(error)})


class WishboneTarget(BusTarget):
    """Answer a Wishbone master with ``ack`` for one cycle, or with ``err``; ``stb`` may be missing (it is ``cyc``)."""

    DRIVES: ClassVar[tuple[str, ...]] = ("ack", "dat_r", "err", "rty", "stall")

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.answering = False

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        asked = self.high(outputs, "cyc") and ("stb" not in self.ports or self.high(outputs, "stb"))
        self.answering = asked and not self.answering and self.willing(settings)
        error = self.answering and "err" in self.ports and self.chance(settings, "errors")
        data = self._access(settings, outputs) if self.answering and not error else self.noise()
        values = {"ack": int(self.answering and not error), "err": int(error), "rty": 0}
        return self.put({**values, "dat_r": data, "stall": 0})

    def _access(self, settings: Settings, outputs: Sample) -> int:
        address = self.value(outputs, "adr")
        if self.value(outputs, "we"):
            self.words.write(address, self.value(outputs, "dat_w"), self.value(outputs, "sel", -1))
        return self.words.read(self.rng, address, self.word(settings, "contents"))


class AxiLiteTarget(BusTarget):
    """Answer an AXI4-Lite master: readies at the pace, responses that stay until taken, one access a side."""

    DRIVES: ClassVar[tuple[str, ...]] = ("awready", "wready", "bvalid", "bresp", "arready", "rvalid", "rdata", "rresp")
    SLVERR: ClassVar[int] = 2

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.ready = {"aw": 0, "w": 0, "ar": 0}
        self.taken: dict[str, tuple[int, ...]] = {}
        """Channel to its payload, for what was accepted and not answered yet."""
        self.response = {"bvalid": 0, "bresp": 0, "rvalid": 0, "rresp": 0, "rdata": 0}

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self._follow(outputs)
        if {"aw", "w"} <= self.taken.keys() and not self.response["bvalid"] and self.willing(settings):
            (address,), (data, strobe) = self.taken.pop("aw"), self.taken.pop("w")
            self.words.write(address, data, strobe)
            self.response |= {"bvalid": 1, "bresp": self._code(settings)}
        if "ar" in self.taken and not self.response["rvalid"] and self.willing(settings):
            (address,) = self.taken.pop("ar")
            data = self.words.read(self.rng, address, self.word(settings, "contents"))
            self.response |= {"rvalid": 1, "rresp": self._code(settings), "rdata": data}
        self.ready = {c: int(c not in self.taken and self.willing(settings)) for c in self.ready}
        return self.put({**{f"{channel}ready": level for channel, level in self.ready.items()}, **self.response})

    def _follow(self, outputs: Sample) -> None:
        payload = {
            "aw": (self.value(outputs, "awaddr"),),
            "w": (self.value(outputs, "wdata"), self.value(outputs, "wstrb", -1)),
            "ar": (self.value(outputs, "araddr"),),
        }
        for channel, ready in self.ready.items():
            if ready and self.high(outputs, f"{channel}valid"):
                self.taken[channel] = payload[channel]
        for channel in ("b", "r"):
            if self.response[f"{channel}valid"] and self.high(outputs, f"{channel}ready"):
                self.response[f"{channel}valid"] = 0

    def _code(self, settings: Settings) -> int:
        return self.SLVERR if self.chance(settings, "errors") else 0
