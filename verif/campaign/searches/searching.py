"""Search a bench for failures: build the harness, explore, shrink, save each failure, replay it in cocotb."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from verif.bench.folder import KNOWN_OUTPUTS
from verif.campaign.adopted.seeds import recorded, seed_rows
from verif.campaign.adopted.stand_in import stand_in
from verif.campaign.benches.engines import EngineChoice, LanesWhenDue, lanes_beside
from verif.campaign.benches.harness import BenchHarness, bench_harness
from verif.campaign.benches.options import RunOptions
from verif.campaign.benches.run import BenchRun, bench_runs
from verif.campaign.regressions.keeping import Keeper
from verif.campaign.regressions.replay import Regression, Replayed
from verif.campaign.searches.lanes import SearchLanes
from verif.campaign.searches.result import SearchFailure, SearchResult
from verif.campaign.searches.unjudged import nothing_judges
from verif.campaign.searches.unknowns import TRUTH, FourStates, UnknownSearch, unknown_checks, unknowns_due
from verif.errors import InputError
from verif.search.checks import Check, checks_of, chosen
from verif.search.explore import Budget, Explorer, Sighting, survivors
from verif.search.judging import JudgeBroke, TraceJudge
from verif.search.seeds import Rows, Seeds
from verif.search.stimulus import StimulusMaker
from verif.search.taking import NotAlone, Taken, Taker
from verif.sim.batch import Batch, build_batch
from verif.sim.process import Processes
from verif.sim.registry import simulator
from verif.verdict import Verdict
from verif.workspace import Workspace

CALL_SECONDS = 10.0
"""A call that simulates a block takes a fraction of a second; after so long it hangs."""
DOUBLE_RESET_LANES = 32
_FOUR_STATE = ("verif.bench.library.rules.known", "verif.bench.library.rules.payload_known")
"""Modules of rules that only an X can break."""
SEEDED, SEEDED_ADOPTED = 4, 2
"""Every so many examples one is made of recordings. An adopted bench's tests tell what no plan of ours knows."""
_UNRECORDED = (
    "the traffic of the bench's own tests is not recorded: 'posedge run {bench} --coverage --sim icarus' records it, "
    "and the next search starts from it"
)

_ONLY_UNKNOWN = "nothing judges this design but that its outputs are known, so it is looked at in four states alone"

Progress = Callable[[Explorer | None, str], None]
"""Called with the explorer, once there is one, and what is being done."""
Told = Callable[[SearchFailure], None]
"""Called with each failure as soon as it is saved and replayed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchOptions:
    """What a user can choose about a search."""

    budget: Budget
    seed: int = 1
    sources: tuple[Path, ...] = ()
    """RTL that takes the place of the bench's files that define the same modules."""
    check: str | None = None
    """Glob on the ids of checks; None takes all."""
    most_failures: int | None = None
    """Stop after so many failing checks."""
    simulators: tuple[str, ...] = ()
    """Simulators to replay on; empty means the bench's own that are installed."""
    config: str | None = None
    engine: EngineChoice = EngineChoice.AUTO
    coverage: bool = True
    replay: bool = True
    """Whether failures are replayed in cocotb."""


def search_bench(
    bench: Path,
    options: SearchOptions,
    *,
    workspace: Workspace,
    processes: Processes | None = None,
    progress: Progress = lambda explorer, text: None,
    told: Told = lambda failure: None,
) -> SearchResult:
    """Search one bench; an interrupt ends it with what was found so far.

    InputError PE315 for an unknown simulator, PE840 for a bench without a plan, PE841 where nothing judges, PE842 where
    no check matches. The design may hang, crash or break the bench's model: those are results.
    """
    for name in options.simulators:
        simulator(name)
    run_options = RunOptions(
        configs=(options.config,) if options.config else (), sources=options.sources, simulators=options.simulators
    )
    run = bench_runs(bench, run_options)[0]
    search = _Search(run, options, workspace, processes or Processes(), progress, told)
    return search.perform()


def searched_checks(parts: BenchHarness, judge: TraceJudge | None) -> tuple[Check, ...]:
    """Return the checks of a bench that two-state simulation can break.

    The harness's monitors stand for the bench's judges as long as these are as drafted.
    """
    bench = judge.checks if judge else ()
    oracles = set(parts.titles)
    known = {check.id for check in bench}
    left = oracles if parts.edited else {name for name in oracles if judge and name not in known}
    checks = checks_of(parts.harness, bench, parts.titles, edited=left)
    four_state = four_state_rules(parts)
    return tuple(check for check in checks if check.id not in four_state)


def four_state_rules(parts: BenchHarness) -> set[str]:
    """Return the ids of the rules that only an X can break."""
    return {rule.id for rule in parts.oracles.rules if rule.snippet.module in _FOUR_STATE} | {KNOWN_OUTPUTS}


class _Search:
    """One search as it goes on."""

    def __init__(
        self,
        run: BenchRun,
        options: SearchOptions,
        workspace: Workspace,
        processes: Processes,
        progress: Progress,
        told: Told,
    ) -> None:
        self.run = run
        self.options = options
        self.workspace = workspace
        self.processes = processes
        self.failures: list[SearchFailure] = []
        self.trouble: list[tuple[Verdict, str]] = []
        self.notes: list[str] = []
        self.interrupted = False
        self._assumes: dict[str, str] = {}
        self._lanes: SearchLanes | None = None
        self._standing = run
        self._four_states: FourStates | None = None
        self._x_examples = 0
        self._keeper = Keeper(run=run, workspace=workspace, processes=processes, replay=options.replay)
        self._progress = progress
        self._told = told
        self._started = self._budget_from = time.monotonic()

    def perform(self) -> SearchResult:
        """Search until the budget is spent."""
        self._progress(None, "reading the bench")
        self._standing = stand_in(self.run, self.workspace)
        parts = bench_harness(self._standing)
        self.notes += parts.harness.notes
        self._assumes = {rule.id: rule.assume for rule in parts.oracles.rules}
        with ExitStack() as stack:
            self._four_states = self._four_states_due(stack)
            judge = self._judge(parts, stack)
            checks = self._checks(parts, judge)
            self._progress(None, "building the harness")
            build = build_batch(
                parts.harness, workspace=self.workspace, coverage=self.options.coverage, processes=self.processes
            )
            batch = stack.enter_context(Batch(build, timeout=CALL_SECONDS))
            built = time.monotonic() - self._started
            explorer = self._explorer(batch, parts, checks, judge, stack)
            try:
                self._explore(explorer, batch, judge)
                self._look_for_unknowns(explorer, alone=not checks)
            except KeyboardInterrupt:
                self.interrupted = True
            return self._result(checks, explorer, batch, built)

    def _judge(self, parts: BenchHarness, stack: ExitStack) -> TraceJudge | None:
        """Start the bench's Python; None, with the reason kept, where it can't be."""
        if not any((folder / f"{parts.module}.py").is_file() for folder in parts.python_path):
            return None
        try:
            return stack.enter_context(TraceJudge(parts.harness, parts.module, parts.python_path))
        except JudgeBroke as broke:
            self.trouble.append((broke.verdict, broke.sentence))
            return None

    def _checks(self, parts: BenchHarness, judge: TraceJudge | None) -> tuple[Check, ...]:
        checks = searched_checks(parts, judge)
        if not checks and not self.trouble:
            if not self._unknown_checks():
                raise nothing_judges(self.run)
            self.notes.append(_ONLY_UNKNOWN)
        picked = chosen(checks, self.options.check)
        if checks and not picked:
            raise InputError(
                "PE842",
                f"no check matches '{self.options.check}'",
                where=str(self.run.directory),
                allowed=f"there are {', '.join(check.id for check in checks)}",
            )
        return picked

    def _explorer(
        self, batch: Batch, parts: BenchHarness, checks: Sequence[Check], judge: TraceJudge | None, stack: ExitStack
    ) -> Explorer:
        recordings = seed_rows(self.run.directory, parts.harness, workspace=self.workspace)
        seeds = self._seeds(parts, recordings)
        maker = StimulusMaker(parts.harness, parts.plan, seed=self.options.seed, seeds=seeds)
        fresh = self._survives_reset(batch, maker)
        beside = lanes_beside(parts.harness, parts.plan, workspace=self.workspace, probes=True)
        lanes = LanesWhenDue(
            self.options.engine, beside, note=self.notes.append, progress=lambda text: self._progress(None, text)
        )
        stack.callback(lanes.close)
        if self.options.budget.seconds is not None:
            lanes.prepare()
            if self.options.engine is EngineChoice.LANES:
                self._budget_from = time.monotonic()
        self._lanes = SearchLanes(lanes, lengths=maker.lengths, seed=self.options.seed, recordings=recordings)
        return Explorer(batch, maker, checks, judge, fresh=fresh, hunts=self._lanes, started=self._budget_from)

    def _seeds(self, parts: BenchHarness, found: Sequence[Rows]) -> Seeds:
        """Return what is recorded of the bench; say so where an adopted bench's traffic isn't."""
        adopted = self.run.manifest.adopted
        if adopted and not recorded(self.run.directory, self.workspace):
            self.notes.append(_UNRECORDED.format(bench=self.run.directory))
        every = SEEDED_ADOPTED if adopted else SEEDED
        return Seeds(parts.harness, found, seed=self.options.seed, every=every)

    def _survives_reset(self, batch: Batch, maker: StimulusMaker) -> bool:
        ports = survivors(batch, maker.block(0).stimulus[:DOUBLE_RESET_LANES])
        if ports:
            self._note_survivors(f"{', '.join(ports)} {'differs' if len(ports) == 1 else 'differ'} after a reset")
        return bool(ports)

    def _note_survivors(self, what: str) -> None:
        self.notes.append(f"state survives reset ({what}): each example starts on a fresh model")

    def _explore(self, explorer: Explorer, batch: Batch, judge: TraceJudge | None) -> None:
        taker = Taker(
            batch, judge, database=self.workspace.bench(self.run.directory) / "hypothesis", seed=self.options.seed
        )
        for sighting in explorer.explore(self.options.budget, lambda: self._between(explorer)):
            taken: Taken | None = None
            try:
                self._progress(explorer, f"shrinking {sighting.check.id}")
                taken = taker.take(sighting)
                self._keep(explorer, taken)
            except NotAlone:
                self._not_alone(explorer, sighting)
            except KeyboardInterrupt:
                self._keep_unreplayed(taken or taker.whole(sighting))
                raise
            except JudgeBroke as broke:
                explorer.broken = explorer.broken or broke
                self._keep_unreplayed(taken or taker.whole(sighting))
            if self._enough:
                return

    @property
    def _enough(self) -> bool:
        most = self.options.most_failures
        return most is not None and len(self.failures) >= most

    def _between(self, explorer: Explorer) -> None:
        """Begin the build of four states once it is known whether there are lanes, or half of the time is gone."""
        self._progress(explorer, "searching")
        seconds = self.options.budget.seconds
        late = seconds is not None and explorer.seconds > seconds / 2
        if self._four_states and (late or (self._lanes and self._lanes.settled)):
            self._four_states.start()

    def _four_states_due(self, stack: ExitStack) -> FourStates | None:
        options = self.options
        simulators = options.simulators or self.run.manifest.simulators
        if not (options.replay and TRUTH in simulators and unknowns_due(options.engine, options.budget)):
            return None
        found = FourStates(lambda: bench_harness(self._standing, for_x=True), workspace=self.workspace)
        stack.callback(found.close)
        return found

    def _unknown_checks(self) -> tuple[Check, ...]:
        """Return the checks that an X may break and that did not fail without, none where no X is looked for."""
        if self._four_states is None:
            return ()
        parts, failed = self._four_states.parts, {failure.check.id for failure in self.failures}
        checks = [check for check in unknown_checks(parts, four_state_rules(parts)) if check.id not in failed]
        return chosen(checks, self.options.check)

    def _look_for_unknowns(self, explorer: Explorer, *, alone: bool) -> None:
        """Look for failures that take an X; ``alone``: nothing else was looked for."""
        if self._enough or self._four_states is None or not (checks := self._unknown_checks()):
            return
        left = None if self.options.budget.seconds is None else self.options.budget.seconds - explorer.seconds
        self._progress(explorer, "building lanes of four states")
        build, why = self._four_states.build(left)
        if build is None:
            self.notes.append(why)
            self.trouble += [(Verdict.UNKNOWN, why)] if alone else []
            return
        search = UnknownSearch(
            keeper=self._keeper,
            parts=self._four_states.parts,
            build=build,
            checks=checks,
            seed=self.options.seed,
            note=self.notes.append,
            progress=lambda text: self._progress(explorer, text),
        )
        for found in search.failures():
            self._add(found.taken, found.regression, found.replayed)
            if self._enough:
                break
        self._x_examples = search.effort.lanes

    def _not_alone(self, explorer: Explorer, sighting: Sighting) -> None:
        """Go on with a fresh model for each lane, and look for the check again."""
        if sighting.by_lanes and self._lanes:
            self._lanes.doubt(sighting, explorer.engine)
            self.notes.append(
                f"lanes saw a failure of {sighting.check.id} that the batch engine does not show: it is not told"
            )
            explorer.reopen(sighting.check)
            return
        if explorer.fresh:
            self.notes.append(f"a failure of {sighting.check.id} was seen once and not again")
            return
        explorer.fresh = True
        explorer.reopen(sighting.check)
        self._note_survivors(f"a failure of {sighting.check.id} needed what ran before it")

    def _keep(self, explorer: Explorer, taken: Taken) -> None:
        self._progress(explorer, f"replaying {taken.stored.id}")
        regression, replayed = self._keeper.keep(taken.stored)
        self._add(taken, regression, replayed)

    def _keep_unreplayed(self, taken: Taken) -> None:
        """Save and tell a failure that could not be shrunk or replayed to the end."""
        if taken.sighting.check.id in {failure.check.id for failure in self.failures}:
            return
        self._add(taken, self._keeper.save(taken.stored), ())

    def _add(self, taken: Taken, regression: Regression, replayed: tuple[Replayed, ...]) -> None:
        failure = SearchFailure(
            taken=taken,
            regression=regression,
            replayed=replayed,
            sources=self.options.sources,
            assume=self._assumes.get(taken.sighting.check.id, ""),
        )
        self.failures.append(failure)
        self._told(failure)

    def _result(self, checks: Sequence[Check], explorer: Explorer, batch: Batch, built: float) -> SearchResult:
        if explorer.broken:
            self.trouble.append((explorer.broken.verdict, explorer.broken.sentence))
        self.trouble += [(fault.verdict, fault.sentence) for fault in explorer.faults]
        if explorer.ending:
            self.notes.append(f"the design ended some examples itself: {explorer.ending}")
        self._tell_cut(explorer)
        hit, total = int((batch.coverage() > 0).sum()), len(batch.points)
        return SearchResult(
            bench=self.run.directory,
            top=self.run.manifest.top,
            seed=self.options.seed,
            sources=tuple(file.resolve() for file in self.options.sources),
            checks=tuple(checks),
            effort=explorer.effort,
            seconds=time.monotonic() - self._started,
            build_seconds=built,
            failures=tuple(self.failures),
            trouble=tuple(dict.fromkeys(self.trouble)),
            notes=tuple(dict.fromkeys(self.notes)),
            vacuous=tuple(c.id for c in checks if c.monitor is not None and not explorer.seen[c.monitor]),
            interrupted=self.interrupted,
            engine=str(self.options.engine),
            x_examples=self._x_examples,
            coverage={"hit": hit, "total": total, "examples": explorer.effort.examples} if total else None,
        )

    def _tell_cut(self, explorer: Explorer) -> None:
        """Say how many examples the assumptions left; where none, nothing was searched."""
        effort = explorer.effort
        if not effort.cut_examples:
            return
        names = ", ".join(one.id for one in explorer.engine.harness.monitors if one.assumption)
        if effort.cut_cycles == effort.cycles:
            said = f"every example breaks the assumptions ({names}) in its first cycle, so nothing was judged"
            self.trouble.append((Verdict.UNKNOWN, said))
        else:
            cut = f"{effort.cut_examples:,} of {effort.examples:,} examples end early"
            self.notes.append(f"{cut}: their stimulus breaks an assumption ({names})")
