"""Stimulus that lanes draw as a plan says, and with a guide: the same in C and in Python, and what the plan means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.support.harnesses import around, harness_of
from tests.support.lanes import lanes_of
from tests.support.rtl import Kept
from verif.bench.library.select import choose_oracles
from verif.design.model import Design
from verif.errors import InputError
from verif.harness.model import FieldKind, Harness
from verif.lanes import LaneEngine, LanesBuild, build_lanes
from verif.lanes.drawing import drawn_rows
from verif.lanes.processor import WIDTHS, this_processor
from verif.lanes.trust import difference_between
from verif.plan.baseline import baseline_plan
from verif.plan.model import Driver, Knob, Phase, Testplan, Testpoint
from verif.sim.batch import Batch, Layout, build_batch
from verif.workspace import Workspace

LANES = [0, 1, 63, 64, 511, 512, 700]
TICKS = 90


def plan_of(design: Design) -> Testplan:
    return baseline_plan(design, (), choose_oracles(design, None).drivers)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lanes")


@pytest.fixture(scope="module")
def fifo(shared: Path) -> LanesBuild:
    design = Kept("async_fifo").design
    return build_lanes(harness_of(design), plan=plan_of(design), workspace=Workspace(shared / "sim_builds"))


def test_planned_lanes_are_those_that_python_makes_of_the_seed(fifo: LanesBuild, shared: Path) -> None:
    with LaneEngine(fifo) as engine:
        drawn = engine.drawn(max(LANES) + 1, TICKS, draw=7, observe=True, seed=None)
        rows = engine.rows(LANES, TICKS, draw=7)
    assert np.array_equal(rows, drawn_rows(fifo.harness, LANES, TICKS, 7, plan=fifo.plan))
    batch = build_batch(fifo.harness, workspace=Workspace(shared / "sim_builds"))
    with Batch(batch) as peer:
        again = peer.lanes(rows, observe=True, seed=None, fresh=True)
    assert drawn.observed is not None
    assert np.array_equal(drawn.observed[LANES], again.observed)
    assert np.array_equal(drawn.seen[LANES], again.seen)


def test_guided_lanes_begin_as_the_guide_and_leave_it(fifo: LanesBuild) -> None:
    with LaneEngine(fifo) as engine:
        guide = engine.rows([3], 60, draw=1)[0]
        rows = engine.rows(list(range(256)), TICKS, draw=2, guide=guide)
        observed = engine.drawn(256, TICKS, draw=2, guide=guide, observe=True).observed
        plain = engine.drawn(256, TICKS, draw=2, observe=True).observed
    assert np.array_equal(rows[LANES[:4]], drawn_rows(fifo.harness, LANES[:4], TICKS, 2, plan=fifo.plan, guide=guide))
    follows = (rows[:, : len(guide)] == guide).all(axis=2)
    assert follows[:, 0].all()
    assert 0.1 < follows.all(axis=1).mean() < 0.6
    assert (rows[:, len(guide) :] != rows[:1, len(guide) :]).any()
    assert not np.array_equal(observed, plain)


def test_planned_and_guided_lanes_are_the_same_in_words_of_any_width(tmp_path: Path) -> None:
    harness, plan = one_phase(around("assign y = a; assign bad = a == 3;", tmp_path / "design", width=5), often=4)
    workspace = Workspace(tmp_path / "sim_builds")
    guide = Layout.of(harness.stimulus).pack({"stim_a": np.arange(40) % 32})
    seen = []
    for width in {64, this_processor().word_bits}:
        build = build_lanes(harness, plan=plan, workspace=workspace, processor=WIDTHS[width])
        with LaneEngine(build) as engine:
            seen.append(engine.drawn(130, 60, draw=3, guide=guide, observe=True).observed)
            seen.append(engine.rows([129], 60, draw=3, guide=guide))
    assert len(seen) == 2 or (np.array_equal(seen[0], seen[2]) and np.array_equal(seen[1], seen[3]))


def test_a_guide_of_another_shape_is_refused(fifo: LanesBuild) -> None:
    with LaneEngine(fifo) as engine, pytest.raises(InputError, match=r"it is uint32\[rows, \d+\]"):
        engine.drawn(64, 10, draw=1, guide=np.zeros((4, 99), np.uint32))


def test_values_change_only_after_edges_of_their_clock_with_a_guide_too(fifo: LanesBuild) -> None:
    harness = fifo.harness
    layout = Layout.of(harness.stimulus)
    with LaneEngine(fifo) as engine:
        guide = engine.rows([3], 200, draw=1)[0]
        rows = engine.rows(list(range(128)), 200, draw=2, guide=guide)
    for field in harness.stimulus:
        values = rows[..., layout.slot(field.name).span]
        for tick in range(1, 200):
            last = harness.schedule[(harness.reset_ticks + tick - 1) % len(harness.schedule)]
            if field.clock and last != field.clock:
                assert np.array_equal(values[:, tick], values[:, tick - 1]), (field.name, tick)
    assert {field.clock for field in harness.stimulus if field.clock} == set(harness.schedule)


def drawn_field(harness: Harness, plan: Testplan, name: str, ticks: int = 300) -> npt.NDArray[np.uint32]:
    """Return the values of one field in 256 lanes."""
    rows = drawn_rows(harness, list(range(256)), ticks, 5, plan=plan)
    return Layout.of(harness.stimulus).get(rows, name).astype(np.uint32)


def one_phase(harness: Harness, **settings: int | str) -> tuple[Harness, Testplan]:
    """Return a harness whose field ``a`` is a rate with a knob, and a plan of one phase."""
    field = replace(harness.field("stim_a"), kind=FieldKind.RATE, rate="often", runs="runs")
    knobs = (
        Knob(name="often", kind="rate", default=5),
        Knob(name="runs", kind="choice", choices=("random", "bursts", "long"), default="random"),
    )
    plan = Testplan(
        dut="dut",
        drivers=(Driver(name="a", kind="Bits", ports={"a": "a"}, knobs=knobs),),
        points=(Testpoint(id="only", intent="One.", phases=(Phase(cycles=100, settings=settings),)),),
    )
    return replace(harness, stimulus=(harness.stimulus[0], field)), plan


@pytest.mark.parametrize(("rate", "least", "most"), [(0, 0.0, 0.0), (3, 0.25, 0.4), (9, 1.0, 1.0)])
def test_half_of_the_lanes_keep_to_the_rates_of_the_plan(rate: int, least: float, most: float, tmp_path: Path) -> None:
    harness, plan = one_phase(around("assign y = a; assign bad = 0;", tmp_path, width=1), often=rate)
    often = drawn_field(harness, plan, "stim_a").mean(axis=1)
    near = (often >= least - 0.08) & (often <= most + 0.08)
    assert near.mean() > 0.3
    assert (~near).mean() > 0.2, "the others draw rates of their own"


def test_long_runs_are_longer_than_random_ones(tmp_path: Path) -> None:
    harness, plan = one_phase(around("assign y = a; assign bad = 0;", tmp_path, width=1), often=5, runs="long")
    _, other = one_phase(harness, often=5, runs="random")
    changes = [(np.diff(drawn_field(harness, one, "stim_a").astype(int), axis=1) != 0).mean() for one in (plan, other)]
    assert changes[0] < changes[1] / 2


def test_listed_values_come_all_and_others_seldom(tmp_path: Path) -> None:
    harness = around("assign y = a; assign bad = 0;", tmp_path)
    field = replace(harness.field("stim_a"), kind=FieldKind.CHOICE, choices=(3, 17, 99, 200, 254))
    harness = replace(harness, stimulus=(harness.stimulus[0], field))
    values = drawn_field(harness, Testplan(dut="dut", drivers=(), points=()), "stim_a")
    listed = np.isin(values, field.choices)
    assert 0.01 < (~listed).mean() < 0.06
    assert all((values == choice).mean() > 0.1 for choice in field.choices)


def test_every_style_and_corner_of_a_data_knob_shows(tmp_path: Path) -> None:
    harness = around("assign y = a; assign bad = 0;", tmp_path, width=12)
    field = replace(harness.field("stim_a"), style="style")
    harness = replace(harness, stimulus=(harness.stimulus[0], field))
    styles = ("mixed", "uniform", "corners", "small", "count", "walk", "sparse", "hold")
    shown = {}
    for style in styles:
        knob = Knob(name="style", kind="choice", choices=(style, "uniform"), default=style)
        plan = Testplan(
            dut="dut",
            drivers=(Driver(name="a", kind="Values", ports={"a": "a"}, knobs=(knob,)),),
            points=(Testpoint(id="only", intent="One.", phases=(Phase(cycles=4000),)),),
        )
        shown[style] = drawn_field(harness, plan, "stim_a", 120)
    steps = {style: np.diff(values.astype(int), axis=1) for style, values in shown.items()}
    one_bit = {style: (np.bitwise_count(values) == 1).mean() for style, values in shown.items()}
    assert (steps["count"] == 1).mean() > 0.3 > (steps["uniform"] == 1).mean()
    assert (steps["hold"] == 0).mean() > 0.3 > (steps["uniform"] == 0).mean()
    assert (shown["small"] < 8).mean() > 0.3 > (shown["uniform"] < 8).mean()
    assert one_bit["walk"] > 0.3 and one_bit["corners"] > 0.1 > one_bit["uniform"]
    assert (shown["sparse"] == 0).mean() > 0.25
    for corner in (0, 4095, 2048, 2047, 4094, 6, 7, 9):
        assert (shown["corners"] == corner).any(), corner


def test_half_of_the_lanes_take_numbers_of_the_source(tmp_path: Path) -> None:
    body = "// never 8'h77\n assign y = a == 8'hA5 ? 8'd90 : a; assign bad = 0;"
    plan = Testplan(dut="dut", drivers=(), points=())
    named = drawn_field(around(body, tmp_path), plan, "stim_a")
    plain = drawn_field(around("assign y = a; assign bad = 0;", tmp_path / "plain"), plan, "stim_a")
    for number in (0xA5, 90):
        often = (named == number).mean(axis=1)
        assert 0.3 < (often > 0.05).mean() < 0.7, "a quarter of the values of half of the lanes, of two numbers"
        assert (plain == number).mean() < 0.02
    assert (named == 0x77).mean() < 0.02


def test_half_of_the_lanes_stay_in_a_part_of_a_memory_of_their_own(tmp_path: Path) -> None:
    plan = Testplan(dut="dut", drivers=(), points=())
    harness = around("assign y = a; assign bad = 0;", tmp_path)
    memory = replace(harness.field("stim_a"), kind=FieldKind.ADDRESS, choices=(0, 4, 8, 12))
    shown = {}
    for name, choices in (("memory", (0, 4, 8, 12)), ("registers", (0, 4, 8, 20))):
        field = replace(memory, choices=choices)
        values = drawn_field(replace(harness, stimulus=(harness.stimulus[0], field)), plan, "stim_a")
        parts = values >> 4
        usual = np.array([np.bincount(lane, minlength=16).argmax() for lane in parts])
        shown[name] = (usual != 0).mean()
        assert (parts == usual[:, None]).mean() > 0.5
    assert 0.3 < shown["memory"] < 0.65
    assert shown["registers"] < 0.2


def test_a_broken_assumption_ends_a_lane_as_in_the_batch_engine(tmp_path: Path) -> None:
    harness = around(
        "reg [3:0] n; always @(posedge clk) n <= rst ? 0 : n + a[0]; assign y = n; assign bad = n == 9;", tmp_path
    )
    (told,) = harness.monitors
    assumed = replace(told, id="polite", assumption=True)
    harness = replace(harness, monitors=(assumed,), covers=())
    lanes = lanes_of(harness, tmp_path)
    batch = build_batch(harness, workspace=Workspace(tmp_path / "sim_builds"))
    assert difference_between(lanes, batch) == ""
    with LaneEngine(lanes) as engine:
        ended = engine.drawn(256, 50, draw=1, seed=None)
    broken = ended.first_fail[:, 0] >= 0
    assert broken.any() and not broken.all()
    assert np.array_equal(ended.ended, np.where(broken, ended.first_fail[:, 0] - 1, -1))
    assert ended.assumptions == (0,)
