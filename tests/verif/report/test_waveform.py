"""The waveform picture."""

from __future__ import annotations

from xml.etree import ElementTree

from verif.report.waveform import waveform
from verif.trace import Signal, Trace

SVG = "{http://www.w3.org/2000/svg}"
FIFO = Trace(
    signals=(
        Signal(name="wr_en", values=(0, 1, 1, 0), direction="input"),
        Signal(name="rd_data", values=(None, 0x3C, 0x3C, 0x5A), width=8, direction="output"),
        Signal(name="full", values=(0, None, 1, 1), direction="output"),
    ),
    first=40,
)


def drawn(trace: Trace = FIFO, **options: object) -> ElementTree.Element:
    return ElementTree.fromstring(waveform(trace, **options))  # type: ignore[arg-type]


def texts(picture: ElementTree.Element, kind: str) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text") if kind in text.attrib["class"].split()]


def test_picture_names_signals_and_cycles() -> None:
    assert texts(drawn(), "name") == ["wr_en", "rd_data", "full"]
    assert texts(drawn(), "tick") == ["40", "41", "42", "43"]


def test_unchanged_bus_value_is_written_once() -> None:
    assert texts(drawn(), "value") == ["X", "3c", "5a", "X"]


def test_failing_cycle_and_its_signals_are_marked() -> None:
    picture = drawn(mark=43, named=("rd_data",))
    assert texts(picture, "marked") == ["43"]
    assert texts(picture, "named") == ["rd_data"]
    assert len([r for r in picture.iter(f"{SVG}rect") if r.attrib["class"] == "mark"]) == 1


def test_cycle_outside_of_the_trace_is_not_marked() -> None:
    assert [r for r in drawn(mark=7).iter(f"{SVG}rect") if r.attrib["class"] == "mark"] == []


def test_one_bit_line_breaks_where_the_value_is_unknown() -> None:
    lines = [path.attrib["d"] for path in drawn().iter(f"{SVG}path")]
    assert [line.count("M") for line in lines] == [1, 2]


def test_hostile_name_stays_text() -> None:
    name = '\\<script>alert("1")</script> '
    picture = drawn(Trace(signals=(Signal(name=name, values=(1, 0)),)), title="</svg><script>")
    assert texts(picture, "name") == [f"{name[:23]}…"]
    assert list(picture.iter(f"{SVG}script")) == []


def test_value_too_wide_for_its_cycle_shows_its_low_digits() -> None:
    trace = Trace(signals=(Signal(name="bus", values=(0x123456789ABCDEF0, 1), width=64),))
    assert texts(drawn(trace), "value")[0] == "…ef0"
