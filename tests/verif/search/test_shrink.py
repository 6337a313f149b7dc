from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.toy_fifo import SHORTEST, ToyFifo, failing_lane, toy_harness
from verif.errors import InputError
from verif.harness.model import Field, FieldKind
from verif.search.shrink import Shrunk, Stage, shrink
from verif.search.shrink_candidates import PLAINER, SHORTER, WORDS, without_resets, without_two_rows
from verif.search.shrink_encoding import Encoding, number
from verif.search.shrink_random import Neighbourhood
from verif.search.shrink_rows import RowShape
from verif.search.shrink_trial import Trial
from verif.stimulus.generate import Stretch

SHAPE = RowShape(toy_harness().stimulus)


def shrunk(lane: np.ndarray, database: Path, **changes: object) -> Shrunk:
    options = {"seed": 1, "budget_examples": 8000, "database": database} | changes
    return shrink(ToyFifo(), toy_harness(), lane, **options)


@pytest.mark.parametrize("stages", [(Stage.HYPOTHESIS,), (Stage.POLISH,), tuple(Stage)], ids=str)
def test_shrunk_lane_is_as_short_as_can_be(stages: tuple[Stage, ...], tmp_path: Path) -> None:
    result = shrunk(failing_lane(2), tmp_path, stages=stages)
    assert (len(result.stimulus), result.fail_cycle) == (SHORTEST, SHORTEST - 1)
    assert ToyFifo()(result.stimulus[None], np.array([SHORTEST], np.int32)) == [SHORTEST - 1]


def test_shrunk_lane_asks_for_nothing_without_need(tmp_path: Path) -> None:
    result = shrunk(failing_lane(0), tmp_path)
    both = {"stim_push_offer": 1, "stim_pop_accept": 1}
    assert result.phases == (
        Stretch(cycles=1, settings={"stim_push_offer": 1}),
        Stretch(cycles=SHORTEST - 2, settings=both),
        Stretch(cycles=1, settings={}),
    )
    assert (SHAPE.rows(result.phases) == result.stimulus).all()


def test_shrinking_repeats_whatever_the_database_holds(tmp_path: Path) -> None:
    first, second = (shrunk(failing_lane(3), tmp_path, budget_examples=1500) for _ in range(2))
    assert (first.stimulus == second.stimulus).all()
    assert first.examples == second.examples


def test_shrinking_stays_within_its_budget(tmp_path: Path) -> None:
    assert shrunk(failing_lane(1), tmp_path, budget_examples=300).examples <= 310


def test_lane_is_cut_at_the_ends_of_its_phases_first(tmp_path: Path) -> None:
    padded = np.concatenate((np.tile(SHAPE.default, (40, 1)), failing_lane(0, 40)))
    result = shrunk(
        padded,
        tmp_path,
        phases=[Stretch(cycles=40, settings={}), Stretch(cycles=40, settings={})],
        budget_examples=60,
        stages=(),
    )
    assert len(result.stimulus) <= 40


def test_lane_that_does_not_fail_is_refused(tmp_path: Path) -> None:
    sentence = "^the stimulus to shrink doesn't fail; if it failed before, its design keeps state over a reset.$"
    with pytest.raises(InputError, match=sentence):
        shrunk(np.tile(SHAPE.default, (5, 1)), tmp_path)


def test_long_lane_of_many_draws_is_cut_before_it_is_handed_over(tmp_path: Path) -> None:
    lane = np.concatenate([failing_lane(seed) for seed in range(4)])
    assert len(shrunk(lane, tmp_path, stages=(Stage.HYPOTHESIS,)).stimulus) <= 2 * SHORTEST


def test_failure_that_shows_only_in_a_longer_run_is_not_cut() -> None:
    def judge(stimulus: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return np.where(lengths >= 7, 3, -1).astype(np.int32)

    trial = Trial(judge, SHAPE, np.tile(SHAPE.default, (20, 1)), 1000)
    trial.offer(SHORTER[0](SHAPE, trial.best))
    assert (len(trial.best), trial.fail_cycle) == (7, 3)


def test_changes_that_do_no_harm_are_taken_together() -> None:
    def judge(stimulus: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return np.where(stimulus[:, 0, 1] == 1, lengths - 1, -1).astype(np.int32)

    def trial() -> Trial:
        return Trial(judge, SHAPE, np.ones((20, 5), np.uint32), 1000)

    plain, cut = trial(), trial()
    cells = next(candidates for candidates in PLAINER if candidates.__name__ == "with_plain_cells")
    assert plain.offer_together(cells(SHAPE, plain.best))
    assert (plain.best != SHAPE.default).any(axis=1).sum() == 1
    assert cut.offer_without_rows()
    assert len(cut.best) == 10


def test_rows_keep_their_values_when_packed() -> None:
    shape = RowShape([Field(name="a", width=3, kind=FieldKind.DATA), Field(name="b", width=70, kind=FieldKind.DATA)])
    values = [(5, 2**69 + 7), (0, 1)]
    assert shape.words == 4
    assert shape.unpack(shape.pack(values)) == values


@pytest.mark.parametrize("numbered", [(), (2,)])
def test_encoding_gives_back_what_it_encodes(numbered: tuple[int, ...]) -> None:
    lane = number(SHAPE, failing_lane(5), numbered)
    encoding = Encoding.around(SHAPE, lane, numbered)
    drawn = encoding.encode(lane)
    assert (encoding.decode(drawn) == lane).all()
    assert encoding.draws(drawn) == len(encoding.strategy()._invert(drawn))


def test_numbered_data_takes_no_draws() -> None:
    lane = failing_lane(5)
    counted = number(SHAPE, lane, (2,))
    free, few = Encoding.around(SHAPE, lane), Encoding.around(SHAPE, counted, (2,))
    assert few.draws(few.encode(counted)) < free.draws(free.encode(lane)) / 2


@pytest.mark.parametrize("candidates", [*SHORTER, *PLAINER], ids=lambda candidates: candidates.__name__)
def test_candidates_are_other_lanes_and_none_longer(candidates) -> None:
    lane = failing_lane(0)
    lane[7, 0] = 1
    before = lane.copy()
    found = candidates(SHAPE, lane)
    assert found
    assert all(len(other) <= len(lane) for other in found)
    assert sum(np.array_equal(other, lane) for other in found) <= len(found) // 10
    assert (lane == before).all()
    if candidates in SHORTER and candidates is not without_resets:
        assert all(len(other) < len(lane) for other in found)


def test_long_lanes_give_few_candidates_of_every_kind() -> None:
    lane = np.concatenate([failing_lane(0)] * 200)
    lane[:, 0] = 1
    for candidates in (*SHORTER, *PLAINER):
        found = candidates(SHAPE, lane)
        assert len(found) * lane.size <= 1.1 * WORDS
        assert found or candidates is without_two_rows


def test_random_lanes_are_shorter_and_within_the_fields() -> None:
    near = Neighbourhood(SHAPE, failing_lane(0))
    found = near.shorter(np.random.default_rng(1), 400)
    assert {len(lane) < 60 and len(lane) > 0 for lane in found} == {True}
    rows = [row for lane in found for row in SHAPE.unpack(lane)]
    assert all(value < 1 << c.field.width for row in rows for value, c in zip(row, SHAPE.columns, strict=True))
    assert {row[1:2] for row in rows} == {(0,), (1,)}
