"""Witnesses: few, short, and together as good as the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.support.closing import (
    COUNTS,
    COVERED,
    LOCK,
    KnowingProver,
    LockTop,
    closing_harness,
    lock_rows,
    make_closer,
    make_runner,
)
from verif.search.closure.corpus import Corpus, Good
from verif.search.closure.cutting import cut_witnesses, hit_ticks
from verif.search.closure.pieces import pieces_of
from verif.search.closure.runner import Runner
from verif.search.closure.sure import MANY
from verif.search.engine import Stimulus
from verif.search.fake import FakeEngine
from verif.sim.batch.results import Lanes
from verif.verdict import PointStatus

ROUND = 16
"""Rows after which the toy's count begins anew."""
SLOW = 40
"""A start value from which a witness must show, but which choosing and shrinking don't look at."""


class Sleeping(LockTop):
    """Sleeps through the first round of its count."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0

    def step(self, row: Mapping[str, int]) -> Mapping[str, int]:
        self.slept = 0 if row["stim_rst_rst_n"] else self.slept + row["stim_en"]
        outputs = super().step({**row, "stim_en": 0} if self.slept <= ROUND else row)
        return {**outputs, "obs_en": row["stim_en"]}


class Slow(FakeEngine):
    """Sleeps from one start value."""

    def __init__(self) -> None:
        super().__init__(closing_harness(), LockTop)

    def lanes(self, stimulus: Stimulus, **options: object) -> Lanes:  # type: ignore[override]
        self._make = Sleeping if options.get("seed") == SLOW else LockTop
        return super().lanes(stimulus, **{**options, "fresh": True})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verif.search.closure.cutting.FEWEST_TRIES", 100)
    monkeypatch.setattr("verif.search.closure.cutting.MOST_TRIES", 100)
    monkeypatch.setattr("verif.search.closure.closer.SURVIVED_CYCLES", 0)


def closed() -> Runner:
    runner = make_runner()
    make_closer(runner, KnowingProver()).close()
    return runner


def test_witnesses_hit_all_that_was_hit_and_none_is_redundant(tmp_path: Path) -> None:
    runner = closed()
    hit = {name for name, known in runner.board.known.items() if known.status is PointStatus.HIT}
    witnesses = cut_witnesses(runner.engine, runner.corpus, hit, seed=1, folder=tmp_path)
    assert {name for one in witnesses for name in one.ticks} >= hit
    for one in witnesses:
        others = {name for other in witnesses if other is not one for name in other.ticks}
        assert hit & set(one.ticks) - others
        assert one.ticks == hit_ticks(runner.engine, one.rows)
        assert max(one.ticks.values()) == len(one.rows) - 1


def test_witness_is_cut_to_what_its_points_need(tmp_path: Path) -> None:
    runner = make_runner()
    rows = np.zeros((60, 2), np.uint32)
    rows[20:, 1] = 1
    runner.take(rows, "random")
    (witness,) = cut_witnesses(runner.engine, runner.corpus, [COVERED[1]], seed=1, folder=tmp_path)
    assert len(witness.rows) == 8
    assert witness.ticks[COVERED[1]] == 7


def test_what_comes_late_in_a_long_stimulus_is_shown_soon_after_a_reset(tmp_path: Path) -> None:
    runner = make_runner()
    rows = np.zeros((700, 2), np.uint32)
    rows[640 : 640 + len(LOCK) + 1] = lock_rows()
    rows[639, 0] = 1
    rows[200:213, 1] = 1
    runner.take(rows, "recorded")
    witnesses = cut_witnesses(runner.engine, runner.corpus, COVERED[:-1], seed=1, folder=tmp_path)
    assert {name for one in witnesses for name in one.ticks} >= set(COVERED[:-1])
    assert sum(len(one.rows) for one in witnesses) == (12 + 1) + (len(LOCK) + 1)


def test_number_of_pieces_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    goods = [Good(rows=np.full((900, 2), number, np.uint32), by="random", points=("a",)) for number in range(5)]
    several = pieces_of(Corpus(goods))
    assert {len(piece.rows) for piece in several} >= {4, 8, 512, 900}
    monkeypatch.setattr("verif.search.closure.pieces.PIECE_ROWS", 2 * 2 * 5 * 900)
    fewer = pieces_of(Corpus(goods))
    assert sum(len(piece.rows) for piece in fewer if not piece.whole) <= 2 * 2 * 5 * 900
    monkeypatch.setattr("verif.search.closure.pieces.PIECE_ROWS", 0)
    assert [piece.whole for piece in pieces_of(Corpus(goods))] == [True] * 5


def test_piece_that_hits_from_some_starts_only_is_not_taken(tmp_path: Path) -> None:
    rows = np.zeros((60, 2), np.uint32)
    rows[:, 1] = 1
    corpus = Corpus([Good(rows=rows, by="random", points=(COVERED[2],))])
    (witness,) = cut_witnesses(make_runner().engine, corpus, [COVERED[2]], seed=1, folder=tmp_path)
    assert witness.ticks[COVERED[2]] == COUNTS[2]
    (witness,) = cut_witnesses(Slow(), corpus, [COVERED[2]], seed=1, folder=tmp_path)
    assert witness.ticks[COVERED[2]] == COUNTS[2] + ROUND
    assert len(witness.rows) == COUNTS[2] + ROUND + 1
    assert hit_ticks(Slow(), witness.rows, MANY)[COVERED[2]] == COUNTS[2] + ROUND


def test_nothing_hit_needs_no_witness(tmp_path: Path) -> None:
    runner = make_runner()
    assert cut_witnesses(runner.engine, Corpus(), [], seed=1, folder=tmp_path) == ()
