"""The seam to what simulates many lanes: the batch engine, or a fake for tests."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from verif.harness.model import Harness

Stimulus = npt.NDArray[np.uint32]
"""[lanes, ticks, words]: each field of ``Harness.stimulus`` in 32-bit words, lowest first."""


class Answer(Protocol):
    """What became of some lanes."""

    @property
    def first_fail(self) -> npt.NDArray[np.int32]:
        """[lanes, monitors]: the first row in which a monitor's ``fail`` was 1, -1 where it never was."""

    @property
    def seen(self) -> npt.NDArray[np.uint32]:
        """[lanes, monitors]: in how many rows a monitor's ``seen`` was 1."""

    @property
    def observed(self) -> npt.NDArray[np.uint32] | None:
        """[lanes, ticks, words] in the layout of ``Harness.observed``, where it was asked for."""


class Engine(Protocol):
    """Simulates a harness; each lane starts with a reset of ``Harness.reset_ticks`` rows, which are not observed."""

    @property
    def harness(self) -> Harness:
        """What is simulated."""

    def lanes(
        self,
        stimulus: Stimulus,
        *,
        lengths: npt.NDArray[np.integer[Any]] | None = None,
        observe: bool = False,
        fresh: bool = False,
    ) -> Answer:
        """Simulate lanes; ``fresh`` starts each on a new model instead of one that was reset."""
