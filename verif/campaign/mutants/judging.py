"""Judge mutants as a bench does: its stimulus, block after block, its monitors, its Python where it alone judges."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.bench.folder import REGRESSIONS
from verif.campaign.adopted.seeds import stored_rows
from verif.campaign.mutants.board import Board, Known
from verif.campaign.mutants.result import Difference, Kill
from verif.campaign.mutants.runs import Runs, Stillborn
from verif.campaign.mutants.showing import differing, values
from verif.campaign.mutants.switching import Switching
from verif.errors import InputError
from verif.harness.model import Harness
from verif.mutation.judging import judge
from verif.mutation.model import Judgement, Mutant
from verif.mutation.parting import parted
from verif.search.checks import Check
from verif.search.judging import TraceJudge
from verif.search.simulate import whole_lengths
from verif.search.writing import AT_HARNESS
from verif.sim.batch.layout import Layout, Rows
from verif.sim.batch.results import Lanes
from verif.verdict import MutantStatus

BATCH = 16
"""Mutants that are built before it is asked whether there is time for more."""
FIRST_LANES = 16
"""Lanes of a block that are tried before the others: most mutants are killed there."""


@dataclass(kw_only=True)
class Judging:
    """Plays stimulus on all mutants that nothing has killed yet."""

    runs: Runs
    builds: Switching
    board: Board
    checks: Sequence[Check]
    """What judges; RECORDED expectations are looked at elsewhere."""
    judge: TraceJudge | None = None
    """The bench's Python, for the checks that are not in hardware."""
    progress: Callable[[int, int, str], None] = lambda done, total, text: None
    cycles: int = 0
    """Of the stimulus that was played to the end."""
    stop: Callable[[], bool] = lambda: False
    """Whether the time is up."""
    jobs: int = 1
    forced_fail: bool = False
    """Whether a check has noticed that all outputs are inverted."""

    def block(self, stimulus: Rows) -> bool:
        """Judge all open mutants on a stimulus; return whether it was played to the end.

        InputError PE904 where a check of the bench fails on the design itself.
        """
        for part in _parts(stimulus):
            if not self._switched(part) or not self._alone(part):
                return False
        self.cycles += stimulus.shape[0] * stimulus.shape[1]
        return True

    def _switched(self, stimulus: Rows) -> bool:
        """Judge those that are in the common build."""
        waiting = [mutant for mutant in self.board.unkilled() if self.builds.holds(mutant)]
        if self.stop():
            return False
        if not self._in_hardware:
            return True
        done = 0

        def told(judgement: Judgement) -> None:
            nonlocal done
            done += 1
            self._take(judgement)
            self.progress(done, len(waiting), "judging mutants")

        for builds, here in self.builds.parts(waiting):
            self.progress(done, len(waiting), "judging mutants")
            judged = judge(builds, list(stimulus), here, jobs=self.jobs, told=told)
            self.forced_fail = self.forced_fail or judged.forced_fail
        return True

    def _take(self, judgement: Judgement) -> None:
        known = self.board[judgement.mutant]
        known.activated = known.activated or judgement.activated
        known.propagated = bool(known.propagated or judgement.propagated or judgement.detected)
        if judgement.status is MutantStatus.TIMEOUT:
            known.timeout = judgement.note
        elif judgement.detected and judgement.detected_by in self._in_hardware:
            known.add(Kill(check=judgement.detected_by, oracle=judgement.oracle, tick=judgement.detected_at))

    @property
    def _in_hardware(self) -> set[str]:
        return {check.id for check in self.checks if check.in_hardware}

    def _alone(self, stimulus: Rows) -> bool:
        """Judge those that need builds of their own, and once more those that survived with all registers at 0.

        Here registers without a reset begin at random values, and the bench's Python judges too. Of those in the common
        build only the ones that this parts from the design are looked at.
        """
        waiting = [mutant for mutant in self.board.unkilled() if self._tells(mutant)]
        clean = self._clean(stimulus) if waiting else None
        if not self._prepared(waiting):
            return False
        apart = self._parted(stimulus, waiting)
        if self.stop():
            return False
        waiting = [mutant for mutant in waiting if mutant.id in apart or not self.builds.holds(mutant)]
        for number, mutant in enumerate(waiting):
            if self.stop():
                return False
            self.progress(number, len(waiting), f"judging {mutant.id}")
            assert clean is not None
            self._judge(mutant, self.board[mutant], stimulus, clean)
        return True

    def _tells(self, mutant: Mutant) -> bool:
        """Whether more stimulus could tell something new: a failing check, or a difference where none is known."""
        known = self.board[mutant]
        return bool(self.checks) or not (known.kills or known.difference)

    def _prepared(self, waiting: Sequence[Mutant]) -> bool:
        """Build the mutants that need builds of their own; return whether there was time."""
        alone = [mutant for mutant in waiting if not self.builds.holds(mutant)]
        for start in range(0, len(alone), BATCH):
            if self.stop():
                return False
            self.progress(start, len(alone), "building mutants one by one")
            self.runs.prepare(alone[start : start + BATCH], self.jobs)
        return True

    def _parted(self, stimulus: Rows, waiting: Sequence[Mutant]) -> set[str]:
        """Return those in the common build on which an output differs, or a check fails."""
        found: set[str] = set()
        done = 0
        for builds, here in self.builds.parts(waiting):
            if self.stop():
                break
            self.progress(done, len(waiting), "looking for differences")
            found |= parted(builds, list(stimulus), here, seed=1, jobs=self.jobs)
            for mutant in here:
                self.board[mutant].propagated = bool(self.board[mutant].propagated)
            done += len(here)
        return found

    def _clean(self, stimulus: Rows) -> Lanes:
        answer = self.runs.lanes(None, stimulus, observe=True)
        if answer.fault:
            raise _unclean(self.runs.harness, answer.fault.sentence)
        for check in self.checks:
            fails = self._fails(check, answer)
            failing = np.flatnonzero(fails >= 0)
            if failing.size:
                told = f"{check.oracle.value} {check.id} fails in cycle {int(fails[failing[0]])}"
                raise _unclean(self.runs.harness, f"{told}{': ' if check.title else ''}{check.title}")
        return answer

    def _judge(self, mutant: Mutant, known: Known, stimulus: Rows, clean: Lanes) -> None:
        try:
            answer = self.runs.lanes(mutant, stimulus, observe=True)
        except Stillborn as stillborn:
            known.stillborn = str(stillborn)
            return
        if answer.fault:
            known.timeout = answer.fault.sentence
            return
        self._compare(known, clean, answer, stimulus)
        self._take_kills(known, answer)

    def _take_kills(self, known: Known, answer: Lanes) -> None:
        for check in self.checks:
            fails = self._fails(check, answer, only=None if check.in_hardware else known)
            failing = fails[fails >= 0]
            if failing.size:
                by = "monitor" if check.in_hardware else "python"
                known.add(Kill(check=check.id, oracle=check.oracle, tick=int(failing.min()), by=by))

    def _compare(self, known: Known, clean: Lanes, answer: Lanes, stimulus: Rows) -> None:
        """Note the first lane in which the outputs differ."""
        assert clean.observed is not None
        assert answer.observed is not None
        if known.difference is not None:
            return
        known.propagated = bool(known.propagated)
        unlike = np.flatnonzero((clean.observed != answer.observed).any(axis=(1, 2)))
        for lane in unlike[:1]:
            found = differing(self.runs.harness, clean.observed[lane], answer.observed[lane])
            if found is not None:
                tick, outputs = found
                rows = values(self.runs.harness, stimulus[lane, : tick + 1])
                known.propagated = True
                known.activated = True
                known.difference = Difference(rows=rows, outputs=outputs, by="judging")

    def _fails(self, check: Check, answer: Lanes, only: Known | None = None) -> npt.NDArray[np.int32]:
        """Return the first failing tick of a check in each lane, -1 for never."""
        if check.monitor is not None:
            return answer.first_fail[:, check.monitor]
        if self.judge is None or answer.observed is None or (only is not None and not only.propagated):
            return np.full(len(answer.first_fail), -1, np.int32)
        return self.judge.judge(answer.observed, [check.id], whole_lengths(answer)).first_fail[check.id]


def _parts(stimulus: Rows) -> Iterator[Rows]:
    yield stimulus[:FIRST_LANES]
    if len(stimulus) > FIRST_LANES:
        yield stimulus[FIRST_LANES:]


def _unclean(harness: Harness, what: str) -> InputError:
    return InputError(
        "PE904",
        f"the bench fails on the design itself, so a kill would say nothing: {what}",
        where=harness.design.top,
        hint="find out which of the two is wrong; 'posedge search' shrinks the failure",
    )


def stored_stimuli(bench: Path, harness: Harness) -> Iterator[Rows]:
    """Yield what lies in a bench as stimulus of one lane each: ``recorded.json`` and the regressions."""
    fields = [field.name for field in harness.stimulus]
    for file in sorted((bench / REGRESSIONS).glob("*.json")):
        try:
            found = json.loads(file.read_text(encoding="utf-8")).get(AT_HARNESS) or {}
            rows = [list(row) for row in found.get("rows") or ()]
        except (OSError, ValueError, AttributeError, TypeError):
            continue
        if rows and found.get("fields") == fields:
            yield _lane(harness, rows)
    for rows_of_lane in stored_rows(bench, harness):
        yield rows_of_lane[np.newaxis]


def _lane(harness: Harness, rows: Sequence[Sequence[int]]) -> Rows:
    layout = Layout.of(harness.stimulus)
    columns = zip(harness.stimulus, zip(*rows, strict=True), strict=True)
    return layout.pack({each.name: np.array(column, object) for each, column in columns})[np.newaxis]
