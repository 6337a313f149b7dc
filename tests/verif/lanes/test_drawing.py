"""Stimulus that lanes draw: the same in C, in Python and in words of any width, and worth drawing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.harnesses import around, harness_of
from tests.support.lanes import lanes_of
from tests.support.rtl import Kept
from verif.harness.model import FieldKind, Harness
from verif.lanes import LaneEngine, LanesBuild
from verif.lanes.drawing import drawn_rows
from verif.lanes.processor import WIDTHS, this_processor
from verif.lanes.program import spread
from verif.sim.batch import Batch, build_batch
from verif.workspace import Workspace

LANES = [0, 1, 63, 64, 200, 511, 512, 700]
TICKS = 100


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lanes")


@pytest.fixture(scope="module")
def fifo(shared: Path) -> LanesBuild:
    return lanes_of(harness_of(Kept("async_fifo").design), shared)


def test_drawn_lanes_are_those_that_python_makes_of_the_seed(fifo: LanesBuild, shared: Path) -> None:
    with LaneEngine(fifo) as engine:
        drawn = engine.drawn(max(LANES) + 1, TICKS, draw=7, observe=True, seed=None)
        rows = engine.rows(LANES, TICKS, draw=7)
    batch = build_batch(fifo.harness, workspace=Workspace(shared / "sim_builds"))
    with Batch(batch) as peer:
        again = peer.lanes(rows, observe=True, seed=None, fresh=True)
    assert drawn.observed is not None
    assert np.array_equal(drawn.observed[LANES], again.observed)
    assert np.array_equal(drawn.first_fail[LANES], again.first_fail)
    assert np.array_equal(drawn.seen[LANES], again.seen)


def test_a_seed_draws_the_same_lanes_in_words_of_any_width(tmp_path: Path) -> None:
    harness = around("assign y = a; assign bad = a == 8'd3;", tmp_path / "design", width=40)
    seen = []
    for width in (width for width in WIDTHS if width <= this_processor().word_bits):
        with LaneEngine(lanes_of(harness, tmp_path, processor=WIDTHS[width])) as engine:
            seen.append(engine.drawn(130, 40, draw=3, observe=True).observed)
    assert all(np.array_equal(seen[0], other) for other in seen[1:])
    with LaneEngine(lanes_of(harness, tmp_path)) as engine:
        assert not np.array_equal(seen[0], engine.drawn(130, 40, draw=4, observe=True).observed)


def test_every_field_takes_many_values_and_rests_for_long() -> None:
    harness = harness_of(Kept("axi_lite_regs").design)
    rows = drawn_rows(harness, list(range(256)), 400, 1)
    offset = 0
    for field in harness.stimulus:
        column = rows[..., offset]
        offset += field.words
        assert len(np.unique(column)) >= min(2**field.width, 30)
        if field.kind is FieldKind.RATE:
            often = column.mean(axis=1)
            assert often.min() < 0.2 and often.max() > 0.8
            assert 0.42 < often.mean() < 0.52
        elif field.kind is FieldKind.DATA:
            assert 0.47 < (column & 1).mean() < 0.53
    resets = rows[..., 0]
    assert 0 < resets.mean() < 0.1


def test_values_change_only_after_edges_of_their_clock() -> None:
    harness = harness_of(Kept("async_fifo").design)
    rows = drawn_rows(harness, list(range(64)), 200, 1)
    index = next(n for n, field in enumerate(harness.stimulus) if field.clock)
    for tick in range(1, 200):
        last = harness.schedule[(harness.reset_ticks + tick - 1) % len(harness.schedule)]
        if last != harness.stimulus[index].clock:
            assert np.array_equal(rows[:, tick, index], rows[:, tick - 1, index])
    assert paced(harness)


def paced(harness: Harness) -> set[str]:
    return {field.clock for field in harness.stimulus if field.clock}


def test_seeds_and_groups_spread() -> None:
    assert len({spread(seed, 1, group, 0) for seed in range(20) for group in range(20)}) == 400
