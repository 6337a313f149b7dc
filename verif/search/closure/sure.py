"""Hits that don't hang on a start value: shown by models that start from several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.search.engine import Engine, Stimulus

STARTS = (1, 2, 3, 4, 5, 6)
"""Seeds of start values, for designs with state that no reset sets; a bit that is lucky in one is seldom so in all."""


def sure_ticks(
    engine: Engine, stimulus: Stimulus, starts: Sequence[int], *, lengths: npt.NDArray[Any] | None = None
) -> npt.NDArray[np.int32]:
    """Return the first tick of each hit, [lanes, points], on new models; -1 where one of the ``starts`` shows none.

    Where they show it in different ticks it is the last of them.
    """
    found: npt.NDArray[np.int32] | None = None
    for seed in starts:
        ticks = engine.lanes(stimulus, lengths=lengths, hit_ticks=True, fresh=True, seed=seed).hit_ticks
        assert ticks is not None
        found = ticks if found is None else np.where((found < 0) | (ticks < 0), -1, np.maximum(found, ticks))
    assert found is not None
    return found.astype(np.int32)
