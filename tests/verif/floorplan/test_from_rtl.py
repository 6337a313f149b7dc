"""From RTL to blocks and nets: areas, hierarchy, wires, memories, pins."""

from __future__ import annotations

from pathlib import Path

import pytest

from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.errors import InputError
from verif.floorplan.cells import CellLibrary, gate_equivalents, memory_size, read_liberty
from verif.floorplan.from_rtl import Choices, Plannable, pads_in_order, problem_from_rtl
from verif.floorplan.hierarchy import Node, cut_tree
from verif.floorplan.model import Outline

SOC = """
module regs (input wire clk, input wire [7:0] d, output reg [7:0] q);
    always @(posedge clk) q <= d;
endmodule
module mul (input wire [7:0] a, input wire [7:0] b, output wire [15:0] p);
    assign p = a * b;
endmodule
module store (input wire clk, input wire we, input wire [5:0] at, input wire [15:0] d, output reg [15:0] q);
    reg [15:0] mem [0:63];
    always @(posedge clk) begin
        if (we) mem[at] <= d;
        q <= mem[at];
    end
endmodule
module soc #(parameter EXTRA = 0) (input wire clk, input wire we, input wire [5:0] at, input wire [7:0] x,
                                   output wire [15:0] y, output wire [7:0] z);
    wire [7:0] a, b;
    wire [15:0] p;
    regs first (.clk(clk), .d(x), .q(a));
    regs second (.clk(clk), .d(a), .q(b));
    mul times (.a(a), .b(b), .p(p));
    store ram (.clk(clk), .we(we), .at(at), .d(p), .q(y));
    generate if (EXTRA) begin : more
        mul again (.a(b), .b(x), .p());
        regs third (.clk(clk), .d(b), .q(z));
    end else begin : less
        assign z = b;
    end endgenerate
endmodule
"""


@pytest.fixture(scope="module")
def soc(tmp_path_factory: pytest.TempPathFactory) -> Plannable:
    file = tmp_path_factory.mktemp("soc") / "soc.v"
    file.write_text(SOC, encoding="utf-8")
    return planned(file, depth=1)


def planned(file: Path, *, top: str = "soc", **choices: object) -> Plannable:
    design = read_design(resolve_sources((str(file),), top=top))
    return problem_from_rtl(design.sources, design.top, Choices(**choices))  # type: ignore[arg-type]


def test_every_instance_is_a_block_and_the_memory_a_macro(soc: Plannable) -> None:
    blocks = {block.name: block for block in soc.problem.blocks}
    assert set(blocks) == {"first", "second", "times", "ram.mem"}
    assert blocks["ram.mem"].macro and not blocks["ram.mem"].soft
    assert blocks["times"].soft and blocks["times"].area > blocks["first"].area
    assert blocks["first"].area == blocks["second"].area


def test_the_area_of_eight_flip_flops_is_eight_flip_flops(soc: Plannable) -> None:
    first = next(block for block in soc.problem.blocks if block.name == "first")
    assert first.area == pytest.approx(8 * gate_equivalents("$_DFF_P_") * 0.8 / 0.7)


def test_nets_join_the_blocks_and_weigh_their_wires(soc: Plannable) -> None:
    nets = {frozenset(pin.owner for pin in net.pins): net.weight for net in soc.problem.nets}
    assert nets[frozenset({"first", "second", "times"})] == 8
    assert nets[frozenset({"times", "ram.mem"})] == 16
    assert nets[frozenset({"first", "port:x"})] == 8
    assert nets[frozenset({"second", "times", "port:z"})] == 8


def test_clock_nets_are_left_out_and_said_so(soc: Plannable) -> None:
    assert not [net for net in soc.problem.nets if "port:clk" in {pin.owner for pin in net.pins}]
    assert "clock nets left out: clk" in soc.notes


def test_a_wire_that_only_passes_through_an_instance_joins_its_ends(tmp_path: Path) -> None:
    file = tmp_path / "soc.v"
    file.write_text(
        """
        module leaf (input wire clk, input wire d, output reg q);
            always @(posedge clk) q <= ~d;
        endmodule
        module pass (input wire i, output wire o);
            assign o = i;
        endmodule
        module soc (input wire clk, input wire x, output wire y);
            wire a, b;
            leaf one (.clk(clk), .d(x), .q(a));
            pass through (.i(a), .o(b));
            leaf two (.clk(clk), .d(b), .q(y));
        endmodule
        """,
        encoding="utf-8",
    )
    nets = [{pin.owner for pin in net.pins} for net in planned(file, depth=1).problem.nets]
    assert {"one", "two"} in nets


PLL = """\
module soc (input wire clk, input wire d, output wire q);
    pll p (.i(clk), .o(q));
endmodule
"""


def test_a_black_box_becomes_a_macro_without_a_size(tmp_path: Path) -> None:
    file = tmp_path / "soc.v"
    file.write_text(PLL + "module pll (input wire i, output wire o);\nendmodule\n", encoding="utf-8")
    (block,) = planned(file).problem.blocks
    assert (block.name, block.macro, block.footprint) == ("p", True, 0)


def test_a_missing_module_is_told_with_what_to_give(tmp_path: Path) -> None:
    file = tmp_path / "soc.v"
    file.write_text(PLL, encoding="utf-8")
    sources = resolve_sources((str(file),), blackboxes=("pll",), top="soc")
    with pytest.raises(InputError) as caught:
        problem_from_rtl(sources, "soc", Choices())
    assert str(caught.value) == (
        f"{file}:2: Yosys can't synthesise soc: unknown module 'pll'; "
        "give a file with its empty module: ports and nothing else."
    )


def test_what_yosys_refuses_is_told_with_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "soc.v"
    text = "module soc (input wire a, output reg y);\n  always @(posedge a or negedge a) y <= a;\nendmodule\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"^{file}:2: Yosys can't synthesise soc: simple if-else pattern") as caught:
        planned(file)
    assert caught.value.code == "PE740"


def tree() -> Node:
    """A top of 100, three quarters of it in ``big``, which has two halves and a crumb."""
    big = Node(path="big", module="big", own=5)
    big.children = [Node(path=f"big.{n}", module="half", own=area) for n, area in (("a", 35), ("b", 35), ("c", 0.1))]
    return Node(path="", module="top", own=5, children=[big, Node(path="small", module="small", own=20)])


def test_cut_by_size_opens_what_is_large_and_merges_crumbs() -> None:
    cut = cut_tree(tree())
    assert cut.areas == {"logic": 5, "big.logic": pytest.approx(5.1), "big.a": 35, "big.b": 35, "small": 20}
    assert cut.owner["big.c"] == "big.logic"


def test_cut_by_depth_takes_the_levels_asked_for() -> None:
    assert set(cut_tree(tree(), 1).areas) == {"logic", "big", "small"}
    assert set(cut_tree(tree(), 2).areas) == {"logic", "big.logic", "big.a", "big.b", "big.c", "small"}


def test_cut_keeps_the_whole_area() -> None:
    for depth in (None, 1, 2):
        assert sum(cut_tree(tree(), depth).areas.values()) == pytest.approx(100.1)


@pytest.mark.parametrize(
    ("cell", "gates"),
    [
        ("$_NAND_", 1),
        ("$_NOT_", 0.5),
        ("$_DFF_P_", 5),
        ("$_DFFE_PP_", 8),
        ("$_DFF_PN0_", 6),
        ("$_SDFFE_PP0P_", 9),
        ("$_DLATCH_P_", 3),
        ("$scopeinfo", 0),
    ],
)
def test_gate_equivalents_follow_the_transistors(cell: str, gates: float) -> None:
    assert gate_equivalents(cell) == gates


def test_liberty_gives_areas_and_clock_pins(tmp_path: Path) -> None:
    file = tmp_path / "cells.lib"
    file.write_text(
        "library(x) { /* area : 9; */\n"
        "cell (NAND2X1) { area : 24; pin(A) { direction : input; } }\n"
        'cell ("DFF") { area : 96.0; pin(CLK) { clock : true; } pin(D) { direction : input; } }\n}\n',
        encoding="utf-8",
    )
    library = read_liberty(file)
    assert (library.area("NAND2X1"), library.area("DFF"), library.area("$_NAND_")) == (24, 96, 24)
    assert library.is_clock("DFF", "CLK") and not library.is_clock("DFF", "D")


def test_a_file_that_is_no_liberty_is_told(tmp_path: Path) -> None:
    file = tmp_path / "cells.lib"
    file.write_text("module x; endmodule", encoding="utf-8")
    with pytest.raises(InputError, match=r"no cell with an area in this file; a Liberty library"):
        read_liberty(file)


def test_flip_flops_without_a_library_have_their_clock_known() -> None:
    library = CellLibrary()
    assert library.is_clock("$_SDFFE_PP0P_", "C") and not library.is_clock("$_NAND_", "A")


def test_a_memory_grows_with_words_and_ports_and_stays_near_square() -> None:
    small, large, dual = (memory_size(words, 32, ports, 0.8) for words, ports in ((256, 1), (1024, 1), (256, 2)))
    assert 2.5 < large[0] * large[1] / (small[0] * small[1]) < 4
    assert dual[0] * dual[1] == pytest.approx(1.6 * small[0] * small[1])
    assert all(1 / 3 <= height / width <= 3 for width, height in (small, large, dual))


def test_pins_lie_on_the_edge_in_port_order() -> None:
    pads = pads_in_order({"a": 1, "b": 2, "c": 1}, Outline(width=10, height=10), [])
    assert [pad.name for pad in pads] == ["port:a", "port:b", "port:c"]
    assert [(pad.x, pad.y) for pad in pads] == [(0, 5), (10, 10), (5, 0)]


def test_pins_asked_for_on_a_side_lie_there() -> None:
    outline = Outline(width=10, height=20)
    pads = pads_in_order({"a": 1, "b": 2, "c": 1}, outline, [("right", ["c"]), ("left", ["a"])])
    places = {pad.name: (pad.x, pad.y) for pad in pads}
    assert places["port:c"] == (10, 10) and places["port:a"] == (0, 10)
    assert places["port:b"][1] in (0, 20)
