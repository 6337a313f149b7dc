"""Drivers over stretches: clock schedule, resets, pacing, repeatability."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice, pairwise

import pytest

from verif.design.model import Clock, Reset
from verif.stimulus.drivers.plain import Values
from verif.stimulus.drivers.stream import StreamSource
from verif.stimulus.generate import Actor, Stretch, clock_order, generate, reset_ticks
from verif.stimulus.rows import Stimulus

RESET = Reset(name="rst_n", active_high=False, asynchronous=False, cycles=3)


def values(name: str, clock: str = "") -> Actor:
    driver = Values(ports={name: name}, knobs={"style": "style", "change": "change"}, widths=[16])
    return Actor(name=name, driver=driver, clock=clock, drives=(name,))


def made(actors: list[Actor], stretches: list[Stretch], *, seed: int = 1, clocks: tuple[Clock, ...] = ()) -> Stimulus:
    return generate(actors, stretches, test="t", seed=seed, step=lambda inputs: {}, clocks=clocks, resets=(RESET,))


@pytest.mark.parametrize(
    ("ratios", "order"), [({"a": 2, "b": 3}, "abaab"), ({"a": 1}, "aaaaa"), ({"a": 1, "b": 1}, "ababa"), ({}, "")]
)
def test_clock_order_gives_each_clock_its_share(ratios: dict[str, int], order: str) -> None:
    clocks = [Clock(name=name, ratio=ratio) for name, ratio in ratios.items()]
    assert "".join(islice(clock_order(clocks), 5)) == order


def test_reset_lasts_its_cycles_of_the_slowest_clock() -> None:
    clocks = [Clock(name="fast", ratio=1), Clock(name="slow", ratio=4)]
    order = list(islice(clock_order(clocks), reset_ticks(clocks, [RESET])))
    assert order.count("slow") == 3
    assert order[-1] == "slow"


def test_stimulus_starts_with_reset_and_holds_it() -> None:
    stimulus = made([values("a")], [Stretch(cycles=5, settings={})], clocks=(Clock(name="clk"),))
    assert stimulus.column("rst_n") == (0, 0, 0, 1, 1, 1, 1, 1)
    assert stimulus.column("clk") == (1,) * 8


def test_reset_comes_again_before_a_stretch_that_asks_for_it() -> None:
    stretches = [Stretch(cycles=2, settings={}), Stretch(cycles=2, settings={}, reset_before=True)]
    stimulus = made([values("a")], stretches, clocks=(Clock(name="clk"),))
    assert stimulus.column("rst_n") == (0, 0, 0, 1, 1, 0, 0, 0, 1, 1)


def test_stimulus_repeats_with_its_seed_and_differs_with_another() -> None:
    stretch = [Stretch(cycles=50, settings={})]
    assert made([values("a")], stretch).digest == made([values("a")], stretch).digest
    assert made([values("a")], stretch).digest != made([values("a")], stretch, seed=2).digest


def test_drivers_have_random_streams_of_their_own() -> None:
    alone = made([values("a")], [Stretch(cycles=50, settings={})])
    beside = made([values("b"), values("a")], [Stretch(cycles=50, settings={})])
    assert alone.column("a") == beside.column("a")
    assert beside.column("a") != beside.column("b")


def test_a_paced_driver_moves_after_its_clock_only() -> None:
    clocks = (Clock(name="fast", ratio=1), Clock(name="slow", ratio=3))
    stimulus = made([values("a", "slow")], [Stretch(cycles=60, settings={"style": "count"})], clocks=clocks)
    a, slow, reset = stimulus.column("a"), stimulus.column("slow"), stimulus.column("rst_n")
    first = reset.index(1)
    for tick in range(first + 1, len(stimulus)):
        assert (a[tick] != a[tick - 1]) == bool(slow[tick - 1])


def test_drivers_see_the_last_cycle() -> None:
    seen: list[Mapping[str, int]] = []

    def step(inputs: Mapping[str, int]) -> dict[str, int | None]:
        seen.append(inputs)
        return {"ready": int(len(seen) % 3 == 0)}

    driver = StreamSource(ports={"valid": "valid", "ready": "ready", "data": "data"}, knobs={}, data_width=8)
    actor = Actor(name="s", driver=driver, drives=("valid", "data"))
    generate([actor], [Stretch(cycles=90, settings={"rate": 9})], test="t", seed=1, step=step)
    for number, (now, then) in enumerate(pairwise(seen), start=1):
        if now["valid"] and number % 3:
            assert then["valid"] and then["data"] == now["data"]


def test_row_and_column_tell_the_same() -> None:
    stimulus = made([values("a")], [Stretch(cycles=4, settings={})])
    assert [stimulus.row(tick)["a"] for tick in range(len(stimulus))] == list(stimulus.column("a"))
