"""A recorded failure replayed: same sources, configuration, seed and test, with waves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verif.campaign.benches.bound import with_properties
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import BenchRun, bench_runs
from verif.campaign.runs.failure import Failure
from verif.campaign.runs.rerun import Rerun, rerun
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.sim.seam import WaveFormat
from verif.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """A failure, what its replay gave, and what a reader should know."""

    failure: Failure
    rerun: Rerun
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``tests`` in the ``--json`` object of ``replay``."""
        done, failure = self.rerun, self.failure
        return {
            "bench": failure.bench,
            "name": failure.name,
            "module": failure.module,
            "simulator": failure.simulator,
            "config": failure.config,
            "seed": failure.seed,
            "verdict": str(done.verdict),
            "message": done.message,
            "reproduced": done.reproduced,
            "replay": f"posedge replay {failure.id}",
            "id": failure.id,
            "waves": str(done.waves) if done.waves else None,
            "trace": str(done.trace) if done.trace else None,
            "log": str(done.log),
            "notes": list(self.notes),
        }


def replay(
    failure: Failure, workspace: Workspace, processes: Processes, *, wave_format: WaveFormat = WaveFormat.VCD
) -> Replay:
    """Run ``failure`` again; InputError where its bench, configuration or sources are gone."""
    options = RunOptions(
        tests=failure.tests,
        configs=(failure.config,),
        seeds=(failure.seed,),
        sources=tuple(map(Path, failure.sources)),
        plusargs=failure.plusargs,
        env=failure.env,
        timeout_seconds=failure.timeout_seconds,
        wave_format=wave_format,
    )
    (run,) = bench_runs(Path(failure.bench), options)
    run = with_properties(run, workspace)
    changed = tuple(_changes(run, failure))
    backend = simulator(failure.simulator, workspace=workspace, processes=processes)
    folder = workspace.bench(run.directory) / "replays" / failure.id
    done = rerun(run, backend, failure, folder)
    return Replay(failure=failure, rerun=done, notes=(*changed, *_remarks(failure, done)))


def _changes(run: BenchRun, failure: Failure) -> list[str]:
    notes = []
    if run.sources_digest != failure.sources_digest:
        notes.append("the RTL has changed since this failure was recorded, so this is not exactly that run")
    if run.bench_digest != failure.bench_digest:
        notes.append("the bench's Python files have changed since this failure was recorded")
    return notes


def _remarks(failure: Failure, done: Rerun) -> list[str]:
    notes = []
    if not done.reproduced:
        notes.append(f"it was {failure.verdict} when it was recorded and is {done.verdict} now")
    elif not done.alone:
        notes.append("it fails only after the tests before it, so the waves show those too")
    return notes
