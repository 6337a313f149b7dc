"""Hits that don't hang on a start value: shown by models that start from several, all with the same inputs.

A witness is replayed at the design's own ports. What the harness's transactors apply there answers to the design's
outputs; where these show a start value, the inputs of one run may do something else, or be illegal, in another one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.design.model import Direction
from verif.harness.model import Harness
from verif.search.engine import Engine, Stimulus

STARTS: tuple[int | None, ...] = (1, None, *range(2, 17))
"""Seeds of start values from which a hit must show; None is all at 0, nearer to what a run leaves behind than random
bits are. Among thousands of stimuli some are lucky from a few starts: what one start in two shows is lucky from sixteen
once in 65536 times."""
MANY: tuple[int | None, ...] = (*STARTS, *range(17, 65))
"""Those from which a witness must show what it is said to show: cutting it tries out what is just lucky enough."""
FEW = STARTS[:3]
"""Those that weed out most of what is lucky."""


def sure_ticks(
    engine: Engine,
    stimulus: Stimulus,
    starts: Sequence[int | None],
    *,
    lengths: npt.NDArray[Any] | None = None,
    needed: Collection[int] = (),
) -> npt.NDArray[np.int32]:
    """Return the first tick of each hit, [lanes, points], on new models; -1 where one of the ``starts`` shows none.

    Where they show it in different ticks it is the last of them, and up to that one the design's inputs must be the
    same from all starts. A lane that does not hit all points ``needed`` is given up: all of its ticks are -1.
    """
    counts = np.full(len(stimulus), stimulus.shape[1]) if lengths is None else lengths
    found = np.zeros((len(stimulus), len(engine.harness.covers)), np.int32)
    same = _Same(engine.harness, len(stimulus))
    left = np.arange(len(stimulus))
    for seed in starts:
        answer = engine.lanes(
            stimulus[left], lengths=counts[left], observe=len(starts) > 1, hit_ticks=True, fresh=True, seed=seed
        )
        assert answer.hit_ticks is not None
        ticks = np.where(answer.hit_ticks < 0, -1, np.maximum(found[left], answer.hit_ticks))
        ticks[found[left] < 0] = -1
        if answer.observed is not None:
            ticks[ticks >= same.until(left, answer.observed)[:, np.newaxis]] = -1
        kept = (ticks[:, list(needed)] >= 0).all(axis=1) if needed else (ticks >= 0).any(axis=1)
        ticks[~kept] = -1
        found[left] = ticks
        left = left[kept]
        if not len(left):
            break
    return found


class _Same:
    """Tells up to where the inputs of runs of the same lanes are the same."""

    def __init__(self, harness: Harness, lanes: int) -> None:
        directions = [entry.direction for entry in harness.observed for _ in range(entry.words)]
        self._inputs = np.flatnonzero([direction is not Direction.OUTPUT for direction in directions])
        self._first: npt.NDArray[np.uint32] | None = None
        self._until = np.zeros(lanes, np.int64)

    def until(self, lanes: npt.NDArray[np.intp], observed: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        """Return the first row of each lane in which inputs differ from those of an earlier call; the first has all."""
        applied = observed[:, :, self._inputs]
        if self._first is None:
            self._first = applied
            self._until[:] = applied.shape[1]
        differs = (applied != self._first[lanes]).any(axis=2)
        rows = np.where(differs.any(axis=1), differs.argmax(axis=1), applied.shape[1])
        self._until[lanes] = np.minimum(self._until[lanes], rows)
        return self._until[lanes]
