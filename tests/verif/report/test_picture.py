"""A failure's picture of its own, and its WaveJSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from verif.report.model import Failure, TestResult
from verif.report.picture import picture, save_pictures
from verif.report.wavejson import wavejson
from verif.trace import Signal, Trace
from verif.verdict import Oracle, Verdict

SVG = "{http://www.w3.org/2000/svg}"
TRACE = Trace(
    signals=(
        Signal(name="wr_clk", values=(0, 1, 0, 1), direction="posedge"),
        Signal(name="rd_clk", values=(0, 0, 1, 0), direction="negedge"),
        Signal(name="wr_en", values=(0, 1, None, 0), direction="input"),
        Signal(name="rd_data", values=(None, 0x3C, 0x3C, 0x3C), width=8, direction="output"),
        Signal(name="wide", values=((1 << 99) - 1, 5, 5, 5), width=100, direction="output"),
    ),
    first=4,
)


def failure(**overrides: Any) -> Failure:
    facts: dict[str, Any] = {
        "test": TestResult(name="test_regressions/file=sync_fifo-model", verdict=Verdict.FAIL, simulator="icarus"),
        "oracle": Oracle.SPEC,
        "rule": "sync_fifo-model",
        "title": "The outputs are those of the reference model.",
        "requirements": ("R1", "R2"),
        "cycle": 6,
        "detail": "rd_data is 0x3c, expected 0x5a",
        "signals": ("rd_data",),
        "trace": TRACE,
    }
    return Failure(**(facts | overrides))


def waves(of: Failure) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in wavejson(of)["signal"]}


def test_picture_tells_rule_requirements_and_what_was_seen() -> None:
    written = [text.text for text in ElementTree.fromstring(picture(failure())).findall(f"{SVG}text")]
    assert written == [
        "SPEC sync_fifo-model (R1, R2)",
        "The outputs are those of the reference model.",
        "Cycle 6: rd_data is 0x3c, expected 0x5a",
    ]


def test_picture_marks_the_failing_cycle_once() -> None:
    marks = [r for r in ElementTree.fromstring(picture(failure())).iter(f"{SVG}rect") if r.get("class") == "mark"]
    assert len(marks) == 1


def test_picture_needs_nothing_else() -> None:
    text = picture(failure())
    assert not re.search(r"url\(|@import|<script|<link|href", text)
    assert "svg.wave path.line" in text


def test_long_rule_is_wrapped_inside_of_the_picture() -> None:
    told = [t.text or "" for t in ElementTree.fromstring(picture(failure(title="word " * 60))).findall(f"{SVG}text")]
    assert max(map(len, told)) < 90
    assert " ".join(told).count("word") == 60


def test_hostile_rule_stays_text() -> None:
    text = picture(failure(title="</text><script>alert(1)</script>"))
    assert list(ElementTree.fromstring(text).iter(f"{SVG}script")) == []


def test_clocks_begin_their_cycles_with_the_active_edge() -> None:
    drawn = ElementTree.fromstring(picture(failure()))
    rising, falling = [path.attrib["d"] for path in drawn.iter(f"{SVG}path")][:2]
    assert rising.count("L") == 1 + 4 * 2
    assert falling.count("L") == 1 + 4 * 1
    assert (waves(failure())["wr_clk"]["wave"], waves(failure())["rd_clk"]["wave"]) == ("lplp", "h.nh")


def test_wavejson_has_hexadecimal_buses_and_shows_x() -> None:
    rows = waves(failure())
    assert rows["wr_en"] == {"name": "wr_en", "wave": "01x0"}
    assert rows["wide[99:0]"] == {"name": "wide[99:0]", "wave": "==..", "data": ["7" + "f" * 24, "0" * 24 + "5"]}


def test_wavejson_marks_the_failing_cycle_and_the_value_in_it() -> None:
    rows = waves(failure())
    assert rows["rd_data[7:0]"]["wave"] == "x=9="
    assert rows["fails"]["wave"] == "0.10"


def test_wavejson_carries_rule_and_first_cycle() -> None:
    told = wavejson(failure())
    assert told["head"] == {"text": "SPEC sync_fifo-model: The outputs are those of the reference model.", "tick": 4}
    assert told["foot"] == {"text": "rd_data is 0x3c, expected 0x5a"}


def test_wavedrom_draws_what_we_write() -> None:
    wavedrom = pytest.importorskip("wavedrom")
    drawn = ElementTree.fromstring(wavedrom.render(json.dumps(wavejson(failure()))).tostring())
    told = {"".join(text.itertext()) for text in drawn.iter(f"{SVG}text")}
    assert {"rd_data[7:0]", "wr_clk", "3c", "fails", "rd_data is 0x3c, expected 0x5a"} <= told


def test_failure_without_a_trace_has_no_picture(tmp_path: Path) -> None:
    assert save_pictures(failure(trace=None), svg=tmp_path / "a.svg", waves=tmp_path / "a.json") is None
    assert list(tmp_path.iterdir()) == []


def test_same_failure_gives_the_same_files(tmp_path: Path) -> None:
    saved = [
        save_pictures(failure(), svg=tmp_path / name / "a.svg", waves=tmp_path / name / "a.json") for name in ("1", "2")
    ]
    one, two = (p for p in saved if p is not None)
    assert one.svg.read_bytes() == two.svg.read_bytes()
    assert one.wavejson.read_bytes() == two.wavejson.read_bytes()
