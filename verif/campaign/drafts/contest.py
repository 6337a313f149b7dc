"""Whose test points reach more: the baseline's, a model's, random ones. All run in one simulator process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verif.bench.traces import merge_bins
from verif.campaign.drafts.trial import Trial, points_of
from verif.plan.model import Testpoint
from verif.sim.seam import Build, Simulator


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One set of test points and what it reached."""

    name: str
    origin: str
    """Who made the points: ``baseline``, ``random`` or a model's name."""
    points: int
    cycles: int
    hit: int
    """Functional bins that were hit."""
    total: int
    """Functional bins that there are."""
    new: int
    """Bins that it hits and the baseline doesn't."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contest:
    """The comparison, and what follows from it in a sentence."""

    contenders: tuple[Contender, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rival:
    """A set of test points that takes part."""

    name: str
    origin: str
    points: tuple[Testpoint, ...]


def compare(trial: Trial, simulator: Simulator, build: Build, rivals: Sequence[Rival], *, seed: int) -> Contest:
    """Run the points of each rival and count the functional bins that they hit; the first one is the baseline."""
    plan = trial.source.plan
    entries = [
        entry
        for rival in rivals
        for entry in points_of(plan.model_copy(update={"points": rival.points}), label=rival.name)
    ]
    bins = trial.job(simulator, build, "contest", {"points": entries}, seed=seed, trace=False).bins
    baseline = _hit(_of(bins, rivals[0]))
    contenders = tuple(_contender(rival, _of(bins, rival), baseline) for rival in rivals)
    return Contest(contenders=contenders, sentence=_sentence(contenders))


def _of(bins: Mapping[str, Mapping[str, Mapping[str, int]]], rival: Rival) -> dict[str, dict[str, int]]:
    return merge_bins(counts for test, counts in bins.items() if test.startswith(f"test_{rival.name}/"))


def _hit(bins: Mapping[str, Mapping[str, int]]) -> set[tuple[str, str]]:
    return {(point, name) for point, counts in bins.items() for name, count in counts.items() if count}


def _contender(rival: Rival, bins: Mapping[str, Mapping[str, int]], baseline: set[tuple[str, str]]) -> Contender:
    return Contender(
        name=rival.name,
        origin=rival.origin,
        points=len(rival.points),
        cycles=sum(phase.cycles for point in rival.points for phase in point.phases),
        hit=len(_hit(bins)),
        total=sum(map(len, bins.values())),
        new=len(_hit(bins) - baseline),
    )


def _sentence(contenders: Sequence[Contender]) -> str:
    """Say what each adds to the baseline, and bluntly where that is nothing."""
    baseline, *others = contenders
    adding = [f"{each.name} adds {each.new} bins" for each in others if each.new]
    if adding:
        return f"Over the baseline's {baseline.hit} bins {' and '.join(adding)}."
    names = " and ".join(each.name for each in others)
    return f"The plans of {names} add nothing over the baseline's {baseline.hit} bins."
