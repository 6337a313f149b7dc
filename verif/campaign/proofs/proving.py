"""Prove a bench's properties: ask the solver about each, keep its answers, save and replay what fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from verif.campaign.adopted.stand_in import stand_in
from verif.campaign.benches.harness import BenchHarness, bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import BenchRun, bench_runs
from verif.campaign.proofs.deciding import Decided, Decider
from verif.campaign.proofs.refuting import Refuter
from verif.campaign.proofs.result import Assumption, Condition, ProofResult, PropertyResult
from verif.campaign.proofs.store import FOLDER, ProofStore, harness_digest
from verif.campaign.regressions.keeping import Keeper
from verif.campaign.searches.searching import searched_checks
from verif.errors import InputError
from verif.formal.solver import command_of
from verif.harness.model import Monitor
from verif.search.checks import Check, chosen
from verif.search.judging import JudgeBroke, TraceJudge
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.verdict import PointStatus, ProofStatus
from verif.workspace import Workspace

Progress = Callable[[int, int, str], None]
"""Called with how many properties are decided, of how many, and what is being done."""
Told = Callable[[PropertyResult], None]
"""Called with each property as soon as it is decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProveOptions:
    """What a user can choose about a proof."""

    seconds: float | None = 60.0
    """For all properties together; None: until ``depth`` is reached."""
    depth: int | None = None
    """Ticks after the reset; None: as many as the time allows."""
    solver: str = "auto"
    jobs: int = 1
    """Properties that are asked about at the same time."""
    seed: int = 1
    sources: tuple[Path, ...] = ()
    """RTL that takes the place of the bench's files that define the same modules."""
    properties: tuple[Path, ...] = ()
    """Files with properties beside the bench's own."""
    check: str | None = None
    """Glob on the names of properties; None takes all."""
    simulators: tuple[str, ...] = ()
    """Simulators to replay on; empty means the bench's own that are installed."""
    config: str | None = None
    replay: bool = True
    """Whether failures are replayed in cocotb."""


def prove_bench(
    bench: Path,
    options: ProveOptions,
    *,
    workspace: Workspace,
    processes: Processes | None = None,
    progress: Progress = lambda done, total, text: None,
    told: Told = lambda result: None,
) -> ProofResult:
    """Prove the properties of one bench; an interrupt ends it with what was found out so far.

    InputError PE315 for an unknown simulator, PE840 for a bench without a plan, PE880 where it has no property in
    hardware, PE842 where no property matches; ToolError PE872 for a solver that is missing.
    """
    command_of(options.solver)
    for name in options.simulators:
        simulator(name)
    run_options = RunOptions(
        configs=(options.config,) if options.config else (),
        sources=options.sources,
        simulators=options.simulators,
        properties=options.properties,
    )
    run = bench_runs(bench, run_options)[0]
    return _Proof(run, options, workspace, processes or Processes(), progress, told).perform()


class _Proof:
    """One proof as it goes on."""

    def __init__(
        self,
        run: BenchRun,
        options: ProveOptions,
        workspace: Workspace,
        processes: Processes,
        progress: Progress,
        told: Told,
    ) -> None:
        self.run = run
        self.options = options
        self.workspace = workspace
        self.processes = processes
        self.results: dict[str, PropertyResult] = {}
        self.notes: list[str] = []
        self.mined = 0
        self.interrupted = False
        self._progress = progress
        self._told = told
        self._started = time.monotonic()

    def perform(self) -> ProofResult:
        """Ask until all is decided or the budget is spent."""
        self._progress(0, 0, "reading the bench")
        parts = bench_harness(stand_in(self.run, self.workspace))
        self.notes += self._empty(parts)
        with ExitStack() as stack:
            judge = self._judge(parts, stack)
            checks = self._properties(parts, judge)
            keeper = Keeper(
                run=self.run, workspace=self.workspace, processes=self.processes, replay=self.options.replay
            )
            refuter = stack.enter_context(Refuter(parts, judge, keeper, seed=self.options.seed))
            try:
                self._decide(parts, checks, refuter)
            except KeyboardInterrupt:
                self.interrupted = True
        return self._result(parts, checks)

    def _empty(self, parts: BenchHarness) -> Iterator[str]:
        """Tell which further files hold no property."""
        read = {file.resolve() for file in self._files(parts)}
        for file in self.options.properties:
            if file.resolve() not in read:
                yield f"{file} has no assertion: there was nothing to prove in it"

    def _judge(self, parts: BenchHarness, stack: ExitStack) -> TraceJudge | None:
        """Start the bench's Python, which tells which judges it still has; None where it has none or breaks."""
        if not any((folder / f"{parts.module}.py").is_file() for folder in parts.python_path):
            return None
        try:
            return stack.enter_context(TraceJudge(parts.harness, parts.module, parts.python_path))
        except JudgeBroke as broke:
            self.notes.append(f"the bench's own Python breaks: {broke.sentence}")
            return None

    def _properties(self, parts: BenchHarness, judge: TraceJudge | None) -> tuple[Check, ...]:
        known = searched_checks(parts, judge)
        checks = tuple(check for check in known if check.in_hardware)
        if by_python := [check.id for check in known if not check.in_hardware]:
            self.notes.append(f"judged in Python only, so not proved: {', '.join(by_python)}")
        known_ids = {check.id for check in known}
        if unseen := [each.id for each in parts.harness.monitors if each.judges and each.id not in known_ids]:
            self.notes.append(f"not proved, since only an X can break it: {', '.join(unseen)}")
        if not checks:
            raise InputError(
                "PE880",
                "there is nothing to prove: the bench has no property and no rule in hardware",
                where=str(self.run.directory),
                hint="give properties with '--props FILE', or draft the bench again with a specification",
            )
        picked = chosen(checks, self.options.check)
        if not picked:
            raise InputError(
                "PE842",
                f"no property matches '{self.options.check}'",
                where=str(self.run.directory),
                allowed=f"there are {', '.join(check.id for check in checks)}",
            )
        if left := len(checks) - len(picked):
            self.notes.append(
                f"of {len(checks)} properties {left} were left out: their names don't match '{self.options.check}'"
            )
        return picked

    def _decide(self, parts: BenchHarness, checks: Sequence[Check], refuter: Refuter) -> None:
        """Ask about the checks; answers of earlier calls count where no more time or depth can better them."""
        harness = parts.harness
        monitors = {check.id: harness.monitors[check.monitor or 0] for check in checks}
        by_id = {check.id: check for check in checks}
        folder = self.workspace.bench(self.run.directory) / FOLDER
        digest = harness_digest(harness, self.options.solver)
        store = ProofStore(folder, digest)
        open_ids = list(by_id)
        for name, check in by_id.items():
            if answer := self._known(store, monitors[name]):
                open_ids.remove(name)
                self._keep(refuter, check, monitors[name], answer, known=True, total=len(checks))
        if not open_ids:
            return
        answered: list[tuple[str, Decided]] = []

        def told(name: str, answer: Decided) -> None:
            store.save(name, _stored(answer))
            if answer.status is ProofStatus.FAILED:
                answered.append((name, answer))
            else:
                self._keep(refuter, by_id[name], monitors[name], answer, known=False, total=len(checks))

        decider = Decider(
            harness=harness,
            plan=parts.plan,
            folder=folder / digest[:16],
            workspace=self.workspace,
            processes=self.processes,
            solver=self.options.solver,
            seconds=self.options.seconds,
            depth=self.options.depth,
            jobs=self.options.jobs,
            seed=self.options.seed,
            told=told,
            progress=lambda text: self._progress(len(self.results), len(checks), text),
        )
        try:
            decider.decide([monitors[name] for name in open_ids])
        finally:
            self.mined = decider.mined
            self.notes += decider.notes
            for name, answer in answered:
                self._keep(refuter, by_id[name], monitors[name], answer, known=False, total=len(checks))

    def _known(self, store: ProofStore, monitor: Monitor) -> Decided | None:
        """Return an earlier answer, unless more time or depth may give a better one."""
        stored = store.load(monitor.id)
        if stored is None:
            return None
        found = _loaded(stored)
        deep_enough = self.options.depth is not None and (found.bound or 0) >= self.options.depth
        return found if found.final or deep_enough else None

    def _keep(
        self, refuter: Refuter, check: Check, monitor: Monitor, answer: Decided, *, known: bool, total: int
    ) -> None:
        failure = None
        why = answer.why
        if answer.status is ProofStatus.FAILED:
            self._progress(len(self.results), total, f"replaying a failure of {check.id}")
            failure, why = refuter.keep(check, answer.rows)
        result = PropertyResult(
            monitor=monitor,
            status=answer.status,
            bound=answer.bound,
            method=answer.method,
            seconds=answer.seconds,
            condition=answer.condition,
            known=known,
            failure=failure,
            why=why,
        )
        self.results[check.id] = result
        self._told(result)
        self._progress(len(self.results), total, "proving")

    def _result(self, parts: BenchHarness, checks: Sequence[Check]) -> ProofResult:
        unknown = {check.id: PropertyResult(monitor=parts.harness.monitors[check.monitor or 0]) for check in checks}
        return ProofResult(
            bench=self.run.directory,
            top=self.run.manifest.top,
            solver=self.options.solver,
            sources=tuple(file.resolve() for file in self.options.sources),
            files=self._files(parts),
            properties=tuple(self.results.get(check.id, unknown[check.id]) for check in checks),
            assumptions=self._assumptions(parts),
            seconds=time.monotonic() - self._started,
            notes=tuple(dict.fromkeys((*parts.harness.notes, *self.notes))),
            mined=self.mined,
            interrupted=self.interrupted,
        )

    def _files(self, parts: BenchHarness) -> tuple[Path, ...]:
        """Return what the proof reads: the RTL and the files of properties, assumptions among them."""
        places = [Path(each.place.rpartition(":")[0]) for each in parts.harness.monitors if each.place]
        return tuple(dict.fromkeys(file.resolve() for file in (*self.run.sources.files, *places)))

    def _assumptions(self, parts: BenchHarness) -> tuple[Assumption, ...]:
        """Return what the harness takes for granted: the reset before a run, and legal moves."""
        harness = parts.harness
        found = [Assumption(name=each.id, text=each.title) for each in harness.monitors if each.assumption]
        if harness.reset_ticks:
            names = ", ".join(reset.name for reset in harness.resets)
            ticks = f"{harness.reset_ticks} tick{'' if harness.reset_ticks == 1 else 's'}"
            found.append(Assumption(name="reset", text=f"a run begins with {ticks} of {names}, all else at rest"))
        drivers = sorted({field.driver for field in harness.stimulus if field.driver})
        if drivers:
            told = ", ".join(drivers)
            found.append(Assumption(name="drivers", text=f"the inputs move as the plan's drivers allow ({told})"))
        return tuple(found)


def _stored(answer: Decided) -> dict[str, Any]:
    return {
        "status": str(answer.status),
        "bound": answer.bound,
        "method": answer.method,
        "seconds": answer.seconds,
        "condition": asdict(answer.condition),
        "rows": [list(row) for row in answer.rows],
        "why": answer.why,
    }


def _loaded(stored: Mapping[str, Any]) -> Decided:
    condition = stored["condition"]
    return Decided(
        status=ProofStatus(stored["status"]),
        bound=stored["bound"],
        method=stored["method"],
        seconds=stored["seconds"],
        condition=replace(Condition(**condition), status=PointStatus(condition["status"])),
        rows=[tuple(row) for row in stored["rows"]],
        why=stored["why"],
    )
