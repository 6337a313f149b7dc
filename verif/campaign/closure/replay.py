"""Replay witnesses in cocotb on the instrumented sources, and look whether the points show there too."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from pathlib import Path
from typing import Any

from verif.bench import inside
from verif.bench.manifest import Sources
from verif.bench.traces import Cycle, read_bins, read_trace
from verif.campaign.benches.run import FUNCTIONAL, BenchRun, Beside, Bound
from verif.campaign.regressions.replay import TEST
from verif.coverage.probes.functional import functional_hits
from verif.design.model import SourceSet
from verif.errors import ToolError, Unsupported
from verif.plan.model import Testplan
from verif.search.writing import COVERING
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.sim.seam import RunOutcome, Simulator
from verif.verdict import Verdict
from verif.workspace import Workspace

_MODULE = "posedge_cover"


@dataclass(frozen=True, kw_only=True, slots=True)
class Instrumented:
    """Where the points of a design show in cocotb."""

    sources: SourceSet
    """The RTL that has the signal."""
    signal: str
    """In the top, its bit n is the point ``ids[n]``; empty: the design has no such points."""
    ids: tuple[str, ...]
    plan: Testplan
    """Whose bins and crosses the bench's Python counts."""
    bound: Bound | None = None
    """The module around the top that shows cover properties in the same signal; None: there are none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverReplay:
    """What one simulator made of one witness."""

    simulator: str
    verdict: Verdict
    """PASS: no check failed, and every point showed; FAIL: one of both didn't; UNKNOWN: an X may hide points."""
    message: str = ""
    missing: tuple[str, ...] = ()
    """Points that did not show."""
    x_only: bool = False
    """Whether all checks passed and points did not show in a run with an X at the outputs after the reset, which may
    hide them."""
    passed: bool = False
    """Whether no check failed."""
    trace: tuple[Cycle, ...] = ()

    @property
    def ran(self) -> bool:
        """Whether the simulator takes the design and the bench got to the witness."""
        return self.verdict not in (Verdict.UNSUPPORTED, Verdict.ERROR)

    def within(self, points: Collection[str]) -> CoverReplay:
        """Return what became of a witness for these points alone."""
        missing = tuple(name for name in self.missing if name in points)
        if missing or not self.passed:
            return replace(self, missing=missing)
        return replace(self, missing=(), verdict=Verdict.PASS, message="", x_only=False)

    def as_json(self) -> dict[str, Any]:
        """Return the entry of ``replayed``."""
        return {
            "simulator": self.simulator,
            "verdict": str(self.verdict),
            "message": self.message,
            "missing": list(self.missing),
            "x_only": self.x_only,
        }


def replay_covers(
    run: BenchRun,
    witnesses: Mapping[str, Sequence[str]],
    shown: Instrumented,
    *,
    simulators: Sequence[str],
    workspace: Workspace,
    processes: Processes,
) -> dict[str, tuple[CoverReplay, ...]]:
    """Replay the bench's regressions called like the keys of ``witnesses``, all in one process a simulator.

    Each must show its points. A simulator that isn't installed or refuses the design is UNSUPPORTED, one that breaks an
    ERROR.
    """
    replayed: dict[str, list[CoverReplay]] = {name: [] for name in witnesses}
    for backend in (simulator(name, workspace=workspace, processes=processes) for name in simulators):
        for name, one in _on(_instrumented(run, shown), witnesses, shown, backend, workspace):
            replayed[name].append(one)
    return {name: tuple(ones) for name, ones in replayed.items()}


def _instrumented(run: BenchRun, shown: Instrumented) -> BenchRun:
    """Return the bench on other sources."""
    sources = shown.sources
    files = Sources(
        files=tuple(map(str, sources.files)),
        include_dirs=tuple(map(str, sources.include_dirs)),
        defines=dict(run.manifest.sources.defines),
        blackboxes=sources.blackboxes,
    )
    manifest = run.manifest.model_copy(update={"sources": files})
    return replace(run, manifest=manifest, options=replace(run.options, sources=()), bound=shown.bound)


def _on(
    run: BenchRun,
    witnesses: Mapping[str, Sequence[str]],
    shown: Instrumented,
    backend: Simulator,
    workspace: Workspace,
) -> list[tuple[str, CoverReplay]]:
    nothing = CoverReplay(simulator=backend.name, verdict=Verdict.UNSUPPORTED)
    tool = backend.status()
    if not tool.found:
        missing = replace(nothing, message=f"{tool.name} is not installed; install it with '{tool.fix}'")
        return [(name, missing) for name in witnesses]
    folder = workspace.bench(run.directory) / "close" / "replay" / backend.name
    trace = folder / "trace.jsonl"
    trace.unlink(missing_ok=True)
    traced = replace(
        run, options=replace(run.options, env={**run.options.env, "BENCH_TRACE": str(trace)}, coverage=True)
    )
    try:
        plain = replace(traced, options=replace(traced.options, coverage=False))
        build = plain.build(backend, waves=False)
    except (Unsupported, ToolError) as error:
        verdict = Verdict.UNSUPPORTED if isinstance(error, Unsupported) else Verdict.ERROR
        return [(name, replace(nothing, verdict=verdict, message=error.sentence)) for name in witnesses]
    outcome = traced.run(
        backend,
        build,
        1,
        folder,
        waves=False,
        only=rf"(?:^|\.){re.escape(TEST)}/file={COVERING}[0-9a-f]+$",
        beside=_beside(run, shown.signal),
    )
    return [(name, _told(nothing, outcome, name, ids, shown, folder, run)) for name, ids in witnesses.items()]


def _beside(run: BenchRun, signal: str) -> Beside:
    testbench = run.manifest.test_modules[0].removeprefix("test_") + "_tb"
    return Beside(
        module=_MODULE,
        python_path=Path(inside.__file__).resolve().parent,
        env={"POSEDGE_COVER": json.dumps({"testbench": testbench, "signal": signal})},
    )


def _told(
    nothing: CoverReplay,
    outcome: RunOutcome,
    name: str,
    ids: Sequence[str],
    shown: Instrumented,
    folder: Path,
    run: BenchRun,
) -> CoverReplay:
    """Return what became of one witness in a run of all."""
    test = next((test for test in outcome.tests if test.name == f"{TEST}/file={name}"), None)
    if test is None:
        return replace(nothing, verdict=Verdict.ERROR, message=outcome.problem or "the bench did not replay it")
    label = f"{TEST}/file={name}"
    trace = tuple(read_trace(folder / "trace.jsonl").get(label, ()))
    hits = set(_in_trace(trace, shown)) | set(
        functional_hits(read_bins(folder / FUNCTIONAL).get(label, {}), shown.plan)
    )
    missing = tuple(point for point in ids if point not in hits)
    verdict, message = test.verdict, test.message
    nothing = replace(nothing, passed=verdict is Verdict.PASS)
    if verdict is Verdict.PASS and missing:
        if any(value is None for cycle in _after_reset(trace, run) for value in cycle.outputs.values()):
            told = replace(nothing, verdict=Verdict.UNKNOWN, missing=missing, trace=trace, x_only=True)
            return replace(told, message=f"an X may hide {', '.join(missing)}")
        verdict, message = Verdict.FAIL, f"{', '.join(missing)} did not show"
    return replace(nothing, verdict=verdict, message=message, missing=missing, trace=trace)


def _after_reset(trace: Sequence[Cycle], run: BenchRun) -> Iterator[Cycle]:
    """Yield the cycles after the reset at the start, in which outputs may well be X."""
    levels = {reset.name: int(reset.active_high) for reset in run.manifest.reset}
    return dropwhile(lambda cycle: any(cycle.inputs[name] == level for name, level in levels.items()), trace)


def _in_trace(trace: Sequence[Cycle], shown: Instrumented) -> list[str]:
    """Return the points that the signal showed in any cycle; a bit that is X shows nothing."""
    if not shown.signal:
        return []
    seen = [cycle.sampled(shown.signal, len(shown.ids)) for cycle in trace]
    return [name for bit, name in enumerate(shown.ids) if any(bits[-1 - bit] == "1" for bits in seen)]
