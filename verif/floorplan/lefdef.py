"""LEF and DEF 5.8: every block an abstract macro with its pins, the floorplan a DEF that places them.

LEF/DEF 5.8 Language Reference, Cadence/Si2. One unit of the problem is one micron, 1000 database units. Edges are
rounded alike, so that abutting blocks still abut. Soft blocks become macros of their placed size.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from verif.floorplan.model import PORT, Block, Net, Outline, Pad, Place, Placement, Problem, on_edge

UNITS = 1000
LAYER = "metal3"
PIN = 0.1
"""Side of a pin's square, in microns."""


def write_lef(problem: Problem, placement: Placement, file: Path) -> None:
    """Write the blocks' abstracts; a pin for each net of a block, at its offset or the block's centre."""
    names = Names(problem)
    parts = [
        'VERSION 5.8 ;\nBUSBITCHARS "[]" ;\nDIVIDERCHAR "/" ;\n'
        f"UNITS\n  DATABASE MICRONS {UNITS} ;\nEND UNITS\nMANUFACTURINGGRID {1 / UNITS} ;\n"
        f"LAYER {LAYER}\n  TYPE ROUTING ;\n  DIRECTION HORIZONTAL ;\n  PITCH 1 ;\n  WIDTH {PIN} ;\nEND {LAYER}\n"
    ]
    pins = _pins_by_block(problem)
    for block, place in zip(problem.blocks, placement.places, strict=True):
        parts.append(_macro(block, place, pins.get(block.name, []), names))
    file.write_text("\n".join(parts) + "\nEND LIBRARY\n", encoding="utf-8")


def write_def(problem: Problem, placement: Placement, file: Path) -> None:
    """Write die, placed components, pins on the die's edge and nets. Preplaced blocks are FIXED."""
    names = Names(problem)
    outline = placement.outline
    components = [
        f"- {names.block[block.name]} m_{names.block[block.name]} + {'FIXED' if block.fixed else 'PLACED'} "
        f"( {_dbu(place.x)} {_dbu(place.y)} ) {'W' if place.turned else 'N'} ;"
        for block, place in zip(problem.blocks, placement.places, strict=True)
    ]
    blockages = [
        f"- PLACEMENT RECT ( {_dbu(k.x)} {_dbu(k.y)} ) ( {_dbu(k.x + k.width)} {_dbu(k.y + k.height)} ) ;"
        for k in problem.keepouts
    ]
    pins = [_pin(pad, _net_of(pad, problem), outline, names) for pad in problem.pads]
    nets = [_net(net, names) for net in problem.nets]
    text = (
        f'VERSION 5.8 ;\nDIVIDERCHAR "/" ;\nBUSBITCHARS "[]" ;\nDESIGN {safe(problem.name)} ;\n'
        f"UNITS DISTANCE MICRONS {UNITS} ;\nDIEAREA ( 0 0 ) ( {_dbu(outline.width)} {_dbu(outline.height)} ) ;\n"
        + _section("COMPONENTS", components)
        + _section("PINS", pins)
        + (_section("BLOCKAGES", blockages) if blockages else "")
        + _section("NETS", nets)
        + "END DESIGN\n"
    )
    file.write_text(text, encoding="utf-8")


class Names:
    """Names that LEF and DEF take: letters, digits, ``_`` and ``/``; different names stay different."""

    def __init__(self, problem: Problem) -> None:
        self.block = _distinct([block.name for block in problem.blocks])
        self.pad = _distinct([pad.name for pad in problem.pads], PORT)
        self.net = _distinct([net.name for net in problem.nets])


def safe(name: str) -> str:
    """Return ``name`` with everything but letters, digits, ``_`` and ``/`` replaced; dots become ``/``."""
    return re.sub(r"[^\w/]", "_", name.replace(".", "/"), flags=re.ASCII) or "_"


def _distinct(names: list[str], prefix: str = "") -> dict[str, str]:
    short = [safe(name.removeprefix(prefix)) for name in names]
    counts = Counter(short)
    return {
        n: s if counts[s] == 1 else f"{s}__{number}" for number, (n, s) in enumerate(zip(names, short, strict=True))
    }


def _pins_by_block(problem: Problem) -> dict[str, list[tuple[Net, float, float]]]:
    found: dict[str, list[tuple[Net, float, float]]] = {}
    blocks = {block.name for block in problem.blocks}
    for net in problem.nets:
        for pin in {p.owner: p for p in reversed(net.pins) if p.owner in blocks}.values():
            found.setdefault(pin.owner, []).append((net, pin.dx, pin.dy))
    return found


def _macro(block: Block, place: Place, pins: list[tuple[Net, float, float]], names: Names) -> str:
    name = f"m_{names.block[block.name]}"
    width, height = _size(block, place)
    if place.turned:
        width, height = height, width
    rows = [f"MACRO {name}\n  CLASS BLOCK ;\n  ORIGIN 0 0 ;\n  FOREIGN {name} 0 0 ;\n  SIZE {width} BY {height} ;"]
    rows.append("  SYMMETRY X Y R90 ;")
    for net, dx, dy in pins:
        x, y = width / 2 + dx, height / 2 + dy
        rows.append(
            f"  PIN {names.net[net.name]}\n    DIRECTION INOUT ;\n    PORT\n      LAYER {LAYER} ;\n"
            f"      RECT {x - PIN / 2:.3f} {y - PIN / 2:.3f} {x + PIN / 2:.3f} {y + PIN / 2:.3f} ;\n    END\n"
            f"  END {names.net[net.name]}"
        )
    return "\n".join([*rows, f"END {name}\n"])


def _size(block: Block, place: Place) -> tuple[float, float]:
    """Return the placed size in microns, on the grid."""
    if not block.soft:
        return round(place.width, 3), round(place.height, 3)
    width = _dbu(place.x + place.width) - _dbu(place.x)
    height = _dbu(place.y + place.height) - _dbu(place.y)
    return width / UNITS, height / UNITS


def _net_of(pad: Pad, problem: Problem) -> str | None:
    """Return the first net of a pad; a pad of several wires may have more."""
    return next((net.name for net in problem.nets if any(pin.owner == pad.name for pin in net.pins)), None)


def _pin(pad: Pad, net: str | None, outline: Outline, names: Names) -> str:
    """Return a pin at the point of the outline nearest to the pad."""
    x, y = on_edge(pad, outline)
    name, half = names.pad[pad.name], _dbu(PIN / 2)
    wire = names.net[net] if net else name
    return (
        f"- {name} + NET {wire} + DIRECTION INOUT + LAYER {LAYER} ( -{half} -{half} ) ( {half} {half} ) "
        f"+ PLACED ( {_dbu(x)} {_dbu(y)} ) N ;"
    )


def _net(net: Net, names: Names) -> str:
    ends = []
    for owner in dict.fromkeys(pin.owner for pin in net.pins):
        ends.append(
            f"( {names.block[owner]} {names.net[net.name]} )" if owner in names.block else f"( PIN {names.pad[owner]} )"
        )
    weight = f" + WEIGHT {round(net.weight)}" if round(net.weight) > 1 else ""
    return f"- {names.net[net.name]} {' '.join(ends)}{weight} ;"


def _section(name: str, rows: list[str]) -> str:
    return f"{name} {len(rows)} ;\n" + "".join(row + "\n" for row in rows) + f"END {name}\n"


def _dbu(value: float) -> int:
    return round(value * UNITS)
