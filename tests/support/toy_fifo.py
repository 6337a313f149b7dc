"""A FIFO written in numpy, all lanes at once, with a bug that needs it full once round: a judge for shrinkers."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tests.support.rtl import Kept
from verif.harness.model import Field, FieldKind, Harness

DEPTH = 8
SHORTEST = DEPTH + 1
"""Rows of the shortest failure: ``DEPTH - 1`` writes, a write with a read, and the row in which the loss shows."""


@cache
def toy_harness() -> Harness:
    """Return a harness whose stimulus port is that of the toy; its text is empty."""
    return Harness(
        top="toy_harness",
        design=Kept("sync_fifo").design,
        files={},
        stimulus=(
            Field(name="stim_rst_rst_n", width=1, kind=FieldKind.RESET),
            Field(name="stim_push_offer", width=1, kind=FieldKind.RATE, driver="push"),
            Field(name="stim_push_data", width=40, kind=FieldKind.DATA, default=5, driver="push"),
            Field(name="stim_pop_accept", width=1, kind=FieldKind.RATE, driver="pop"),
        ),
        observed=(),
        monitors=(),
        schedule=("clk",),
        reset_ticks=2,
    )


class ToyFifo:
    """Judges lanes: the word at the head differs from that of a FIFO without the bug.

    The bug: a write in the last place that meets a read at the same edge is lost.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.lanes = 0

    def __call__(self, stimulus: NDArray[np.uint32], lengths: NDArray[np.int32]) -> NDArray[np.int32]:
        self.calls += 1
        self.lanes += len(stimulus)
        lanes = np.arange(len(stimulus))
        good, bad = (np.zeros((len(lanes), DEPTH), np.uint64) for _ in range(2))
        written, read = (np.zeros(len(lanes), np.int64) for _ in range(2))
        first = np.full(len(lanes), -1, np.int32)
        for cycle in range(stimulus.shape[1]):
            reset, offer, low, high, accept = (stimulus[:, cycle, word] for word in range(5))
            data = low.astype(np.uint64) | high.astype(np.uint64) << np.uint64(32)
            shown = (written > read) & (good[lanes, read % DEPTH] != bad[lanes, read % DEPTH])
            first[(first < 0) & shown & (reset == 0) & (cycle < lengths)] = cycle
            push = (offer == 1) & (written - read < DEPTH)
            pop = (accept == 1) & (written > read)
            kept = push & ~(pop & (written % DEPTH == DEPTH - 1))
            good[lanes[push], written[push] % DEPTH] = data[push]
            bad[lanes[kept], written[kept] % DEPTH] = data[kept]
            written, read = written + push, read + pop
            written[reset == 1] = read[reset == 1] = 0
        return first


def failing_lane(seed: int, cycles: int = 60) -> NDArray[np.uint32]:
    """Return a lane of random rates per phase of 10 cycles that fails."""
    rng = np.random.default_rng(seed)
    while True:
        rates = rng.random((256, cycles // 10, 2)).repeat(10, axis=1)
        stimulus = np.zeros((256, cycles, 5), np.uint32)
        stimulus[..., 0] = rng.random((256, cycles)) < 0.01
        stimulus[..., [1, 4]] = rng.random((256, cycles, 2)) < rates
        stimulus[..., 2] = rng.integers(0, 2**32, (256, cycles))
        stimulus[..., 3] = rng.integers(0, 2**8, (256, cycles))
        failing = np.flatnonzero(ToyFifo()(stimulus, np.full(256, cycles, np.int32)) >= 0)
        if len(failing):
            return stimulus[failing[0]]
