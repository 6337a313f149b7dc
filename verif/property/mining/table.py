"""What was seen: the values of signals in the cycles of many runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.property.mining.candidate import Watched

Flags = npt.NDArray[np.bool_]
Values = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Table:
    """Values of signals, ``[lanes, ticks]`` each, and where a reset is active."""

    signals: tuple[Watched, ...]
    columns: Mapping[str, Values]
    """Path to values."""
    off: Flags
    """Where a reset is active: such cycles don't count."""
    states: Mapping[str, Mapping[str, int]]
    """Registers of state machines, and their states."""

    @cached_property
    def on(self) -> Flags:
        """Where no reset is active."""
        return ~self.off

    @cached_property
    def pairs(self) -> Flags:
        """``[lanes, ticks - 1]``: where neither this cycle nor the next is one of a reset."""
        return self.on[:, :-1] & self.on[:, 1:]

    def seen(self, signal: Watched) -> Values:
        """Return the values of a signal in the cycles that count, in one row."""
        values: Values = self.columns[signal.path][self.on]
        return values

    @cached_property
    def distinct(self) -> Mapping[str, npt.NDArray[Any]]:
        """Path to the different values that were seen, the smallest first."""
        return {signal.path: np.unique(self.seen(signal)) for signal in self.signals}
