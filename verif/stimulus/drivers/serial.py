"""Serial lines: what a UART receiver listens to, and the subordinate's side of SPI."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from verif.stimulus.drivers.base import DATA_STYLES, Driver, Sample, Settings, draw

CLEAN, NOISY = "clean", "noisy"


class UartLine(Driver):
    """Send UART frames on a line that rests at 1: start bit, data from the lowest bit on, parity, stop bits.

    ``rate`` 9 sends frame after frame without a gap. ``errors`` breaks the stop or the parity bit of a frame, now and
    then with a long break; ``glitches`` puts short lows into the gaps. ``edges`` ``noisy`` leaves the first and the
    last quarter of each bit to chance: a receiver that samples in the middle doesn't mind.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {
        "rate": 6,
        "data": DATA_STYLES,
        "errors": 0,
        "glitches": 0,
        "edges": (CLEAN, NOISY),
    }

    def __init__(
        self,
        *,
        ports: Mapping[str, str],
        knobs: Mapping[str, str],
        bit_cycles: int,
        data_bits: int = 8,
        parity: int = 0,
        stop_bits: int = 1,
    ) -> None:
        """``parity``: 0 none, 1 even, 2 odd."""
        super().__init__(ports=ports, knobs=knobs)
        self.bit_cycles = bit_cycles
        self.data_bits = data_bits
        self.parity = parity
        self.stop_bits = stop_bits
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.levels: list[int] = []
        """Levels of the cycles to come, the next one last."""
        self.data = 0

    def idle(self) -> dict[str, int]:
        return self.put(dict.fromkeys(self.ports, 1))

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        if not self.levels:
            self.levels = self._frame(settings) if self.chance(settings, "rate") else self._gap(settings)
            self.levels.reverse()
        return self.put(dict.fromkeys(self.ports, self.levels.pop()))

    def _gap(self, settings: Settings) -> list[int]:
        quiet = [1] * self.rng.randint(1, self.bit_cycles)
        if self.chance(settings, "glitches"):
            return [0] * self.rng.randint(1, max(1, self.bit_cycles // 2)) + quiet
        return quiet

    def _frame(self, settings: Settings) -> list[int]:
        self.data = draw(self.rng, self.data_bits, self.word(settings, "data"), self.data)
        bits = [0, *(self.data >> index & 1 for index in range(self.data_bits))]
        if self.parity:
            bits.append(self.data.bit_count() + (self.parity == 2) & 1)
        bits += [1] * self.stop_bits
        if self.chance(settings, "errors"):
            bits = self._broken(bits)
        noisy = self.word(settings, "edges") == NOISY
        return [level for bit in bits for level in self._bit(bit, noisy)]

    def _broken(self, bits: list[int]) -> list[int]:
        trouble = self.rng.choice(("stop", "parity", "break"))
        if trouble == "parity" and self.parity:
            bits[self.data_bits + 1] ^= 1
            return bits
        if trouble == "break":
            return [0] * self.rng.randint(len(bits), 2 * len(bits)) + [1]
        return [*bits[: -self.stop_bits], 0, 1]

    def _bit(self, bit: int, noisy: bool) -> list[int]:
        quarter = self.bit_cycles // 4 if noisy and self.bit_cycles >= 8 else 0
        steady = [bit] * (self.bit_cycles - 2 * quarter)
        return [*self._noise(quarter), *steady, *self._noise(quarter)]

    def _noise(self, cycles: int) -> list[int]:
        return [self.rng.getrandbits(1) for _ in range(cycles)]


class SpiSubordinate(Driver):
    """Answer an SPI master on ``miso``, most significant bit first, the next bit at each edge that isn't sampled.

    ``mode`` is CPOL and CPHA as usual (0 to 3). ``line`` ``noisy`` gives a random level in each cycle: only what the
    master samples counts.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"data": DATA_STYLES, "line": (CLEAN, NOISY)}
    DRIVES: ClassVar[tuple[str, ...]] = ("miso",)

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], data_bits: int = 8, mode: int = 0
    ) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.data_bits = data_bits
        self.shift_level = int(mode in (1, 2))
        """Level of ``sclk`` after the edge at which the next bit is put out."""
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.word_out = 0
        self.left = 0
        self.clock: int | None = None
        self.selected = False

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        selected = "cs_n" not in self.ports or outputs.get(self.ports["cs_n"]) == 0
        clock = outputs.get(self.ports.get("sclk", ""))
        if selected and not self.selected:
            self._load(settings)
        elif selected and self.clock not in (None, clock) and clock == self.shift_level:
            self.left -= 1
            if self.left <= 0:
                self._load(settings)
        self.selected, self.clock = selected, clock
        if self.word(settings, "line") == NOISY:
            return self.put({"miso": self.rng.getrandbits(1)})
        return self.put({"miso": self.word_out >> max(0, self.left - 1) & 1})

    def _load(self, settings: Settings) -> None:
        self.word_out = draw(self.rng, self.data_bits, self.word(settings, "data"), self.word_out)
        self.left = self.data_bits
