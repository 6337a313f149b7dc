"""All mutants in one text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.mutated_modules import found, module
from tests.support.rtl import kept_designs
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.mutation import Mutant, Schemata, Selector, mutants_of, schemata
from verif.mutation.checking import refusal


def read_again(design: Design, made: Schemata, folder: Path) -> Design:
    """Read the texts as a design of their own."""
    folder.mkdir()
    files = []
    for number, file in enumerate(design.sources.files):
        files.append(folder / f"{number}_{file.name}")
        files[-1].write_bytes(made.texts.get(file, file.read_bytes()))
    return read_design(replace(design.sources, files=tuple(files)))


def woven(design: Design, **changes: str) -> str:
    """Return the text of the only file, without what is round the body."""
    made = schemata(design, found(design), **changes)  # type: ignore[arg-type]
    (text,) = made.texts.values()
    return text.decode().split(";\n", 1)[1].rsplit("\nendmodule", 1)[0]


def test_expression_is_chosen_by_the_selector(tmp_path: Path) -> None:
    design = module("assign y = a < b;", tmp_path, outputs="output wire [7:0] y")
    assert woven(design) == ("assign y = ((pe_mutant == 2'd1) ? (a <= b) : (pe_mutant == 2'd2) ? (a >= b) : (a < b));")


def test_statement_is_chosen_in_a_block_so_that_no_else_dangles(tmp_path: Path) -> None:
    design = module("always @(posedge clk) if (en) y <= a; else y <= b;", tmp_path)
    made = schemata(design, found(design, ["statement"]))
    (text,) = made.texts.values()
    kept = "begin if (pe_mutant == 2'd{}) begin ; end else begin y <= {}; end end"
    assert f"if (en) {kept.format(1, 'a')} else {kept.format(2, 'b')}" in text.decode()


def test_top_gets_the_selector_as_an_input(tmp_path: Path) -> None:
    design = module("assign y = a + b;", tmp_path, outputs="output wire [7:0] y")
    made = schemata(design, found(design))
    port = read_again(design, made, tmp_path / "again").port("pe_mutant")
    assert (made.selector, made.width, port.width) == ("pe_mutant", 2, 2)


@pytest.mark.parametrize("kind", [Selector.PLUSARG, Selector.TIED])
def test_ports_stay_where_the_selector_is_no_port(kind: Selector, tmp_path: Path) -> None:
    design = module("assign y = a + b;", tmp_path, outputs="output wire [7:0] y")
    made = schemata(design, found(design), selector=kind)
    assert read_again(design, made, tmp_path / "again").ports == design.ports


def test_selector_has_a_name_of_its_own(tmp_path: Path) -> None:
    design = module("wire pe_mutant = en; assign y = a + b;", tmp_path, outputs="output wire [7:0] y")
    assert schemata(design, found(design)).selector == "pe_mutant2"


def test_process_with_an_event_list_hears_of_the_selector(tmp_path: Path) -> None:
    design = module("always @(a or b) y = a + b;", tmp_path)
    assert "always @(a or b or pe_mutant)" in woven(design)


INNER = """
module adder (a, b, y);
  input [7:0] a, b;
  output [7:0] y;
  assign y = a + b;
endmodule
module unused (input c, output d);
  adder adder (.a({8{c}}), .b(8'd0), .y());
endmodule
"""


@pytest.mark.parametrize(
    ("instance", "connected"),
    [
        ("adder one (.a(a), .b(b), .y(y));", "adder one (.a(a), .b(b), .y(y), .pe_mutant(pe_mutant));"),
        ("adder one (a, b, y);", "adder one (a, b, y, pe_mutant);"),
        ("adder one (.*);", "adder one (.*, .pe_mutant(pe_mutant));"),
        ("adder two[0:0] (a, b, y);", "adder two[0:0] (a, b, y, pe_mutant);"),
    ],
)
def test_selector_goes_down_to_every_module_with_mutants(instance: str, connected: str, tmp_path: Path) -> None:
    text = f"module m (input [7:0] a, b, output [7:0] y);\n  {instance}\nendmodule\n{INNER}"
    (tmp_path / "m.sv").write_text(text, encoding="utf-8")
    design = read_design(SourceSet(files=(tmp_path / "m.sv",), top="m"))
    made = schemata(design, mutants_of(design))
    again = read_again(design, made, tmp_path / "again")
    assert [mutant.module for mutant in made.order] == ["adder"]
    assert again.port("pe_mutant").width == 2
    (changed,) = made.texts.values()
    assert changed.decode().splitlines()[1].strip() == connected


def test_mutants_that_need_builds_of_their_own_are_left_out_with_the_reason(tmp_path: Path) -> None:
    design = module("parameter W = 3; assign y = a + W;", tmp_path, outputs="output wire [7:0] y")
    made = schemata(design, found(design, ["parameter", "arithmetic"]))
    assert [(each.mutant.operator, each.reason, each.stillborn) for each in made.left_out] == [
        ("parameter", "A parameter is constant.", False),
        ("parameter", "A parameter is constant.", False),
    ]
    assert [mutant.operator for mutant in made.order] == ["arithmetic"]


def test_mutant_that_does_not_compile_is_stillborn_and_sinks_no_other(tmp_path: Path) -> None:
    design = module("assign y = (a + b) ^ (a - b);", tmp_path, outputs="output wire [7:0] y")
    mutants = found(design, ["arithmetic"])
    bad = replace(mutants[0], after="a + nothing")
    made = schemata(design, (bad, *mutants[1:]))
    assert made.order == mutants[1:]
    ((left,),) = [made.left_out]
    assert left.mutant is bad and left.stillborn
    assert left.reason.startswith("It does not compile: ") and "'nothing'" in left.reason


def test_mutant_of_what_must_be_constant_is_left_out_alive(tmp_path: Path) -> None:
    body = "function [7:0] two(input [7:0] x); two = x + 8'd1; endfunction\nlocalparam L = two(8'd1); assign y = a + L;"
    design = module(body, tmp_path, outputs="output wire [7:0] y")
    made = schemata(design, found(design, ["arithmetic"]))
    assert [mutant.line for mutant in made.order] == [3]
    assert [(each.mutant.line, each.stillborn) for each in made.left_out] == [(2, False)]


def test_module_in_a_macro_gets_no_selector(tmp_path: Path) -> None:
    text = f"`define ONE adder one (a, b, y);\nmodule m (input [7:0] a, b, output [7:0] y);\n  `ONE\nendmodule\n{INNER}"
    (tmp_path / "m.sv").write_text(text, encoding="utf-8")
    design = read_design(SourceSet(files=(tmp_path / "m.sv",), top="m"))
    made = schemata(design, mutants_of(design))
    assert made.order == ()
    assert [each.reason for each in made.left_out] == [
        "The selector can't be brought to adder: an instance of it comes from a macro or an included file."
    ]


@pytest.mark.parametrize("kept", kept_designs(), ids=lambda kept: kept.name)
def test_all_mutants_of_kept_designs_that_can_share_a_build_do(kept: object) -> None:
    design = kept.design  # type: ignore[attr-defined]
    mutants = mutants_of(design)
    made = schemata(design, mutants)
    assert made.order == mutants.switched
    assert refusal(design.sources, made.texts) == ""
    for file, text in made.texts.items():
        assert text.count(b"\n") == file.read_bytes().count(b"\n")


def test_mutants_are_numbered_in_order(tmp_path: Path) -> None:
    design = module("assign y = a < b;", tmp_path, outputs="output wire [7:0] y")
    mutants: tuple[Mutant, ...] = found(design)
    made = schemata(design, mutants)
    assert [made.number(mutant) for mutant in mutants] == [1, 2]
