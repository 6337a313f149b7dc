"""A floorplan with all its figures, as data for JSON and for comparing, and as text."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from verif.floorplan.engine import Result
from verif.floorplan.estimates import congestion, critical, deadspace, hpwl, rent_exponent, rent_wirelength
from verif.floorplan.legality import violations
from verif.floorplan.model import Placement, Problem
from verif.floorplan.rows import row_by_row


def figures(problem: Problem, result: Result, *, synthesis: float | None = None) -> dict[str, Any]:
    """Return what DESIGN's table of verbs promises for ``--json``, and the estimates."""
    placement = result.placement
    broken = violations(problem, placement)
    rows = row_by_row(problem, placement.outline)
    worst = critical(problem, placement)
    return {
        "name": problem.name,
        "blocks": blocks_of(problem, placement),
        "outline": {"w": placement.outline.width, "h": placement.outline.height},
        "hpwl": hpwl(problem, placement),
        "hpwl_centres": hpwl(problem, placement, at_pins=False),
        "deadspace": deadspace(problem, placement),
        "legal": not broken,
        "violations": [asdict(violation) for violation in broken],
        "nets": len(problem.nets),
        "pads": [{"name": pad.name, "x": pad.x, "y": pad.y} for pad in problem.pads],
        "estimates": {
            "congestion_peak": max(map(max, congestion(problem, placement))),
            "congestion_mean": _mean(congestion(problem, placement)),
            "rent_exponent": rent_exponent(problem),
            "rent_wirelength": rent_wirelength(problem, placement.outline.area),
            "critical": asdict(worst) if worst else None,
        },
        "row_by_row": {"hpwl": hpwl(problem, rows), "legal": not violations(problem, rows)},
        "starts": result.starts,
        "cut": result.cut,
        "seconds": {
            **({"synthesis": round(synthesis, 3)} if synthesis is not None else {}),
            "planning": round(result.seconds, 3),
        },
    }


def blocks_of(problem: Problem, placement: Placement) -> list[dict[str, Any]]:
    """Return name, lower left corner, placed size and provenance of every block."""
    return [
        {
            "name": place.name,
            "x": place.x,
            "y": place.y,
            "w": place.width,
            "h": place.height,
            "turned": place.turned,
            "soft": block.soft,
            "macro": block.macro,
            "group": block.group,
            "area": block.footprint,
        }
        for block, place in zip(problem.blocks, placement.places, strict=True)
    ]


def _mean(grid: list[list[float]]) -> float:
    return sum(map(sum, grid)) / sum(map(len, grid))


def as_text(figures: dict[str, Any]) -> str:
    """Return the figures as lines for people."""
    outline, estimates, rows = figures["outline"], figures["estimates"], figures["row_by_row"]
    lines = [
        f"{figures['name']}: {len(figures['blocks'])} blocks, {figures['nets']} nets",
        f"outline        {outline['w']:.6g} x {outline['h']:.6g}, dead space {100 * figures['deadspace']:.2f} %",
        f"wirelength     {figures['hpwl']:.6g} (HPWL); row by row {rows['hpwl']:.6g}"
        f"{_ratio(figures['hpwl'], rows['hpwl'])}; by Rent's rule {estimates['rent_wirelength']:.4g}",
        f"congestion     peak {estimates['congestion_peak']:.4g}, mean {estimates['congestion_mean']:.4g} (RUDY)",
    ]
    if worst := estimates["critical"]:
        one, other = worst["blocks"]
        lines.append(f"farthest apart {one} and {other}: {worst['distance']:.6g} (net {worst['net']})")
    lines.append(f"legal          {'yes' if figures['legal'] else _first_violation(figures)}")
    seconds = ", ".join(f"{name} {value:.1f} s" for name, value in figures["seconds"].items())
    lines.append(f"took           {seconds}; {figures['starts']} starts, {figures['cut']} cut by the budget")
    return "\n".join(lines)


def _ratio(mine: float, theirs: float) -> str:
    return f", {theirs / mine:.2f} times as long" if mine > 0 else ""


def _first_violation(figures: dict[str, Any]) -> str:
    first = figures["violations"][0]
    return f"no: {len(figures['violations'])} violations, first {first['rule']} of {', '.join(first['blocks'])}"
