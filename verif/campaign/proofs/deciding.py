"""What the solver says about a harness's monitors: whether a rule can be broken, whether its condition can be met.

First all are asked about together: a few ticks from the reset, then a joint proof. What stays open is tried again with
mined invariants, and then searched for as deep as the time allows, each on its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from verif.campaign.proofs.result import Condition
from verif.errors import InputError, ToolError, Unsupported
from verif.formal.prove import Never, prove_never
from verif.formal.unreachable import DEPTH, Invariant
from verif.harness.model import FieldKind, Harness, Monitor
from verif.plan.model import Testplan
from verif.search.mining import mined_invariants
from verif.search.stimulus import StimulusMaker
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.layout import Layout, Rows
from verif.sim.process import Processes
from verif.verdict import PointStatus, ProofStatus
from verif.workspace import Workspace

UNLIMITED = 3600.0
"""Seconds for the solver where only a depth was asked for."""
_JOINT, _MINING, _AGAIN = 0.2, 0.4, 0.3
"""Shares of the time that is left: for the first joint proof, for mining, for the joint proof with what was mined."""
_SIMULATED_BLOCKS = 18
_LANES_TRIED = 32
"""Failing lanes of a block that are run alone."""
_LEAST_SECONDS = 15.0
"""A step isn't begun with less, but for the first and the last one."""

_LAST_SECONDS = 2.0

Row = tuple[int, ...]
"""A value for each field of the stimulus port."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """The answer about a monitor."""

    status: ProofStatus = ProofStatus.UNKNOWN
    bound: int | None = None
    method: str = ""
    seconds: float = 0.0
    condition: Condition = field(default_factory=Condition)
    rows: Sequence[Row] = ()
    """FAILED: the stimulus after the reset, the last row fails."""
    why: str = ""

    @property
    def final(self) -> bool:
        """Whether no more time or depth would change it."""
        return self.status in (ProofStatus.PROVED, ProofStatus.FAILED, ProofStatus.VACUOUS)


Told = Callable[[str, Decided], None]
"""Hears of each monitor as soon as it is decided: its id and the answer."""


@dataclass(kw_only=True)
class Decider:
    """Asks one solver about one harness."""

    harness: Harness
    plan: Testplan
    folder: Path
    workspace: Workspace
    processes: Processes
    solver: str
    seconds: float | None
    """None: until ``depth`` is reached."""
    depth: int | None = None
    """Ticks after the reset; None: as many as the time allows."""
    jobs: int = 1
    seed: int = 1
    told: Told = lambda name, answer: None
    progress: Callable[[str], None] = lambda text: None
    started: float = field(default_factory=time.monotonic)
    mined: int = 0
    """Invariants that were mined to help."""
    notes: list[str] = field(default_factory=list)
    _told_ids: set[str] = field(default_factory=set)
    _found: dict[str, Decided] = field(default_factory=dict)
    _conditions: dict[str, Condition] = field(default_factory=dict)
    _invariants: tuple[Invariant, ...] = ()

    def decide(self, monitors: Sequence[Monitor]) -> None:
        """Tell about all ``monitors``; InputError PE881 where the assumptions contradict each other.

        A design that no proof takes leaves all UNKNOWN, with the reason.
        """
        try:
            self._decide(monitors)
        except Unsupported as error:
            self._simulate(monitors)
            for each in monitors:
                self._found.setdefault(each.id, Decided(why=error.sentence))
        self._tell(monitors, final=False)

    def _decide(self, monitors: Sequence[Monitor]) -> None:
        with self._timed("the joint proof"):
            self._joint(monitors, self._share(_JOINT), "proving all together")
        self._simulate(monitors)
        self._tell(monitors, final=True)
        if self._open(monitors) and self._left > _LEAST_SECONDS:
            with self._timed("mining"):
                self._mine()
            if self._invariants and self._left > _LEAST_SECONDS:
                with self._timed("the proof with mined invariants"):
                    self._joint(monitors, self._share(_AGAIN), f"proving with {self.mined} mined invariants")
                self._tell(monitors, final=True)
        self._search_on(monitors)

    @property
    def assumptions(self) -> tuple[Monitor, ...]:
        """The monitors that say that the stimulus is illegal."""
        return tuple(monitor for monitor in self.harness.monitors if monitor.assumption)

    @property
    def _left(self) -> float:
        return UNLIMITED if self.seconds is None else self.seconds - (time.monotonic() - self.started)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        """Note that a tool's time ran out; other faults go on."""
        try:
            yield
        except ToolError as error:
            if error.code != "PE871" or "took more than" not in error.what:
                raise
            self.notes.append(f"the time ran out in {what}")

    def _share(self, part: float) -> float:
        return UNLIMITED if self.seconds is None else max(min(self._left, _LEAST_SECONDS), self._left * part)

    def _open(self, monitors: Sequence[Monitor]) -> list[Monitor]:
        return [each for each in monitors if not self._answer(each).final]

    def _answer(self, monitor: Monitor) -> Decided:
        """Return what is known now: what holds, but whose condition is never met, is vacuous."""
        found = self._found.get(monitor.id, Decided())
        condition = self._conditions.get(monitor.id, found.condition)
        status = found.status
        if condition.status is PointStatus.UNREACHABLE and status is not ProofStatus.FAILED:
            status = ProofStatus.VACUOUS
        return replace(found, status=status, condition=condition)

    def _tell(self, monitors: Sequence[Monitor], *, final: bool) -> None:
        """Tell what is decided and wasn't told; with ``final`` only what nothing will change any more."""
        for monitor in monitors:
            answer = self._answer(monitor)
            settled = answer.final and answer.condition.status is not PointStatus.UNKNOWN
            if monitor.id not in self._told_ids and (not final or settled or answer.status is ProofStatus.FAILED):
                self._told_ids.add(monitor.id)
                self.told(monitor.id, answer)

    def _joint(self, monitors: Sequence[Monitor], seconds: float, what: str) -> None:
        """Ask about all that is open: a short search, then a joint proof."""
        self.progress(what)
        open_fails = {each.fail: each for each in self._open(monitors)}
        open_seens = {each.seen: each for each in monitors if self._condition(each).status is PointStatus.UNKNOWN}
        answers = prove_never(
            self.harness,
            [*open_fails, *open_seens, *([self._in_reset] if self.assumptions else [])],
            self.folder / "joint",
            depth=min(DEPTH, self.depth or DEPTH),
            seconds=seconds,
            solver=self.solver,
            processes=self.processes,
            assumptions=[each.fail for each in self.assumptions],
            invariants=self._invariants,
        )
        self._refuse_contradiction(answers.pop(self._in_reset.id, None))
        for port, answer in answers.items():
            if port in open_fails:
                self._take(open_fails[port], answer)
            else:
                self._conditions[open_seens[port].id] = _condition(answer)

    def _take(self, monitor: Monitor, answer: Never) -> None:
        spent = time.monotonic() - self.started
        found = Decided(
            status=answer.status,
            bound=answer.bound,
            method=answer.method,
            seconds=spent,
            rows=answer.rows,
            why=answer.why,
        )
        if found.status is ProofStatus.UNKNOWN and answer.bound:
            found = replace(found, status=ProofStatus.BOUNDED)
        self._found[monitor.id] = found

    def _condition(self, monitor: Monitor) -> Condition:
        return self._conditions.get(monitor.id, Condition())

    def _refuse_contradiction(self, alive: Never | None) -> None:
        """Raise PE881 with the fewest assumptions that contradict each other, where no run keeps all of them."""
        if alive is None or not self._is_dead(alive):
            return
        guilty = list(self.assumptions)
        for each in list(guilty):
            fewer = [other for other in guilty if other is not each]
            if fewer and self._is_dead(self._alive(fewer)):
                guilty = fewer
        names = ", ".join(each.id for each in guilty)
        clash = f"the assumptions contradict each other: {names}" if len(guilty) > 1 else f"no stimulus keeps {names}"
        raise InputError(
            "PE881",
            f"nothing is proven, since {clash}",
            where=", ".join(each.place for each in guilty if each.place),
            hint="no run keeps them in any cycle without a reset; drop or weaken one",
        )

    def _is_dead(self, alive: Never) -> bool:
        return alive.status in (ProofStatus.PROVED, ProofStatus.VACUOUS)

    def _alive(self, assumptions: Sequence[Monitor]) -> Never:
        """Return whether no run ever leaves the reset without breaking an assumption."""
        answers = prove_never(
            self.harness,
            [self._in_reset],
            self.folder / "contradiction",
            depth=DEPTH,
            seconds=self._share(_JOINT),
            solver=self.solver,
            processes=self.processes,
            assumptions=[each.fail for each in assumptions],
        )
        return answers[self._in_reset.id]

    @property
    def _in_reset(self) -> Invariant:
        """What is true where every cycle is one of a reset."""
        resets = [f"harness.{each.name}" for each in self.harness.stimulus if each.kind is FieldKind.RESET]
        return Invariant(id="always in reset", expression=" || ".join(resets) or "1'b0")

    def _simulate(self, monitors: Sequence[Monitor]) -> None:
        """See which conditions simulation meets and what it breaks, where the solver has not seen to it.

        A run that a solver found may rest on a start value, and a lane on what ran before it: for such one that fails
        alone is looked for.
        """
        places = {
            place: each
            for place, each in enumerate(self.harness.monitors)
            if each in monitors and (not self._condition_known(each) or not self._proved(each))
        }
        if not places:
            return
        self.progress("simulating")
        maker = StimulusMaker(self.harness, self.plan, seed=self.seed)
        with Batch(build_batch(self.harness, workspace=self.workspace, processes=self.processes)) as batch:
            alone = {place for place, each in places.items() if self._fails_alone(batch, place, each)}
            for number in range(_SIMULATED_BLOCKS):
                stimulus = maker.block(number).stimulus
                answer = batch.lanes(stimulus)
                for place, each in places.items():
                    if answer.seen[:, place].any() and not self._condition_known(each):
                        self._conditions[each.id] = Condition(status=PointStatus.HIT, method="simulation")
                    lanes = np.flatnonzero(answer.first_fail[:, place] >= 0)[:_LANES_TRIED]
                    if len(lanes) and place not in alone:
                        rows = _shortest(batch, place, stimulus[lanes])
                        if rows is not None:
                            alone.add(place)
                            self._found[each.id] = self._broken(rows)
                        elif not self._answer(each).final:
                            end = answer.first_fail[lanes[0], place] + 1
                            self._found[each.id] = self._broken(stimulus[lanes[0], :end])

    def _proved(self, monitor: Monitor) -> bool:
        return self._answer(monitor).status in (ProofStatus.PROVED, ProofStatus.VACUOUS)

    def _fails_alone(self, batch: Batch, place: int, monitor: Monitor) -> bool:
        """Whether the batch engine shows the run that a solver found."""
        found = self._found.get(monitor.id, Decided()).rows
        if not found:
            return False
        names = [each.name for each in self.harness.stimulus]
        columns = zip(names, zip(*found, strict=True), strict=True)
        rows = Layout.of(self.harness.stimulus).pack({name: np.array(values, object) for name, values in columns})
        return _shortest(batch, place, rows[np.newaxis]) is not None

    def _broken(self, stimulus: Rows) -> Decided:
        """Return the answer about a monitor that a stimulus breaks in its last row."""
        layout = Layout.of(self.harness.stimulus)
        columns = [layout.get(stimulus, each.name, integers=True).tolist() for each in self.harness.stimulus]
        return Decided(
            status=ProofStatus.FAILED,
            bound=len(stimulus) - 1,
            method="simulation",
            seconds=time.monotonic() - self.started,
            rows=list(zip(*columns, strict=True)),
        )

    def _mine(self) -> None:
        self.progress("mining invariants")
        self._invariants = mined_invariants(
            self.harness,
            self.plan,
            self.folder / "mining",
            workspace=self.workspace,
            processes=self.processes,
            seconds=self._share(_MINING),
            seed=self.seed,
            solver=self.solver,
            assumptions=[each.fail for each in self.assumptions],
        )
        self.mined = len(self._invariants)

    def _search_on(self, monitors: Sequence[Monitor]) -> None:
        """Search for what is open, several at a time, each as deep as its share of the time allows."""
        waiting = [
            each
            for each in monitors
            if each.id not in self._told_ids and (not self._answer(each).final or not self._condition_known(each))
        ]
        if not waiting or self._left < _LAST_SECONDS or (self.depth is not None and self.depth <= DEPTH):
            return
        self.progress(f"searching deeper for {', '.join(each.id for each in waiting)}")
        rounds = -(-len(waiting) // self.jobs)
        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            running: dict[Future[None], Monitor] = {
                pool.submit(self._search_one, each, self._left / rounds): each for each in waiting
            }
            try:
                for future in as_completed(running):
                    with self._timed(f"the search for a failure of {running[future].id}"):
                        future.result()
                    self._tell([running[future]], final=False)
            except BaseException:
                self.processes.stop()
                raise

    def _condition_known(self, monitor: Monitor) -> bool:
        return self._condition(monitor).status is not PointStatus.UNKNOWN

    def _search_one(self, monitor: Monitor, seconds: float) -> None:
        known = self._answer(monitor)
        ports = [] if known.final else [monitor.fail]
        ports += [] if self._condition_known(monitor) else [monitor.seen]
        answers = prove_never(
            self.harness,
            ports,
            self.folder / monitor.fail,
            depth=self.depth,
            seconds=seconds if self.seconds is None else min(seconds, max(0.1, self._left)),
            solver=self.solver,
            processes=self.processes,
            assumptions=[each.fail for each in self.assumptions],
            invariants=self._invariants,
        )
        if monitor.seen in answers:
            self._conditions[monitor.id] = _condition(answers[monitor.seen])
        if monitor.fail in answers:
            self._take(monitor, answers[monitor.fail])


def _shortest(batch: Batch, place: int, stimulus: Rows) -> Rows | None:
    """Return the shortest of the lanes that break a monitor on a model that was just made, up to there."""
    fails = batch.lanes(stimulus, fresh=True).first_fail[:, place]
    ends = np.where(fails < 0, np.iinfo(fails.dtype).max, fails)
    lane = int(ends.argmin())
    return stimulus[lane, : fails[lane] + 1] if fails[lane] >= 0 else None


def _condition(answer: Never) -> Condition:
    """Return what the answer about "never met" says of a condition."""
    if answer.status is ProofStatus.FAILED:
        return Condition(status=PointStatus.HIT, bound=answer.bound, method="solver")
    if answer.status is ProofStatus.PROVED:
        return Condition(status=PointStatus.UNREACHABLE, bound=answer.bound, method=answer.method)
    return Condition(bound=answer.bound)
