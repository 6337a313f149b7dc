"""What names and literals tell."""

from __future__ import annotations

import pytest

from tests.support.plan_designs import design
from verif.design.model import Clock
from verif.plan import naming
from verif.plan.plain_inputs import bit_habit


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("wr_en", {"wr", "en", "wr_en"}),
        ("rdAddr", {"rd", "addr"}),
        ("i_pc_en", {"pc", "en"}),
        ("FIFO2_FULL", {"fifo", "full"}),
        ("sel0", {"sel", "sel0"}),
    ],
)
def test_words_of_an_identifier(name: str, found: set[str]) -> None:
    assert found <= naming.words(name)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("16", 16),
        ("8'hFF", 255),
        ("4'b10_10", 10),
        ("'d7", 7),
        ("3'sb011", 3),
        ("8'hxx", None),
        ('"text"', None),
        ("", None),
    ],
)
def test_literal_has_its_value(text: str, value: int | None) -> None:
    assert naming.number(text) == value


@pytest.mark.parametrize(
    ("port", "clock"),
    [("wr_data", "wr_clk"), ("rd_en", "rd_clk"), ("wr_full_en", "wr_clk"), ("other", "wr_clk")],
)
def test_port_moves_with_the_clock_of_its_name(port: str, clock: str) -> None:
    assert naming.clock_of([port], (Clock(name="wr_clk"), Clock(name="rd_clk"))) == clock


def test_short_clock_stems_match_prefixes() -> None:
    clocks = (Clock(name="wclk"), Clock(name="rclk"))
    assert naming.clock_of(["rinc"], clocks) == "rclk"
    assert naming.clock_of(["winc", "wdata"], clocks) == "wclk"


@pytest.mark.parametrize(
    ("name", "kind", "rate"),
    [
        ("clear", "Bits", 1),
        ("flush_n", "Bits", 8),
        ("start", "Pulses", 4),
        ("load", "Bits", 2),
        ("en", "Bits", 7),
        ("ce_n", "Bits", 2),
        ("mode", "Bits", 5),
        ("irq", "Bits", 1),
    ],
)
def test_single_bit_gets_the_habit_of_its_name(name: str, kind: str, rate: int) -> None:
    found, defaults = bit_habit(name)
    assert (found, defaults["rate"]) == (kind, rate)


@pytest.mark.parametrize(
    ("parameters", "cycles"),
    [({"CLKS_PER_BIT": "8"}, 8), ({"CLK_FREQ": "1000", "BAUD": "100"}, 10), ({}, 0)],
)
def test_bit_time_comes_from_the_parameters(parameters: dict[str, str], cycles: int) -> None:
    assert naming.bit_cycles(design("uart", "rx", parameters=parameters)) == cycles


def test_encodings_are_local_parameters_of_the_width() -> None:
    subject = design("alu", "op:2", local={"ADD": "2'd0", "SUB": "2'd3", "WIDE": "8'd9", "PLAIN": "5"})
    assert naming.encodings(subject.parameters, 2) == [0, 3]
    assert naming.encodings(subject.parameters, 8) == []
