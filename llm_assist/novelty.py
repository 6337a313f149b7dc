"""How much test points differ, by the settings that they hold together; cheap, and no model has a say in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from verif.plan.model import Phase, Setting, Testplan, Testpoint

Pair = tuple[tuple[str, Setting], tuple[str, Setting]]
"""Two knobs' settings that hold at the same time."""


def most_different(
    points: Sequence[Testpoint], *, known: Sequence[Testpoint], plan: Testplan, most: int
) -> list[Testpoint]:
    """Return up to ``most`` of ``points``, each chosen for what it adds to ``known`` and those before it.

    A point that adds no pair of settings is left out.
    """
    seen = _pairs(known, plan)
    left = list(points)
    chosen: list[Testpoint] = []
    while left and len(chosen) < most:
        gains = [len(_pairs([point], plan) - seen) for point in left]
        best = max(range(len(left)), key=lambda index: gains[index])
        if not gains[best]:
            break
        chosen.append(left.pop(best))
        seen |= _pairs([chosen[-1]], plan)
    return chosen


def new_combinations(points: Sequence[Testpoint], *, known: Sequence[Testpoint], plan: Testplan) -> int:
    """Return how many pairs of settings ``points`` hold that ``known`` don't."""
    return len(_pairs(points, plan) - _pairs(known, plan))


def _pairs(points: Iterable[Testpoint], plan: Testplan) -> set[Pair]:
    return {pair for point in points for phase in point.phases for pair in _held(phase, plan)}


def _held(phase: Phase, plan: Testplan) -> Iterable[Pair]:
    """Yield the pairs of one phase, knobs in the plan's order; a plan with one knob pairs it with itself."""
    settings = [(knob.name, phase.settings.get(knob.name, knob.default)) for knob in plan.knobs]
    if len(settings) == 1:
        return [(settings[0], settings[0])]
    return combinations(settings, 2)
