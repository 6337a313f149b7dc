"""Laws of the shim: a clock's inactive edge is left out only where nothing can tell."""

from __future__ import annotations

import pytest

from verif.design.model import Edge
from verif.sim.batch.shim import encoded, reads_active_edges_only

TRIGGER = """
    vlSelfRef.__VactTriggered[0U] = (QData)((IData)(((IData)(vlSelfRef.clk)
                                                     & (~ (IData)(vlSelfRef.__Vtrigprevexpr___TOP__clk__0)))));
    vlSelfRef.__Vtrigprevexpr___TOP__clk__0 = vlSelfRef.clk;
"""


def test_a_rising_edge_alone_lets_the_falling_one_go() -> None:
    assert reads_active_edges_only(TRIGGER, "clk", Edge.RISING)
    assert not reads_active_edges_only(TRIGGER, "clk", Edge.FALLING)


@pytest.mark.parametrize(
    "use",
    [
        "vlSelfRef.gated = ((IData)(vlSelfRef.clk) & (IData)(vlSelfRef.en));",
        "if (vlSelfRef.clk) { vlSelfRef.held = vlSelfRef.a; }",
        "vlSymsp->TOP__dut.clk = vlSelfRef.clk;",
        "vlSelfRef.q = vlSymsp->TOP.clk;",
        "((~ (IData)(vlSelfRef.clk)) & (IData)(vlSelfRef.__Vtrigprevexpr___TOP__clk__0))",
    ],
)
def test_any_other_use_keeps_the_inactive_edge(use: str) -> None:
    assert not reads_active_edges_only(TRIGGER + use, "clk", Edge.RISING)


def test_a_clock_whose_name_ends_another_name_is_another_clock() -> None:
    assert reads_active_edges_only(TRIGGER + "vlSelfRef.my_clk = vlSelfRef.clk_en;", "clk", Edge.RISING)


def test_names_are_written_as_verilator_writes_them() -> None:
    assert [encoded(name) for name in ("clk", "a__b", "a___b", "x_")] == ["clk", "a___05Fb", "a___05F_b", "x_"]
