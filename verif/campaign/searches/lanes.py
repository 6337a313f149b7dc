"""Lanes in a search: they take part when they are due, and are not believed alone."""

from __future__ import annotations

from collections.abc import Sequence

from verif.campaign.benches.engines import LanesWhenDue
from verif.lanes.trust import distrust
from verif.search.engine import Engine
from verif.search.explore import Budget, Explorer, Sighting
from verif.search.hunting import Hunt
from verif.search.seeds import Rows

MOST_DOUBTS = 3
"""Failures that only lanes show before they are given up."""


class SearchLanes:
    """Decides for ``Explorer`` from when on lanes take part."""

    def __init__(self, lanes: LanesWhenDue, *, lengths: Sequence[int], seed: int, recordings: Sequence[Rows]) -> None:
        """``lengths`` are those of the batch engine's lanes."""
        self._lanes = lanes
        self._lengths = lengths
        self._seed = seed
        self._recordings = recordings
        self._hunt: Hunt | None = None
        self._doubts = 0

    @property
    def settled(self) -> bool:
        """Whether it is known that lanes take part, or don't."""
        return self._lanes.settled

    def hunt(self, explorer: Explorer, budget: Budget) -> Hunt | None:
        """Return the lanes; None: not now."""
        if not any(check.in_hardware for check in explorer.open):
            return None
        left = None if budget.seconds is None else budget.seconds - explorer.seconds
        swarm = self._lanes.ready(
            are_open=len(explorer.open), examples=explorer.effort.examples, goal=budget.examples, left=left
        )
        if swarm is None:
            return None
        if self._hunt is None:
            self._hunt = Hunt(swarm, self._lengths, seed=self._seed, recordings=self._recordings)
        return self._hunt

    def broke(self, sentence: str) -> None:
        """Give lanes up."""
        self._lanes.broke(sentence)

    def doubt(self, sighting: Sighting, batch: Engine) -> None:
        """Take note of a failure that the batch engine does not show; give lanes up where that is their fault."""
        check = sighting.check
        assert self._hunt is not None and check.monitor is not None
        swarm = self._hunt.swarm
        ours = int(swarm.replayed(sighting.stimulus, seed=None).first_fail[0, check.monitor])
        alone = batch.lanes(sighting.stimulus[None], seed=None, fresh=True)
        theirs = int(alone.first_fail[0, check.monitor])
        self._doubts += 1
        if ours != theirs:
            rows = len(sighting.stimulus)
            sentence = f"lanes and the batch engine do not agree about {check.id} on a stimulus of {rows} rows."
            distrust(swarm.build, sentence)
            self.broke(f"The batch engine runs {swarm.harness.design.top} alone: {sentence}")
        elif self._doubts >= MOST_DOUBTS:
            self.broke(f"Lanes were given up: failures of {check.id} hang on what registers hold before the reset.")
