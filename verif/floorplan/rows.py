"""The trivial floorplan: blocks row by row in the order given, as a person would sketch it. The baseline to beat."""

from __future__ import annotations

import math

from verif.floorplan.model import Block, Outline, Place, Placement, Problem


def row_by_row(problem: Problem, outline: Outline) -> Placement:
    """Fill rows of the outline's width from the bottom, soft blocks as square as they may be, nothing turned.

    It knows no fixed blocks and no keep-outs, and may reach over the outline's top.
    """
    places: list[Place] = []
    x = y = row = 0.0
    for block in problem.blocks:
        width, height = _shape(block)
        around = 2 * block.halo
        if x + width + around > outline.width * (1 + 1e-9) and x > 0:
            x, y, row = 0.0, y + row, 0.0
        places.append(Place(name=block.name, x=x + block.halo, y=y + block.halo, width=width, height=height))
        x, row = x + width + around, max(row, height + around)
    return Placement(outline=outline, places=tuple(places))


def _shape(block: Block) -> tuple[float, float]:
    if not block.soft:
        return block.width, block.height
    width = math.sqrt(block.area / min(max(1.0, block.aspect_min), block.aspect_max))
    return width, block.area / width
