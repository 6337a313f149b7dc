"""The estimates on floorplans small enough to work out by hand."""

from __future__ import annotations

import math

import pytest

from tests.support.floorplans import hard, place, placement, random_problem, wire
from verif.floorplan.estimates import congestion, critical, deadspace, hpwl, rent_exponent, rent_wirelength
from verif.floorplan.model import Net, Pad, Pin, Problem
from verif.floorplan.rows import row_by_row

A, B = hard("a", 2, 2), hard("b", 4, 2)
PADS = (Pad(name="p", x=0, y=10),)
APART = placement(10, 10, place("a", 0, 0, 2, 2), place("b", 6, 0, 4, 2))


def problem(*nets: Net) -> Problem:
    return Problem(name="p", blocks=(A, B), nets=nets, pads=PADS)


def test_wirelength_is_the_half_perimeter_between_centres_times_the_weight() -> None:
    assert hpwl(problem(wire("n", "a", "b", weight=3)), APART) == 3 * 7
    assert hpwl(problem(wire("n", "a", "b", "p")), APART) == 8 + 9


def test_wirelength_uses_pin_offsets_and_turns_them_with_the_block() -> None:
    net = Net(name="n", pins=(Pin(owner="p"), Pin(owner="b", dx=2, dy=1)))
    assert hpwl(problem(net), APART) == 10 + 8
    assert hpwl(problem(net), APART, at_pins=False) == 8 + 9
    turned = placement(10, 10, place("a", 0, 0, 2, 2), place("b", 6, 0, 2, 4, turned=True))
    assert hpwl(problem(net), turned) == 6 + 6


def test_deadspace_is_what_the_blocks_leave() -> None:
    assert deadspace(problem(), APART) == pytest.approx(1 - 12 / 100)


def test_congestion_of_one_net_is_its_length_spread_over_its_box() -> None:
    grid = congestion(problem(wire("n", "b", "p", weight=2)), APART, bins=10)
    total = sum(map(sum, grid)) * 1.0
    assert total == pytest.approx(2 * (8 + 9))
    assert grid[0][0] == grid[9][9] == 0
    assert grid[5][5] == pytest.approx(2 * 17 / 72)


def test_congestion_of_a_straight_net_still_counts_its_length() -> None:
    grid = congestion(problem(wire("n", "a", "b")), APART, bins=5)
    assert sum(map(sum, grid)) * 4 == pytest.approx(7, rel=0.2)


def test_the_critical_connection_is_the_widest_gap_and_ignores_broadcasts() -> None:
    worst = critical(problem(wire("n", "a", "b")), APART)
    assert worst is not None and (worst.blocks, worst.distance) == (("a", "b"), 4)
    assert critical(problem(wire("n", "a", "p")), APART) is None
    many = [hard(f"x{n}", 1, 1) for n in range(9)]
    places = [place(block.name, n, 0, 1, 1) for n, block in enumerate(many)]
    broadcast = Problem(name="p", blocks=tuple(many), nets=(wire("reset", *(b.name for b in many)),))
    assert critical(broadcast, placement(10, 10, *places)) is None


def test_rents_exponent_is_fitted_between_blocks_and_the_whole() -> None:
    blocks = tuple(hard(f"b{n}", 1, 1) for n in range(16))
    inner = tuple(wire(f"i{n}", f"b{n}", f"b{(n + 1) % 16}", weight=4) for n in range(16))
    outer = wire("o", "b0", "p", weight=32)
    fitted = rent_exponent(Problem(name="p", blocks=blocks, nets=(*inner, outer), pads=PADS))
    assert fitted == pytest.approx(math.log(32 / 10) / math.log(16))
    assert rent_exponent(problem()) == 0.65


def test_rents_wirelength_scales_with_the_outline_and_grows_with_wires() -> None:
    some = random_problem(hards=9, softs=0)
    assert rent_wirelength(some, 400) == pytest.approx(2 * rent_wirelength(some, 100))
    assert rent_wirelength(problem(), 100) == 0


def test_row_by_row_fills_rows_of_the_outlines_width() -> None:
    blocks = tuple(hard(f"b{n}", 4, 2) for n in range(3))
    rows = row_by_row(Problem(name="p", blocks=blocks, nets=()), placement(10, 10).outline)
    assert [(p.x, p.y) for p in rows.places] == [(0, 0), (4, 0), (0, 2)]
