"""What counts as hit does not hang on a start value."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from tests.support.closing import COUNTS, COVERED, LockTop, closing_harness
from verif.search.closure.board import Board
from verif.search.closure.corpus import Corpus
from verif.search.closure.runner import Runner
from verif.search.closure.sure import FREELY, STARTS, free_ticks, sure_ticks
from verif.search.engine import Stimulus
from verif.search.fake import FakeEngine
from verif.sim.batch.results import Lanes
from verif.verdict import PointStatus

LUCKY = COVERED.index("toy:3:never")
DIFFERS = 7


class Starting(FakeEngine):
    """Shows its last point when it counts to 12, but only from odd start values."""

    def __init__(self) -> None:
        super().__init__(closing_harness(), LockTop)

    def lanes(self, stimulus: Stimulus, **options: object) -> Lanes:  # type: ignore[override]
        seed = options.get("seed", 1)
        self._make = lambda: self.top(seed if isinstance(seed, int) else 0)
        return super().lanes(stimulus, **{**options, "fresh": True})  # type: ignore[arg-type]

    def top(self, seed: int) -> LockTop:
        return LockTop(wrong=seed % 2 == 1)


def counting() -> Stimulus:
    rows = np.zeros((1, 14, 2), np.uint32)
    rows[:, :, 1] = 1
    return rows


def test_hit_from_one_start_is_none_from_all() -> None:
    assert sure_ticks(Starting(), counting(), (1, 3))[0, LUCKY] == 12
    assert sure_ticks(Starting(), counting(), STARTS)[0, LUCKY] == -1
    assert sure_ticks(Starting(), counting(), STARTS)[0, 0] == 1


@pytest.mark.parametrize("fresh", [False, True])
def test_lucky_hit_is_not_counted(fresh: bool) -> None:
    runner = Runner(Starting(), Board(COVERED), Corpus(), fresh=fresh)
    runner.run(counting(), "random")
    assert runner.board.known[COVERED[LUCKY]].status is PointStatus.UNKNOWN
    assert runner.board.known[COVERED[0]].status is PointStatus.HIT
    assert runner.fresh


def test_lucky_hit_of_a_proven_point_contradicts_the_proof() -> None:
    runner = Runner(Starting(), Board(COVERED), Corpus(), fresh=True)
    runner.board.prove(COVERED[LUCKY], method="induction", depth=2, by="solver")
    runner.run(counting(), "random")
    assert set(runner.board.disagreements) == {COVERED[LUCKY]}


class Delayed(LockTop):
    """Counts from another tick on for each start value, some from the first one."""

    def __init__(self, late: int) -> None:
        super().__init__()
        self.late = late
        self.left = late

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        self.left = self.late if row["stim_rst_rst_n"] else self.left - 1
        count, history = self.count, self.history
        outputs = super().step(row)
        if self.left >= 0:
            self.count, self.history = count, history
        return outputs


class Wandering(Starting):
    """Hits everything from all starts, but each start in its own tick."""

    def top(self, seed: int) -> LockTop:
        return Delayed(seed % 4)


def test_hit_in_different_ticks_is_not_sure_but_shown_sooner_or_later() -> None:
    rows = np.ones((1, 40, 2), np.uint32)
    rows[:, :, 0] = 0
    count = COUNTS.index(7)
    assert sure_ticks(Wandering(), rows[:, :14], STARTS)[0, count] == -1
    assert sure_ticks(Wandering(), rows[:, :14], (2, 6, 10))[0, count] == 7 + 2
    assert free_ticks(Wandering(), rows[:, :14], STARTS, [count])[0].tolist() == [-1, 7 + 3, -1, -1, -1]
    assert (free_ticks(Wandering(), rows[:, :9], STARTS, [count]) == -1).all()


def test_what_runs_freely_counts_where_all_starts_come_by() -> None:
    runner = Runner(Wandering(), Board(COVERED), Corpus())
    runner.run(counting(), "random")
    assert runner.board.known[COVERED[COUNTS.index(7)]].status is PointStatus.HIT


class Rare(Starting):
    """Never counts from one start in a hundred."""

    def top(self, seed: int) -> LockTop:
        return Delayed(1000 if seed == FREELY[-1] else seed % 4)


def test_what_some_start_never_shows_is_lucky() -> None:
    runner = Runner(Rare(), Board(COVERED), Corpus())
    runner.run(counting(), "random")
    assert runner.board.known[COVERED[COUNTS.index(7)]].status is PointStatus.UNKNOWN


class Answering(LockTop):
    """Gets another input from the start value ``seed``, in one tick."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.tick = 1000 if seed == 1 else -1

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        self.tick = self.tick + 1 if not row["stim_rst_rst_n"] else self.tick
        outputs = dict(super().step(row))
        return outputs | {"obs_en": 1 - outputs["obs_en"]} if self.tick == DIFFERS else outputs


class Reacting(Starting):
    """Hits the same from all starts, with other inputs from the tick ``DIFFERS`` on."""

    def top(self, seed: int) -> LockTop:
        return Answering(seed)


def test_hit_counts_only_up_to_where_the_inputs_are_the_same_from_all_starts() -> None:
    one, all_of_them = (sure_ticks(Reacting(), counting(), starts)[0] for starts in (STARTS[:1], STARTS))
    assert one[: len(COUNTS)].tolist() == list(COUNTS)
    assert all_of_them[: len(COUNTS)].tolist() == [count if count < DIFFERS else -1 for count in COUNTS]


def test_lane_that_lacks_a_needed_point_is_given_up() -> None:
    assert (sure_ticks(Reacting(), counting(), STARTS, needed=[COUNTS.index(12)]) == -1).all()
    assert sure_ticks(Reacting(), counting(), STARTS, needed=[COUNTS.index(1)])[0, 0] == 1
