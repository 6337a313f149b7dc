"""A stored regression of a bench replayed alone, on each simulator, with waves and a trace of its ports."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from verif.bench.folder import REGRESSIONS
from verif.bench.manifest import FILE_NAME
from verif.bench.stored import Stored, read_stored
from verif.campaign.adopted.stand_in import stand_in
from verif.campaign.benches.bound import with_properties
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import BenchRun, bench_runs
from verif.errors import InputError, ToolError, Unsupported
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.sim.seam import Simulator, TestOutcome, WaveFormat
from verif.verdict import Verdict
from verif.workspace import Workspace

TEST = "test_regressions"
"""The test that every drafted bench has for its regressions."""

PROPERTIES = "properties"
"""Key of a regression that breaks a property which isn't in the bench: the files with properties."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Regression:
    """A stored failure in its bench."""

    bench: Path
    file: Path
    stored: Stored

    @property
    def test(self) -> str:
        """The cocotb test that replays it."""
        return f"{TEST}/file={self.file.stem}"

    @property
    def command(self) -> str:
        """What shows it again."""
        return f"posedge replay {shlex.quote(f'{self.bench}:{self.file.stem}')}"

    @property
    def facts(self) -> dict[str, Any]:
        """What is stored beside the stimulus."""
        return dict(self.stored.facts or {})


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """What one simulator made of a regression."""

    simulator: str
    config: str
    seed: int
    verdict: Verdict
    message: str = ""
    seconds: float = 0.0
    log: Path | None = None
    waves: Path | None = None
    trace: Path | None = None
    """JSON lines of the sampled values per cycle."""
    notes: tuple[str, ...] = ()

    @property
    def ran(self) -> bool:
        """Whether the design was simulated."""
        return self.log is not None

    def as_json(self, regression: Regression) -> dict[str, Any]:
        """Return the entry of ``tests`` in the ``--json`` object of ``replay``."""
        return {
            "bench": str(regression.bench),
            "name": regression.test,
            "simulator": self.simulator,
            "config": self.config,
            "seed": self.seed,
            "verdict": str(self.verdict),
            "seconds": round(self.seconds, 3),
            "message": self.message,
            "replay": regression.command,
            "waves": str(self.waves) if self.waves else None,
            "trace": str(self.trace) if self.trace else None,
            "log": str(self.log) if self.log else None,
            "notes": list(self.notes),
        }


def find_regression(target: str) -> Regression | None:
    """Return the regression that ``target`` names: a file of a bench's regressions, or BENCH:ID; else None.

    InputError PE422 where it names a bench, but none of its regressions; PE423 where the file can't be read.
    """
    path = Path(target)
    if path.suffix == ".json" and path.is_file():
        return _read(_bench_of(path), path)
    bench, colon, identity = target.rpartition(":")
    if not colon or not (Path(bench) / FILE_NAME).is_file():
        return None
    file = Path(bench) / REGRESSIONS / f"{identity}.json"
    if not file.is_file():
        known = sorted(found.stem for found in file.parent.glob("*.json"))
        raise InputError(
            "PE422",
            f"the bench has no regression '{identity}'",
            where=bench,
            allowed=f"there are {', '.join(known)}" if known else "it has none",
            hint="'posedge search' and 'posedge draft' save the failures that they find",
        )
    return _read(Path(bench), file)


def _bench_of(file: Path) -> Path:
    folder = file.resolve().parent
    if folder.name != REGRESSIONS or not (folder.parent / FILE_NAME).is_file():
        raise InputError(
            "PE422",
            "this file is not in a bench's folder of regressions",
            where=str(file),
            hint=f"put it into BENCH/{REGRESSIONS}, where the bench's tests replay it too",
        )
    return file.parent.parent if file.parent.name == REGRESSIONS else folder.parent


def _read(bench: Path, file: Path) -> Regression:
    try:
        return Regression(bench=bench, file=file, stored=read_stored(file.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("PE423", f"not a stored stimulus: {error!r}", where=str(file)) from error


def replay_stored(
    regression: Regression, options: RunOptions, workspace: Workspace, processes: Processes
) -> tuple[Replayed, ...]:
    """Replay it on the simulators that ``options`` name, else on the bench's own, in one configuration.

    A simulator that isn't installed or refuses the design is UNSUPPORTED, one that breaks an ERROR. InputError PE424
    where the bench's tests don't replay regressions.
    """
    run = with_properties(stand_in(_bench_run(regression, options), workspace), workspace)
    names = options.simulators or run.manifest.simulators
    backends = [simulator(name, workspace=workspace, processes=processes) for name in names]
    return tuple(_on(run, regression, backend, workspace) for backend in backends)


def _bench_run(regression: Regression, options: RunOptions) -> BenchRun:
    config = regression.facts.get("config")
    chosen = options.configs or ((str(config),) if config else ())
    properties = options.properties or tuple(Path(name) for name in regression.facts.get(PROPERTIES, ()))
    return bench_runs(regression.bench, replace(options, configs=chosen, properties=properties))[0]


def _on(run: BenchRun, regression: Regression, backend: Simulator, workspace: Workspace) -> Replayed:
    seed = int(regression.facts.get("seed", 1))
    nothing = Replayed(simulator=backend.name, config=run.config.name, seed=seed, verdict=Verdict.UNSUPPORTED)
    tool = backend.status()
    if not tool.found:
        return replace(nothing, message=f"{tool.name} is not installed; install it with '{tool.fix}'")
    folder = replay_folder(workspace, regression) / backend.name
    trace = folder / "trace.jsonl"
    trace.unlink(missing_ok=True)
    traced = replace(run, options=replace(run.options, env={**run.options.env, "BENCH_TRACE": str(trace)}))
    try:
        build = traced.build(backend, waves=True)
    except Unsupported as error:
        return replace(nothing, message=error.sentence)
    except ToolError as error:
        return replace(nothing, verdict=Verdict.ERROR, message=error.sentence)
    outcome = traced.run(backend, build, seed, folder, waves=True, only=rf"(?:^|\.){re.escape(regression.test)}$")
    test = next((test for test in outcome.tests if test.name == regression.test), None)
    if test is None and not outcome.tests and outcome.verdict is Verdict.UNKNOWN:
        raise InputError(
            "PE424",
            f"the bench has no test '{regression.test}'",
            where=str(regression.bench),
            hint=f"benches that 'posedge draft' wrote replay their regressions in {TEST}",
        )
    return replace(
        nothing,
        verdict=test.verdict if test else outcome.verdict,
        message=test.message if test else outcome.problem,
        seconds=test.seconds if test else outcome.seconds,
        log=outcome.log,
        waves=outcome.waves,
        trace=trace if trace.is_file() else None,
        notes=(
            *_other_check(regression, test),
            *_other_format(run.options.wave_format, build.wave_format, backend.name),
        ),
    )


def _other_check(regression: Regression, test: TestOutcome | None) -> tuple[str, ...]:
    """Say so where the bench fails on another check than the one that the regression was saved for."""
    check = str(regression.facts.get("check") or "")
    if test is None or test.verdict is not Verdict.FAIL or not check or f" {check}: cycle " in test.message:
        return ()
    return (f"it was saved for the check {check}, and another one fails first",)


def _other_format(asked: WaveFormat, written: WaveFormat, name: str) -> tuple[str, ...]:
    if asked is written:
        return ()
    return (f"{name} can't write {asked.upper()} here, so these are {written.upper()}; 'posedge doctor' tells why",)


def replay_folder(workspace: Workspace, regression: Regression) -> Path:
    """Return the folder of a regression's replays."""
    return workspace.bench(regression.bench) / "replays" / regression.file.stem
