"""A judge of RTL that somebody wrote from a specification: a stimulus and what the outputs have to be.

A judge that can't fail proves nothing. So each judge tells which outputs never move under its stimulus, and how many
broken variants of its own reference it rejects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from verif.design.model import Design, Direction
from verif.stimulus.rows import Stimulus
from verif.verdict import Ratio

DONT_CARE = "-"
ENOUGH = 0.8
"""The part of its reference's broken variants that a judge must reject to be believed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """A stimulus with the expected outputs."""

    origin: str
    """What the expectation comes from, for example ``golden RTL counter.v``."""
    design: Design
    """Ports, clocks and resets of what is judged."""
    stimulus: Stimulus
    expected: tuple[str, ...]
    """One text a tick over all output bits, highest first: 0, 1 or ``-`` where anything is right."""
    exhaustive: bool = False
    """Whether the stimulus is all that can be put in; then what survives does the same as the reference."""
    variants: Ratio = field(default_factory=lambda: Ratio(count=0, total=0))
    """Broken variants of the reference that are rejected, out of those tried."""
    survivors: tuple[str, ...] = ()
    """The variants that are not rejected; they may do the same as the reference."""

    def complaint(self, outputs: Sequence[str]) -> str | None:
        """Return the first difference between ``outputs`` and what is expected, or None."""
        for tick, (seen, wanted) in enumerate(zip(outputs, self.expected, strict=True)):
            if not agree(seen, wanted):
                return self._difference(tick, seen, wanted)
        return None

    @property
    def stuck(self) -> tuple[str, ...]:
        """Outputs that never move where they are compared, so that a constant would pass for them."""
        return tuple(
            name
            for name, (low, high) in self._places().items()
            if len({row[low:high] for row in self.expected if DONT_CARE not in row[low:high]}) < 2
        )

    @property
    def late_unseen(self) -> bool:
        """Whether the reference's own outputs, one cycle late, would pass; for clocked designs."""
        late = (self.expected[0], *self.expected[:-1])
        return self.design.sequential and all(
            agree(seen, wanted) for seen, wanted in zip(late, self.expected, strict=True) if DONT_CARE not in seen
        )

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why this judge should not be believed, a sentence each; empty for a sound one."""
        found = []
        if self.stuck:
            found.append(f"these outputs never move under the stimulus: {', '.join(self.stuck)}")
        if self.late_unseen:
            found.append("outputs that come one cycle late would pass")
        fraction = self.variants.fraction
        if fraction is not None and fraction < ENOUGH and not self.exhaustive:
            found.append(f"only {self.variants} broken variants of the reference are rejected")
        return tuple(found)

    def _places(self) -> dict[str, tuple[int, int]]:
        """Return each output's slice of the joined text."""
        places, low = {}, 0
        for port in self.design.ports:
            if port.direction is Direction.OUTPUT:
                places[port.name] = (low, low + port.width)
                low += port.width
        return places

    def _difference(self, tick: int, seen: str, wanted: str) -> str:
        for name, (low, high) in self._places().items():
            if not agree(seen[low:high], wanted[low:high]):
                return f"cycle {tick}: {name} is {seen[low:high]}, expected {wanted[low:high]}{self._inputs(tick)}"
        raise AssertionError("the rows differ in some output")

    def _inputs(self, tick: int) -> str:
        clocks = {clock.name for clock in self.design.clocks}
        named = [f"{port}={value}" for port, value in self.stimulus.row(tick).items() if port not in clocks]
        return f" (inputs {', '.join(named[:8])})"


def agree(seen: str, wanted: str) -> bool:
    """Whether sampled bits are what is wanted; X and Z are wrong where a value is."""
    if seen == wanted:
        return True
    return all(right in (DONT_CARE, bit) for bit, right in zip(seen, wanted, strict=True))


def from_sample(outputs: Sequence[str]) -> tuple[str, ...]:
    """Return what golden RTL's outputs oblige to: X and Z oblige to nothing."""
    unknown = str.maketrans("xXzZ", DONT_CARE * 4)
    return tuple(row.translate(unknown) for row in outputs)
