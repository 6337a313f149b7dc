"""Copies of a design in one circuit: what is made one, each with the input that must not be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.support.harnesses import harness_of
from tests.support.rtl import design_of
from verif.formal.abc import Abc
from verif.formal.aiger import Aiger, encoded
from verif.formal.matching import Matching, Merging, merge_equal, never
from verif.formal.system import System, build_system
from verif.formal.top import LATCHES, Question, cover_question
from verif.harness.twin import twin
from verif.sim.process import Processes

LANES = 64


def ports(body: str) -> str:
    head = "module dut (input wire clk, input wire rst, input wire [3:0] a, output reg [3:0] y);"
    return f"{head}\n{body}\nendmodule"


def both(one: str, other: str, place: Path) -> System:
    """Return the system of two versions, which asks for a difference of ``y``, and for latches that show others."""
    (place / "other").mkdir(parents=True)
    design = design_of(place, ports(one), top="dut")
    (place / "other" / "dut.sv").write_text(ports(other), encoding="utf-8")
    changed = replace(design, sources=replace(design.sources, files=(place / "other" / "dut.sv",)))
    harness = twin(harness_of(design), changed)
    questions = [cover_question(harness, "differs:y"), Question(id="latches", expression=LATCHES)]
    return build_system(harness, questions, place / "system", processes=Processes())


def merged(one: str, other: str, place: Path) -> tuple[bool, bool]:
    """Return whether it is known, once equal registers are one, that ``y`` and that latches never differ."""
    system = both(one, other, place)
    merge_equal(system, seconds=60.0, processes=Processes())
    return "differs:y" in never(system), "latches" in never(system)


COUNTS = (
    "reg [3:0] n, m; always @(posedge clk) if (rst) begin n <= 0; m <= 0; end else begin n <= n + a; m <= m ^ n; end"
)


def test_registers_that_are_equal_in_every_step_are_one(tmp_path: Path) -> None:
    other = COUNTS.replace("n + a", "a + n").replace("m ^ n", "(m | n) & ~(m & n)")
    assert merged(f"{COUNTS} always @* y = m;", f"{other} always @* y = m;", tmp_path) == (True, True)


def test_register_that_differs_is_not_made_one_nor_what_follows_it(tmp_path: Path) -> None:
    other = COUNTS.replace("n + a", "n + a + (n == 4'd11)")
    system = both(f"{COUNTS} always @* y = m;", f"{other} always @* y = m;", tmp_path)
    whole = Aiger.read(system.aiger)
    merge_equal(system, seconds=60.0, processes=Processes())
    less = Aiger.read(system.aiger)
    assert less.outputs[0] != 0
    dice = Random(3)
    steps = [[dice.getrandbits(LANES) for _ in range(whole.inputs)] for _ in range(60)]
    for row in steps:
        row[1] = 0  # the reset, after that of the run
    assert any(row[0] for row in whole.simulate(steps, LANES))
    assert [row[0] for row in less.simulate(steps, LANES)] == [row[0] for row in whole.simulate(steps, LANES)]


def test_pair_leaves_when_what_it_takes_leaves(tmp_path: Path) -> None:
    """Latches 0 and 1 part; 2 and 3 take them; 4 and 5 hold themselves."""
    latches = [2 * (2 + number) for number in range(6)]
    nexts = (2, 3, latches[0], latches[1], latches[4], latches[5])
    circuit = Aiger(inputs=1, nexts=nexts, outputs=(0,), ands=b"", count=0)
    matching = Matching(circuit=circuit, abc=Abc(folder=tmp_path, processes=Processes()), seconds=60.0)
    assert matching.proven({1: 0, 3: 2, 5: 4}) == {5: 4}


def test_equal_logic_is_made_once() -> None:
    gates = ((4, 2), (4, 2), (8, 6))
    circuit = Aiger(inputs=2, nexts=(), outputs=(10,), ands=encoded(gates, 3), count=3)
    less = Merging(circuit, {}).merged()
    assert (less.count, less.outputs, less.gates) == (1, (6,), ((4, 2),))


LEAVES_OPEN = (
    "always @(posedge clk) if (rst) y <= 0; else case (a[1:0]) 0: y <= a; 1: y <= ~a; default: y <= 'x; endcase"
)
TWO = "reg [3:0] p, q; always @(posedge clk) begin p <= a[0] ? a : 'x; q <= a[0] ? a : 'x; end always @* y = p ^ q;"


def test_x_of_one_name_is_the_same_in_both(tmp_path: Path) -> None:
    other = LEAVES_OPEN.replace("0: y <= a; 1: y <= ~a", "1: y <= ~a; 0: y <= a")
    assert merged(LEAVES_OPEN, other, tmp_path)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LEAVES_OPEN, LEAVES_OPEN.replace("'x", "4'd0")),
        (LEAVES_OPEN, LEAVES_OPEN.replace("1: y <= ~a; ", "")),
        (TWO, TWO.replace("p ^ q", "0")),
    ],
    ids=["X in one alone", "X elsewhere", "X of two names"],
)
def test_x_hides_no_difference(one: str, other: str, tmp_path: Path) -> None:
    assert not merged(one, other, tmp_path)[0]


LATCH = "reg [3:0] held; always @* if (a[0]) held = a; always @* y = a[0] ? 0 : held;"


def test_latches_that_hold_something_else_are_told(tmp_path: Path) -> None:
    assert merged(LATCH, LATCH.replace("held = a", "held = ~a"), tmp_path) == (False, False)
