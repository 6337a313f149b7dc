"""Kills of the compiled engine tried in cocotb: the same stimulus at the design's ports, the bench's own judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.bench.folder import REGRESSIONS
from verif.campaign.benches.harness import BenchHarness
from verif.campaign.mutants.result import Confirmation
from verif.campaign.mutants.runs import Runs
from verif.campaign.mutants.simulating import CocotbBench
from verif.design.model import SourceSet
from verif.mutation.model import Mutant
from verif.search.stimulus import StimulusMaker
from verif.search.writing import Writer
from verif.sim.batch.layout import Rows
from verif.sim.batch.results import Lanes

TRYING = "mutant_try_"
"""Names of regressions that lie in the bench only while they are tried."""


class _Engine:
    """One mutant as an engine."""

    def __init__(self, runs: Runs, mutant: Mutant) -> None:
        self.harness = runs.harness
        self._runs, self._mutant = runs, mutant

    def lanes(
        self,
        stimulus: Rows,
        *,
        lengths: npt.NDArray[Any] | None = None,
        observe: bool = False,
        hits: bool = False,
        hit_ticks: bool = False,
        seed: int | None = 1,
        fresh: bool = False,
    ) -> Lanes:
        """Simulate lanes of the mutant, each on a new model."""
        return self._runs.lanes(self._mutant, stimulus, observe=observe, seed=seed)


def confirm(
    mutants: Sequence[Mutant],
    runs: Runs,
    bench: CocotbBench,
    parts: BenchHarness,
    sources: Callable[[Mutant], SourceSet],
    *,
    seed: int,
) -> tuple[Confirmation, ...]:
    """Replay what kills each of ``mutants`` in cocotb, on the first simulator of ``bench``."""
    maker = StimulusMaker(parts.harness, parts.plan, seed=seed)
    found = []
    for mutant in mutants:
        killing = _killing(runs, mutant, maker)
        if killing is not None:
            found += _tried(mutant, *killing, runs, bench, sources(mutant))
    return tuple(found)


def _killing(runs: Runs, mutant: Mutant, maker: StimulusMaker) -> tuple[Rows, str] | None:
    """Return the rows up to a kill, and the check."""
    for number in range(maker.rungs):
        stimulus = maker.block(number).stimulus
        fails = runs.lanes(mutant, stimulus).first_fail
        judging = [place for place, monitor in enumerate(runs.harness.monitors) if monitor.judges]
        lanes, places = np.nonzero(fails[:, judging] >= 0)
        if lanes.size:
            lane, place = int(lanes[0]), judging[int(places[0])]
            return stimulus[lane, : fails[lane, place] + 1], runs.harness.monitors[place].id
    return None


def _tried(
    mutant: Mutant, rows: Rows, check: str, runs: Runs, bench: CocotbBench, sources: SourceSet
) -> list[Confirmation]:
    stored = Writer(_Engine(runs, mutant), None).telling(TRYING, rows, {"message": f"kills {mutant.id}"})
    file = bench.run.directory / REGRESSIONS / f"{stored.id}.json"
    file.parent.mkdir(exist_ok=True)
    try:
        file.write_text(stored.text(), encoding="utf-8")
        tried = bench.only_first().regressions([stored.id], sources)[stored.id]
    finally:
        file.unlink(missing_ok=True)
    return [
        Confirmation(mutant=mutant.id, check=check, simulator=one.simulator, verdict=one.verdict, message=one.message)
        for one in tried
    ]
