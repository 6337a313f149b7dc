"""What to verify: the testplan and its parts. Planners are imported by name."""

from verif.plan.model import CoverPoint, Driver, Knob, Phase, Requirement, Testplan, Testpoint

__all__ = ["CoverPoint", "Driver", "Knob", "Phase", "Requirement", "Testplan", "Testpoint"]
