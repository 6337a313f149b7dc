"""The simulators by name."""

from __future__ import annotations

from collections.abc import Callable

from verif.errors import InputError
from verif.sim.fake import Fake
from verif.sim.icarus import Icarus
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.sim.seam import Simulator
from verif.sim.verilator import Verilator
from verif.workspace import Workspace

NAMES = ("icarus", "verilator")
"""The simulators that a user can name, in the order in which they run."""


def simulator(
    name: str,
    *,
    workspace: Workspace | None = None,
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
) -> Simulator:
    """Return the backend called ``name`` (one of ``NAMES``, or ``fake``); InputError names those that there are.

    Its builds go to ``workspace`` (by default the one around the current directory), its programs are kept by
    ``processes`` and, where given, run inside ``sandbox``.
    """
    makers: dict[str, Callable[[Workspace, Processes, Sandbox | None], Simulator]] = {
        "icarus": lambda w, p, s: Icarus(workspace=w, processes=p, sandbox=s),
        "verilator": lambda w, p, s: Verilator(workspace=w, processes=p, sandbox=s),
        "fake": lambda w, p, _: Fake(workspace=w, processes=p),
    }
    if name not in makers:
        raise InputError("PE315", f"no simulator is called '{name}'", allowed=f"there are {' and '.join(NAMES)}")
    return makers[name](workspace or Workspace.locate(), processes or Processes(), sandbox)


def all_simulators(*, workspace: Workspace | None = None, processes: Processes | None = None) -> tuple[Simulator, ...]:
    """Return every backend that a user can name, whether its tool is installed or not."""
    return tuple(simulator(name, workspace=workspace, processes=processes) for name in NAMES)
