"""What four-state lanes and Icarus show for the same stimulus, bit by bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from verif.harness.model import Harness
from verif.lanes.fourstate.harness import split
from verif.lanes.fourstate.icarus import FourStates
from verif.sim.batch.layout import Layout, Rows


@dataclass(frozen=True, kw_only=True, slots=True)
class PortDifference:
    """Counts of a port's bits, over all lanes and ticks."""

    port: str
    bits: int
    differing: int
    """Known in both, and not the same: never, or a rule is wrong."""
    only_lanes_know: int
    """Known in lanes and X in Icarus: never, or Icarus is later to see what the source says."""
    only_icarus_knows: int
    """Extra X of lanes."""
    unknown: int
    """X in both."""

    @property
    def sound(self) -> bool:
        """Whether all that lanes know is so in Icarus."""
        return not (self.differing or self.only_lanes_know)


def differences(harness: Harness, observed: Rows, icarus: FourStates) -> tuple[PortDifference, ...]:
    """Compare port by port; ``observed`` is what lanes of ``four_state(harness)`` showed."""
    return tuple(_ports(harness, observed, icarus))


def _ports(harness: Harness, observed: Rows, icarus: FourStates) -> Iterator[PortDifference]:
    values, known = split(harness, observed)
    for slot, port in zip(Layout.of(harness.observed).slots, harness.observed, strict=True):
        mine, theirs = known[..., slot.span], icarus.known[..., slot.span]
        both = mine & theirs
        ticks = int(np.prod(observed.shape[:-1]))
        yield PortDifference(
            port=port.port,
            bits=ticks * slot.width,
            differing=_count((values[..., slot.span] ^ icarus.values[..., slot.span]) & both),
            only_lanes_know=_count(mine & ~theirs),
            only_icarus_knows=_count(theirs & ~mine) - ticks * (32 * slot.words - slot.width),
            unknown=_count(~mine & ~theirs),
        )


def _count(bits: Rows) -> int:
    return int(np.bitwise_count(bits).sum())
