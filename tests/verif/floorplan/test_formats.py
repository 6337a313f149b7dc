"""The files that a floorplan leaves, read by the programs that they are for."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import klayout.db as kdb
import pytest
from PIL import Image

from tests.support.floorplans import hard, place, placement, soft, wire
from tests.support.tools import need
from verif.floorplan.bookshelf import read_bookshelf
from verif.floorplan.lefdef import safe, write_def, write_lef
from verif.floorplan.model import Keepout, Pad, Placement, Problem
from verif.floorplan.outputs import write_outputs
from verif.floorplan.picture import draw
from verif.floorplan.scripts import write_klayout, write_openroad
from verif.floorplan.svg import write_svg

PROBLEM = Problem(
    name="soc",
    blocks=(
        hard("cpu.ram", 40, 20, macro=True),
        soft("cpu.alu", 300, group="cpu"),
        hard("io[0]", 10, 10, fixed=(50.0, 50.0)),
    ),
    nets=(wire("bus", "cpu.ram", "cpu.alu", "port:d", weight=8), wire("irq", "cpu.alu", "io[0]")),
    pads=(Pad(name="port:d", x=0, y=30),),
    keepouts=(Keepout(x=40, y=0, width=20, height=5),),
)
PLACEMENT = placement(
    60,
    60,
    place("cpu.ram", 0, 0, 20, 40, turned=True),
    place("cpu.alu", 20, 5, 30, 10),
    place("io[0]", 50, 50, 10, 10),
)


def boxes(lef: Path, design: Path) -> dict[str, tuple[float, ...]]:
    """Instances as KLayout's reader places them: name to left, bottom, right, top."""
    layout = kdb.Layout()
    options = kdb.LoadLayoutOptions()
    options.lefdef_config.lef_files = [str(lef)]
    options.lefdef_config.macro_resolution_mode = 1
    layout.read(str(design), options)
    found = {}
    for instance in layout.top_cell().each_inst():
        box = instance.dbbox()
        name = instance.property("name") or instance.property(1) or instance.cell.name
        found[str(name)] = (box.left, box.bottom, box.right, box.top)
    return found


def test_klayout_reads_def_and_lef_with_every_block_in_its_place(tmp_path: Path) -> None:
    write_lef(PROBLEM, PLACEMENT, tmp_path / "soc.lef")
    write_def(PROBLEM, PLACEMENT, tmp_path / "soc.def")
    found = boxes(tmp_path / "soc.lef", tmp_path / "soc.def")
    assert sorted(tuple(round(value, 3) for value in box) for box in found.values()) == [
        (0, 0, 20, 40),
        (20, 5, 50, 15),
        (50, 50, 60, 60),
    ]


def test_def_has_die_pins_nets_and_blockages(tmp_path: Path) -> None:
    write_def(PROBLEM, PLACEMENT, tmp_path / "soc.def")
    text = (tmp_path / "soc.def").read_text(encoding="utf-8")
    assert "DIEAREA ( 0 0 ) ( 60000 60000 ) ;" in text
    assert "- cpu/ram m_cpu/ram + PLACED ( 0 0 ) W ;" in text
    assert "- io_0_ m_io_0_ + FIXED ( 50000 50000 ) N ;" in text
    assert "- d + NET bus + DIRECTION INOUT" in text
    assert "- bus ( cpu/ram bus ) ( cpu/alu bus ) ( PIN d ) + WEIGHT 8 ;" in text
    assert "- PLACEMENT RECT ( 40000 0 ) ( 60000 5000 ) ;" in text


def test_names_that_become_equal_are_told_apart(tmp_path: Path) -> None:
    problem = replace(PROBLEM, blocks=(hard("a[0]", 1, 1), hard("a(0)", 1, 1)), nets=(), pads=(), keepouts=())
    write_def(problem, placement(9, 9, place("a[0]", 0, 0, 1, 1), place("a(0)", 1, 0, 1, 1)), tmp_path / "x.def")
    text = (tmp_path / "x.def").read_text(encoding="utf-8")
    assert "- a_0___0 m_a_0___0 " in text and "- a_0___1 m_a_0___1 " in text
    assert safe("") == "_"


def test_openroad_script_runs_in_tcl_and_places_macros_and_pins(tmp_path: Path) -> None:
    tclsh = need("tclsh")
    script = tmp_path / "soc.tcl"
    write_openroad(PROBLEM, PLACEMENT, script)
    commands = ("initialize_floorplan", "place_pin", "place_macro", "create_blockage")
    told = "\n".join(f'proc {name} args {{ puts "{name} $args" }}' for name in commands)
    harness = tmp_path / "run.tcl"
    harness.write_text(f"{told}\nsource {script}\nputs $floorplan_guides\n", encoding="utf-8")
    lines = subprocess.run([tclsh, harness], capture_output=True, text=True, check=True).stdout.splitlines()
    assert "place_macro -macro_name cpu/ram -location {0.000 0.000} -orientation R90" in lines
    assert "place_macro -macro_name io_0_ -location {50.000 50.000} -orientation R0" in lines
    assert "place_pin -pin_name d -layer metal3 -location {0.000 30.000}" in lines
    assert "create_blockage -region {40.000 0.000 60.000 5.000}" in lines
    assert any("cpu/alu {20.000 5.000 50.000 15.000}" in line for line in lines)


def test_klayout_script_draws_every_block(tmp_path: Path) -> None:
    script = tmp_path / "soc.py"
    write_klayout(PROBLEM, PLACEMENT, script)
    subprocess.run([sys.executable, script], check=True, cwd=tmp_path)
    layout = kdb.Layout()
    layout.read(str(tmp_path / "soc.gds"))
    counts = {info.layer: len(list(layout.top_cell().each_shape(layout.layer(info)))) for info in layout.layer_infos()}
    assert counts == {1: 1, 2: 1, 3: 2, 4: 1, 10: 4}


def test_svg_shows_every_block_with_its_place(tmp_path: Path) -> None:
    write_svg(draw(PROBLEM, PLACEMENT), tmp_path / "soc.svg")
    root = ET.parse(tmp_path / "soc.svg").getroot()
    titles = [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "cpu.ram: 20 x 40 at (0, 0)" in titles and "keep-out" in titles and "port:d" in titles
    assert len(list(root.iter("{http://www.w3.org/2000/svg}line"))) == 3


def test_all_formats_are_written_and_the_bookshelf_files_read_back(tmp_path: Path) -> None:
    figures = {"name": "soc", "hpwl": 1.0, "deadspace": 0.1, "outline": {"w": 60, "h": 60}}
    files = write_outputs(PROBLEM, PLACEMENT, figures, tmp_path / "out")
    assert Image.open(files["png"]).size[0] > 1000
    stem = Path(files["bookshelf"]).with_suffix("")
    again = read_bookshelf(*(stem.with_suffix(end) for end in (".blocks", ".nets", ".pl")))
    assert [block.footprint for block in again.blocks] == pytest.approx([800, 300, 100])
    assert "cpu.ram\t0.000000\t0.000000\tDIMS = (20.000000, 40.000000) : W" in Path(files["placement"]).read_text()


def test_def_of_an_abutting_floorplan_still_abuts_on_the_grid(tmp_path: Path) -> None:
    third = 10 / 3
    problem = Problem(name="t", blocks=(soft("a", 100 / 3), soft("b", 200 / 3)), nets=())
    there: Placement = placement(10, 10, place("a", 0, 0, third, 10), place("b", third, 0, 2 * third, 10))
    write_lef(problem, there, tmp_path / "t.lef")
    write_def(problem, there, tmp_path / "t.def")
    a, b = sorted(boxes(tmp_path / "t.lef", tmp_path / "t.def").values())
    assert a[2] == b[0] == pytest.approx(3.333)
    assert b[2] == 10
