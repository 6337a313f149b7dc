"""Mutation of good stimuli: windows cut, repeated, spliced, fields changed; and gone on with where they got."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from verif.search.closure.corpus import Corpus, Good
from verif.search.closure.runner import Runner
from verif.search.dice import Dice
from verif.search.engine import Stimulus
from verif.search.seeds import Seeds
from verif.search.stimulus import StimulusMaker

_STREAM = 1 << 24
"""Stream of random numbers, and of blocks, beside those of the other proposers."""
_RARE = 8
"""Half of the lanes go on from so many stimuli: those that hit what is hit most seldom."""
_NO_PIECES = 1 << 20
"""As the number of a turn of ``Seeds.lanes``: all pieces have been run as they are."""


class Mutation:
    """Makes lanes of the corpus."""

    name = "mutation"
    cycles_an_example = 100

    def __init__(self, maker: StimulusMaker, corpus: Callable[[], Corpus], *, seed: int) -> None:
        self._maker = maker
        self._corpus = corpus
        self._seed = seed

    def able(self, turns: int) -> bool:
        """Tell whether anything was found that can be changed."""
        return len(self._corpus()) > 0

    def turn(self, number: int, runner: Runner) -> None:
        """Run blocks of every length; half of the lanes of each are changed, the others gone on with."""
        goods = list(self._corpus())
        seeds = Seeds(self._maker.harness, [good.rows for good in goods], seed=self._seed, every=1)
        rare = self._rare(goods, runner)
        for block in range(number * self._maker.rungs, (number + 1) * self._maker.rungs):
            lanes, ticks = self._maker.shape(block)
            runner.run(self._gone_on(block, rare), self.name)
            runner.run(seeds.lanes(_STREAM + block, _NO_PIECES, -(-lanes // 4), ticks), self.name)

    def _rare(self, goods: list[Good], runner: Runner) -> list[Good]:
        """Return the stimuli that hit what was hit most seldom, and the last that came."""
        number = {name: n for n, name in enumerate(runner.board.ids)}
        often = runner.frequency
        seldom = {good.digest: min((int(often[number[p]]) for p in good.points), default=0) for good in goods}
        ordered = sorted(goods, key=lambda good: (seldom[good.digest], len(good.rows)))
        return list({good.digest: good for good in (*ordered[:_RARE], *goods[-2:])}.values())

    def _gone_on(self, block: int, goods: list[Good]) -> Stimulus:
        """Return lanes that begin as a good one, whole or cut somewhere, and go on at random."""
        stimulus = self._maker.block(_STREAM + block).stimulus
        dice = Dice(self._seed, block, _STREAM)
        which = dice.below(len(goods), len(stimulus))
        cuts, anywhere = dice.bytes(len(stimulus)), dice.below(1 << 16, len(stimulus))
        period = max(1, len(self._maker.harness.schedule))
        for lane, good in enumerate(goods[n] for n in which):
            whole = len(good.rows)
            kept = whole if cuts[lane] < 160 else int(anywhere[lane]) * whole >> 16
            kept = min(kept, stimulus.shape[1]) // period * period
            tail = stimulus[lane, : stimulus.shape[1] - kept].copy()
            stimulus[lane] = np.concatenate((good.rows[:kept], tail))
        return stimulus
