"""The arrays of one call in shared memory: what the worker fills, and what the caller gets of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from verif.sim.batch.layout import WORD_BITS, Rows
from verif.sim.batch.results import Counts, Fault, Lanes, Ticks
from verif.sim.batch.sharing import Place, Sharing
from verif.sim.batch.worker import Call, Draw


@dataclass(frozen=True, kw_only=True, slots=True)
class Buffers:
    """Flat arrays, one entry for each lane and monitor, or for each lane."""

    sharing: Sharing
    monitors: int
    count: int
    ticks: int
    stimulus: Rows | None
    """None where the library draws it."""
    first: Ticks
    seen: Ticks
    """Counts; the library sees them as unsigned."""
    ended: Ticks
    lengths: Ticks | None
    observed: Rows | None
    hits: Counts | None = None
    hit_ticks: Ticks | None = None
    select: Counts | None = None
    differs: Ticks | None = None
    touched: Ticks | None = None

    @classmethod
    def of(
        cls,
        sharing: Sharing,
        stimulus: Rows | None,
        *,
        shape: tuple[int, int],
        monitors: int,
        lengths: npt.NDArray[Any] | None,
        observed: int | None,
        covers: int | None = None,
        hit_ticks: bool = False,
        select: Counts | None = None,
        touched: bool = False,
    ) -> Self:
        """Return the buffers for ``stimulus``, or for stimulus that the library draws, of ``shape`` [lanes, ticks].

        ``observed`` is the words of an observed row, None for no rows; ``covers`` how many coverage points there are,
        None for no hits, ``hit_ticks`` whether their first ticks are asked for; ``select`` is each lane's mutant.
        """
        count, ticks = shape
        results = sharing.array((count * (2 * monitors + 2),), np.int32)
        first, seen, ended, cut = np.split(results, np.cumsum([count * monitors, count * monitors, count]))
        buffers = cls(
            sharing=sharing,
            monitors=monitors,
            count=count,
            ticks=ticks,
            stimulus=stimulus if stimulus is None or sharing.place(stimulus) else _copied(sharing, stimulus),
            first=first,
            seen=seen,
            ended=ended,
            lengths=None if lengths is None else cut,
            observed=None if observed is None else sharing.array((count, ticks, observed)),
            hits=None if covers is None else sharing.array((count, -(-covers // WORD_BITS))),
            hit_ticks=sharing.array((count, covers or 0), np.int32) if hit_ticks else None,
            select=None if select is None else _copied(sharing, select),
            differs=None if select is None else sharing.array((count,), np.int32),
            touched=sharing.array((count,), np.int32) if touched else None,
        )
        if lengths is not None:
            cut[:] = lengths
        buffers.clear(0)
        return buffers

    def clear(self, lane: int) -> None:
        """Take back all verdicts from ``lane`` on."""
        self.first[lane * self.monitors :] = -1
        self.seen[lane * self.monitors :] = 0
        self.ended[lane:] = -1
        if self.hits is not None:
            self.hits[lane:] = 0
        if self.hit_ticks is not None:
            self.hit_ticks[lane:] = -1
        if self.differs is not None:
            self.differs[lane:] = -1
        if self.touched is not None:
            self.touched[lane:] = -1

    def call(
        self, *, fresh: bool, seed: int, zero: bool, draw: Draw | None = None, stop: int = 0, stimuli: int = 1
    ) -> Call:
        """Return the call that fills them."""
        return Call(
            lanes=self.count,
            ticks=self.ticks,
            draw=draw,
            fresh=fresh,
            seed=seed,
            zero=zero,
            stimulus=self._place(self.stimulus),
            lengths=self._place(self.lengths),
            first_fail=self._place(self.first),
            seen=self._place(self.seen),
            ended=self._place(self.ended),
            observed=self._place(self.observed),
            hits=self._place(self.hits),
            hit_ticks=self._place(self.hit_ticks),
            select=self._place(self.select),
            differs=self._place(self.differs),
            touched=self._place(self.touched),
            stop=stop,
            stimuli=stimuli,
        )

    def lanes(self, fault: Fault | None, ending: str) -> Lanes:
        """Return what came of it; of a fault's lane and those after it nothing."""
        if fault:
            self.clear(fault.lane)
            if self.observed is not None:
                self.observed[fault.lane :] = 0
        shape = (len(self.ended), self.monitors)
        return Lanes(
            first_fail=self.first.reshape(shape).copy(),
            seen=self.seen.view(np.uint32).reshape(shape).copy(),
            ended=self.ended.copy(),
            ending=ending,
            observed=self.observed,
            hits=None if self.hits is None else self.hits.copy(),
            hit_ticks=None if self.hit_ticks is None else self.hit_ticks.copy(),
            differs=None if self.differs is None else self.differs.copy(),
            touched=None if self.touched is None else self.touched.copy(),
            fault=fault,
        )

    def _place(self, array: npt.NDArray[Any] | None) -> Place | None:
        return None if array is None else self.sharing.place(array)


def _copied(sharing: Sharing, stimulus: Rows) -> Rows:
    shared = sharing.array(stimulus.shape)
    shared[...] = stimulus
    return shared
