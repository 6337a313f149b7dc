"""What the reader of sentences understands, to what check it leads, and where it stays silent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.designs import design
from tests.support.judging import make
from verif.bench.library.rules.follows import FollowsRule
from verif.bench.library.rules.register import RegisterRule
from verif.bench.library.select import choose_oracles
from verif.bench.oracles import OracleSet
from verif.design.model import Design
from verif.plan.spec import read_specification

INPUTS = {"en": 1, "load": 1, "sel": 1, "d": 8, "a": 8, "b": 8}
GATE = design("gate", inputs=INPUTS, outputs={"y": 8, "flag": 1}, clock=None)
CLOCKED = design("block", inputs=INPUTS, outputs={"q": 8, "flag": 1})


def narrow(dut: Design, **cones: str) -> Design:
    """The design with these inputs reaching its outputs, parted by blanks."""
    return replace(dut, cones={port: tuple(names.split()) for port, names in cones.items()})


def chosen(tmp_path: Path, dut: Design, text: str) -> OracleSet:
    file = tmp_path / "spec.md"
    file.write_text(text, encoding="utf-8")
    return choose_oracles(dut, read_specification(file))


def judged(found: OracleSet, port: str, rows: Sequence[Mapping[str, int | None]]) -> list[bool]:
    """Whether the rule of ``port`` takes each row; a row holds inputs and outputs."""
    rule = next(rule for rule in found.rules if rule.id.endswith(f"-{port}"))
    judge = make(rule.snippet)
    return [
        judge.observe({**dict.fromkeys(INPUTS, 0), **row}, {"y": 0, "q": 0, "flag": 0, **row}) is None for row in rows
    ]


@pytest.mark.parametrize(
    ("sentence", "right", "wrong"),
    [
        ("`y` is `a & b`.", {"a": 12, "b": 10, "y": 8}, {"a": 12, "b": 10, "y": 9}),
        (
            "R1: The output `y` shall be the bitwise XOR of `a` and `b`.",
            {"a": 3, "b": 1, "y": 2},
            {"a": 3, "b": 1, "y": 3},
        ),
        ("When `sel` is high, `y` is `a`, otherwise `b`.", {"sel": 0, "b": 4, "y": 4}, {"sel": 1, "b": 4, "y": 4}),
        ("`y` is `a` if `sel` = 1, else `b`.", {"sel": 1, "a": 5, "y": 5}, {"sel": 0, "a": 5, "y": 5}),
        ("`y` is the sum of `a` and `b`.", {"a": 255, "b": 2, "y": 1}, {"a": 1, "b": 2, "y": 2}),
        ("`y` is the inverse of `a`.", {"a": 0xF0, "y": 0x0F}, {"a": 0xF0, "y": 0xF0}),
        ("`y` is the Gray code of `a`.", {"a": 3, "y": 2}, {"a": 3, "y": 3}),
        ("`y` is the number of ones in `a`.", {"a": 7, "y": 3}, {"a": 7, "y": 2}),
        ("`y` is `a` shifted left by 2 bits.", {"a": 3, "y": 12}, {"a": 3, "y": 6}),
        ("`y` is `a` rotated right by `b`.", {"a": 1, "b": 1, "y": 128}, {"a": 1, "b": 1, "y": 0}),
        ("`y` is the smaller of `a` and `b`.", {"a": 7, "b": 9, "y": 7}, {"a": 7, "b": 9, "y": 9}),
        ("`y` is the index of the highest set bit of `a`.", {"a": 9, "y": 3}, {"a": 9, "y": 0}),
        (
            "`flag` is high exactly when `a` is greater than `b`.",
            {"a": 2, "b": 2, "flag": 0},
            {"a": 2, "b": 2, "flag": 1},
        ),
        ("`flag` is 1 if all bits of `a` are 1, otherwise 0.", {"a": 255, "flag": 1}, {"a": 254, "flag": 1}),
        ("`flag` is the XOR of all bits of `a`.", {"a": 7, "flag": 1}, {"a": 3, "flag": 1}),
        ("`flag` is the most significant bit of `a`.", {"a": 128, "flag": 1}, {"a": 127, "flag": 1}),
    ],
)
def test_sentence_about_a_gate_is_checked(
    tmp_path: Path, sentence: str, right: Mapping[str, int], wrong: Mapping[str, int]
) -> None:
    port = "flag" if "flag" in right else "y"
    found = chosen(tmp_path, narrow(GATE, y="a b sel", flag="a b"), sentence)
    found = found if found.rules else chosen(tmp_path, narrow(GATE, y="a b", flag="a"), sentence)
    found = found if found.rules else chosen(tmp_path, narrow(GATE, y="a", flag="a"), sentence)
    assert judged(found, port, [right, wrong]) == [True, False]


LOADED = "When `load` is high, `q` takes `d`. When `load` is low `q` keeps its value."
COUNTED = "If `load` is 1 then `q` gets `d`, otherwise `q` increments by 1."
LATE = "`q` is `d` delayed by two cycles."
STARTED = "On reset `q` is 5. `load` and `d` are inputs."


@pytest.mark.parametrize(
    ("text", "rows", "takes"),
    [
        (LOADED, [(1, 7, 0), (0, 9, 7), (0, 0, 7)], 3),
        (LOADED, [(1, 7, 0), (0, 9, 0), (0, 0, 0)], 2),
        (COUNTED, [(1, 7, 0), (0, 0, 7), (0, 0, 8)], 3),
        (COUNTED, [(1, 7, 0), (0, 0, 7), (0, 0, 7), (0, 0, 7)], 3),
        (LATE, [(0, 1, 0), (0, 2, 0), (0, 3, 1), (0, 4, 2)], 4),
        (LATE, [(0, 1, 0), (0, 2, 1), (0, 3, 2)], 2),
        (STARTED, [(0, 0, 5), (0, 0, 9)], 2),
        (STARTED, [(0, 0, 4)], 0),
    ],
)
def test_sentences_about_a_register_are_checked(
    tmp_path: Path, text: str, rows: list[tuple[int, int, int]], takes: int
) -> None:
    found = chosen(tmp_path, narrow(CLOCKED, q="d" if text == LATE else "load d", flag="en"), text)
    taken = judged(found, "q", [{"load": load, "d": d, "q": q} for load, d, q in rows])
    assert taken == [True] * takes + [False] * (len(rows) - takes)


@pytest.mark.parametrize(
    "text",
    [
        "`y` is `a & b`, but 0 while the block is busy.",
        "`y` is `a & b`.\n\n`y` stays 0 until the first write.",
        "`y` is a function of `a` and `b`.",
        "`y` is `a` if the weather is fine, else `b`.",
        "`y` is `a + b == 3`.",
        "`y` is `a & c`.",
        "The outputs are active low.\n\n`y` is `a & b`.",
        "When `sel` is high, `y` is `a` and the rest follows.",
    ],
)
def test_what_is_not_understood_whole_gives_no_check(tmp_path: Path, text: str) -> None:
    assert chosen(tmp_path, narrow(GATE, y="a b", flag="en"), text).rules == ()


def test_input_that_the_sentence_leaves_out_silences_it(tmp_path: Path) -> None:
    found = chosen(tmp_path, narrow(GATE, y="a b sel", flag="en"), "`y` is `a & b`.")
    assert found.rules == ()
    assert "y depends on sel in ways that the specification doesn't tell" in found.notes


def test_condition_governs_all_actions_that_follow_it(tmp_path: Path) -> None:
    dut = narrow(CLOCKED, q="load d", flag="load")
    found = chosen(tmp_path, dut, "When `load` is high, `q` takes `d` and `flag` is 1.")
    assert judged(found, "flag", [{"load": 0, "flag": 0}, {"load": 1, "flag": 0}, {"load": 0, "flag": 1}]) == [True] * 3
    dut = narrow(CLOCKED, q="load d", flag="load")
    assert not chosen(tmp_path, dut, "`flag` is 1 and `q` takes `d` when `load` is high, sometimes.").rules


def test_requirement_counts_where_all_of_it_is_compared(tmp_path: Path) -> None:
    dut = narrow(GATE, y="a b", flag="a")
    text = "- R1: `y` is `a & b`.\n- R2: `flag` is the most significant bit of `a`. It glitches.\n"
    found = chosen(tmp_path, dut, text)
    assert {rule.id: rule.requirements for rule in found.rules} == {"stated-y": ("R1",), "stated-flag": ()}


def test_open_number_of_cycles_is_settled_by_the_design_and_then_kept() -> None:
    rule = FollowsRule(output="y", width=4, cases=[(lambda now: True, lambda now: now["a"])], delays=[0, 1])
    assert [rule.observe({"a": a}, {"y": y}) is None for a, y in ((1, 0), (2, 1), (3, 2), (4, 4))] == [True] * 3 + [
        False
    ]


def test_register_takes_any_of_the_changes_that_apply_and_settles_on_a_lag() -> None:
    changes = [(lambda now: now["up"], lambda now: now["q"] + 1), (lambda now: now["clr"], lambda now: 0)]
    rule = RegisterRule(output="q", width=2, changes=changes, start=0)
    rows = [(1, 0, 0), (1, 1, 1), (1, 1, 0), (0, 0, 1), (0, 0, 1), (0, 0, 3)]
    taken = [rule.observe({"up": up, "clr": clr}, {"q": q}) is None for up, clr, q in rows]
    assert taken == [True] * 5 + [False]
    assert rule.observe({"up": 0, "clr": 0}, {"q": None}) is None


@pytest.mark.parametrize(
    "text", ["A signed multiplier. `y` is the product of `a` and `b`.", "Signed: `flag` is 1 if `a` > `b`."]
)
def test_talk_of_signs_silences_what_depends_on_them(tmp_path: Path, text: str) -> None:
    assert not chosen(tmp_path, narrow(GATE, y="a b", flag="a b"), text).rules
    assert chosen(tmp_path, narrow(GATE, y="a b", flag="a b"), re.sub("(?i)signed", "unsigned", text)).rules


def test_chain_of_conditions_takes_the_first_that_holds(tmp_path: Path) -> None:
    text = "If `load` is high, `q` becomes `d`; else if `en` is high, `q` increments; otherwise `q` does not change."
    found = chosen(tmp_path, narrow(CLOCKED, q="load en d", flag="sel"), text)
    rows = [{"load": 1, "en": 1, "d": 7}, {"en": 1, "q": 7}, {"q": 8}, {"load": 1, "en": 1, "d": 3, "q": 8}, {"q": 9}]
    assert judged(found, "q", rows) == [True, True, True, True, False]
