"""Measure a drafted bench by mutation: judge, decide the survivors, turn witnesses into tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from random import Random

from verif.campaign.adopted.stand_in import stand_in
from verif.campaign.benches.harness import BenchHarness, bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import BenchRun, bench_runs
from verif.campaign.mutants.board import Board, Store
from verif.campaign.mutants.confirming import confirm
from verif.campaign.mutants.deciding import Decider
from verif.campaign.mutants.improving import Improver, useful_tests
from verif.campaign.mutants.judging import Judging, stored_stimuli
from verif.campaign.mutants.options import MutateOptions
from verif.campaign.mutants.outcome import MutateResult, Seconds
from verif.campaign.mutants.recorded import RecordedTests, port_harness
from verif.campaign.mutants.result import Confirmation, Gap, Kill
from verif.campaign.mutants.runs import SOURCES, Runs, Stillborn
from verif.campaign.mutants.showing import told_apart
from verif.campaign.mutants.simulating import FOLDER, CocotbBench
from verif.campaign.mutants.switching import as_switched, switched
from verif.campaign.proofs.store import harness_digest
from verif.campaign.searches.searching import searched_checks
from verif.design.frontend import read_design
from verif.design.model import SourceSet
from verif.errors import InputError, Unsupported
from verif.harness.twin import port_differences
from verif.mutation.builds import MutantBuilds
from verif.mutation.finding import mutants_of
from verif.mutation.model import Mutant, Mutants
from verif.mutation.sources import mutated
from verif.search.judging import JudgeBroke, TraceJudge
from verif.search.stimulus import StimulusMaker
from verif.search.writing import Writer
from verif.sim.batch import Batch, build_batch
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.verdict import MutantStatus, Ratio, Verdict
from verif.workspace import Workspace

ROUNDS = 2
"""How often stimulus of each length is played on what is not killed."""
JUDGING = 0.4
"""The share of the time for judging; the solver gets the rest."""
CONTROLS = 6
"""Killed mutants that the solver is asked about too: it must not prove them equivalent."""
_VERSION = "1"
"""Changes where what is stored means something else, so that older state is not used."""
_DRAWN = 60
"""Mutants whose waves are kept for the report."""
_SHAPING = ("parameter", "generate")
"""Operators whose mutants may have other ports."""
_LIMIT = 120.0
"""Seconds that a simulation of a mutant in cocotb may take."""
_WORK_SECONDS = 600.0
"""For the solver where the budget is work: it should never be reached, since that depends on the machine."""

Progress = Callable[[int, int, str], None]
"""Called with how much is done, the total (0 where nobody knows), and what is being done."""


def mutate_bench(
    bench: Path,
    options: MutateOptions,
    *,
    workspace: Workspace,
    processes: Processes | None = None,
    progress: Progress = lambda done, total, text: None,
) -> MutateResult:
    """Measure one bench; an interrupt ends it with what is known so far, and the next call goes on.

    InputError PE315 for an unknown simulator, PE840 for a bench without a plan, PE841 where nothing judges, PE902 for
    an unknown operator, PE903 where there is no mutant, PE910 where the bench fails on the design itself.
    """
    for name in options.simulators:
        simulator(name)
    run_options = RunOptions(configs=(options.config,) if options.config else (), simulators=options.simulators)
    run = bench_runs(bench, run_options)[0]
    return _Campaign(run, options, workspace, processes or Processes(), progress).perform()


class _Campaign:
    """One campaign as it goes on."""

    def __init__(
        self, run: BenchRun, options: MutateOptions, workspace: Workspace, processes: Processes, progress: Progress
    ) -> None:
        self.run = run
        self.options = options
        self.workspace = workspace
        self.processes = processes
        self.notes: list[str] = []
        self.trouble: list[tuple[Verdict, str]] = []
        self.gaps: list[Gap] = []
        self.confirmed: tuple[Confirmation, ...] = ()
        self.interrupted = False
        self.spent: dict[str, float] = {"build": 0.0, "judge": 0.0, "solver": 0.0, "cocotb": 0.0}
        self.controls = Ratio(count=0, total=0)
        self._progress = progress
        self._started = self._began = time.monotonic()
        self._folder = workspace.bench(run.directory) / FOLDER
        self._replayed_run = stand_in(run, workspace)

    def perform(self) -> MutateResult:
        """Judge all mutants, decide what survives, save tests where that was asked for."""
        self._progress(0, 0, "reading the bench")
        parts = bench_harness(self._replayed_run)
        self.notes += parts.harness.notes
        found = mutants_of(
            parts.harness.design,
            operators=self.options.operators,
            count=self.options.count,
            seed=self.options.seed,
        )
        board = Board(tuple(found))
        store = Store(self._folder, self._key(parts, found))
        if self.options.fresh:
            store.clear()
        resumed = store.load(board)
        with ExitStack() as stack:
            judge = self._judge(parts, stack)
            builds = self._builds(parts, board)
            runs = stack.enter_context(self._open(builds))
            judging = self._judging(parts, board, runs, builds, judge)
            try:
                self._play(parts, judging, store)
                self._expectations(parts, board, store, stack)
                self._decide(parts, board, runs, store)
                self._in_cocotb(parts, board, runs, store, stack)
            except KeyboardInterrupt:
                self.interrupted = True
                self.processes.stop()
            store.save(board)
            self._draw(board, runs)
            self.spent["build"] += runs.seconds
        return self._result(parts, found, board, judging, resumed)

    def _key(self, parts: BenchHarness, found: Mutants) -> str:
        ids = ",".join(mutant.id for mutant in found)
        return harness_digest(parts.harness, FOLDER, _VERSION, ids)

    def _judge(self, parts: BenchHarness, stack: ExitStack) -> TraceJudge | None:
        if not any((folder / f"{parts.module}.py").is_file() for folder in parts.python_path):
            return None
        try:
            return stack.enter_context(TraceJudge(parts.harness, parts.module, parts.python_path))
        except JudgeBroke as broke:
            self.trouble.append((broke.verdict, broke.sentence))
            return None

    def _builds(self, parts: BenchHarness, board: Board) -> MutantBuilds:
        self._progress(0, 0, "building the design with its mutants")
        builds = switched(parts.harness, board.mutants, workspace=self.workspace, processes=self.processes, lanes=True)
        self.spent["build"] += builds.seconds
        for each in builds.schemata.left_out:
            if each.stillborn:
                board[each.mutant].stillborn = each.reason
        for mutant in board.mutants:
            if mutant.own_build and not board[mutant].stillborn:
                board[mutant].stillborn = self._unfit(parts, mutant)
        return builds

    def _open(self, builds: MutantBuilds) -> Runs:
        return Runs(builds.harness, as_switched(builds), workspace=self.workspace, processes=self.processes)

    def _unfit(self, parts: BenchHarness, mutant: Mutant) -> str:
        """Return why the bench can't take a mutant that changes parameters or what is generated; empty where it can."""
        if mutant.operator not in _SHAPING:
            return ""
        try:
            other = read_design(replace(self._sources(parts, mutant), manifest=None, top=parts.harness.design.top))
        except (InputError, Unsupported) as error:
            return f"It does not compile: {error.sentence}"
        changed = [*port_differences(parts.harness.design, other)]
        return f"The bench does not fit its ports: {changed[0]}." if changed else ""

    def _judging(
        self, parts: BenchHarness, board: Board, runs: Runs, builds: MutantBuilds, judge: TraceJudge | None
    ) -> Judging:
        checks = searched_checks(parts, judge)
        if not checks:
            raise InputError(
                "PE841",
                "nothing judges this design: the bench has neither a reference model nor a rule",
                where=str(self.run.directory),
                hint="every mutant would survive; draft it again with a specification, 'posedge draft --spec'",
            )
        return Judging(
            runs=runs,
            builds=builds,
            board=board,
            checks=checks,
            judge=judge,
            progress=self._progress,
            stop=lambda: self._late(runs.seconds),
            jobs=self.options.jobs,
        )

    @property
    def _left(self) -> float:
        """Seconds of the budget that are left."""
        if self.options.seconds is None:
            return _WORK_SECONDS
        used = self.spent["judge"] + self.spent["solver"]
        return max(0.0, self.options.seconds - used)

    def _late(self, building: float) -> bool:
        """Whether the time for judging is up; ``building`` are the seconds that builds took, which don't count."""
        if self.options.seconds is None:
            return False
        return time.monotonic() - self._began - building > JUDGING * self.options.seconds

    def _play(self, parts: BenchHarness, judging: Judging, store: Store) -> None:
        """Play the bench's stimulus: what lies in the bench, then blocks of drawn phases."""
        board = judging.board
        self._began = time.monotonic()
        maker = StimulusMaker(parts.harness, parts.plan, seed=self.options.seed)
        number, last = board.blocks, ROUNDS * maker.rungs
        if number == 0:
            for stimulus in stored_stimuli(self.run.directory, parts.harness):
                if not judging.block(stimulus):
                    break
        while number < last and board.unkilled() and judging.block(maker.block(number).stimulus):
            number += 1
            board.blocks = number
            store.save(board)
        if number > 0 and not judging.forced_fail and board.blocks == number:
            self._check_forced_fail(judging)
        if number < last and board.unkilled():
            self.notes.append(f"the time ran out after {number} of {last} blocks of stimulus")
        self.spent["judge"] += max(0.0, time.monotonic() - self._began - judging.runs.seconds)

    def _check_forced_fail(self, judging: Judging) -> None:
        """Tell where no check notices that all outputs are inverted: then survivors say little."""
        if judging.cycles:
            self.notes.append("no check notices that all outputs are inverted")

    def _expectations(self, parts: BenchHarness, board: Board, store: Store, stack: ExitStack) -> None:
        """See which of the mutants that are left RECORDED expectations kill."""
        if not board.unkilled():
            return
        harness = port_harness(parts.harness.design)
        tests = RecordedTests.of(self.run.directory, harness)
        if not tests.tests:
            return
        self._progress(0, 0, "comparing with recorded outputs")
        left = board.unkilled()
        builds = switched(harness, left, workspace=self.workspace, processes=self.processes)
        self.spent["build"] += builds.seconds
        runs = stack.enter_context(self._open(builds))
        stimulus = tests.stimulus()
        clean = runs.lanes(None, stimulus, observe=True)
        assert clean.observed is not None
        if tests.kill(clean.observed):
            self.notes.append("the design does not do what was recorded of it, so RECORDED tests were left out")
            return
        for mutant in left:
            kill = self._recorded_kill(runs, tests, mutant)
            if kill:
                board[mutant].add(kill)
        store.save(board)

    def _recorded_kill(self, runs: Runs, tests: RecordedTests, mutant: Mutant) -> Kill | None:
        try:
            answer = runs.lanes(mutant, tests.stimulus(), observe=True)
        except Stillborn:
            return None
        if answer.fault or answer.observed is None:
            return None
        return tests.kill(answer.observed)

    def _decide(self, parts: BenchHarness, board: Board, runs: Runs, store: Store) -> None:
        """Ask the solver about what is left, and about some killed mutants as controls."""
        began = time.monotonic()
        decider = Decider(
            board=board,
            runs=runs,
            folder=self._folder / "solver",
            sources=lambda mutant: self._sources(parts, mutant),
            processes=self.processes,
            progress=self._progress,
            keep=lambda: store.save(board),
        )
        controls = self._sampled([m for m in board.mutants if board[m].killed and not m.own_build], CONTROLS)
        try:
            decider.decide(controls, seconds=self._left, depth=self.options.depth)
        finally:
            self.spent["solver"] += time.monotonic() - began
        self.gaps += decider.gaps
        self.controls = decider.controls
        self.notes += decider.notes

    def _sampled(self, mutants: Sequence[Mutant], count: int) -> list[Mutant]:
        """Return some of ``mutants``, the same for the same seed."""
        return Random(self.options.seed).sample(list(mutants), min(count, len(mutants)))

    def _sources(self, parts: BenchHarness, mutant: Mutant) -> SourceSet:
        design = parts.harness.design
        return placed(design.sources, mutated(design, mutant), self.workspace, SOURCES)

    def _in_cocotb(self, parts: BenchHarness, board: Board, runs: Runs, store: Store, stack: ExitStack) -> None:
        """Try some kills in cocotb; save tests where that was asked for."""
        began = time.monotonic()
        bench = CocotbBench(
            run=self._replayed_run,
            workspace=self.workspace,
            processes=self.processes,
            simulators=self.options.simulators or self._replayed_run.manifest.simulators,
            limit=_LIMIT,
        )
        try:
            killed = [m for m in board.mutants if any(k.by == "monitor" for k in board[m].kills) and not m.own_build]
            self._progress(0, 0, "trying kills in cocotb")
            self.confirmed = confirm(
                self._sampled(killed, self.options.confirm),
                runs,
                bench,
                parts,
                lambda mutant: self._sources(parts, mutant),
                seed=self.options.seed,
            )
            if self.options.improve:
                self._improve(parts, board, bench, stack)
        finally:
            self.spent["cocotb"] += time.monotonic() - began

    def _improve(self, parts: BenchHarness, board: Board, bench: CocotbBench, stack: ExitStack) -> None:
        wanted = {
            mutant: difference
            for mutant in board.unkilled()
            if (difference := board[mutant].difference) is not None
            and (board[mutant].status is MutantStatus.SURVIVED or difference.check)
        }
        if not wanted:
            return
        build = build_batch(parts.harness, workspace=self.workspace, processes=self.processes)
        engine = stack.enter_context(Batch(build))
        improver = Improver(
            run=self._replayed_run,
            bench=bench,
            design=parts.harness.design,
            writer=Writer(engine, None),
            sources=lambda mutant: self._sources(parts, mutant),
            progress=self._progress,
        )
        try:
            tried = improver.improve(wanted)
        finally:
            board.tests.update(improver.tests)
        for mutant in wanted:
            test = board.tests.get(mutant.id)
            if test is None or not test.kills:
                continue
            for one in tried[mutant.id]:
                if one.kill:
                    board[mutant].add(one.kill)
        self.trouble += [(Verdict.FAIL, text) for text in improver.unsound]

    def _draw(self, board: Board, runs: Runs) -> None:
        """Keep the waves of what tells survivors apart, of the first of them."""
        apart = [m for m in board.mutants if m.id in board.tests or m in board.survivors()]
        for mutant in [m for m in apart if board[m].difference][:_DRAWN]:
            difference = board[mutant].difference
            trace = difference and told_apart(runs, mutant, difference)
            if trace:
                board.traces[mutant.id] = trace

    def _result(
        self, parts: BenchHarness, found: Mutants, board: Board, judging: Judging, resumed: bool
    ) -> MutateResult:
        return MutateResult(
            bench=self.run.directory,
            top=self.run.manifest.top,
            seed=self.options.seed,
            adopted=self.run.manifest.adopted,
            mutants=tuple(board.results()),
            possible=found.total,
            operators=self.options.operators or (),
            engine="lanes" if judging.builds.lanes else "batch",
            cycles=judging.cycles,
            controls=self.controls,
            confirmed=self.confirmed,
            tests=tuple(useful_tests(board.tests.values())),
            gaps=tuple(self.gaps),
            trouble=tuple(dict.fromkeys(self.trouble)),
            notes=tuple(dict.fromkeys(self.notes)),
            seconds=time.monotonic() - self._started,
            spent=Seconds(**self.spent),
            resumed=resumed,
            interrupted=self.interrupted,
        )
