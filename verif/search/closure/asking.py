"""A model as a proposer: it is told what is still open and answers with test points, which are played as lanes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from verif.errors import PosedgeError
from verif.harness.model import Harness
from verif.plan.model import Testplan, Testpoint
from verif.search.closure.runner import Runner
from verif.search.stimulus import StimulusMaker

Ask = Callable[[Sequence[str], int], Sequence[Testpoint]]
"""Takes the open points in words and a seed; returns test points in the plan's terms. Only ``cli`` can fill it."""

MOST_HOLES = 12
"""Open points that a model is told of at a time."""
MOST_TURNS = 6
"""How often a model is asked: an answer may take longer than all the rest."""
_STREAM = 1 << 25


class Asking:
    """Asks a model; what it answers is stimulus like any other."""

    name = "model"
    cycles_an_example = 200_000

    def __init__(self, ask: Ask, harness: Harness, plan: Testplan, titles: Mapping[str, str], *, seed: int) -> None:
        """``titles`` says in words what each point stands for."""
        self._ask = ask
        self._harness = harness
        self._plan = plan
        self._titles = titles
        self._seed = seed
        self.trouble = ""
        """Why it is asked no more."""

    def able(self, turns: int) -> bool:
        """Until it was asked often enough or failed."""
        return turns < MOST_TURNS and not self.trouble

    def turn(self, number: int, runner: Runner) -> None:
        """Ask about open points, others each time, and run what comes, as planned and changed."""
        names = runner.board.open
        first = number * MOST_HOLES % max(1, len(names))
        holes = [self._titles.get(name, name) for name in (*names[first:], *names[:first])[:MOST_HOLES]]
        try:
            points = tuple(self._ask(holes, self._seed + number))
        except PosedgeError as error:
            self.trouble = error.sentence
            return
        if not points:
            return
        plan = self._plan.model_copy(update={"points": points})
        maker = StimulusMaker(self._harness, plan, seed=self._seed ^ (_STREAM + number))
        for block in range(maker.rungs):
            runner.run(maker.block(block).stimulus, self.name)
