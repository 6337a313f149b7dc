"""The batch engine: a harness as a Verilated library in a killable process, numpy arrays in and out."""

from __future__ import annotations

from verif.sim.batch.build import BatchBuild, build_batch
from verif.sim.batch.engine import Batch
from verif.sim.batch.layout import Layout
from verif.sim.batch.library import Library
from verif.sim.batch.points import Point
from verif.sim.batch.results import Fault, Lanes, Run

__all__ = ["Batch", "BatchBuild", "Fault", "Lanes", "Layout", "Library", "Point", "Run", "build_batch"]
