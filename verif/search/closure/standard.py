"""The proposers that a closure has unless told otherwise, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from verif.lanes.swarm import Swarm
from verif.plan.model import Testplan
from verif.search.closure.asking import Ask, Asking
from verif.search.closure.corpus import Rows
from verif.search.closure.flocks import Flocks
from verif.search.closure.mutating import Mutation
from verif.search.closure.proposers import Proposer, RandomPhases, Recorded
from verif.search.closure.runner import Runner
from verif.search.closure.targeting import Targeting
from verif.search.stimulus import StimulusMaker


def standard_proposers(
    runner: Runner,
    plan: Testplan,
    *,
    seed: int,
    recordings: Sequence[Rows] = (),
    ask: Ask | None = None,
    titles: Mapping[str, str] | None = None,
    lanes: Callable[[], Swarm | None] | None = None,
) -> tuple[Proposer, ...]:
    """Return proposers for ``runner``; ``ask`` is a model, told of open points by ``titles`` (id to words).

    ``lanes`` gives the lane engine's workers once there are any; None: it takes no part.
    """
    harness = runner.engine.harness
    maker = StimulusMaker(harness, plan, seed=seed)
    model = [Asking(ask, harness, plan, titles or {}, seed=seed)] if ask else []
    return (
        Recorded(harness, recordings, seed=seed),
        RandomPhases(maker),
        Mutation(maker, lambda: runner.corpus, seed=seed),
        Targeting(harness, seed=seed),
        *model,
        *([Flocks(lanes, maker.lengths, seed=seed)] if lanes else []),
    )
