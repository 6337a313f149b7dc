"""Cones of influence from the elaborated design."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import design_of


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("body", "cone"),
    [
        ("assign q = a;", ("a",)),
        ("assign q = 1'b0;", ()),
        ("wire w = a & b; assign q = w;", ("a", "b")),
        ("always @* if (a) q = b; else q = c;", ("a", "b", "c")),
        ("always @* case (a) 0: q = b; default: q = 0; endcase", ("a", "b")),
        ("reg r; always @(posedge clk) r <= a; always @(posedge clk) q <= r & b;", ("a", "b")),
        ("reg r; always @(posedge clk) begin r <= a; if (c) q <= r; end", ("a", "c")),
        ("reg [3:0] m; always @(posedge clk) m[{a, b}] <= c; always @* q = m[0];", ("a", "b", "c")),
        ("and g (w, a, b); wire w; assign q = w;", ("a", "b")),
        ("wire w; leaf u (.i(a), .o(w)); assign q = w;", ("a",)),
        ("wire w; leaf u (.i(a), .o(q)); leaf v (.i(b), .o(w));", ("a",)),
    ],
)
def test_cone_holds_exactly_the_inputs_that_matter(tmp_path: Path, body: str, cone: tuple[str, ...]) -> None:
    q = "output reg q" if "q =" in body.replace("assign q", "") or "q <=" in body else "output q"
    leaf = "module leaf (input i, output o); assign o = ~i; endmodule\n"
    design = design_of(tmp_path, f"module m (input clk, a, b, c, {q});\n{body}\nendmodule\n{leaf}", top="m")
    assert design.cones["q"] == cone
    assert design.cones_by == "slang"


def test_cone_of_an_output_passes_only_the_paths_inside_an_instance(tmp_path: Path) -> None:
    text = """
    module twist (input x, y, output p, r); assign p = y; assign r = x; endmodule
    module m (input a, b, output p, r); twist u (a, b, p, r); endmodule
    """
    assert design_of(tmp_path, text).cones == {"p": ("b",), "r": ("a",)}


def test_black_box_may_depend_on_everything_connected(tmp_path: Path) -> None:
    text = "module m (input a, b, c, output p); BOX u (.x(a), .y(b), .o(p)); endmodule\n"
    assert design_of(tmp_path, text, blackboxes=["BOX"]).cones == {"p": ("a", "b")}


def test_clock_and_reset_are_not_listed(tmp_path: Path) -> None:
    text = "module m (input clk, rst, a, output reg q); always @(posedge clk) if (rst) q <= 0; else q <= a; endmodule\n"
    assert design_of(tmp_path, text).cones == {"q": ("a",)}
