"""Kills of the compiled engine tried in cocotb, and what is undecided: the bench's own judges on the design's ports."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.bench.folder import REGRESSIONS
from verif.campaign.benches.harness import BenchHarness
from verif.campaign.mutants.board import Board
from verif.campaign.mutants.result import Confirmation
from verif.campaign.mutants.runs import Runs
from verif.campaign.mutants.simulating import CocotbBench
from verif.design.model import SourceSet
from verif.mutation.model import Mutant
from verif.search.stimulus import StimulusMaker
from verif.search.writing import Writer
from verif.sim.batch.layout import Rows
from verif.sim.batch.results import Lanes
from verif.verdict import Verdict

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


def try_undecided(
    board: Board,
    bench: CocotbBench,
    sources: Callable[[Mutant], SourceSet],
    progress: Callable[[int, int, str], None] = lambda done, total, text: None,
    *,
    seconds: float | None = None,
) -> str:
    """Run the bench in Icarus on what is undecided: a register that starts as X may show there alone.

    A kill that no other simulator sees is by an X. Return why not all were tried within ``seconds`` (None: no limit),
    empty where they were.
    """
    waiting = [mutant for mutant in board.open() if not board[mutant].judged]
    if not waiting or "icarus" not in bench.simulators:
        return ""
    first, *others = ("icarus", *(name for name in bench.simulators if name != "icarus"))
    progress(0, len(waiting), "running the bench on the design")
    (clean,) = replace(bench, simulators=(first,)).tests()
    if clean.verdict is not Verdict.PASS:
        told = " ".join(clean.message.split())
        return f"undecided mutants were not run in Icarus, since the bench ends there on the design with: {told}"
    began = time.monotonic()
    for number, mutant in enumerate(waiting):
        if seconds is not None and time.monotonic() - began > seconds:
            return f"the time ran out after {number} of {len(waiting)} undecided mutants were run in Icarus"
        progress(number, len(waiting), f"running the bench on {mutant.id}, which is undecided")
        (tried,) = replace(bench, simulators=(first,)).tests(sources(mutant))
        known = board[mutant]
        known.judged = True
        if tried.kill:
            known.add(tried.kill)
            elsewhere = replace(bench, simulators=tuple(others)).tests(sources(mutant))
            known.x_only = all(one.kill is None for one in elsewhere)
    return ""


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
