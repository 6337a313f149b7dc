"""From the first sight of a failure to the smallest stimulus that shows it: confirmed alone, shrunk, written down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.bench.stored import Stored
from verif.search.checks import Check
from verif.search.engine import Engine, Stimulus
from verif.search.explore import Sighting
from verif.search.judging import TraceJudge
from verif.search.shrink import shrink
from verif.search.shrink_trial import Judge
from verif.search.simulate import simulate, whole_lengths
from verif.search.writing import Writer

HARDWARE_EXAMPLES = 16_000
"""Lanes that shrinking may judge where a monitor judges."""
PYTHON_EXAMPLES = 6_000
"""The same where the bench's Python does."""
_MOST_FAULTS = 20
"""Candidates that may hang or crash in one call."""


class NotAlone(Exception):
    """The failure needs what was simulated before it: something survived the reset."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A failure, shrunk."""

    sighting: Sighting
    stored: Stored
    cycles: int
    """Rows of the shrunk stimulus, the reset before it left out."""
    fail_cycle: int
    """The failing cycle of the regression, its reset included."""
    shrink_examples: int
    shrink_seconds: float


class Taker:
    """Confirms, shrinks and writes down failures of one harness."""

    def __init__(
        self,
        engine: Engine,
        judge: TraceJudge | None,
        *,
        database: Path,
        seed: int,
        init_seed: int = 1,
    ) -> None:
        """``init_seed`` is what registers without a reset start from."""
        self.engine = engine
        self.harness = engine.harness
        self._judge = judge
        self._database = database
        self._seed = seed
        self._writer = Writer(engine, judge, init_seed=init_seed)

    def take(self, sighting: Sighting) -> Taken:
        """Return the failure shrunk; NotAlone where it doesn't fail again on a new model.

        Every candidate starts on a new model. On one that is only reset, what the candidate before left behind can make
        shorter ones fail that never do alone.
        """
        check = sighting.check
        if not self._fails(sighting):
            raise NotAlone(check.id)
        shrunk = shrink(
            self.judge_of(check),
            self.harness,
            sighting.stimulus,
            sighting.phases,
            seed=self._seed,
            database=self._database,
            budget_examples=HARDWARE_EXAMPLES if check.in_hardware else PYTHON_EXAMPLES,
        )
        rows = shrunk.stimulus[: shrunk.fail_cycle + 1]
        fail_cycle = self.harness.reset_ticks + shrunk.fail_cycle
        return Taken(
            sighting=sighting,
            stored=self._writer.stored(check, rows, fail_cycle, sighting.message),
            cycles=len(rows),
            fail_cycle=fail_cycle,
            shrink_examples=shrunk.examples,
            shrink_seconds=shrunk.seconds,
        )

    def whole(self, sighting: Sighting) -> Taken:
        """Return the failure as it was seen, for a search that is interrupted."""
        fail_cycle = self.harness.reset_ticks + sighting.cycle
        return Taken(
            sighting=sighting,
            stored=self._writer.stored(sighting.check, sighting.stimulus, fail_cycle, sighting.message),
            cycles=len(sighting.stimulus),
            fail_cycle=fail_cycle,
            shrink_examples=0,
            shrink_seconds=0.0,
        )

    def _fails(self, sighting: Sighting) -> bool:
        judge = self.judge_of(sighting.check)
        return bool(judge(sighting.stimulus[np.newaxis], np.array([len(sighting.stimulus)], np.int32))[0] >= 0)

    def judge_of(self, check: Check) -> Judge:
        """Return what tells the first failing cycle of ``check`` in lanes, each on a new model."""

        def judge(stimulus: Stimulus, lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
            observe = not check.in_hardware
            answer, _ = simulate(
                self.engine, stimulus, lengths=lengths, observe=observe, fresh=True, most_faults=_MOST_FAULTS
            )
            if check.monitor is not None:
                return answer.first_fail[:, check.monitor]
            assert self._judge is not None
            assert answer.observed is not None
            counted = np.minimum(whole_lengths(answer), lengths)
            return self._judge.judge(answer.observed, [check.id], counted).first_fail[check.id]

        return judge
