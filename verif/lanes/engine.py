"""The lane engine: what the batch engine does, many lanes in one step, also with stimulus drawn where it is used."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from verif.lanes.build import LanesBuild
from verif.lanes.drawing import drawn_rows
from verif.sim.batch import Batch, Lanes
from verif.sim.batch.engine import MEMORY_LIMIT
from verif.sim.batch.layout import Rows
from verif.sim.sandbox import Sandbox


class LaneEngine(Batch):
    """Runs lanes of a lane build. All calls of ``Batch`` give what it gives, except that each lane begins anew.

    Registers without a start value begin at 0 for the seed None, else at values of their own in each lane.
    """

    def __init__(
        self,
        build: LanesBuild,
        *,
        timeout: float = 60.0,
        memory_limit: int = MEMORY_LIMIT,
        sandbox: Sandbox | None = None,
    ) -> None:
        super().__init__(build, timeout=timeout, memory_limit=memory_limit, sandbox=sandbox)

    def drawn(
        self,
        lanes: int,
        ticks: int,
        *,
        draw: int,
        lengths: npt.NDArray[Any] | None = None,
        observe: bool = False,
        hits: bool = False,
        hit_ticks: bool = False,
        seed: int | None = 1,
    ) -> Lanes:
        """Run lanes whose stimulus is drawn from the seed ``draw`` (32 bits); ``rows`` tells what any of them got."""
        return self._played(
            None,
            (lanes, ticks),
            lengths=lengths,
            observe=observe,
            hits=hits,
            hit_ticks=hit_ticks,
            seed=seed,
            draw=draw & 0xFFFFFFFF,
        )

    def rows(self, lanes: list[int], ticks: int, *, draw: int) -> Rows:
        """Return the rows ``[lanes, ticks, words]`` that the lanes with these numbers get from ``draw``."""
        return drawn_rows(self.harness, lanes, ticks, draw & 0xFFFFFFFF)
