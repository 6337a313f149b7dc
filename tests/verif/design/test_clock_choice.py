"""Clocks and resets by structure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import design_of, write
from verif.design.frontend import read_design
from verif.design.model import Design, Edge
from verif.design.sources import resolve_sources
from verif.design.wrapper import flat_wrapper, wrapped_sources
from verif.errors import InputError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _clocks(design: Design) -> list[tuple[str, str]]:
    return [(clock.name, str(clock.edge)) for clock in design.clocks]


def _resets(design: Design) -> list[tuple[str, str, str]]:
    return [(r.name, "high" if r.active_high else "low", "async" if r.asynchronous else "sync") for r in design.resets]


def _m(ports: str, body: str) -> str:
    return f"module m ({ports}, input d, output reg q);\n{body}\nendmodule\n"


@pytest.mark.parametrize(
    ("ports", "body", "expected"),
    [
        ("input clk, rst_n", "always @(posedge clk or negedge rst_n) if (!rst_n) q <= 0; else q <= d;", "low async"),
        (
            "input clk, rst",
            "always @(posedge clk, posedge rst) begin if (rst == 1'b1) q <= 0; else q <= d; end",
            "high async",
        ),
        ("input clk, rst", "always @(posedge rst or posedge clk) if (rst) q <= 0; else q <= d;", "high async"),
        ("input clk, rst", "always @(posedge clk) if (rst) q <= 0; else q <= d;", "high sync"),
        ("input clk, resetn", "always_ff @(posedge clk) if (~resetn) q <= 1'b0; else q <= d;", "low sync"),
        ("input clk, rst_ni", "always @(posedge clk) if (rst_ni == 1'b0) q <= 0; else q <= d;", "low sync"),
        ("input clk, rst_n", "always @(posedge clk) if (rst_n) q <= d; else q <= 0;", "low sync"),
        ("input clk, rst", "always @(posedge clk) begin q <= d; if (rst) q <= 0; end", "high sync"),
        ("input clk, rst", "always @(posedge clk) q <= rst ? 1'b0 : d;", "high sync"),
        ("input clk, rst, clr", "always @(posedge clk) if (rst || clr) q <= 0; else q <= d;", "high sync"),
        ("input clk, rst", "always @(posedge clk or rst) if (rst) q <= 0; else q <= d;", "high async"),
        (
            "input clk, rst",
            "reg r; always @(posedge clk or posedge rst) if (rst) begin q <= 0; r <= d; end else q <= r;",
            "high async",
        ),
        ("input clk, rst_n", "wire rst = ~rst_n; always @(posedge clk) if (rst) q <= 0; else q <= d;", "low sync"),
    ],
)
def test_reset_is_found_with_level_and_kind(tmp_path: Path, ports: str, body: str, expected: str) -> None:
    design = design_of(tmp_path, _m(ports, body))
    level, kind = expected.split()
    name = ports.split()[2].rstrip(",")
    assert _clocks(design) == [("clk", "rising")]
    assert _resets(design) == [(name, level, kind)]
    assert design.resets[0].clock == "clk"


@pytest.mark.parametrize(
    "body",
    [
        "always @(posedge clk) if (x) q <= 0; else q <= d;",
        "always @(posedge clk) if (x) q <= d; else q <= 0;",
        "always @(posedge clk) if (x && d) q <= 0;",
        "reg r; always @(posedge clk) begin if (x) q <= 0; r <= d; end",
    ],
)
def test_condition_that_is_neither_named_nor_asynchronous_is_no_reset(tmp_path: Path, body: str) -> None:
    assert design_of(tmp_path, _m("input clk, x", body)).resets == ()


def test_clear_is_a_reset_only_where_it_clears_everything(tmp_path: Path) -> None:
    whole = "always @(posedge clk) if (clear) q <= 0; else q <= d;"
    partly = whole + " reg r; always @(posedge clk) r <= d;"
    assert _resets(design_of(tmp_path, _m("input clk, clear", whole))) == [("clear", "high", "sync")]
    assert design_of(tmp_path, _m("input clk, clear", partly)).resets == ()


def test_reset_that_loads_data_is_taken_by_name_only(tmp_path: Path) -> None:
    design = design_of(tmp_path, _m("input clk, rst", "always @(posedge clk) if (rst) q <= d;"))
    assert design.resets[0].evidence == "by its name only"


@pytest.mark.parametrize("name", ["burst", "reset_addr", "first", "rst_done", "worst"])
def test_name_that_only_resembles_a_reset_is_none(tmp_path: Path, name: str) -> None:
    design = design_of(tmp_path, _m(f"input clk, {name}", f"always @(posedge clk) if ({name}) q <= 0; else q <= d;"))
    assert design.resets == ()


def test_level_by_use_wins_over_the_name_and_is_noted(tmp_path: Path) -> None:
    design = design_of(tmp_path, _m("input clk, rst_n", "always @(posedge clk) if (rst_n) q <= 0; else q <= d;"))
    assert _resets(design) == [("rst_n", "high", "sync")]
    assert "rst_n is active high by its use, though its name says otherwise" in design.notes


def test_falling_edge_clock_is_told(tmp_path: Path) -> None:
    design = design_of(tmp_path, _m("input clk", "always @(negedge clk) q <= d;"))
    assert design.clocks[0].edge is Edge.FALLING


def test_inverted_clock_of_an_instance_is_a_falling_edge(tmp_path: Path) -> None:
    text = "module ff (input c, d, output reg q); always @(posedge c) q <= d; endmodule\n"
    text += "module top (input clk, d, output q); ff u (.c(~clk), .d(d), .q(q)); endmodule\n"
    assert _clocks(design_of(tmp_path, text)) == [("clk", "falling")]


def test_clock_and_reset_are_followed_up_the_hierarchy_through_inverters(tmp_path: Path) -> None:
    text = """
    module ff (input c, r, d, output reg q); always @(posedge c or posedge r) if (r) q <= 0; else q <= d; endmodule
    module mid (input ck, nr, d, output q); wire r = !nr; ff u (ck, r, d, q); endmodule
    module top (input wclk, rclk, rst_n, d, output q, p);
      mid a (wclk, rst_n, d, q); mid b (rclk, rst_n, d, p);
    endmodule
    """
    design = design_of(tmp_path, text)
    assert _clocks(design) == [("wclk", "rising"), ("rclk", "rising")]
    assert _resets(design) == [("rst_n", "low", "async")]
    assert design.resets[0].clock is None


def test_gated_clock_is_traced_and_noted(tmp_path: Path) -> None:
    design = design_of(tmp_path, _m("input clk, en", "wire g = clk & en; always @(posedge g) q <= d;"))
    assert _clocks(design) == [("clk", "rising")]
    assert "clk also reaches registers gated through logic" in design.notes


def test_divided_clock_leads_to_its_source(tmp_path: Path) -> None:
    body = "reg half; always @(posedge clk) half <= ~half; always @(posedge half) q <= d;"
    design = design_of(tmp_path, _m("input clk", body))
    assert _clocks(design) == [("clk", "rising")]
    assert "clk also reaches registers divided through a register" in design.notes


def test_clock_behind_a_black_box_is_guessed_by_name(tmp_path: Path) -> None:
    text = _m("input clk_in, en", "wire g; BUFG b (.I(clk_in), .CE(en), .O(g)); always @(posedge g) q <= d;")
    design = design_of(tmp_path, text, blackboxes=["BUFG"])
    assert _clocks(design) == [("clk_in", "rising")]
    assert "clk_in also reaches registers taken through black box BUFG" in design.notes


def test_clock_that_leads_to_no_port_is_one_sentence(tmp_path: Path) -> None:
    text = _m("input go", "wire g; OSC o (.O(g)); always @(posedge g) q <= d;")
    with pytest.raises(InputError) as caught:
        design_of(tmp_path, text, blackboxes=["OSC"])
    assert (caught.value.code, caught.value.sentence) == (
        "PE110",
        "dut.sv:2: the registers' clock g leads to no input port; "
        'name the clock port in a design.toml ([[clock]] name = "..."), or choose a module below with --top.',
    )


def test_clock_name_does_not_hide_a_lost_clock(tmp_path: Path) -> None:
    text = _m("input clk", "wire g; OSC o (.O(g)); always @(posedge g) q <= d;")
    with pytest.raises(InputError, match="the registers' clock g leads to no input port"):
        design_of(tmp_path, text, blackboxes=["OSC"])


def test_clock_of_a_design_of_black_boxes_is_found_by_name(tmp_path: Path) -> None:
    design = design_of(
        tmp_path, "module m (input clk, d, output q); CORE u (clk, d, q); endmodule\n", blackboxes=["CORE"]
    )
    assert [(clock.name, clock.evidence) for clock in design.clocks] == [
        ("clk", "by its name; the registers are in black boxes")
    ]


def test_clock_that_is_a_bit_of_a_vector_is_one_sentence(tmp_path: Path) -> None:
    text = _m("input [1:0] ck", "always @(posedge ck[0]) q <= d;")
    with pytest.raises(InputError) as caught:
        design_of(tmp_path, text)
    assert caught.value.code == "PE110"
    assert caught.value.what == "the registers' clock comes from ck, which is not one bit wide or only feeds logic"


def test_clock_inside_a_struct_comes_to_light_in_the_wrapper(tmp_path: Path) -> None:
    text = "module m (input struct packed {logic clk, rst_n;} s, input d, output reg q);\n"
    text += "always @(posedge s.clk) if (!s.rst_n) q <= 0; else q <= d; endmodule\n"
    design = design_of(tmp_path, text)
    assert "the clock lies inside s; the flat wrapper gives it a port of its own" in design.notes
    wrapper = flat_wrapper(design)
    assert wrapper is not None
    (file,) = write(tmp_path, m_wrap__sv=wrapper.text)
    wrapped = read_design(wrapped_sources(design, wrapper, file))
    assert _clocks(wrapped) == [("s_clk", "rising")]
    assert _resets(wrapped) == [("s_rst_n", "low", "sync")]


def test_manifest_clock_answers_a_clock_that_is_not_found(tmp_path: Path) -> None:
    text = _m("input go", "wire g; OSC o (.I(go), .O(g)); always @(posedge g) q <= d;")
    write(tmp_path, m__sv=text, design__toml='files = ["m.sv"]\nblackboxes = ["OSC"]\n[[clock]]\nname = "go"\n')
    design = read_design(resolve_sources(["design.toml"]))
    assert _clocks(design) == [("go", "rising")]
    assert "the clock g at m.sv:2 leads to no port" in design.notes


def test_combinational_design_has_no_clock_and_no_reset(tmp_path: Path) -> None:
    design = design_of(tmp_path, "module m (input a, rst, output b); assign b = a & ~rst; endmodule\n")
    assert (design.clocks, design.resets, design.sequential) == ((), (), False)


def test_clock_that_nothing_uses_is_still_one_by_its_name(tmp_path: Path) -> None:
    text = "module m #(parameter R = 0) (input clk, rst, d, output q); generate if (R) begin reg r;\n"
    text += "always @(posedge clk) r <= d; assign q = r; end else assign q = d; endgenerate endmodule\n"
    design = design_of(tmp_path, text)
    assert [(clock.name, clock.evidence) for clock in design.clocks] == [("clk", "by its name; nothing uses it")]
    assert _resets(design) == [("rst", "high", "sync")]


def test_clock_name_in_the_cone_of_an_output_is_data(tmp_path: Path) -> None:
    assert design_of(tmp_path, "module m (input clk, en, output g); assign g = clk & en; endmodule\n").clocks == ()


def test_clock_inside_an_interface_is_found_and_named_by_its_path(tmp_path: Path) -> None:
    text = """
    interface bus (input logic clk); logic d; modport dst (input d, clk); endinterface
    module leaf (bus.dst b, output logic q); always_ff @(posedge b.clk) q <= b.d; endmodule
    module mid (bus.dst x, output logic q); leaf u (.b(x), .q(q)); endmodule
    module top (bus.dst port, output logic q); mid u (.x(port), .q(q)); endmodule
    """
    assert _clocks(design_of(tmp_path, text)) == [("port.clk", "rising")]


def test_clock_of_an_interface_inside_leads_to_the_port_that_feeds_it(tmp_path: Path) -> None:
    text = """
    interface bus (input logic clk); logic d; modport dst (input d, clk); endinterface
    module leaf (bus.dst b, output logic q); always_ff @(posedge b.clk) q <= b.d; endmodule
    module top (input logic ck, output logic q); bus i (.clk(ck)); leaf u (.b(i), .q(q)); endmodule
    """
    assert _clocks(design_of(tmp_path, text)) == [("ck", "rising")]


def test_latch_is_noted(tmp_path: Path) -> None:
    design = design_of(tmp_path, "module m (input en, d, output logic q); always_latch if (en) q = d; endmodule\n")
    assert design.clocks == ()
    assert "1 always_latch block(s)" in design.notes


def test_both_edges_of_a_clock_are_noted(tmp_path: Path) -> None:
    body = "reg r; always @(posedge clk) q <= d; always @(negedge clk) r <= d;"
    assert "registers use both edges of clk" in design_of(tmp_path, _m("input clk", body)).notes


def test_port_that_clocks_but_is_not_named_so_is_noted(tmp_path: Path) -> None:
    design = design_of(tmp_path, _m("input strobe", "always @(posedge strobe) q <= d;"))
    assert _clocks(design) == [("strobe", "rising")]
    assert "strobe clocks registers, though it isn't named like a clock" in design.notes
