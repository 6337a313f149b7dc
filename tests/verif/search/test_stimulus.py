"""Stimulus arrays from phase plans."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.support.toy import toy_harness, toy_plan
from verif.design.model import Clock
from verif.harness.model import Field, FieldKind, Harness
from verif.plan.kinds import make_entry
from verif.plan.model import Phase, Testplan, Testpoint
from verif.search.stimulus import Block, StimulusMaker


def with_field(field: Field) -> Harness:
    harness = toy_harness()
    return replace(harness, stimulus=(*harness.stimulus, field))


def values_plan(widths: list[int], **settings: int | str) -> Testplan:
    ports = {f"p{number}": f"p{number}" for number in range(len(widths))}
    driver = make_entry("Values", "v", ports, options={"widths": widths})
    phase = Phase(cycles=400, settings={f"v_{name}": value for name, value in settings.items()})
    return Testplan(dut="toy", drivers=(driver,), points=(Testpoint(id="p", intent="All.", phases=(phase,)),))


def data_field(number: int, width: int) -> Field:
    return Field(name=f"stim_p{number}", width=width, kind=FieldKind.DATA, driver="v", rate="v_change", style="v_style")


def planned_lane(harness: Harness, plan: Testplan) -> np.ndarray:
    """The plan's first point, as planned."""
    return StimulusMaker(harness, plan, seed=1).block(0).stimulus[0]


def test_blocks_are_the_same_for_the_same_seed_and_number() -> None:
    one, other = (StimulusMaker(toy_harness(), toy_plan(), seed=5) for _ in range(2))
    one.block(0)
    assert np.array_equal(one.block(3).stimulus, other.block(3).stimulus)


def test_blocks_differ_by_seed_and_by_number() -> None:
    maker = StimulusMaker(toy_harness(), toy_plan(), seed=5)
    again = maker.rungs
    assert not np.array_equal(maker.block(again).stimulus, maker.block(2 * again).stimulus)
    assert not np.array_equal(
        maker.block(again).stimulus, StimulusMaker(toy_harness(), toy_plan(), seed=6).block(again).stimulus
    )


def test_first_lanes_are_the_plans_points_as_planned() -> None:
    block = StimulusMaker(toy_harness(), toy_plan(), seed=1).block(0)
    slow, fast = block.stretches(0), block.stretches(1)
    assert slow[0].settings["en_rate"] == 1
    assert [(stretch.cycles, stretch.settings["en_rate"], stretch.reset_before) for stretch in fast][:2] == [
        (20, 9, False),
        (20, 5, True),
    ]
    assert block.stimulus[1, :20, 1].all()
    assert block.stimulus[1, 20:22, 0].all()


def test_phases_of_a_lane_fill_it_exactly() -> None:
    maker = StimulusMaker(toy_harness(), toy_plan(), seed=2)
    for number in range(maker.rungs + 1):
        block = maker.block(number)
        assert (block.phases.lengths.sum(axis=1) == block.ticks).all()
        assert all(sum(s.cycles for s in block.stretches(lane)) == block.ticks for lane in range(0, block.lanes, 50))


@pytest.mark.parametrize(("rate", "share"), [(0, 0.0), (3, 1 / 3), (9, 1.0)])
def test_rates_are_kept_in_every_kind_of_run(rate: int, share: float) -> None:
    block = StimulusMaker(toy_harness(), toy_plan(), seed=3, rows=1 << 16).block(4)
    rates, runs = block.phases.per_tick("en_rate"), block.phases.per_tick("en_runs")
    bits = block.stimulus[:, :, 1].ravel()
    for word in range(3):
        chosen = bits[(rates == rate) & (runs == word)]
        assert chosen.size > 300
        assert chosen.mean() == pytest.approx(share, abs=0.0 if rate in (0, 9) else 0.2)


def test_long_runs_change_less_often_than_random_ones() -> None:
    block = StimulusMaker(toy_harness(), toy_plan(), seed=3, rows=1 << 16).block(4)
    rates, runs = block.phases.per_tick("en_rate"), block.phases.per_tick("en_runs")
    bits = block.stimulus[:, :, 1].ravel()
    changes = np.diff(bits, append=bits[-1]) != 0
    middle = (rates > 2) & (rates < 7)
    often = [changes[middle & (runs == word)].mean() for word in range(3)]
    assert often[0] > 3 * often[1] > 6 * often[2]


def test_resets_last_as_long_as_the_harness_asks() -> None:
    stimulus = StimulusMaker(toy_harness(), toy_plan(), seed=4).block(4).stimulus[:, :, 0]
    assert 0 < stimulus.mean() < 0.2
    rises = np.flatnonzero(np.diff(stimulus, axis=1).ravel() == 1)
    assert len(rises) * 2 <= stimulus.sum() + stimulus.shape[0]


def test_a_design_without_a_reset_gets_none() -> None:
    harness = toy_harness()
    free = replace(harness, design=replace(harness.design, resets=()), stimulus=harness.stimulus[1:], reset_ticks=0)
    block = StimulusMaker(free, toy_plan(), seed=4).block(4)
    assert not block.phases.resets.any()


@pytest.mark.parametrize(
    ("style", "law"),
    [
        ("small", lambda v: (v < 8).all()),
        ("walk", lambda v: (np.bitwise_count(v) == 1).all()),
        ("sparse", lambda v: (np.bitwise_count(v) <= 1).all() and (v == 0).any() and (v > 0).any()),
        ("count", lambda v: (np.diff(v.astype(np.int64)) % (1 << 20) == 1).all()),
        ("hold", lambda v: (v == v[0]).all()),
        ("uniform", lambda v: len(np.unique(v)) > 0.9 * len(v)),
        ("corners", lambda v: np.isin([0, (1 << 20) - 1], v).all() and len(np.unique(v)) < 110),
    ],
)
def test_data_styles_give_their_values(style: str, law) -> None:
    lane = planned_lane(with_field(data_field(0, 20)), values_plan([20], style=style))
    assert law(lane[:, 2])


def test_related_values_are_neighbours_or_complements() -> None:
    harness = toy_harness()
    harness = replace(harness, stimulus=(*harness.stimulus, data_field(0, 8), data_field(1, 8)))
    lane = planned_lane(harness, values_plan([8, 8], style="related")).astype(np.int64)
    difference = (lane[:, 2] - lane[:, 3]) % 256
    near = np.isin(difference, [0, 1, 2, 254, 255])
    opposite = np.isin((lane[:, 2] + lane[:, 3]) % 256, [253, 254, 255, 0, 1])
    assert (near | opposite).all()
    assert (difference == 0).any()


def test_values_stay_where_nothing_changes() -> None:
    lane = planned_lane(with_field(data_field(0, 20)), values_plan([20], style="uniform", change=0))
    assert (lane[:, 2] == lane[0, 2]).all()


def test_wide_values_fill_all_their_words_up_to_the_width() -> None:
    lane = planned_lane(with_field(data_field(0, 70)), values_plan([70], style="uniform"))
    assert lane.shape[1] == 2 + 3
    assert (lane[:, 4] < 1 << 6).all()
    assert all((lane[:, word] > 0).any() for word in (2, 3, 4))


def test_choices_are_mostly_listed_ones() -> None:
    field = Field(name="stim_op", width=8, kind=FieldKind.CHOICE, choices=(3, 7, 200))
    lane = planned_lane(with_field(field), toy_plan())
    listed = np.isin(lane[:, 2], (3, 7, 200))
    assert listed.mean() > 0.8


def test_mode_is_what_its_knob_says() -> None:
    driver = make_entry("Requester", "r", {"req": "req"}, options={"width": 4})
    plan = toy_plan()
    phases = [Phase(cycles=40, settings={"r_hold": word}) for word in ("free", "until_granted")]
    point = plan.points[0].model_copy(update={"phases": tuple(phases)})
    plan = plan.model_copy(update={"drivers": (*plan.drivers, driver), "points": (point,)})
    field = Field(name="stim_r_free", width=1, kind=FieldKind.MODE, choices=(0, 1), driver="r", style="r_hold")
    lane = StimulusMaker(with_field(field), plan, seed=1).block(0).stimulus[0]
    assert lane[:40, 2].all() and not lane[40:80, 2].any()


def test_addresses_come_back() -> None:
    field = Field(name="stim_addr", width=16, kind=FieldKind.ADDRESS)
    block = StimulusMaker(with_field(field), toy_plan(), seed=1).block(4)
    codes = block.phases.per_tick("stim_addr:style")
    mixed = block.stimulus[:, :, 2].ravel()[codes == 0]
    fresh = block.stimulus[:, :, 2].ravel()[codes == 2]
    assert len(np.unique(mixed)) / len(mixed) < 0.5 < len(np.unique(fresh)) / len(fresh)


def test_fields_of_a_clock_change_after_its_edges_only() -> None:
    harness = toy_harness()
    clocks = (Clock(name="a", ratio=1), Clock(name="b", ratio=3))
    field = Field(name="stim_b", width=16, kind=FieldKind.DATA, clock="b")
    slow = replace(
        harness,
        design=replace(harness.design, clocks=clocks),
        stimulus=(*harness.stimulus, field),
        schedule=("a", "a", "a", "b"),
        reset_ticks=4,
    )
    lane = StimulusMaker(slow, toy_plan(), seed=1).block(4).stimulus[3, :, 2].astype(np.int64)
    moved = np.flatnonzero(np.diff(lane) != 0) + 1
    assert moved.size > 5
    assert (moved % 4 == 0).all()


def test_lanes_grow_and_start_over() -> None:
    maker = StimulusMaker(toy_harness(), toy_plan(), seed=1)
    lengths = [maker.shape(number)[1] for number in range(maker.rungs + 1)]
    assert lengths[:-1] == sorted(set(lengths))
    assert lengths[-1] == lengths[0]


def test_block_tells_its_size() -> None:
    block: Block = StimulusMaker(toy_harness(), toy_plan(), seed=1).block(0)
    assert block.stimulus.shape[:2] == (block.lanes, block.ticks)
