"""Drivers of plain inputs: values, single bits, selections and addresses without a handshake."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import ClassVar

from verif.stimulus.drivers.base import (
    ADDRESS_STYLES,
    DATA_STYLES,
    RUNS,
    Addresses,
    Driver,
    Pace,
    Sample,
    Settings,
    draw,
)


class Values(Driver):
    """Drive vector inputs with values in one style; every connected signal is driven.

    ``related`` gives all of them one value, or its neighbours and complement: what comparators and subtractors need.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"style": (*DATA_STYLES, "related"), "change": 9}

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str], widths: Sequence[int]) -> None:
        """``widths`` are the ports' bits, in their order."""
        super().__init__(ports=ports, knobs=knobs)
        self.widths = dict(zip(self.ports, widths, strict=True))
        self.values = dict.fromkeys(self.ports, 0)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.values = dict.fromkeys(self.ports, 0)

    def idle(self) -> dict[str, int]:
        return self.put({signal: self.rng.getrandbits(width) for signal, width in self.widths.items()})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        style = self.word(settings, "style")
        if self.chance(settings, "change"):
            if style == "related" or (style == "mixed" and len(self.ports) > 1 and self.rng.random() < 0.2):
                self._relate()
            else:
                self.values = {s: draw(self.rng, self.widths[s], style, last) for s, last in self.values.items()}
        return self.put(self.values)

    def _relate(self) -> None:
        common = draw(self.rng, max(self.widths.values()), self.rng.choice(("uniform", "corners")))
        for signal, width in self.widths.items():
            value = self.rng.choice((common, common, common + 1, common - 1, ~common))
            self.values[signal] = value & ((1 << width) - 1)


class Configuration(Driver):
    """Drive values that configure something: a period, a threshold, a divider.

    They stay for about as many cycles as the largest of them says, once to three times, ``longest`` at most; so a
    counter that runs up to one gets there. ``change`` 0 keeps them, 9 changes them as soon as they may.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"style": ("small", "mixed", "corners", "related"), "change": 6}

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], widths: Sequence[int], longest: int = 600
    ) -> None:
        """``widths`` are the ports' bits, in their order."""
        super().__init__(ports=ports, knobs=knobs)
        self.widths = dict(zip(self.ports, widths, strict=True))
        self.longest = longest
        self.values = dict.fromkeys(self.ports, 0)
        self.left = 0

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.values = dict.fromkeys(self.ports, 0)
        self.left = 0

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self.left -= 1
        if self.left < 0 and self.chance(settings, "change"):
            self._change(self.word(settings, "style"))
            stay = max(self.values.values()) + 2
            self.left = min(self.longest, stay * self.rng.randint(1, 3) - self.rng.randint(0, 2))
        return self.put(self.values)

    def _change(self, style: str) -> None:
        limits = {signal: min(1 << width, 16) for signal, width in self.widths.items()}
        if style == "small":
            self.values = {signal: self.rng.randrange(limit) for signal, limit in limits.items()}
            return
        base = draw(self.rng, min(self.widths.values()), "mixed" if style == "related" else style)
        for signal, width in self.widths.items():
            near = self.rng.choice((base, base, base + 1, base - 1, base // 2))
            value = near if style == "related" else draw(self.rng, width, style, self.values[signal])
            self.values[signal] = value & ((1 << width) - 1)


class Bits(Driver):
    """Drive single-bit inputs, each high at one rate and in runs of its own."""

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 5, "runs": RUNS}

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str]) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.paces = {signal: Pace() for signal in self.ports}

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.paces = {signal: Pace() for signal in self.ports}

    def idle(self) -> dict[str, int]:
        return self.put({signal: self.rng.getrandbits(1) for signal in self.ports})

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        rate, runs = self.rate(settings, "rate"), self.word(settings, "runs")
        return self.put({signal: int(pace.tick(self.rng, rate, runs)) for signal, pace in self.paces.items()})


class Pulses(Driver):
    """Drive a bit that means something for one cycle: pulses of one cycle with gaps between them."""

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 4, "gap": ("any", "wide")}

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str], wide: int = 16) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.wide = wide
        self.quiet = dict.fromkeys(self.ports, 0)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.quiet = dict.fromkeys(self.ports, 0)

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        gap = self.wide if self.word(settings, "gap") == "wide" else 1
        values = dict.fromkeys(self.ports, 0)
        for signal, quiet in self.quiet.items():
            if quiet:
                self.quiet[signal] = quiet - 1
            elif self.chance(settings, "rate"):
                values[signal] = 1
                self.quiet[signal] = gap
        return self.put(values)


class Selection(Driver):
    """Drive an opcode, mode or select input from a list of meaningful values, seldom with any other.

    Without a list all values count as meaningful.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"order": ("random", "sweep", "hold"), "change": 7, "other": 0}

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], width: int, values: Sequence[int] = ()
    ) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.width = width
        self.listed = list(values) or list(range(min(1 << width, 256)))
        self.index = 0
        self.value = self.listed[0]

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.index = 0
        self.value = self.listed[0]

    def idle(self) -> dict[str, int]:
        return self.put(dict.fromkeys(self.ports, self.rng.choice(self.listed)))

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        if self.word(settings, "order") != "hold" and self.chance(settings, "change"):
            self.value = self._next(settings)
        return self.put(dict.fromkeys(self.ports, self.value))

    def _next(self, settings: Settings) -> int:
        if self.rng.randrange(36) < self.rate(settings, "other"):
            return self.rng.getrandbits(self.width)
        if self.word(settings, "order") == "sweep":
            self.index = (self.index + 1) % len(self.listed)
        else:
            self.index = self.rng.randrange(len(self.listed))
        return self.listed[self.index]


class AddressLines(Driver):
    """Drive address inputs of a memory; the ports share their recent addresses, so that they collide."""

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"style": ADDRESS_STYLES[:4], "change": 8, "same": 2}

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], width: int, listed: Sequence[int] = ()
    ) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.addresses = Addresses(width=width, listed=listed)
        self.values = dict.fromkeys(self.ports, 0)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.addresses.recent.clear()
        self.values = dict.fromkeys(self.ports, 0)

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        style = self.word(settings, "style")
        for signal in self.values:
            if self.chance(settings, "change"):
                self.values[signal] = self.addresses.draw(self.rng, style)
        if len(self.values) > 1 and self.chance(settings, "same"):
            self.values = dict.fromkeys(self.values, next(iter(self.values.values())))
        return self.put(self.values)
