"""A floorplan problem from RTL: blocks from the hierarchy, nets weighted by width, pins on the outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from verif.design.model import SourceSet
from verif.floorplan.cells import CellLibrary, read_liberty
from verif.floorplan.hierarchy import Cut, cut_tree, instance_tree
from verif.floorplan.model import PORT, Block, Net, Outline, Pad, Pin, Problem
from verif.floorplan.synthesis import Netlist, synthesise
from verif.floorplan.wiring import Wiring, wire_blocks

UTILISATION = 0.7
"""Part of a block's area that its cells fill."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What the user may choose about the way from RTL to blocks."""

    liberty: Path | None = None
    utilisation: float = UTILISATION
    depth: int | None = None
    """Levels of hierarchy that become blocks; None: by balance of size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plannable:
    """A problem whose pads still wait for an outline, and where it came from."""

    problem: Problem
    ports: dict[str, int] = field(default_factory=dict)
    """Port to its width; empty where the pads have their places already."""
    notes: tuple[str, ...] = ()
    seconds: float | None = None
    """Wall time of synthesis; None where there was none."""


def problem_from_rtl(sources: SourceSet, top: str, choices: Choices) -> Plannable:
    """Synthesise ``top`` and return its blocks and nets."""
    library = read_liberty(choices.liberty) if choices.liberty else CellLibrary()
    netlist = synthesise(sources, top, liberty=choices.liberty)
    cut = cut_tree(instance_tree(netlist, library), choices.depth)
    wiring = wire_blocks(netlist, cut, library)
    blocks = _blocks(cut, choices.utilisation)
    names = {block.name for block in blocks}
    nets = tuple(
        Net(
            name=bundle.name,
            pins=tuple(Pin(owner=end if end in names else port_name(end)) for end in bundle.ends),
            weight=bundle.wires,
        )
        for bundle in wiring.bundles
    )
    problem = Problem(name=top, blocks=blocks, nets=nets)
    return Plannable(
        problem=problem,
        ports=wiring.ports,
        notes=_notes(netlist, library, cut, wiring, choices),
        seconds=netlist.seconds,
    )


def port_name(port: str) -> str:
    """Return the name of a port's pad, which no block has."""
    return PORT + port


def _blocks(cut: Cut, utilisation: float) -> tuple[Block, ...]:
    boxes = {box.path for box in cut.boxes}
    soft = [
        Block(name=name, area=area / utilisation, group=cut.groups[name])
        for name, area in cut.areas.items()
        if area > 0 and name not in boxes
    ]
    macros = [
        Block(
            name=macro.path, width=macro.size[0], height=macro.size[1], group=macro.path.rpartition(".")[0], macro=True
        )
        for macro in cut.macros
    ]
    black = [Block(name=box.path, group=box.path.rpartition(".")[0], macro=True) for box in cut.boxes]
    return (*soft, *macros, *black)


def _notes(netlist: Netlist, library: CellLibrary, cut: Cut, wiring: Wiring, choices: Choices) -> tuple[str, ...]:
    notes = [*netlist.notes, f"areas by {library.source}, cells fill {100 * choices.utilisation:g} % of a block"]
    if cut.macros:
        sizes = ", ".join(f"{m.path} {m.words}x{m.width}" for m in cut.macros[:4])
        more = f" and {len(cut.macros) - 4} more" if len(cut.macros) > 4 else ""
        notes.append(f"memories as macros, sizes by model: {sizes}{more}")
    if wiring.clocks:
        notes.append(f"clock nets left out: {', '.join(wiring.clocks[:6])}")
    return tuple(notes)


def pads_in_order(
    ports: dict[str, int], outline: Outline, sides: Sequence[tuple[str, Sequence[str]]]
) -> tuple[Pad, ...]:
    """Return a pad for each port on the outline's edge; a port takes room by its width.

    ``sides`` gives ports to the sides ``left``, ``top``, ``right`` and ``bottom``; the others follow in port order from
    the lower left corner clockwise, over the sides that were not given.
    """
    chosen = {port for _, names in sides for port in names}
    rest = {port: width for port, width in ports.items() if port not in chosen}
    pads = [pad for side, names in sides for pad in _along((side,), {name: ports[name] for name in names}, outline)]
    taken = {side for side, names in sides if names}
    free = tuple(side for side in ("left", "top", "right", "bottom") if side not in taken) or (
        "left",
        "top",
        "right",
        "bottom",
    )
    pads += _along(free, rest, outline)
    order = list(ports)
    return tuple(sorted(pads, key=lambda pad: order.index(pad.name.removeprefix(PORT))))


def _along(sides: tuple[str, ...], ports: dict[str, int], outline: Outline) -> list[Pad]:
    """Spread ports evenly along ``sides``, walked clockwise."""
    lengths = [outline.height if side in ("left", "right") else outline.width for side in sides]
    total, wires = sum(lengths), sum(ports.values())
    pads, at = [], 0.0
    for port, width in ports.items():
        middle = at + width / wires * total / 2
        at += width / wires * total
        pads.append(_pad_at(port, middle, sides, lengths, outline))
    return pads


def _pad_at(port: str, distance: float, sides: tuple[str, ...], lengths: list[float], outline: Outline) -> Pad:
    number = 0
    while number < len(sides) - 1 and distance > lengths[number]:
        distance -= lengths[number]
        number += 1
    x, y = {
        "left": (0.0, distance),
        "top": (distance, outline.height),
        "right": (outline.width, outline.height - distance),
        "bottom": (outline.width - distance, 0.0),
    }[sides[number]]
    return Pad(name=port_name(port), x=x, y=y)
