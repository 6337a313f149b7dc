"""Rounds of lanes: the same on any number of workers, led by what was hit, and believed only after a replay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.lanes import locked
from tests.support.regressions import bug, specified
from verif.campaign.benches.harness import bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import bench_runs
from verif.lanes import LanesBuild, build_lanes
from verif.lanes.swarm import Swarm
from verif.plan.model import Testplan
from verif.search.checks import Check
from verif.search.explore import Budget, Explorer, Sighting
from verif.search.hunting import JOBS, LONGEST, Hunt, ladder
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.verdict import Oracle
from verif.workspace import Workspace

PLAN = Testplan(dut="dut", drivers=(), points=())
TOLD = Check(id="told", oracle=Oracle.SPEC, title="", monitor=0)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("hunting") / "sim_builds")


@pytest.fixture(scope="module")
def lock(workspace: Workspace) -> LanesBuild:
    return build_lanes(locked(workspace.root.parent / "lock"), workspace=workspace, plan=PLAN)


def hunted(build: LanesBuild, workers: int) -> tuple[list[tuple[int, int]], list[bytes]]:
    """Return what two rounds of short jobs came to: seeds and failing lanes; and what was kept."""
    with Swarm(build, workers=workers) as swarm:
        hunt = Hunt(swarm, (64,), seed=3)
        found = [
            (job.draw, int((answer.first_fail >= 0).sum()))
            for _ in range(2)
            for job, answer in hunt.run(hunt.round(JOBS * 600))
        ]
        return found, [rows.tobytes() for rows in hunt.good]


def test_the_same_seed_hunts_the_same_on_any_number_of_workers(lock: LanesBuild) -> None:
    once, again = hunted(lock, 1), hunted(lock, 3)
    assert once == again
    assert len({draw for draw, _ in once[0]}) == len(once[0])


def test_what_is_kept_hits_something_new_in_its_last_row(lock: LanesBuild, workspace: Workspace) -> None:
    with Swarm(lock, workers=1) as swarm:
        hunt = Hunt(swarm, (64,), seed=1)
        for _job, _answer in hunt.run(hunt.round(JOBS * 600)):
            pass
        good = list(hunt.good)
    assert good
    known: set[int] = set()
    with Batch(build_batch(lock.harness, workspace=workspace)) as batch:
        for rows in good:
            ticks = batch.hit_ticks(rows, fresh=True)
            fresh = {point for point in np.flatnonzero(ticks >= 0).tolist() if point not in known}
            assert max(int(ticks[point]) for point in fresh) == len(rows) - 1
            known |= fresh


def test_a_budget_of_examples_cuts_the_last_round(lock: LanesBuild) -> None:
    with Swarm(lock, workers=1) as swarm:
        hunt = Hunt(swarm, (64,), seed=1)
        assert sum(job.lanes for job in hunt.round(700)) == 700
        assert hunt.round(0) == []


def test_recordings_lead_lanes_from_the_first_round_on(lock: LanesBuild) -> None:
    rows = lock.stimulus.pack({"stim_a": [8, 9, 10, 11]})
    with Swarm(lock, workers=1) as swarm:
        led = [job for job in Hunt(swarm, (64,), seed=1, recordings=[rows]).round() if job.guide is not None]
        plain = [job for job in Hunt(swarm, (64,), seed=1).round() if job.guide is not None]
    assert len(led) == JOBS // 2 and not plain


SAFE = """
  reg [2:0] at;
  wire [7:0] key = {at, 5'd19} ^ {5'd11, at};
  always @(posedge clk)
    if (rst) at <= 0;
    else if (a == key && at < 7) at <= at + 3'd1;
    else if (at < 7 && a[7]) at <= 0;
  assign y = at;
  assign bad = at == 7 && a == 8'h77;
"""
"""Seven keys of 8 bits one after the other; any other value with its top bit set locks it again."""


def steps(swarm: Swarm, *, led: bool) -> int:
    """Return how far some rounds get, with what they hit leading lanes or without."""
    hunt = Hunt(swarm, (64,), seed=1)
    for _ in range(12):
        for _job, _answer in hunt.run(hunt.round(JOBS * 1024)):
            pass
        if not led:
            hunt.good.clear()
    return len(hunt.hit)


def test_lanes_that_are_led_open_what_others_do_not(workspace: Workspace) -> None:
    harness = locked(workspace.root.parent / "safe", SAFE)
    with Swarm(build_lanes(harness, workspace=workspace, plan=PLAN), workers=2) as swarm:
        alone, led = steps(swarm, led=False), steps(swarm, led=True)
    assert alone <= 4
    assert led >= 6


def test_lanes_are_some_times_longer_than_those_of_the_batch_engine() -> None:
    assert ladder((64, 128, 100)) == (64, 100, 128, 256, 512, 1024)
    assert max(ladder((LONGEST,))) == LONGEST


class Always:
    """Lets lanes take part from the beginning."""

    def __init__(self, hunt: Hunt) -> None:
        self._hunt = hunt
        self.told = ""

    def hunt(self, explorer: Explorer, budget: Budget) -> Hunt | None:
        return None if self.told else self._hunt

    def broke(self, sentence: str) -> None:
        self.told = sentence


def test_a_failure_that_lanes_see_fails_in_the_batch_engine_in_its_last_row(
    lock: LanesBuild, workspace: Workspace
) -> None:
    with (
        Batch(build_batch(lock.harness, workspace=workspace)) as batch,
        Swarm(lock, workers=2) as swarm,
    ):
        maker = StimulusMaker(lock.harness, PLAN, seed=1)
        hunts = Always(Hunt(swarm, (64,), seed=1))
        explorer = Explorer(batch, maker, [TOLD], hunts=hunts)
        sightings: list[Sighting] = list(explorer.explore(Budget(examples=400_000)))
        (sighting,) = sightings
        assert sighting.by_lanes
        assert int(batch.run(sighting.stimulus, fresh=True).first_fail[0]) == sighting.cycle
        assert explorer.effort.lane_examples >= sighting.examples


@pytest.mark.parametrize(
    ("design", "name"),
    [("divider", "reset_misses_busy"), ("uart_tx", "reset_misses_line")],
    ids=["zero starts well", "zero starts badly"],
)
def test_a_failure_that_hangs_on_start_values_does_not_hide_one_that_does_not(
    tmp_path: Path, design: str, name: str
) -> None:
    """What the reset misses is wrong at once in half of the lanes; the batch engine begins well."""
    workspace = Workspace(tmp_path / "sim_builds")
    parts = bench_harness(bench_runs(specified(tmp_path / "tb", design), RunOptions(sources=(bug(design, name),)))[0])
    build = build_lanes(parts.harness, workspace=workspace, plan=parts.plan)
    with Swarm(build, workers=1) as swarm, Batch(build_batch(parts.harness, workspace=workspace)) as batch:
        hunt = Hunt(swarm, (2048,), seed=1)
        job, answer = next(iter(hunt.run(hunt.round(JOBS * 512))))
        monitor = int((answer.first_fail >= 0).sum(axis=0).argmax())
        first = answer.first_fail[:, monitor]

        def shows(lane: int) -> bool:
            rows = swarm.rows(job, lane, int(first[lane]) + 1)
            return int(batch.run(rows, fresh=True).first_fail[monitor]) >= 0

        assert not shows(int(np.where(first < 0, job.ticks, first).argmin()))
        lane = hunt.soonest(job, first, monitor)
        assert lane is not None and shows(lane)
