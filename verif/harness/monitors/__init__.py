"""Hardware checkers: a small module for each kind of rule and model, and the choice of those that a design needs.

A module has ``rst`` (1 = in reset or not yet reset), ``fail`` and ``seen``, with ``clk`` where it remembers something.
``fail`` and ``seen`` are 0 while ``rst`` is 1, and valid just before the active edge like every output of the harness.
"""

from __future__ import annotations

from verif.harness.monitors.choose import choose_monitors
from verif.harness.monitors.use import MonitorUse

__all__ = ["MonitorUse", "choose_monitors"]
