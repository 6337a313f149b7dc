"""Bookshelf files (UCSC blocks 1.0, UCLA nets and pl 1.0): ``.blocks``, ``.nets``, ``.pl``, in and out.

The format is described with the GSRC floorplan benchmarks (A. Caldwell, A. Kahng, I. Markov, "Toward CAD-IP Reuse: The
MARCO GSRC Bookshelf", IEEE Design and Test 2002). Pin offsets are percentages of the block's size from its
centre, -50 to 50.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

from verif.errors import InputError
from verif.floorplan.model import Block, Net, Pad, Pin, Placement, Problem

_HARD = re.compile(r"(\S+)\s+hardrectilinear\s+(\d+)\s+(.*)$")
_SOFT = re.compile(r"(\S+)\s+softrect\w*\s+(\S+)\s+(\S+)\s+(\S+)\s*$")
_POINT = re.compile(r"\(\s*([^\s,]+)\s*,\s*([^\s,]+)\s*\)")
_HEADER = ("UCSC", "UCLA", "NumSoft", "NumHard", "NumTerminals", "NumNets", "NumPins")


def read_bookshelf(blocks: Path, nets: Path, pl: Path | None = None) -> Problem:
    """Read a problem; pads without a position in ``pl`` are an error. InputError PE71x names file and line."""
    rectangles, terminals = _read_blocks(blocks)
    positions = _read_positions(pl) if pl else {}
    pads = _pads(terminals, positions, blocks, pl)
    return Problem(name=blocks.stem, blocks=tuple(rectangles.values()), nets=_read_nets(nets, rectangles), pads=pads)


def write_placement(placement: Placement, problem: Problem, file: Path) -> None:
    """Write lower left corner, placed size and orientation (N, or W when turned left) of blocks, then the pads."""
    rows = [
        f"{place.name}\t{place.x:.6f}\t{place.y:.6f}\tDIMS = ({place.width:.6f}, {place.height:.6f})"
        f" : {'W' if place.turned else 'N'}"
        for place in placement.places
    ]
    rows += [f"{pad.name}\t{pad.x:.6f}\t{pad.y:.6f}" for pad in problem.pads]
    file.write_text("UCLA pl 1.0\n\n" + "\n".join(rows) + "\n", encoding="utf-8")


def write_bookshelf(problem: Problem, stem: Path) -> tuple[Path, Path, Path]:
    """Write ``stem``.blocks, .nets and .pl (pads only) and return their paths."""
    files = (stem.with_suffix(".blocks"), stem.with_suffix(".nets"), stem.with_suffix(".pl"))
    files[0].write_text(_blocks_text(problem), encoding="utf-8")
    files[1].write_text(_nets_text(problem), encoding="utf-8")
    pads = "".join(f"{pad.name}\t{pad.x:.6f}\t{pad.y:.6f}\n" for pad in problem.pads)
    files[2].write_text("UCLA pl 1.0\n\n" + pads, encoding="utf-8")
    return files


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text(encoding="latin-1")
    except OSError as error:
        raise InputError("PE710", f"can't be read ({error.strerror})", where=str(file)) from error
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.split("#")[0].strip()
        if bare and not bare.startswith(_HEADER):
            yield number, bare


def _number(text: str, file: Path, line: int) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InputError("PE711", f"{text!r} is not a number", where=f"{file}:{line}") from error


def _read_blocks(file: Path) -> tuple[dict[str, Block], list[str]]:
    blocks: dict[str, Block] = {}
    terminals: list[str] = []
    for number, line in _lines(file):
        if match := _HARD.match(line):
            blocks[match[1]] = _hard_block(match[1], match[3], file, number)
        elif match := _SOFT.match(line):
            area, least, most = (_number(text, file, number) for text in match.groups()[1:])
            blocks[match[1]] = Block(name=match[1], area=area, aspect_min=least, aspect_max=most)
        elif re.match(r"\S+\s+terminal\b", line):
            terminals.append(line.split()[0])
        else:
            raise InputError(
                "PE712",
                f"this line is no block or terminal: {line[:40]!r}",
                where=f"{file}:{number}",
                allowed="'NAME hardrectilinear 4 (x, y) ...', 'NAME softrectangular AREA MIN MAX' or 'NAME terminal'",
            )
    return blocks, terminals


def _hard_block(name: str, corners: str, file: Path, line: int) -> Block:
    points = [(_number(x, file, line), _number(y, file, line)) for x, y in _POINT.findall(corners)]
    xs, ys = {x for x, _ in points}, {y for _, y in points}
    where = f"{file}:{line}"
    if not all(map(math.isfinite, xs | ys)):
        raise InputError("PE704", f"a corner of block {name} is not a finite number", where=where)
    if len(points) == 4 and min(len(xs), len(ys)) == 1:
        raise InputError("PE703", f"block {name} has no area", where=where, allowed="width and height are positive")
    if len(points) != 4 or len(xs) != 2 or len(ys) != 2:
        raise InputError("PE713", f"block {name} is not a rectangle", where=where, allowed="four corners")
    return Block(name=name, width=max(xs) - min(xs), height=max(ys) - min(ys))


def _read_positions(file: Path) -> dict[str, tuple[float, float]]:
    positions = {}
    for number, line in _lines(file):
        words = line.split()
        if len(words) >= 3:
            positions[words[0]] = (_number(words[1], file, number), _number(words[2], file, number))
    return positions


def _pads(
    terminals: list[str], positions: dict[str, tuple[float, float]], blocks: Path, pl: Path | None
) -> tuple[Pad, ...]:
    for name in terminals:
        if name not in positions:
            raise InputError(
                "PE714",
                f"terminal {name} has no position",
                where=str(pl or blocks),
                hint="give its x and y in the file named by --pl",
            )
    return tuple(Pad(name=name, x=positions[name][0], y=positions[name][1]) for name in terminals)


def _read_nets(file: Path, blocks: dict[str, Block]) -> tuple[Net, ...]:
    nets: list[tuple[str, list[Pin]]] = []
    for number, line in _lines(file):
        if line.startswith("NetDegree"):
            words = line.replace(":", " ").split()
            nets.append((words[2] if len(words) > 2 else f"net{len(nets)}", []))
        elif nets:
            nets[-1][1].append(_pin(line, blocks, file, number))
        else:
            raise InputError("PE715", "a pin stands before the first NetDegree", where=f"{file}:{number}")
    return tuple(Net(name=name, pins=tuple(pins)) for name, pins in nets)


def _pin(line: str, blocks: dict[str, Block], file: Path, number: int) -> Pin:
    owner = line.split()[0]
    percents = re.findall(r"%\s*(\S+)", line)
    block = blocks.get(owner)
    if len(percents) != 2 or block is None or block.soft:
        return Pin(owner=owner)
    dx, dy = (_number(text, file, number) / 100 for text in percents)
    return Pin(owner=owner, dx=dx * block.width, dy=dy * block.height)


def _blocks_text(problem: Problem) -> str:
    soft = [block for block in problem.blocks if block.soft]
    rows = [
        f"{b.name} softrectangular {b.area:.6f} {b.aspect_min:.6f} {b.aspect_max:.6f}"
        if b.soft
        else f"{b.name} hardrectilinear 4 (0, 0) (0, {b.height:.6f}) ({b.width:.6f}, {b.height:.6f}) ({b.width:.6f}, 0)"
        for b in problem.blocks
    ]
    rows += [f"{pad.name} terminal" for pad in problem.pads]
    head = (
        f"UCSC blocks 1.0\n\nNumSoftRectangularBlocks : {len(soft)}\n"
        f"NumHardRectilinearBlocks : {len(problem.blocks) - len(soft)}\nNumTerminals : {len(problem.pads)}\n\n"
    )
    return head + "\n".join(rows) + "\n"


def _nets_text(problem: Problem) -> str:
    sizes = {block.name: (block.width, block.height) for block in problem.blocks if not block.soft}
    rows = []
    for net in problem.nets:
        rows.append(f"NetDegree : {len(net.pins)} {net.name}")
        for pin in net.pins:
            width, height = sizes.get(pin.owner, (0.0, 0.0))
            offset = ""
            if width and height and (pin.dx or pin.dy):
                offset = f" : %{100 * pin.dx / width:.6f} %{100 * pin.dy / height:.6f}"
            rows.append(f"{pin.owner} B{offset}")
    pins = sum(len(net.pins) for net in problem.nets)
    return f"UCLA nets 1.0\n\nNumNets : {len(problem.nets)}\nNumPins : {pins}\n" + "\n".join(rows) + "\n"
