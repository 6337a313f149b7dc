"""The seam to what simulates many lanes: the batch engine, or a fake for tests."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from verif.harness.model import Harness
from verif.sim.batch.results import Lanes

Stimulus = npt.NDArray[np.uint32]
"""[lanes, ticks, words]: each field of ``Harness.stimulus`` in 32-bit words, lowest first."""


class Engine(Protocol):
    """Simulates a harness; each lane starts with a reset of ``Harness.reset_ticks`` rows, which are not observed.

    ``verif.sim.batch.Batch`` is one.
    """

    harness: Harness

    def lanes(
        self,
        stimulus: Stimulus,
        *,
        lengths: npt.NDArray[Any] | None = None,
        observe: bool = False,
        hits: bool = False,
        hit_ticks: bool = False,
        seed: int | None = 1,
        fresh: bool = False,
    ) -> Lanes:
        """Simulate lanes; ``fresh`` starts each on a new model, its registers drawn from ``seed``.

        ``hits`` and ``hit_ticks`` ask for what each lane covers of ``harness.covers``.
        """
