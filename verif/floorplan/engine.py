"""The floorplan engine: many starts on all cores, the best legal layout wins, at any time.

With a number of starts, the result is fixed by problem, seed and effort. A time budget is shared out between starts by
the speed that the first, short one measures, so the result then depends on the machine too.
"""

from __future__ import annotations

import functools
import itertools
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from verif.floorplan import notches
from verif.floorplan.arrays import I32, Frame, Layout, Nets, Shapes, nets_of, shapes_of
from verif.floorplan.bounds import check_fit
from verif.floorplan.keeping import Keeper, Kept
from verif.floorplan.model import Block, Net, Outline, Pin, Place, Placement, Problem, check_problem
from verif.floorplan.moves import Hints
from verif.floorplan.pace import Clock, Pace
from verif.floorplan.runs import Plan, Report, Watch, run_starts
from verif.floorplan.sliced import slicer_for
from verif.floorplan.start import Effort, Found, Task, measured, run_start

NOMINAL_MOVES = 1.2e7
"""Moves per second times blocks on a slow core (measured 1.7e7 on a Xeon of 2023); it sets the work of a start."""
LEAST = 400
"""Moves of a start for each block, whatever the budget."""
FEW = 15
"""Up to so many blocks, many short starts find a smaller area than few long ones."""
FEW_COOLINGS = ((0.2, 10.0), (0.1, 20.0), (0.06, 6.0))
"""First temperature, and first over last, of starts that look for the least area of few blocks, taken in turn: of the
MCNC sets apte is best with the first, hp with the second, xerox with the last."""
ANNEALED = 0.15
"""Part of the time that annealing gets where enumeration follows."""
MANY_COOLINGS = ((0.05, 100.0),)
SOFT = 0.5
"""Part of the area that must be soft for slicing trees to be used."""
ALIKE = 40
"""Blocks of similar size that a block may be exchanged with; 6 and 16 were worse on GSRC, 80 no better."""


class Spot(NamedTuple):
    """Where an earlier floorplan had a block: its centre in parts of the outline, and whether it was turned."""

    x: float
    y: float
    turned: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The best floorplan found, and how."""

    placement: Placement
    wirelength: float
    legal: bool
    """False where no start fitted the outline; the placement then sticks out."""
    starts: int
    """Starts that ended by their own schedule."""
    cut: int
    """Starts that the time budget ended."""
    seconds: float
    """Time of the search by the clock that the budget was counted with; with that of the calls that it goes on from."""
    interrupted: bool = False
    """Whether the user ended it; it goes on from there with the same keeper."""


def effort_for(blocks: int, budget: float, *, area_only: bool = False) -> Effort:
    """Return the work of one start: half of the budget on a slow core, less where longer annealing stops paying."""
    nominal = NOMINAL_MOVES / blocks * budget * 0.5
    useful = 4000 * blocks**1.6
    if area_only:
        few = blocks <= FEW
        moves = 300_000 if few else int(min(nominal, 6e6))
        moves = max(LEAST * blocks, moves)
        return Effort(moves=moves, useful=moves, again=0, area_coolings=FEW_COOLINGS if few else MANY_COOLINGS)
    steps = 2500 if blocks <= 500 else max(300, int(2500 * (500 / blocks) ** 2))
    moves = max(LEAST * blocks, int(min(nominal, useful)))
    return Effort(moves=moves, useful=max(moves, int(useful)), again=3, spread_steps=steps)


def floorplan(
    problem: Problem,
    outline: Outline | None,
    *,
    seed: int = 1,
    budget: float = 60.0,
    starts: int | None = None,
    jobs: int = 1,
    previous: Mapping[str, Spot] | None = None,
    progress: Report = lambda share, best: None,
    clock: Clock = time.monotonic,
    keeper: Keeper | None = None,
) -> Result:
    """Place the blocks of ``problem`` in ``outline`` with least wirelength, or in the least area where it is None.

    ``budget`` is in seconds of ``clock``: wall time, or time.process_time for the processor's, which all threads share;
    with ``starts`` exactly that many starts run and the result repeats bit for bit.
    ``progress`` is told the share of the work done and the best wirelength (or area) so far.
    ``previous`` keeps blocks near where an earlier floorplan had them. InputError where the blocks can't fit.
    ``keeper`` takes what is found as it comes, and the search goes on from what it has.
    """
    check_problem(problem)
    if outline is not None:
        check_fit(problem, outline)
    warm_up()
    task = task_of(problem, outline)
    if previous:
        task = replace(task, previous=_previous(problem, task, previous))
    count = len(problem.blocks)
    plan = Plan(
        effort=effort_for(count, budget, area_only=outline is None),
        seed=seed,
        seconds=budget,
        starts=1 if count == 1 else starts,
        patient=outline is None,
        clock=clock,
    )
    kept = _search(task, plan, jobs, progress, keeper)
    found = [kept.found[number] for number in sorted(kept.found)]
    best = min(found, key=lambda one: (not one.legal, _score(task, one)))
    cut = sum(one.cut for one in found)
    return Result(
        placement=_placement(problem, task.shapes, best, outline),
        wirelength=best.wirelength,
        legal=best.legal,
        starts=len(found) - cut,
        cut=cut,
        seconds=kept.seconds,
        interrupted=kept.interrupted,
    )


def _search(task: Task, plan: Plan, jobs: int, progress: Report, keeper: Keeper | None) -> Kept:
    """Run the starts; for the least area of few hard blocks they get a part of the time, and enumeration the rest."""
    kept = keeper.load() if keeper else Kept()
    if plan.starts is not None:
        kept.found = {number: one for number, one in kept.found.items() if not one.cut}
    shapes = task.shapes
    free = bool(shapes.movable.all() and not shapes.soft.any())
    few = task.area_only and free and 1 < len(shapes.width) <= notches.MOST and plan.starts is None
    share = ANNEALED if few else 1.0
    watch = Watch(plan.seconds, plan.clock, kept.seconds)
    annealing = replace(plan, seconds=plan.seconds * share)
    score = partial(_score, task)
    run_starts(task, annealing, score, jobs, lambda done, best: progress(done * share, best), kept, keeper)
    if not kept.found:
        raise KeyboardInterrupt
    if few and not kept.interrupted:
        _enumerate(task, watch, kept, lambda done, best: progress(share + (1 - share) * done, best))
    if keeper:
        keeper.save(kept, now=True)
    return kept


def _enumerate(task: Task, watch: Watch, kept: Kept, progress: Report) -> None:
    """Look for a smaller area than ``kept`` has by enumeration; an interrupt leaves the best so far."""
    least = min(_score(task, one) for one in kept.found.values())
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(
            notches.least_area, task.shapes, least, lambda: watch.over, lambda done: progress(done, least)
        )
        try:
            wait([asked])
        except KeyboardInterrupt:
            kept.interrupted = True
            watch.stop()
        smaller = asked.result()
    if smaller is not None:
        kept.found[max(kept.found) + 1] = measured(task, smaller)
    kept.seconds = watch.elapsed


def _previous(problem: Problem, task: Task, spots: Mapping[str, Spot]) -> Layout:
    """Return the earlier layout in the new outline; new blocks begin in the middle."""
    shapes, frame = task.shapes, task.frame
    known = [spots.get(block.name, Spot(0.5, 0.5, False)) for block in problem.blocks]
    known += [Spot(0.5, 0.5, False)] * (len(shapes.width) - len(known))
    turned = np.array([spot.turned for spot in known]) & ~shapes.soft & shapes.movable
    cx = np.where(shapes.movable, [spot.x * frame.width for spot in known], frame.fixed_x)
    cy = np.where(shapes.movable, [spot.y * frame.height for spot in known], frame.fixed_y)
    w, h = np.where(turned, shapes.height, shapes.width), np.where(turned, shapes.width, shapes.height)
    return Layout(cx=cx, cy=cy, w=w, h=h, turned=turned)


@functools.cache
def warm_up() -> None:
    """Compile all stages on a toy problem, so that the first use on a machine does not eat the budget."""
    toy = Problem(
        name="toy",
        blocks=(Block(name="a", width=1, height=2), Block(name="b", area=2), Block(name="c", area=2)),
        nets=(Net(name="n", pins=(Pin(owner="a"), Pin(owner="b"))),),
    )
    run_start(
        task_of(toy, toy.outline(whitespace=1)),
        Effort(moves=10, useful=10, again=1, spread_steps=2),
        1,
        Pace(),
        lambda share: None,
    )
    notches.least_area(shapes_of(replace(toy, blocks=toy.blocks[:1])), 3.0, lambda: False, lambda share: None)


def _score(task: Task, found: Found) -> float:
    if not task.area_only:
        return found.wirelength
    right, top = found.layout.cx + found.layout.w / 2, found.layout.cy + found.layout.h / 2
    return float(right.max() * top.max())


def task_of(problem: Problem, outline: Outline | None) -> Task:
    """Turn the problem into arrays; keep-outs become fixed blocks without nets."""
    walls = tuple(
        Block(name=f"\0keepout{number}", width=k.width, height=k.height, fixed=(k.x, k.y))
        for number, k in enumerate(problem.keepouts)
    )
    whole = replace(problem, blocks=problem.blocks + walls, keepouts=())
    shapes, nets = shapes_of(whole), nets_of(whole)
    corners = [block.fixed or (np.nan, np.nan) for block in whole.blocks]
    halo = shapes.halo
    fixed_x = np.array([x for x, _ in corners]) - halo + shapes.width / 2
    fixed_y = np.array([y for _, y in corners]) - halo + shapes.height / 2
    side = 10 * float(np.sum(np.maximum(shapes.width, shapes.height)))
    frame = Frame(
        width=outline.width if outline else side,
        height=outline.height if outline else side,
        fixed_x=fixed_x,
        fixed_y=fixed_y,
    )
    near, near_start = _neighbours(nets, len(whole.blocks))
    soft = float(shapes.area.sum()) > SOFT * float(np.sum(shapes.width * shapes.height))
    sliced = soft and outline is not None and len(whole.blocks) > 1 and bool(shapes.movable.all()) and not nets.offsets
    return Task(
        shapes=shapes,
        nets=nets,
        frame=frame,
        hints=Hints(near, near_start, _alike(shapes)),
        area_only=outline is None,
        slicer=slicer_for(shapes, nets, frame) if sliced else None,
    )


def _neighbours(nets: Nets, blocks: int) -> tuple[I32, I32]:
    """Return the blocks that share a net of at most eight pins, in compressed rows."""
    beside: list[set[int]] = [set() for _ in range(blocks)]
    for begin, end in itertools.pairwise(nets.start.tolist()):
        members = sorted(set(nets.pin_block[begin:end].tolist()))
        if 2 <= len(members) <= 8:
            for block in members:
                beside[block].update(other for other in members if other != block)
    flat = [other for row in beside for other in sorted(row)] or [0]
    counts = np.cumsum([0] + [len(row) for row in beside])
    return np.array(flat, dtype=np.int32), counts.astype(np.int32)


def _alike(shapes: Shapes) -> I32:
    """Return the ``ALIKE`` blocks nearest in size, turned or not, for each block; shape (blocks, at most ALIKE)."""
    low, high = np.minimum(shapes.width, shapes.height), np.maximum(shapes.width, shapes.height)
    distance = np.abs(low[:, None] - low) + np.abs(high[:, None] - high)
    np.fill_diagonal(distance, np.inf)
    width = max(1, min(ALIKE, len(low) - 1))
    return np.argsort(distance, axis=1, kind="stable")[:, :width].astype(np.int32)


def _placement(problem: Problem, shapes: Shapes, found: Found, outline: Outline | None) -> Placement:
    layout = found.layout
    places = []
    for number, block in enumerate(problem.blocks):
        halo = float(shapes.halo[number])
        width, height = float(layout.w[number]) - 2 * halo, float(layout.h[number]) - 2 * halo
        x = float(layout.cx[number] - layout.w[number] / 2) + halo
        y = float(layout.cy[number] - layout.h[number] / 2) + halo
        if block.soft:
            height = block.area / width
        turned = bool(layout.turned[number])
        places.append(Place(name=block.name, x=x, y=y, width=width, height=height, turned=turned))
    if outline is None:
        outline = Outline(
            width=max(p.x + p.width + b.halo for p, b in zip(places, problem.blocks, strict=True)),
            height=max(p.y + p.height + b.halo for p, b in zip(places, problem.blocks, strict=True)),
        )
    return Placement(outline=outline, places=tuple(places))
