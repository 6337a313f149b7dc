"""A toy to close: a lock behind a counter, as a fake harness with coverage points, and a fake prover that knows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tests.support import toy
from verif.harness.model import COVERS, Harness
from verif.search.closure.board import Board
from verif.search.closure.closer import Closer
from verif.search.closure.corpus import Corpus, Rows
from verif.search.closure.mutating import Mutation
from verif.search.closure.proposers import RandomPhases
from verif.search.closure.runner import Limits, Runner
from verif.search.closure.solving import Finding, Prover, Solving, Told, jobs
from verif.search.closure.sure import watched
from verif.search.closure.targeting import Targeting
from verif.search.fake import FakeEngine, FakeTop
from verif.search.stimulus import StimulusMaker

COUNTS = (1, 7, 12)
"""Counts that have a point each."""
COVERED = (*(f"toy:1:count_{count}" for count in COUNTS), "toy:2:lock", "toy:3:never")
"""The last one can't be reached."""
LOCK = "1101001110010111"
"""What ``en`` must be tick by tick after a reset: random stimuli will hardly ever do that."""


def closing_harness() -> Harness:
    return watched(replace(toy.toy_harness(), covers=COVERED, monitors=()))


class LockTop:
    """The toy counter with its points; ``wrong`` makes the one reachable that the prover calls unreachable."""

    def __init__(self, *, wrong: bool = False) -> None:
        self.count = 0
        self.history = ""
        self.wrong = wrong

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        reset, enable = row["stim_rst_rst_n"], row["stim_en"]
        hits = [self.count == count for count in COUNTS]
        hits += [self.history == LOCK, self.wrong and self.count == COUNTS[-1]]
        outputs = {
            "obs_rst_n": 1 - reset,
            "obs_en": enable,
            "obs_count": self.count,
            COVERS: sum(int(hit) << number for number, hit in enumerate(hits)) if not reset else 0,
        }
        self.count = 0 if reset else (self.count + enable) % 16
        self.history = "" if reset else (self.history + str(enable))[: len(LOCK) + 1]
        return outputs


def lock_rows() -> Rows:
    """Return the stimulus that opens the lock."""
    rows = np.zeros((len(LOCK) + 1, 2), np.uint32)
    rows[: len(LOCK), 1] = [int(bit) for bit in LOCK]
    return rows


class KnowingProver:
    """Answers as a solver would.

    ``lies`` sends a stimulus that doesn't hit, ``slow`` takes all of its time; without ``knows`` it proves nothing.
    """

    def __init__(self, *, lies: bool = False, slow: bool = False, knows: bool = True) -> None:
        self.knows = knows
        self.lies = lies
        self.slow = slow
        self.asked: list[tuple[str, tuple[str, ...], int]] = []
        self._stopped = False

    def reach(
        self,
        bases: Mapping[str, int],
        *,
        known: Sequence[str],
        depth: int,
        seconds: float,
        quick: bool,
        told: Told,
    ) -> str:
        self.asked.append(("reach", tuple(bases), depth))
        self._work(seconds)
        rows = lock_rows()
        for name in bases:
            if name == "toy:2:lock" and depth >= len(rows):
                told(Finding(id=name, rows=rows[:3] if self.lies else rows))
            else:
                told(Finding(id=name, depth=depth))
        return ""

    def unreachable(
        self, bases: Mapping[str, int], *, known: Sequence[str], seconds: float, quick: bool, told: Told
    ) -> str:
        self.asked.append(("prove", tuple(bases), min(bases.values())))
        self._work(seconds)
        for name in bases:
            if name == "toy:3:never" and self.knows:
                told(Finding(id=name, method="induction", depth=2))
        return ""

    def stop(self) -> None:
        self._stopped = True

    def _work(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.slow and not self._stopped and time.monotonic() < until:
            time.sleep(0.01)


def make_runner(make: Callable[[], FakeTop] = LockTop, *, limits: Limits | None = None) -> Runner:
    harness = closing_harness()
    return Runner(FakeEngine(harness, make), Board(harness.covers), Corpus(), limits=limits or Limits(examples=400))


def make_maker(seed: int = 1, rows: int = 512) -> StimulusMaker:
    return StimulusMaker(closing_harness(), toy.toy_plan(), seed=seed, rows=rows)


def make_closer(runner: Runner, prover: Prover | None = None, *, seed: int = 1, deepest: int | None = 32) -> Closer:
    maker = make_maker(seed)
    proposers = (
        RandomPhases(maker),
        Mutation(maker, lambda: runner.corpus, seed=seed),
        Targeting(maker.harness, seed=seed),
    )
    solving = Solving(prover, runner.board, jobs(deepest)) if prover else None
    return Closer(runner, proposers, solving, seed=seed)
