"""Laws of lanes that are made of recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.harnesses import around
from tests.support.toy import toy_harness, toy_plan
from verif.design.model import Clock
from verif.harness.model import Harness
from verif.search.seeds import Seeds
from verif.search.stimulus import StimulusMaker
from verif.sim.batch.layout import Layout

TICKS = 40


def traffic(harness: Harness, ticks: int, first: int) -> np.ndarray:
    """Rows that count up from ``first`` in the field ``stim_a``."""
    return Layout.of(harness.stimulus).pack({"stim_a": np.arange(first, first + ticks)})


def seeds(harness: Harness, *lengths: int, seed: int = 1) -> Seeds:
    return Seeds(
        harness, [traffic(harness, ticks, 100 * number) for number, ticks in enumerate(lengths)], seed=seed, every=4
    )


def test_first_lanes_are_the_recordings_cut_to_pieces_with_a_reset_between_two(tmp_path: Path) -> None:
    harness = around("assign y = a; assign bad = 1'b0;", tmp_path)
    layout = Layout.of(harness.stimulus)
    lanes = seeds(harness, 60, 20).lanes(0, 0, 6, TICKS)
    data, reset = layout.get(lanes, "stim_a"), layout.get(lanes, "stim_rst_rst")
    assert data[0].tolist() == list(range(TICKS))
    assert data[1][:20].tolist() == list(range(100, 120))
    assert data[2][:20].tolist() == list(range(40, 60))
    assert reset[2].tolist() == [0] * 20 + [1] * harness.reset_ticks + [0] * (20 - harness.reset_ticks)
    assert data[2][20 + harness.reset_ticks :].tolist() == list(range(100, 120))[: 20 - harness.reset_ticks]


def test_later_blocks_play_the_pieces_that_are_left_then_changed_ones_alone(tmp_path: Path) -> None:
    harness = around("assign y = a; assign bad = 1'b0;", tmp_path)
    made = seeds(harness, 4 * TICKS)
    data = [Layout.of(harness.stimulus).get(made.lanes(turn, turn, 4, TICKS), "stim_a") for turn in range(3)]
    assert [int(lane[0]) for turn in data[:2] for lane in turn[:2]] == [0, TICKS, 2 * TICKS, 3 * TICKS]
    assert not any((np.diff(lane.astype(int)) == 1).all() and not lane[0] % TICKS for lane in data[2])


def test_lanes_are_the_same_for_the_same_recordings_seed_and_number(tmp_path: Path) -> None:
    harness = around("assign y = a; assign bad = 1'b0;", tmp_path)
    one, other = seeds(harness, 60, 20), seeds(harness, 60, 20)
    one.lanes(0, 0, 8, TICKS)
    assert np.array_equal(one.lanes(5, 2, 8, TICKS), other.lanes(5, 2, 8, TICKS))
    assert not np.array_equal(one.lanes(5, 2, 8, TICKS), seeds(harness, 60, 20, seed=2).lanes(5, 2, 8, TICKS))
    assert not np.array_equal(one.lanes(5, 2, 8, TICKS), one.lanes(6, 2, 8, TICKS))


@pytest.mark.parametrize("width", [3, 40])
def test_changed_values_fit_their_fields(tmp_path: Path, width: int) -> None:
    harness = around("assign y = a; assign bad = 1'b0;", tmp_path, width=width)
    rows = Layout.of(harness.stimulus).pack({"stim_a": np.arange(50) % 8})
    made = Seeds(harness, [rows], seed=1, every=1)
    lanes = np.concatenate([made.lanes(number, 9, 64, TICKS) for number in range(4)])
    values = Layout.of(harness.stimulus).get(lanes, "stim_a")
    assert (values < 1 << width).all()
    assert len(np.unique(values)) > 8 or width == 3


def test_with_several_clocks_every_row_keeps_its_edge(tmp_path: Path) -> None:
    clocks = (Clock(name="clk"), Clock(name="slow", ratio=3))
    harness = around("assign y = a; assign bad = 1'b0;", tmp_path, clocks=clocks)
    period = len(harness.schedule)
    assert period > 1
    rows = Layout.of(harness.stimulus).pack({"stim_a": 1 + np.arange(10 * period) % period})
    lanes = Seeds(harness, [rows], seed=1, every=1).lanes(3, 9, 64, 6 * period)
    data = Layout.of(harness.stimulus).get(lanes, "stim_a")
    kept = (data == 0) | (data == 1 + np.arange(6 * period) % period)
    assert kept.all(axis=1).mean() > 0.25
    assert (data == 0).any()


def test_every_so_many_lanes_of_a_block_one_is_recorded() -> None:
    harness, plan = toy_harness(), toy_plan()
    rows = Layout.of(harness.stimulus).rows(500)
    made = StimulusMaker(harness, plan, seed=1, seeds=Seeds(harness, [rows], seed=1, every=4))
    block, plain = made.block(0), StimulusMaker(harness, plan, seed=1).block(0)
    assert block.stimulus.shape == plain.stimulus.shape
    assert [bool(block.stretches(lane)) for lane in range(8)] == [False, True, True, True] * 2
    assert (block.stimulus[0] == rows[: block.ticks]).all()
    assert block.stretches(1) == plain.stretches(0)


def test_without_recordings_nothing_changes() -> None:
    harness, plan = toy_harness(), toy_plan()
    none = StimulusMaker(harness, plan, seed=1, seeds=Seeds(harness, [], seed=1, every=4))
    assert np.array_equal(none.block(2).stimulus, StimulusMaker(harness, plan, seed=1).block(2).stimulus)
