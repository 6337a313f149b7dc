"""Small floorplan problems, with overrides."""

from __future__ import annotations

import random
from pathlib import Path

from verif.floorplan.model import Block, Net, Outline, Pad, Pin, Place, Placement, Problem


def hard(name: str, width: float, height: float, **more: object) -> Block:
    return Block(name=name, width=width, height=height, **more)  # type: ignore[arg-type]


def soft(name: str, area: float, **more: object) -> Block:
    return Block(name=name, area=area, **more)  # type: ignore[arg-type]


def wire(name: str, *owners: str, weight: float = 1.0) -> Net:
    return Net(name=name, pins=tuple(Pin(owner=owner) for owner in owners), weight=weight)


def place(name: str, x: float, y: float, width: float, height: float, *, turned: bool = False) -> Place:
    return Place(name=name, x=x, y=y, width=width, height=height, turned=turned)


def placement(width: float, height: float, *places: Place) -> Placement:
    return Placement(outline=Outline(width=width, height=height), places=places)


def random_problem(*, hards: int = 6, softs: int = 6, nets: int = 30, seed: int = 1) -> Problem:
    """Blocks of sides 10 to 30, nets of two to four pins, four pads at the corners of a 100 x 100 square."""
    dice = random.Random(seed)
    blocks = [hard(f"h{n}", dice.randint(10, 30), dice.randint(10, 30)) for n in range(hards)]
    blocks += [soft(f"s{n}", dice.randint(100, 900)) for n in range(softs)]
    pads = tuple(Pad(name=f"p{n}", x=100.0 * (n % 2), y=100.0 * (n // 2)) for n in range(4))
    names = [block.name for block in blocks] + [pad.name for pad in pads]
    wires = tuple(wire(f"n{n}", *dice.sample(names, dice.randint(2, 4))) for n in range(nets))
    return Problem(name="random", blocks=tuple(blocks), nets=wires, pads=pads)


def bookshelf(directory: Path, *, blocks: str = "", nets: str = "", pl: str = "") -> list[str]:
    """Write bookshelf files and return the command line's options for them."""
    options = []
    for kind, text in (("blocks", blocks), ("nets", nets), ("pl", pl)):
        if text:
            file = directory / f"small.{kind}"
            file.write_text(text, encoding="utf-8")
            options += [f"--{kind}", str(file)]
    return options
