"""Closing the toy: everything hit has a witness, what is proven stays proven, and a call goes on where one ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.closing import COVERED, KnowingProver, LockTop, lock_rows, make_closer, make_runner
from verif.search.closure.board import Known
from verif.search.closure.closer import Closer
from verif.search.closure.proposers import Recorded
from verif.search.closure.runner import Limits, Runner
from verif.search.closure.state import State, Store
from verif.search.fake import FakeHang
from verif.verdict import PointStatus

LOCKED, NEVER = COVERED[-2:]


def closed(closer: Closer) -> dict[str, PointStatus]:
    closer.close()
    return {name: known.status for name, known in closer.board.known.items()}


@pytest.fixture(autouse=True)
def _few_cycles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verif.search.closure.closer.SURVIVED_CYCLES", 2_000)


def test_closer_hits_what_simulation_can_and_leaves_the_rest_unknown() -> None:
    runner = make_runner()
    found = closed(make_closer(runner))
    assert [found[name] for name in COVERED] == [PointStatus.HIT] * 3 + [PointStatus.UNKNOWN] * 2
    assert runner.effort.examples == 400


def test_solver_closes_what_simulation_leaves() -> None:
    runner, prover = make_runner(), KnowingProver()
    found = closed(make_closer(runner, prover))
    assert found[LOCKED] is PointStatus.HIT
    assert found[NEVER] is PointStatus.UNREACHABLE
    assert runner.board.known[LOCKED].by == "solver"
    assert runner.board.known[NEVER] == Known(status=PointStatus.UNREACHABLE, by="solver", method="induction", bound=2)
    assert [kind for kind, _, _ in prover.asked][:3] == ["prove", "reach", "prove"]


def test_solver_is_told_how_deep_it_has_looked() -> None:
    prover = KnowingProver(knows=False)
    closed(make_closer(make_runner(), prover))
    assert [base for kind, _, base in prover.asked if kind == "prove"] == [0, 8, 16, 32]


def test_every_hit_has_a_witness_that_ends_in_the_row_of_a_hit() -> None:
    runner = make_runner()
    closed(make_closer(runner, KnowingProver()))
    for name, known in runner.board.known.items():
        if known.status is PointStatus.HIT:
            good = runner.corpus[known.witness]
            ticks = runner.engine.lanes(good.rows[None], hit_ticks=True, fresh=True).hit_ticks
            assert ticks is not None
            assert ticks[0, COVERED.index(name)] == known.tick
            assert ticks.max() == len(good.rows) - 1


def test_stimulus_of_the_solver_that_hits_nothing_counts_for_nothing_and_is_not_asked_for_again() -> None:
    runner, prover = make_runner(), KnowingProver(lies=True)
    closer = make_closer(runner, prover)
    assert closed(closer)[LOCKED] is PointStatus.UNKNOWN
    assert closer.solving is not None
    assert closer.solving.unconfirmed == [LOCKED]
    assert sum(LOCKED in ids for kind, ids, depth in prover.asked if kind == "reach" and depth > 16) == 1


def test_proof_that_simulation_contradicts_is_told() -> None:
    runner = make_runner(lambda: LockTop(wrong=True))
    runner.board.prove(NEVER, method="induction", depth=2, by="solver")
    assert closed(make_closer(runner))[NEVER] is PointStatus.UNREACHABLE
    assert "the engines disagree about toy:3:never" in runner.board.disagreements[NEVER].sentence


def test_proofs_are_put_to_the_test_beyond_the_budget() -> None:
    runner = make_runner(lambda: LockTop(wrong=True), limits=Limits(examples=1))
    runner.board.prove(NEVER, method="induction", depth=2, by="solver")
    closed(make_closer(runner))
    assert runner.effort.cycles >= 2_000
    assert NEVER in runner.board.disagreements


def test_recordings_come_first() -> None:
    runner = make_runner()
    closer = Closer(runner, (Recorded(runner.engine.harness, [lock_rows()], seed=1),))
    closer.close()
    assert runner.board.known[LOCKED].by == "recorded"


def test_same_work_gives_the_same_state() -> None:
    states = []
    for _ in range(2):
        closer = make_closer(make_runner(), KnowingProver())
        closer.close()
        states.append(_without_times(closer.state()))
    assert states[0] == states[1]


def test_interrupted_call_goes_on_to_what_an_uninterrupted_one_finds(tmp_path: Path) -> None:
    whole = make_closer(make_runner(), KnowingProver())
    whole.close()
    store = Store(tmp_path / "close", "key")
    for _ in range(50):
        if _interrupted(store):
            break
    ended = store.load()
    assert ended is not None
    assert _without_times(ended) == _without_times(whole.state(ended=True))


def test_next_call_asks_the_solver_again_where_it_left_points_open() -> None:
    ended = make_closer(make_runner(), KnowingProver(), deepest=8)
    ended.close()
    assert ended.board.open
    prover = KnowingProver()
    again = make_closer(make_runner(limits=Limits(examples=800)), prover, deepest=8)
    again.restore(ended.state(ended=True))
    again.close()
    assert prover.asked


def _interrupted(store: Store) -> bool:
    """Go on for three turns; tell whether it came to its end."""
    turns = 0

    def keep(state: State) -> None:
        nonlocal turns
        store.save(state)
        turns += 1
        if turns == 3 and state.goal is not None:
            raise KeyboardInterrupt

    closer = make_closer(make_runner(), KnowingProver())
    closer.keep = keep
    state = store.load()
    if state:
        closer.restore(state)
    try:
        closer.close()
    except KeyboardInterrupt:
        return False
    return True


def _without_times(state: State) -> tuple[object, ...]:
    plain = replace(state, seconds=0.0, solver_seconds=0.0, curve=(), corpus=())
    return plain, [(g.digest, g.by, g.points) for g in state.corpus], [replace(m, seconds=0.0) for m in state.curve]


def test_time_budget_ends_a_solver_that_would_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = make_runner()
    runner.limits = Limits(until=runner.clock() + 0.5)
    prover = KnowingProver(slow=True)
    closer = make_closer(runner, prover)
    closed(closer)
    assert runner.board.open
    assert closer.solving is not None
    assert len(prover.asked) >= 1


class HangingTop(LockTop):
    """Hangs when it has counted to 12."""

    def step(self, row: object) -> object:  # type: ignore[override]
        if self.count == 12:
            raise FakeHang
        return super().step(row)  # type: ignore[arg-type]


def test_design_that_hangs_ends_simulation_and_keeps_what_was_hit() -> None:
    runner = make_runner(HangingTop)  # type: ignore[arg-type]
    found = closed(make_closer(runner, KnowingProver()))
    assert len(runner.faults) == 3
    assert found[COVERED[0]] is PointStatus.HIT
    assert found[NEVER] is PointStatus.UNREACHABLE


class KeepingTop(LockTop):
    """Remembers over resets that it once counted to 7, and shows its last point then."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = False

    def step(self, row: object) -> object:  # type: ignore[override]
        self.wrong = self.kept
        outputs = super().step(row)  # type: ignore[arg-type]
        self.kept = self.kept or self.count == 15
        return outputs


def test_hit_that_needs_what_ran_before_is_no_hit_and_lanes_get_new_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verif.search.closure.runner.FRESH_AFTER", 1)
    runner = make_runner(KeepingTop)  # type: ignore[arg-type]
    ones = np.zeros((1, 24, 2), np.uint32)
    ones[:, :, 1] = 1
    runner.run(ones, "random")
    assert not runner.fresh
    runner.run(ones[:, :13], "random")
    assert runner.board.known[NEVER].status is PointStatus.UNKNOWN
    assert (runner.doubts, runner.fresh) == (1, True)
    assert not runner.run(ones[:, :13], "random")[0, COVERED.index(NEVER)]


def test_state_about_something_else_or_damaged_is_not_used(tmp_path: Path) -> None:
    closer = make_closer(make_runner())
    closer.close()
    Store(tmp_path, "one").save(closer.state())
    assert Store(tmp_path, "other").load() is None
    next((tmp_path / "corpus").iterdir()).write_bytes(b"damaged")
    assert Store(tmp_path, "one").load() is None


def test_runner_counts_what_it_simulates(tmp_path: Path) -> None:
    runner: Runner = make_runner(limits=Limits(examples=3))
    runner.run(np.zeros((8, 10, 2), np.uint32), "random")
    assert (runner.effort.examples, runner.effort.cycles, runner.spent) == (3, 30, True)
