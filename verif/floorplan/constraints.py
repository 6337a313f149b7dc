"""The constraint file (TOML): sizes, halos, preplaced blocks, keep-outs, the outline, and the sides of pins.

[outline]
width = 400.0
height = 300.0

[block."cpu.regs"]          # names as the floorplan prints them; * and ? match
width = 60.0                # makes it hard; with `fixed`, preplaced
height = 40.0
halo = 2.0
fixed = [0.0, 0.0]
aspect = [0.5, 2.0]         # height over width of a soft block

[[keepout]]
x = 0.0
y = 0.0
width = 50.0
height = 20.0

[pins]                      # RTL only; the other pins follow in port order
left = ["clk", "axi_*"]
"""

from __future__ import annotations

import fnmatch
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from verif.errors import InputError
from verif.floorplan.model import Block, Keepout, Outline, Problem

SIDES = ("left", "top", "right", "bottom")
_BLOCK_KEYS = {"width", "height", "halo", "fixed", "aspect", "macro"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraints:
    """What the file asks for."""

    file: str = ""
    outline: Outline | None = None
    blocks: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Pattern of block names to what is asked of them."""
    keepouts: tuple[Keepout, ...] = ()
    pins: dict[str, list[str]] = field(default_factory=dict)
    """Side to patterns of ports, in order."""

    def sides(self, ports: list[str]) -> list[tuple[str, list[str]]]:
        """Return the ports of each side, in the order asked for; InputError PE733 for a pattern that matches none."""
        found: list[tuple[str, list[str]]] = []
        taken: set[str] = set()
        for side, patterns in self.pins.items():
            chosen: list[str] = []
            for pattern in patterns:
                hits = [port for port in ports if fnmatch.fnmatchcase(port, pattern)]
                if not hits:
                    raise _wrong(
                        self.file, f"no port matches {pattern!r} of side {side}", f"ports: {', '.join(ports[:12])}"
                    )
                chosen += [port for port in hits if port not in taken]
                taken.update(hits)
            found.append((side, chosen))
        return found


def read_constraints(file: Path) -> Constraints:
    """Read a constraint file; InputError PE733 with what is wrong in it."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(str(file), f"can't be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(str(file), f"is not TOML ({error})") from error
    where = str(file)
    if unknown := sorted(set(data) - {"outline", "block", "keepout", "pins"}):
        raise _wrong(where, f"unknown table {unknown[0]!r}", "outline, block, keepout, pins")
    for side in data.get("pins", {}):
        if side not in SIDES:
            raise _wrong(where, f"unknown side {side!r} in [pins]", ", ".join(SIDES))
    try:
        return Constraints(
            file=where,
            outline=Outline(**_numbers(data["outline"])) if "outline" in data else None,
            blocks=data.get("block", {}),
            keepouts=tuple(Keepout(**_numbers(table)) for table in data.get("keepout", [])),
            pins={side: [str(name) for name in names] for side, names in data.get("pins", {}).items()},
        )
    except (TypeError, ValueError) as error:
        raise _wrong(
            where, f"[outline] or [[keepout]] is not right ({error})", "x, y, width, height as numbers"
        ) from error


def constrain(problem: Problem, constraints: Constraints) -> Problem:
    """Return ``problem`` with the constraints on blocks and keep-outs; InputError PE733 where they don't fit it."""
    blocks = {block.name: block for block in problem.blocks}
    for pattern, asked in constraints.blocks.items():
        hits = [name for name in blocks if fnmatch.fnmatchcase(name, pattern) or name == pattern]
        if not hits:
            some = ", ".join(list(blocks)[:12])
            raise _wrong(constraints.file, f"no block matches {pattern!r}", f"blocks: {some}")
        if unknown := sorted(set(asked) - _BLOCK_KEYS):
            raise _wrong(
                constraints.file, f"unknown key {unknown[0]!r} for block {pattern}", ", ".join(sorted(_BLOCK_KEYS))
            )
        for name in hits:
            blocks[name] = _changed(blocks[name], asked, constraints.file)
    return replace(problem, blocks=tuple(blocks.values()), keepouts=(*problem.keepouts, *constraints.keepouts))


def _changed(block: Block, asked: dict[str, Any], file: str) -> Block:
    try:
        if "width" in asked or "height" in asked:
            block = replace(block, width=float(asked["width"]), height=float(asked["height"]), area=0.0)
        if "fixed" in asked:
            x, y = map(float, asked["fixed"])
            block = replace(block, fixed=(x, y))
        if "aspect" in asked:
            least, most = map(float, asked["aspect"])
            block = replace(block, aspect_min=least, aspect_max=most)
        return replace(block, halo=float(asked.get("halo", block.halo)), macro=bool(asked.get("macro", block.macro)))
    except (KeyError, TypeError, ValueError) as error:
        allowed = "width and height together; fixed = [x, y]; aspect = [min, max]; halo: numbers"
        raise _wrong(file, f"what is asked of block {block.name} is not right", allowed) from error


def _numbers(table: dict[str, Any]) -> dict[str, float]:
    return {key: float(value) for key, value in table.items()}


def _wrong(file: str, what: str, allowed: str = "") -> InputError:
    return InputError("PE733", what, where=file, allowed=allowed)
