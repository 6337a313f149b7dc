"""Lanes as a proposer: what they hit counts once the batch engine shows it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.lanes import locked
from verif.lanes import LanesBuild, build_lanes
from verif.lanes.swarm import Job, Swarm
from verif.plan.model import Testplan
from verif.search.closure.board import Board
from verif.search.closure.corpus import Corpus
from verif.search.closure.flocks import Flocks
from verif.search.closure.runner import MOST_LUCK, Limits, Runner
from verif.search.closure.sure import watched
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.results import Lanes
from verif.verdict import PointStatus
from verif.workspace import Workspace

PLAN = Testplan(dut="dut", drivers=(), points=())


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("flocks") / "sim_builds")


@pytest.fixture(scope="module")
def lock(workspace: Workspace) -> LanesBuild:
    return build_lanes(watched(locked(workspace.root.parent / "lock")), workspace=workspace, plan=PLAN)


def flown(lock: LanesBuild, workspace: Workspace, turns: int, examples: int) -> Runner:
    with Batch(build_batch(lock.harness, workspace=workspace)) as batch, Swarm(lock, workers=2) as swarm:
        runner = Runner(batch, Board(lock.harness.covers), Corpus(), limits=Limits(examples=examples))
        flocks = Flocks(lambda: swarm, (64,), seed=1)
        for turn in range(turns):
            if not runner.spent:
                flocks.turn(turn, runner)
    return runner


def test_what_lanes_hit_has_a_witness_that_hits_it_in_the_batch_engine(lock: LanesBuild, workspace: Workspace) -> None:
    runner = flown(lock, workspace, turns=2, examples=100_000)
    board = runner.board
    assert board.count(PointStatus.HIT) == len(board.ids)
    with Batch(build_batch(lock.harness, workspace=workspace)) as batch:
        for number, name in enumerate(board.ids):
            known = board.known[name]
            assert known.by == "lanes"
            ticks = batch.hit_ticks(runner.corpus[known.witness].rows, fresh=True, seed=9)
            assert ticks[number] == known.tick
    assert runner.effort.lane_cycles == runner.effort.cycles > 0
    assert runner.effort.examples <= 100_000


def test_the_same_turns_hit_the_same(lock: LanesBuild, workspace: Workspace) -> None:
    runners = [flown(lock, workspace, turns=2, examples=20_000) for _ in range(2)]
    once, again = ([good.digest for good in runner.corpus] for runner in runners)
    assert once == again
    assert runners[0].effort.examples == 20_000


def test_without_lanes_there_is_nothing_to_propose() -> None:
    assert not Flocks(lambda: None, (64,), seed=1).able(0)


def test_points_that_only_lanes_show_are_left_to_the_batch_engine(lock: LanesBuild, workspace: Workspace) -> None:
    """Rows that ask for nothing, said to hit the last step: no model shows that."""
    with Batch(build_batch(lock.harness, workspace=workspace)) as batch, Swarm(lock, workers=1) as swarm:
        runner = Runner(batch, Board(lock.harness.covers), Corpus())
        claims = np.full((512, 1), 1 << 7, np.uint32)
        blank = np.zeros((512, 1), np.int32)
        answer = Lanes(first_fail=blank, seen=blank.astype(np.uint32), ended=blank[:, 0] - 1, hits=claims)
        taken = []
        for _ in range(MOST_LUCK):
            before = runner.frequency[7]
            runner.drawn(Job(draw=1, lanes=512, ticks=1), answer, swarm, "lanes")
            taken.append(int(runner.frequency[7] - before))
        assert runner.board.known["at 7"].status is PointStatus.UNKNOWN
        assert not runner.fresh, "the batch engine's own lanes did nothing wrong"
        assert not runner.doubts
        assert runner._lucky[7] == MOST_LUCK
