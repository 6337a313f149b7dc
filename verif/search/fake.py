"""An engine without a simulator: the harness is a Python class. It ships for tests and for trying things out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from verif.harness.model import COVERS, WORD, Field, Harness, Observed
from verif.search.engine import Stimulus
from verif.sim.batch.results import Fault, Lanes
from verif.verdict import Verdict


class FakeTop(Protocol):
    """A harness as Python: values of stimulus fields in; observed ports, ``fail_*``, ``seen_*`` and covers out."""

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        """Return the outputs of this cycle by the harness's port names, then take the clock edge."""


class FakeHang(Exception):
    """Raised by a fake harness that shall not answer: its lane gets the verdict TIMEOUT."""


class FakeEngine:
    """Runs the object that ``make`` gives, reset between lanes by the resets of its stimulus, or made anew."""

    def __init__(self, harness: Harness, make: Callable[[], FakeTop]) -> None:
        self.harness = harness
        self._make = make
        self._top = make()

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
        """Simulate the lanes one after the other; ``seed`` makes no difference."""
        count, ticks, _ = stimulus.shape
        first = np.full((count, len(self.harness.monitors)), -1, np.int32)
        seen = np.zeros((count, len(self.harness.monitors)), np.uint32)
        observed = np.zeros((count, ticks, _width(self.harness.observed)), np.uint32) if observe else None
        covered = np.full((count, len(self.harness.covers)), -1, np.int32)
        ended = np.full(count, -1, np.int32)
        fault: Fault | None = None
        for lane in range(count):
            if fresh:
                self._top = self._make()
            try:
                rows = stimulus[lane, : ticks if lengths is None else int(lengths[lane])]
                shown = None if observed is None else observed[lane]
                ended[lane] = self._lane(rows, first[lane], seen[lane], shown, covered[lane])
            except FakeHang:
                self._top = self._make()
                covered[lane] = -1
                fault = Fault(verdict=Verdict.TIMEOUT, sentence="the fake does not answer", lane=lane)
                break
        return Lanes(
            first_fail=first,
            seen=seen,
            ended=ended,
            observed=observed,
            hits=_as_words(covered >= 0) if hits or hit_ticks else None,
            hit_ticks=covered if hit_ticks else None,
            fault=fault,
            assumptions=tuple(n for n, monitor in enumerate(self.harness.monitors) if monitor.assumption),
        )

    def _lane(
        self,
        rows: npt.NDArray[np.uint32],
        first: npt.NDArray[np.int32],
        seen: npt.NDArray[np.uint32],
        observed: npt.NDArray[np.uint32] | None,
        covered: npt.NDArray[np.int32],
    ) -> int:
        """Return the last row that counts, as ``Lanes.ended`` has it."""
        self._reset()
        for tick, row in enumerate(rows):
            outputs = self._top.step(_unpacked(self.harness.stimulus, row))
            broken = [n for n, one in enumerate(self.harness.monitors) if one.assumption and outputs.get(one.fail, 0)]
            if broken:
                first[broken] = tick
                return tick - 1 if tick else -2
            for number, monitor in enumerate(self.harness.monitors):
                seen[number] += outputs.get(monitor.seen, 0)
                if outputs.get(monitor.fail, 0) and first[number] < 0:
                    first[number] = tick
            for number in range(len(covered)):
                if outputs.get(COVERS, 0) >> number & 1 and covered[number] < 0:
                    covered[number] = tick
            if observed is not None:
                observed[tick] = _packed(self.harness.observed, outputs)
        return -1

    def _reset(self) -> None:
        resets = {f"stim_rst_{reset.name}": 1 for reset in self.harness.resets}
        idle = {field.name: field.default for field in self.harness.stimulus} | resets
        for _ in range(self.harness.reset_ticks):
            self._top.step(idle)


def _width(entries: tuple[Observed, ...]) -> int:
    return sum(entry.words for entry in entries)


def _unpacked(fields: tuple[Field, ...], row: npt.NDArray[np.uint32]) -> dict[str, int]:
    values: dict[str, int] = {}
    start = 0
    for field in fields:
        words = row[start : start + field.words]
        values[field.name] = sum(int(word) << WORD * index for index, word in enumerate(words))
        start += field.words
    return values


def _packed(entries: tuple[Observed, ...], outputs: Mapping[str, int]) -> list[int]:
    return [outputs[e.name] >> WORD * index & 0xFFFF_FFFF for e in entries for index in range(e.words)]


def _as_words(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint32]:
    """Return flags [lanes, points] as bits of words."""
    whole = np.zeros((len(flags), -(-flags.shape[1] // WORD) * WORD), np.uint8)
    whole[:, : flags.shape[1]] = flags
    return np.packbits(whole, axis=1, bitorder="little").view("<u4").astype(np.uint32)
