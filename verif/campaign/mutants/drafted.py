"""Measure a drafted bench by mutation: its monitors judge its stimulus, at compiled speed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

from verif.campaign.benches.harness import BenchHarness, bench_harness
from verif.campaign.benches.run import BenchRun
from verif.campaign.mutants.board import Board, Store
from verif.campaign.mutants.campaign import Campaign, Progress
from verif.campaign.mutants.confirming import confirm, try_undecided
from verif.campaign.mutants.judging import Judging, stored_stimuli
from verif.campaign.mutants.options import MutateOptions
from verif.campaign.mutants.recorded import RecordedTests, port_harness
from verif.campaign.mutants.result import Kill
from verif.campaign.mutants.runs import Runs, Stillborn
from verif.campaign.mutants.showing import STARTS
from verif.campaign.mutants.switching import Switching
from verif.campaign.searches.searching import searched_checks
from verif.design.model import Design
from verif.errors import InputError
from verif.harness.model import Harness
from verif.mutation.model import Mutant
from verif.mutation.parting import parted
from verif.search.judging import JudgeBroke, TraceJudge
from verif.search.stimulus import StimulusMaker
from verif.sim.batch.layout import Rows
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

ROUNDS = 2
"""How often stimulus of each length is played on what is not killed."""
UNDECIDED = 0.2
"""Of the time, on top of it: for what is undecided, one by one in Icarus."""
JUDGING = 0.4
"""The share of the time for judging; the solver gets the rest."""


def edited_tests(run: BenchRun) -> bool:
    """Whether a module of tests is not as it was drafted; a bench without its drafts is taken as it is."""
    for name in run.manifest.test_modules:
        file, draft = run.directory / f"{name}.py", run.directory / ".posedge" / "base" / f"{name}.py"
        if draft.is_file() and file.is_file() and draft.read_bytes() != file.read_bytes():
            return True
    return False


class DraftedCampaign(Campaign):
    """A campaign over the mutants of a drafted bench's design."""

    def __init__(
        self, run: BenchRun, options: MutateOptions, workspace: Workspace, processes: Processes, progress: Progress
    ) -> None:
        super().__init__(run, options, workspace, processes, progress)
        self.parts: BenchHarness = bench_harness(run)
        self.notes += self.parts.harness.notes
        self._began = 0.0

    @property
    def design(self) -> Design:
        """What is mutated."""
        return self.parts.harness.design

    @property
    def harness(self) -> Harness:
        """The bench's, with its transactors and monitors."""
        return self.parts.harness

    def judge(self, board: Board, store: Store, stack: ExitStack) -> Runs:
        """Play the bench's stimulus, then compare with what is recorded of the design."""
        self.progress(0, 0, "building the design with its mutants")
        judge = self._python(stack)
        builds = self.switched(self.harness, board.mutants, lanes=True)
        self.note_stillborn(builds, board)
        runs = self.open(builds, stack)
        judging = self._judging(board, runs, builds, judge)
        if judging.checks:
            self._play(judging, store)
            self._expectations(board, store, stack)
        else:
            self._expectations(board, store, stack)
            self._play(judging, store)
        if edited_tests(self.run):
            self._own_tests(board, store)
        return runs

    def _own_tests(self, board: Board, store: Store) -> None:
        """Let tests that a user changed judge what is left, in cocotb: they know what no plan of ours does."""
        waiting = [mutant for mutant in board.unkilled() if not board[mutant].judged]
        if not waiting:
            return
        self.progress(0, len(waiting), "running the edited tests on the design")
        bench = self.cocotb().only_first()
        (clean,) = bench.tests()
        if clean.verdict is not Verdict.PASS:
            raise InputError(
                "PE904",
                f"{clean.test or 'the bench'} fails on the design itself: {' '.join(clean.message.split())}",
                where=str(self.run.directory),
                hint="kills count only where the design passes: mend the design or the bench",
            )
        for number, mutant in enumerate(waiting):
            self.progress(number, len(waiting), f"running the edited tests on {mutant.id}")
            (tried,) = bench.tests(self.sources(mutant))
            if tried.kill:
                board[mutant].add(tried.kill)
            board[mutant].judged = True
            store.save(board)

    def confirm(self, board: Board, runs: Runs) -> None:
        """Try some of the monitors' kills in cocotb."""
        killed = [m for m in board.mutants if any(k.by == "monitor" for k in board[m].kills) and not m.own_build]
        self.progress(0, 0, "trying kills in cocotb")
        chosen = self.sampled(killed, self.options.confirm)
        self.confirmed = confirm(chosen, runs, self.cocotb(), self.parts, self.sources, seed=self.options.seed)
        limit = None if self.options.seconds is None else UNDECIDED * self.options.seconds
        note = try_undecided(board, self.cocotb(), self.sources, self.progress, seconds=limit)
        self.notes += [note] if note else []

    def x_only(self, mutant: Mutant) -> bool:
        """Say no: monitors run in two-state simulation."""
        return False

    def _python(self, stack: ExitStack) -> TraceJudge | None:
        """Start the bench's Python; None, with the reason kept, where it can't be."""
        parts = self.parts
        if not any((folder / f"{parts.module}.py").is_file() for folder in parts.python_path):
            return None
        try:
            return stack.enter_context(TraceJudge(parts.harness, parts.module, parts.python_path))
        except JudgeBroke as broke:
            self.trouble.append((broke.verdict, broke.sentence))
            return None

    def _judging(self, board: Board, runs: Runs, builds: Switching, judge: TraceJudge | None) -> Judging:
        checks = searched_checks(self.parts, judge)
        if not checks and not RecordedTests.of(self.run.directory, port_harness(self.design)).tests:
            raise InputError(
                "PE841",
                "nothing judges this design: the bench has neither a reference model nor a rule",
                where=str(self.run.directory),
                hint="every mutant would survive; draft it again with a specification, 'posedge draft --spec'",
            )
        if not checks:
            self.notes.append("only RECORDED expectations judge: the bench has neither a reference model nor a rule")
        return Judging(
            runs=runs,
            builds=builds,
            board=board,
            checks=checks,
            judge=judge,
            progress=self.progress,
            stop=lambda: self._late(runs.seconds),
            jobs=self.options.jobs,
        )

    def _late(self, building: float) -> bool:
        """Whether the time for judging is up; ``building`` are the seconds that builds took, which don't count."""
        if self.options.seconds is None:
            return False
        return time.monotonic() - self._began - building > JUDGING * self.options.seconds

    def _play(self, judging: Judging, store: Store) -> None:
        """Play the bench's stimulus: what lies in the bench, then blocks of drawn phases."""
        board = judging.board
        self._began = time.monotonic()
        maker = StimulusMaker(self.harness, self.parts.plan, seed=self.options.seed)
        number, last = board.blocks, ROUNDS * maker.rungs
        if number == 0:
            for stimulus in stored_stimuli(self.run.directory, self.harness):
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
        self.engine, self.cycles = "lanes" if judging.builds.lanes else "batch", judging.cycles
        self.spent["judge"] += max(0.0, time.monotonic() - self._began - judging.runs.seconds)

    def _check_forced_fail(self, judging: Judging) -> None:
        """Tell where no check notices that all outputs are inverted: then survivors say little."""
        if judging.cycles and judging.checks:
            self.notes.append("no check notices that all outputs are inverted")

    def _expectations(self, board: Board, store: Store, stack: ExitStack) -> None:
        """See which of the mutants that are left RECORDED expectations kill."""
        if not board.unkilled():
            return
        harness = port_harness(self.design)
        tests = RecordedTests.of(self.run.directory, harness)
        if not tests.tests:
            return
        self.progress(0, 0, "comparing with recorded outputs")
        left = board.unkilled()
        builds = self.switched(harness, left)
        runs = self.open(builds, stack)
        stimulus = tests.stimulus()
        tests = tests.without_unmet(list(self._starting(runs, stimulus)))
        self.notes += [tests.unmet_note] if tests.unmet_note else []
        if not tests.counts:
            return
        jobs = self.options.jobs
        runs.prepare(left, jobs, lambda done: self.progress(done, 0, "building mutants one by one"))
        apart: set[str] = set()
        for each, here in builds.parts(left):
            apart |= parted(each, list(stimulus), here, seed=1, jobs=jobs)
        waiting = [mutant for mutant in left if mutant.id in apart or not builds.holds(mutant)]
        for number, mutant in enumerate(waiting):
            self.progress(number, len(waiting), "comparing with recorded outputs")
            kill = self._recorded_kill(runs, tests, stimulus, mutant)
            if kill:
                board[mutant].add(kill)
        self.spent["build"] += runs.seconds
        store.save(board)

    @staticmethod
    def _starting(runs: Runs, stimulus: Rows) -> Iterator[Rows]:
        """Yield what the design shows from several start values."""
        for seed in STARTS:
            clean = runs.lanes(None, stimulus, observe=True, seed=seed)
            assert clean.observed is not None
            yield clean.observed

    def _recorded_kill(self, runs: Runs, tests: RecordedTests, stimulus: Rows, mutant: Mutant) -> Kill | None:
        try:
            answer = runs.lanes(mutant, stimulus, observe=True)
        except Stillborn:
            return None
        if answer.fault or answer.observed is None:
            return None
        return tests.kill(answer.observed)
