"""Four-state lanes and Icarus side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tests.support.harnesses import around
from tests.support.random_rtl import Block
from verif.harness.model import Harness
from verif.lanes import LaneEngine
from verif.lanes.fourstate.build import build_four_state
from verif.lanes.fourstate.comparing import PortDifference, differences
from verif.lanes.fourstate.icarus import IcarusPlayer
from verif.lanes.fourstate.synthesis import RULES
from verif.lanes.stirring import stirred
from verif.lanes.synthesis import MOST_BITS_IN_REGISTERS
from verif.workspace import Workspace

SEED = 7


def compared(
    harness: Harness,
    place: Path,
    *,
    lanes: int = 16,
    ticks: int = 100,
    reset: bool = True,
    rules: Path = RULES,
    register_bits: int = MOST_BITS_IN_REGISTERS,
) -> tuple[PortDifference, ...]:
    """Return what lanes and Icarus show, port by port; without ``reset`` the rows follow the start at once."""
    workspace = Workspace(place / "sim_builds")
    if not reset:
        harness = replace(harness, reset_ticks=0)
    build = build_four_state(harness, workspace=workspace, rules=rules, register_bits=register_bits)
    rows = stirred(harness, lanes, ticks, SEED)
    with LaneEngine(build) as engine:
        shown = engine.lanes(rows, observe=True)
    assert shown.fault is None
    assert shown.observed is not None
    return differences(
        harness, shown.observed, IcarusPlayer(harness, workspace=workspace, folder=place / "icarus").play(rows)
    )


def of_body(body: str, place: Path, *, rules: Path = RULES, register_bits: int = 1024) -> PortDifference:
    """Return what becomes of ``y`` of a design; ``body`` is what ``around`` takes. The first tick follows the start."""
    found = compared(around(body, place / "design"), place, reset=False, rules=rules, register_bits=register_bits)
    return next(port for port in found if port.port == "y")


_ORDER = re.compile(r" (?:<=|>=|<|>) ")
_NAME = re.compile(r"(?<![\w$'])[a-z]\w*")


def without_constant_orders(block: Block) -> Block:
    """Return the design with ``==`` for each order against a constant: read_slang folds those that always hold."""
    text = block.text
    for found in reversed(list(_ORDER.finditer(text))):
        sides = _operands(text, found.start(), found.end())
        if sides and not all(_NAME.search(side) for side in sides):
            text = text[: found.start()] + " == " + text[found.end() :]
    return Block(text)


def _operands(text: str, start: int, end: int) -> tuple[str, str] | None:
    """Return what is left and right of an operator in its parentheses; None where it is in none: an assignment."""
    first, last = _edge(text[:start][::-1], ")", "("), _edge(text[end:], "(", ")")
    return None if first is None or last is None else (text[start - first : start], text[end : end + last])


def _edge(text: str, opening: str, closing: str) -> int | None:
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == opening) - (sign == closing)
        if depth < 0:
            return place
    return None
