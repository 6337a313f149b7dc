"""Constraint files: what they change and what is told when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.floorplans import hard, soft
from verif.errors import InputError
from verif.floorplan.constraints import Constraints, constrain, read_constraints
from verif.floorplan.model import Problem

PROBLEM = Problem(name="p", blocks=(soft("cpu.alu", 100), hard("cpu.ram", 4, 4), hard("io", 2, 2)), nets=())


def read(tmp_path: Path, text: str) -> Constraints:
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")
    return read_constraints(file)


def test_constraints_change_the_blocks_that_match(tmp_path: Path) -> None:
    text = """
    [outline]
    width = 40
    height = 30.5
    [block."cpu.*"]
    halo = 1
    [block."cpu.alu"]
    aspect = [0.5, 2]
    [block.io]
    width = 3
    height = 5
    fixed = [0, 0]
    [[keepout]]
    x = 0
    y = 0
    width = 4
    height = 2
    """
    constraints = read(tmp_path, text)
    alu, ram, io = constrain(PROBLEM, constraints).blocks
    assert constraints.outline is not None and constraints.outline.height == 30.5
    assert (alu.halo, alu.aspect_min, alu.aspect_max, ram.halo, io.halo) == (1, 0.5, 2, 1, 0)
    assert (io.width, io.height, io.fixed) == (3, 5, (0, 0))
    assert len(constrain(PROBLEM, constraints).keepouts) == 1


def test_a_width_and_height_make_a_soft_block_hard(tmp_path: Path) -> None:
    alu = constrain(PROBLEM, read(tmp_path, '[block."cpu.alu"]\nwidth = 20\nheight = 5\n')).blocks[0]
    assert not alu.soft and (alu.width, alu.height) == (20, 5)


def test_pins_match_by_pattern_and_belong_to_one_side(tmp_path: Path) -> None:
    constraints = read(tmp_path, '[pins]\nleft = ["clk", "a_*"]\nright = ["*b"]\n')
    assert constraints.sides(["a_x", "a_b", "clk", "b"]) == [("left", ["clk", "a_x", "a_b"]), ("right", ["b"])]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[block.dma]\nhalo = 1\n", "no block matches 'dma'; blocks: cpu.alu, cpu.ram, io."),
        (
            "[block.io]\nspeed = 1\n",
            "unknown key 'speed' for block io; aspect, fixed, halo, height, macro, width.",
        ),
        (
            "[block.io]\nwidth = 1\n",
            "what is asked of block io is not right; "
            "width and height together; fixed = [x, y]; aspect = [min, max]; halo: numbers.",
        ),
        ("[blocks]\n", "unknown table 'blocks'; outline, block, keepout, pins."),
        ("[pins]\nnorth = []\n", "unknown side 'north' in [pins]; left, top, right, bottom."),
        ("[pins]\nleft = ['q']\n", "no port matches 'q' of side left; ports: a, b."),
        ("[outline]\nwidth = 'x'\n", "[outline] or [[keepout]] is not right (could not convert string to float: 'x')"),
        ("not toml", "is not TOML ("),
    ],
)
def test_wrong_constraints_are_told_with_what_is_allowed(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        constraints = read(tmp_path, text)
        constrain(PROBLEM, constraints)
        constraints.sides(["a", "b"])
    assert caught.value.code == "PE733"
    assert str(caught.value).startswith(f"{tmp_path / 'plan.toml'}: {sentence}")
