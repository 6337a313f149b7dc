"""Stimuli that tell a mutant from the design, looked at in simulation before they count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from verif.campaign.mutants.result import Difference
from verif.design.model import Direction
from verif.harness.model import Harness, Monitor, Observed
from verif.mutation.model import Mutant
from verif.sim.batch.layout import Layout, Rows
from verif.sim.batch.results import Lanes
from verif.trace import Signal, Trace
from verif.verdict import Oracle

STARTS: tuple[int | None, ...] = (1, None, 2, 3)
"""Seeds of start values with which a difference is looked for; the first is that of a saved test."""
ENOUGH = 3
"""Of them so many must show it."""
_SHOWN = 16
"""Cycles of a difference that are drawn."""
_TAIL = 64
"""Rows at rest after a difference, in which a check may still notice it."""


class Runner(Protocol):
    """Simulates a design and its mutants in one harness."""

    harness: Harness
    """Without anything that switches mutants."""

    def lanes(self, mutant: Mutant | None, stimulus: Rows, *, observe: bool = False, seed: int | None = 1) -> Lanes:
        """Simulate lanes, each on a new model; None is the design itself."""


def packed(harness: Harness, rows: Sequence[Sequence[int]]) -> Rows:
    """Return rows of values as one lane of stimulus."""
    layout = Layout.of(harness.stimulus)
    columns = zip(harness.stimulus, zip(*rows, strict=True), strict=True)
    return layout.pack({field.name: np.array(values, object) for field, values in columns})[np.newaxis]


def values(harness: Harness, stimulus: Rows) -> tuple[tuple[int, ...], ...]:
    """Return the rows of one lane of stimulus as values of its fields."""
    layout = Layout.of(harness.stimulus)
    columns = [layout.get(stimulus, field.name, integers=True).tolist() for field in harness.stimulus]
    return tuple(zip(*columns, strict=True))


def differing(harness: Harness, one: Rows, other: Rows) -> tuple[int, tuple[str, ...]] | None:
    """Return the first tick of a lane in which outputs differ, and which do; None where none does."""
    layout = Layout.of(harness.observed)
    unlike: dict[str, npt.NDArray[np.bool_]] = {}
    for port in harness.observed:
        if port.direction is Direction.OUTPUT:
            span = layout.slot(port.name).span
            unlike[port.port] = (one[:, span] != other[:, span]).any(axis=1)
    ever = np.logical_or.reduce(list(unlike.values())) if unlike else np.zeros(len(one), bool)
    if not ever.any():
        return None
    tick = int(ever.argmax())
    return tick, tuple(name for name, ticks in unlike.items() if ticks[tick])


def outputs_differ(harness: Harness, one: Rows, other: Rows) -> bool:
    """Whether outputs of two lanes differ in any tick."""
    return differing(harness, one, other) is not None


def shown(runner: Runner, mutant: Mutant, rows: Sequence[Sequence[int]], by: str) -> Difference | None:
    """Return the difference that ``rows`` show, cut to what it takes; None where start values decide about it.

    Where a check of the harness fails on the mutant in the end, the rows go on to there.
    """
    stimulus = packed(runner.harness, rows)
    found = [each for seed in STARTS if (each := _seen(runner, mutant, stimulus, seed)) is not None]
    if len(found) < ENOUGH:
        return None
    tick, outputs = max(found)
    kept = tuple(tuple(row) for row in rows[: tick + 1])
    noticed = _noticed(runner, mutant, kept)
    if noticed is None:
        return Difference(rows=kept, outputs=outputs, by=by)
    whole, check, oracle = noticed
    return Difference(rows=whole, outputs=outputs, by=by, check=check, oracle=oracle)


def _seen(runner: Runner, mutant: Mutant, stimulus: Rows, seed: int | None) -> tuple[int, tuple[str, ...]] | None:
    one, other = (runner.lanes(each, stimulus, observe=True, seed=seed) for each in (None, mutant))
    if one.fault or other.fault or one.observed is None or other.observed is None:
        return None
    return differing(runner.harness, one.observed[0], other.observed[0])


def _noticed(
    runner: Runner, mutant: Mutant, rows: tuple[tuple[int, ...], ...]
) -> tuple[tuple[tuple[int, ...], ...], str, Oracle] | None:
    """Return the rows up to the first check that fails on the mutant, and that check."""
    rest = tuple(field.default for field in runner.harness.stimulus)
    whole = rows + (rest,) * _TAIL
    (first,) = failing(runner, mutant, packed(runner.harness, whole))
    if first is None:
        return None
    tick, monitor = first
    return whole[: max(tick + 1, len(rows))], monitor.id, monitor.oracle


def failing(runner: Runner, mutant: Mutant, stimulus: Rows) -> list[tuple[int, Monitor] | None]:
    """Return for each lane the first check, RECORDED ones left out, that fails on a mutant alone, and its tick."""
    clean, broken = (runner.lanes(each, stimulus) for each in (None, mutant))
    if clean.fault or broken.fault:
        return [None] * len(stimulus)
    judging = [
        (place, monitor)
        for place, monitor in enumerate(runner.harness.monitors)
        if monitor.judges and monitor.oracle is not Oracle.RECORDED
    ]
    found: list[tuple[int, Monitor] | None] = []
    for lane in range(len(stimulus)):
        fails = [
            (int(broken.first_fail[lane, place]), monitor)
            for place, monitor in judging
            if broken.first_fail[lane, place] >= 0 and clean.first_fail[lane, place] < 0
        ]
        found.append(min(fails, key=lambda each: each[0], default=None))
    return found


def told_apart(runner: Runner, mutant: Mutant, difference: Difference) -> Trace | None:
    """Return the end of a difference as waves: the design's ports, and the mutant's outputs where they differ."""
    stimulus = packed(runner.harness, difference.rows)
    one, other = (runner.lanes(each, stimulus, observe=True) for each in (None, mutant))
    if one.observed is None or other.observed is None or one.fault or other.fault:
        return None
    layout = Layout.of(runner.harness.observed)
    first = max(0, len(difference.rows) - _SHOWN)
    seen = [one.observed[0, first:], other.observed[0, first:]]
    signals = []
    for port in runner.harness.observed:
        columns = [layout.get(rows, port.name, integers=True).tolist() for rows in seen]
        signals.append(_signal(port, port.port, columns[0]))
        if port.direction is Direction.OUTPUT and columns[0] != columns[1]:
            signals.append(_signal(port, f"{port.port} (mutant)", columns[1]))
    return Trace(signals=tuple(signals), first=first)


def _signal(port: Observed, name: str, column: Sequence[int]) -> Signal:
    return Signal(name=name, values=tuple(column), width=port.width, direction=port.direction.value)
