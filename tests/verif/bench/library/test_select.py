"""What is chosen for a design: by kind, ports and specification together, with evidence, and never by a guess."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.designs import design
from tests.support.judging import make
from tests.support.rtl import Kept, kept_designs
from verif.bench.library import models, rules
from verif.bench.library.select import OUTPUT_RECOGNISERS, RECOGNISERS, choose_oracles
from verif.bench.library.subject import Subject, number
from verif.bench.oracles import OracleSet
from verif.design.model import Design, Parameter
from verif.plan.spec import read_specification
from verif.verdict import Oracle

KEPT = {kept.name: kept for kept in kept_designs()}
MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (models, rules)
    for module in pkgutil.iter_modules(package.__path__)
]


def chosen(tmp_path: Path, dut: Design, text: str) -> OracleSet:
    file = tmp_path / "spec.md"
    file.write_text(text, encoding="utf-8")
    return choose_oracles(dut, read_specification(file))


def of(name: str, tmp_path: Path, old: str = "", new: str = "", kind: str | None = None) -> OracleSet:
    """Oracles of a kept design, its specification changed in one place."""
    kept = KEPT[name]
    assert old in kept.spec
    return chosen(tmp_path, replace(kept.design, kind=kind), kept.spec.replace(old, new) if old else kept.spec)


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_kind_is_recognised_without_the_manifest(kept: Kept) -> None:
    specification = read_specification(kept.directory / "spec.md")
    said = choose_oracles(kept.design, specification)
    found = choose_oracles(replace(kept.design, kind=None), specification)
    assert found.model == said.model
    assert said.model is not None


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_nothing_is_spec_without_a_specification(kept: Kept) -> None:
    found = choose_oracles(replace(kept.design, kind=None, facts={}), None)
    assert found.model is None
    assert Oracle.SPEC not in {rule.oracle for rule in found.rules}
    assert found.notes


@pytest.mark.parametrize("module", MODULES)
def test_library_module_stands_alone(module: str) -> None:
    tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or node.names[0].name for node in imported}
    foreign = {name for name in names if not name.startswith("verif.bench.library.rules.")}
    assert foreign <= {"collections", "collections.abc", "typing", "__future__"}
    assert [node for node in tree.body if isinstance(node, ast.ClassDef)]


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_snippets_can_be_made_and_name_ports_of_the_design(kept: Kept) -> None:
    found = choose_oracles(kept.design, read_specification(kept.directory / "spec.md"))
    ports = {port.name for port in kept.design.ports}
    for rule in found.rules:
        make(rule.snippet).reset()
        assert set(rule.ports) <= ports
    assert found.model is not None
    make(found.model.snippet).reset()
    assert any(f"spec.md:{n}" in line for line in found.model.evidence for n in range(200)) or found.model.evidence


@pytest.mark.parametrize(
    ("name", "old", "new", "note"),
    [
        ("lfsr", "x^16 + x^15", "x^16 + x^14", "contradicts its taps"),
        ("lfsr", "0x59C3", "0x59C2", "contradicts its taps"),
        ("crc32", "0x04C11DB7", "0x04C11DB5", "contradicts its algorithm"),
        ("crc32", "| Final XOR | 0xFFFFFFFF |\n", "", "doesn't give in full"),
        ("divider", "`done` = 1 in cycle *t* + `WIDTH` + 1", "`done` = 1 in cycle *t* + some more", "can't take"),
        ("uart_rx", "*H* = *C* / 2, rounded down", "*H* is about a half", "leaves open"),
        ("apb_timer", "| 0x10 | PRESCALE |", "| 0x10 | DIVIDE |", "not the one that the library's model knows"),
        ("axi_lite_regs", "| 0x0C | SCRATCH | RW |", "| 0x0C | SCRATCH | WO |", "aren't pinned"),
        (
            "arbiter",
            "requester 0 has the highest priority",
            "somebody has the highest priority",
            "doesn't pin priority",
        ),
        ("sequence_detector", "| Overlap | allowed", "| Overlap | sometimes", None),
    ],
)
def test_specification_that_is_vague_or_contradicts_itself_gives_a_note(
    tmp_path: Path, name: str, old: str, new: str, note: str | None
) -> None:
    found = of(name, tmp_path, old, new)
    if note is None:
        assert found.model is not None
        return
    assert found.model is None
    assert any(note in line for line in found.notes), found.notes


def test_operation_whose_result_is_not_what_its_name_means_is_not_predicted(tmp_path: Path) -> None:
    found = of("alu", tmp_path, "| 0x1 | SUB | `a - b` modulo 2^WIDTH |", "| 0x1 | SUB | `b - a` modulo 2^WIDTH |")
    assert found.model is not None
    assert make(found.model.snippet).step({"op": 1, "a": 5, "b": 3})["y"] is None
    assert "R1" not in found.model.requirements
    assert any("SUB" in note for note in found.notes)


def test_constants_come_from_the_elaborated_parameters(tmp_path: Path) -> None:
    kept = KEPT["sync_fifo"].design
    parameters = tuple(Parameter(name=p.name, value="4" if p.name == "DEPTH" else p.value) for p in kept.parameters)
    found = choose_oracles(
        replace(kept, parameters=parameters), read_specification(KEPT["sync_fifo"].directory / "spec.md")
    )
    assert found.model is not None
    assert make(found.model.snippet).depth == 4


def test_fifo_whose_read_timing_is_not_told_predicts_flags_only(tmp_path: Path) -> None:
    dut = replace(
        design(
            "fifo",
            inputs={"push": 1, "pop": 1, "din": 8},
            outputs={"dout": 8, "full": 1, "empty": 1},
        ),
        parameters=(Parameter(name="DEPTH", value="8"),),
    )
    found = chosen(
        tmp_path,
        dut,
        "# A FIFO: push, pop, din, dout, full, empty\n\nR1: `full` is high at 8 words.\n\nR2: Words keep order.\n",
    )
    assert found.model is not None
    assert found.model.outputs == ("full", "empty")
    assert found.model.requirements == ("R1",)
    assert any("read data" in note for note in found.notes)


def test_design_with_a_port_that_the_model_ignores_gets_no_model(tmp_path: Path) -> None:
    text = "# An adder\n\nThe adder gives sum from a and b; mode is there too.\n"
    plain = design("add", inputs={"a": 8, "b": 8}, outputs={"sum": 8}, clock=None)
    extra = design("add", inputs={"a": 8, "b": 8, "mode": 2}, outputs={"sum": 8}, clock=None)
    assert chosen(tmp_path, plain, text).model is not None
    assert chosen(tmp_path, extra, text).model is None


def test_requirement_about_structure_is_not_counted(tmp_path: Path) -> None:
    dut = design("add", inputs={"a": 8, "b": 8}, outputs={"sum": 8}, clock=None)
    text = "# An adder of a and b\n\nR1: `sum` is the sum.\n\nR2: The sum is synthesizable.\n\nR3: No latch for sum.\n"
    found = chosen(tmp_path, dut, text)
    assert found.model is not None
    assert found.model.requirements == ("R1",)


def test_specification_without_requirements_is_said_so(tmp_path: Path) -> None:
    dut = design("add", inputs={"a": 8, "b": 8}, outputs={"sum": 8}, clock=None)
    found = chosen(tmp_path, dut, "An adder adds a and b to sum.\n")
    assert "spec.md has no numbered requirements: requirements checked 0/0" in found.notes


def test_plain_valid_need_not_stand_unless_the_specification_says_so(tmp_path: Path) -> None:
    kept = KEPT["uart_tx"]
    found = choose_oracles(kept.design, read_specification(kept.directory / "spec.md"))
    assert not [rule for rule in found.rules if rule.oracle is Oracle.PROTOCOL]


def test_what_the_specification_says_of_the_reset_goes_before_the_rtl(tmp_path: Path) -> None:
    kept = KEPT["gray_counter"].design
    wrong = replace(kept, resets=(replace(kept.resets[0], asynchronous=False),))
    specification = read_specification(KEPT["gray_counter"].directory / "spec.md")
    assert Subject(wrong, specification).reset_tuple == ("rst_n", 0, True)


@pytest.mark.parametrize(
    ("text", "value"),
    [("8'h1D", 29), ("0x04C11DB7", 0x04C11DB7), ("29", 29), ("4'b1_01", 5), ("6'd12", 12), ("007", 7), ("WIDTH", None)],
)
def test_literal_is_read_in_each_notation(text: str, value: int | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("`WIDTH` + 1", 9), ("2 * `WIDTH` - 1 + 3", 18), ("WIDTH + some", None), ("", None), ("4", 4)]
)
def test_expression_is_read_whole_or_not_at_all(text: str, value: int | None) -> None:
    dut = replace(design("x", inputs={}, outputs={}), parameters=(Parameter(name="WIDTH", value="8"),))
    assert Subject(dut, None).expression(text) == value


@pytest.mark.parametrize(
    ("name", "old", "new", "note"),
    [
        ("alu", "| `overflow` | output | 1 |", "| `ovf` | output | 1 |", "spec.md:22 lists a port 'ovf' that alu"),
        ("alu", "| `op` | input | 4 |", "| `op` | input | 5 |", "spec.md:15 makes op 5 bits wide, it has 4"),
        ("pwm", "| `period_end` | output | 1 | last cycle of a period |\n", "", "doesn't list the port 'period_end'"),
    ],
)
def test_specification_of_other_ports_judges_nothing(tmp_path: Path, name: str, old: str, new: str, note: str) -> None:
    found = of(name, tmp_path, old, new, kind=name)
    assert found.model is None
    assert Oracle.SPEC not in {rule.oracle for rule in found.rules}
    assert any(note in line for line in found.notes), found.notes


def test_prose_that_does_not_mention_a_port_judges_nothing(tmp_path: Path) -> None:
    dut = design("add", inputs={"a": 8, "b": 8}, outputs={"sum": 8}, clock=None)
    assert chosen(tmp_path, dut, "An adder of a and b.\n\nsum [7:0]: the sum.\n").model is not None
    missing = chosen(tmp_path, dut, "An adder of a and b gives s.\n")
    assert (missing.model, missing.notes[0].split(":")[0]) == (None, "spec.md doesn't mention the port 'sum'")
    narrow = chosen(tmp_path, dut, "An adder of a and b.\n\nsum [3:0]: the sum.\n")
    assert (narrow.model, narrow.notes[0].split(":")[0]) == (None, "spec.md makes sum 4 bits wide, it has 8")


def test_bus_driver_is_told_the_registers_addresses() -> None:
    kept = KEPT["apb_timer"]
    found = choose_oracles(kept.design, read_specification(kept.directory / "spec.md"))
    assert [driver.options["addresses"] for driver in found.drivers] == [[0, 4, 8, 12, 16]]


def test_requests_that_the_fifo_must_ignore_are_made_often() -> None:
    kept = KEPT["sync_fifo"]
    found = choose_oracles(kept.design, read_specification(kept.directory / "spec.md"))
    defaults = {knob.name: knob.default for driver in found.drivers for knob in driver.knobs}
    assert (defaults["push_overrun"], defaults["pop_underrun"]) == (3, 3)
    assert choose_oracles(kept.design, None).drivers == ()


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_protocol_rule_names_the_assumption_that_excuses_the_design(kept: Kept) -> None:
    rules = choose_oracles(kept.design, None).rules
    for rule in rules:
        if rule.oracle is Oracle.PROTOCOL and len(kept.design.clocks) == 1:
            assert rule.assume.startswith("assume property (@(posedge ")
            assert rule.assume.endswith(");")


def test_documentation_names_every_kind() -> None:
    page = (Path(__file__).resolve().parents[4] / "docs" / "oracles.md").read_text(encoding="utf-8")
    kinds = page.partition("## Kinds")[2].partition("## Rules")[0]
    assert [kind for kind in (*RECOGNISERS, *OUTPUT_RECOGNISERS) if not re.search(rf"\b{kind}\b", kinds)] == []


def test_alu_whose_codes_are_only_named_gets_plain_results_and_no_flags(tmp_path: Path) -> None:
    dut = design("alu", inputs={"op": 3, "a": 8, "b": 8}, outputs={"r": 8, "carry": 1}, clock=None)
    codes = ("ADD = 3'd0", "SUB = 3'd1", "AND = 3'd2", "OR = 3'd3", "XOR = 3'd4", "SLL = 3'd5")
    text = "An ALU of op, a, b, r, carry.\n\n" + "\n".join(f"parameter {code};" for code in codes)
    found = chosen(tmp_path, dut, text)
    assert found.model is not None
    assert found.model.outputs == ("r",)
    model = make(found.model.snippet)
    assert [model.step({"op": op, "a": 6, "b": 3})["r"] for op in range(6)] == [9, 3, 2, 7, 5, None]


def test_rom_is_known_where_its_words_are_listed(tmp_path: Path) -> None:
    dut = design("rom", inputs={"addr": 4}, outputs={"dout": 8}, clock=None)
    text = "dout at addr: locations {} are initialized with specific values (8'hA0, 8'hB1).\n"
    found = chosen(tmp_path, dut, text.format("2 through 3"))
    assert found.model is not None
    assert [make(found.model.snippet).step({"addr": a})["dout"] for a in (1, 2, 3)] == [None, 0xA0, 0xB1]
    assert chosen(tmp_path, dut, text.format("2 through 4")).model is None


@pytest.mark.parametrize(
    ("sentence", "asynchronous"),
    [
        ("`rst` is an asynchronous reset, released synchronously to `clk`.", True),
        ("`rst` is a synchronous reset.", False),
        ("The counter is asynchronous.", False),
    ],
)
def test_first_word_on_the_reset_tells_its_kind(tmp_path: Path, sentence: str, asynchronous: bool) -> None:
    file = tmp_path / "spec.md"
    file.write_text(sentence, encoding="utf-8")
    subject = Subject(design(inputs={}, outputs={}), read_specification(file))
    assert subject.reset_tuple == ("rst", 1, asynchronous)
