"""A drafted bench in a scratch folder, run on builds of its design: whole, in part, or through a job.

Jobs are described in ``verif.bench.inside.posedge_jobs``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from verif.bench import inside
from verif.bench.render import BenchSource
from verif.bench.traces import Trace, read_bins, read_trace
from verif.plan.model import Testplan
from verif.plan.play import reset_index
from verif.sim.seam import Build, RunOutcome, RunRequest, Simulator
from verif.verdict import Verdict

TIMEOUT_SECONDS = 300.0
"""Limit of one simulator process while a draft is checked."""
JOBS = "posedge_jobs"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """One simulator process and what the bench wrote in it."""

    outcome: RunOutcome
    trace_file: Path
    coverage_file: Path
    result: Any = None
    """What a job left in its result file."""

    @property
    def trace(self) -> Trace:
        """The ports' values by test."""
        return read_trace(self.trace_file)

    @property
    def bins(self) -> dict[str, dict[str, dict[str, int]]]:
        """Functional coverage by test."""
        return read_bins(self.coverage_file)

    @property
    def trouble(self) -> str:
        """Why the run says nothing about the design; empty where it does."""
        if self.outcome.problem:
            return self.outcome.problem
        broken = (test for test in self.outcome.tests if test.verdict in (Verdict.ERROR, Verdict.TIMEOUT))
        return next((f"{test.name}: {test.message}" for test in broken), "")


@dataclass(frozen=True, slots=True)
class Trial:
    """The scratch folder of one draft."""

    folder: Path
    source: BenchSource

    @property
    def bench(self) -> Path:
        """Where the bench's files lie while it is checked."""
        return self.folder / "bench"

    def write(self, files: Mapping[str, str]) -> None:
        """Replace the bench by ``files``."""
        shutil.rmtree(self.bench, ignore_errors=True)
        for name, text in files.items():
            file = self.bench / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def run(self, simulator: Simulator, build: Build, name: str, *, seed: int, tests: str | None = None) -> Ran:
        """Run the bench's tests, all or those that the regular expression ``tests`` finds, with trace and coverage."""
        return self._run(simulator, build, name, seed, f"test_{self.source.module}", tests=tests)

    def job(
        self,
        simulator: Simulator,
        build: Build,
        name: str,
        work: Mapping[str, Any],
        *,
        seed: int,
        trace: bool = True,
        plusargs: tuple[str, ...] = (),
    ) -> Ran:
        """Run a job on the bench."""
        place = self._place(simulator, name)
        result, file = place / "result.json", place / "job.json"
        result.unlink(missing_ok=True)
        modules = {"testbench": f"{self.source.module}_tb", "tests": f"test_{self.source.module}"}
        file.write_text(json.dumps({**modules, "result": str(result), **work}), encoding="utf-8")
        ran = self._run(
            simulator, build, name, seed, JOBS, env={"POSEDGE_JOB": str(file)}, trace=trace, plusargs=plusargs
        )
        if not result.is_file():
            return ran
        found = json.loads(result.read_text(encoding="utf-8"))
        return Ran(outcome=ran.outcome, trace_file=ran.trace_file, coverage_file=ran.coverage_file, result=found)

    def run_seeds(self, simulator: Simulator, build: Build, seeds: Sequence[int]) -> dict[int, Ran]:
        """Run the whole bench with each seed: the first in a fresh process as users do, the others in one process."""
        first, *others = seeds
        runs = {first: self.run(simulator, build, f"seed-{first}", seed=first)}
        if others:
            together = self.job(simulator, build, "seeds", {"seeds": others}, seed=others[0])
            runs |= {seed: _of_seed(together, seed) for seed in others}
        return runs

    def _run(
        self,
        simulator: Simulator,
        build: Build,
        name: str,
        seed: int,
        module: str,
        *,
        tests: str | None = None,
        env: Mapping[str, str] | None = None,
        trace: bool = True,
        plusargs: tuple[str, ...] = (),
    ) -> Ran:
        place = self._place(simulator, name)
        trace_file, coverage_file = place / "trace.jsonl", place / "coverage.jsonl"
        for stale in (*place.glob("trace.jsonl*"), *place.glob("coverage.jsonl*")):
            stale.unlink()
        outputs = {"BENCH_COVERAGE": str(coverage_file), **({"BENCH_TRACE": str(trace_file)} if trace else {})}
        request = RunRequest(
            build=build,
            test_modules=(module,),
            python_path=(self.bench.resolve(), Path(inside.__file__).resolve().parent),
            seed=seed,
            test_filter=tests,
            plusargs=plusargs,
            env={**outputs, **(env or {})},
            timeout_seconds=TIMEOUT_SECONDS,
            directory=place,
        )
        return Ran(outcome=simulator.run(request), trace_file=trace_file, coverage_file=coverage_file)

    def _place(self, simulator: Simulator, name: str) -> Path:
        place = self.folder / f"{simulator.name}-{name}"
        place.mkdir(parents=True, exist_ok=True)
        return place


def _of_seed(together: Ran, seed: int) -> Ran:
    """Return the part of a run of several seeds that belongs to one."""
    prefix = f"seed_{seed}__"
    outcome = together.outcome
    tests = [replace(t, name=t.name.removeprefix(prefix)) for t in outcome.tests if t.name.startswith(prefix)]
    seconds = sum(test.seconds for test in tests)
    return Ran(
        outcome=replace(outcome, tests=tuple(tests), seconds=seconds),
        trace_file=together.trace_file.with_name(f"{together.trace_file.name}.{seed}"),
        coverage_file=together.coverage_file.with_name(f"{together.coverage_file.name}.{seed}"),
    )


def points_of(plan: Testplan, label: str = "") -> list[dict[str, Any]]:
    """Return the plan's points as a job takes them; ``label`` stands before their ids in coverage."""
    entries = []
    for point in plan.points:
        steps: list[Any] = []
        for index, phase in enumerate(point.phases):
            steps += [None] if index == reset_index(point) else []
            steps.append([phase.cycles, dict(phase.settings)])
        entries.append({"id": point.id, "steps": steps, "label": f"{label}/{point.id}" if label else point.id})
    return entries
