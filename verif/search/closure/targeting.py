"""Hypothesis, led by ``target`` to lanes that hit what is seldom hit."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import seed as seeded

from verif.harness.model import Harness
from verif.search.closure.runner import Runner
from verif.search.lane import Lane, phases

EXAMPLES = 100
"""Of a turn: a fraction of a second."""
_PHASES = 16
_CYCLES = 64


class Targeting:
    """Draws lanes of phases one by one; each turn starts anew."""

    name = "hypothesis"
    cycles_an_example = 8_000

    def __init__(self, harness: Harness, *, seed: int) -> None:
        self._lanes = phases(harness, max_phases=_PHASES, max_cycles=_CYCLES, resets=bool(harness.resets))
        self._seed = seed

    def able(self, turns: int) -> bool:
        """Tell that it always has."""
        return True

    def turn(self, number: int, runner: Runner) -> None:
        """Run examples whose score is how many points they hit, seldom ones for more."""
        worth = 1.0 / np.sqrt(1.0 + runner.frequency)

        @seeded(self._seed << 32 | number)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.target),
            suppress_health_check=list(HealthCheck),
        )
        @given(self._lanes)
        def example(lane: Lane) -> None:
            if runner.spent:
                return
            flags = runner.run(lane.stimulus[np.newaxis], self.name)
            target(float(worth[flags[0]].sum()))

        example()
