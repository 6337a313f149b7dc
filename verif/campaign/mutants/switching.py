"""The mutants of a design in builds that hold many, as a campaign takes them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from verif.campaign.mutants.runs import Switched
from verif.harness.model import Harness
from verif.mutation.builds import MutantBuilds
from verif.mutation.groups import GROUP, build_groups
from verif.mutation.model import LeftOut, Mutant
from verif.mutation.trust import trusted
from verif.sim.process import Processes
from verif.workspace import Workspace

LANES_FROM = 400
"""Mutants from which on lanes are worth their build; those of a design that needs several builds are not."""


@dataclass(frozen=True, kw_only=True)
class Switching:
    """Builds in which mutants are switched on."""

    groups: tuple[MutantBuilds, ...]
    seconds: float = 0.0
    """What making them took."""

    @property
    def lanes(self) -> bool:
        """Whether lanes judge."""
        return any(builds.lanes is not None for builds in self.groups)

    @property
    def left_out(self) -> Iterator[LeftOut]:
        """The mutants that no build holds."""
        return (each for builds in self.groups for each in builds.schemata.left_out)

    @property
    def harness(self) -> Harness:
        """Without mutants."""
        return self.groups[0].harness

    def holds(self, mutant: Mutant) -> bool:
        """Whether a mutant can be switched on."""
        return mutant.id in self._held

    def parts(self, mutants: Iterable[Mutant]) -> Iterator[tuple[MutantBuilds, list[Mutant]]]:
        """Yield each build that holds some of ``mutants``, with those."""
        asked = tuple(mutants)
        for builds in self.groups:
            here = [mutant for mutant in asked if mutant.id in builds.numbers]
            if here:
                yield builds, here

    def switches(self) -> tuple[Switched, ...]:
        """Return the harness of each build and what switches its mutants on."""
        return tuple(
            Switched(harness=builds.batch.harness, numbers=builds.numbers) for builds in self.groups if builds.order
        )

    @cached_property
    def _held(self) -> frozenset[str]:
        return frozenset(id_ for builds in self.groups for id_ in builds.numbers)


def switched(
    harness: Harness,
    mutants: Sequence[Mutant],
    *,
    workspace: Workspace,
    processes: Processes,
    lanes: bool = False,
    jobs: int = 1,
) -> Switching:
    """Compile all mutants that can be switched; with ``lanes`` as lanes too, where there are enough of them."""
    start = time.monotonic()
    count = sum(not mutant.own_build for mutant in mutants)
    wanted = lanes and LANES_FROM <= count <= GROUP
    groups = build_groups(harness, mutants, workspace=workspace, lanes=wanted, jobs=jobs, processes=processes)
    return Switching(groups=tuple(map(trusted, groups)), seconds=time.monotonic() - start)
