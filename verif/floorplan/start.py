"""One start of the search: spread, anneal, polish, and anneal again from the polished layout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from verif.floorplan.analytic import overlap, spread
from verif.floorplan.anneal import STATE, Bounds, Schedule, Scratch, anneal
from verif.floorplan.arrays import F, Frame, Layout, Nets, Shapes
from verif.floorplan.kernels import pack_low, wirelength
from verif.floorplan.moves import Hints, Pair
from verif.floorplan.polish import polish_hard, polish_soft
from verif.floorplan.sequence_pair import sequence_pair
from verif.floorplan.sliced import Slicer, slice_and_cool

CHUNK = 20_000
"""Moves between two looks at the clock."""
PROGRAM, JOINT_PROGRAM = 1200, 500
"""Blocks beyond which linear programs take too long: those with all sizes kept, and those with soft sizes free."""


SLICED_ENOUGH = 100
"""Blocks from which annealing sequence pairs no longer improves on a legal slicing tree (on n100 by 0.005 %)."""
SPAN = 40.0
"""First over last temperature."""
STIFF = 30.0
"""Weight of aspects where no linear program mends them."""


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
    """Work of one start; the schedule is the same on every machine."""

    moves: int
    again: int
    """Rounds of annealing from the polished layout, each a quarter as long."""
    spread_steps: int = 2500
    area_coolings: tuple[tuple[float, float], ...] = ((0.05, 100.0),)
    """First temperature, and first over last, where the area alone counts; the seed chooses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The best layout of a start."""

    layout: Layout
    wirelength: float
    legal: bool
    """Whether it lies in the outline and keeps what is preplaced; the start failed otherwise."""
    cut: bool
    """Whether the clock ended it before its schedule did."""


def run_start(task: Task, effort: Effort, seed: int, over: Callable[[], bool], tick: Callable[[float], None]) -> Found:
    """Run one start; ``tick`` is told the share done (0 to 1) now and then, ``over`` asked whether to stop."""
    rough = _spread(task, effort, seed)
    hot = 0.001 if task.shapes.soft.all() or task.previous else 0.004
    large = task.slicer is not None and len(rough.cx) > JOINT_PROGRAM
    again = 0 if task.area_only or large else effort.again
    total = effort.moves * (1 + again / 4)
    if task.slicer is not None and task.previous is None:
        best = _sliced(task, task.slicer, rough, effort.moves, seed, over, partial(_tell, tick, 0, total))
    else:
        hot, span = effort.area_coolings[seed % len(effort.area_coolings)] if task.area_only else (hot, SPAN)
        best = _round(task, rough, effort.moves, hot, seed, over, partial(_tell, tick, 0, total), span)
    if task.slicer is not None and best.legal and len(rough.cx) >= SLICED_ENOUGH:
        again = 0
    for number in range(again):
        if best.cut:
            break
        before = effort.moves * (1 + number / 4)
        found = _round(
            task,
            best.layout if best.legal else rough,
            effort.moves // 4,
            hot / 4,
            seed * 101 + number + 1,
            over,
            partial(_tell, tick, before, total),
        )
        best = min((best, found), key=lambda f: (not f.legal, f.wirelength))
        if found.cut:
            return Found(layout=best.layout, wirelength=best.wirelength, legal=best.legal, cut=True)
    return best


def _tell(tick: Callable[[float], None], before: float, total: float, done: int) -> None:
    tick((before + done) / total)


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
    over: Callable[[], bool],
    tick: Callable[[int], None],
) -> Found:
    """Cool a slicing tree and polish."""
    stiff = 1.0 if len(rough.cx) <= JOINT_PROGRAM else STIFF
    layout, cut = slice_and_cool(slicer, rough, moves, seed, over, tick, stiff=stiff)
    return _polished(task, layout, cut=cut)


def _round(
    task: Task,
    rough: Layout,
    moves: int,
    hot: float,
    seed: int,
    over: Callable[[], bool],
    tick: Callable[[int], None],
    span: float = SPAN,
) -> Found:
    """Anneal from ``rough``, cooling by ``span``, and polish."""
    first, second = sequence_pair(rough.cx, rough.cy, rough.w, rough.h)
    now = Pair(first, second, rough.w.copy(), rough.h.copy(), rough.turned.copy())
    best = Pair(now.first.copy(), now.second.copy(), now.w.copy(), now.h.copy(), now.turned.copy())
    state = np.zeros(STATE)
    state[4] = 1.0
    count = len(first)
    scratch = Scratch(np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count + 1))
    bounds = _bounds(task)
    done = 0
    while done < moves and not over():
        end = min(done + CHUNK, moves)
        schedule = Schedule(done, end, moves, hot, hot / span, seed)
        anneal(now, best, state, task.shapes, task.nets, bounds, task.hints, schedule, scratch)
        done = end
        tick(done)
    return _polished(task, _packed(best, bounds), cut=done < moves)


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


def _polished(task: Task, layout: Layout, *, cut: bool) -> Found:
    best = measured(task, layout, cut=cut)
    blocks = len(layout.w)
    for _ in range(0 if task.area_only or blocks > PROGRAM else 4):
        improved = (
            polish_soft(best.layout, task.shapes, task.nets, task.frame)
            if task.shapes.soft.any() and blocks <= JOINT_PROGRAM
            else polish_hard(best.layout, task.nets, task.frame)
        )
        if improved is None:
            break
        found = measured(task, improved, cut=cut)
        if found.legal <= best.legal and found.wirelength > best.wirelength * (1 - 1e-4):
            break
        best = found
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
