"""The mutants of a design in one build, as a campaign takes it."""

from __future__ import annotations

from collections.abc import Sequence

from verif.campaign.mutants.runs import Switched
from verif.harness.model import Harness
from verif.mutation.builds import MutantBuilds, build_mutants
from verif.mutation.model import Mutant
from verif.mutation.trust import trusted
from verif.sim.process import Processes
from verif.workspace import Workspace

LANES_FROM = 400
"""Mutants from which on lanes are worth their build."""


def switched(
    harness: Harness, mutants: Sequence[Mutant], *, workspace: Workspace, processes: Processes, lanes: bool = False
) -> MutantBuilds:
    """Compile all mutants that can be switched; with ``lanes`` as lanes too, where there are enough of them."""
    wanted = lanes and sum(not mutant.own_build for mutant in mutants) >= LANES_FROM
    builds = build_mutants(harness, mutants, workspace=workspace, processes=processes, lanes=wanted)
    return trusted(builds)


def as_switched(builds: MutantBuilds) -> Switched | None:
    """Return the harness of a build and what switches its mutants on; None where it holds none."""
    return Switched(harness=builds.batch.harness, numbers=builds.numbers) if builds.order else None
