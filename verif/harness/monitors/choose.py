"""Choose the monitors of a design: one for each rule, protocol or model that has one."""

from __future__ import annotations

from verif.bench.oracles import OracleSet
from verif.design.model import Design
from verif.harness.monitors.use import MonitorUse
from verif.plan.model import Testplan


def choose_monitors(design: Design, plan: Testplan, oracles: OracleSet) -> tuple[MonitorUse, ...]:
    """Return the hardware checkers for ``design``; ids, titles and requirements are those of the oracles."""
    return ()
