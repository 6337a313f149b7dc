"""Mutants that are the same logic as the design: one model with the selector answers for all mutants of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from verif.design.model import Direction
from verif.errors import InputError, ToolError, Unsupported
from verif.formal.aiger import Aiger, Names
from verif.formal.structure import Structure
from verif.formal.system import build_system
from verif.formal.top import Question
from verif.harness.model import Harness
from verif.mutation.builds import MutantBuilds
from verif.mutation.model import Mutant
from verif.sim.process import Processes

METHOD = "structure"
"""What such a proof is called."""


@dataclass(frozen=True, kw_only=True)
class SwitchedLogic:
    """The logic of a build; its outputs are those of the design in the ticks that count."""

    structure: Structure
    numbers: Mapping[str, int]
    bits: Mapping[int, int]
    """Place of a bit in the selector to the circuit's input."""

    def same(self, mutant: Mutant, until: float) -> bool:
        """Return whether a mutant's outputs are the same logic as the design's, whatever the start values are."""
        return self.chosen(self.numbers[mutant.id], until)

    def chosen(self, number: int, until: float) -> bool:
        """Return the same of a number of the selector."""
        return self.structure.same([pin for place, pin in self.bits.items() if number >> place & 1], until)


def switched_logic(
    builds: MutantBuilds, folder: Path, *, seconds: float, until: float, processes: Processes
) -> SwitchedLogic | None:
    """Return the logic of a build; None where there is no model of it that tells its mutants apart.

    So it is with several clocks, where proofs look at any order of them, with mutants of what an asynchronous reset
    loads, and with large memories. As a control the number that inverts all outputs must not be the same logic.
    """
    harness = builds.batch.harness
    if len(harness.clocks) > 1 or any(mutant.asynchronous for mutant in builds.order):
        return None
    try:
        system = build_system(
            harness,
            list(_questions(harness)),
            folder,
            assumptions=[f"harness.{monitor.fail}" for monitor in harness.monitors if monitor.assumption],
            seconds=seconds,
            processes=processes,
        )
    except (InputError, Unsupported):
        return None
    except ToolError as error:
        if error.code != "PE871":
            raise
        return None
    if not system.aiger.exists():
        return None
    inputs = Names.read(system.names).inputs
    bits = {place: number for number, (name, place) in inputs.items() if name == builds.schemata.selector}
    if len(bits) != builds.schemata.width:
        return None
    circuit = Aiger.read(system.aiger)
    logic = SwitchedLogic(structure=Structure(circuit, list(bits.values())), numbers=builds.numbers, bits=bits)
    return None if logic.chosen(builds.schemata.forced, until) else logic


def _questions(harness: Harness) -> list[Question]:
    """Return a question for each bit of each output; what nobody asks is cut off."""
    outputs = [port for port in harness.observed if port.direction is Direction.OUTPUT]
    places = [(port, f"[{bit}]" if port.width > 1 else "") for port in outputs for bit in range(port.width)]
    return [Question(id=f"{port.port}{place}", expression=f"harness.{port.name}{place}") for port, place in places]
