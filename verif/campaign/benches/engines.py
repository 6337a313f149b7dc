"""Which engine looks: lanes where they can, the batch engine beside them or alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum

from verif.coverage.probes import with_probes
from verif.errors import PosedgeError
from verif.harness.model import Harness
from verif.lanes import choose_build
from verif.lanes.beside import Beside
from verif.lanes.swarm import Swarm
from verif.lanes.trust import Chosen
from verif.plan.model import Testplan
from verif.sim.process import Processes
from verif.workspace import Workspace

BATCH_EXAMPLES = 50_000
"""With a budget of examples the batch engine has the first so many to itself: two seconds or so."""
BATCH_SECONDS = 1.5
"""With a budget of time lanes are built once the batch engine has found nothing more for so long."""
LEAST_SECONDS = 5.0
"""With less of the budget left no build is begun."""
_JOB_SECONDS = 60.0


class EngineChoice(StrEnum):
    """Who may look."""

    AUTO = "auto"
    """The batch engine, and lanes where it takes long."""
    LANES = "lanes"
    """Lanes from the beginning on, beside the batch engine."""
    BATCH = "batch"
    """The batch engine alone."""


def lanes_beside(harness: Harness, plan: Testplan, *, workspace: Workspace, probes: bool) -> Beside:
    """Return a lane build of ``harness`` to be made beside other work; ``probes`` adds coverage points to lead it."""

    def make(processes: Processes) -> Chosen:
        built = _probed(harness, plan, workspace) if probes else harness
        return choose_build(built, workspace=workspace, plan=plan, processes=processes)

    return Beside(make)


def _probed(harness: Harness, plan: Testplan, workspace: Workspace) -> Harness:
    """Return the harness with its coverage points; as it is where it can't have any."""
    try:
        return with_probes(harness, plan, workspace=workspace).harness
    except PosedgeError:
        return harness


class LanesWhenDue:
    """Builds lanes when they are due, and gives their workers once there are any."""

    def __init__(
        self,
        choice: EngineChoice,
        beside: Beside,
        *,
        note: Callable[[str], None],
        progress: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``note`` is told why lanes take no part, in a sentence; ``progress`` what is waited for."""
        self.swarm: Swarm | None = None
        self._choice = choice
        self._beside = beside
        self._note = note
        self._progress = progress
        self._clock = clock
        self._over = choice is EngineChoice.BATCH
        self._since = 0.0
        """When the batch engine last found something, or began."""
        self._were_open = -1
        self._stack = ExitStack()
        self._stack.callback(beside.close)

    def close(self) -> None:
        """End the build, where it still goes on, and the workers."""
        self._stack.close()

    def broke(self, sentence: str) -> None:
        """Give lanes up."""
        self._over, self.swarm = True, None
        self._note(sentence)

    @property
    def settled(self) -> bool:
        """Whether it is known that there are lanes, or none."""
        return self._over or self.swarm is not None

    def prepare(self) -> None:
        """Wait for lanes where nothing shall go on without them: a budget of time then begins when they are there."""
        if self._choice is EngineChoice.LANES and not self.settled:
            self._take()

    def ready(self, *, are_open: int, examples: int, goal: int | None, left: float | None) -> Swarm | None:
        """Return the workers; None: not now.

        ``are_open`` is how much is still looked for, ``examples`` were simulated of ``goal``, None where the budget is
        ``left`` seconds.
        """
        if self._over or self.swarm:
            return self.swarm
        if self._due(are_open, goal, left):
            self._beside.start()
            if self._waits(examples, goal) or (goal is None and self._beside.done):
                self._take()
        return self.swarm

    def _due(self, are_open: int, goal: int | None, left: float | None) -> bool:
        if self._beside.started or self._choice is EngineChoice.LANES:
            return True
        if goal is not None:
            return goal > BATCH_EXAMPLES
        now = self._clock()
        if are_open != self._were_open:
            self._since, self._were_open = now, are_open
        return now - self._since >= BATCH_SECONDS and (left is None or left >= LEAST_SECONDS)

    def _waits(self, examples: int, goal: int | None) -> bool:
        """Whether nothing shall go on without lanes, so that the same budget of examples gives the same result."""
        return self._choice is EngineChoice.LANES or (goal is not None and examples >= BATCH_EXAMPLES)

    def _take(self) -> None:
        if not self._beside.done:
            self._progress("building lanes")
        build, reason = self._beside.wait()
        if build is None:
            self.broke(reason)
        else:
            self.swarm = self._stack.enter_context(Swarm(build, timeout=_JOB_SECONDS))
