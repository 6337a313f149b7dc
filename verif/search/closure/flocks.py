"""The lane engine as a proposer: drawn lanes, half of them led by good stimuli."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from verif.lanes.swarm import Swarm
from verif.search.closure.runner import Runner, Spent
from verif.search.hunting import Hunt

_STREAM = 1
"""Of the seed's, beside that of a search."""


class Flocks:
    """Runs rounds of lanes once there are any; each turn is one round."""

    name = "lanes"
    cycles_an_example = 0

    def __init__(self, ready: Callable[[], Swarm | None], lengths: Sequence[int], *, seed: int) -> None:
        """``ready`` gives the workers, None while there are none; ``lengths`` are those of the batch engine's lanes."""
        self._ready = ready
        self._lengths = lengths
        self._seed = seed

    def able(self, turns: int) -> bool:
        """Tell whether there are lanes now."""
        return self._ready() is not None

    def turn(self, number: int, runner: Runner) -> None:
        """Run a round that is made of the corpus as it is when the turn begins."""
        swarm = self._ready()
        if swarm is None:
            return
        hunt = Hunt(swarm, self._lengths, seed=self._seed, stream=_STREAM, rounds=number)
        hunt.good = [good.rows for good in runner.corpus]
        goal = runner.limits.examples
        jobs = hunt.round(None if goal is None else max(0, goal - runner.effort.examples))
        for job, answer in swarm.run(jobs, hits=True):
            if runner.spent:
                raise Spent
            runner.drawn(job, answer, swarm, self.name)
