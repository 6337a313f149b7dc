"""Whose test points reach more: the baseline's, a model's, random ones. All run in one simulator process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verif.bench.traces import merge_bins
from verif.campaign.trial import Trial, points_of
from verif.plan.model import Testpoint
from verif.sim.seam import Build, Simulator


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One set of test points and what it reached."""

    name: str
    points: int
    cycles: int
    hit: int
    """Functional bins that were hit."""
    total: int
    """Functional bins that there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contest:
    """The comparison, and what follows from it in a sentence."""

    contenders: tuple[Contender, ...]
    sentence: str


def compare(
    trial: Trial, simulator: Simulator, build: Build, sets: Mapping[str, Sequence[Testpoint]], *, seed: int
) -> Contest:
    """Run the points of each set and count the functional bins that they hit; the first set is the baseline."""
    plan = trial.source.plan
    entries = [
        entry
        for name, points in sets.items()
        for entry in points_of(plan.model_copy(update={"points": tuple(points)}), label=name)
    ]
    bins = trial.job(simulator, build, "contest", {"points": entries}, seed=seed, trace=False).bins
    contenders = tuple(_contender(name, points, bins) for name, points in sets.items())
    return Contest(contenders=contenders, sentence=_sentence(contenders))


def _contender(
    name: str, points: Sequence[Testpoint], bins: Mapping[str, Mapping[str, Mapping[str, int]]]
) -> Contender:
    mine = merge_bins(counts for test, counts in bins.items() if test.startswith(f"test_{name}/"))
    counts = [count for point in mine.values() for count in point.values()]
    cycles = sum(phase.cycles for point in points for phase in point.phases)
    return Contender(
        name=name, points=len(points), cycles=cycles, hit=sum(1 for count in counts if count), total=len(counts)
    )


def _sentence(contenders: Sequence[Contender]) -> str:
    best = max(contender.hit for contender in contenders)
    winners = [contender.name for contender in contenders if contender.hit == best]
    if len(winners) == len(contenders):
        return f"All plans hit the same number of bins ({best}): none adds anything over the baseline."
    leaders = " and ".join(winners)
    return f"{leaders} hit{'s' if len(winners) == 1 else ''} the most bins ({best})."
