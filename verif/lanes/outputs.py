"""Where the outputs of a harness lie, tick by tick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verif.harness.model import COVERS, Harness
from verif.sim.batch.layout import WORD_BITS, Layout


@dataclass(frozen=True)
class Outputs:
    """Where the outputs of a harness lie in ``out``: monitors' fails, what they saw, points, observed words."""

    harness: Harness

    @property
    def hits(self) -> int:
        """Place of the first coverage point; as many whole words of places as they need follow."""
        return 2 * len(self.harness.monitors)

    @property
    def observed(self) -> int:
        """Place of the first observed row's bit."""
        return self.hits + _padded(len(self.harness.covers))

    @property
    def count(self) -> int:
        """How many places there are."""
        return self.observed + WORD_BITS * Layout.of(self.harness.observed).words

    def places(self) -> Iterator[tuple[int, str, int]]:
        """Give place, port and bit of the port."""
        monitors = self.harness.monitors
        for number, monitor in enumerate(monitors):
            yield number, monitor.fail, 0
            yield len(monitors) + number, monitor.seen, 0
        for number in range(len(self.harness.covers)):
            yield self.hits + number, COVERS, number
        for slot in Layout.of(self.harness.observed).slots:
            for bit in range(slot.width):
                yield self.observed + WORD_BITS * slot.offset + bit, slot.name, bit


def _padded(bits: int) -> int:
    return -(-bits // WORD_BITS) * WORD_BITS
