"""The cocotb regression: benches x configurations x simulators x seeds, built once, run in parallel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from verif.campaign.adopted.traffic import Recording, recording_of
from verif.campaign.benches.bound import with_properties
from verif.campaign.benches.options import RunOptions, WavePolicy
from verif.campaign.benches.run import CYCLES, FUNCTIONAL, BenchRun, bench_runs, run_folder
from verif.campaign.runs.failure import keep
from verif.campaign.runs.outcome import WHOLE_RUN, BuildResult, Regression, TestResult
from verif.campaign.runs.rerun import failure_of, rerun
from verif.coverage.functional import read_functional
from verif.coverage.verilator_dat import read_coverage
from verif.errors import InputError, ToolError, Unsupported
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.sim.seam import Build, RunOutcome, Simulator, TestOutcome
from verif.verdict import Verdict, combine
from verif.workspace import Workspace

Progress = Callable[[int, int, str], None]
"""Called with the number of runs done, their total, and what was done last."""


@dataclass(frozen=True, slots=True)
class _Ran:
    """What one process gave."""

    tests: tuple[TestResult, ...]
    coverage: Path | None
    functional: Path
    cycles: Path
    recording: Recording | None


class _Unit:
    """One configuration of a bench on one simulator: compiled once, by whoever comes first, then run per seed."""

    def __init__(self, run: BenchRun, backend: Simulator, workspace: Workspace, *, records: bool = False) -> None:
        """Take ``records``: whether an adopted bench's traffic is recorded here where coverage is asked for."""
        self.run = run
        self.backend = backend
        self.records = records
        self.result: BuildResult | None = None
        self.unrecorded = ""
        """Why the traffic of this unit isn't recorded."""
        self._workspace = workspace
        self._build: Build | None = None
        self._digest = ""
        self._lock = threading.Lock()

    def perform(self, seed: int) -> _Ran | None:
        """Run the tests with ``seed``; None where the RTL could not be compiled (``result`` says why)."""
        build = self._built()
        if build is None:
            return None
        policy = self.run.options.waves
        folder = run_folder(self._workspace, self.run, self.backend.name, seed)
        recording = self._recording(seed)
        beside = recording.prepared() if recording else None
        outcome = self.run.run(self.backend, build, seed, folder, waves=policy is WavePolicy.ALWAYS, beside=beside)
        tests = tuple(self._judge(outcome, test, seed, folder) for test in _told(outcome))
        return _Ran(tests, outcome.coverage, folder / FUNCTIONAL, folder / CYCLES, recording)

    def _recording(self, seed: int) -> Recording | None:
        """Return what to record beside the tests: adopted benches' traffic, on one simulator."""
        run = self.run
        if not (run.options.coverage and run.manifest.adopted and self.records):
            return None
        try:
            return recording_of(run, self._workspace, seed)
        except Unsupported as error:
            self.unrecorded = error.sentence
            return None

    def _built(self) -> Build | None:
        with self._lock:
            if self.result is None:
                self._build, self.result = self._compile()
                self._digest = self.run.sources_digest
            return self._build

    def _compile(self) -> tuple[Build | None, BuildResult]:
        name, config = self.backend.name, self.run.config.name
        try:
            build = self.run.build(self.backend, waves=self.run.options.waves is WavePolicy.ALWAYS)
        except (Unsupported, ToolError) as error:
            verdict = Verdict.UNSUPPORTED if isinstance(error, Unsupported) else Verdict.ERROR
            refused = BuildResult(
                simulator=name, config=config, verdict=verdict, reason=error.sentence, code=error.code
            )
            return None, refused
        return build, BuildResult(
            simulator=name,
            config=config,
            verdict=Verdict.PASS,
            reused=build.reused,
            seconds=build.seconds,
            warnings=build.warnings,
        )

    def _judge(self, outcome: RunOutcome, test: TestOutcome, seed: int, folder: Path) -> TestResult:
        failure, waves, trace = None, outcome.waves, None
        if test.verdict is not Verdict.PASS:
            failure = failure_of(self.run, self.backend.name, seed, test)
            keep(self._workspace, failure)
            if self.run.options.waves is WavePolicy.FAIL:
                again = folder.with_name(f"{folder.name}-{failure.id}")
                done = rerun(self.run, self.backend, failure, again)
                waves, trace = done.waves, done.trace
        return TestResult(
            name=test.name,
            module=test.module,
            simulator=self.backend.name,
            config=self.run.config.name,
            seed=seed,
            verdict=test.verdict,
            seconds=test.seconds,
            sim_time_ns=test.sim_time_ns,
            message=test.message,
            failure=failure,
            waves=waves,
            trace=trace,
            log=outcome.log,
            sources_digest=self._digest,
        )


def run_bench(
    bench: Path,
    options: RunOptions | None = None,
    *,
    workspace: Workspace | None = None,
    processes: Processes | None = None,
    progress: Progress | None = None,
) -> Regression:
    """Run the regression of the bench at ``bench`` (its directory or bench.toml); see ``run_benches``."""
    return run_benches((bench,), options, workspace=workspace, processes=processes, progress=progress)[0]


def run_benches(
    benches: Sequence[Path],
    options: RunOptions | None = None,
    *,
    workspace: Workspace | None = None,
    processes: Processes | None = None,
    progress: Progress | None = None,
) -> tuple[Regression, ...]:
    """Run several benches' regressions with one pool of jobs.

    InputError for a bench, configuration or test that isn't there; ToolError where a simulator that was asked for, or
    all of a bench's, are missing. An RTL that a simulator doesn't take, and a simulator that breaks, are results.
    An interrupt ends every program that runs.
    """
    options = options or RunOptions()
    workspace = workspace or Workspace.locate()
    processes = processes or Processes()
    plans = [_plan(_runs(bench, options, workspace), workspace, processes) for bench in benches]
    units = [unit for chosen, _ in plans for unit in chosen]
    # Seeds outside, so that the first jobs are the builds of different units.
    jobs = [(unit, seed) for seed in options.seeds for unit in units]
    ran = dict(zip(jobs, _perform(jobs, options.jobs, processes, progress), strict=True))
    collected = [_collect(chosen, missing, options, ran) for chosen, missing in plans]
    if not options.coverage:
        return tuple(collected)
    return tuple(
        _with_points(_with_replays(regression, chosen, ran, workspace, processes), chosen, ran, workspace, processes)
        for regression, (chosen, _) in zip(collected, plans, strict=True)
    )


def _runs(bench: Path, options: RunOptions, workspace: Workspace) -> tuple[BenchRun, ...]:
    return tuple(with_properties(run, workspace) for run in bench_runs(bench, options))


def _plan(
    runs: Sequence[BenchRun], workspace: Workspace, processes: Processes
) -> tuple[list[_Unit], list[BuildResult]]:
    """Return what can be run, and an UNSUPPORTED entry for each simulator that isn't installed."""
    asked = runs[0].options.simulators
    names = asked or runs[0].manifest.simulators
    backends = [simulator(name, workspace=workspace, processes=processes) for name in names]
    missing = [backend for backend in backends if not backend.status().found]
    if missing and (asked or len(missing) == len(backends)):
        raise _no_simulator(missing)
    there = [backend for backend in backends if backend not in missing]
    absent = [_absent(backend, run.config.name) for run in runs for backend in missing]
    recorder = next((name for name in ("icarus", "verilator") if any(backend.name == name for backend in there)), "")
    units = [_Unit(run, backend, workspace, records=backend.name == recorder) for run in runs for backend in there]
    return units, absent


def _absent(backend: Simulator, config: str) -> BuildResult:
    tool = backend.status()
    reason = f"{tool.name} is not installed; install it with '{tool.fix}'"
    return BuildResult(simulator=backend.name, config=config, verdict=Verdict.UNSUPPORTED, reason=reason, code="PE300")


def _no_simulator(missing: Iterable[Simulator]) -> ToolError:
    tools = [backend.status() for backend in missing]
    fixes = " and ".join(f"'{fix}'" for fix in dict.fromkeys(tool.fix for tool in tools))
    return ToolError(
        "PE300",
        f"no simulator to run on: {' and '.join(tool.name for tool in tools)} not found",
        allowed=f"install with {fixes}",
        hint="'posedge doctor' checks all tools",
    )


def _perform(
    jobs: Sequence[tuple[_Unit, int]], parallel: int, processes: Processes, progress: Progress | None
) -> list[_Ran | None]:
    """Run the jobs, ``parallel`` at a time; whatever stops this stops every program."""
    pool = ThreadPoolExecutor(max_workers=parallel)
    lock, done = threading.Lock(), 0

    def perform(job: tuple[_Unit, int]) -> _Ran | None:
        nonlocal done
        unit, seed = job
        ran = unit.perform(seed)
        with lock:
            done += 1
            if progress is not None:
                progress(
                    done, len(jobs), f"{unit.run.directory.name} {unit.run.config.name} {unit.backend.name} {seed}"
                )
        return ran

    try:
        return list(pool.map(perform, jobs))
    except BaseException:
        processes.stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _collect(
    units: Sequence[_Unit],
    missing: Sequence[BuildResult],
    options: RunOptions,
    ran: dict[tuple[_Unit, int], _Ran | None],
) -> Regression:
    """Put the results in order: configurations, simulators, seeds, tests."""
    first = units[0].run
    runs = [done for unit in units for seed in options.seeds if (done := ran[unit, seed]) is not None]
    tests = tuple(test for done in runs for test in done.tests)
    if options.tests and tests and all(test.name == WHOLE_RUN and test.verdict is Verdict.UNKNOWN for test in tests):
        raise InputError(
            "PE411",
            f"no test matches '{options.tests}'",
            where=str(first.directory),
            hint="the glob is compared with test names, as in 'test_full*'",
        )
    functional = [done.functional for done in runs if done.functional.is_file()]
    code = [done.coverage for done in runs if done.coverage is not None]
    return Regression(
        bench=first.directory,
        top=first.manifest.top,
        seeds=options.seeds,
        sources=tuple(file.resolve() for file in options.sources),
        tests=tests,
        builds=(*(unit.result for unit in units if unit.result is not None), *missing),
        functional=read_functional(functional) if options.coverage else None,
        code=read_coverage(code) if options.coverage and code else None,
    )


def _with_replays(
    regression: Regression,
    units: Sequence[_Unit],
    ran: dict[tuple[_Unit, int], _Ran | None],
    workspace: Workspace,
    processes: Processes,
) -> Regression:
    """Add code coverage from recorded traffic where no simulator gave any."""
    if regression.code is not None:
        return regression
    done = [(unit.run, d.recording) for (unit, _), d in ran.items() if unit in units and d and d.recording]
    skipped = tuple(dict.fromkeys(unit.unrecorded for unit in units if unit.unrecorded))
    if not done and not skipped:
        return regression
    from verif.campaign.runs.replayed_coverage import covered_by_replay

    return replace(regression, replayed=covered_by_replay(done, skipped, workspace, processes))


def _with_points(
    regression: Regression,
    units: Sequence[_Unit],
    ran: dict[tuple[_Unit, int], _Ran | None],
    workspace: Workspace,
    processes: Processes,
) -> Regression:
    """Add coverage points."""
    from verif.campaign.runs.point_coverage import Told, point_coverage

    told = [
        Told(run=unit.run, trace=done.cycles, recording=done.recording)
        for (unit, _), done in ran.items()
        if unit in units and done
    ]
    told.sort(key=lambda one: one.run.config.name)
    return replace(regression, points=point_coverage(told, regression.functional, workspace, processes))


def _told(outcome: RunOutcome) -> tuple[TestOutcome, ...]:
    """Return the tests, and an entry for the whole process where the tests alone don't give its verdict."""
    if outcome.tests and combine(test.verdict for test in outcome.tests) is outcome.verdict:
        return outcome.tests
    whole = TestOutcome(
        name=WHOLE_RUN, verdict=outcome.verdict, seconds=outcome.seconds, message=outcome.problem or "no test ran"
    )
    return (*outcome.tests, whole)
