"""What probing gives: points, the hardware that shows them, and what could not be probed."""

from __future__ import annotations

from dataclasses import dataclass

from verif.coverage.model import CoverPoint
from verif.harness.model import Harness


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """A coverage point and where it shows."""

    point: CoverPoint
    expression: str
    """One bit: 1 in the sampled tick in which the point is hit, in names of the module around the harness."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbedHarness:
    """A harness whose output ``covers`` shows its coverage points."""

    harness: Harness
    """Its ``covers`` are the ids of ``points``, bit 0 first."""
    points: tuple[CoverPoint, ...]
    notes: tuple[str, ...] = ()
    """What has no point and why, a sentence each, with file and line where it has one."""
