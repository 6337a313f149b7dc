"""Many mutants in several builds: each selector more makes every cycle slower, also where it is not chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from verif.harness.model import Harness
from verif.lanes.build import Limits
from verif.mutation.builds import MutantBuilds, build_mutants
from verif.mutation.model import Mutant
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.workspace import Workspace

GROUP = 511
"""Mutants of one build: what one word of lanes takes. A build with eight times as many runs at a fifth of its speed."""


def build_groups(
    harness: Harness,
    mutants: Iterable[Mutant],
    *,
    workspace: Workspace,
    lanes: bool = True,
    jobs: int = 1,
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
    limits: Limits | None = None,
    size: int = GROUP,
) -> tuple[MutantBuilds, ...]:
    """Compile ``mutants`` as ``build_mutants`` does, at most ``size`` in a build and ``jobs`` builds at a time.

    Neighbours in the source share a build. Those that need builds of their own are told with the first group.
    """

    def build(members: Sequence[Mutant]) -> MutantBuilds:
        return build_mutants(
            harness,
            members,
            workspace=workspace,
            lanes=lanes,
            processes=processes,
            sandbox=sandbox,
            limits=limits,
        )

    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        return tuple(pool.map(build, groups_of(tuple(mutants), size)))


def groups_of(mutants: Sequence[Mutant], size: int) -> list[tuple[Mutant, ...]]:
    """Return ``mutants`` in as few groups of at most ``size`` that can be switched as there can be, about equal."""
    alone = tuple(mutant for mutant in mutants if mutant.own_build)
    rest = [mutant for mutant in mutants if not mutant.own_build]
    count = max(1, -(-len(rest) // size))
    bounds = [len(rest) * number // count for number in range(count + 1)]
    groups = [tuple(rest[start:end]) for start, end in pairwise(bounds)]
    return [(*groups[0], *alone), *groups[1:]]
