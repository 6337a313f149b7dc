"""Mutants judged on stimulus, as lanes and in the batch engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.harnesses import around
from tests.support.mutants import TWICE
from verif.errors import InputError
from verif.harness.model import Harness
from verif.lanes import LaneEngine
from verif.lanes.engine import SHARE
from verif.lanes.stirring import stirred
from verif.mutation import Judged, Judgement, Mutant, MutantBuilds, build_mutants, judge, mutants_of, trusted
from verif.mutation.trust import difference
from verif.sim.batch.layout import Layout, Rows
from verif.verdict import MutantStatus
from verif.workspace import Workspace

KILLED, SURVIVED, TIMEOUT = MutantStatus.KILLED, MutantStatus.SURVIVED, MutantStatus.TIMEOUT


def rows_of(harness: Harness, values: list[int]) -> Rows:
    """Return rows with these values of ``a`` and no reset."""
    return Layout.of(harness.stimulus).pack({"stim_a": np.array(values, np.uint32)})


def by_line(judged: Judged, line: int) -> list[Judgement]:
    return [judgement for judgement in judged.judgements if judgement.mutant.line == line]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MutantBuilds]:
    folder = tmp_path_factory.mktemp("twice")
    harness = around(TWICE, folder)
    yield build_mutants(harness, mutants_of(harness.design), workspace=Workspace(folder / "sim_builds"))


@pytest.mark.parametrize("lanes", [True, False])
def test_judgement_tells_what_was_noticed_and_what_was_not(lanes: bool, twice: MutantBuilds) -> None:
    judged = judge(twice, list(stirred(twice.harness, 2, 200, 1)), lanes=lanes)
    assert judged.forced_fail
    assert {(one.status, one.propagated) for one in by_line(judged, 11)} == {(SURVIVED, False)}
    assert {(one.status, one.propagated) for one in by_line(judged, 14)} == {(SURVIVED, True)}
    assert {one.status for line in (12, 13, 15) for one in by_line(judged, line)} == {KILLED}
    killed = by_line(judged, 12)[0]
    assert (killed.detected_by, killed.oracle, killed.activated) == ("told", twice.harness.monitors[0].oracle, True)


LATE = """
  logic [15:0] n; logic q;
  wire z = a[0] & ~a[0];
  always @(posedge clk) q <= a[1] | z;
  always @(posedge clk) if (rst) n <= 16'd0; else n <= n + 16'd1;
  assign y = {7'd0, q & n[15]}; assign bad = 1'b0;
"""
"""The register of line 12 shows after 32,768 ticks."""


def test_lanes_tell_whether_registers_ever_differed(tmp_path: Path) -> None:
    harness = around(LATE, tmp_path)
    mutants = mutants_of(harness.design, operators=["bitwise"])
    builds = build_mutants(harness, mutants, workspace=Workspace(tmp_path / "b"))
    made = judge(builds, list(stirred(harness, 1, 100, 1)))
    assert not any(one.propagated for line in (11, 12) for one in by_line(made, line))
    shown = [one for line in (11, 12) for one in by_line(made, line)]
    assert {(one.mutant.before, one.mutant.after): one.activated for one in shown} == {
        ("a[0] & ~a[0]", "a[0]"): True,
        ("a[0] & ~a[0]", "~a[0]"): True,
        ("a[0] & ~a[0]", "a[0] | ~a[0]"): True,
        ("a[0] & ~a[0]", "a[0] ^ ~a[0]"): True,
        ("~a[0]", "a[0]"): True,
        ("a[1] | z", "a[1]"): False,
        ("a[1] | z", "z"): True,
        ("a[1] | z", "a[1] & z"): True,
        ("a[1] | z", "a[1] ^ z"): False,
    }
    assert {one.activated for one in judge(builds, list(stirred(harness, 1, 9, 1)), lanes=False).judgements} == {None}


def test_lanes_and_batch_engine_judge_alike(twice: MutantBuilds) -> None:
    stimulus = list(stirred(twice.harness, 3, 100, 2))
    ours, theirs = (judge(twice, stimulus, lanes=lanes, jobs=2).judgements for lanes in (True, False))
    assert [replace(one, activated=None) for one in ours] == [replace(one, activated=None) for one in theirs]
    assert difference(twice) == ""
    assert trusted(twice).lanes is twice.lanes


@pytest.mark.parametrize("lanes", [True, False])
def test_mutant_is_there_in_the_reset_before_the_run(lanes: bool, twice: MutantBuilds) -> None:
    judged = judge(twice, [rows_of(twice.harness, [0] * 4)], lanes=lanes)
    resets = [one for one in judged.judgements if one.mutant.operator == "reset"]
    assert {(one.status, one.detected_at) for one in resets} == {(KILLED, 0)}


def test_stimulus_goes_on_until_a_mutant_is_killed(twice: MutantBuilds) -> None:
    quiet, loud = rows_of(twice.harness, [0] * 4), rows_of(twice.harness, [1, 3, 5, 7])
    judged = judge(twice, [quiet, loud])
    lanes = {one.lane for one in judged.judgements if one.status is KILLED}
    assert lanes == {0, 1}


def test_broken_off_call_goes_on_where_it_was(twice: MutantBuilds) -> None:
    stimulus = list(stirred(twice.harness, 1, 50, 1))
    heard: list[Judgement] = []
    whole = judge(twice, stimulus, told=heard.append)
    assert sorted(heard, key=lambda one: one.mutant.start) == sorted(whole.judgements, key=lambda one: one.mutant.start)
    other = replace(heard[0], note="It was judged before.")
    again = judge(twice, stimulus, known=[other, *heard[1:10]])
    assert [one for one in again.judgements if one != other] == [one for one in whole.judgements if one != heard[0]]
    assert other in again.judgements


def test_only_the_mutants_asked_for_are_judged(twice: MutantBuilds) -> None:
    few = twice.order[3:6]
    judged = judge(twice, [rows_of(twice.harness, [1])], few)
    assert [one.mutant for one in judged.judgements] == list(few)


def test_original_that_fails_its_own_checks_is_an_error(tmp_path: Path) -> None:
    harness = around("assign y = a + 8'd1; assign bad = a[0];", tmp_path)
    builds = build_mutants(harness, mutants_of(harness.design), workspace=Workspace(tmp_path / "b"), lanes=False)
    with pytest.raises(InputError, match=r"dut: told fails on the design itself, in tick 2 of stimulus 0; kills count"):
        judge(builds, [rows_of(harness, [0, 2, 1])])


def test_checks_that_notice_nothing_are_found_out(tmp_path: Path) -> None:
    harness = around("assign y = a + 8'd1; assign bad = 1'b0;", tmp_path)
    blind = replace(harness, monitors=())
    builds = build_mutants(
        blind, mutants_of(harness.design, operators=["arithmetic"]), workspace=Workspace(tmp_path / "b"), lanes=False
    )
    judged = judge(builds, [rows_of(harness, [0, 2, 1])])
    assert not judged.forced_fail
    assert {(one.status, one.propagated) for one in judged.judgements} == {(SURVIVED, True)}


HANGING = """
  logic [7:0] i;
  always @* begin i = 8'd0; while (i < {6'd0, a[1:0]}) i = i + 8'd1; end
  assign y = i; assign bad = 1'b0;
"""


def test_mutant_that_hangs_is_no_kill_and_stops_no_other(tmp_path: Path) -> None:
    harness = around(HANGING, tmp_path)
    mutants: list[Mutant] = [*mutants_of(harness.design, operators=["statement", "arithmetic", "constant"])]
    builds = build_mutants(harness, mutants, workspace=Workspace(tmp_path / "b"))
    assert builds.lanes is None and builds.reason.startswith("The batch engine runs the mutants of dut alone: ")
    judged = judge(builds, [rows_of(harness, [0, 3])], timeout=1.0)
    hung = [one for one in judged.judgements if one.status is TIMEOUT]
    assert {one.mutant.after for one in hung} == {";", "8'd0"}
    assert all(one.note.startswith("It hangs: ") for one in hung)
    assert any(one.propagated for one in judged.judgements)


def test_stimuli_that_share_a_word_of_lanes_do_what_they_do_alone(twice: MutantBuilds) -> None:
    rows = list(stirred(twice.harness, 4, 60, 3))
    numbers = list(range(1, twice.schemata.forced + 1))[:60]
    with twice.open() as lanes, twice.open(lanes=False) as batch:
        assert lanes.at_once(len(numbers)) >= 2
        together = rows[: lanes.at_once(len(numbers))]
        for stop in (True, False):
            for one, alone, other in zip(
                lanes.play_all(together, numbers, stop=stop),
                [lanes.play(each, numbers, stop=stop) for each in together],
                batch.play_all(together, numbers, stop=stop),
                strict=True,
            ):
                for same in (alone, other):
                    assert (one.first_fail == same.first_fail).all()
                    assert (one.differs == same.differs).all()
                assert (one.original == -1).all()


def test_lanes_take_only_stimuli_that_fill_a_word(twice: MutantBuilds) -> None:
    assert twice.lanes is not None
    bits = twice.lanes.processor.word_bits
    with LaneEngine(twice.lanes) as engine:
        for count, lanes in ((1, bits // 2), (3, bits), (2 * bits // SHARE, bits)):
            with pytest.raises(
                InputError, match=rf"{count} stimuli share {lanes} lanes; .*up to {bits // SHARE}, a power"
            ):
                engine.shared(engine.array(count, 8), np.zeros(lanes, np.uint32))
        second = np.zeros(bits, np.uint32)
        second[bits // 2] = 1
        with pytest.raises(InputError, match="the first lane of each is the original"):
            engine.shared(engine.array(2, 8), second)
