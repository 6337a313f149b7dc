"""What a user can choose about a regression."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from verif.sim.seam import WaveFormat


class WavePolicy(StrEnum):
    """Which tests leave waves behind."""

    NEVER = "never"
    FAIL = "fail"
    """A failing test is run again, with the same seed, to get its waves."""
    ALWAYS = "always"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOptions:
    """How to run a bench; the defaults are what ``posedge run BENCH`` does."""

    tests: str | None = None
    """Glob on test names; None takes all."""
    configs: tuple[str, ...] = ()
    """Names of configurations; empty means all of the bench."""
    seeds: tuple[int, ...] = (1,)
    simulators: tuple[str, ...] = ()
    """Simulators that must be there; empty means those of the bench that are installed."""
    sources: tuple[Path, ...] = ()
    """RTL that takes the place of the bench's files that define the same modules."""
    properties: tuple[Path, ...] = ()
    """Files with properties that are judged beside the bench's own."""
    coverage: bool = False
    waves: WavePolicy = WavePolicy.NEVER
    wave_format: WaveFormat = WaveFormat.VCD
    """What waves are written as, by simulators that can."""
    timeout_seconds: float | None = None
    """For one simulator process; None takes the bench's own."""
    plusargs: tuple[str, ...] = ()
    """Put after the bench's own."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Put on top of the bench's own."""
    jobs: int = 1
    """Builds and runs that go on at the same time."""


def draw_seeds(seed: int, count: int) -> tuple[int, ...]:
    """Return ``count`` different seeds: ``seed`` itself, then what a generator seeded with it gives."""
    generator = random.Random(seed)
    seeds = [seed]
    while len(seeds) < count:
        drawn = generator.randrange(1, 2**31)
        if drawn not in seeds:
            seeds.append(drawn)
    return tuple(seeds)
