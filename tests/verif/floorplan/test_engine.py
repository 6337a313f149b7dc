"""The engine: always legal, repeatable, better than rows, and honest where nothing fits."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.support.floorplans import hard, random_problem, soft, wire
from verif.errors import InputError
from verif.floorplan.engine import Result, floorplan
from verif.floorplan.estimates import hpwl
from verif.floorplan.legality import violations
from verif.floorplan.model import Block, Keepout, Net, Outline, Pad, Problem
from verif.floorplan.rows import row_by_row


def planned(problem: Problem, *, whitespace: float = 0.3, seed: int = 1, starts: int = 2) -> Result:
    outline = problem.outline(whitespace=whitespace)
    result = floorplan(problem, outline, seed=seed, budget=2, starts=starts)
    assert violations(problem, result.placement) == []
    assert result.wirelength == pytest.approx(hpwl(problem, result.placement))
    return result


def refusal(*blocks: Block, nets: tuple[Net, ...] = (), width: float = 10, height: float = 10, **more: object) -> str:
    problem = Problem(name="p", blocks=blocks, nets=nets, **more)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        floorplan(problem, Outline(width=width, height=height), budget=1)
    return f"{caught.value.code}: {caught.value}"


@pytest.mark.parametrize(("hards", "softs"), [(9, 0), (0, 9), (6, 6)])
def test_floorplan_is_legal_and_shorter_than_rows(hards: int, softs: int) -> None:
    problem = random_problem(hards=hards, softs=softs)
    result = planned(problem)
    assert result.legal
    assert result.wirelength < hpwl(problem, row_by_row(problem, problem.outline(whitespace=0.3)))


def test_floorplan_repeats_with_the_same_seed_and_starts_on_any_number_of_threads() -> None:
    problem = random_problem()
    outline = problem.outline(whitespace=0.3)
    first, again = (floorplan(problem, outline, budget=2, starts=3, jobs=jobs) for jobs in (1, 3))
    assert first.placement == again.placement
    other = floorplan(problem, outline, budget=2, starts=1, seed=9)
    assert other.placement != first.placement


@pytest.mark.parametrize(("hards", "softs", "ended"), [(3, 0, (0, 1)), (0, 3, (1, 0))])
def test_the_given_clock_ends_the_first_start_only_where_it_is_legal_already(
    hards: int, softs: int, ended: tuple[int, int]
) -> None:
    problem = random_problem(hards=hards, softs=softs)
    ticks = itertools.count(step=10)
    result = floorplan(problem, problem.outline(whitespace=0.6), budget=200, clock=lambda: float(next(ticks)))
    assert result.legal
    assert (result.starts, result.cut) == ended
    assert result.seconds >= 10


def test_floorplan_keeps_halos_preplaced_blocks_and_keepouts() -> None:
    problem = random_problem(hards=5, softs=4)
    first, *others = problem.blocks
    held = replace(first, fixed=(3.0, 3.0), halo=1.0)
    blocks = (held, *(replace(block, halo=1.0) for block in others))
    area = sum(block.footprint for block in blocks)
    problem = replace(problem, blocks=blocks, keepouts=(Keepout(x=0, y=area**0.5, width=8, height=8),))
    result = planned(problem, whitespace=0.9)
    assert (result.placement.places[0].x, result.placement.places[0].y) == pytest.approx((3.0, 3.0))


def test_floorplan_pulls_connected_blocks_to_their_pads() -> None:
    blocks = tuple(soft(name, 100) for name in "abcd")
    pads = (Pad(name="left", x=0, y=0), Pad(name="right", x=22, y=22))
    nets = (wire("l", "a", "left", weight=8), wire("r", "d", "right", weight=8), wire("m", "b", "c"))
    result = planned(Problem(name="p", blocks=blocks, nets=nets, pads=pads), whitespace=0.2)
    a, _, _, d = (place.centre for place in result.placement.places)
    assert sum(a) < 22 < sum(d)


def test_least_area_of_blocks_that_tile_a_square_is_the_square() -> None:
    problem = Problem(
        name="p", blocks=(hard("a", 6, 4), hard("b", 4, 6), hard("c", 6, 4), hard("d", 4, 6), hard("e", 2, 2)), nets=()
    )
    result = floorplan(problem, None, budget=1, starts=4)
    assert violations(problem, result.placement) == []
    assert result.placement.outline.area == pytest.approx(100)


def test_one_block_fills_its_own_outline() -> None:
    (place,) = planned(Problem(name="p", blocks=(hard("a", 3, 3),), nets=()), whitespace=0.0).placement.places
    assert (place.x, place.y) == (0, 0)


def test_blocks_without_nets_are_placed_all_the_same() -> None:
    assert planned(replace(random_problem(), nets=(), pads=())).wirelength == 0


@pytest.mark.parametrize("aspect", [1.0, 3.0])
def test_hard_blocks_fit_a_tight_outline_in_one_short_start(aspect: float) -> None:
    problem = random_problem(hards=60, softs=0, nets=100)
    outline = problem.outline(whitespace=0.1, aspect=aspect)
    result = floorplan(problem, outline, budget=0.1, starts=1)
    assert result.legal
    assert violations(problem, result.placement) == []


def test_a_problem_that_no_start_solves_is_given_back_as_illegal() -> None:
    problem = Problem(name="p", blocks=tuple(hard(name, 4.4, 4.4) for name in "abcde"), nets=())
    result = floorplan(problem, Outline(width=10.2, height=10.2), budget=1, starts=1)
    assert not result.legal
    assert "outline" in [violation.rule for violation in violations(problem, result.placement)]


def test_blocks_larger_than_the_outline_are_told_with_both_areas() -> None:
    assert refusal(hard("a", 8, 8), hard("b", 8, 8)) == (
        "PE720: p: the blocks, with halos and keep-outs, need an area of 128; the outline of 10 x 10 has 100; "
        "give more whitespace or a larger outline."
    )


def test_a_block_longer_than_the_outline_is_told_by_name() -> None:
    assert refusal(hard("long", 20, 1)) == (
        "PE720: block long does not fit into the outline of 10 x 10 by itself; "
        "give a larger outline, another aspect, or make the block soft."
    )


def test_two_blocks_that_fit_singly_but_not_together_are_told() -> None:
    assert "p: blocks a and b can lie neither side by side nor one over the other in the outline of 10 x 10" in refusal(
        hard("a", 6, 6), hard("b", 6, 6)
    )


def test_a_soft_block_that_no_longer_fits_beside_a_hard_one_is_told() -> None:
    assert "blocks a and s can lie neither" in refusal(hard("a", 7, 7), soft("s", 36, aspect_min=0.9, aspect_max=1.1))
    assert "blocks a and s can lie neither" in refusal(hard("a", 7, 7), soft("s", 40))


@pytest.mark.parametrize(
    ("blocks", "more", "sentence"),
    [
        ([], {}, "PE701: p: there is no block to place; add at least one block."),
        ([hard("a", 0, 3)], {}, "PE703: p: block a has no area; width, height and area are positive."),
        ([hard("a", float("nan"), 3)], {}, "PE704: p: a size of block a is not a finite number."),
        ([hard("a", 1, 1), soft("a", 1)], {}, "PE702: p: two blocks or pads have the same name; rename one."),
        (
            [hard("a", 1, 1)],
            {"nets": (wire("n", "a", "ghost"),)},
            "PE705: p: net n names ghost, which is neither a block nor a pad; "
            "add the block or pad, or take the pin out of the net.",
        ),
        (
            [soft("a", 4, aspect_min=3, aspect_max=2)],
            {},
            "PE706: p: the aspect range of block a is empty; 0 < min <= max.",
        ),
        (
            [soft("a", 4, fixed=(0.0, 0.0))],
            {},
            "PE707: p: block a is preplaced but has no shape; give its width and height.",
        ),
        (
            [hard("a", 4, 4, fixed=(0.0, 0.0)), hard("b", 4, 4, fixed=(3.0, 3.0))],
            {},
            "PE721: the preplaced block a and block b overlap; move one of them.",
        ),
        (
            [hard("a", 4, 4, fixed=(8.0, 0.0))],
            {},
            "PE721: the preplaced block a (with its halo) sticks out of the outline of 10 x 10; "
            "move it or give a larger outline.",
        ),
        (
            [hard("a", 4, 4)],
            {"width": 0},
            "PE722: p: the outline of 0 x 10 has no area; whitespace is above -1, aspect above 0.",
        ),
    ],
)
def test_wrong_input_is_told_in_a_sentence(blocks: list[Block], more: dict[str, object], sentence: str) -> None:
    assert refusal(*blocks, **more) == sentence  # type: ignore[arg-type]
