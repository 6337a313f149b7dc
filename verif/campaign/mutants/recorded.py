"""RECORDED expectations of a bench, judged at compiled speed: its stored stimuli at the design's ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.bench.folder import RECORDED, REGRESSIONS
from verif.bench.oracles import OracleSet
from verif.bench.stored import Expected, Stored, read_stored
from verif.campaign.mutants.result import Kill
from verif.design.model import Design, Direction
from verif.harness import assemble
from verif.harness.model import FieldKind, Harness
from verif.plan.model import Testplan
from verif.sim.batch.layout import Layout, Rows
from verif.verdict import Oracle


def port_harness(design: Design) -> Harness:
    """Return a harness without transactors and monitors: each input takes stimulus as it is."""
    plan = Testplan(dut=design.top, origin="ports", drivers=(), points=())
    return assemble(design, plan, OracleSet(model=None, rules=(), drivers=()))


@dataclass(frozen=True, kw_only=True)
class RecordedTests:
    """Stored stimuli with expected outputs, as lanes of a harness at the ports."""

    harness: Harness
    tests: tuple[Stored, ...]
    unmet: Rows | None = None
    """1 for each observed bit that the design itself shows otherwise than expected: it doesn't count."""

    @classmethod
    def of(cls, bench: Path, harness: Harness) -> RecordedTests:
        """Read ``recorded.json`` and the regressions of a bench; what isn't of this design is left out."""
        ports = {field.shows for field in harness.stimulus} | {reset.name for reset in harness.resets}
        outputs = {port.name for port in harness.design.outputs}
        found = []
        for file in (bench / RECORDED, *sorted((bench / REGRESSIONS).glob("*.json"))):
            try:
                stored = read_stored(file.read_text(encoding="utf-8"))
            except (OSError, ValueError, KeyError, TypeError):
                continue
            rows = len(stored.rows) - harness.reset_ticks
            if stored.expected and rows > 0 and set(stored.inputs) <= ports and set(stored.outputs) <= outputs:
                found.append(stored)
        return cls(harness=harness, tests=tuple(found))

    @property
    def lengths(self) -> npt.NDArray[np.int32]:
        """Rows of each test."""
        return np.array([len(test.rows) for test in self.tests], np.int32)

    def stimulus(self) -> Rows:
        """Return the tests as lanes; shorter ones rest at their end.

        They hold the recorded reset too, behind that with which lanes begin: registers without a reset may keep what
        inputs were in it.
        """
        layout = Layout.of(self.harness.stimulus)
        rows = layout.rows(len(self.tests), int(self.lengths.max(initial=0)))
        for lane, test in enumerate(self.tests):
            columns = dict(zip(test.inputs, zip(*test.rows, strict=True), strict=True))
            layout.pack(dict(self._fields(columns)), into=rows[lane, : self.lengths[lane]])
        return rows

    def _fields(self, columns: dict[str, tuple[int, ...]]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        levels = {reset.name: int(reset.active_high) for reset in self.harness.resets}
        resets = iter(levels)
        for field in self.harness.stimulus:
            port = next(resets) if field.kind is FieldKind.RESET else field.shows
            if port in columns:
                values = np.array(columns[port], object)
                yield field.name, (values == levels[port]).astype(np.uint32) if port in levels else values

    def without_unmet(self, shown: Sequence[Rows]) -> RecordedTests:
        """Return the same without what the design itself does not show in each of the runs ``shown``, one at least."""
        expected, mask = self._expected
        wrong = [(observed ^ expected) & mask for observed in shown]
        return replace(self, unmet=np.bitwise_or.reduce(wrong))

    @property
    def counts(self) -> bool:
        """Whether anything is expected that counts."""
        return bool(self._expected[1].any())

    @property
    def unmet_note(self) -> str:
        """How many bits don't count and of which outputs, a sentence; empty where all count."""
        if self.unmet is None or not self.unmet.any():
            return ""
        whole = _ones(self._patterns[1])
        lost = {port: _ones(self.unmet[..., self._outputs.slot(name).span]) for port, name in self._names.items()}
        outputs = ", ".join(port for port, count in lost.items() if count)
        return (
            f"{sum(lost.values())} of {whole} recorded bits do not count, since the design itself shows others, at "
            f"least from some start values of its registers: bits of {outputs}"
        )

    def kill(self, observed: Rows) -> Kill | None:
        """Return the first expectation that the observed outputs don't meet, test after test."""
        expected, mask = self._expected
        wrong = (observed ^ expected) & mask
        for lane, test in enumerate(self.tests):
            ticks = np.flatnonzero(wrong[lane].any(axis=1))
            if ticks.size:
                row, tick = int(ticks[0]), max(0, int(ticks[0]) - self.harness.reset_ticks)
                words = {port: self._outputs.slot(name).span for port, name in self._names.items()}
                output = next(port for port in test.outputs if wrong[lane, row, words[port]].any())
                return Kill(check=f"recorded-{output}", oracle=Oracle.RECORDED, tick=tick, by="expectation")
        return None

    @cached_property
    def _outputs(self) -> Layout:
        return Layout.of(self.harness.observed)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Port to what the harness calls it."""
        return {seen.port: seen.name for seen in self.harness.observed if seen.direction is Direction.OUTPUT}

    @cached_property
    def _expected(self) -> tuple[Rows, Rows]:
        """Return what is expected and counts, and 1 for each bit of which something is."""
        expected, mask = self._patterns
        kept = mask if self.unmet is None else mask & ~self.unmet
        return expected & kept, kept

    @cached_property
    def _patterns(self) -> tuple[Rows, Rows]:
        """Return what is expected of each observed row, and 1 for each bit of which something is."""
        ticks = int(self.lengths.max(initial=0))
        expected, mask = (self._outputs.rows(len(self.tests), ticks) for _ in range(2))
        expected[...], mask[...] = 0, 0
        widths = {seen.port: seen.width for seen in self.harness.observed}
        for lane, test in enumerate(self.tests):
            rows = test.expected or ()
            for port, column in zip(test.outputs, zip(*rows, strict=True), strict=True):
                values, bits = zip(*(_pattern(want, widths[port]) for want in column), strict=True)
                for into, numbers in ((expected, values), (mask, bits)):
                    self._outputs.put(into[lane, : len(column)], self._names[port], np.array(numbers, object))
        return expected, mask


def _ones(rows: Rows) -> int:
    return int(np.unpackbits(np.ascontiguousarray(rows).view(np.uint8)).sum())


def _pattern(want: Expected, width: int) -> tuple[int, int]:
    """Return an expected value and its bits that count."""
    if want is None:
        return 0, 0
    if isinstance(want, str):
        return int(want.replace("?", "0"), 2), int("".join("0" if bit == "?" else "1" for bit in want), 2)
    return want, (1 << width) - 1
