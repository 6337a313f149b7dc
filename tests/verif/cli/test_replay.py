"""``posedge replay`` of a stored regression, as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

from tests.support.benches import FAILING, bench
from tests.support.command import Command
from tests.support.regressions import bug, drafted, overfilled

LATE = "full_one_late"


def test_stored_failure_is_replayed_drawn_and_reported(posedge: Command, tmp_path: Path) -> None:
    folder = drafted(tmp_path / "tb", "sync_fifo", overfilled())
    told = posedge(
        "replay", f"{folder}:sync-fifo-model", "--sources", bug("sync_fifo", LATE), "--sim", "icarus", "--json"
    )
    assert (told.code, told.json["verdict"]) == (1, "FAIL")
    picture = ElementTree.parse(folder / "regressions" / "sync-fifo-model.svg").getroot()
    texts = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "SPEC sync-fifo-model (R7)" in texts
    assert "The outputs are those of the reference model." in texts
    assert [text.text for text in picture.iter() if text.get("class") == "tick marked"] == ["18"]
    waves = json.loads(Path(told.json["wavejson"]).read_text())
    assert {"clk", "wr_data[7:0]", "level[4:0]", "full", "fails"} <= {row["name"] for row in waves["signal"]}
    assert Path(told.json["window"]).is_file()
    assert Path(told.json["tests"][0]["waves"]).suffix == ".vcd"


def test_fixed_design_passes_and_the_picture_of_the_failure_stays(posedge: Command, tmp_path: Path) -> None:
    folder = drafted(tmp_path / "tb", "sync_fifo", overfilled())
    file = folder / "regressions" / "sync-fifo-model.json"
    file.with_suffix(".svg").write_text("as it was")
    told = posedge("replay", file, "--sim", "icarus", "--wave-format", "fst")
    assert told.code == 0
    first, waves = told.out.splitlines()
    assert first == "PASS test_regressions/file=sync-fifo-model [icarus, default, seed 7]"
    assert waves.startswith("     waves: ")
    assert waves.endswith(".fst")
    assert file.with_suffix(".svg").read_text() == "as it was"


def test_options_of_stored_regressions_are_refused_for_ids(posedge: Command, tmp_path: Path) -> None:
    failed = posedge("run", bench(tmp_path / "bench", FAILING), "--json").json["tests"][0]["id"]
    told = posedge("replay", failed, "--sim", "icarus")
    assert (told.code, told.err) == (
        2,
        f"posedge: PE425: {failed}: --sim, --config and --sources are for stored regressions; a failure of a run is "
        "replayed on what it failed on.\n",
    )
