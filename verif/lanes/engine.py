"""The lane engine: what the batch engine does, many lanes in one step, also with stimulus drawn where it is used."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from verif.errors import InputError
from verif.lanes.build import LanesBuild
from verif.lanes.drawing import GROUP
from verif.sim.batch import Batch, Lanes
from verif.sim.batch.engine import MEMORY_LIMIT
from verif.sim.batch.layout import Rows
from verif.sim.batch.worker import Draw
from verif.sim.sandbox import Sandbox

SHARE = 32
"""Fewest lanes that a stimulus has of a word that several share."""


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
        guide: Rows | None = None,
        lengths: npt.NDArray[Any] | None = None,
        observe: bool = False,
        hits: bool = False,
        hit_ticks: bool = False,
        seed: int | None = 1,
    ) -> Lanes:
        """Run lanes whose stimulus is drawn from the seed ``draw`` (32 bits); ``rows`` tells what any of them got.

        It follows the plan of the build. With a ``guide`` ``[rows, words]`` lanes begin as it says and leave it
        somewhere, at its end at the latest. InputError PE822 where the guide is of another shape or type.
        """
        return self._played(
            self._guide(guide),
            (lanes, ticks),
            lengths=lengths,
            observe=observe,
            hits=hits,
            hit_ticks=hit_ticks,
            seed=seed,
            draw=Draw(seed=draw & 0xFFFFFFFF, guide=0 if guide is None else len(guide)),
        )

    def shared(
        self,
        stimuli: npt.NDArray[np.uint32],
        select: npt.NDArray[np.uint32],
        *,
        stop: bool = True,
        apart: bool = False,
        touched: bool = False,
    ) -> Lanes:
        """Run mutants as ``mutants`` does, several stimuli ``[stimuli, ticks, words]`` in one word of lanes.

        Their number is a power of two. Each takes the same share of the lanes, 32 at least; the first lane of its share
        is the original, as are all that ``select`` has no mutant for. InputError PE822 where they don't fit a word.
        """
        self._check(stimuli, ("stimuli", "ticks"))
        self._check_select(select)
        assert isinstance(self.build, LanesBuild)
        bits, count = self.build.processor.word_bits, len(stimuli)
        most = bits // SHARE
        if len(select) != bits or count < 1 or count & (count - 1) or count > most or select[:: bits // count].any():
            raise InputError(
                "PE822",
                f"{count} stimuli share {len(select)} lanes",
                where=self.harness.top,
                allowed=f"up to {most}, a power of two, share {bits}, and the first lane of each is the original",
            )
        return self._played(
            stimuli,
            (bits, stimuli.shape[1]),
            observe=False,
            hits=False,
            seed=None,
            select=select,
            stop=2 if apart else int(stop),
            touched=touched,
            stimuli=count,
        )

    def rows(self, lanes: list[int], ticks: int, *, draw: int, guide: Rows | None = None) -> Rows:
        """Return the rows ``[lanes, ticks, words]`` that the lanes with these numbers get from ``draw``."""
        found = self.build.stimulus.rows(len(lanes), ticks)
        groups = {lane // GROUP for lane in lanes} if ticks else ()
        for group in sorted(groups):
            shown = self._shown(group, ticks, draw, guide)
            for place, lane in enumerate(lanes):
                if lane // GROUP == group:
                    found[place] = shown[lane % GROUP]
        return found

    def _guide(self, guide: Rows | None) -> Rows | None:
        if guide is None or not len(guide):
            return None
        self._check(guide, ("rows",))
        return guide

    def _shown(self, group: int, ticks: int, draw: int, guide: Rows | None) -> Rows:
        """Return the rows of one group of lanes."""
        answer = self._played(
            self._guide(guide),
            (GROUP, ticks),
            observe=True,
            hits=False,
            seed=None,
            draw=Draw(
                seed=draw & 0xFFFFFFFF, guide=0 if guide is None else len(guide), shown=True, first=GROUP * group
            ),
        )
        assert answer.observed is not None
        return np.array(answer.observed)
