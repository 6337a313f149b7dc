"""Builds that hold all mutants of a harness: the batch engine's, and lanes where they can be had."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from verif.errors import InputError, PosedgeError, Unsupported
from verif.harness.model import Harness
from verif.lanes import LaneEngine, LanesBuild, build_lanes
from verif.lanes.build import Limits
from verif.mutation.crowd import Crowd, Mixed
from verif.mutation.harnessing import mutated_harness
from verif.mutation.model import LeftOut, Mutant, Mutants, Schemata
from verif.mutation.schemata import Selector, schemata
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.workspace import Workspace

TIMEOUT_SECONDS = 120.0
"""How long one call may take; a mutant that runs longer hangs."""


@dataclass(frozen=True, kw_only=True)
class MutantBuilds:
    """All mutants of a harness, compiled."""

    harness: Harness
    """Without mutants."""
    schemata: Schemata
    batch: BatchBuild
    lanes: LanesBuild | None
    """Without the mutants of asynchronous resets, which the batch engine judges."""
    reason: str = ""
    """Why there are no lanes, in a sentence."""
    seconds: float = 0.0
    """What making the texts and compiling them took."""
    sandbox: Sandbox | None = None

    @property
    def order(self) -> tuple[Mutant, ...]:
        """The mutants; number n of the selector is ``order[n - 1]``."""
        return self.schemata.order

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Id of each mutant to its number."""
        return {mutant.id: number for number, mutant in enumerate(self.order, start=1)}

    def open(self, *, lanes: bool = True, timeout: float = TIMEOUT_SECONDS) -> Crowd:
        """Return an engine: lanes where there are any and they are wanted."""

        def batch() -> Crowd:
            return Crowd(Batch(self.batch, timeout=timeout, sandbox=self.sandbox))

        if not lanes or self.lanes is None:
            return batch()

        def engine(build: LanesBuild) -> LaneEngine:
            return LaneEngine(build, timeout=timeout, sandbox=self.sandbox)

        probe = self.lanes.probe
        return Mixed(Crowd(engine(self.lanes), None if probe is None else lambda: engine(probe)), batch, self.in_lanes)

    @cached_property
    def in_lanes(self) -> dict[int, int]:
        """Number of each mutant that lanes have, and of the forced fail, to its number there."""
        members = [number for number, mutant in enumerate(self.order, start=1) if not mutant.asynchronous]
        return {number: place for place, number in enumerate([*members, self.schemata.forced], start=1)}


def build_mutants(
    harness: Harness,
    mutants: Mutants | Iterable[Mutant],
    *,
    workspace: Workspace,
    lanes: bool = True,
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
    limits: Limits | None = None,
) -> MutantBuilds:
    """Compile all ``mutants`` that can take a selector into one build, and into one of lanes.

    Those that a compiler refuses are found by halves and left out as stillborn. Errors of the design itself are those
    of ``build_batch``.
    """
    start = time.perf_counter()
    asked = tuple(mutants)
    build = _Builder(harness, workspace, processes, sandbox)
    numbered, batch, refused = build.batch(asked)
    made, reason = None, "Lanes were not asked for."
    if lanes:
        made, reason = build.lanes(numbered.order, limits)
    return MutantBuilds(
        harness=harness,
        schemata=replace(numbered, left_out=(*numbered.left_out, *refused)),
        batch=batch,
        lanes=made,
        reason=reason,
        seconds=time.perf_counter() - start,
        sandbox=sandbox,
    )


@dataclass(frozen=True, slots=True)
class _Builder:
    harness: Harness
    workspace: Workspace
    processes: Processes | None
    sandbox: Sandbox | None

    def batch(self, mutants: Sequence[Mutant]) -> tuple[Schemata, BatchBuild, tuple[LeftOut, ...]]:
        """Return the texts and the build; without the mutants that it is refused for."""
        made = schemata(self.harness.design, mutants)
        try:
            return made, self._batch(made), ()
        except (InputError, Unsupported):
            self._batch(schemata(self.harness.design, ()))
        refused = tuple(self._refused(made.order))
        lost = {each.mutant.id for each in refused}
        made = schemata(self.harness.design, [mutant for mutant in mutants if mutant.id not in lost])
        return made, self._batch(made), refused

    def _batch(self, made: Schemata) -> BatchBuild:
        harness = mutated_harness(self.harness, made, workspace=self.workspace)
        return build_batch(harness, workspace=self.workspace, processes=self.processes, sandbox=self.sandbox)

    def _refused(self, mutants: Sequence[Mutant]) -> Iterable[LeftOut]:
        """Yield the mutants that the compiler refuses, found by halves."""
        try:
            self._batch(schemata(self.harness.design, mutants))
        except (InputError, Unsupported) as error:
            if len(mutants) == 1:
                reason = f"It does not compile: {error.sentence}"
                yield LeftOut(mutant=mutants[0], reason=reason, stillborn=True)
                return
            half = len(mutants) // 2
            yield from self._refused(mutants[:half])
            yield from self._refused(mutants[half:])

    def lanes(self, order: Sequence[Mutant], limits: Limits | None) -> tuple[LanesBuild | None, str]:
        """Return the build of lanes, or None and the reason."""
        try:
            settled = [mutant for mutant in order if not mutant.asynchronous]
            made = schemata(self.harness.design, settled, selector=Selector.ONE_HOT)
            harness = mutated_harness(self.harness, made, workspace=self.workspace)
            found = build_lanes(
                harness, workspace=self.workspace, processes=self.processes, sandbox=self.sandbox, limits=limits
            )
        except PosedgeError as error:
            return None, f"The batch engine runs the mutants of {self.harness.design.top} alone: {error.sentence}"
        return found, ""
