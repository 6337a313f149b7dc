"""Witnesses: few, short, and together as good as the corpus."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.closing import COVERED, KnowingProver, make_closer, make_runner
from verif.coverage.ranking import rank
from verif.search.closure.corpus import Corpus
from verif.search.closure.cutting import cut_witnesses, hit_ticks
from verif.search.closure.runner import Runner
from verif.verdict import PointStatus


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
    witnesses = cut_witnesses(
        runner.engine, runner.corpus, hit, lambda hits: rank(hits).smallest, seed=1, folder=tmp_path
    )
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
    (witness,) = cut_witnesses(
        runner.engine, runner.corpus, [COVERED[1]], lambda hits: rank(hits).smallest, seed=1, folder=tmp_path
    )
    assert len(witness.rows) == 8
    assert witness.ticks[COVERED[1]] == 7


def test_nothing_hit_needs_no_witness(tmp_path: Path) -> None:
    runner = make_runner()
    assert cut_witnesses(runner.engine, Corpus(), [], lambda hits: rank(hits).smallest, seed=1, folder=tmp_path) == ()
