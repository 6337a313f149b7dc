"""Simulate two versions side by side: in lanes, or in the batch engine where they don't fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from verif.errors import PosedgeError
from verif.harness.model import Harness
from verif.harness.twin import Twin
from verif.lanes import LaneEngine, build_lanes
from verif.lanes.stirring import stirred
from verif.plan.model import Testplan
from verif.search.shrink import shrink
from verif.sim.batch import Batch, build_batch
from verif.sim.batch.layout import Rows
from verif.sim.process import Processes
from verif.verdict import Verdict
from verif.workspace import Workspace

LANES = 512
BATCH_LANES = 64
LADDER = (64, 256, 64, 1024, 256, 4096)
"""Ticks of the lanes of one draw, over and over."""
SHRINKING = 4000
"""Lanes that may be spent on a shorter run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A lane in which outputs differ."""

    rows: Rows
    """``[ticks, words]``, the last one the tick in which they do."""
    whole: Rows
    """The same run to its end."""
    point: int
    """Place of the coverage point."""


@dataclass(kw_only=True)
class Runs:
    """Runs of a twin harness whose registers start at 0; draw by draw, the same seed gives the same runs."""

    twin: Twin
    engine: Batch
    reason: str
    """Why it is the batch engine; empty where it is lanes."""
    seed: int
    drawn: int = 0
    ticks: int = 0
    """Lane-ticks so far."""

    @property
    def name(self) -> str:
        """Return what the engine is called."""
        return "batch engine" if self.reason else "lanes"

    def search(self) -> Hit | None:
        """Run one more draw; return the earliest difference in it."""
        length = LADDER[self.drawn % len(LADDER)]
        draw = self.seed * 1_000_003 + self.drawn
        self.drawn += 1
        if isinstance(self.engine, LaneEngine):
            found = self.engine.drawn(LANES, length, draw=draw, hit_ticks=True, seed=None)
            rows = None
        else:
            rows = stirred(self.harness, BATCH_LANES, length, draw)
            found = self.engine.lanes(rows, hit_ticks=True, seed=None)
        assert found.hit_ticks is not None
        self.ticks += len(found.hit_ticks) * length
        first = np.where(found.hit_ticks < 0, length, found.hit_ticks)
        lane, point = (int(place) for place in np.unravel_index(first.argmin(), first.shape))
        if first[lane, point] == length:
            return None
        if isinstance(self.engine, LaneEngine):
            mine = self.engine.rows([lane], length, draw=draw)[0]
        else:
            assert rows is not None
            mine = rows[lane]
        return Hit(rows=mine[: first[lane, point] + 1], whole=mine, point=point)

    def samples(self, draws: int, ticks: int) -> dict[str, npt.NDArray[np.uint64]]:
        """Return what the watched outputs are in the ticks of some draws, resets left out: name to values."""
        parts = [self._sampled(draw, ticks) for draw in range(draws)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def shorter(self, hit: Hit, folder: Path) -> Rows:
        """Return a run as short and plain as can be found that has the same output differ."""

        def judge(lanes: npt.NDArray[np.uint32], lengths: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
            found = self.engine.lanes(np.ascontiguousarray(lanes), lengths=lengths, hit_ticks=True, seed=None)
            assert found.hit_ticks is not None
            return found.hit_ticks[:, hit.point]

        folder.mkdir(parents=True, exist_ok=True)
        made = shrink(
            judge, self.harness, hit.rows, seed=self.seed, database=folder / "shrinking", budget_examples=SHRINKING
        )
        return made.stimulus

    def values(self, rows: Rows) -> list[tuple[int, ...]]:
        """Return packed rows as values, a value a field."""
        layout = self.engine.build.stimulus
        columns = [layout.get(rows, field.name, integers=True).tolist() for field in self.harness.stimulus]
        return [tuple(int(value) for value in row) for row in zip(*columns, strict=True)]

    @cached_property
    def harness(self) -> Harness:
        """The harness of both."""
        return self.twin.harness

    def _sampled(self, draw: int, ticks: int) -> dict[str, npt.NDArray[np.uint64]]:
        if isinstance(self.engine, LaneEngine):
            answer = self.engine.drawn(BATCH_LANES, ticks, draw=draw + 1, observe=True, seed=None)
        else:
            rows = stirred(self.harness, BATCH_LANES, ticks, draw + 1)
            answer = self.engine.lanes(rows, observe=True, seed=None)
        assert answer.observed is not None
        layout = self.engine.build.observed
        active = np.zeros((BATCH_LANES, ticks), np.bool_)
        for reset in self.harness.resets:
            name = next(each.name for each in self.harness.observed if each.port == reset.name)
            active |= layout.get(answer.observed, name) == int(reset.active_high)
        names = [each.name for side in self.twin.watched for each in side]
        return {name: layout.get(answer.observed, name)[~active].astype(np.uint64) for name in names}


@contextmanager
def runs_of(
    twin: Twin, plan: Testplan | None, *, workspace: Workspace, processes: Processes, seed: int
) -> Iterator[Runs]:
    """Build a twin harness for lanes, or for the batch engine where lanes can't run it."""
    try:
        build = build_lanes(twin.harness, plan=plan, workspace=workspace, processes=processes)
        lanes = LaneEngine(build)
        engine: Batch = lanes
        reason = _broken(lanes)
        if reason:
            lanes.close()
    except PosedgeError as error:
        reason = error.sentence
    if reason:
        engine = Batch(build_batch(twin.harness, workspace=workspace, processes=processes))
    with engine:
        yield Runs(twin=twin, engine=engine, reason=reason, seed=seed)


def _broken(engine: LaneEngine) -> str:
    """Return why a lane build doesn't run at all; a difference that it finds is judged elsewhere anyway."""
    answer = engine.drawn(1, 1, draw=1, seed=None)
    return answer.fault.sentence if answer.fault and answer.fault.verdict is not Verdict.PASS else ""


def columns(twin: Twin, samples: dict[str, npt.NDArray[np.uint64]], side: int) -> Sequence[npt.NDArray[np.uint64]]:
    """Return the samples of one version's watched registers, in their order."""
    return [samples[each.name] for each in twin.watched[side]]
