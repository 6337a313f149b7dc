"""What all stimulus drivers share: the interface, the pace of events, and values worth trying.

A driver owns some input ports of the design. ``drive`` is called once before each cycle with the settings of the
phase and with what was seen in the last cycle (outputs as sampled just before the edge, and the inputs applied
then); it returns the values of its ports for the coming cycle. Standard library only: benches carry this text.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import ClassVar

Settings = Mapping[str, int | str]
"""Knob name to setting: a rate from 0 (never) to 9 (always), or a word."""
Sample = Mapping[str, int | None]
"""Port name to the value seen in the last cycle; None where it was X or Z."""

DATA_STYLES = ("mixed", "uniform", "corners", "small", "count", "walk", "sparse", "hold")
RUNS = ("random", "bursts", "long")
STROBES = ("mixed", "full", "any")
ADDRESS_STYLES = ("mixed", "low", "any", "sweep", "unaligned")


class Driver:
    """A stimulus source; subclasses name their signals and knobs and implement ``drive``."""

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {}
    """Knob to its default rate, or to its words, the default first."""
    DRIVES: ClassVar[tuple[str, ...]] = ()
    """Signals that the driver drives, the rest of its ports is watched; empty where it drives all but WATCHES."""
    WATCHES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str]) -> None:
        self.ports = dict(ports)
        self.knobs = dict(knobs)
        self.rng = random.Random(0)

    def reset(self, rng: random.Random) -> None:
        """Forget everything and take random numbers from ``rng`` from now on."""
        self.rng = rng

    def idle(self) -> dict[str, int]:
        """Return the values of the driven ports for a tick in which reset is active; quiet unless told otherwise."""
        return {port: 0 for signal, port in self.ports.items() if self.owns(signal)}

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        """Return the values of the driven ports for the next cycle."""
        raise NotImplementedError

    @classmethod
    def owns(cls, signal: str) -> bool:
        """Whether ``signal`` is driven, not watched."""
        return signal in cls.DRIVES if cls.DRIVES else signal not in cls.WATCHES

    def rate(self, settings: Settings, knob: str) -> int:
        """Return the setting of a rate knob, its default where the phase doesn't say."""
        default = self.KNOBS[knob]
        return int(settings.get(self.knobs.get(knob, knob), default if isinstance(default, int) else 0))

    def word(self, settings: Settings, knob: str) -> str:
        """Return the setting of a knob with words, the first word where the phase doesn't say."""
        words = self.KNOBS[knob]
        return str(settings.get(self.knobs.get(knob, knob), words[0] if isinstance(words, tuple) else ""))

    def chance(self, settings: Settings, knob: str) -> bool:
        """Draw once at the rate of ``knob``."""
        return self.rng.randrange(9) < self.rate(settings, knob)

    def high(self, outputs: Sample, signal: str) -> bool:
        """Whether ``signal`` is connected and was 1 in the last cycle."""
        return bool(outputs.get(self.ports.get(signal, "")))

    def put(self, values: Mapping[str, int]) -> dict[str, int]:
        """Translate signals to ports; signals that aren't connected are left out."""
        return {self.ports[signal]: value for signal, value in values.items() if signal in self.ports}


class Pace:
    """Decides cycle by cycle whether something happens: at a rate, in runs of some length."""

    LONGEST: ClassVar[dict[str, int]] = {"random": 1, "bursts": 15, "long": 63}

    def __init__(self) -> None:
        self._setting: tuple[int, str] | None = None
        self._left = 0
        self._on = False

    def tick(self, rng: random.Random, rate: int, runs: str) -> bool:
        """Return whether it happens in this cycle; ``rate`` ninths of all runs are on."""
        if self._setting != (rate, runs):
            self._setting = (rate, runs)
            self._left = 0
        if self._left == 0:
            self._on = rng.randrange(9) < rate
            self._left = rng.randint(1, self.LONGEST[runs])
        self._left -= 1
        return self._on


class Addresses:
    """Draws addresses and comes back to recent ones, so that reads meet writes."""

    def __init__(self, *, width: int, step: int = 1, listed: Sequence[int] = ()) -> None:
        self.top = (1 << width) - 1
        self.step = step
        self.listed = [address & self.top for address in listed]
        self.recent: list[int] = []

    def draw(self, rng: random.Random, style: str) -> int:
        """Return an address, a multiple of ``step`` unless the style is ``unaligned``."""
        address = self._fresh(rng, style)
        self.recent = [address, *self.recent[:3]]
        return address

    def _fresh(self, rng: random.Random, style: str) -> int:
        if style == "mixed":
            if self.recent and rng.random() < 0.4:
                return rng.choice(self.recent)
            style = rng.choice(("low", "low", "low", "any", "sweep"))
        if style == "sweep":
            return self._after(self.recent[0]) if self.recent else 0
        if style == "low":
            return rng.choice(self.listed) if self.listed else self._aligned(rng.randrange(16) * self.step)
        if style == "unaligned" and self.step > 1:
            return self._fresh(rng, "low") | rng.randrange(1, self.step)
        return self._aligned(rng.randint(0, self.top))

    def _after(self, address: int) -> int:
        if address in self.listed:
            return self.listed[(self.listed.index(address) + 1) % len(self.listed)]
        return self._aligned(address + self.step)

    def _aligned(self, address: int) -> int:
        return (address & self.top) // self.step * self.step


def draw(rng: random.Random, width: int, style: str, last: int = 0) -> int:
    """Return a value of ``width`` bits in one of DATA_STYLES; ``last`` is the value before it."""
    top = (1 << width) - 1
    if style == "mixed":
        style = rng.choice(("uniform", "uniform", "uniform", "corners", "small", "hold"))
    if style == "uniform":
        return rng.getrandbits(width)
    if style == "corners":
        return corner(rng, width)
    if style == "small":
        return min(top, rng.choice((0, 1, 7, rng.randint(0, 7), rng.randint(0, 7))))
    if style == "count":
        return (last + 1) & top
    if style == "sparse":
        return 1 << rng.randrange(width) if rng.random() < 0.3 else 0
    if style == "walk":
        return last << 1 & top if last and last & (last - 1) == 0 and last << 1 <= top else 1
    return last & top


def lanes(rng: random.Random, width: int, style: str) -> int:
    """Return byte enables in one of STROBES: all of them, or any."""
    full = (1 << width) - 1
    if style == "full" or (style == "mixed" and rng.random() < 0.6):
        return full
    return rng.randint(0, full)


def corner(rng: random.Random, width: int) -> int:
    """Return 0, all ones, a single 1 or 0, two neighbouring ones, or a neighbour of a power of two."""
    top = (1 << width) - 1
    bit = 1 << rng.randrange(width)
    return rng.choice((0, top, bit, top ^ bit, 3 * bit & top, bit - 1, (bit + 1) & top, 1 << (width - 1), top >> 1))
