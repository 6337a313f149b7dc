"""Shrink a failing stimulus inside of one simulator process.

Two kinds of steps, each keeping the stimulus legal for whoever wrote the drivers:

- the plan's points with other seeds: the earliest failure of the same check wins (drivers stay in charge);
- delta debugging of the rows: cycles are taken out where ``free`` says that no driver keeps a protocol, columns and
  single values that ``columns`` names are set to 0.

A budget of simulated cycles bounds the work, so the same job gives the same result.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from cocotb.handle import HierarchyObject

Row = tuple[int, ...]
_FAILURE = re.compile(r"(\w+ [\w-]+): cycle (\d+): (.*)", re.DOTALL)


class Shrinker:
    """Knows the smallest failing stimulus so far and what the search for a smaller one may still cost."""

    def __init__(self, work: dict[str, Any], scratch: Path, dut: HierarchyObject, make_tb: Callable[..., Any]) -> None:
        self.check: str = work["check"]
        self.inputs: list[str] = work["inputs"]
        self.resets: dict[str, int] = work["resets"]
        self.budget: int = work["budget"]
        self.best: list[Row] = [tuple(row) for row in work["rows"]]
        self.message = ""
        self.tried = 0
        self._scratch = scratch
        self._dut = dut
        self._make_tb = make_tb

    async def fails(self, rows: list[Row]) -> bool:
        """Replay ``rows``; where the same check fails they become the best, cut after the failure."""
        self.tried += 1
        self.budget -= len(rows)
        stored = {"id": "candidate", "inputs": self.inputs, "rows": rows}
        self._scratch.write_text(json.dumps(stored), encoding="utf-8")
        tb = self._make_tb(self._dut, "candidate", judged=True)
        try:
            await tb.replay(self._scratch)
        except AssertionError as failure:
            return self._same(str(failure), rows)
        return False

    def _same(self, text: str, rows: list[Row]) -> bool:
        match = _FAILURE.match(text)
        if match is None or match[1] != self.check:
            return False
        self.best = rows[: int(match[2]) + 1]
        self.message = text
        return True

    async def other_seeds(self, points: list[dict[str, Any]], seeds: list[int]) -> None:
        """Run the points with other seeds until each has failed, at most up to the best failure's length."""
        testbench: Any = importlib.import_module(type(self._make_tb(self._dut, "seeds", judged=True)).__module__)
        kept, limit = testbench.SEED, self.budget // 2
        for seed in seeds:
            testbench.SEED = seed
            for point in points:
                if self.budget > limit:
                    await self._play(point)
        testbench.SEED = kept

    async def _play(self, point: dict[str, Any]) -> None:
        tb = self._make_tb(self._dut, point["id"], judged=True)
        rows: list[Row] = []
        advance = tb.cycle

        async def cycle(stimulus: dict[str, int]) -> None:
            if len(rows) >= len(self.best):
                raise _TooLongError
            try:
                await advance(stimulus)
            finally:
                rows.append(tuple(tb.seen[name] for name in self.inputs))

        tb.cycle = cycle
        try:
            await tb.start()
            for step in point["steps"]:
                await (tb.reset() if step is None else tb.run(*step))
        except _TooLongError:
            pass
        except AssertionError as failure:
            if len(rows) < len(self.best):
                self._same(str(failure), rows)
        self.budget -= len(rows)

    async def take_out_rows(self) -> None:
        """Take out runs of cycles, long ones first; the leading reset stays."""
        size = max(1, len(self.best) // 2)
        while size and self.budget > 0:
            start, shorter = self._lead(), False
            while start < len(self.best) and self.budget > 0:
                before = len(self.best)
                if await self.fails(self.best[:start] + self.best[start + size :]):
                    shorter = shorter or len(self.best) < before
                else:
                    start += size
            if not shorter or size > 1:
                size //= 2

    def _lead(self) -> int:
        """Return how many rows at the start hold a reset."""
        columns = [(self.inputs.index(name), level) for name, level in self.resets.items()]
        for number, row in enumerate(self.best):
            if not any(row[column] == level for column, level in columns):
                return number
        return len(self.best)

    async def set_to_zero(self, names: list[str]) -> None:
        """Set whole columns to 0, then single values."""
        columns = [self.inputs.index(name) for name in names]
        for column in columns:
            if self.budget > 0 and any(row[column] for row in self.best):
                await self.fails([_without(row, column) for row in self.best])
        for column in columns:
            for number in range(len(self.best)):
                if self.budget <= 0:
                    return
                if number < len(self.best) and self.best[number][column]:
                    rows = list(self.best)
                    rows[number] = _without(rows[number], column)
                    await self.fails(rows)


class _TooLongError(Exception):
    """A run is already as long as the best failure."""


def _without(row: Row, column: int) -> Row:
    return (*row[:column], 0, *row[column + 1 :])


def shrink(
    work: dict[str, Any], result: Path, make_tb: Callable[..., Any]
) -> Callable[[HierarchyObject], Coroutine[Any, Any, None]]:
    """Return the cocotb test that shrinks ``work`` and writes the best stimulus to ``result``."""

    async def run(dut: HierarchyObject) -> None:
        shrinker = Shrinker(work, result.with_suffix(".candidate.json"), dut, make_tb)
        reproduced = await shrinker.fails(shrinker.best)
        if reproduced:
            await shrinker.other_seeds(work["points"], work["seeds"])
            if work["free"]:
                await shrinker.take_out_rows()
            await shrinker.set_to_zero(work["columns"])
            if work["free"]:
                await shrinker.take_out_rows()
        found = {"reproduced": reproduced, "rows": shrinker.best, "message": shrinker.message, "tried": shrinker.tried}
        result.write_text(json.dumps(found), encoding="utf-8")

    return run
