"""Each proposer repeats itself, and makes what it is there for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import numpy as np
import pytest

from tests.support import toy
from tests.support.closing import COVERED, LOCK, LockTop, closing_harness, lock_rows, make_maker, make_runner
from verif.errors import InputError
from verif.plan.model import Phase, Testpoint
from verif.search.closure.asking import Asking
from verif.search.closure.corpus import Corpus, Good
from verif.search.closure.mutating import Mutation
from verif.search.closure.proposers import Proposer, RandomPhases, Recorded
from verif.search.closure.runner import Runner, Spent
from verif.search.closure.targeting import Targeting
from verif.search.engine import Stimulus
from verif.search.fake import FakeEngine
from verif.sim.batch.results import Lanes

LOCKED = COVERED[-2]


class Listening(FakeEngine):
    """Keeps what it was asked to simulate."""

    def __init__(self) -> None:
        super().__init__(closing_harness(), LockTop)
        self.heard: list[Stimulus] = []

    def lanes(self, stimulus: Stimulus, **options: object) -> Lanes:  # type: ignore[override]
        self.heard.append(stimulus.copy())
        return super().lanes(stimulus, **options)  # type: ignore[arg-type]


def good(rows: int = len(LOCK) + 1) -> Good:
    return Good(rows=lock_rows()[:rows], by="solver", points=(LOCKED,))


def proposed(make: Callable[[Runner], Proposer], number: int = 0) -> list[bytes]:
    """Return what one turn simulates, in a corpus of the lock's stimulus."""
    runner = make_runner()
    engine = Listening()
    runner.engine = engine
    runner.corpus = Corpus([good()])
    make(runner).turn(number, runner)
    return [stimulus.tobytes() for stimulus in engine.heard]


def mutation(runner: Runner) -> Mutation:
    return Mutation(make_maker(), lambda: runner.corpus, seed=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda runner: RandomPhases(make_maker()),
        lambda runner: Recorded(runner.engine.harness, [lock_rows()], seed=1),
        mutation,
        lambda runner: Targeting(runner.engine.harness, seed=1),
    ],
)
def test_proposer_makes_the_same_in_the_same_turn_and_something_else_in_the_next(
    make: Callable[[Runner], Proposer],
) -> None:
    assert proposed(make) == proposed(make)
    assert proposed(make) != proposed(make, 1)


def test_mutation_goes_on_from_good_stimuli() -> None:
    runner = make_runner()
    engine = Listening()
    runner.engine = engine
    runner.corpus = Corpus([good()])
    assert runner.run(lock_rows()[None], "solver")[0, COVERED.index(LOCKED)]
    engine.heard.clear()
    mutation(runner).turn(0, runner)
    lanes = [lane for stimulus in engine.heard for lane in stimulus if len(lane) > len(LOCK)]
    whole = [lane for lane in lanes if (lane[: len(LOCK)] == lock_rows()[: len(LOCK)]).all()]
    assert len(whole) > len(lanes) / 8
    assert len({lane.tobytes() for lane in whole}) > 1


def test_mutation_has_nothing_to_say_without_good_stimuli() -> None:
    runner = make_runner()
    assert not mutation(runner).able(0)
    runner.corpus.add(good())
    assert mutation(runner).able(0)


def test_recordings_are_proposed_once() -> None:
    harness = closing_harness()
    assert Recorded(harness, [lock_rows()], seed=1).able(0)
    assert not Recorded(harness, [lock_rows()], seed=1).able(1)
    assert not Recorded(harness, [np.zeros((0, 2), np.uint32)], seed=1).able(0)


def test_hypothesis_stops_with_the_budget_and_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    runner = make_runner()
    assert runner.limits.examples is not None
    runner.effort.examples = runner.limits.examples - 3
    Targeting(runner.engine.harness, seed=1).turn(0, runner)
    assert runner.effort.examples == runner.limits.examples
    assert capsys.readouterr().out == ""


def asking(ask: Callable[[Sequence[str], int], Sequence[Testpoint]]) -> Asking:
    titles = dict.fromkeys(COVERED, "something") | {LOCKED: "the lock is open"}
    return Asking(ask, closing_harness(), toy.toy_plan(), titles, seed=1)


def test_model_is_told_what_is_open_and_what_it_proposes_is_run() -> None:
    told: list[Sequence[str]] = []

    def ask(holes: Sequence[str], seed: int) -> Sequence[Testpoint]:
        told.append(holes)
        return [Testpoint(id="always", intent="Count.", phases=(Phase(cycles=40, settings={"en_rate": 9}),))]

    runner = make_runner()
    with suppress(Spent):
        asking(ask).turn(0, runner)
    assert "the lock is open" in told[0]
    assert {runner.board.known[name].by for name in COVERED[:3]} == {"model"}


def test_model_that_proposes_nothing_costs_nothing() -> None:
    runner = make_runner()
    asking(lambda holes, seed: ()).turn(0, runner)
    assert runner.effort.examples == 0


def test_model_that_fails_is_asked_no_more() -> None:
    def ask(holes: Sequence[str], seed: int) -> Sequence[Testpoint]:
        raise InputError("PE502", "the model is broken")

    proposer, runner = asking(ask), make_runner()
    assert proposer.able(0)
    proposer.turn(0, runner)
    assert not proposer.able(1)
    assert proposer.trouble == "the model is broken."


def test_model_is_asked_a_few_times_only() -> None:
    assert not asking(lambda holes, seed: ()).able(6)
