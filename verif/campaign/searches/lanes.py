"""Lanes in a search: when they are built, when they take part, when they are not believed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from verif.campaign.benches.engines import EngineChoice
from verif.lanes.beside import Beside
from verif.lanes.swarm import Swarm
from verif.lanes.trust import distrust
from verif.search.engine import Engine
from verif.search.explore import Budget, Explorer, Sighting
from verif.search.hunting import Hunt
from verif.search.seeds import Rows

BATCH_EXAMPLES = 50_000
"""With a budget of examples the batch engine has the first so many to itself: two seconds or so."""
BATCH_SECONDS = 3.0
"""With a budget of time lanes are built once the batch engine has found nothing more for so long."""
MOST_DOUBTS = 3
"""Failures that only lanes show before they are given up."""
LEAST_SECONDS = 5.0
"""With less of the budget left no build is begun."""
_JOB_SECONDS = 60.0


class SearchLanes:
    """Decides for ``Explorer`` from when on lanes take part."""

    def __init__(
        self,
        choice: EngineChoice,
        beside: Beside,
        *,
        lengths: Sequence[int],
        seed: int,
        recordings: Sequence[Rows],
        note: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``lengths`` are those of the batch engine's lanes; ``note`` is told a sentence for the user."""
        self.reason = ""
        """Why lanes take no part, where they can't."""
        self._choice = choice
        self._beside = beside
        self._lengths = lengths
        self._seed = seed
        self._recordings = recordings
        self._note = note
        self._clock = clock
        self._hunt: Hunt | None = None
        self._doubts = 0
        self._since = 0.0
        """When the batch engine last found something, or began."""
        self._were_open = -1
        self._stack = ExitStack()
        self._stack.callback(beside.close)

    def close(self) -> None:
        """End the build, where it still goes on, and the workers."""
        self._stack.close()

    def hunt(self, explorer: Explorer, budget: Budget) -> Hunt | None:
        """Return the lanes; None: not now."""
        if self._choice is EngineChoice.BATCH or self.reason or not any(check.in_hardware for check in explorer.open):
            return None
        if self._hunt is None and self._due(explorer, budget):
            self._beside.start()
            if self._waits(explorer, budget) or (budget.examples is None and self._beside.done):
                self._take()
        return self._hunt

    def broke(self, sentence: str) -> None:
        """Give lanes up."""
        self.reason = sentence
        self._hunt = None
        self._note(sentence)

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

    def _due(self, explorer: Explorer, budget: Budget) -> bool:
        if self._choice is EngineChoice.LANES:
            return True
        if budget.examples is not None:
            return budget.examples > BATCH_EXAMPLES
        now, are_open = self._clock(), len(explorer.open)
        if are_open != self._were_open:
            self._since, self._were_open = now, are_open
        left = float("inf") if budget.seconds is None else budget.seconds - explorer.seconds
        return self._beside.started or (now - self._since >= BATCH_SECONDS and left >= LEAST_SECONDS)

    def _waits(self, explorer: Explorer, budget: Budget) -> bool:
        """Whether nothing shall go on without lanes, so that the same budget of examples gives the same search."""
        if self._choice is EngineChoice.LANES:
            return True
        return budget.examples is not None and explorer.effort.examples >= BATCH_EXAMPLES

    def _take(self) -> None:
        build, reason = self._beside.wait()
        if build is None:
            self.broke(reason)
            return
        swarm = self._stack.enter_context(Swarm(build, timeout=_JOB_SECONDS))
        self._hunt = Hunt(swarm, self._lengths, seed=self._seed, recordings=self._recordings)
