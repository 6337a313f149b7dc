"""Benches that only RECORDED expectations judge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.lamp import lamp_bench
from verif.bench.folder import RECORDED
from verif.bench.stored import Expected, Stored
from verif.campaign.mutants import recorded as expectations
from verif.campaign.mutants.mutating import mutate_bench
from verif.campaign.mutants.options import MutateOptions
from verif.design.frontend import read_design
from verif.design.model import SourceSet
from verif.errors import InputError
from verif.sim.batch.layout import Layout
from verif.verdict import Oracle
from verif.workspace import Workspace

RESET = 6
INPUTS = [(int(tick >= RESET), tick % 2, (3, 0, 77, 1)[tick % 4]) for tick in range(40)]


def recorded() -> Stored:
    """What the lamp shows on ``INPUTS``; ``deep`` is any value, ``dim`` a pattern."""
    lit = dim = 0
    expected: list[tuple[Expected, ...]] = []
    for tick, (rst_n, go, code) in enumerate(INPUTS):
        expected.append((lit if tick else None, f"{dim:b}" if tick else "?", None))
        lit, dim = rst_n & go, rst_n & (code & 1) & (code >> 1 & 1)
    return Stored(
        id="recorded",
        inputs=("rst_n", "go", "code"),
        rows=tuple(INPUTS),
        outputs=("lit", "dim", "deep"),
        expected=tuple(expected),
    )


def unjudged(folder: Path) -> Path:
    bench = lamp_bench(folder)
    (bench / "lamp_props.sv").unlink()
    return bench


def test_bench_without_any_expectation_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"/tb: nothing judges this design: .* nor a rule; every mutant would survive; draft"
    ):
        mutate_bench(unjudged(tmp_path), MutateOptions(count=2, seconds=None), workspace=Workspace(root=tmp_path / "s"))


def test_recorded_expectations_alone_have_a_score_of_their_own(tmp_path: Path) -> None:
    bench = unjudged(tmp_path)
    (bench / RECORDED).write_text(recorded().text(), encoding="utf-8")
    options = MutateOptions(count=12, seconds=None, operators=("bitwise", "reset"), depth=4, simulators=("icarus",))
    found = mutate_bench(bench, options, workspace=Workspace(root=tmp_path / "s"))
    assert found.score.low.count == 0
    assert found.score.recorded > 0
    assert {one.oracle for one in found.mutants if one.kills} == {Oracle.RECORDED}
    assert {kill.check for one in found.mutants for kill in one.kills} <= {"recorded-lit", "recorded-dim"}
    assert found.controls.count == found.controls.total > 0
    assert any("only RECORDED expectations judge" in note for note in found.notes)


def test_expectation_that_is_not_met_is_told_by_its_first_output_and_tick(tmp_path: Path) -> None:
    bench = unjudged(tmp_path)
    (bench / RECORDED).write_text(recorded().text(), encoding="utf-8")
    harness = expectations.port_harness(read_design(SourceSet(files=(tmp_path / "lamp.sv",))))
    tests = expectations.RecordedTests.of(bench, harness)
    layout = Layout.of(harness.observed)
    shown = layout.rows(1, int(tests.lengths[0]))
    names = {seen.port: seen.name for seen in harness.observed}
    for port, column in (("lit", 0), ("dim", 1)):
        wanted = [int(str(row[column] or 0).replace("?", "0")) for row in tests.tests[0].expected or ()]
        layout.put(shown[0], names[port], np.array(wanted, np.uint32))
    layout.put(shown[0], names["deep"], np.ones(shown.shape[1], np.uint32))
    assert tests.kill(shown) is None
    layout.put(shown[0, 13:15], names["dim"], np.array([1 - int(wanted[13]), wanted[14]], np.uint32))
    kill = tests.kill(shown)
    assert kill is not None
    assert (kill.check, kill.tick, kill.oracle) == ("recorded-dim", 9, Oracle.RECORDED)


def test_recorded_bits_that_the_design_shows_otherwise_do_not_count_and_are_told(tmp_path: Path) -> None:
    bench = unjudged(tmp_path)
    whole = recorded()
    assert whole.expected is not None
    wrong = [(lit, "1" if tick == 20 else dim, deep) for tick, (lit, dim, deep) in enumerate(whole.expected)]
    (bench / RECORDED).write_text(replace(whole, expected=tuple(wrong)).text(), encoding="utf-8")
    options = MutateOptions(count=12, seconds=None, operators=("bitwise", "reset"), depth=4, simulators=("icarus",))
    found = mutate_bench(bench, options, workspace=Workspace(root=tmp_path / "s"))
    assert found.score.recorded > 0
    assert (
        "1 of 78 recorded bits do not count, since the design itself shows others, at least from some start values "
        "of its registers: bits of dim"
    ) in found.notes


def test_nothing_is_killed_where_no_recorded_bit_counts(tmp_path: Path) -> None:
    bench = unjudged(tmp_path)
    whole = recorded()
    assert whole.expected is not None
    wrong = [(1 - lit if isinstance(lit, int) else None, None, None) for lit, _, _ in whole.expected]
    (bench / RECORDED).write_text(replace(whole, expected=tuple(wrong)).text(), encoding="utf-8")
    options = MutateOptions(count=4, seconds=None, operators=("bitwise",), depth=4, simulators=("icarus",))
    found = mutate_bench(bench, options, workspace=Workspace(root=tmp_path / "s"))
    assert found.score.recorded == found.score.killed == 0
    assert any(note.startswith("39 of 39 recorded bits do not count, ") for note in found.notes)


def test_inputs_of_the_recorded_reset_count_for_registers_without_one(tmp_path: Path) -> None:
    bench = unjudged(tmp_path)
    text = (tmp_path / "lamp.sv").read_text(encoding="utf-8")
    follows = text.replace("      dim <= 1'b0;\n", "      dim <= code[0] & code[1];\n")
    (tmp_path / "lamp.sv").write_text(follows, encoding="utf-8")
    whole = recorded()
    assert whole.expected is not None
    held = [(rst_n, go, 3 if not rst_n else code) for rst_n, go, code in INPUTS]
    in_reset = [
        (lit, dim if tick > RESET or not tick else "1", None) for tick, (lit, dim, _) in enumerate(whole.expected)
    ]
    (bench / RECORDED).write_text(replace(whole, rows=tuple(held), expected=tuple(in_reset)).text(), encoding="utf-8")
    options = MutateOptions(count=4, seconds=None, operators=("bitwise",), depth=4, simulators=("icarus",))
    found = mutate_bench(bench, options, workspace=Workspace(root=tmp_path / "s"))
    assert not any("recorded bits do not count" in note for note in found.notes)
