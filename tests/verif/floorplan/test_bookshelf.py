"""Bookshelf files: in, out, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.floorplans import bookshelf
from verif.errors import InputError
from verif.floorplan.bookshelf import read_bookshelf, write_bookshelf

BLOCKS = """\
UCSC blocks 1.0
# two kinds
NumSoftRectangularBlocks : 1
NumHardRectilinearBlocks : 2
NumTerminals : 1

a hardrectilinear 4 (0, 0) (0, 20) (40, 20) (40, 0)
b hardrectilinear 4 (0, 0) (0, 30) (30, 30) (30, 0)
s softrectangular 900 0.5 2.0
p1 terminal
"""
NETS = """\
UCLA nets 1.0
NumNets : 2
NumPins : 5
NetDegree : 3
a B : %50.0 %-25.0
s B
p1 B
NetDegree : 2 named
a B
b B
"""
PL = "UCLA pl 1.0\n\na 0 0\np1\t0\t60\n"


def test_bookshelf_blocks_nets_and_pads_are_read(tmp_path: Path) -> None:
    bookshelf(tmp_path, blocks=BLOCKS, nets=NETS, pl=PL)
    problem = read_bookshelf(tmp_path / "small.blocks", tmp_path / "small.nets", tmp_path / "small.pl")
    a, b, s = problem.blocks
    assert (a.width, a.height, b.width, s.area, s.aspect_min, s.aspect_max) == (40, 20, 30, 900, 0.5, 2.0)
    assert [pad.name for pad in problem.pads] == ["p1"]
    first, second = problem.nets
    assert (first.pins[0].dx, first.pins[0].dy) == (20, -5)
    assert (second.name, [pin.owner for pin in second.pins]) == ("named", ["a", "b"])


def test_bookshelf_written_reads_back_the_same(tmp_path: Path) -> None:
    bookshelf(tmp_path, blocks=BLOCKS, nets=NETS, pl=PL)
    problem = read_bookshelf(tmp_path / "small.blocks", tmp_path / "small.nets", tmp_path / "small.pl")
    files = write_bookshelf(problem, tmp_path / "again" / "small") if (tmp_path / "again").mkdir() is None else ()
    assert read_bookshelf(*files) == problem


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"nets": NETS, "blocks": "a rectangle 3 4\n"}, "PE712: {d}/small.blocks:1: this line is no block or terminal"),
        ({"nets": NETS, "blocks": BLOCKS.replace("(0, 20)", "(1, 20)")}, "PE713: {d}/small.blocks:7: block a is not a"),
        ({"nets": NETS, "blocks": BLOCKS.replace("20)", "0)")}, "PE703: {d}/small.blocks:7: block a has no area"),
        ({"nets": NETS, "blocks": BLOCKS.replace("20)", "nan)")}, "PE704: {d}/small.blocks:7: a corner of block a is"),
        ({"nets": NETS, "blocks": BLOCKS.replace("900", "many")}, "PE711: {d}/small.blocks:9: 'many' is not a number"),
        ({"nets": "a B\n", "blocks": BLOCKS, "pl": PL}, "PE715: {d}/small.nets:1: a pin stands before the first Net"),
        ({"nets": NETS, "blocks": BLOCKS}, "PE714: {d}/small.blocks: terminal p1 has no position; give its x and y"),
    ],
)
def test_bookshelf_faults_are_told_with_file_and_line(files: dict[str, str], sentence: str, tmp_path: Path) -> None:
    bookshelf(tmp_path, **files)
    pl = tmp_path / "small.pl"
    with pytest.raises(InputError) as caught:
        read_bookshelf(tmp_path / "small.blocks", tmp_path / "small.nets", pl if pl.exists() else None)
    assert f"{caught.value.code}: {caught.value}".startswith(sentence.format(d=tmp_path))


def test_floorplan_verb_plans_bookshelf_files(posedge: Command, tmp_path: Path) -> None:
    options = bookshelf(tmp_path, blocks=BLOCKS, nets=NETS, pl=PL)
    answer = posedge("floorplan", *options, "--whitespace", "0.4", "--starts", "1", "--out", "out", "--json")
    assert answer.code == 0, answer.err
    found = answer.json
    assert (found["schema"], found["verb"], found["legal"], len(found["blocks"])) == (1, "floorplan", True, 3)
    assert set(found["blocks"][0]) >= {"name", "x", "y", "w", "h"}
    assert found["outline"]["w"] == pytest.approx((1.4 * 2600) ** 0.5)
    assert found["deadspace"] == pytest.approx(1 - 1 / 1.4)
    assert all((tmp_path / found[kind]).exists() for kind in ("svg", "png", "def", "lef", "placement"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "PE730: nothing to plan; RTL files, or --blocks FILE with --nets FILE; name the sources."),
        (["--blocks", "x"], "PE730: --blocks and --nets belong together; give both files."),
        (["--blocks", "x", "--nets", "y"], "PE710: x: can't be read (No such file or directory)."),
    ],
)
def test_floorplan_verb_without_usable_input_says_what_it_takes(
    posedge: Command, arguments: list[str], sentence: str
) -> None:
    answer = posedge("floorplan", *arguments)
    assert (answer.code, answer.err) == (2, f"posedge: {sentence}\n")
