"""Choosing the top, and what is said where the sources don't elaborate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rtl import design_of, write
from verif.design.frontend import read_design
from verif.design.sources import resolve_sources
from verif.errors import InputError

_PASS = "module {0} (input a, output b); assign b = a; endmodule\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _error(tmp_path: Path, text: str, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        design_of(tmp_path, text, **options)
    return f"{caught.value.code}: {caught.value.sentence}"


def test_top_is_the_module_that_nobody_instantiates(tmp_path: Path) -> None:
    text = "module top (input a, output b); leaf u (a, b); endmodule\n" + _PASS.format("leaf")
    assert design_of(tmp_path, text).top == "top"


def test_module_of_a_branch_that_is_not_taken_is_no_candidate(tmp_path: Path) -> None:
    text = "module top (input a, output b); if (0) leaf u (a, b); endmodule\n" + _PASS.format("leaf")
    assert design_of(tmp_path, text).top == "top"


def test_testbench_is_looked_through(tmp_path: Path) -> None:
    text = "module tb; reg a; wire b; dut u (a, b); endmodule\n" + _PASS.format("dut")
    design = design_of(tmp_path, text)
    assert design.top == "dut"
    assert "tb has no ports and was taken for a testbench" in design.notes


def test_two_candidates_are_named_with_the_flag(tmp_path: Path) -> None:
    assert _error(tmp_path, _PASS.format("one") + _PASS.format("two")) == (
        "PE108: dut.sv: 2 modules could be the top: one, two; choose one, for example with --top one."
    )


def test_unknown_top_names_the_modules_and_the_closest(tmp_path: Path) -> None:
    text = _PASS.format("fifo") + _PASS.format("alu")
    assert _error(tmp_path, text, top="fifi") == (
        "PE107: no module is called fifi; modules: fifo, alu; did you mean --top fifo."
    )
    assert _error(tmp_path, text, top="uart") == (
        "PE107: no module is called uart; modules: fifo, alu; choose one of them with --top."
    )


def test_package_alone_is_no_design(tmp_path: Path) -> None:
    assert _error(tmp_path, "package p; endpackage\n") == (
        "PE120: dut.sv: the sources define no module; name the file that defines the top module."
    )


def test_syntax_error_has_file_line_and_column(tmp_path: Path) -> None:
    assert _error(tmp_path, "module m (input a)\nassign b = a;\nendmodule\n") == (
        "PE106: dut.sv:1:19: syntax error: expected ';'."
    )


def test_missing_module_names_the_instance_and_the_flag(tmp_path: Path) -> None:
    text = "module top (input c, output q);\n  PLL #(.M(3)) u_pll (.i(c), .o(q));\n  BUF u_buf (c);\nendmodule\n"
    assert _error(tmp_path, text) == (
        "PE109: dut.sv:2: instance top.u_pll: module PLL is not among the sources; missing too: BUF; "
        "add the source that defines it, or pass --blackbox PLL --blackbox BUF."
    )


def test_missing_module_that_lies_beside_the_sources_is_offered(tmp_path: Path) -> None:
    write(tmp_path, leaf__v=_PASS.format("leaf"))
    text = "module top (input a, output b); leaf u (a, b); endmodule\n"
    assert _error(tmp_path, text).endswith("add leaf.v, or pass --blackbox leaf.")


def test_missing_package_asks_for_its_source(tmp_path: Path) -> None:
    assert _error(tmp_path, "module m import p::*; (input a);\nendmodule\n") == (
        "PE109: dut.sv:1: the package p is not among the sources; add the source that defines it."
    )


def test_black_box_may_be_missing_and_is_noted(tmp_path: Path) -> None:
    text = "module top (input a, output b); CELL u_cell (.i(a), .o(b)); endmodule\n"
    design = design_of(tmp_path, text, blackboxes=["CELL"])
    assert "black boxes: u_cell (CELL)" in design.notes
    assert design.hierarchy is not None
    assert [child.module for child in design.hierarchy.children] == ["CELL (black box)"]


def test_undefined_macro_names_the_flag(tmp_path: Path) -> None:
    assert _error(tmp_path, "module m (input [`W-1:0] a);\nendmodule\n") == (
        "PE111: dut.sv:1: nobody defines the macro W; define with -D W=TEXT, or include the file that defines it."
    )
    assert design_of(tmp_path, "module m (input [`W-1:0] a);\nendmodule\n", defines=["W=4"]).port("a").width == 4


def test_missing_include_names_the_flag(tmp_path: Path) -> None:
    text = '`include "defs.vh"\nmodule m (input a);\nendmodule\n'
    assert _error(tmp_path, text) == (
        "PE117: dut.sv:1: the included file defs.vh is in no include directory; add its directory with -I DIR."
    )
    (tmp_path / "inc").mkdir()
    write(tmp_path / "inc", defs__vh="// nothing\n")
    assert design_of(tmp_path, text, include_dirs=["inc"]).top == "m"


def test_parameter_without_default_names_the_flag(tmp_path: Path) -> None:
    text = "module m #(parameter W, parameter D = 2) (input [W-1:0] a);\nendmodule\n"
    assert _error(tmp_path, text) == "PE112: dut.sv:1: m has parameters without a default: W; give -P W=VALUE."
    assert design_of(tmp_path, text, parameters=["W=5"]).port("a").width == 5


def test_unknown_parameter_names_the_known_ones(tmp_path: Path) -> None:
    text = "module m #(parameter W = 2) (input [W-1:0] a);\nlocalparam L = 1;\nendmodule\n"
    assert _error(tmp_path, text, parameters=["L=5"]) == "PE119: -P L: m has no such parameter; parameters: W."


def test_parameter_value_that_is_no_constant_is_told(tmp_path: Path) -> None:
    text = 'module m #(parameter W = 2, parameter S = "A") (input [W-1:0] a);\nendmodule\n'
    assert _error(tmp_path, text, parameters=["S=MINI"]) == (
        "PE119: -P S=MINI: the value is not a constant; write a string as -P 'S=\"MINI\"'."
    )
    values = {p.name: p.value for p in design_of(tmp_path, text, parameters=['S="MINI"', "W=4'hC"]).parameters}
    assert values == {"W": "4'd12", "S": '"MINI"'}


def test_semantic_error_is_told_in_slangs_words(tmp_path: Path) -> None:
    assert _error(tmp_path, "module m (input a, output b);\nassign b = nothing;\nendmodule\n") == (
        "PE113: dut.sv:2:12: use of undeclared identifier 'nothing'."
    )


def test_module_defined_twice_is_told(tmp_path: Path) -> None:
    paths = write(tmp_path, a__v=_PASS.format("m"), b__v=_PASS.format("m"))
    with pytest.raises(InputError) as caught:
        read_design(resolve_sources(paths))
    assert caught.value.code == "PE122"
    assert caught.value.sentence == (
        "b.v:1:8: duplicate definition of 'm'; name only one of the files, or a directory together with --top."
    )


def test_own_error_directive_of_a_source_is_passed_on(tmp_path: Path) -> None:
    assert _error(tmp_path, '`error "choose a target"\nmodule m (input a);\nendmodule\n').startswith(
        'PE106: dut.sv:1: the source stops itself: `error "choose a target"'
    )


def test_missing_timescale_of_one_file_is_no_error(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        b__v="module leaf (input a, output b); assign b = a; endmodule\n",
        a__v="`timescale 1ns/1ps\nmodule top (input a, output b); leaf u (a, b); endmodule\n",
    )
    assert read_design(resolve_sources(paths)).top == "top"


def test_systemverilog_keyword_as_a_name_is_read_as_verilog_2005(tmp_path: Path) -> None:
    write(tmp_path, old__v="module cross (input bit, output do);\nassign do = bit;\nendmodule\n")
    design = read_design(resolve_sources(["old.v"]))
    assert [port.name for port in design.ports] == ["bit", "do"]
    assert design.hierarchy is not None
    assert (design.hierarchy.file, design.hierarchy.line) == ("old.v", 1)
    assert "SystemVerilog's keywords are used as names, so the .v files were read as Verilog-2005" in design.notes


def test_macro_of_an_earlier_file_reaches_later_ones(tmp_path: Path) -> None:
    paths = write(tmp_path, a__v="`define W 3\n", b__v="module m (input [`W-1:0] a); endmodule\n")
    assert read_design(resolve_sources(paths)).port("a").width == 3


def test_latin_1_comment_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "m.v").write_bytes(b"// na\xefve caf\xe9\n" + _PASS.format("m").encode())
    assert read_design(resolve_sources(["m.v"])).notes == ("m.v: not UTF-8, read as Latin-1",)
