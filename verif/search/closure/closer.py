"""The closer: gives turns to proposers until every point is hit or proven unreachable, or the budget is spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from verif.search.closure.bandit import Bandit
from verif.search.closure.corpus import Corpus
from verif.search.closure.proposers import Proposer
from verif.search.closure.runner import Limits, Runner, Spent
from verif.search.closure.solving import NAME as SOLVER
from verif.search.closure.solving import Solving
from verif.search.closure.state import State
from verif.verdict import PointStatus

OPENING = MappingProxyType({"recorded": 1, "random": 2})
"""Turns before anybody else: they hit most of what is easy."""
SOLVER_TURNS = 6
"""Turns of simulation for each job of the solver, where the budget is work."""
LANE_SPEED = 32
"""So many cycles of the lane engine cost what one of the batch engine does."""
SURVIVED_CYCLES = 1_000_000
"""Cycles of the batch engine that each proof must stand."""
_PATIENCE_SECONDS = 0.2


class Closer:
    """Closes the points of ``runner.board``.

    What is recorded goes first, then random phases; then the bandit decides. Where the runner's limit is a number of
    examples, the solver's jobs come after fixed turns and are waited for, so the same inputs give the same result; else
    they run beside simulation, and what they find is taken when it comes.
    """

    def __init__(
        self,
        runner: Runner,
        proposers: Sequence[Proposer],
        solving: Solving | None = None,
        *,
        seed: int = 1,
        keep: Callable[[State], None] = lambda state: None,
        progress: Callable[[Closer, str], None] = lambda closer, text: None,
    ) -> None:
        """``keep`` is given the state after each turn, ``progress`` who works now."""
        self.runner = runner
        self.board = runner.board
        self.solving = solving
        self.bandit = Bandit([proposer.name for proposer in proposers])
        self.seed = seed
        self._proposers = {proposer.name: proposer for proposer in proposers}
        self._turns = dict.fromkeys(self._proposers, 0)
        self._ended: float | None = None
        self.keep = keep
        self._progress = progress

    @property
    def proposers(self) -> tuple[Proposer, ...]:
        """All of them, in order."""
        return tuple(self._proposers.values())

    @property
    def seconds(self) -> float:
        """Wall time of looking and proving, that of earlier calls included."""
        return self._ended if self._ended is not None else self.runner.seconds

    @property
    def by_work(self) -> bool:
        """Whether the budget is work, so that the same inputs give the same result."""
        return self.runner.limits.examples is not None

    def restore(self, state: State) -> None:
        """Go on where ``state`` was left."""
        self.bandit.restore(state.arms)
        self._turns |= {arm.name: arm.turns for arm in self.bandit.arms}
        runner, board = self.runner, self.board
        board.known |= {name: known for name, known in state.known.items() if name in board.known}
        board.curve[:] = state.curve
        board.disagreements |= {one.id: one for one in state.disagreements}
        runner.corpus = Corpus(state.corpus)
        runner.effort = replace(
            runner.effort,
            examples=state.examples,
            cycles=state.cycles,
            lane_cycles=state.lane_cycles,
            seconds=state.seconds,
        )
        runner.frequency = np.array(state.frequency, np.int64)
        runner.fresh = runner.fresh or state.fresh
        if self.solving:
            # A call that ended left no job: this one asks again, with the time that it has.
            asked = state.goal is None and state.job >= len(self.solving.jobs)
            self.solving.at = 0 if asked else state.job
            self.solving.seconds = state.solver_seconds
            self.solving.unconfirmed = list(state.unconfirmed)

    def state(self, *, ended: bool = False) -> State:
        """Return all that another call needs to go on."""
        runner, board, solving = self.runner, self.board, self.solving
        return State(
            known=dict(board.known),
            corpus=tuple(runner.corpus),
            curve=tuple(board.curve),
            disagreements=tuple(board.disagreements.values()),
            arms=self.bandit.arms,
            job=solving.resumes if solving else 0,
            unconfirmed=tuple(solving.unconfirmed) if solving else (),
            examples=runner.effort.examples,
            cycles=runner.effort.cycles,
            lane_cycles=runner.effort.lane_cycles,
            seconds=round(runner.seconds, 3),
            solver_seconds=round(solving.seconds, 3) if solving else 0.0,
            frequency=tuple(runner.frequency.tolist()),
            fresh=runner.fresh,
            seed=self.seed,
            goal=None if ended else runner.limits.examples,
        )

    def close(self) -> None:
        """Work until nothing is open or the budget is spent; then put proofs to the test."""
        try:
            while self.board.open and self._left():
                self._step()
        finally:
            if self.solving:
                self.solving.stop(self.runner)
        self._survive()
        self._ended = self.runner.seconds
        self.keep(self.state(ended=True))

    def _left(self) -> bool:
        """Whether simulation or the solver may still do anything."""
        if self._simulating:
            return True
        if self.solving is None or not self._in_time():
            return False
        return self.solving.busy or self.solving.able

    @property
    def _simulating(self) -> bool:
        return not self.runner.spent and any(map(self._able, self._proposers.values()))

    def _in_time(self) -> bool:
        until = self.runner.limits.until
        return until is None or self.runner.clock() < until

    def _step(self) -> None:
        """Give a turn to somebody, and one to the solver where it is due."""
        simulating = self._simulating
        if simulating:
            self._turn()
        if self.solving and (not simulating or not self._opening()):
            self._solve(self.solving, simulating)
        self.keep(self.state())

    def _opening(self) -> str | None:
        """Return who is to go first, None when that is over."""
        for proposer in self._proposers.values():
            if self._turns[proposer.name] < OPENING.get(proposer.name, 0) and self._able(proposer):
                return proposer.name
        return None

    def _able(self, proposer: Proposer) -> bool:
        return proposer.able(self._turns[proposer.name])

    def _turn(self) -> None:
        name = self._opening() or self.bandit.choose(p.name for p in self._proposers.values() if self._able(p))
        proposer, effort, before = self._proposers[name], self.runner.effort, self.board.count(PointStatus.HIT)
        examples, cycles, in_lanes = effort.examples, effort.cycles, effort.lane_cycles
        self._progress(self, name)
        with suppress(Spent):
            proposer.turn(self._turns[name], self.runner)
        self._turns[name] += 1
        in_lanes = effort.lane_cycles - in_lanes
        cost = effort.cycles - cycles - in_lanes + in_lanes / LANE_SPEED
        cost += (effort.examples - examples) * proposer.cycles_an_example
        self.bandit.learn(name, gain=self.board.count(PointStatus.HIT) - before, cost=max(cost, 1))

    def _solve(self, solving: Solving, simulating: bool) -> None:
        """Take what the solver found; start its next job."""
        if self.by_work:
            if solving.able and (sum(self._turns.values()) % SOLVER_TURNS == 0 or not simulating):
                self._start(solving, None)
                solving.collect(self.runner, wait=True)
            return
        if not simulating:
            self._progress(self, SOLVER)
            solving.wait(_PATIENCE_SECONDS)
        solving.collect(self.runner)
        solving.again()
        if not solving.busy and solving.able and self.board.open:
            until = self.runner.limits.until
            self._start(solving, None if until is None else max(0.0, until - self.runner.clock()))

    def _start(self, solving: Solving, left: float | None) -> None:
        solving.start(left)
        self._progress(self, SOLVER)

    def _survive(self) -> None:
        """Let random stimuli try to reach what is proven unreachable."""
        runner, random = self.runner, next((p for p in self._proposers.values() if p.name == "random"), None)
        if random is None or not any(known.method for known in self.board.known.values()):
            return
        limits, runner.limits = runner.limits, Limits()
        with suppress(Spent):
            while runner.effort.cycles - runner.effort.lane_cycles < SURVIVED_CYCLES:
                self._progress(self, "putting proofs to the test")
                random.turn(self._turns[random.name], runner)
                self._turns[random.name] += 1
        runner.limits = limits
