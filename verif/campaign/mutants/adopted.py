"""Measure an adopted bench by mutation: its own tests judge, in cocotb, the mutants that its traffic shows."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace

from verif.bench.traffic import Traffic
from verif.campaign.adopted.replay import playing_harness, stimulus_of
from verif.campaign.adopted.traffic import Recording, design_of, recording_of
from verif.campaign.benches.run import BenchRun
from verif.campaign.mutants.board import Board, Known, Store
from verif.campaign.mutants.campaign import LIMIT, Campaign, Progress
from verif.campaign.mutants.options import MutateOptions
from verif.campaign.mutants.recorded import port_harness
from verif.campaign.mutants.result import Kill
from verif.campaign.mutants.runs import Runs, Stillborn
from verif.campaign.mutants.showing import outputs_differ
from verif.campaign.mutants.simulating import CocotbBench, Tried
from verif.design.model import Design
from verif.errors import InputError, PosedgeError, ToolError, Unsupported
from verif.harness.model import Harness
from verif.mutation.model import Mutant
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.verdict import Verdict
from verif.workspace import Workspace

SEED = 1
"""Of the bench's tests, and of start values in the replay of its traffic."""
_PATIENCE = 20.0
"""A mutant may take so many times as long as the design before it hangs."""
_LEAST_LIMIT = 20.0


class AdoptedCampaign(Campaign):
    """A campaign over the mutants of an adopted bench's design."""

    def __init__(
        self, run: BenchRun, options: MutateOptions, workspace: Workspace, processes: Processes, progress: Progress
    ) -> None:
        super().__init__(run, options, workspace, processes, progress)
        self._recording: Recording | None = None
        self._harness: Harness | None = None
        try:
            self._recording = recording_of(run, workspace, SEED)
            self._harness = port_harness(self._recording.design)
        except Unsupported as error:
            self.notes.append(f"all mutants run in cocotb, and survivors stay undecided: {error.sentence}")
        self._design = self._recording.design if self._recording else design_of(run.sources)

    @property
    def design(self) -> Design:
        """What is mutated."""
        return self._design

    @property
    def harness(self) -> Harness | None:
        """The design with inputs that take any value in any cycle after a reset; None where its ports aren't plain."""
        return self._harness

    def judge(self, board: Board, store: Store, stack: ExitStack) -> Runs | None:
        """Record the bench's traffic, play it on all mutants, and run the bench on those that it shows."""
        self.progress(0, 0, "running the bench on the design")
        seconds, traffic = self._clean()
        began = time.monotonic()
        if traffic is not None:
            self._play(traffic, board, stack)
        store.save(board)
        self._run_on_mutants(board, store, seconds)
        self.spent["judge"] += time.monotonic() - began
        if self._harness is None:
            return None
        self.progress(0, 0, "building the design with its mutants")
        return self.open(self.switched(self._harness, board.mutants), stack)

    def confirm(self, board: Board, runs: Runs) -> None:
        """All kills come from cocotb."""

    def x_only(self, mutant: Mutant) -> bool:
        """Whether the bench fails on a simulator that knows X and passes on one that doesn't."""
        names = self.options.simulators or self.run.manifest.simulators
        if self._simulator != "icarus" or "verilator" not in names:
            return False
        (tried,) = replace(self._bench(LIMIT), simulators=("verilator",)).tests(self.sources(mutant), seed=SEED)
        return tried.verdict is Verdict.PASS

    def _bench(self, limit: float) -> CocotbBench:
        return CocotbBench(
            run=self.run,
            workspace=self.workspace,
            processes=self.processes,
            simulators=(self._simulator,),
            limit=limit,
        )

    @property
    def _simulator(self) -> str:
        """The one on which mutants are judged: Icarus where the bench runs there, since it compiles fastest."""
        names = self.options.simulators or self.run.manifest.simulators
        return "icarus" if "icarus" in names else names[0]

    def _clean(self) -> tuple[float, Traffic | None]:
        """Run the bench on the design; return how long it took and its traffic. InputError PE904 where it fails."""
        backend = simulator(self._simulator, workspace=self.workspace, processes=self.processes)
        beside = self._recording.prepared() if self._recording else None
        build = self.run.build(backend, waves=False)
        place = self.folder / "clean"
        outcome = self.run.run(backend, build, SEED, place, waves=False, beside=beside)
        failing = [test for test in outcome.tests if test.verdict is not Verdict.PASS]
        if outcome.verdict is not Verdict.PASS or failing:
            told = f"{failing[0].name}: {failing[0].message}" if failing else outcome.problem or "no test ran"
            raise InputError(
                "PE904",
                f"the bench fails on the design itself, so a kill would say nothing: {' '.join(told.split())}",
                where=str(self.run.directory),
                hint="kills count only where the design passes: mend the design or the bench",
            )
        return outcome.seconds, self._recording.read() if self._recording else None

    def _play(self, traffic: Traffic, board: Board, stack: ExitStack) -> None:
        """Note which mutants show at an output on the recorded traffic; the others survive without a simulation."""
        harness = playing_harness(self.design, traffic)
        self.progress(0, 0, "playing the recorded traffic on the mutants")
        try:
            builds = self.switched(harness, board.mutants)
        except (Unsupported, ToolError) as error:
            self.notes.append(f"the traffic is not played on mutants, all run in cocotb: {error.sentence}")
            return
        self.note_stillborn(builds, board)
        runs = self.open(builds, stack)
        stimulus = stimulus_of(traffic, harness)[None]
        clean = runs.lanes(None, stimulus, observe=True)
        if clean.fault or clean.observed is None:
            self.notes.append("the traffic does not play to its end, so all mutants run in cocotb")
            return
        for number, mutant in enumerate(board.unkilled()):
            self.progress(number, len(board.mutants), "playing the recorded traffic on the mutants")
            if not builds.holds(mutant):
                continue
            try:
                answer = runs.lanes(mutant, stimulus, observe=True)
            except Stillborn:
                continue
            if answer.fault is None and answer.observed is not None:
                shown = outputs_differ(harness, clean.observed[0][traffic.settled], answer.observed[0][traffic.settled])
                board[mutant].propagated = shown

    def _run_on_mutants(self, board: Board, store: Store, seconds: float) -> None:
        """Run the bench on each mutant that its traffic shows, or that it could not be played on."""
        bench = self._bench(max(_LEAST_LIMIT, _PATIENCE * seconds))
        waiting = [m for m in board.unkilled() if board[m].propagated is not False and not board[m].judged]
        began = time.monotonic()
        for number, mutant in enumerate(waiting):
            if self.options.seconds is not None and time.monotonic() - began > self.options.seconds:
                self.notes.append(f"the time ran out after {number} of {len(waiting)} mutants that the traffic shows")
                break
            self.progress(number, len(waiting), f"running the bench on {mutant.id}")
            self._try(bench, mutant, board[mutant])
            store.save(board)

    def _try(self, bench: CocotbBench, mutant: Mutant, known: Known) -> None:
        try:
            (tried,) = bench.tests(self.sources(mutant), seed=SEED)
        except PosedgeError as error:
            known.stillborn = error.sentence
            return
        self._take(tried, known)

    def _take(self, tried: Tried, known: Known) -> None:
        known.judged = True
        failed = tried.verdict is Verdict.ERROR and tried.test  # a test that raises what is no assertion
        kill = tried.kill or (Kill(check=tried.test, oracle=None, by="cocotb") if failed else None)
        if kill:
            known.propagated = known.activated = True
            known.add(kill)
        elif tried.verdict is Verdict.TIMEOUT:
            known.timeout = tried.message or "the bench does not end on it"
        elif tried.verdict is Verdict.UNSUPPORTED:
            known.stillborn = tried.message
        elif tried.verdict is not Verdict.PASS:
            known.timeout = f"no verdict: {tried.message}"
