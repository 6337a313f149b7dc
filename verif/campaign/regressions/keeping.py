"""Failures kept in their bench: saved as regressions, and replayed in cocotb on the bench's simulators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from verif.bench.folder import REGRESSIONS
from verif.bench.stored import Stored
from verif.campaign.benches.run import BenchRun
from verif.campaign.regressions.replay import PROPERTIES, Regression, Replayed, replay_stored
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

START_SEEDS = tuple(range(2, 14))
"""Further start states of registers that a replay is tried with where it passes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Keeper:
    """Saves and replays what is found about one bench."""

    run: BenchRun
    workspace: Workspace
    processes: Processes
    replay: bool = True
    """Whether failures are replayed in cocotb."""

    def save(self, stored: Stored) -> Regression:
        """Write a regression into the bench's folder."""
        file = self.run.directory / REGRESSIONS / f"{stored.id}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(stored.text(), encoding="utf-8")
        return Regression(bench=self.run.directory, file=file, stored=stored)

    def keep(self, stored: Stored, *, seeds: Sequence[int] = START_SEEDS) -> tuple[Regression, tuple[Replayed, ...]]:
        """Save and replay a regression; where a simulator passes, with start states of its registers from ``seeds``."""
        stored = _with(stored, config=self.run.config.name)
        if files := self.run.options.properties:
            stored = _with(stored, **{PROPERTIES: [str(file.resolve()) for file in files]})
        regression = self.save(stored)
        if not self.replay:
            return regression, ()
        replayed = {one.simulator: one for one in self._replay(stored, self.run.options.simulators)}
        for seed in seeds:
            passing = tuple(name for name, one in replayed.items() if one.verdict is Verdict.PASS)
            if not passing:
                break
            other = _with(stored, seed=seed)
            failing = [one for one in self._replay(other, passing) if one.verdict is Verdict.FAIL]
            if failing:
                stored = other
                replayed |= {one.simulator: one for one in failing}
        return self.save(stored), tuple(replayed.values())

    def _replay(self, stored: Stored, simulators: tuple[str, ...]) -> tuple[Replayed, ...]:
        options = replace(self.run.options, simulators=simulators)
        return replay_stored(self.save(stored), options, self.workspace, self.processes)


def _with(stored: Stored, **facts: object) -> Stored:
    return replace(stored, facts={**(stored.facts or {}), **facts})
