"""How far from optimal are floorplans of few soft blocks? Plans beside a proven lower bound, in one run.

    python benchmarks/floorplan_exact.py --data DIR [--blocks 6 7 8] [--draws 3] [--seconds 10] [--limit 900] [--json]

DIR is that of floorplan.py. A draw takes some blocks of GSRC n10 with their nets among each other and to the pads of
the 800 ring, makes them soft with aspects of 1/3 to 3, and gives them an outline with 10 % whitespace, as n100 has it.
The engine plans it with a budget of ``--seconds`` of the processor; the branch and bound of floorplan_bound.py then
proves that no plan is shorter by more than 0.01 %, or tells the bound that it reached. Exit code 1 where a plan is not
legal or more than 0.1 % above a bound that was closed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from floorplan_bound import lower_bound  # noqa: E402

from verif.floorplan.bookshelf import read_bookshelf  # noqa: E402
from verif.floorplan.engine import floorplan, task_of, warm_up  # noqa: E402
from verif.floorplan.legality import violations  # noqa: E402
from verif.floorplan.model import Block, Problem  # noqa: E402

ASPECT = 3.0
WHITESPACE = 0.10
TOLERANCE = 1e-4
WORST = 1e-3
"""How far a plan may lie above a closed bound."""


def drawn(problem: Problem, count: int, seed: int) -> Problem:
    """Return ``count`` blocks of ``problem``, soft now, with the nets that still join a block to something."""
    chosen = np.random.default_rng(seed).permutation(len(problem.blocks))[:count]
    kept = {problem.blocks[index].name for index in chosen}
    blocks = tuple(
        Block(name=block.name, area=block.width * block.height, aspect_min=1 / ASPECT, aspect_max=ASPECT)
        for block in problem.blocks
        if block.name in kept
    )
    names = {block.name for block in problem.blocks} - kept
    nets = [replace(net, pins=tuple(pin for pin in net.pins if pin.owner not in names)) for net in problem.nets]
    joined = tuple(net for net in nets if len(net.pins) > 1 and any(pin.owner in kept for pin in net.pins))
    return replace(problem, blocks=blocks, nets=joined)


def compare(problem: Problem, seconds: float, limit: float) -> dict[str, Any]:
    """Plan, check, and bound; lengths are HPWL between centres."""
    outline = problem.outline(whitespace=WHITESPACE)
    result = floorplan(problem, outline, seed=1, budget=seconds, clock=time.process_time)
    task = task_of(problem, outline)
    bound = lower_bound(task.shapes, task.nets, task.frame, result.wirelength, tolerance=TOLERANCE, limit=limit)
    return {
        "planned": result.wirelength,
        "legal": result.legal and not violations(problem, result.placement),
        "above": result.wirelength / bound.lower - 1,
        **asdict(bound),
    }


def main() -> int:
    """Run all draws, the fewest blocks first, and tell each as it ends."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--blocks", type=int, nargs="+", default=[6, 7, 8])
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--limit", type=float, default=900.0, help="seconds of a branch and bound")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    files = {"blocks": options.data / "gsrc_hard/n10.blocks", "nets": options.data / "gsrc_hard/n10.nets"}
    whole = read_bookshelf(**files, pl=options.data / "gsrc_pl_800ring/n10.pl")
    warm_up()
    failed = False
    for count in options.blocks:
        for seed in range(1, options.draws + 1):
            row = {"blocks": count, "draw": seed, **compare(drawn(whole, count, seed), options.seconds, options.limit)}
            failed |= not row["legal"] or (row["closed"] and row["above"] > WORST)
            told = "at most" if row["closed"] else "not closed:"
            line = (
                f"{count} blocks, draw {seed}: planned {row['planned']:,.0f}, {told} {100 * row['above']:.3f} % above"
            )
            line += f" any other; {row['nodes']:,} nodes, {row['programs']:,} programs, {row['seconds']:.0f} s"
            print(json.dumps(row) if options.json else line, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
