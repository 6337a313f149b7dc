"""A design compiled with its harness, as tests by hand use it: run a lane, look at ports, check what must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verif.errors import ToolError
from verif.harness.model import Harness
from verif.search.checks import Check, checks_of
from verif.search.judging import JudgeBroke, Observed, TraceJudge
from verif.search.lane import Lane, row_of
from verif.search.shrink_rows import RowShape, Stimulus
from verif.sim.batch import Batch, Layout


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A check that failed."""

    check: Check
    cycle: int
    """The row in which it first failed."""
    message: str = ""

    def __str__(self) -> str:
        told = f"{self.check.oracle} {self.check.id}: cycle {self.cycle}"
        return ": ".join(part for part in (told, self.message or self.check.title) if part)


class Seen:
    """What the design's ports showed, row by row, and which checks failed."""

    def __init__(self, harness: Harness, observed: Observed, broken: Sequence[Broken]) -> None:
        self._layout = Layout.of(harness.observed)
        self._names = {entry.port: entry.name for entry in harness.observed}
        self._rows = observed
        self.broken = tuple(sorted(broken, key=lambda one: one.cycle))
        """The first failure of each check, the earliest first."""

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, port: str) -> list[int]:
        values: list[int] = self._layout.get(self._rows, self._names[port], integers=True).tolist()
        return values

    def row(self, cycle: int) -> dict[str, int]:
        """Return all ports' values in one cycle; negative numbers count from the end."""
        return {port: int(self._value(cycle, name)) for port, name in self._names.items()}

    def _value(self, cycle: int, name: str) -> int:
        return int(self._layout.get(self._rows[cycle : cycle + 1 or None], name, integers=True)[0])


class Compiled:
    """A compiled design. Every run begins with a reset, on a fresh model, and is judged by all checks.

    ``judge`` adds the bench's own Python for ``checks`` that no monitor of the harness stands for.
    """

    def __init__(self, batch: Batch, checks: Sequence[Check] = (), judge: TraceJudge | None = None) -> None:
        self.batch = batch
        self.checks = tuple(checks) or checks_of(batch.harness, (), {})
        self.shape = RowShape(batch.harness.stimulus)
        self._judge = judge

    @property
    def harness(self) -> Harness:
        """What the design is compiled with; strategies are made for it."""
        return self.batch.harness

    def run(self, lane: Lane | Stimulus) -> Seen:
        """Run a lane; ToolError PE862 where the design hangs or crashes."""
        rows = lane.stimulus if isinstance(lane, Lane) else lane
        result = self.batch.run(rows, observe=True, fresh=True)
        if result.fault:
            raise ToolError("PE862", f"{self.harness.design.top} did not run to the end: {result.fault.sentence}")
        assert result.observed is not None
        broken = [Broken(check=check, cycle=cycle) for check, cycle in self._monitored(result.first_fail)]
        return Seen(self.harness, result.observed, [*broken, *self._by_bench(result.observed)])

    def check(self, lane: Lane | Stimulus) -> Seen:
        """Run a lane; AssertionError tells the first check that fails, its oracle and the cycle."""
        seen = self.run(lane)
        if seen.broken:
            raise AssertionError(str(seen.broken[0]))
        return seen

    def operate(self) -> Operation:
        """Return a run that grows row by row, for tests that decide by what they see."""
        return Operation(self)

    def _monitored(self, first_fail: npt.NDArray[np.int32]) -> list[tuple[Check, int]]:
        monitored = [(check, int(first_fail[check.monitor])) for check in self.checks if check.monitor is not None]
        return [(check, cycle) for check, cycle in monitored if cycle >= 0]

    def _by_bench(self, observed: Observed) -> list[Broken]:
        wanted = {check.id: check for check in self.checks if check.monitor is None}
        if not wanted or self._judge is None:
            return []
        try:
            judged = self._judge.judge(observed[np.newaxis], list(wanted))
        except JudgeBroke as broke:
            raise ToolError("PE862", broke.sentence) from broke
        failed = {name: int(first[0]) for name, first in judged.first_fail.items() if first[0] >= 0}
        return [
            Broken(check=wanted[name], cycle=cycle, message=judged.messages[name, 0]) for name, cycle in failed.items()
        ]


class Operation:
    """A run that grows: each tick runs all rows so far again, which at compiled speed costs next to nothing."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._rows = compiled.shape.pack([])

    @property
    def lane(self) -> Lane:
        """The rows so far."""
        return Lane(self._compiled.shape, self._rows)

    def tick(self, cycles: int = 1, **asked: int) -> dict[str, int]:
        """Ask for something in the next rows; return the ports as sampled in the last of them.

        Names are those of the stimulus without ``stim_``; what isn't named asks for nothing. AssertionError tells the
        first check that fails, InputError PE861 a name or value that is wrong.
        """
        row = row_of(self._compiled.shape, asked)
        self._rows = np.concatenate((self._rows, np.repeat(row, cycles, axis=0)))
        return self._compiled.check(self._rows).row(-1)
