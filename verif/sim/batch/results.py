"""What a batch call gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.sim.batch.layout import Rows
from verif.verdict import Verdict

Ticks = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Why a call did not run to its end."""

    verdict: Verdict
    """TIMEOUT or ERROR."""
    sentence: str
    lane: int
    """The lane in which it happened; the lanes before it are whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lanes:
    """What became of the lanes of one call. After a fault, lanes from ``fault.lane`` on hold nothing: -1 and 0."""

    first_fail: Ticks
    """``[lanes, monitors]``: the tick in which a monitor first failed, -1 where it never did."""
    seen: Counts
    """``[lanes, monitors]``: in how many ticks the monitor's condition was met; 0 is vacuous."""
    ended: Ticks
    """``[lanes]``: the last tick that counts, where the lane ended before its rows did: the design ended it itself with
    $finish or $stop, or the next tick breaks an assumption; -1 where all count, -2 where none does."""
    ending: str = ""
    """How and where the last lane that ended itself did, in a few words."""
    observed: Rows | None = None
    """``[lanes, ticks, words]``, 0 after a lane's end; None where nobody asked."""
    hits: Counts | None = None
    """``[lanes, words]``: bit n of word n // 32 is 1 where the point ``covers[n]`` was hit in a sampled tick; None
    where nobody asked."""
    hit_ticks: Ticks | None = None
    """``[lanes, points]``: the first tick in which the point was hit, -1 for never; None where nobody asked."""
    differs: Ticks | None = None
    """``[lanes]``: the first tick in which an observed port is not what the original shows, -1 for never; None where no
    mutants ran."""
    touched: Ticks | None = None
    """``[lanes]``: the first tick whose edge leaves a register with another value than the original's, -1 for never;
    None where nobody looked."""
    fault: Fault | None = None
    assumptions: tuple[int, ...] = ()
    """Monitors that judge the stimulus: where they fail, the lane ends, and that is no failure of the design."""

    @property
    def verdict(self) -> Verdict:
        """FAIL where a monitor failed, else the fault's verdict, else PASS; UNKNOWN where no lane ran."""
        if failures(self.first_fail, self.assumptions).any():
            return Verdict.FAIL
        if self.fault:
            return self.fault.verdict
        return Verdict.PASS if len(self.first_fail) else Verdict.UNKNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What became of one run: ``Lanes`` without the first axis."""

    first_fail: Ticks
    seen: Counts
    ended: int
    ending: str = ""
    observed: Rows | None = None
    hits: Counts | None = None
    fault: Fault | None = None
    assumptions: tuple[int, ...] = ()

    @classmethod
    def of(cls, lanes: Lanes) -> Run:
        """Return the only lane of ``lanes``."""
        return cls(
            first_fail=lanes.first_fail[0],
            seen=lanes.seen[0],
            ended=int(lanes.ended[0]),
            ending=lanes.ending,
            observed=None if lanes.observed is None else lanes.observed[0],
            hits=None if lanes.hits is None else lanes.hits[0],
            fault=lanes.fault,
            assumptions=lanes.assumptions,
        )

    @property
    def verdict(self) -> Verdict:
        """FAIL where a monitor failed, else the fault's verdict, else PASS."""
        if failures(self.first_fail, self.assumptions).any():
            return Verdict.FAIL
        return self.fault.verdict if self.fault else Verdict.PASS


def failures(first_fail: Ticks, assumptions: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return which monitors failed, on the last axis those that judge the design alone."""
    return np.asarray(np.delete(first_fail, list(assumptions), axis=-1) >= 0)
