"""Which outputs change by blocking assignments at a clock's edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import Kept, design_of, kept_designs

HEAD = "module m (input wire clk, input wire a, output {kind} y);\n{body}\nendmodule\n"
CASES = {
    "register": ("reg", "always @(posedge clk) y = a;", {"y": True}),
    "alias": ("wire", "reg r; always @(posedge clk) r = a; assign y = ~r;", {"y": True}),
    "logic with an input": ("wire", "reg r; always @(posedge clk) r = a; assign y = r & a;", {"y": False}),
    "comb block": ("reg", "reg r; always @(posedge clk) r = a; always @* if (r) y = a; else y = 0;", {"y": False}),
    "nonblocking": ("reg", "always @(posedge clk) y <= a;", {}),
    "temporary": ("reg", "reg t; always @(posedge clk) begin t = ~a; y <= t; end", {}),
    "behind a register": ("reg", "reg r; always @(posedge clk) r = a; always @(posedge clk) y <= r;", {}),
    "combinational": ("reg", "always @* y = a;", {}),
    "one of two bits": ("wire", "reg [1:0] r; always @(posedge clk) r[0] = a; assign y = r[0];", {"y": True}),
}
CHILD = "module child (input wire clk, input wire d, output reg q, output wire z);\n  {body}\nendmodule\n"


@pytest.mark.parametrize("case", CASES)
def test_racing_outputs_are_those_behind_blocking_assignments_at_an_edge(case: str, tmp_path: Path) -> None:
    kind, body, expected = CASES[case]
    assert design_of(tmp_path, HEAD.format(kind=kind, body=body), top="m").racing == expected


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        ("child c (.clk(clk), .d(a), .q(y), .z());", {"y": True}),
        ("child c (.clk(clk), .d(a), .q(), .z(y));", {}),
        ("wire q; child c (.clk(clk), .d(a), .q(q), .z()); assign y = q ^ a;", {"y": False}),
        ("wire q, z; child c (.clk(clk), .d(a), .q(q), .z(z)); assign y = q ^ z;", {"y": False}),
    ],
)
def test_racing_outputs_of_an_instance_race_above_it(instance: str, expected: dict[str, bool], tmp_path: Path) -> None:
    child = CHILD.format(body="always @(posedge clk) q = d; assign z = ~d;")
    text = HEAD.format(kind="wire", body=instance) + child
    assert design_of(tmp_path, text, top="m").racing == expected


@pytest.mark.parametrize("kept", kept_designs(), ids=lambda kept: kept.name)
def test_our_designs_do_not_race(kept: Kept) -> None:
    assert kept.design.racing == {}
