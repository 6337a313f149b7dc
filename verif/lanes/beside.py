"""A lane build that is made beside other work, in a thread, since it takes longer than a batch build."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for

from verif.errors import PosedgeError
from verif.lanes.build import LanesBuild
from verif.lanes.trust import Chosen
from verif.sim.process import Processes


class Beside:
    """Makes a build when it is asked to; one that can't be made is a reason, not an error."""

    def __init__(self, make: Callable[[Processes], Chosen]) -> None:
        """``make`` runs in the thread; ``close`` ends the processes that it starts."""
        self._make = make
        self._processes = Processes()
        self._threads = ThreadPoolExecutor(max_workers=1)
        self._made: Future[tuple[LanesBuild | None, str]] | None = None

    @property
    def started(self) -> bool:
        """Whether it was asked to."""
        return self._made is not None

    @property
    def done(self) -> bool:
        """Whether it is made, or can't be."""
        return self._made is not None and self._made.done()

    def start(self) -> None:
        """Begin, once."""
        if self._made is None:
            self._made = self._threads.submit(self._run)

    def wait(self) -> tuple[LanesBuild | None, str]:
        """Return the build, or None and the reason, when it is made."""
        self.start()
        assert self._made is not None
        return self._made.result()

    def within(self, seconds: float | None) -> bool:
        """Wait at most so long, None: until it ends; say whether it is made, or can't be."""
        self.start()
        assert self._made is not None
        return bool(wait_for((self._made,), None if seconds is None else max(seconds, 0.0)).done)

    def close(self) -> None:
        """End it, wherever it is."""
        self._processes.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> tuple[LanesBuild | None, str]:
        try:
            chosen = self._make(self._processes)
        except PosedgeError as error:
            return None, error.sentence
        return (chosen.build, "") if isinstance(chosen.build, LanesBuild) else (None, chosen.reason)
