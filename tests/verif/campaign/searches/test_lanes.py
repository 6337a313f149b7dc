"""Lanes in a search: they find what the batch engine confirms, and are given up where they are wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.lanes import break_one_table, locked
from tests.support.regressions import bug, specified
from verif.campaign.benches.engines import EngineChoice, LanesWhenDue
from verif.campaign.searches.lanes import MOST_DOUBTS, SearchLanes
from verif.campaign.searches.searching import SearchOptions, search_bench
from verif.errors import Unsupported
from verif.lanes import LanesBuild, build_lanes, choose_build
from verif.lanes.beside import Beside
from verif.lanes.trust import Chosen
from verif.plan.model import Testplan
from verif.search.checks import Check
from verif.search.explore import Budget, Explorer, Sighting
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.verdict import Oracle, Verdict
from verif.workspace import Workspace

PLAN = Testplan(dut="dut", drivers=(), points=())
TOLD = Check(id="told", oracle=Oracle.SPEC, title="", monitor=0)


def test_a_failure_that_lanes_find_is_shrunk_and_replayed_in_cocotb(tmp_path: Path, workspace: Workspace) -> None:
    bench = specified(tmp_path / "tb", "sync_fifo")
    options = SearchOptions(
        budget=Budget(examples=30_000),
        engine=EngineChoice.LANES,
        sources=(bug("sync_fifo", "wrap_stops_short"),),
        check="sync-fifo-model",
        simulators=("icarus",),
        most_failures=1,
    )
    found = search_bench(bench, options, workspace=workspace)
    (failure,) = found.failures
    assert failure.taken.sighting.by_lanes
    assert failure.verdict is Verdict.FAIL
    assert [str(one.verdict) for one in failure.replayed] == ["FAIL"]
    assert json.loads(json.dumps(found.as_json()))["failures"][0]["found_by"] == "lanes"
    assert found.effort.lane_examples > 0


def test_a_search_that_a_signal_ends_in_the_middle_of_lanes_can_be_made_again(
    tmp_path: Path, workspace: Workspace
) -> None:
    signals: list[threading.Timer] = []

    def interrupt(explorer: Explorer | None, text: str) -> None:
        if explorer and text == "searching" and not signals:  # the next round of lanes begins
            signals.append(threading.Timer(0.02, lambda: os.kill(os.getpid(), signal.SIGINT)))
            signals[0].start()

    bench = specified(tmp_path / "tb", "sync_fifo")
    options = SearchOptions(budget=Budget(examples=10**9), engine=EngineChoice.LANES, replay=False)
    begun = search_bench(bench, options, workspace=workspace, progress=interrupt)
    assert (begun.interrupted, begun.verdict) == (True, Verdict.UNKNOWN)
    assert begun.effort.lane_examples > 0
    options = replace(options, budget=Budget(examples=20_000))
    again = search_bench(bench, options, workspace=workspace)
    assert (again.verdict, again.effort.examples, again.notes) == (Verdict.PASS, 20_000, begun.notes)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "sim_builds")


def lanes_for(
    place: Workspace, said: list[str], choice: EngineChoice = EngineChoice.LANES
) -> tuple[LanesWhenDue, SearchLanes]:
    """Return lanes of the lock for a search."""
    harness = locked(place.root.parent / "lock")
    beside = Beside(lambda processes: choose_build(harness, workspace=place, plan=PLAN, processes=processes))
    due = LanesWhenDue(choice, beside, note=said.append)
    return due, SearchLanes(due, lengths=(64,), seed=1, recordings=())


def explorer_of(place: Workspace, batch: Batch) -> Explorer:
    return Explorer(batch, StimulusMaker(batch.harness, PLAN, seed=1), [TOLD])


def sighting_of(rows: np.ndarray[tuple[int, ...], np.dtype[np.uint32]]) -> Sighting:
    return Sighting(check=TOLD, stimulus=rows, phases=(), examples=1, cycles=1, seconds=0.0, by_lanes=True)


def test_engines_that_do_not_agree_about_a_failure_end_lanes_for_this_build(place: Workspace) -> None:
    said: list[str] = []
    due, lanes = lanes_for(place, said)
    harness = locked(place.root.parent / "lock")
    with Batch(build_batch(harness, workspace=place)) as batch:
        explorer = explorer_of(place, batch)
        assert lanes.hunt(explorer, Budget(seconds=60)) is not None
        due.close()
        break_monitor(build_lanes(harness, workspace=place, plan=PLAN))
        due, lanes = lanes_for(place, said)
        hunt = lanes.hunt(explorer, Budget(seconds=60))
        assert hunt is not None, "the comparison was made before it broke"
        rows = batch.build.stimulus.pack({"stim_a": [0, 1]})
        assert hunt.swarm.replayed(rows, seed=None).first_fail[0, 0] >= 0
        lanes.doubt(sighting_of(rows), batch)
        assert lanes.hunt(explorer, Budget(seconds=60)) is None
        due.close()
    assert said == [
        "The batch engine runs dut alone: lanes and the batch engine do not agree about told on a stimulus of 2 rows."
    ]
    again = choose_build(harness, workspace=place, plan=PLAN)
    assert not again.lanes and "do not agree about told" in again.reason


def break_monitor(build: LanesBuild) -> None:
    """Let the monitor of a build fail always."""
    source = build.build.directory / "lanes.cpp"
    text = source.read_text(encoding="utf-8")
    broken = re.sub(
        r"(void first_edge\([^)]*\) \{\n.*?)(\n\})", r"\1\n    out[0] = ONES;\2", text, count=1, flags=re.DOTALL
    )
    assert broken != text
    source.write_text(broken, encoding="utf-8")
    break_one_table(build)


def test_failures_that_hang_on_start_values_are_doubted_a_few_times(place: Workspace) -> None:
    said: list[str] = []
    due, lanes = lanes_for(place, said)
    with Batch(build_batch(locked(place.root.parent / "lock"), workspace=place)) as batch:
        explorer = explorer_of(place, batch)
        assert lanes.hunt(explorer, Budget(seconds=60)) is not None
        rows = batch.build.stimulus.pack({"stim_a": [0, 1]})
        for _ in range(MOST_DOUBTS):
            assert not said
            lanes.doubt(sighting_of(rows), batch)
        due.close()
    assert said == ["Lanes were given up: failures of told hang on what registers hold before the reset."]


def test_why_lanes_take_no_part_is_told_once(place: Workspace) -> None:
    def refuse(processes: Processes) -> Chosen:
        raise Unsupported("PE826", "the design is too large for lanes: so and so")

    said: list[str] = []
    due = LanesWhenDue(EngineChoice.LANES, Beside(refuse), note=said.append)
    for _ in range(2):
        assert due.ready(are_open=1, examples=0, goal=None, left=60.0) is None
    due.close()
    assert said == ["the design is too large for lanes: so and so."]


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def asked(choice: EngineChoice, clock: Clock) -> tuple[LanesWhenDue, list[int]]:
    """Return lanes that can't be built, and how often they were tried."""
    tries: list[int] = []

    def refuse(processes: Processes) -> Chosen:
        tries.append(1)
        raise Unsupported("PE826", "no")

    return LanesWhenDue(choice, Beside(refuse), note=lambda text: None, clock=clock), tries


def test_lanes_are_built_once_nothing_more_is_found_and_never_with_batch() -> None:
    clock = Clock()
    due, tries = asked(EngineChoice.AUTO, clock)
    never, untried = asked(EngineChoice.BATCH, clock)
    for seconds, are_open in ((0.0, 3), (1.4, 3), (1.4, 2), (1.4, 2)):
        clock.now += seconds
        due.ready(are_open=are_open, examples=10, goal=None, left=50.0)
    assert not tries
    clock.now += 0.2
    due.ready(are_open=2, examples=10, goal=None, left=50.0)
    never.ready(are_open=2, examples=10, goal=None, left=50.0)
    due.close()
    never.close()
    assert tries == [1] and not untried


def test_no_build_is_begun_at_the_end_of_a_budget() -> None:
    clock = Clock()
    due, tries = asked(EngineChoice.AUTO, clock)
    for _ in range(3):
        clock.now += 2.0
        due.ready(are_open=1, examples=10, goal=None, left=4.0)
    due.close()
    assert not tries


def test_a_small_budget_of_examples_builds_no_lanes_and_a_large_one_waits_for_them() -> None:
    small, untried = asked(EngineChoice.AUTO, Clock())
    small.ready(are_open=1, examples=0, goal=50_000, left=None)
    small.close()
    assert not untried
    said: list[str] = []
    tries: list[int] = []

    def refuse(processes: Processes) -> Chosen:
        tries.append(1)
        raise Unsupported("PE826", "no")

    large = LanesWhenDue(EngineChoice.AUTO, Beside(refuse), note=said.append)
    large.ready(are_open=1, examples=49_999, goal=50_001, left=None)
    assert not said, "what is built beside is not looked at before its time"
    large.ready(are_open=1, examples=50_000, goal=50_001, left=None)
    large.close()
    assert said == ["no."] and tries == [1]
