"""Lanes and the batch engine side by side."""

from __future__ import annotations

from pathlib import Path

from tests.support.harnesses import around
from verif.design.model import Clock
from verif.harness.model import Harness
from verif.lanes import LanesBuild, build_lanes
from verif.lanes.processor import Processor
from verif.lanes.synthesis import MOST_BITS_IN_REGISTERS
from verif.lanes.trust import difference_between
from verif.sim.batch import build_batch
from verif.workspace import Workspace


def lanes_of(
    harness: Harness, place: Path, *, processor: Processor | None = None, register_bits: int = MOST_BITS_IN_REGISTERS
) -> LanesBuild:
    """Return a lane build in a workspace at ``place``."""
    workspace = Workspace(place / "sim_builds")
    return build_lanes(harness, workspace=workspace, processor=processor, register_bits=register_bits)


def difference(
    harness: Harness, place: Path, *, processor: Processor | None = None, register_bits: int = MOST_BITS_IN_REGISTERS
) -> str:
    """Return how lanes of ``harness`` differ from its batch build; empty where they don't."""
    lanes = lanes_of(harness, place, processor=processor, register_bits=register_bits)
    return difference_between(lanes, build_batch(harness, workspace=Workspace(place / "sim_builds")))


def difference_of(
    body: str,
    place: Path,
    *,
    width: int = 8,
    clocks: tuple[Clock, ...] = (Clock(name="clk"),),
    register_bits: int = 1024,
) -> str:
    """Return how lanes of a design differ; ``body`` is what ``around`` takes."""
    return difference(around(body, place / "design", width=width, clocks=clocks), place, register_bits=register_bits)
