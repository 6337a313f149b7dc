"""Benches' cycles played again in the batch engine, on instrumented sources: which points each test hits.

A drafted bench tells the values of its ports in each cycle, so its tests play as they were, each on a fresh model. An
adopted bench's recorded traffic plays as steps; of those only the ones before a clock's active edge count, which are
its cycles. Registers start at random: what doesn't happen for every start value isn't counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from verif.bench.oracles import OracleSet
from verif.bench.traces import Cycle
from verif.bench.traffic import Traffic
from verif.campaign.adopted.replay import playing_harness, stimulus_of
from verif.coverage.model import CoverPoint
from verif.coverage.probes import ProbedHarness, with_probes
from verif.design.model import Design, Direction, Edge
from verif.harness import assemble
from verif.harness.model import COVERS, FieldKind, Harness, Observed
from verif.harness.monitors.properties import JudgedProperty
from verif.plan.model import Testplan
from verif.property import Directive
from verif.sim.batch import Batch, BatchBuild, build_batch
from verif.sim.process import Processes
from verif.workspace import Workspace

STARTS = 3
"""Start values of the registers that are tried."""
_TIMEOUT_SECONDS = 120.0

Rows = npt.NDArray[np.uint32]
Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What a bench's cycles hit."""

    points: tuple[CoverPoint, ...]
    hits: Mapping[str, frozenset[str]]
    """Test to ids of points."""
    notes: tuple[str, ...]


def play_cycles(
    tests: Mapping[str, Sequence[Cycle]],
    design: Design,
    plan: Testplan,
    workspace: Workspace,
    processes: Processes,
    *,
    properties: Sequence[JudgedProperty] = (),
) -> Played:
    """Play the cycles of a drafted bench's tests on ``design``; Unsupported and ToolError as ``build_batch``.

    The points are also those of ``plan``, which the bench counts itself, and the cover properties.
    """
    nothing = Testplan(dut=design.top, origin="recording", drivers=(), points=())
    covers = tuple(one for one in properties if one.prop.directive is Directive.COVER)
    harness = assemble(design, nothing, OracleSet(model=None, rules=(), drivers=()), properties=covers)
    held = harness.reset_ticks
    probed = with_probes(replace(harness, reset_ticks=0), plan, workspace=workspace)
    if not probed.points:
        return Played(points=(), hits={}, notes=probed.notes)
    notes: list[str] = []
    hits: dict[str, frozenset[str]] = {}
    with _Player(probed, workspace, processes, outputs=True) as player:
        for test, cycles in tests.items():
            rows = _rows(cycles, player.build)
            seen = player.covered(rows)
            hits[test] = player.named(seen[held:])
            notes += _left(test, cycles, player, held)
    return Played(points=probed.points, hits=hits, notes=(*probed.notes, *notes))


def play_traffic(traffic: Traffic, design: Design, workspace: Workspace, processes: Processes) -> Played:
    """Play an adopted bench's traffic on ``design``; Unsupported and ToolError as ``build_batch``."""
    nothing = Testplan(dut=design.top, origin="recording", drivers=(), points=())
    probed = with_probes(playing_harness(design, traffic), nothing, workspace=workspace, design=design)
    if not probed.points:
        return Played(points=(), hits={}, notes=probed.notes)
    ticks = _ticks(traffic, design)
    hits: dict[str, frozenset[str]] = {}
    with _Player(probed, workspace, processes) as player:
        seen = player.covered(stimulus_of(traffic, player.harness))
        for part in traffic.parts:
            own = ticks[(ticks >= part.first) & (ticks < part.stop)]
            hits[part.test] = hits.get(part.test, frozenset()) | player.named(seen[own])
        trouble = (f"The traffic could not be played again: {player.trouble}",) if player.trouble else ()
    return Played(points=probed.points, hits=hits, notes=(*probed.notes, *trouble))


class _Player:
    """A probed harness in the batch engine, whose points are told row by row."""

    def __init__(
        self, probed: ProbedHarness, workspace: Workspace, processes: Processes, *, outputs: bool = False
    ) -> None:
        """With ``outputs`` the ports' values are kept too, to be compared."""
        count = len(probed.points)
        covers = Observed(name=COVERS, port=COVERS, width=count, direction=Direction.OUTPUT)
        ports = probed.harness.observed if outputs else ()
        self.harness: Harness = replace(probed.harness, observed=(*ports, covers))
        self.build: BatchBuild = build_batch(self.harness, workspace=workspace, processes=processes)
        self.runs: list[Rows] = []
        """What was observed for each start of the registers, in the last call."""
        self.trouble = ""
        self._outputs = outputs
        self._batch = Batch(self.build, timeout=_TIMEOUT_SECONDS)
        self._ids = np.array(probed.harness.covers, object)

    def __enter__(self) -> _Player:
        return self

    def __exit__(self, *error: object) -> None:
        self._batch.close()

    def covered(self, rows: Rows) -> Rows:
        """Return ``[rows + 1, words]``: bit n of word n // 32 is 1 where point n is hit, however the registers start.

        One row more than was asked for, with the same inputs, shows what the last edge ran.
        """
        longer = np.concatenate((rows, rows[-1:]))
        span = self.build.observed.slot(COVERS).span
        self.trouble, self.runs = "", []
        whole: Rows | None = None
        for seed in range(1, STARTS + 1):
            run = self._batch.run(longer, observe=True, seed=seed, fresh=True)
            assert run.observed is not None
            self.trouble = self.trouble or (run.fault.sentence if run.fault else "")
            words = run.observed[:, span]
            whole = words.copy() if whole is None else whole & words
            if self._outputs:
                self.runs.append(run.observed)
        assert whole is not None
        return whole

    def named(self, seen: Rows) -> frozenset[str]:
        """Return the ids of the points that are hit in any of the rows ``[rows, words]``."""
        words = np.ascontiguousarray(np.bitwise_or.reduce(seen, axis=0), "<u4")
        return frozenset(self._ids[np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))])


def _rows(cycles: Sequence[Cycle], build: BatchBuild) -> Rows:
    """Return stimulus that drives the design's inputs as in ``cycles``."""
    values: dict[str, npt.NDArray[np.object_]] = {}
    resets = [field.name for field in build.harness.stimulus if field.kind is FieldKind.RESET]
    for name, reset in zip(resets, build.harness.resets, strict=True):
        level = int(reset.active_high)
        values[name] = np.array([int(cycle.inputs[reset.name] == level) for cycle in cycles], object)
    for field in build.harness.stimulus:
        if field.kind is not FieldKind.RESET:
            values[field.name] = np.array([cycle.inputs[field.meaning] for cycle in cycles], object)
    return build.stimulus.pack(values) if values else build.stimulus.rows(len(cycles))


def _left(test: str, cycles: Sequence[Cycle], player: _Player, held: int) -> Iterator[str]:
    """Tell where the replay isn't what the bench saw after its first ``held`` cycles, the reset.

    Until then the test before it still shows. Outputs that depend on registers' start values don't count.
    """
    if player.trouble:
        yield f"{test} could not be played again: {player.trouble}"
        return
    layout = player.build.observed
    for port in player.harness.observed:
        if port.direction is not Direction.OUTPUT or port.name == COVERS:
            continue
        first, *others = (layout.get(observed, port.name, integers=True) for observed in player.runs)
        sure = np.all([first == other for other in others], axis=0)
        for number, cycle in islice(enumerate(cycles), held, None):
            expected = cycle.outputs.get(port.port)
            if sure[number] and expected is not None and expected != int(first[number]):
                sentence = f"{port.port} is {int(first[number]):#x}, the simulation had {expected:#x}"
                yield f"{test} took another way when it was played again: in cycle {number} {sentence}."
                return


def _ticks(traffic: Traffic, design: Design) -> Ticks:
    """Return the settled steps just before an active edge of a clock, and the last one."""
    if not design.clocks:
        return traffic.settled
    found = {int(traffic.settled[-1])} if len(traffic.settled) else set()
    for clock in design.clocks:
        column = next((column for column in traffic.inputs if column.port.name == clock.name), None)
        active = int(clock.edge is Edge.RISING)
        if column is not None:
            own = zip(column.steps.tolist(), column.values, strict=True)
            found |= {step - 1 for step, value in own if value == active and step > 0}
    return np.array(sorted(found & set(traffic.settled.tolist())), np.int64)
