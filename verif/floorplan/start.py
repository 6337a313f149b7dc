"""One start of the search: spread, anneal, polish, and anneal again from the polished layout."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from verif.floorplan.analytic import overlap, spread
from verif.floorplan.anneal import PENALTY, STATE, Bounds, Schedule, Scratch, anneal
from verif.floorplan.arrays import F, Frame, Layout, Nets, Shapes
from verif.floorplan.flips import flip_relations
from verif.floorplan.kernels import pack_low, wirelength
from verif.floorplan.moves import Hints, Pair
from verif.floorplan.pace import Pace
from verif.floorplan.polish import polish_hard, polish_soft
from verif.floorplan.sequence_pair import sequence_pair
from verif.floorplan.skyline import MANY, packings
from verif.floorplan.sliced import STIFF, Slicer, slice_and_cool

FLIPPED = 15
"""Blocks up to which relations are flipped after polishing: 0.1 to 0.3 s for 10 blocks, 10 s and more for 30."""
PROGRAM, JOINT_PROGRAM = 1200, 500
"""Blocks beyond which linear programs take too long: those with all sizes kept, and those with soft sizes free."""


SLICED_ENOUGH = 100
"""Blocks from which annealing sequence pairs no longer improves on a legal slicing tree (on n100 by 0.005 %)."""
SPAN = 40.0
"""First over last temperature."""
WARM, WARM_FEW, FEW_MOVES = 0.001, 0.0005, 3000
"""First temperatures from a packing that fits, the second for schedules of few moves a block: on GSRC n100 to n300
(hard, 10 % whitespace) 0.004 is 1 to 10 % longer, most so where there is little time."""
HELD = 8.0
"""First weight of the outline where the layout fits it already; with 1, short schedules leave it and do not return."""
WORTH = 1e-3
"""Polishing is repeated while it saves this part of the wirelength."""
ENDED = 0.9
"""Part of a schedule after which it counts as ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What all starts share."""

    shapes: Shapes
    nets: Nets
    frame: Frame
    hints: Hints
    area_only: bool = False
    previous: Layout | None = None
    """Where an earlier floorplan had the blocks: the search then stays near it."""
    slicer: Slicer | None = None
    """Where slicing trees suit the problem: mostly soft blocks, none preplaced, pins in the centres."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """Work of one start where nothing ends it: the same on every machine."""

    moves: int
    useful: int
    """Moves beyond which a longer start no longer pays: with a clock, starts may get as long as that, or twice."""
    again: int
    """Rounds of annealing from the polished layout, each a quarter as long."""
    spread_steps: int = 2500
    area_coolings: tuple[tuple[float, float], ...] = ((0.05, 100.0),)
    """First temperature, and first over last, where the area alone counts; the seed chooses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cooling:
    """Temperatures of a round, relative to the wirelength (or area) it starts with."""

    hot: float
    span: float
    """First over last temperature."""
    first: bool = True
    """Whether it is the long round of a start; later ones have a quarter of its moves."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The best layout of a start."""

    layout: Layout
    wirelength: float
    legal: bool
    """Whether it lies in the outline and keeps what is preplaced; the start failed otherwise."""
    cut: bool
    """Whether the clock ended it before its schedule did."""


def run_start(task: Task, effort: Effort, seed: int, pace: Pace, tick: Callable[[float], None]) -> Found:
    """Run one start at ``pace``; ``tick`` is told the share done (0 to 1) now and then."""
    began = pace.clock()
    rough = _spread(task, effort, seed)
    again = 0 if task.area_only or (task.slicer is not None and len(rough.cx) > JOINT_PROGRAM) else effort.again
    if task.slicer is not None and task.previous is None:
        best = _sliced(task, task.slicer, rough, effort.moves, seed, pace, again, partial(_tell, tick, 0, again))
        again = 0 if best.legal and len(rough.cx) >= SLICED_ENOUGH else again
        cooling = Cooling(hot=_hot(task), span=SPAN)
    else:
        first = _packed_near(task, rough, seed, pace)
        pace.safe = first is not None
        cooling = _cooling(task, effort, seed, warm=first is not None)
        tell = partial(_tell, tick, 0, again)
        best = _round(task, first.layout if first else rough, effort.moves, cooling, seed, pace, again, tell)
        best = replace(min((best, first or best), key=_rank), cut=best.cut)
    cooling = replace(cooling, hot=cooling.hot / 4, first=False)
    for number in range(again):
        if best.cut or pace.left <= pace.costs.polish:
            break
        tell = partial(_tell, tick, number + 1, again)
        layout, seeded = best.layout if best.legal else rough, seed * 101 + number + 1
        found = _round(task, layout, effort.moves // 4, cooling, seeded, pace, again - 1 - number, tell)
        best = replace(min((best, found), key=_rank), cut=found.cut)
    if best.legal and not best.cut and not task.area_only and len(rough.cx) <= FLIPPED:
        flipped = flip_relations(best.layout, task.shapes, task.nets, task.frame, pace.over)
        best = min((best, _polished(task, flipped, pace, cut=False)), key=_rank)
    if math.isinf(pace.end):
        pace.costs.move, pace.costs.rest = pace.used / effort.moves, pace.clock() - began - pace.used
    return best


def _rank(found: Found) -> tuple[bool, float]:
    return not found.legal, found.wirelength


def _hot(task: Task) -> float:
    return 0.001 if task.shapes.soft.all() or task.previous else 0.004


def _cooling(task: Task, effort: Effort, seed: int, *, warm: bool) -> Cooling:
    if task.area_only:
        hot, span = effort.area_coolings[seed % len(effort.area_coolings)]
        return Cooling(hot=hot, span=span)
    if not warm:
        return Cooling(hot=_hot(task), span=SPAN)
    return Cooling(hot=WARM if effort.moves >= FEW_MOVES * len(task.shapes.width) else WARM_FEW, span=SPAN)


def _packed_near(task: Task, rough: Layout, seed: int, pace: Pace) -> Found | None:
    """Return the shortest of many packings near ``rough`` that fit, for hard blocks without preplaced ones."""
    if task.area_only or task.previous is not None or task.shapes.soft.any() or not task.shapes.movable.all():
        return None
    fitting = (measured(task, layout) for layout in packings(rough, task.shapes, task.frame, seed, pace.over))
    legal = (found for found in fitting if found.legal)
    return next(legal, None) if len(rough.cx) > MANY else min(legal, key=_rank, default=None)


def _share(rounds: int, *, first: bool) -> float:
    """Part of the time left for the schedule of a round with ``rounds`` after it; later ones are a quarter as long."""
    return 1 / (1 + rounds / 4) if first else 1 / (1 + rounds)


def _tell(tick: Callable[[float], None], number: int, again: int, done: float) -> None:
    """Tell the share of a start of 1 + ``again`` / 4 schedules, ``done`` of the one with ``number`` being through."""
    before, length = (0.0, 1.0) if number == 0 else (1 + (number - 1) / 4, 0.25)
    tick((before + length * done) / (1 + again / 4))


def _spread(task: Task, effort: Effort, seed: int) -> Layout:
    """Run the global stage: blocks begin near the middle, half of the hard ones turned."""
    shapes, frame = task.shapes, task.frame
    count = len(shapes.width)
    random = np.random.default_rng(seed)
    cx = frame.width * (0.5 + 0.05 * random.standard_normal(count))
    cy = frame.height * (0.5 + 0.05 * random.standard_normal(count))
    w, h = shapes.width.copy(), shapes.height.copy()
    turned = (random.random(count) < 0.5) & ~shapes.soft & shapes.movable
    w[turned], h[turned] = h[turned].copy(), w[turned].copy()
    cx, cy = np.where(shapes.movable, cx, frame.fixed_x), np.where(shapes.movable, cy, frame.fixed_y)
    layout = Layout(cx=cx, cy=cy, w=w, h=h, turned=turned)
    last = 1000.0 if shapes.soft.any() else 200.0
    if task.previous is not None:
        old = task.previous
        layout = Layout(old.cx.copy(), old.cy.copy(), old.w.copy(), old.h.copy(), old.turned.copy())
        spread(layout, shapes, task.nets, frame, effort.spread_steps // 8, last / 4, last)
    elif not task.area_only:
        spread(layout, shapes, task.nets, frame, effort.spread_steps, 2.0, last)
    return layout


def _sliced(
    task: Task,
    slicer: Slicer,
    rough: Layout,
    moves: int,
    seed: int,
    pace: Pace,
    rounds: int,
    tick: Callable[[float], None],
) -> Found:
    """Cool a slicing tree and polish; ``rounds`` more may follow.

    Where the linear program can't mend the aspects that mild weights left, the tree is cooled again with firm ones, and
    so are, at once, the starts after it that the clock ends.
    """
    polished = len(rough.cx) <= JOINT_PROGRAM
    rounds = 0 if len(rough.cx) >= SLICED_ENOUGH else rounds
    timed = not math.isinf(pace.end)
    bends = slicer.bends if polished else (STIFF,)
    for bend in bends[-1:] if timed and pace.costs.firm else bends:
        parts = pace.parts(moves, pace.room(_share(rounds, first=True), rounds + 1))
        layout, share = slice_and_cool(slicer, rough, parts, seed, tick, bend)
        found = _polished(task, layout, pace, cut=share < ENDED)
        if found.legal or found.cut or (timed and pace.left <= pace.costs.polish):
            break
        pace.costs.firm = True
    return found


def _round(
    task: Task,
    rough: Layout,
    moves: int,
    cooling: Cooling,
    seed: int,
    pace: Pace,
    rounds: int,
    tick: Callable[[float], None],
) -> Found:
    """Anneal from ``rough`` and polish; ``rounds`` more follow."""
    first, second = sequence_pair(rough.cx, rough.cy, rough.w, rough.h)
    now = Pair(first, second, rough.w.copy(), rough.h.copy(), rough.turned.copy())
    best = Pair(now.first.copy(), now.second.copy(), now.w.copy(), now.h.copy(), now.turned.copy())
    state = np.zeros(STATE)
    state[PENALTY] = HELD if not task.area_only and _is_legal(task, rough) else 1.0
    count = len(first)
    scratch = Scratch(np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count + 1))
    bounds = _bounds(task)
    share = 0.0
    room = pace.room(_share(rounds, first=cooling.first), rounds + 1)
    for begin, end, total in pace.parts(moves, room):
        schedule = Schedule(begin, end, total, cooling.hot, cooling.hot / cooling.span, seed)
        anneal(now, best, state, task.shapes, task.nets, bounds, task.hints, schedule, scratch)
        share = end / total
        tick(share)
    return _polished(task, _packed(best, bounds), pace, cut=share < ENDED)


def _bounds(task: Task) -> Bounds:
    frame, shapes = task.frame, task.shapes
    floor_x, ceil_x = _pins(frame.fixed_x, shapes.width, 2 * frame.width)
    floor_y, ceil_y = _pins(frame.fixed_y, shapes.height, 2 * frame.height)
    held = bool((~shapes.movable).any())
    return Bounds(frame.width, frame.height, floor_x, floor_y, ceil_x, ceil_y, held, task.area_only)


def _pins(centre: F, size: F, free: float) -> tuple[F, F]:
    """Least position and greatest end of each block: pinned where its centre is fixed."""
    pinned = ~np.isnan(centre)
    return np.where(pinned, centre - size / 2, 0.0), np.where(pinned, centre + size / 2, free)


def _packed(pair: Pair, bounds: Bounds) -> Layout:
    count = len(pair.first)
    rank = np.empty(count, dtype=np.int32)
    rank[pair.second] = np.arange(count, dtype=np.int32)
    x, y, tree = np.zeros(count), np.zeros(count), np.zeros(count + 1)
    pack_low(pair.first, rank, pair.w, bounds.floor_x, x, tree)
    pack_low(pair.first[::-1], rank, pair.h, bounds.floor_y, y, tree)
    return Layout(cx=x + pair.w / 2, cy=y + pair.h / 2, w=pair.w, h=pair.h, turned=pair.turned)


def _polished(task: Task, layout: Layout, pace: Pace, *, cut: bool) -> Found:
    best = measured(task, layout, cut=cut)
    blocks = len(layout.w)
    began = pace.clock()
    for _ in range(0 if task.area_only or blocks > PROGRAM else 4):
        before = pace.clock()
        improved = (
            polish_soft(best.layout, task.shapes, task.nets, task.frame)
            if task.shapes.soft.any() and blocks <= JOINT_PROGRAM
            else polish_hard(best.layout, task.nets, task.frame)
        )
        if improved is None:
            break
        found = measured(task, improved, cut=cut)
        gain = 1 - found.wirelength / max(best.wirelength, 1e-9)
        if found.legal <= best.legal and gain < 1e-4:
            break
        best = found
        if best.legal and (gain < WORTH or pace.left < pace.clock() - before):
            break
    pace.costs.polish = pace.clock() - began
    return best


def measured(task: Task, layout: Layout, *, cut: bool = False) -> Found:
    """Measure ``layout``: its wirelength, and whether it keeps the outline, the aspects and what is preplaced."""
    length = task.nets.constant + wirelength(layout.cx, layout.cy, layout.turned, task.nets)
    return Found(layout=layout, wirelength=length, legal=_is_legal(task, layout), cut=cut)


def _is_legal(task: Task, layout: Layout) -> bool:
    frame, shapes = task.frame, task.shapes
    eps = 1e-7 * max(frame.width, frame.height)
    right, top = (layout.cx + layout.w / 2).max(), (layout.cy + layout.h / 2).max()
    moved = np.nanmax(np.abs([layout.cx - frame.fixed_x, layout.cy - frame.fixed_y]), initial=0.0)
    if right > frame.width + eps or top > frame.height + eps or moved > eps:
        return False
    inner = layout.w - 2 * shapes.halo
    if np.any(shapes.soft & ((inner < shapes.width_min * (1 - 1e-7)) | (inner > shapes.width_max * (1 + 1e-7)))):
        return False
    return overlap(layout.cx, layout.cy, layout.w - eps, layout.h - eps) == 0.0
