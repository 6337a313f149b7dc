"""``posedge floorplan`` from RTL, and against an earlier floorplan."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.floorplans import bookshelf
from tests.verif.floorplan.test_from_rtl import PLL, SOC
from verif.campaign.ledger import Ledger
from verif.floorplan.keeping import Keeper
from verif.workspace import Workspace

QUICK = ("--starts", "1", "--budget", "1s", "--depth", "1", "--whitespace", "0.5")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "soc.v"
    file.write_text(SOC, encoding="utf-8")
    return file


def test_floorplan_from_rtl_draws_a_picture_and_enters_the_ledger(
    posedge: Command, source: Path, tmp_path: Path, workspace: Workspace
) -> None:
    answer = posedge("floorplan", source, *QUICK, "--out", "out")
    assert answer.code == 0, answer.err
    assert "soc: 4 blocks, " in answer.out and "legal          yes" in answer.out
    assert (tmp_path / "out" / "soc.svg").exists()
    (entry,) = Ledger(workspace.ledger).entries()
    assert (Path(entry.bench).name, entry.verb) == ("soc", "floorplan")
    assert re.fullmatch(r"HPWL \S+, row by row \S+, planned in \S+ s", entry.outcome)


def test_floorplan_compared_after_a_changed_parameter_names_the_new_blocks(
    posedge: Command, source: Path, tmp_path: Path
) -> None:
    first = posedge("floorplan", source, *QUICK, "--out", "out", "--json").json
    again = posedge("floorplan", source, *QUICK, "-P", "EXTRA=1", "--compare", first["json"], "--out", "more", "--json")
    assert again.code == 0, again.err
    difference = again.json["compare"]
    assert {block["name"] for block in difference["added"]} == {"more.again", "more.third"} or difference["added"]
    assert difference["removed"] == []
    assert difference["block_area"][1] > difference["block_area"][0]
    text = posedge("floorplan", source, *QUICK, "--compare", "out", "--out", "same")
    assert "against soc: wirelength" in text.out and "  new " not in text.out


def test_floorplan_keeps_pins_and_sizes_asked_for(posedge: Command, source: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        '[pins]\nright = ["y"]\n[block.times]\nwidth = 30\nheight = 12\n', encoding="utf-8"
    )
    found = posedge("floorplan", source, *QUICK, "--constraints", "plan.toml", "--json").json
    places = {pad["name"]: pad["x"] for pad in found["pads"]}
    assert places["port:y"] == pytest.approx(found["outline"]["w"])
    sizes = {block["name"]: {round(block["w"], 6), round(block["h"], 6)} for block in found["blocks"]}
    assert sizes["times"] == {30, 12}


def test_a_black_box_without_a_size_is_told_where_to_give_it(posedge: Command, tmp_path: Path) -> None:
    (tmp_path / "soc.v").write_text(PLL + "module pll (input wire i, output wire o);\nendmodule\n", encoding="utf-8")
    answer = posedge("floorplan", "soc.v", "--top", "soc", *QUICK)
    assert answer.err == (
        "posedge: PE703: soc: block p has no area; width, height and area are positive; "
        "give its width and height in --constraints.\n"
    )


def test_a_floorplan_that_fits_nowhere_exits_with_one_and_says_what_is_broken(posedge: Command, tmp_path: Path) -> None:
    square = "hardrectilinear 4 (0, 0) (0, {0}) ({0}, {0}) ({0}, 0)\n"
    blocks = "".join(f"{name} {square.format(4.4)}" for name in "abcde")
    options = bookshelf(tmp_path, blocks=blocks, nets="NetDegree : 2\na B\nb B\n")
    answer = posedge("floorplan", *options, *QUICK, "--whitespace", "0.04")
    assert answer.code == 1
    assert "legal          no: " in answer.out and "outline of " in answer.out


def test_two_thousand_blocks_are_planned_in_bounded_time(posedge: Command, tmp_path: Path) -> None:
    blocks = "".join(f"b{n} softrectangular {50 + n % 40} 0.2 5\n" for n in range(2000))
    nets = "".join(f"NetDegree : 2\nb{n} B\nb{(7 * n + 1) % 2000} B\n" for n in range(2000))
    options = bookshelf(tmp_path, blocks=blocks, nets=nets)
    answer = posedge("floorplan", *options, "--whitespace", "0.5", "--budget", "1s", "--starts", "1", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["legal"] and len(answer.json["blocks"]) == 2000


@pytest.mark.parametrize(
    ("text", "why"),
    [("{}", "it lacks blocks, outline, hpwl or deadspace"), ("nothing", "Expecting value: line 1 column 1 (char 0)")],
)
def test_what_is_no_floorplan_can_not_be_compared_with(posedge: Command, tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "old.json").write_text(text, encoding="utf-8")
    answer = posedge("floorplan", "--blocks", "x", "--nets", "y", "--compare", "old.json")
    assert answer.err == (
        f"posedge: PE731: old.json: this is no floorplan to compare with ({why}); "
        "name the .json file of an earlier run.\n"
    )


def test_written_json_is_what_was_printed(posedge: Command, source: Path) -> None:
    printed = posedge("floorplan", source, *QUICK, "--json").json
    kept = json.loads(Path(printed["json"]).read_text(encoding="utf-8"))
    assert {key: printed[key] for key in ("blocks", "outline", "hpwl", "legal")} == {
        key: kept[key] for key in ("blocks", "outline", "hpwl", "legal")
    }


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_floorplan_writes_the_best_and_goes_on(
    posedge: Command, source: Path, workspace: Workspace, tmp_path: Path, way: signal.Signals
) -> None:
    options = ("--starts", "20000", "--budget", "1s", "--depth", "1", "--whitespace", "0.5", "--out", "out")
    states = workspace.root / "floorplan_searches"
    command = [sys.executable, "-m", "verif.cli.main", "floorplan", str(source), *options, "--json"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        limit = time.monotonic() + 120
        while not list(states.glob("*.npz")) and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.05)
        process.send_signal(way)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    told = json.loads(output)
    assert told["interrupted"] is True and told["legal"] is True
    assert b"interrupted; this is the best so far" in errors
    assert (tmp_path / "out" / "soc.svg").exists()
    assert not Ledger(workspace.ledger).entries()
    (state,) = states.glob("*.npz")
    found = Keeper(state).load().found
    assert len(found) >= told["starts"] > 0
