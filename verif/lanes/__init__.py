"""The lane engine: up to 512 simulations of a harness in one step, one bit of a machine word each."""

from __future__ import annotations

from verif.lanes.build import LanesBuild, Limits, build_lanes
from verif.lanes.engine import LaneEngine
from verif.lanes.trust import Chosen, choose_build

__all__ = ["Chosen", "LaneEngine", "LanesBuild", "Limits", "build_lanes", "choose_build"]
