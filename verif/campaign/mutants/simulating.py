"""The bench itself, in cocotb, on the design and on mutants of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from verif.bench.manifest import Sources
from verif.bench.traces import Cycle, read_trace
from verif.campaign.benches.bound import with_properties
from verif.campaign.benches.run import BenchRun, run_folder
from verif.campaign.drafts.finding import read_failure
from verif.campaign.mutants.result import Kill
from verif.campaign.regressions.replay import TEST
from verif.design.model import SourceSet
from verif.errors import ToolError, Unsupported
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.sim.seam import RunOutcome, Simulator, TestOutcome
from verif.verdict import Oracle, Verdict
from verif.workspace import Workspace

FOLDER = "mutate"
"""Folder of a campaign in a bench's folder of the workspace."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What one simulator made of one test, or of all tests of a bench."""

    simulator: str
    verdict: Verdict
    """UNSUPPORTED where the simulator isn't installed or refuses the text."""
    test: str = ""
    """The first test that did not pass, where there are several."""
    message: str = ""
    trace: tuple[Cycle, ...] = ()
    seconds: float = 0.0

    @property
    def kill(self) -> Kill | None:
        """The kill that this is; None where nothing failed."""
        if self.verdict is not Verdict.FAIL:
            return None
        found = read_failure(self.test, self.simulator, 0, self.message)
        if found is None:
            return Kill(check=self.test, oracle=None, by="cocotb")
        return Kill(check=found.check, oracle=found.oracle, tick=found.cycle, by="cocotb")


@dataclass(frozen=True, kw_only=True)
class CocotbBench:
    """Runs a bench's tests on any version of its design."""

    run: BenchRun
    workspace: Workspace
    processes: Processes
    simulators: tuple[str, ...]
    limit: float = 0.0
    """Seconds that a simulation of a mutant may take; 0: as long as bench.toml says."""

    def only_first(self) -> CocotbBench:
        """Return the same with the first of its simulators alone."""
        return replace(self, simulators=self.simulators[:1])

    def regressions(self, names: Sequence[str], sources: SourceSet | None = None) -> dict[str, tuple[Tried, ...]]:
        """Replay regressions of the bench on the design, or on other sources: all in one process a simulator."""
        found: dict[str, list[Tried]] = {name: [] for name in names}
        if not names:
            return {}
        chosen = "|".join(map(re.escape, names))
        only = rf"(?:^|\.){re.escape(TEST)}/file=(?:{chosen})$"
        for backend in self._backends():
            for name, tried in self._replayed(self._on(sources), backend, names, only):
                found[name].append(tried)
        return {name: tuple(tried) for name, tried in found.items()}

    def tests(self, sources: SourceSet | None = None, *, seed: int = 1) -> tuple[Tried, ...]:
        """Run all tests of the bench on the design, or on other sources, an answer a simulator."""
        return tuple(self._whole(self._on(sources), backend, seed) for backend in self._backends())

    def _backends(self) -> Iterator[Simulator]:
        for name in self.simulators:
            yield simulator(name, workspace=self.workspace, processes=self.processes)

    def _on(self, sources: SourceSet | None) -> BenchRun:
        """Return the bench on other sources, its properties judged as ever."""
        run = with_properties(self.run, self.workspace)
        if sources is None:
            return run
        files = Sources(
            files=tuple(map(str, sources.files)),
            include_dirs=tuple(map(str, sources.include_dirs)),
            defines=dict(run.manifest.sources.defines),
            blackboxes=sources.blackboxes,
        )
        limited = {"timeout_seconds": max(1, round(self.limit))} if self.limit else {}
        manifest = run.manifest.model_copy(update={"sources": files, **limited})
        return replace(run, manifest=manifest, options=replace(run.options, sources=()))

    def _replayed(
        self, run: BenchRun, backend: Simulator, names: Sequence[str], only: str
    ) -> Iterator[tuple[str, Tried]]:
        folder = self.workspace.bench(run.directory) / FOLDER / "replays" / backend.name
        trace = folder / "trace.jsonl"
        trace.unlink(missing_ok=True)
        traced = replace(run, options=replace(run.options, env={**run.options.env, "BENCH_TRACE": str(trace)}))
        outcome = self._outcome(traced, backend, folder, only=only)
        if isinstance(outcome, Tried):
            yield from ((name, outcome) for name in names)
            return
        traces = read_trace(trace)
        for name in names:
            label = f"{TEST}/file={name}"
            test = next((test for test in outcome.tests if test.name == label), None)
            verdict = test.verdict if test else _broken(outcome)
            yield (
                name,
                Tried(
                    simulator=backend.name,
                    verdict=verdict,
                    test=label,
                    message=test.message if test else outcome.problem or "the bench did not replay it",
                    trace=tuple(traces.get(label, ())),
                    seconds=test.seconds if test else outcome.seconds,
                ),
            )

    def _whole(self, run: BenchRun, backend: Simulator, seed: int) -> Tried:
        folder = run_folder(self.workspace, run, backend.name, seed).parent.parent / FOLDER / "runs" / backend.name
        outcome = self._outcome(run, backend, folder, seed=seed)
        if isinstance(outcome, Tried):
            return outcome
        bad = sorted((test for test in outcome.tests if test.verdict is not Verdict.PASS), key=_weight)
        first = bad[0] if bad else None
        return Tried(
            simulator=backend.name,
            verdict=first.verdict if first else outcome.verdict,
            test=first.name if first else "",
            message=first.message if first else outcome.problem,
            seconds=outcome.seconds,
        )

    def _outcome(
        self, run: BenchRun, backend: Simulator, folder: Path, *, seed: int = 1, only: str | None = None
    ) -> RunOutcome | Tried:
        """Build and run; what keeps a simulator from it is told."""
        nothing = Tried(simulator=backend.name, verdict=Verdict.UNSUPPORTED)
        tool = backend.status()
        if not tool.found:
            return replace(nothing, message=f"{tool.name} is not installed; install it with '{tool.fix}'")
        try:
            build = run.build(backend, waves=False)
        except Unsupported as error:
            return replace(nothing, message=error.sentence)
        except ToolError as error:
            return replace(nothing, verdict=Verdict.ERROR, message=error.sentence)
        return run.run(backend, build, seed, folder, waves=False, only=only)


def _weight(test: TestOutcome) -> tuple[bool, bool]:
    """Order tests that did not pass: failures first, what is RECORDED last."""
    return test.message.startswith(Oracle.RECORDED.value), test.verdict is not Verdict.FAIL


def _broken(outcome: RunOutcome) -> Verdict:
    """Return the verdict on a test that has none: that of a process that hung or broke."""
    return outcome.verdict if outcome.verdict in (Verdict.TIMEOUT, Verdict.ERROR) else Verdict.ERROR


def verdicts(tried: Sequence[Tried]) -> Mapping[str, Verdict]:
    """Return simulator to verdict."""
    return {one.simulator: one.verdict for one in tried}
