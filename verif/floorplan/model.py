"""The nouns of a floorplan: blocks, pads, nets, an outline, and a placement of the blocks in it.

Lengths are in the unit of the input (micrometres for RTL), areas in its square. The outline's lower left corner is
the origin. A placement gives the lower left corner and the placed size of each block, as in DESIGN's CLI row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from verif.errors import InputError

PORT = "port:"
"""Begins the name of a pad that stands for a port of the RTL; no block is called so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A rectangle to place: hard (width and height, may be turned) or soft (area within a range of aspects)."""

    name: str
    width: float = 0.0
    """Width of a hard block; 0 for a soft one."""
    height: float = 0.0
    area: float = 0.0
    """Area of a soft block; 0 for a hard one."""
    aspect_min: float = 1 / 3
    """Least height over width of a soft block."""
    aspect_max: float = 3.0
    halo: float = 0.0
    """Empty margin on all four sides that is the block's own: two blocks keep the sum of their halos apart."""
    fixed: tuple[float, float] | None = None
    """Lower left corner of a preplaced block, which then neither moves nor turns; None for a free one."""
    group: str = ""
    """Where it comes from in the hierarchy; colours the picture."""
    macro: bool = False
    """A memory or other macro, for hand-over to a placer."""

    @property
    def soft(self) -> bool:
        """Whether the shape is free."""
        return self.area > 0

    @property
    def footprint(self) -> float:
        """Area of the block without its halo."""
        return self.area if self.soft else self.width * self.height


@dataclass(frozen=True, kw_only=True, slots=True)
class Pad:
    """A fixed terminal on or outside of the outline."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Pin:
    """An end of a net: a block (with an offset from its centre when unturned) or a pad."""

    owner: str
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Net:
    """Pins that belong together; ``weight`` is the number of wires."""

    name: str
    pins: tuple[Pin, ...]
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """The rectangle that all blocks must lie in."""

    width: float
    height: float

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height


@dataclass(frozen=True, kw_only=True, slots=True)
class Keepout:
    """A rectangle in which no block may lie."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Everything that a floorplan is asked to place."""

    name: str
    blocks: tuple[Block, ...]
    nets: tuple[Net, ...]
    pads: tuple[Pad, ...] = ()
    keepouts: tuple[Keepout, ...] = ()

    @property
    def block_area(self) -> float:
        """Sum of the blocks' footprints."""
        return sum(block.footprint for block in self.blocks)

    def outline(self, *, whitespace: float, aspect: float = 1.0) -> Outline:
        """Return the outline of ``(1 + whitespace)`` times the blocks' area and ``aspect`` height over width."""
        area = self.block_area * (1 + whitespace)
        return Outline(width=math.sqrt(area / aspect), height=math.sqrt(area * aspect))


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where one block lies."""

    name: str
    x: float
    y: float
    width: float
    height: float
    turned: bool = False
    """Whether a hard block was turned by 90 degrees to the left (pin offsets turn with it)."""

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the block."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """A floorplan: one place per block, in the problem's order."""

    outline: Outline
    places: tuple[Place, ...]


def on_edge(pad: Pad, outline: Outline) -> tuple[float, float]:
    """Return the pad's position moved to the nearest point of the outline's edge."""
    x, y = min(max(pad.x, 0.0), outline.width), min(max(pad.y, 0.0), outline.height)
    gaps = {"left": x, "right": outline.width - x, "bottom": y, "top": outline.height - y}
    side = min(gaps, key=gaps.__getitem__)
    if side in ("left", "right"):
        return (0.0 if side == "left" else outline.width), y
    return x, (0.0 if side == "bottom" else outline.height)


def check_problem(problem: Problem) -> None:
    """Raise InputError (PE701 to PE707) for the first thing in ``problem`` that can't be placed at all."""
    owners = {block.name for block in problem.blocks} | {pad.name for pad in problem.pads}
    if not problem.blocks:
        raise InputError("PE701", "there is no block to place", where=problem.name, hint="add at least one block")
    if len(owners) < len(problem.blocks) + len(problem.pads):
        raise InputError("PE702", "two blocks or pads have the same name", where=problem.name, hint="rename one")
    for block in problem.blocks:
        _check_block(block, problem.name)
    for keepout in problem.keepouts:
        if not all(map(math.isfinite, (keepout.x, keepout.y, keepout.width, keepout.height))):
            raise InputError("PE704", "a keep-out is not given by finite numbers", where=problem.name)
        if keepout.width <= 0 or keepout.height <= 0:
            raise InputError(
                "PE703", "a keep-out has no area", where=problem.name, allowed="width and height are positive"
            )
    for pad in problem.pads:
        if not (math.isfinite(pad.x) and math.isfinite(pad.y)):
            raise InputError("PE704", f"the position of pad {pad.name} is not a finite number", where=problem.name)
    for net in problem.nets:
        for pin in net.pins:
            if pin.owner not in owners:
                raise InputError(
                    "PE705",
                    f"net {net.name} names {pin.owner}, which is neither a block nor a pad",
                    where=problem.name,
                    hint="add the block or pad, or take the pin out of the net",
                )


def _check_block(block: Block, where: str) -> None:
    sizes = (block.width, block.height, block.area, block.aspect_min, block.aspect_max, block.halo)
    numbers = (*sizes, *(block.fixed or ()))
    if not all(math.isfinite(number) for number in numbers):
        raise InputError("PE704", f"a size of block {block.name} is not a finite number", where=where)
    if block.footprint <= 0 or min(block.width, block.height, block.area, block.halo) < 0:
        raise InputError(
            "PE703",
            f"block {block.name} has no area",
            where=where,
            allowed="width, height and area are positive",
            hint="give its width and height in --constraints" if block.macro else "",
        )
    if block.soft and block.fixed is not None:
        raise InputError(
            "PE707", f"block {block.name} is preplaced but has no shape", where=where, hint="give its width and height"
        )
    if block.soft and not 0 < block.aspect_min <= block.aspect_max:
        raise InputError(
            "PE706", f"the aspect range of block {block.name} is empty", where=where, allowed="0 < min <= max"
        )
