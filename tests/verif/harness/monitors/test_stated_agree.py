"""The hardware of a rule of formulas says the same as the rule in every cycle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.judging import make
from tests.support.monitors import (
    Bench,
    Row,
    hardware_verdicts,
    in_reset,
    out_of_reset,
    ports_design,
    python_verdicts,
    reset_rows,
    value,
    x_somewhere,
)
from verif.bench.oracles import OracleSet, Rule, Snippet
from verif.design.model import Clock, Reset
from verif.harness.monitors.choose import unmonitored
from verif.verdict import Oracle

INPUTS = {"a": 4, "b": 4, "en": 1, "load": 1}
TRACES = 24
LENGTH = 30
TRUE = "lambda now: True"


def stated(module: str, class_name: str, arguments: str, width: int, clocked: bool = True) -> Bench:
    """Return a design whose output ``y`` is judged by a rule."""
    clocks = (Clock(name="clk"),) if clocked else ()
    resets = (Reset(name="rst", active_high=True, asynchronous=False, cycles=2),) if clocked else ()
    design = ports_design(INPUTS, {"y": width, "z": 3}, clocks=clocks, resets=resets)
    snippet = Snippet(
        module=f"verif.bench.library.rules.{module}",
        class_name=class_name,
        arguments=f"output='y', width={width}, {arguments}",
    )
    rule = Rule(id="stated-y", title="y is told.", snippet=snippet, oracle=Oracle.SPEC, ports=("y",))
    return Bench(design=design, oracles=OracleSet(model=None, rules=(rule,), drivers=()))


def follows(formula: str, delays: list[int], *, width: int = 4, when: str = "True", otherwise: str = "") -> Bench:
    cases = f"(lambda now: {when}, lambda now: {formula})"
    if otherwise:
        cases += f", (lambda now: not ({when}), lambda now: {otherwise})"
    return stated("follows", "FollowsRule", f"cases=[{cases}], delays={delays}", width, delays != [0])


def register(changes: dict[str, str], width: int = 4, **options: object) -> Bench:
    cases = ", ".join(f"(lambda now: {when}, lambda now: {formula})" for when, formula in changes.items())
    more = "".join(f", {name}={option!r}" for name, option in options.items())
    return stated("register", "RegisterRule", f"changes=[{cases}]{more}", width)


A, B, EN, LOAD, Y, Z = (f'now["{name}"]' for name in ("a", "b", "en", "load", "y", "z"))
CASES: dict[str, Bench] = {
    "and": follows(f"({A} & {B})", [0]),
    "sum, later": follows(f"({A} + {B})", [0, 1, 2, 3], width=5),
    "difference": follows(f"({A} - {B})", [1], width=6),
    "signed product": follows(f"((({A} ^ 0x8) - 0x8) * (({B} ^ 0x8) - 0x8))", [2], width=8),
    "arithmetic shift": follows(f"((({A} ^ 0x8) - 0x8) >> {B})", [0], width=6),
    "left shift": follows(f"({A} << {B})", [1, 2], width=20),
    "rotation": follows(f"(({A} >> {B} % 4 | {A} << 4 - {B} % 4) & 0xf)", [0]),
    "ones": follows(f'bin({A}).count("1")', [0], width=3),
    "parity": follows(f'int(bin({A}).count("1") & 1)', [1], width=1),
    "highest bit": follows(f"({A}.bit_length() - 1 if {A} else None)", [0]),
    "lowest bit": follows(f"(({A} & -{A}).bit_length() - 1 if {A} else None)", [0, 1]),
    "smaller": follows(f"min({A}, {B})", [0]),
    "greater of three": follows(f"max({A}, max({B}, 3))", [1]),
    "comparison": follows(f"int(bool({A} > {B} and {EN} or {LOAD} != 1))", [0, 1], width=1),
    "signed comparison": follows(f"((({A} ^ 0x8) - 0x8) < (({B} ^ 0x8) - 0x8))", [0], width=1),
    "choice": follows(A, [0], when=EN, otherwise=f"({B} ^ 0xf)"),
    "choice that leaves the rest open": follows(A, [1], when=f"({EN} == 1)"),
    "another output": follows(f"({Z} ^ {Z} >> 1)", [0, 1], width=3),
    "nothing": follows("None", [1], when=EN, otherwise=A),
    "enabled counter": register({EN: f"{Y} + 1"}, start=3, lags=(0,)),
    "counter that loads": register({LOAD: A, f"(not {LOAD} and {EN})": f"{Y} - 1"}, start=0, idle=("en", "load")),
    "accumulator": register({EN: f"({Y} + {A})", LOAD: f"({Y} * 2)"}, width=6),
    "unknown change": register({f"not ({EN})": "None", EN: Y}, start=None),
    "start alone": register({"True": "None"}, start=9, idle=("load",)),
}


class Liar:
    """Plays the design as one of the rule's delays or lags asks, and sometimes lies."""

    def __init__(self, bench: Bench, rng: random.Random) -> None:
        self.bench = bench
        self.rng = rng
        self.rule = make(bench.oracles.rules[0].snippet)
        self.rows: list[Row] = []
        self.which = rng.randrange(2)
        self.output = bench.design.port("y").width

    def row(self, inputs: Row, wrong: float) -> Row:
        """Return inputs with outputs: the first value that the rule takes, out of all."""
        rng, design = self.rng, self.bench.design
        z = x_somewhere(rng, rng.getrandbits(3), 3, wrong)
        y: int | str = next(self._fitting(inputs, z), rng.getrandbits(self.output))
        if rng.random() < wrong:
            y = rng.getrandbits(self.output)
        row = inputs | {"z": z, "y": x_somewhere(rng, y, self.output, wrong / 2) if isinstance(y, int) else y}
        if in_reset(design, row):
            self.rule.reset()
        else:
            self._look(self.rule, row)
        return row

    def _fitting(self, inputs: Row, z: int | str) -> Iterator[int]:
        """Yield values that the rule doesn't complain of now."""
        values = list(range(1 << min(self.output, 6)))
        self.rng.shuffle(values)
        kept = dict(vars(self.rule))
        for number in values:
            for name, content in kept.items():
                setattr(self.rule, name, list(content) if isinstance(content, list) else content)
            fits = self._look(self.rule, inputs | {"z": z, "y": number}) is None
            for name, content in kept.items():
                setattr(self.rule, name, list(content) if isinstance(content, list) else content)
            if fits:
                yield number

    def _look(self, rule: object, row: Row) -> str | None:
        outputs = {name: value(row[name]) for name in ("y", "z")}
        inputs = {name: value(cell) for name, cell in row.items() if name not in outputs} | {"clk": 1}
        return rule.observe(inputs, outputs)  # type: ignore[attr-defined]


def traces(bench: Bench) -> list[Row]:
    """Return traces with more and more mischief; the first ones have none, so that one delay stays."""
    rng = random.Random(1)
    liar = Liar(bench, rng)
    resting: Row = dict.fromkeys(INPUTS, 0)
    rows: list[Row] = []
    for number in range(TRACES):
        wrong = (0.0, 0.02, 0.1)[number * 3 // TRACES]
        rows += [liar.row(row, wrong) for row in reset_rows(bench.design, resting)]
        rates = {name: rng.random() for name in INPUTS}
        for _ in range(LENGTH):
            now = {
                name: int(rng.random() < rates[name]) if width == 1 else rng.getrandbits(width)
                for name, width in INPUTS.items()
            }
            rows.append(liar.row(now | out_of_reset(bench.design), wrong))
    return rows


@pytest.mark.parametrize("name", CASES)
def test_hardware_of_formulas_fails_in_the_same_cycles_as_the_rule(name: str, tmp_path: Path) -> None:
    bench = CASES[name]
    assert unmonitored(bench.design, bench.oracles) == ()
    rows = traces(bench)
    expected = python_verdicts(bench, rows)[0]
    heard = hardware_verdicts(bench, rows, tmp_path)[0]
    different = [tick for tick, pair in enumerate(zip(expected, heard.fail, strict=True)) if len(set(pair)) > 1]
    assert not different, f"tick {different[0]}: the rule says {expected[different[0]]}: {rows[different[0]]}"
    assert sum(heard.seen) > 5
    assert sum(expected) > (0 if name == "start alone" else 4)


@pytest.mark.parametrize("formula", [f"({A} << {A} * 99)", f"sum({A})", 'now["nobody"]', f"({A} % {B})"])
def test_formula_that_hardware_does_not_cover_is_left_to_python(formula: str) -> None:
    bench = follows(formula, [0])
    assert bench.uses == ()
    assert "judged in Python only" in unmonitored(bench.design, bench.oracles)[0]


def test_two_rules_of_one_output_have_modules_of_their_own() -> None:
    bench = CASES["and"]
    [rule] = bench.oracles.rules
    uses = replace(bench, oracles=replace(bench.oracles, rules=(rule, replace(rule, id="counts-y")))).uses
    assert [use.module for use in uses] == ["check_stated_y", "check_counts_y"]
    assert all(f"module {use.module} (" in use.text for use in uses)
