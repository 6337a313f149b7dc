"""What campaigns over mutants of drafted and of adopted benches share: the solver, tests of witnesses, the result."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from hashlib import sha256
from random import Random

from verif.campaign.adopted.stand_in import stand_in
from verif.campaign.benches.run import BenchRun
from verif.campaign.mutants.board import Board, Store
from verif.campaign.mutants.covering import fewest
from verif.campaign.mutants.deciding import Decider
from verif.campaign.mutants.gating import proof_seconds
from verif.campaign.mutants.improving import Improver, useful_tests
from verif.campaign.mutants.options import MutateOptions
from verif.campaign.mutants.outcome import MutateResult, Seconds
from verif.campaign.mutants.result import Confirmation, Gap
from verif.campaign.mutants.runs import SOURCES, Runs
from verif.campaign.mutants.showing import told_apart
from verif.campaign.mutants.simulating import FOLDER, CocotbBench
from verif.campaign.mutants.structural import Structural
from verif.campaign.mutants.switching import Switching, switched
from verif.campaign.proofs.store import harness_digest
from verif.design.frontend import read_design
from verif.design.model import Design, SourceSet
from verif.errors import InputError, Unsupported
from verif.harness.model import Harness
from verif.harness.twin import port_differences
from verif.mutation.finding import mutants_of
from verif.mutation.gate import Gate, check_gates
from verif.mutation.model import Mutant, Mutants
from verif.mutation.sources import mutated
from verif.search.writing import Writer
from verif.sim.batch import Batch, build_batch
from verif.sim.content import sources_digest
from verif.sim.placing import placed
from verif.sim.process import Processes
from verif.verdict import MutantStatus, Ratio, Verdict
from verif.workspace import Workspace

CONTROLS = 6
"""Killed mutants that the solver is asked about too: it must not prove them equivalent."""
_VERSION = "2"
"""Changes where what is stored means something else, so that older state is not used."""
LIMIT = 120.0
"""Seconds that a simulation of a mutant in cocotb may take."""
_DRAWN = 60
"""Mutants whose waves are kept for the report."""
_SHAPING = ("parameter", "generate")
"""Operators whose mutants may have other ports."""
_WORK_SECONDS = 600.0
"""For the solver where the budget is work: it should never be reached, since that depends on the machine."""

Progress = Callable[[int, int, str], None]
"""Called with how much is done, the total (0 where nobody knows), and what is being done."""


class Campaign(ABC):
    """One campaign as it goes on."""

    def __init__(
        self, run: BenchRun, options: MutateOptions, workspace: Workspace, processes: Processes, progress: Progress
    ) -> None:
        self.run = run
        self.options = options
        self.workspace = workspace
        self.processes = processes
        self.progress = progress
        self.notes: list[str] = []
        self.trouble: list[tuple[Verdict, str]] = []
        self.gaps: list[Gap] = []
        self.confirmed: tuple[Confirmation, ...] = ()
        self.interrupted = False
        self.spent: dict[str, float] = {"build": 0.0, "judge": 0.0, "gate": 0.0, "solver": 0.0, "cocotb": 0.0}
        self.controls = Ratio(count=0, total=0)
        self.gates: tuple[Gate, ...] = ()
        self._switchings: list[Switching] = []
        self.engine = "cocotb"
        self.cycles = 0
        self.folder = workspace.bench(run.directory) / FOLDER
        self.replayed_run = stand_in(run, workspace)
        self._started = time.monotonic()

    @property
    @abstractmethod
    def design(self) -> Design:
        """What is mutated."""

    @abstractmethod
    def judge(self, board: Board, store: Store, stack: ExitStack) -> Runs | None:
        """Judge all mutants; return what simulates them for the solver's sake, None where nothing can."""

    @abstractmethod
    def confirm(self, board: Board, runs: Runs) -> None:
        """Try some kills in cocotb, where something else judged."""

    @abstractmethod
    def x_only(self, mutant: Mutant) -> bool:
        """Whether nothing but an X makes a check fail on a mutant: that contradicts no proof."""

    def perform(self) -> MutateResult:
        """Judge all mutants, decide what survives, save tests where that was asked for."""
        options = self.options
        found = mutants_of(self.design, operators=options.operators, count=options.count, seed=options.seed)
        board = Board(tuple(found))
        store = Store(self.folder, self._key(found))
        if options.fresh:
            store.clear()
        resumed = store.load(board)
        with ExitStack() as stack:
            runs: Runs | None = None
            try:
                runs = self.judge(board, store, stack)
                self._check_gates()
                if runs:
                    self._decide(board, runs, store)
                    self._in_cocotb(board, runs, stack)
            except KeyboardInterrupt:
                self.interrupted = True
                self.processes.stop()
            store.save(board)
            if runs:
                self._draw(board, runs)
                self.spent["build"] += runs.seconds
        return self._result(found, board, resumed)

    def _check_gates(self) -> None:
        """See that each build with no mutant chosen is the design; PE905 where one is not."""
        began = time.monotonic()

        def progress(done: int, total: int) -> None:
            self.progress(done, total, "comparing builds without a mutant with the design")

        found: dict[Gate, None] = {}
        try:
            for builds in self._switchings:
                gates = check_gates(
                    builds.groups,
                    workspace=self.workspace,
                    seconds=proof_seconds(self.options.seconds),
                    depth=self.options.depth,
                    processes=self.processes,
                    jobs=self.options.jobs,
                    progress=progress,
                )
                found |= dict.fromkeys(gates)
        finally:
            self.spent["gate"] += time.monotonic() - began
        self.gates = tuple(found)

    def _in_cocotb(self, board: Board, runs: Runs, stack: ExitStack) -> None:
        began = time.monotonic()
        try:
            self.confirm(board, runs)
            if self.options.improve:
                self._improve(board, runs, stack)
        finally:
            self.spent["cocotb"] += time.monotonic() - began

    def _key(self, found: Mutants) -> str:
        ids = ",".join(mutant.id for mutant in found)
        if self.harness is None:
            return sha256(f"{sources_digest(self.design.sources)} {_VERSION} {ids}".encode()).hexdigest()
        return harness_digest(self.harness, FOLDER, _VERSION, ids)

    @property
    @abstractmethod
    def harness(self) -> Harness | None:
        """In which mutants are told apart; None where there is none."""

    def switched(self, harness: Harness, mutants: Sequence[Mutant], *, lanes: bool = False) -> Switching:
        """Build ``harness`` with those of ``mutants`` that can be switched."""
        builds = switched(
            harness,
            mutants,
            workspace=self.workspace,
            processes=self.processes,
            lanes=lanes,
            jobs=self.options.jobs,
        )
        self.spent["build"] += builds.seconds
        self._switchings.append(builds)
        return builds

    def open(self, builds: Switching, stack: ExitStack) -> Runs:
        """Return what simulates the mutants of a build."""
        runs = Runs(builds.harness, builds.switches(), workspace=self.workspace, processes=self.processes)
        return stack.enter_context(runs)

    def note_stillborn(self, builds: Switching, board: Board) -> None:
        """Note the mutants that do not compile, and those that the bench does not fit any more."""
        for each in builds.left_out:
            if each.stillborn:
                board[each.mutant].stillborn = each.reason
        for mutant in board.mutants:
            if mutant.own_build and not board[mutant].stillborn:
                board[mutant].stillborn = self._unfit(mutant)

    def _unfit(self, mutant: Mutant) -> str:
        """Return why the bench can't take a mutant that changes parameters or what is generated; empty where it can."""
        if mutant.operator not in _SHAPING:
            return ""
        try:
            other = read_design(replace(self.sources(mutant), manifest=None, top=self.design.top))
        except (InputError, Unsupported) as error:
            return f"It does not compile: {error.sentence}"
        changed = [*port_differences(self.design, other)]
        return f"The bench does not fit its ports: {changed[0]}." if changed else ""

    def sampled(self, mutants: Sequence[Mutant], count: int) -> list[Mutant]:
        """Return some of ``mutants``, the same for the same seed."""
        return Random(self.options.seed).sample(list(mutants), min(count, len(mutants)))

    def sources(self, mutant: Mutant) -> SourceSet:
        """Return the sources with one mutant as plain text."""
        return placed(self.design.sources, mutated(self.design, mutant), self.workspace, SOURCES)

    def cocotb(self, *, limit: float = LIMIT) -> CocotbBench:
        """Return the bench that replays regressions: its own, or that which stands in for an adopted one."""
        return CocotbBench(
            run=self.replayed_run,
            workspace=self.workspace,
            processes=self.processes,
            simulators=self.options.simulators or self.replayed_run.manifest.simulators,
            limit=limit,
        )

    @property
    def left(self) -> float:
        """Seconds of the budget that are left."""
        if self.options.seconds is None:
            return _WORK_SECONDS
        used = self.spent["judge"] + self.spent["gate"] + self.spent["solver"]
        return max(0.0, self.options.seconds - used)

    def _decide(self, board: Board, runs: Runs, store: Store) -> None:
        """Compare the structure of what is left, and ask the solver; some killed mutants are controls."""
        structural = Structural(
            board=board,
            folder=self.folder / "structure",
            processes=self.processes,
            progress=self.progress,
            keep=lambda: store.save(board),
        )
        decider = Decider(
            board=board,
            runs=runs,
            folder=self.folder / "solver",
            sources=self.sources,
            processes=self.processes,
            progress=self.progress,
            keep=lambda: store.keep(board),
        )
        killed = [m for m in board.mutants if board[m].killed] or [m for m in board.mutants if board[m].kills]
        controls = self.sampled([mutant for mutant in killed if not mutant.own_build], CONTROLS)
        try:
            with self._solving():
                for builds in self._switchings:
                    if builds.groups[0].harness is runs.harness:
                        structural.decide(builds, seconds=self.left / 2)
            with self._solving():
                decider.decide(controls, seconds=self.left, depth=self.options.depth)
        finally:
            gaps = [*structural.gaps, *decider.gaps]
            self.gaps += [gap for gap in gaps if not self._explained(board, gap)]
            different = decider.controls.count + structural.asked - len(structural.gaps)
            self.controls = Ratio(count=different, total=decider.controls.total + structural.asked)
            self.notes += decider.notes

    @contextmanager
    def _solving(self) -> Iterator[None]:
        """Count the seconds as the solver's."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.spent["solver"] += time.monotonic() - began

    def _explained(self, board: Board, gap: Gap) -> bool:
        """Whether an X explains why an equivalent mutant is killed; it then counts as equivalent."""
        mutant = next(each for each in board.mutants if each.id == gap.mutant)
        if not self.x_only(mutant):
            return False
        known = board[mutant]
        known.kills, known.method, known.x_only = (), gap.method, True
        self.notes.append(f"{gap.check} fails on {gap.mutant} by an X alone: it is equivalent, and no kill")
        return True

    def _improve(self, board: Board, runs: Runs, stack: ExitStack) -> None:
        """Save few tests that kill all that is told apart; where one does not hold in cocotb, the mutant's own."""
        wanted = {
            mutant: difference
            for mutant in board.unkilled()
            if (difference := board[mutant].difference) is not None
            and (board[mutant].status is MutantStatus.SURVIVED or difference.check)
        }
        if not wanted:
            return
        build = build_batch(runs.harness, workspace=self.workspace, processes=self.processes)
        engine = stack.enter_context(Batch(build))
        improver = Improver(
            run=self.replayed_run,
            bench=self.cocotb(),
            design=self.design,
            writer=Writer(engine, None),
            sources=self.sources,
            progress=self.progress,
        )
        try:
            self.progress(0, 0, "choosing tests")
            chosen = fewest(runs, wanted)
            tried = improver.improve(chosen)
            own = {m: each for m, each in wanted.items() if m.id not in improver.killed and each != chosen[m]}
            tried |= improver.improve(own)
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

    def _result(self, found: Mutants, board: Board, resumed: bool) -> MutateResult:
        return MutateResult(
            bench=self.run.directory,
            top=self.run.manifest.top,
            seed=self.options.seed,
            adopted=self.run.manifest.adopted,
            mutants=tuple(board.results()),
            possible=found.total,
            operators=self.options.operators or (),
            engine=self.engine,
            cycles=self.cycles,
            controls=self.controls,
            gates=self.gates,
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
