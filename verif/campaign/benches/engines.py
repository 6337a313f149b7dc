"""Which engine looks: lanes where they can, the batch engine beside them or alone."""

from __future__ import annotations

from enum import StrEnum

from verif.coverage.probes import with_probes
from verif.errors import PosedgeError
from verif.harness.model import Harness
from verif.lanes import choose_build
from verif.lanes.beside import Beside
from verif.lanes.trust import Chosen
from verif.plan.model import Testplan
from verif.sim.process import Processes
from verif.workspace import Workspace


class EngineChoice(StrEnum):
    """Who may look."""

    AUTO = "auto"
    """The batch engine, and lanes where it takes long."""
    LANES = "lanes"
    """Lanes from the beginning on, beside the batch engine."""
    BATCH = "batch"
    """The batch engine alone."""


def lanes_beside(harness: Harness, plan: Testplan, *, workspace: Workspace, probes: bool) -> Beside:
    """Return a lane build of ``harness`` to be made beside other work; ``probes`` adds coverage points to lead it."""

    def make(processes: Processes) -> Chosen:
        built = _probed(harness, plan, workspace) if probes else harness
        return choose_build(built, workspace=workspace, plan=plan, processes=processes)

    return Beside(make)


def _probed(harness: Harness, plan: Testplan, workspace: Workspace) -> Harness:
    """Return the harness with its coverage points; as it is where it can't have any."""
    try:
        return with_probes(harness, plan, workspace=workspace).harness
    except PosedgeError:
        return harness
