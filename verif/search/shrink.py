"""Shrink a failing lane: Hypothesis' own shrinker over a short encoding, then cuts and search at compiled speed.

Each gets out of corners in which the other sticks. Hypothesis knows nothing of rows and tries one lane at a time;
the polish tries thousands at a time, but only near what it has.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from itertools import accumulate, combinations
from pathlib import Path

import numpy as np

from verif.errors import InputError
from verif.harness.model import Harness
from verif.search.shrink_candidates import PLAINER, SHORTER, spread
from verif.search.shrink_candidates import WORDS as MOST_WORDS
from verif.search.shrink_encoding import Drawn, Encoding, number
from verif.search.shrink_handover import BudgetSpent, NotShrinkable, shrink_value
from verif.search.shrink_random import Neighbourhood
from verif.search.shrink_rows import RowShape, Stimulus
from verif.search.shrink_trial import Judge, Trial
from verif.stimulus.generate import Stretch

DRAWS = 100
"""Hypothesis gets a lane of at most so many draws: 300 take 20 s, 2,500 never end."""
HANDED_OVER = 0.3
"""The share of the budget that Hypothesis may spend."""
HOPE = 0.35
"""The share of the budget after which random lanes, none of them shorter and failing, are given up."""
FEW_FIELDS = 6
"""Up to so many data fields every subset of them is tried."""
BATCH = 512
"""Random lanes judged at a time."""


class Stage(Enum):
    """What shrinks; all of it unless a measurement asks for less."""

    HYPOTHESIS = "hypothesis"
    POLISH = "polish"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shrunk:
    """What is left of a failing lane."""

    stimulus: Stimulus
    """``[T', S]``; the last row is the failing cycle."""
    phases: tuple[Stretch, ...]
    """The same as runs of equal rows: settings are fields of the harness that aren't at their default."""
    fail_cycle: int
    examples: int
    """Lanes judged."""
    seconds: float


def shrink(
    judge: Judge,
    harness: Harness,
    stimulus: Stimulus,
    phases: Sequence[Stretch] = (),
    *,
    seed: int,
    database: Path,
    budget_examples: int,
    stages: Sequence[Stage] = tuple(Stage),
) -> Shrunk:
    """Return the smallest failing lane found; the same arguments give the same lane.

    ``judge`` decides on one check; ``phases`` are those that the lane was made of, if any: their ends are where it is
    cut first. ``database`` is Hypothesis' folder. InputError PE860 where the lane doesn't fail to begin with.
    """
    began = time.monotonic()
    shape = RowShape(harness.stimulus)
    trial = Trial(judge, shape, np.ascontiguousarray(stimulus, dtype=np.uint32), budget_examples)
    if not trial.fails:
        hint = "if it failed before, its design keeps state over a reset"
        raise InputError("PE860", "the stimulus to shrink doesn't fail", hint=hint)
    _cut_phases(trial, phases)
    if Stage.HYPOTHESIS in stages:
        _hand_over(trial, seed, database)
    if Stage.POLISH in stages:
        _polish(trial, np.random.default_rng(seed))
    return Shrunk(
        stimulus=trial.best,
        phases=shape.phases(trial.best),
        fail_cycle=trial.fail_cycle,
        examples=trial.examples,
        seconds=time.monotonic() - began,
    )


def _cut_phases(trial: Trial, phases: Sequence[Stretch]) -> None:
    """Leave out whole phases, one or several in a row."""
    ends = [0, *(end for end in accumulate(phase.cycles for phase in phases) if end < len(trial.best))]
    lane = trial.best
    trial.offer([np.concatenate((lane[:start], lane[stop:])) for start, stop in combinations(ends, 2)])


def _hand_over(trial: Trial, seed: int, database: Path) -> None:
    """Let Hypothesis shrink the lane, cut to few draws first; leave it where that can't be done."""
    encoding, lane = _few_draws(trial)
    drawn = encoding.encode(lane)
    if encoding.draws(drawn) > DRAWS:
        return
    last = trial.examples + int(trial.left * HANDED_OVER)

    def fails(drawn: Drawn) -> bool:
        if trial.examples >= last:
            raise BudgetSpent
        return trial.try_one(encoding.decode(drawn))

    key = sha256(lane.tobytes() + repr((encoding.numbered, seed)).encode()).hexdigest().encode()
    try:
        shrink_value(encoding.strategy(), drawn, fails, key=key, seed=seed, database=database)
    except (BudgetSpent, NotShrinkable):
        return


def _few_draws(trial: Trial) -> tuple[Encoding, Stimulus]:
    """Return the lane as the encoding with the fewest draws, after cuts while they are too many."""
    while True:
        encoding, lane = _fewest(trial)
        if encoding.draws(encoding.encode(lane)) <= DRAWS or not any(
            trial.offer(shorter(trial.shape, trial.best)) for shorter in SHORTER
        ):
            return encoding, lane


def _fewest(trial: Trial) -> tuple[Encoding, Stimulus]:
    """Return the encoding with the fewest draws: data that may be any is numbered and drawn no more."""
    data = [index for index, column in enumerate(trial.shape.columns) if column.carries_data]
    sets = spread(_subsets(data), trial.best)
    lanes = [number(trial.shape, trial.best, chosen) for chosen in sets]
    failing = np.flatnonzero(trial.ask(lanes) >= 0).tolist()
    found = [(Encoding.around(trial.shape, lanes[i], sets[i]), lanes[i]) for i in failing]
    found += [(Encoding.around(trial.shape, trial.best), trial.best)]
    return min(found, key=lambda one: one[0].draws(one[0].encode(one[1])))


def _subsets(data: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the subsets of a few fields, large ones first; of many, all, all but one, each alone, and none."""
    sizes = range(len(data), -1, -1) if len(data) <= FEW_FIELDS else (len(data), len(data) - 1, 1, 0)
    return [chosen for size in sizes for chosen in combinations(data, size)]


def _polish(trial: Trial, rng: np.random.Generator) -> None:
    """Cut and simplify while that helps, then look for shorter lanes at random until no more hope or budget is left."""
    while trial.left > 0:
        shorter = trial.offer_without_rows() or any(trial.offer(lanes(trial.shape, trial.best)) for lanes in SHORTER)
        if shorter or any(trial.offer_together(lanes(trial.shape, trial.best)) for lanes in PLAINER):
            continue
        if not _find_shorter(trial, rng):
            return


def _find_shorter(trial: Trial, rng: np.random.Generator) -> bool:
    near = Neighbourhood(trial.shape, trial.best)
    last = trial.left - int(trial.budget * HOPE)
    while trial.left > max(last, 0) and len(trial.best) > 1:
        if trial.offer(near.shorter(rng, min(BATCH, MOST_WORDS // trial.best.size + 4))):
            return True
    return False
