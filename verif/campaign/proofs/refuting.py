"""A run that a solver found: confirmed by the batch engine, shrunk, saved as a regression, replayed in cocotb."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np

from verif.campaign.benches.harness import BenchHarness
from verif.campaign.proofs.deciding import Row
from verif.campaign.proofs.result import ProofFailure
from verif.campaign.regressions.keeping import Keeper
from verif.search.checks import Check
from verif.search.engine import Stimulus
from verif.search.explore import Sighting
from verif.search.judging import JudgeBroke, TraceJudge
from verif.search.taking import NotAlone, Taken, Taker
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.layout import Layout

_CALL_SECONDS = 10.0
_FREE_START = (
    "the run needs start values of registers without a reset, or values of an X, that the batch engine doesn't draw"
)


class Refuter:
    """Keeps the failures of one bench; builds the harness when it first has to. A context manager."""

    def __init__(self, parts: BenchHarness, judge: TraceJudge | None, keeper: Keeper, *, seed: int) -> None:
        self._parts = parts
        self._judge = judge
        self._keeper = keeper
        self._seed = seed
        self._batch: Batch | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._batch is not None:
            self._batch.close()

    def keep(self, check: Check, rows: Sequence[Row]) -> tuple[ProofFailure | None, str]:
        """Return the failure, saved and replayed; None and why where the batch engine doesn't show it."""
        stimulus = self._packed(rows)
        taken = self._taken(check, stimulus)
        if taken is None:
            return None, _FREE_START
        regression, replayed = self._keeper.keep(taken.stored)
        assumes = {rule.id: rule.assume for rule in self._parts.oracles.rules}
        failure = ProofFailure(
            regression=regression,
            replayed=replayed,
            cycles=taken.cycles,
            cycles_before=len(stimulus),
            assume=assumes.get(check.id, ""),
            sources=self._keeper.run.options.sources,
        )
        return failure, ""

    def _packed(self, rows: Sequence[Row]) -> Stimulus:
        layout = Layout.of(self._parts.harness.stimulus)
        columns = zip(*rows, strict=True)
        names = (field.name for field in self._parts.harness.stimulus)
        return layout.pack({name: np.array(values, object) for name, values in zip(names, columns, strict=True)})

    def _taken(self, check: Check, stimulus: Stimulus) -> Taken | None:
        database = self._keeper.workspace.bench(self._keeper.run.directory) / "hypothesis"
        taker = Taker(self._engine(), self._judge, database=database, seed=self._seed)
        sighting = Sighting(
            check=check, stimulus=stimulus, phases=(), examples=0, cycles=0, seconds=0.0, message=check.title
        )
        try:
            return taker.take(sighting)
        except NotAlone:
            return None
        except JudgeBroke:
            return taker.whole(sighting)

    def _engine(self) -> Batch:
        if self._batch is None:
            build = build_batch(self._parts.harness, workspace=self._keeper.workspace, processes=self._keeper.processes)
            self._batch = Batch(build, timeout=_CALL_SECONDS)
        return self._batch
