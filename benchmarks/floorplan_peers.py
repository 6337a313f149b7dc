"""Others' floorplanners on the same blocks: judged by the same checker and measured by the same formula as ours."""

from __future__ import annotations

import importlib.util
import resource
import shlex
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from verif.floorplan import estimates
from verif.floorplan.legality import violations
from verif.floorplan.model import Block, Outline, Place, Placement, Problem
from verif.floorplan.rows import row_by_row

SCALE = 1000
"""rectangle-packer takes whole numbers."""


def rows(problem: Problem, outline: Outline) -> dict[str, Any]:
    """Return the wirelength of the trivial floorplan; it may reach over the outline's top."""
    return {"rows_hpwl": estimates.hpwl(problem, row_by_row(problem, outline))}


def packer(problem: Problem) -> dict[str, Any]:
    """Return the dead space that rectangle-packer (PyPI) leaves; it turns no block."""
    if importlib.util.find_spec("rpack") is None:
        return {"peer": "rectangle-packer is not installed"}
    import rpack

    sizes = [(round(b.width * SCALE), round(b.height * SCALE)) for b in problem.blocks]
    began = time.process_time()
    corners = rpack.pack(sizes)
    used = time.process_time() - began
    places = [
        Place(name=b.name, x=x / SCALE, y=y / SCALE, width=b.width, height=b.height)
        for b, (x, y) in zip(problem.blocks, corners, strict=True)
    ]
    width, height = max(p.x + p.width for p in places), max(p.y + p.height for p in places)
    packed = Placement(outline=Outline(width=width, height=height), places=tuple(places))
    return {
        "peer": "rectangle-packer",
        "peer_deadspace": 100 * estimates.deadspace(problem, packed),
        "peer_legal": not violations(problem, packed),
        "peer_seconds": round(used, 2),
    }


def program(problem: Problem, outline: Outline, command: str, files: dict[str, Path]) -> dict[str, Any]:
    """Run a program of hard blocks' floorplans and judge what it wrote.

    ``command`` names ``{blocks}``, ``{nets}``, ``{pl}`` and ``{out}``; in that last file each block has a line that
    begins with its name, x and y and ends with 1, or W, where it is turned.
    """
    with tempfile.TemporaryDirectory(prefix="floorplan-peer-") as scratch:
        out = Path(scratch) / "out"
        words = shlex.split(command.format(**files, out=out))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, cwd=scratch, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        placement = read_places(problem, outline, out.read_text(encoding="utf-8"))
    broken = sorted({violation.rule for violation in violations(problem, placement)})
    return {
        "peer": Path(words[0]).name,
        "peer_hpwl": estimates.hpwl(problem, placement),
        "peer_legal": not broken,
        "peer_violations": broken,
        "peer_seconds": round(after.ru_utime - before.ru_utime, 2),
    }


def read_places(problem: Problem, outline: Outline, text: str) -> Placement:
    """Return the placement that a program wrote; blocks without a line are missing from it."""
    blocks = {block.name: block for block in problem.blocks}
    rows = (line.split() for line in text.splitlines())
    found = {row[0]: row for row in rows if len(row) >= 3 and row[0] in blocks}
    return Placement(outline=outline, places=tuple(_place(blocks[name], row) for name, row in found.items()))


def _place(block: Block, row: list[str]) -> Place:
    turned = row[-1] in ("1", "W") and len(row) > 3
    width, height = (block.height, block.width) if turned else (block.width, block.height)
    return Place(name=block.name, x=float(row[1]), y=float(row[2]), width=width, height=height, turned=turned)
