"""Lanes where they can be trusted, the batch engine where not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from verif.errors import PosedgeError
from verif.harness.model import Harness
from verif.lanes.build import LanesBuild, Limits, build_lanes
from verif.lanes.processor import Processor
from verif.lanes.stirring import stirred
from verif.plan.model import Testplan
from verif.sim.batch import Batch, BatchBuild, Lanes, build_batch
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.workspace import Workspace

COMPARED_LANES = 64
COMPARED_TICKS = 256
_SEED = 1
_SECONDS = 60.0
"""How long each engine may take for the comparison."""
_NOTE = "compared.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """The build that ``Batch`` shall run."""

    build: LanesBuild | BatchBuild
    reason: str = ""
    """Why it is the batch engine's, in a sentence; empty where it is lanes."""

    @property
    def lanes(self) -> bool:
        """Whether it is lanes."""
        return not self.reason


def choose_build(
    harness: Harness,
    *,
    workspace: Workspace,
    plan: Testplan | None = None,
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
    processor: Processor | None = None,
    limits: Limits | None = None,
) -> Chosen:
    """Return a lane build that does what the batch engine does, or a batch build and the reason.

    Each new lane build is compared once, on 64 lanes of 256 ticks. Errors are those of ``build_batch``.
    """
    batch = build_batch(harness, workspace=workspace, processes=processes, sandbox=sandbox)
    try:
        lanes = build_lanes(
            harness,
            workspace=workspace,
            plan=plan,
            processes=processes,
            sandbox=sandbox,
            processor=processor,
            limits=limits,
        )
    except PosedgeError as error:
        return Chosen(build=batch, reason=f"The batch engine runs {harness.design.top} alone: {error}")
    difference = _compared(lanes, batch, sandbox)
    if difference:
        return Chosen(build=batch, reason=f"The batch engine runs {harness.design.top} alone: {difference}")
    return Chosen(build=lanes)


def difference_between(
    lanes: LanesBuild,
    batch: BatchBuild,
    *,
    count: int = COMPARED_LANES,
    ticks: int = COMPARED_TICKS,
    sandbox: Sandbox | None = None,
) -> str:
    """Return how ``count`` lanes differ from the batch engine on stirred stimulus, in a sentence; empty: they don't.

    All registers without a start value begin at 0 in both.
    """
    harness = lanes.harness
    rows = stirred(harness, count, ticks, _SEED)
    hits = bool(harness.covers)
    with (
        Batch(lanes, timeout=_SECONDS, sandbox=sandbox) as engine,
        Batch(batch, timeout=_SECONDS, sandbox=sandbox) as peer,
    ):
        ours = engine.lanes(rows, observe=True, hits=hits, seed=None)
        theirs = peer.lanes(rows, observe=True, hits=hits, seed=None, fresh=True)
    if fault := ours.fault or theirs.fault:
        return f"the comparison did not end well: {fault.sentence}"
    broken = (theirs.first_fail[:, list(theirs.assumptions)] >= 0).any(axis=1)
    if (theirs.ended[~broken] >= 0).any():
        return "the design ends simulations itself, which lanes can't."
    return _difference(lanes, ours, theirs)


def distrust(build: LanesBuild, difference: str) -> None:
    """Keep a difference from the batch engine that was found later, so that the build is chosen no more."""
    (build.build.directory / _NOTE).write_text(json.dumps({"difference": difference}), encoding="utf-8")


def _compared(lanes: LanesBuild, batch: BatchBuild, sandbox: Sandbox | None) -> str:
    note: Path = lanes.build.directory / _NOTE
    if not note.is_file():
        found = difference_between(lanes, batch, sandbox=sandbox)
        note.write_text(json.dumps({"difference": found}), encoding="utf-8")
    return str(json.loads(note.read_text(encoding="utf-8"))["difference"])


def _difference(lanes: LanesBuild, ours: Lanes, theirs: Lanes) -> str:
    harness = lanes.harness
    assert ours.observed is not None and theirs.observed is not None
    for slot in lanes.observed.slots:
        if place := _first(ours.observed[..., slot.span], theirs.observed[..., slot.span]):
            return f"lanes show another {slot.name} than it does, first in tick {place[1]} of lane {place[0]}."
    if place := _first(ours.ended, theirs.ended):
        return f"lane {place[0]} ends in another tick there."
    for number, monitor in enumerate(harness.monitors):
        if place := _first(ours.first_fail[:, number], theirs.first_fail[:, number]):
            return f"{monitor.id} fails in another tick of lane {place[0]} there."
        if place := _first(ours.seen[:, number], theirs.seen[:, number]):
            return f"{monitor.id} is seen in another number of ticks of lane {place[0]} there."
    if ours.hits is not None and theirs.hits is not None and (place := _first(ours.hits, theirs.hits)):
        return f"lane {place[0]} hits other coverage points there."
    return ""


def _first(ours: npt.NDArray[Any], theirs: npt.NDArray[Any]) -> tuple[int, ...]:
    """Return where two arrays differ first, with one more number than needed; empty where they don't."""
    places = np.argwhere(ours != theirs)
    if not len(places):
        return ()
    order = places[:, 1] if places.shape[1] > 1 else places[:, 0]
    return (*(int(number) for number in places[order.argmin()]), 0)
