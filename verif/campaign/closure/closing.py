"""Close a bench's coverage: instrument, let proposers and solver work, keep witnesses, replay them in cocotb."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from verif.campaign.adopted.seeds import seed_rows
from verif.campaign.adopted.stand_in import stand_in
from verif.campaign.benches.bound import covering
from verif.campaign.benches.engines import EngineChoice, LanesWhenDue
from verif.campaign.benches.harness import BenchHarness, bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import BenchRun, bench_runs
from verif.campaign.closure.lanes import closing_lanes, ready_for
from verif.campaign.closure.replay import Instrumented
from verif.campaign.closure.result import CloseResult, KeptWitness
from verif.campaign.closure.witnesses import WitnessKeeper
from verif.campaign.proofs.store import harness_digest
from verif.coverage.model import Coverage, PointResult, Waiver, in_order
from verif.coverage.probes import ProbedHarness, design_digest, with_probes
from verif.coverage.probes.probing import probed_sources
from verif.coverage.waivers import waive
from verif.errors import InputError
from verif.formal.solver import DEFAULT, command_of
from verif.harness.bound import Vector
from verif.plan.files import plan_text
from verif.search.closure.asking import Ask, Asking
from verif.search.closure.board import Board
from verif.search.closure.closer import Closer
from verif.search.closure.corpus import Corpus
from verif.search.closure.cutting import cut_witnesses
from verif.search.closure.formal import FormalProver
from verif.search.closure.runner import FRESH_AFTER, Limits, Runner
from verif.search.closure.solving import Solving, jobs
from verif.search.closure.standard import standard_proposers
from verif.search.closure.state import State, Store
from verif.search.closure.sure import watched
from verif.search.explore import survivors
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.verdict import PointStatus, Verdict
from verif.workspace import Workspace

FOLDER = "close"
"""Folder of the state in a bench's folder of the workspace."""
_VERSION = "4"
"""Changes where what counts as known does, so that older state is not used."""
NO_SOLVER = "none"
_COVERED = "posedge_covered"
"""Signal that shows cover properties in cocotb where the design has no points of its own."""
WORK_DEPTH = 20
"""Ticks that the solver looks deep where the budget is work, unless told."""
CALL_SECONDS = 30.0
"""A call that simulates a block takes a fraction of a second; after so long it hangs."""
_DOUBLE_RESET_LANES = 32

Progress = Callable[[Closer | None, str], None]
"""Called with the closer, once there is one, and what is being done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseOptions:
    """What a user can choose about a closure."""

    seconds: float | None = 300.0
    """Time for looking and proving; builds and replays come on top. None: ``examples`` is the budget."""
    examples: int | None = None
    """Lanes to simulate, in place of a time: the same inputs then give the same result."""
    depth: int | None = None
    """Ticks after the reset that the solver looks deep at most."""
    seed: int = 1
    only: str | None = None
    """Glob on the ids of points; None takes all."""
    solver: str = DEFAULT
    """``none``: nothing is proven."""
    engine: EngineChoice = EngineChoice.AUTO
    model: str = "none"
    """The model's name, for the result."""
    ask: Ask | None = None
    """What asks the model; None: no model proposes."""
    simulators: tuple[str, ...] = ()
    """Simulators to replay on; empty means the bench's own that are installed."""
    config: str | None = None
    replay: bool = True
    """Whether witnesses are replayed in cocotb."""
    fresh: bool = False
    """Whether what earlier calls left is forgotten."""


def close_bench(
    bench: Path,
    options: CloseOptions,
    *,
    workspace: Workspace,
    processes: Processes | None = None,
    progress: Progress = lambda closer, text: None,
) -> CloseResult:
    """Close one bench; an interrupt ends it with what was found so far, and the next call goes on.

    InputError PE315 for an unknown simulator, PE840 for a bench without a plan, PE850 where there is nothing to cover,
    PE851 where no point matches, PE875 for an unknown solver; ToolError PE872 for one that is missing. The design may
    hang or crash: that is a result.
    """
    for name in options.simulators:
        simulator(name)
    if options.solver != NO_SOLVER:
        command_of(options.solver)
    run_options = RunOptions(configs=(options.config,) if options.config else (), simulators=options.simulators)
    run = bench_runs(bench, run_options)[0]
    return _Closing(run, options, workspace, processes or Processes(), progress).perform()


class _Closing:
    """One closure as it goes on."""

    def __init__(
        self, run: BenchRun, options: CloseOptions, workspace: Workspace, processes: Processes, progress: Progress
    ) -> None:
        self.run = run
        self.options = options
        self.workspace = workspace
        self.processes = processes
        self.notes: list[str] = []
        self.trouble: list[tuple[Verdict, str]] = []
        self.interrupted = False
        self.waived: dict[str, Waiver | None] = {}
        self._progress = progress
        self._started = time.monotonic()
        self._replayed_run = stand_in(run, workspace)

    def perform(self) -> CloseResult:
        """Work until all is closed or the budget is spent."""
        self._progress(None, "reading the bench")
        parts = bench_harness(self._replayed_run)
        self._progress(None, "instrumenting the design")
        assumed = tuple(monitor for monitor in parts.harness.monitors if monitor.assumption)
        probed = with_probes(replace(parts.harness, monitors=assumed), parts.plan, workspace=self.workspace)
        self.notes += [*parts.harness.notes, *probed.notes]
        wanted = self._wanted(probed)
        probed = replace(probed, harness=watched(probed.harness))
        with ExitStack() as stack:
            self._progress(None, "building the harness")
            build = build_batch(probed.harness, workspace=self.workspace, processes=self.processes)
            batch = stack.enter_context(Batch(build, timeout=CALL_SECONDS))
            lanes = closing_lanes(
                self.options.engine,
                probed,
                parts.plan,
                self.workspace,
                note=self.notes.append,
                progress=lambda text: self._progress(None, text),
            )
            stack.callback(lanes.close)
            closer, store = self._closer(batch, lanes, parts, probed, wanted)
            if self.options.seconds is not None:
                lanes.prepare()
            resumed = self._resume(closer, store)
            try:
                closer.close()
            except KeyboardInterrupt:
                self.interrupted = True
            kept = self._witnesses(batch, closer, parts, probed)
            # With work as the budget, going on leads to the same only from the end of a turn: that is stored already.
            if not (self.interrupted and closer.by_work):
                store.save(closer.state(ended=not self.interrupted))
            return self._result(closer, self._coverage(closer.board, parts, probed, kept), kept, resumed)

    def _wanted(self, probed: ProbedHarness) -> tuple[str, ...]:
        """Return the points to close: those that ``--only`` names and no waiver excuses."""
        if not probed.points:
            raise InputError(
                "PE850",
                "there is nothing to cover: no branch, state machine or bin was found",
                where=str(self.run.directory),
                hint=" ".join(probed.notes) or "a plan with coverage points, or RTL with branches, has some",
            )
        chosen = [point.id for point in probed.points if fnmatchcase(point.id, self.options.only or "*")]
        if not chosen:
            raise InputError(
                "PE851",
                f"no coverage point matches '{self.options.only}'",
                where=str(self.run.directory),
                allowed=f"there are {len(probed.points)}, as {', '.join(point.id for point in probed.points[:3])}",
            )
        results = [PointResult(point=point) for point in probed.points if point.id in set(chosen)]
        waived = waive(Coverage(points=in_order(results)), self._waivers(), today=date.today())
        self.waived = {result.point.id: result.waiver for result in waived.coverage.points}
        return tuple(name for name in chosen if not self.waived[name])

    def _waivers(self) -> tuple[Waiver, ...]:
        return tuple(
            Waiver(pattern=entry.id, reason=entry.reason, who=entry.who, until=entry.until)
            for entry in self.run.manifest.waiver
        )

    def _closer(
        self, batch: Batch, lanes: LanesWhenDue, parts: BenchHarness, probed: ProbedHarness, wanted: Sequence[str]
    ) -> tuple[Closer, Store]:
        options, harness = self.options, probed.harness
        board = Board(harness.covers, wanted)
        maker = StimulusMaker(harness, parts.plan, seed=options.seed)
        runner = Runner(batch, board, Corpus(), fresh=self._survives_reset(batch, maker))
        titles = {point.id: f"{point.where}: {point.title}" for point in probed.points}
        proposers = standard_proposers(
            runner,
            parts.plan,
            seed=options.seed,
            recordings=seed_rows(self.run.directory, harness, workspace=self.workspace),
            ask=options.ask,
            titles=titles,
            lanes=None if options.engine is EngineChoice.BATCH else ready_for(lanes, runner),
        )
        key = harness_digest(harness, FOLDER, _VERSION, plan_text(parts.plan))
        store = Store(self.workspace.bench(self.run.directory) / FOLDER / "state", key)
        closer = Closer(
            runner,
            proposers,
            self._solving(probed, board),
            seed=options.seed,
            keep=store.save,
            progress=self._progress,
        )
        return closer, store

    def _solving(self, probed: ProbedHarness, board: Board) -> Solving | None:
        options = self.options
        if options.solver == NO_SOLVER:
            return None
        folder = self.workspace.bench(self.run.directory) / FOLDER / "solver"
        deepest = options.depth or (WORK_DEPTH if options.examples else None)
        return Solving(FormalProver(probed.harness, folder, solver=options.solver), board, jobs(deepest))

    def _survives_reset(self, batch: Batch, maker: StimulusMaker) -> bool:
        found = survivors(batch, maker.block(0).stimulus[:_DOUBLE_RESET_LANES])
        if found:
            ports = ", ".join(filter(None, found)) or "coverage points"
            self.notes.append(
                f"state survives reset ({ports} depend on what ran before): each example starts on a fresh model"
            )
        return bool(found)

    def _resume(self, closer: Closer, store: Store) -> bool:
        """Set the budget; go on where an earlier call was left, unless that shall be forgotten."""
        options = self.options
        if options.fresh:
            store.clear()
        state = store.load()
        if state:
            closer.restore(state)
        closer.runner.limits = Limits(
            examples=self._goal(state),
            until=None if options.seconds is None else closer.runner.clock() + options.seconds,
        )
        return state is not None

    def _goal(self, state: State | None) -> int | None:
        """Return at how many examples this call ends: where the interrupted one would have."""
        if self.options.examples is None or state is None:
            return self.options.examples
        same = state.goal is not None and state.seed == self.options.seed
        return state.goal if same else state.examples + self.options.examples

    def _witnesses(
        self, batch: Batch, closer: Closer, parts: BenchHarness, probed: ProbedHarness
    ) -> tuple[KeptWitness, ...]:
        self._progress(closer, "cutting witnesses")
        hit = [name for name in closer.board.ids if closer.board.known[name].status is PointStatus.HIT]
        witnesses = cut_witnesses(
            batch,
            closer.runner.corpus,
            hit,
            seed=self.options.seed,
            folder=self.workspace.bench(self.run.directory) / "hypothesis",
            starts=closer.runner.starts,
        )
        keeper = WitnessKeeper(
            run=self.run,
            replayed_run=self._replayed_run,
            design=probed.harness.design,
            shown=self._shown(parts),
            judged=bool(parts.oracles.model or parts.oracles.rules),
            simulators=self.options.simulators or self._replayed_run.manifest.simulators,
            workspace=self.workspace,
            processes=self.processes,
            replay=self.options.replay and not self.interrupted,
        )
        self._progress(closer, "replaying witnesses")
        kept = keeper.keep(batch, witnesses)
        self._lose(closer, [name for name in hit if not any(name in one.shows for one in kept)], kept)
        return keeper.settled(kept)

    def _lose(self, closer: Closer, lost: Sequence[str], kept: Sequence[KeptWitness]) -> None:
        """Open again what was hit, but does not show in cocotb."""
        if not lost:
            return
        closer.board.lose(lost)
        closer.runner.corpus.lose(lost)
        if told := [name for name in lost if name in self.waived]:
            hiding = [one.simulator for each in kept for one in each.replayed if set(one.missing) & set(told)]
            self.notes.append(
                f"not hit, since no witness shows {'it' if len(told) == 1 else 'them'} in cocotb "
                f"({', '.join(dict.fromkeys(hiding))}): {', '.join(told)}"
            )

    def _shown(self, parts: BenchHarness) -> Instrumented:
        code = probed_sources(parts.harness.design, self.workspace)
        covers = tuple(cover.id for cover in parts.harness.properties_covered)
        points = Vector(name=code.vector or _COVERED, width=len(code.points))
        design = replace(parts.harness.design, sources=code.sources)
        run = self._replayed_run
        return Instrumented(
            sources=code.sources,
            signal=points.name if code.points or covers else "",
            ids=(*(point.id for point in code.points), *covers),
            plan=parts.plan,
            bound=covering(run, design, parts.properties, points, self.workspace),
        )

    def _result(self, closer: Closer, coverage: Coverage, kept: tuple[KeptWitness, ...], resumed: bool) -> CloseResult:
        runner, board, solving = closer.runner, closer.board, closer.solving
        self.trouble += [(Verdict.ERROR, one.sentence) for one in board.disagreements.values()]
        self.trouble += [(fault.verdict, fault.sentence) for fault in runner.faults]
        if solving and solving.trouble and solving.trouble.code == "PE852":
            self.trouble.append((Verdict.ERROR, solving.trouble.sentence))
        self.notes += self._closing_notes(closer)
        return CloseResult(
            bench=self.run.directory,
            top=self.run.manifest.top,
            seed=self.options.seed,
            solver=self.options.solver,
            model=self.options.model,
            coverage=coverage,
            witnesses=kept,
            proposers=closer.bandit.arms,
            curve=tuple(board.curve),
            examples=runner.effort.examples,
            cycles=runner.effort.cycles,
            lane_cycles=runner.effort.lane_cycles,
            seconds=time.monotonic() - self._started,
            closing_seconds=closer.seconds,
            solver_seconds=solving.seconds if solving else 0.0,
            resumed=resumed,
            trouble=tuple(dict.fromkeys(self.trouble)),
            notes=tuple(dict.fromkeys(self.notes)),
            interrupted=self.interrupted,
        )

    def _closing_notes(self, closer: Closer) -> Iterator[str]:
        runner, solving = closer.runner, closer.solving
        if runner.ending:
            yield f"the design ended some examples itself: {runner.ending}"
        if runner.doubts >= FRESH_AFTER:
            yield "hits that needed what ran before them were not counted: something survives the reset"
        for trouble in [proposer.trouble for proposer in closer.proposers if isinstance(proposer, Asking)]:
            if trouble:
                yield f"the model was asked no more: {trouble}"
        if solving and solving.trouble and solving.trouble.code != "PE852":
            yield f"nothing more was proven: {solving.trouble.sentence}"
        if solving and solving.why and not self.interrupted and "time" not in solving.why:
            yield f"the solver's last job is not complete: {solving.why}"
        if solving and solving.unconfirmed:
            yield (
                f"the solver reaches {', '.join(solving.unconfirmed)}, but only from start values or an X that "
                "simulation does not choose"
            )

    def _coverage(
        self, board: Board, parts: BenchHarness, probed: ProbedHarness, kept: Sequence[KeptWitness]
    ) -> Coverage:
        """Return what is known about each chosen point, with its saved witness."""
        where = {name: one for one in reversed(kept) for name in one.points}
        results = [
            PointResult(
                point=point,
                status=(known := board.known[point.id]).status,
                by=known.by,
                method=known.method,
                bound=known.bound,
                witness=where[point.id].id if point.id in where else "",
                tick=where[point.id].ticks[point.id] if point.id in where else known.tick,
                waiver=self.waived[point.id],
            )
            for point in probed.points
            if point.id in self.waived
        ]
        waived = waive(Coverage(points=in_order(results)), self._waivers(), today=date.today())
        self.notes += waived.notes
        return replace(
            waived.coverage,
            designs=frozenset({design_digest(parts.harness.design)}),
            tests={one.id: frozenset(one.points) & self.waived.keys() for one in kept},
        )
