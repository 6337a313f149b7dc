"""What changed between two floorplans: blocks that came, went, grew and moved; wirelength and dead space."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from verif.errors import InputError
from verif.floorplan.engine import Spot

GREW = 0.01
"""A change of area below this part is not listed."""


def read_old(file: Path) -> dict[str, Any]:
    """Read the JSON file of an earlier floorplan, or the one in a directory; InputError PE731 where it is none."""
    try:
        source = next(iter(sorted(file.glob("*.json"))), file / "floorplan.json") if file.is_dir() else file
        old = json.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _not_a_floorplan(file, str(error)) from error
    if not isinstance(old, dict) or not {"blocks", "outline", "hpwl", "deadspace"} <= set(old):
        raise _not_a_floorplan(file, "it lacks blocks, outline, hpwl or deadspace")
    return old


def _not_a_floorplan(file: Path, why: str) -> InputError:
    return InputError(
        "PE731",
        f"this is no floorplan to compare with ({why.rstrip('.')})",
        where=str(file),
        hint="name the .json file of an earlier run",
    )


def spots(old: dict[str, Any]) -> dict[str, Spot]:
    """Return where the earlier floorplan had its blocks, in parts of its outline."""
    width, height = old["outline"]["w"], old["outline"]["h"]
    return {
        b["name"]: Spot((b["x"] + b["w"] / 2) / width, (b["y"] + b["h"] / 2) / height, bool(b.get("turned")))
        for b in old["blocks"]
    }


def compare(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the differences; moves are in parts of the new outline's longer side."""
    before = {block["name"]: block for block in old["blocks"]}
    after = {block["name"]: block for block in new["blocks"]}
    side = max(new["outline"]["w"], new["outline"]["h"])
    shared = [name for name in after if name in before]
    return {
        "old": old.get("name", ""),
        "hpwl": [old["hpwl"], new["hpwl"]],
        "deadspace": [old["deadspace"], new["deadspace"]],
        "outline_area": [old["outline"]["w"] * old["outline"]["h"], new["outline"]["w"] * new["outline"]["h"]],
        "block_area": [sum(map(_area, before.values())), sum(map(_area, after.values()))],
        "added": [{"name": name, "area": _area(after[name])} for name in after if name not in before],
        "removed": [{"name": name, "area": _area(before[name])} for name in before if name not in after],
        "resized": [
            {"name": name, "area": [_area(before[name]), _area(after[name])]}
            for name in shared
            if abs(_area(after[name]) / _area(before[name]) - 1) > GREW
        ],
        "moved": [{"name": name, "share": _distance(before[name], after[name]) / side} for name in shared],
    }


def as_text(difference: dict[str, Any]) -> str:
    """Return the differences as lines for people: what grew first."""
    old, new = difference["hpwl"]
    lines = [
        f"against {difference['old']}: wirelength {old:.6g} -> {new:.6g}{_percent(old, new)}, "
        f"block area {difference['block_area'][0]:.6g} -> {difference['block_area'][1]:.6g}"
        f"{_percent(*difference['block_area'])}, dead space "
        f"{100 * difference['deadspace'][0]:.2f} % -> {100 * difference['deadspace'][1]:.2f} %"
    ]
    lines += [f"  new      {block['name']}: area {block['area']:.6g}" for block in difference["added"]]
    lines += [f"  gone     {block['name']}: area {block['area']:.6g}" for block in difference["removed"]]
    resized = sorted(difference["resized"], key=lambda b: -abs(b["area"][1] - b["area"][0]))
    lines += [
        f"  resized  {b['name']}: {b['area'][0]:.6g} -> {b['area'][1]:.6g}{_percent(*b['area'])}" for b in resized
    ]
    far = [block for block in difference["moved"] if block["share"] > 0.1]
    lines.append(f"  moved    {len(far)} of {len(difference['moved'])} blocks by more than a tenth of the outline")
    return "\n".join(lines)


def _percent(old: float, new: float) -> str:
    return f" ({100 * (new / old - 1):+.1f} %)" if old else ""


def _area(block: dict[str, Any]) -> float:
    return float(block["w"]) * float(block["h"])


def _distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    dx = one["x"] + one["w"] / 2 - other["x"] - other["w"] / 2
    dy = one["y"] + one["h"] / 2 - other["y"] - other["h"] / 2
    return math.hypot(dx, dy)
