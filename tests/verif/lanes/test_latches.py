"""Latches that open with the clock become logic; others stay what they are."""

from __future__ import annotations

from dataclasses import replace

from verif.lanes.latches import without_latches
from verif.lanes.netlist import Edge, Netlist, Register, Table

CLOCK = Edge("clk", rising=True)
OPEN = Register(name="open", output=3, next=2, edge=CLOCK, start=0)
LATCH = Register(name="held", output=4, next=4, edge=None, start=1, load=3, load_level=0, loaded=2)
LATCHED = Netlist(inputs={"clk": (1,), "a": (2,)}, outputs={"y": (4,)}, tables={}, registers=(OPEN, LATCH), memories=())


def test_a_latch_that_a_register_opens_becomes_a_choice_and_a_register() -> None:
    made = without_latches(LATCHED)
    kept = made.registers[1]
    assert made.registers[0] == OPEN
    assert (kept.name, kept.next, kept.edge, kept.start, kept.load) == ("held", 4, CLOCK, 1, "0")
    assert made.tables[4] == Table((kept.output, 2, 3), 0b10101100)  # closed at 1: what was kept


def test_a_latch_that_an_input_opens_stays() -> None:
    given = replace(LATCHED, registers=(OPEN, replace(LATCH, load=2)))
    assert without_latches(given) == given


def test_a_latch_that_a_register_with_an_asynchronous_load_opens_stays() -> None:
    given = replace(LATCHED, registers=(replace(OPEN, load=2, loaded="1"), LATCH))
    assert without_latches(given) == given


def test_a_latch_beside_two_edges_stays() -> None:
    falling = Register(name="late", output=5, next=2, edge=Edge("clk", rising=False), start=0)
    given = replace(LATCHED, registers=(*LATCHED.registers, falling))
    assert without_latches(given) == given
