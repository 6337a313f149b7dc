"""RTL from a model: the fixed head, the grammar of the body, and what is asked of whom."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from llm_assist.backends.scripted import Rule, ScriptedModel
from llm_assist.brief import brief
from llm_assist.constrain.check import complaint
from llm_assist.constrain.ir import random_text
from llm_assist.constrain.lark import to_lark
from llm_assist.model import Capabilities, Constraint
from llm_assist.registry import load_model
from llm_assist.rtl_grammar import body_grammar
from llm_assist.rtl_shape import Shape, shape_of, tidy
from llm_assist.rtl_writer import repair_rtl, write_rtl
from tests.support.designs import design
from verif.design.frontend import read_design
from verif.design.model import Clock, Direction, Port, SourceSet
from verif.errors import Unsupported

COUNTER = shape_of(
    design(inputs={"en": 1}, outputs={"q": 4, "wrap": 1}, reset="rst_n", active_high=False, asynchronous=True)
)
MUX = shape_of(design("mux", inputs={"a": 8, "b": 8, "s": 1}, outputs={"y": 8}, clock=None))
BODY = COUNTER.opening((*COUNTER.outputs, *COUNTER.registers)) + "      if (en) q <= q + 1;\n" + COUNTER.closing


def test_the_head_holds_the_ports_and_the_reset_s_style() -> None:
    assert COUNTER.header == (
        "module counter (\n  input logic clk,\n  input logic rst_n,\n  input logic en,\n"
        "  output logic [3:0] q,\n  output logic wrap\n);\n"
    )
    assert BODY.startswith("  always @(posedge clk or negedge rst_n) begin\n    if (!rst_n) begin\n      q <= 0;\n")


def test_a_body_of_declared_names_is_allowed() -> None:
    assert complaint(Constraint(lark=to_lark(body_grammar(COUNTER))), BODY) is None


@pytest.mark.parametrize(
    "change", [("en", "enable"), ("q + 1", "q[4]"), ("q <=", "rst_n <="), ("q + 1", "q + $random")]
)
def test_other_names_and_bits_outside_the_width_are_not(change: tuple[str, str]) -> None:
    text = BODY.replace(f"if ({change[0]})", f"if ({change[1]})").replace(change[0], change[1])
    assert complaint(Constraint(lark=to_lark(body_grammar(COUNTER))), text) is not None


@pytest.mark.parametrize("shape", [COUNTER, MUX], ids=["clocked", "combinational"])
def test_every_text_of_the_grammar_is_legal_verilog(shape: Shape, tmp_path: Path) -> None:
    grammar, rng = body_grammar(shape), random.Random(1)
    for number in range(60):
        body = random_text(grammar, rng)
        file = tmp_path / f"draft{number}.sv"
        file.write_text(tidy(shape.header + shape.declarations + body, shape))
        assert read_design(SourceSet(files=(file,), top=shape.name)).top == shape.name


def test_registers_that_nothing_reads_are_taken_out() -> None:
    text = COUNTER.header + COUNTER.declarations + BODY
    assert "logic r;" in text
    assert not {"r", "r2"} & set(tidy(text, COUNTER).replace(";", " ").split())


def test_registers_that_something_reads_stay() -> None:
    text = COUNTER.header + COUNTER.declarations + BODY.replace("if (en) q", "r <= en;\n      if (r) q")
    tidied = tidy(text, COUNTER)
    assert "  logic r;\n" in tidied
    assert "      r <= 0;\n" in tidied
    assert "r2" not in tidied


def test_two_clocks_are_refused() -> None:
    two = design(inputs={"clk_b": 1}, outputs={"q": 1})
    with pytest.raises(Unsupported, match=r"more than one clock or reset \(clk, clk_b, rst\)"):
        shape_of(replace(two, clocks=(*two.clocks, Clock(name="clk_b"))))


def test_an_inout_is_refused() -> None:
    pad = Port(name="pad", direction=Direction.INOUT, width=1)
    with pytest.raises(Unsupported, match=r"port 'pad' \(inout logic\) is not a plain input or output"):
        shape_of(replace(design(inputs={}, outputs={"q": 1}), ports=(pad,)))


def test_an_instructable_model_is_asked_for_the_whole_module() -> None:
    module = MUX.header + "  assign y = s ? b : a;\nendmodule\n"
    model = ScriptedModel.answering(f"Sure:\n\n```systemverilog\n{module}```\nGood luck!", "no module here", module)
    drafts = write_rtl(model, MUX, "y is b where s is 1.", n=3, seed=1)
    assert drafts.texts == (module,)
    assert drafts.answered == 3
    assert MUX.header in model.prompts[0]


def test_a_repair_shows_the_draft_and_what_was_found() -> None:
    model = ScriptedModel([Rule(when="- cycle 3: y is 0", answers=("module mux;\nendmodule",))])
    drafts = repair_rtl(model, MUX, "It selects.", draft="module mux; // first\n", findings=["cycle 3: y is 0"], seed=1)
    assert drafts.texts == ("module mux;\nendmodule\n",)
    assert "module mux; // first" in model.prompts[0]


class _Continuing(ScriptedModel):
    """A model that continues text and can do no more."""

    capabilities = Capabilities(json_schema=True, lark=True, seeded=True)


def test_a_model_that_only_continues_text_gets_the_head_as_prefix() -> None:
    drafts = write_rtl(_Continuing([Rule(answers=(BODY,))]), COUNTER, "It counts.", n=2, seed=1)
    assert len(drafts.texts) == 1
    assert drafts.texts[0].startswith(COUNTER.header)
    assert "if (en) q <= q + 1;" in drafts.texts[0]


@pytest.mark.model
@pytest.mark.xdist_group("model")
def test_every_finished_draft_of_the_embedded_model_is_legal(smollm2: Path, tmp_path: Path) -> None:
    drafts = write_rtl(load_model("smollm2"), MUX, "y is b where s is 1, else a.", n=8, seed=1)
    assert drafts.texts
    for number, text in enumerate(drafts.texts):
        file = tmp_path / f"draft{number}.sv"
        file.write_text(text)
        assert read_design(SourceSet(files=(file,), top="mux")).top == "mux"


SPECIFICATION = """# adder: adds

An adder for `a` and **b**.

## Ports

| Port | Direction |
|---|---|
| `a` | input |

## Requirements

- R1: `y` is the sum.
- R2: Overflow is dropped.
"""


def test_a_brief_keeps_sentences_and_drops_tables_and_marks() -> None:
    assert brief(SPECIFICATION, words=50) == (
        "adder: adds An adder for a and b. Requirements R1: y is the sum. R2: Overflow is dropped."
    )


def test_a_brief_ends_at_a_sentence() -> None:
    assert brief(SPECIFICATION, words=8).endswith("for a and b.")
    assert brief("", words=8) == ""
