"""What ``Batch`` runs: a harness as a shared library that keeps to ``native/call.h``."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from verif.harness.model import Harness
from verif.sim.batch.layout import Layout
from verif.sim.batch.points import Point
from verif.sim.seam import Build


class Library(Protocol):
    """A built library: of the batch engine, or of another that takes the same calls."""

    @property
    def harness(self) -> Harness:
        """What it simulates."""

    @property
    def build(self) -> Build:
        """Where it lies, with the compilers' warnings."""

    @property
    def library(self) -> Path:
        """The shared library."""

    @property
    def worker(self) -> Path:
        """The program that runs it."""

    @property
    def stimulus(self) -> Layout:
        """The row of the stimulus port."""

    @property
    def observed(self) -> Layout:
        """The row of observed ports."""

    @property
    def points(self) -> tuple[Point, ...]:
        """Its points of code coverage."""

    @property
    def counters(self) -> int:
        """How many coverage counters it has."""
