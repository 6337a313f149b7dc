"""What the solver says about a harness's monitors: whether a rule can be broken, whether its condition can be met."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from verif.campaign.proof_result import Condition
from verif.errors import ToolError, Unsupported
from verif.formal.bmc import Bounded, Solver, Status
from verif.formal.harness import check_monitor, failing_rows
from verif.harness.model import Harness, Monitor
from verif.sim.process import Processes
from verif.verdict import PointStatus, ProofStatus

DEEPEST = 200
"""Ticks after the reset to which a bounded check goes where nobody says how deep; few come so far in their time."""
_CONDITION_DEPTH = 20
_CONDITION_SHARE = 0.25
"""Part of a property's time for its condition."""

Row = tuple[int, ...]
"""A value for each field of the stimulus port."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """The solver's answer about a monitor."""

    status: ProofStatus
    bound: int | None
    method: str = ""
    seconds: float = 0.0
    condition: Condition = field(default_factory=Condition)
    rows: Sequence[Row] = ()
    """FAILED: the stimulus after the reset, the last row fails."""
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decider:
    """Asks one solver about one harness."""

    harness: Harness
    folder: Path
    processes: Processes
    solver: str
    depth: int | None = None
    """Ticks after the reset; None: as many as the time allows."""

    def decide(self, monitor: Monitor, seconds: float) -> Decided:
        """Return what is found out about ``monitor`` in ``seconds``.

        A solver that breaks is told, not raised; ToolError PE872 where it is missing.
        """
        started = time.monotonic()
        try:
            condition = self._condition(monitor, seconds * _CONDITION_SHARE)
            left = max(1.0, seconds - (time.monotonic() - started))
            found = self._check(monitor, self.depth or DEEPEST, left)
        except (ToolError, Unsupported) as error:
            if error.code == "PE872":
                raise
            spent = time.monotonic() - started
            return Decided(status=ProofStatus.UNKNOWN, bound=None, seconds=spent, why=error.sentence)
        return replace(self._decided(found), seconds=time.monotonic() - started, condition=condition)

    def _decided(self, found: Bounded) -> Decided:
        ticks = max(0, found.bound - self.harness.reset_ticks)
        if found.status is Status.FAILED:
            rows = failing_rows(self.harness, found)
            return Decided(status=ProofStatus.FAILED, bound=len(rows) - 1, method="bounded", rows=rows)
        if ticks:
            return Decided(status=ProofStatus.BOUNDED, bound=ticks, method="bounded")
        return Decided(status=ProofStatus.UNKNOWN, bound=0)

    def _condition(self, monitor: Monitor, seconds: float) -> Condition:
        met = self._check(replace(monitor, fail=monitor.seen), min(_CONDITION_DEPTH, self.depth or DEEPEST), seconds)
        if met.status is Status.FAILED:
            return Condition(status=PointStatus.HIT, bound=len(failing_rows(self.harness, met)) - 1)
        return Condition(bound=max(0, met.bound - self.harness.reset_ticks))

    def _check(self, monitor: Monitor, depth: int, seconds: float) -> Bounded:
        folder = self.folder / monitor.fail
        folder.mkdir(parents=True, exist_ok=True)
        solver = Solver(name=self.solver, seconds=seconds)
        return check_monitor(self.harness, monitor, folder, depth=depth, processes=self.processes, solver=solver)
