"""Stimulus that stirs a harness: every field has a new habit every few ticks, in each lane another."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from verif.harness.model import Field, FieldKind, Harness
from verif.sim.batch.layout import Layout, Rows

_STRETCH = 16
"""Ticks for which a habit is kept."""
_RATES = np.array((0.0, 0.1, 0.5, 0.9, 1.0))
_RESET_RATES = np.array((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.05, 0.5))

Integers = npt.NDArray[np.uint32]


def stirred(harness: Harness, lanes: int, ticks: int, seed: int) -> Rows:
    """Return rows ``[lanes, ticks, words]``; the same seed gives the same rows."""
    rng = np.random.default_rng(seed)
    layout = Layout.of(harness.stimulus)
    rows = layout.rows(lanes, ticks)
    for field in harness.stimulus:
        slot = layout.slot(field.name)
        for word in range(slot.words):
            bits = min(32, field.width - 32 * word)
            rows[..., slot.offset + word] = _words(rng, field, bits, (lanes, ticks))
    return rows


def _words(rng: np.random.Generator, field: Field, bits: int, shape: tuple[int, int]) -> Integers:
    """Return one word of a field: random bits at a rate, a value of its choices, or the same for some ticks."""
    rates = _RESET_RATES if field.kind is FieldKind.RESET else _RATES
    rate = _habit(rng, shape, rates)
    if bits == 1:
        return (rng.random(shape) < rate).astype(np.uint32)
    if field.choices and field.width <= 32:
        drawn: Integers = rng.choice(np.array(field.choices, np.uint32), shape)
    else:
        drawn = rng.integers(0, 1 << bits, shape, dtype=np.uint32)
    held = np.repeat(drawn[:, ::_STRETCH], _STRETCH, axis=1)[:, : shape[1]]
    narrow = drawn & np.uint32((1 << max(1, bits // 4)) - 1)
    mood = _habit(rng, shape, np.arange(4))
    return np.choose(mood, (drawn, held, narrow, np.where(rng.random(shape) < rate, drawn, held))).astype(np.uint32)


def _habit(rng: np.random.Generator, shape: tuple[int, int], among: npt.NDArray[Any]) -> npt.NDArray[Any]:
    lanes, ticks = shape
    stretches = rng.choice(among, (lanes, -(-ticks // _STRETCH)))
    habits: npt.NDArray[Any] = np.repeat(stretches, _STRETCH, axis=1)[:, :ticks]
    return habits
