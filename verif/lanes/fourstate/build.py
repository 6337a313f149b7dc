"""Build a harness as lanes of four states."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from verif.harness.model import Harness
from verif.lanes.build import Builder, LanesBuild, Limits
from verif.lanes.drawing import draft_of
from verif.lanes.fourstate.harness import four_state
from verif.lanes.fourstate.synthesis import RULES, FourStateSynthesis
from verif.lanes.netlist import Netlist
from verif.lanes.processor import Processor, this_processor
from verif.lanes.synthesis import MOST_BITS_IN_REGISTERS
from verif.plan.model import Testplan
from verif.sim.batch.build import harness_sources
from verif.sim.process import Processes
from verif.sim.sandbox import Sandbox
from verif.sim.seam import BuildRequest
from verif.workspace import Workspace

NAME = "fourstate"
"""What the engine is called in builds."""
_AS_IN_ICARUS = {"__ICARUS__": "1"}
"""Some rules look for X in four states only, and know by this where they are."""
_HERE = Path(__file__).resolve().parent


def build_four_state(
    harness: Harness,
    *,
    workspace: Workspace,
    plan: Testplan | None = None,
    processes: Processes | None = None,
    sandbox: Sandbox | None = None,
    processor: Processor | None = None,
    limits: Limits | None = None,
    register_bits: int = MOST_BITS_IN_REGISTERS,
    rules: Path = RULES,
) -> LanesBuild:
    """Compile ``harness`` with its design, or reuse the build of the same content.

    The build's harness is ``four_state(harness)``. ``rules`` say how X goes through each cell. Errors are those of
    ``build_lanes``.
    """
    sources = harness_sources(harness, workspace)
    sources = replace(sources, defines={**sources.defines, **_AS_IN_ICARUS})
    doubled = four_state(harness)
    builder = _FourStateBuilder(
        harness=doubled,
        draft=draft_of(doubled, plan),
        request=BuildRequest(sources=sources, top=harness.top),
        workspace=workspace,
        processes=processes or Processes(),
        sandbox=sandbox,
        processor=processor or this_processor(),
        limits=limits or Limits.usual(),
        register_bits=register_bits,
        rules=rules,
    )
    return builder.build(plan)


@dataclass(frozen=True, kw_only=True)
class _FourStateBuilder(Builder):
    name: ClassVar[str] = NAME

    rules: Path = RULES

    @property
    def key(self) -> str:
        """Name of the build: a digest of all that decides what comes out."""
        mine = b"\0".join(file.read_bytes() for file in (*sorted(_HERE.glob("*.py")), self.rules))
        return f"{super().key}-{sha256(mine).hexdigest()[:8]}"

    def synthesis(self, scratch: Path) -> Netlist:
        """Make the netlist in ``scratch``."""
        made = FourStateSynthesis(
            harness=self.harness,
            sources=self.request.sources,
            tables=self.processor.ternary,
            register_bits=self.register_bits,
            rules=self.rules,
        )
        return made.run(scratch, self.processes, seconds=self.limits.seconds)
