"""Simulate lanes past those that hang or crash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from verif.search.engine import Engine, Stimulus
from verif.sim.batch.results import Fault, Lanes

NOT_SIMULATED = -2
"""In ``Lanes.ended``: the lane has no rows, since it or one before it hung."""


def simulate(
    engine: Engine,
    stimulus: Stimulus,
    *,
    observe: bool,
    fresh: bool,
    most_faults: int,
    lengths: npt.NDArray[np.int32] | None = None,
    hits: bool = False,
) -> tuple[Lanes, list[Fault]]:
    """Return the answer over all lanes and what went wrong; after a fault it goes on with the next lane.

    A lane with a fault, and all after the last fault that is borne, count as never failed. The faults' lanes are
    counted from the first of ``stimulus``.
    """
    parts: list[Lanes] = []
    faults: list[Fault] = []
    start = 0
    while start < len(stimulus):
        counted = None if lengths is None else lengths[start:]
        part = engine.lanes(stimulus[start:], lengths=counted, observe=observe, fresh=fresh, hits=hits)
        if part.fault is None:
            parts.append(part)
            break
        faults.append(replace(part.fault, lane=start + part.fault.lane))
        last = len(faults) >= most_faults
        parts.append(_cut(part, part.fault.lane, None if last else part.fault.lane + 1))
        start = len(stimulus) if last else faults[-1].lane + 1
    return (parts[0] if len(parts) == 1 else _joined(parts)), faults


def whole_lengths(answer: Lanes) -> npt.NDArray[np.int32]:
    """Return how many rows of each observed lane mean something: all, those up to where it ended itself, or none."""
    assert answer.observed is not None
    whole = np.where(answer.ended == -1, answer.observed.shape[1], answer.ended + 1)
    return np.maximum(whole, 0).astype(np.int32)


def _cut(part: Lanes, fault: int, lanes: int | None) -> Lanes:
    """Return the first lanes of an answer, those from the fault on marked."""
    ended = part.ended.copy()
    ended[fault:] = NOT_SIMULATED
    return Lanes(
        first_fail=part.first_fail[:lanes],
        seen=part.seen[:lanes],
        ended=ended[:lanes],
        ending=part.ending,
        observed=None if part.observed is None else part.observed[:lanes],
        hits=None if part.hits is None else part.hits[:lanes],
        assumptions=part.assumptions,
    )


def _joined(parts: Sequence[Lanes]) -> Lanes:
    observed = [part.observed for part in parts if part.observed is not None]
    hits = [part.hits for part in parts if part.hits is not None]
    return Lanes(
        first_fail=np.concatenate([part.first_fail for part in parts]),
        seen=np.concatenate([part.seen for part in parts]),
        ended=np.concatenate([part.ended for part in parts]),
        ending=next((part.ending for part in parts if part.ending), ""),
        observed=np.concatenate(observed) if observed else None,
        hits=np.concatenate(hits) if hits else None,
        assumptions=parts[0].assumptions,
    )
