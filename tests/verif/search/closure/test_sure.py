"""What counts as hit does not hang on a start value."""

from __future__ import annotations

import numpy as np

from tests.support.closing import COVERED, LockTop, closing_harness
from verif.search.closure.board import Board
from verif.search.closure.corpus import Corpus
from verif.search.closure.runner import Runner
from verif.search.closure.sure import STARTS, sure_ticks
from verif.search.engine import Stimulus
from verif.search.fake import FakeEngine
from verif.sim.batch.results import Lanes
from verif.verdict import PointStatus

LUCKY = COVERED.index("toy:3:never")


class Starting(FakeEngine):
    """Shows its last point when it counts to 12, but only from odd start values."""

    def __init__(self) -> None:
        super().__init__(closing_harness(), LockTop)

    def lanes(self, stimulus: Stimulus, **options: object) -> Lanes:  # type: ignore[override]
        seed = options.get("seed", 1)
        self._make = lambda: LockTop(wrong=isinstance(seed, int) and seed % 2 == 1)
        return super().lanes(stimulus, **{**options, "fresh": True})  # type: ignore[arg-type]


def counting() -> Stimulus:
    rows = np.zeros((1, 14, 2), np.uint32)
    rows[:, :, 1] = 1
    return rows


def test_hit_from_one_start_is_none_from_all() -> None:
    assert sure_ticks(Starting(), counting(), (1, 3))[0, LUCKY] == 12
    assert sure_ticks(Starting(), counting(), STARTS)[0, LUCKY] == -1
    assert sure_ticks(Starting(), counting(), STARTS)[0, 0] == 1


def test_lucky_hit_is_not_counted_where_state_survives_resets() -> None:
    for fresh, status in ((False, PointStatus.HIT), (True, PointStatus.UNKNOWN)):
        engine = Starting()
        runner = Runner(engine, Board(engine.harness.covers), Corpus(), fresh=fresh)
        runner.run(counting(), "random")
        assert runner.board.known[COVERED[LUCKY]].status is status
        assert runner.board.known[COVERED[0]].status is PointStatus.HIT
