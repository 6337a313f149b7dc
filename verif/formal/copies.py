"""Changed copies of a design beside it in one model, on the same inputs, to ask which of them ever show other outputs.

The copies are read apart, each under the design's own names, and put into one netlist by Yosys, so nothing in their
text is renamed. What is the same in all becomes the same logic there, and little more than the changes is left to
prove. Registers of one name that have no start value begin at the same value in all copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from verif.design.identifiers import reference
from verif.design.model import Direction, SourceSet
from verif.formal.aiger import Aiger, Names
from verif.formal.system import System, build_system
from verif.formal.top import Order, cover_question
from verif.harness.around import Shown, around_text, inside_name
from verif.harness.model import Harness, Observed
from verif.harness.names import vector
from verif.sim.process import Processes

AROUND = "posedge_copies"
"""The module around the harness and the copies."""
_STUBS = "posedge_stubs.sv"
_NEVER = "1'b0"


@dataclass(frozen=True, kw_only=True, slots=True)
class Copies:
    """A harness with copies of its design."""

    harness: Harness
    """Its point n is hit in the sampled ticks in which copy n has another output than the design."""
    modules: Mapping[str, SourceSet]
    """Name of a copy's module to its sources, in the order of the points."""
    inside: str
    """The harness's instance beside those of the copies."""


def with_copies(harness: Harness, copies: Mapping[str, SourceSet]) -> Copies:
    """Return ``harness`` with a copy of its design for each id of ``copies``, made of these sources.

    Of its monitors the assumptions stay. Ports that go both ways are not compared.
    """
    modules = {f"posedge_copy_{number}": sources for number, sources in enumerate(copies.values())}
    assumed = tuple(monitor for monitor in harness.monitors if monitor.assumption)
    plain = replace(harness, monitors=assumed, covers=())
    points = [Shown(id=id_, expression=_differs(plain, number)) for number, id_ in enumerate(copies)]
    lines = [line for number, module in enumerate(modules) for line in _copy(plain, number, module)]
    text = around_text(plain, AROUND, points, title=f"The harness {harness.top} and copies of the design", lines=lines)
    stubs = "\n".join(_stub(plain, module) for module in modules) + "\n"
    files = {**harness.files, f"{AROUND}.sv": text, _STUBS: stubs}
    around = replace(plain, top=AROUND, files=files, covers=tuple(copies))
    return Copies(harness=around, modules=modules, inside=inside_name(plain))


def copies_system(
    copies: Copies,
    folder: Path,
    *,
    order: Order = Order.SCHEDULE,
    seconds: float,
    processes: Processes,
) -> System:
    """Write the transition system that asks for all points of ``copies``; exceptions as of ``build_system``."""
    harness = copies.harness
    system = build_system(
        harness,
        [cover_question(harness, id_) for id_ in harness.covers],
        folder,
        assumptions=[f"harness.{monitor.fail}" for monitor in harness.monitors if monitor.assumption],
        order=order,
        seconds=seconds,
        processes=processes,
        copies=copies.modules,
    )
    if system.aiger.exists():
        same = _same_starts(system, copies)
        Aiger.read(system.aiger).joined(same).write(system.aiger)
    return system


def _same_starts(system: System, copies: Copies) -> dict[int, int]:
    """Return the inputs that are start values of copies' registers, each to that of the register it is a copy of."""
    instances = [f"{copies.inside}.dut", *(_instance(number) for number in range(len(copies.modules)))]
    first: dict[tuple[str, int], int] = {}
    same: dict[int, int] = {}
    for prefix in (f"harness.{instance}." for instance in instances):
        for name, bit, number in Names.starts(system.names):
            if name.startswith(prefix):
                same[number] = first.setdefault((name.removeprefix(prefix), bit), same.get(number, number))
    return {number: other for number, other in same.items() if number != other}


def _instance(number: int) -> str:
    return f"posedge_instance_{number}"


def _shown(port: Observed, number: int) -> str:
    """Return the net that shows an output of a copy."""
    return f"posedge_{number}_{port.name}"


def _differs(harness: Harness, number: int) -> str:
    outputs = [port for port in harness.observed if port.direction is Direction.OUTPUT]
    return " || ".join(f"{_shown(port, number)} != {port.name}" for port in outputs) or _NEVER


def _copy(harness: Harness, number: int, module: str) -> Iterator[str]:
    connections = [f".{clock.name}({clock.name})" for clock in harness.clocks]
    for port in harness.observed:
        net = port.name
        if port.direction is Direction.OUTPUT:
            net = _shown(port, number)
            yield f"wire {vector(port.width)}{net};"
        connections.append(f".{reference(port.port)}({net})")
    yield f"{module} {_instance(number)} ({', '.join(connections)});"


def _stub(harness: Harness, module: str) -> str:
    """Return what Yosys knows of a copy until it has it."""
    ports = [f"input wire {clock.name}" for clock in harness.clocks]
    ports += [
        f"{'output' if port.direction is Direction.OUTPUT else 'input'} wire {vector(port.width)}{reference(port.port)}"
        for port in harness.observed
    ]
    return f"(* blackbox *) module {module} ({', '.join(ports)});\nendmodule"
