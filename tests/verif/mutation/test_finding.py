"""Which mutants a design has, and how some of them are drawn."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.mutated_modules import changes, found, module
from tests.support.rtl import Kept
from verif.errors import InputError
from verif.mutation import OPERATORS, mutants_of

CLOCKED = """
  always @(posedge clk)
    if (!rst_n) y <= 8'd5;
    else if (en) y <= a + b;
"""


@pytest.mark.parametrize(
    ("operator", "body", "expected"),
    [
        ("relational", "assign y = a < b;", [("a < b", "a <= b"), ("a < b", "a >= b")]),
        ("arithmetic", "assign y = a - b;", [("a - b", "a + b")]),
        ("arithmetic", "assign y = -a;", [("-a", "a")]),
        (
            "logical",
            "assign y = en && !rst_n;",
            [(None, "!rst_n"), (None, "en"), (None, "en || !rst_n"), (None, "rst_n")],
        ),
        ("bitwise", "assign y = a ^ b;", [(None, "a"), (None, "a & b"), (None, "a | b"), (None, "b")]),
        ("bitwise", "assign y = a | (b == a);", [(None, "a"), (None, "a & (b == a)"), (None, "a ^ (b == a)")]),
        ("bitwise", "assign y = &a;", [("&a", "|a")]),
        ("shift", "assign y = a << 2;", [("a << 2", "a >> 2")]),
        ("constant", "assign y = a + 8'hff;", [("8'hff", "8'h00"), ("8'hff", "8'hfe")]),
        ("constant", "assign y = a * 3;", [("a * 3", "a * 2"), ("a * 3", "a * 4")]),
        ("slice", "assign y = a[6:3];", [("a[6:3]", "a[5:2]"), ("a[6:3]", "a[7:4]")]),
        ("slice", "assign y = a[7];", [("a[7]", "a[6]")]),
        ("condition", "assign y = en ? a : b;", [("en", "!(en)"), ("en", "1'b0"), ("en", "1'b1")]),
    ],
)
def test_operator_changes_expressions(
    operator: str, body: str, expected: list[tuple[str | None, str]], tmp_path: Path
) -> None:
    made = changes(module(body, tmp_path, outputs="output wire [7:0] y"), operator)
    assert [after for _, after in made] == [after for _, after in expected]
    assert all(old in (None, before) for (before, _), (old, _) in zip(made, expected, strict=True))


def test_clocked_process_loses_its_enable_its_assignments_and_its_reset_value(tmp_path: Path) -> None:
    design = module(CLOCKED, tmp_path)
    assert changes(design, "enable") == [("en", "1'b1")]
    assert changes(design, "statement") == [("y <= 8'd5;", ";"), ("y <= a + b;", ";")]
    assert changes(design, "reset") == [("8'd5", "8'd4"), ("8'd5", "8'd6"), ("8'd5", "~(8'd5)")]


def test_asynchronous_reset_stays_constant_in_the_common_build(tmp_path: Path) -> None:
    design = module(CLOCKED.replace("posedge clk", "posedge clk or negedge rst_n"), tmp_path)
    deleted = found(design, ["statement"])[0]
    assert (deleted.before, deleted.own_build) == ("y <= 8'd5;", "an asynchronous reset must be constant")
    assert "rst_n" not in [before for before, _ in changes(design, "condition")]


def test_counter_is_off_by_one_in_step_and_limit(tmp_path: Path) -> None:
    body = "reg [3:0] n; always @(posedge clk) if (n == 4'd9) n <= 4'd0; else n <= n + 4'd1; always @* y = n;"
    made = changes(module(body, tmp_path), "counter")
    assert made == [("4'd9", "4'd10"), ("4'd9", "4'd8"), ("4'd1", "4'd0"), ("4'd1", "4'd2")]


def test_another_register_of_the_process_is_written(tmp_path: Path) -> None:
    body = "reg [7:0] q; reg r; always @(posedge clk) begin q <= a; r <= en; y <= q + r; end"
    assert changes(module(body, tmp_path), "register") == [("q <= a;", "y <= a;"), ("y <= q + r;", "q <= q + r;")]


def test_case_item_is_dropped_where_that_leaves_no_latch(tmp_path: Path) -> None:
    whole = "always @* case (a) 8'd0: y = b; 8'd1: y = 8'd7; default: y = 8'd9; endcase"
    assert changes(module(whole, tmp_path), "case-item") == [("y = b;", "y = 8'd9;"), ("y = 8'd7;", "y = 8'd9;")]
    latch = "always @* case (a) 8'd0: y = b; 8'd1: y = 8'd7; endcase"
    with pytest.raises(InputError, match="there is nothing to mutate"):
        found(module(latch, tmp_path), ["case-item"])


def test_nothing_is_deleted_where_a_latch_would_be_left(tmp_path: Path) -> None:
    body = "always @* begin y = a; if (en) y = b; end"
    assert changes(module(body, tmp_path), "statement") == [("y = b;", ";")]


def test_what_must_be_constant_gets_a_build_of_its_own(tmp_path: Path) -> None:
    body = "parameter W = 3; generate if (W == 3) assign y = a; else assign y = b; endgenerate"
    design = module(body, tmp_path, outputs="output wire [7:0] y")
    assert [(m.operator, m.after, m.own_build) for m in found(design)] == [
        ("parameter", "2", "a parameter is constant"),
        ("parameter", "4", "a parameter is constant"),
        ("generate", "!(W == 3)", "a generate condition is constant"),
    ]


def test_all_assignments_of_a_variable_are_swapped_together(tmp_path: Path) -> None:
    ((before, after),) = changes(module(CLOCKED, tmp_path), "assignment")
    assert before.count("<=") == 2 and after == before.replace("<=", "=")


def test_code_that_is_not_elaborated_has_no_mutants(tmp_path: Path) -> None:
    body = "generate if (0) begin assign y = a + b; end else begin assign y = a; end endgenerate"
    assert [m.operator for m in found(module(body, tmp_path, outputs="output wire [7:0] y"))] == ["generate"]


def test_text_out_of_macros_has_no_mutants(tmp_path: Path) -> None:
    body = "`define SUM a + b\nassign y = `SUM;"
    with pytest.raises(InputError, match="no mutant has a place in the sources"):
        found(module(body, tmp_path, outputs="output wire [7:0] y"))


def test_ids_tell_file_line_and_operator_and_are_unique(tmp_path: Path) -> None:
    design = module("assign y = a < b;", tmp_path, outputs="output wire [7:0] y")
    assert [m.id for m in found(design)] == ["m:2:relational", "m:2:relational:2"]
    names = [mutant.id for mutant in mutants_of(Kept("uart_rx").design)]
    assert len(set(names)) == len(names)


def test_sample_is_spread_over_operators_and_repeats() -> None:
    design = Kept("uart_rx").design
    everything = mutants_of(design)
    few = mutants_of(design, count=30, seed=3)
    assert len(few) == 30 and few.total == len(everything)
    assert few == mutants_of(design, count=30, seed=3)
    assert few != mutants_of(design, count=30, seed=4)
    assert set(few) <= set(mutants_of(design, count=60, seed=3))
    counts = Counter(mutant.operator for mutant in few)
    assert set(counts) == {mutant.operator for mutant in everything}
    assert max(counts.values()) <= 4


def test_ids_do_not_depend_on_what_was_asked_for() -> None:
    design = Kept("uart_rx").design
    everything = {mutant.id: mutant for mutant in mutants_of(design)}
    assert all(everything[mutant.id] == mutant for mutant in mutants_of(design, operators=["slice", "reset"], count=5))


def test_operator_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(
        InputError, match=r"there is no mutation operator 'relation'; operators: relational, arithmetic"
    ):
        mutants_of(Kept("sync_fifo").design, operators=["relation"])


@pytest.mark.parametrize("count", [0, -1])
def test_no_mutants_are_an_error(count: int) -> None:
    with pytest.raises(InputError, match=rf"{count} mutants were asked for; a score needs at least one\."):
        mutants_of(Kept("sync_fifo").design, count=count)


def test_operators_have_unique_names_and_say_what_they_do() -> None:
    assert all(operator.name == name and operator.does and operator.example for name, operator in OPERATORS.items())
