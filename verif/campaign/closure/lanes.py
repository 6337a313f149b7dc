"""Lanes in a closure: when they are due."""

from __future__ import annotations

from collections.abc import Callable

from verif.campaign.benches.engines import EngineChoice, LanesWhenDue, lanes_beside
from verif.coverage.probes import ProbedHarness
from verif.lanes.swarm import Swarm
from verif.plan.model import Testplan
from verif.search.closure.runner import Runner
from verif.workspace import Workspace


def closing_lanes(
    choice: EngineChoice,
    probed: ProbedHarness,
    plan: Testplan,
    workspace: Workspace,
    *,
    note: Callable[[str], None],
    progress: Callable[[str], None],
) -> LanesWhenDue:
    """Return the lanes of a harness with its points, not built yet."""
    beside = lanes_beside(probed.harness, plan, workspace=workspace, probes=False)
    return LanesWhenDue(choice, beside, note=note, progress=progress)


def ready_for(lanes: LanesWhenDue, runner: Runner) -> Callable[[], Swarm | None]:
    """Return what gives the workers once they are due for a runner and there."""

    def ready() -> Swarm | None:
        until = runner.limits.until
        return lanes.ready(
            are_open=len(runner.board.open),
            examples=runner.effort.examples,
            goal=runner.limits.examples,
            left=None if until is None else until - runner.clock(),
        )

    return ready
