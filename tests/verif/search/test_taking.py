"""From a sighting to a regression."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.toy import ToyTop, toy_harness, toy_plan, write_model
from verif.bench.stored import read_stored
from verif.search.checks import checks_of
from verif.search.explore import Budget, Explorer, Sighting
from verif.search.fake import FakeEngine
from verif.search.judging import TraceJudge
from verif.search.stimulus import StimulusMaker
from verif.search.taking import NotAlone, Taken, Taker

TITLES = {"counter-model": "The outputs are those of the model.", "below-15": "The counter stays below 15."}


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[TraceJudge]:
    with TraceJudge(toy_harness(), "toy_model", (write_model(tmp_path),), seconds=20) as running:
        yield running


def sightings(engine: FakeEngine, judge: TraceJudge) -> dict[str, Sighting]:
    maker = StimulusMaker(toy_harness(), toy_plan(), seed=1, rows=2048)
    explorer = Explorer(engine, maker, checks_of(toy_harness(), judge.checks, TITLES), judge)
    return {sighting.check.id: sighting for sighting in explorer.explore(Budget(examples=200))}


@pytest.fixture
def taken(judge: TraceJudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Taken]:
    monkeypatch.setattr("verif.search.taking.PYTHON_EXAMPLES", 60)
    monkeypatch.setattr("verif.search.taking.HARDWARE_EXAMPLES", 60)
    engine = FakeEngine(toy_harness(), lambda: ToyTop(wrap=17))
    taker = Taker(engine, judge, database=tmp_path / "hypothesis", seed=1)
    return {name: taker.take(sighting) for name, sighting in sightings(engine, judge).items()}


def test_failures_are_shrunk_and_end_with_the_failing_cycle(taken: dict[str, Taken]) -> None:
    assert {name: one.cycles for name, one in taken.items()} == {"counter-model": 17, "below-15": 16}
    assert all(one.fail_cycle == one.cycles + 1 for one in taken.values())


def test_regressions_hold_the_reset_and_the_rows_at_the_ports(taken: dict[str, Taken]) -> None:
    stored = taken["below-15"].stored
    assert stored.inputs == ("rst_n", "en")
    assert stored.rows[:2] == ((0, 0), (0, 0))
    assert stored.rows[2:17] == ((1, 1),) * 15
    assert len(stored.rows) == 18


def test_regressions_tell_what_failed_and_how_to_make_it_again(taken: dict[str, Taken]) -> None:
    stored = read_stored(taken["counter-model"].stored.text())
    facts = dict(stored.facts or {})
    harness = facts.pop("harness")
    assert facts == {
        "oracle": "SPEC",
        "check": "counter-model",
        "rule": "The outputs are those of the model.",
        "requirements": ["R1"],
        "message": "SPEC counter-model: cycle 18: count is 0x10, expected 0x0 (R1)",
        "seed": 1,
        "clocks": [{"name": "clk", "edge": "rising", "ratio": 1}],
        "verdict_expected": "PASS",
    }
    assert harness["fields"] == ["stim_rst_rst_n", "stim_en"]
    assert harness["rows"][:16] == [[0, 1]] * 16
    assert stored.id.startswith("counter-model-")


def test_the_message_is_the_benchs_own_also_where_a_monitor_judges(taken: dict[str, Taken]) -> None:
    facts = taken["below-15"].stored.facts
    assert facts is not None
    assert facts["message"] == "PROTOCOL below-15: cycle 17: count is 15"


def test_a_failure_that_needs_what_ran_before_it_is_told_apart(judge: TraceJudge, tmp_path: Path) -> None:
    engine = FakeEngine(toy_harness(), lambda: ToyTop(remembers=True))
    first = sightings(engine, judge)["counter-model"]
    assert first.cycle == 0
    with pytest.raises(NotAlone):
        Taker(engine, judge, database=tmp_path / "hypothesis", seed=1).take(first)


def test_a_failure_can_be_kept_as_it_was_seen(judge: TraceJudge, tmp_path: Path) -> None:
    engine = FakeEngine(toy_harness(), lambda: ToyTop(wrap=17))
    sighting = sightings(engine, judge)["counter-model"]
    whole = Taker(engine, judge, database=tmp_path / "hypothesis", seed=1).whole(sighting)
    assert whole.cycles == len(sighting.stimulus)
    harness = json.loads(whole.stored.text())["harness"]
    assert np.array_equal(np.array(harness["rows"]), sighting.stimulus)


def test_what_survives_a_reset_makes_no_failure_shorter(judge: TraceJudge, tmp_path: Path) -> None:
    alone = sightings(FakeEngine(toy_harness(), ToyTop), judge)["below-15"]
    engine = FakeEngine(toy_harness(), lambda: ToyTop(remembers=True))
    taken = Taker(engine, judge, database=tmp_path / "hypothesis", seed=1).take(alone)
    assert taken.cycles == 16
