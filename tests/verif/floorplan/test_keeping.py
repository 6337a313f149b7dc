"""A search that is broken off keeps what it has, and goes on from there."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.floorplans import random_problem
from verif.floorplan.engine import Result, floorplan
from verif.floorplan.keeping import Keeper, keeper_in
from verif.floorplan.legality import violations
from verif.floorplan.model import Problem

ENOUGH = 1


def planned(problem: Problem, keeper: Keeper, *, starts: int | None = 6, ends_at: float = 2.0) -> Result:
    """Plan in an outline; a share of the work after which the user interrupts."""

    def progress(share: float, best: float | None) -> None:
        if best is not None and share >= ends_at:
            raise KeyboardInterrupt

    outline = problem.outline(whitespace=0.6)
    return floorplan(problem, outline, budget=ENOUGH, starts=starts, progress=progress, keeper=keeper)


def area_of(result: Result) -> float:
    outline = result.placement.outline
    return outline.width * outline.height


def test_interrupted_search_gives_the_best_so_far(tmp_path: Path) -> None:
    problem = random_problem()
    result = planned(problem, Keeper(tmp_path / "state.npz"), ends_at=0.3)
    assert result.interrupted and result.legal
    assert violations(problem, result.placement) == []
    assert 1 <= result.starts < 6


def test_search_of_starts_goes_on_and_ends_as_if_nothing_had_been(tmp_path: Path) -> None:
    problem = random_problem()
    keeper = Keeper(tmp_path / "state.npz")
    broken = planned(problem, keeper, ends_at=0.3)
    kept = keeper.load()
    assert len(kept.found) >= broken.starts
    resumed = planned(problem, keeper)
    whole = planned(problem, Keeper(tmp_path / "other.npz"))
    assert not resumed.interrupted
    assert (resumed.placement, resumed.starts, resumed.wirelength) == (whole.placement, 6, whole.wirelength)


def test_search_by_time_goes_on_with_what_is_left_of_the_budget(tmp_path: Path) -> None:
    problem = random_problem(hards=20)
    keeper = Keeper(tmp_path / "state.npz")
    broken = planned(problem, keeper, starts=None, ends_at=0.5)
    assert broken.interrupted and broken.seconds >= 0.5 * ENOUGH
    kept = keeper.load()
    assert kept.costs.move > 0
    keeper.save(replace(kept, seconds=float(ENOUGH)), now=True)
    resumed = planned(problem, keeper, starts=None)
    assert (resumed.starts + resumed.cut, resumed.wirelength) == (broken.starts + broken.cut, broken.wirelength)


def test_enumeration_that_is_interrupted_keeps_the_least_area(tmp_path: Path) -> None:
    problem = replace(random_problem(hards=9, softs=0), nets=(), pads=())
    keeper = Keeper(tmp_path / "state.npz")
    best: list[float] = []

    def interrupt(share: float, area: float | None) -> None:
        if share > 0.15 and not best:
            best.append(area or 0.0)
            os.kill(os.getpid(), signal.SIGINT)

    result = floorplan(problem, None, budget=6, keeper=keeper, progress=interrupt)
    assert result.interrupted and result.seconds < 6
    assert area_of(result) <= best[0] * (1 + 1e-9)
    resumed = floorplan(problem, None, budget=6, keeper=keeper)
    assert not resumed.interrupted and resumed.seconds >= result.seconds
    assert area_of(resumed) <= area_of(result)


@pytest.mark.parametrize("left", [b"", b"PK\x03\x04 broken", b"nothing"])
def test_a_state_that_can_not_be_read_is_none(tmp_path: Path, left: bytes) -> None:
    file = tmp_path / "state.npz"
    file.write_bytes(left)
    assert Keeper(file).load().found == {}


def test_another_problem_or_seed_has_a_state_of_its_own(tmp_path: Path) -> None:
    problem = random_problem()
    files = {keeper_in(tmp_path, one, seed).file for one in (problem, random_problem(seed=2)) for seed in (1, 2)}
    assert len(files) == 4
    assert keeper_in(tmp_path, problem, 1).file == keeper_in(tmp_path, random_problem(), 1).file


def test_states_are_written_now_and_then_only(tmp_path: Path) -> None:
    problem = random_problem()
    keeper = Keeper(tmp_path / "state.npz")
    planned(problem, keeper, starts=1)
    kept = keeper.load()
    keeper.forget()
    keeper.save(kept)
    assert not keeper.file.exists()
    keeper.save(kept, now=True)
    assert np.array_equal(keeper.load().found[0].layout.cx, kept.found[0].layout.cx)
