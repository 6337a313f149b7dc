"""Which mutants can matter on which stimuli: the others do there what the design does, and needn't be run.

A probe runs the design alone, a stimulus in each lane, and tells in which of them a mutant may ever give a register, a
memory or an output another value. It tells too many, and never too few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.lanes import LaneEngine
from verif.lanes.engine import SHARE
from verif.sim.batch.layout import Rows
from verif.sim.batch.results import Ticks

COST = 3.0
"""What a run of the probe takes, in runs of a word of mutants (picorv32, sync_fifo)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Matters:
    """What a probe found on some stimuli."""

    where: npt.NDArray[np.bool_]
    """``[stimuli, mutants]``: whether a mutant may do there what the design doesn't; column n - 1 is number n."""
    original: Ticks
    """``[stimuli, monitors]``: first failures of the design."""

    def members(self, stimulus: int, numbers: Sequence[int]) -> list[int]:
        """Return the places among ``numbers`` of those that have to be run on a stimulus."""
        return [place for place, number in enumerate(numbers) if self.where[stimulus, number - 1]]

    def between(self, start: int, end: int) -> Matters:
        """Return the same of some of the stimuli."""
        return Matters(where=self.where[start:end], original=self.original[start:end])

    def fit(self, numbers: Sequence[int], word_bits: int) -> int:
        """Return how many of the stimuli, one at least, fit one word of lanes."""
        room, columns = word_bits // SHARE, np.array(numbers, np.intp) - 1
        needed = np.cumsum(-(-self.where[:, columns].sum(axis=1) // (SHARE - 1)))
        return max(1, int((needed <= room).sum()))


class Pruner:
    """A probe that starts when it is asked first."""

    def __init__(self, open_engine: Callable[[], LaneEngine]) -> None:
        self._open = open_engine
        self._engine: LaneEngine | None = None
        self._saves = 0.5
        """Part of the mutants that did not matter when it was asked last."""

    @property
    def engine(self) -> LaneEngine:
        """What runs it."""
        self._engine = self._engine or self._open()
        return self._engine

    def close(self) -> None:
        """End the engine, if it ever began."""
        if self._engine is not None:
            self._engine.close()

    def pays(self, words: int) -> bool:
        """Whether asking seems faster than running so many words of mutants."""
        return words * self._saves > COST

    def matters(self, stimuli: Sequence[Rows], *, stop: bool) -> Matters | None:
        """Run the probe on stimuli of one length; None where it breaks.

        With ``stop`` all mutants matter where the design itself fails a check: they end there, and it doesn't.
        """
        lanes = self.engine.lanes(np.stack(stimuli), hits=True, hit_ticks=True, seed=None)
        if lanes.fault is not None or lanes.hit_ticks is None:
            return None
        where = np.asarray(lanes.hit_ticks) >= 0
        checks = [n for n, monitor in enumerate(self.engine.harness.monitors) if not monitor.assumption]
        self._saves = 1 - float(where.mean())
        if stop:
            where[(lanes.first_fail[:, checks] >= 0).any(axis=1)] = True
        return Matters(where=where, original=np.array(lanes.first_fail))


def words_of(members: Sequence[Sequence[int]], word_bits: int) -> Iterator[list[tuple[int, Sequence[int]]]]:
    """Give for each word of lanes the stimuli that share it, each with the places of its mutants there.

    ``members`` are the places for each stimulus.
    """
    room = word_bits // SHARE
    shares: list[tuple[int, Sequence[int]]] = []
    for stimulus, places in enumerate(members):
        size = SHARE - 1
        shares += [(stimulus, places[start : start + size]) for start in range(0, len(places), size)]
    for start in range(0, len(shares), room):
        yield shares[start : start + room]
