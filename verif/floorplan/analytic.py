"""The global stage: smoothed wirelength against overlap, minimised by Adam while blocks grow to full size.

Log-sum-exp wirelength: W. Naylor, R. Donelly, L. Sha, US patent 6301693 (2001), as in T. Chan et al., APlace and mPL;
overlap as a pairwise push along both axes; step rule: D. Kingma, J. Ba, "Adam", ICLR 2015.
"""

from __future__ import annotations

import math

import numpy as np

from verif.floorplan.arrays import I32, F, Flags, Frame, Layout, Nets, Shapes
from verif.floorplan.jit import compiled


@compiled
def spread(
    layout: Layout, shapes: Shapes, nets: Nets, frame: Frame, steps: int, push_first: float, push_last: float
) -> float:
    """Move the centres (and soft sizes) of ``layout`` in place; return the area of overlap that is left.

    ``push_first`` to ``push_last`` is the weight of overlap, raised geometrically over ``steps``.
    """
    cx, cy, w, h = layout.cx, layout.cy, layout.w, layout.h
    n = len(cx)
    side = math.sqrt(frame.width * frame.height)
    gradient, mean, square = np.zeros((3, n)), np.zeros((3, n)), np.zeros((3, n))
    for step in range(steps):
        f = step / steps
        push = push_first * (push_last / push_first) ** f
        grown = min(1.0, 0.35 + 0.65 * f / 0.6)
        gradient[:] = 0.0
        smooth = side * 0.05 * (0.06**f)
        _pull(cx, gradient[0], nets.pin_block, nets.start, nets.weight, nets.low_x, nets.high_x, smooth)
        _pull(cy, gradient[1], nets.pin_block, nets.start, nets.weight, nets.low_y, nets.high_y, smooth)
        _push_apart(cx, cy, w, h, grown, push, side, shapes.soft, gradient)
        _push_inside(cx, w, grown, h, push, side, frame.width, gradient[0])
        _push_inside(cy, h, grown, w, push, side, frame.height, gradient[1])
        mean *= 0.9
        mean += 0.1 * gradient
        square *= 0.99
        square += 0.01 * gradient * gradient
        rate = side * (0.01 * (1 - f) + 0.0008) / (1 - 0.9 ** (step + 1))
        fade = 1 - 0.99 ** (step + 1)
        for i in range(n):
            if not shapes.movable[i]:
                continue
            cx[i] -= rate * mean[0, i] / (math.sqrt(square[0, i] / fade) + 0.3)
            cy[i] -= rate * mean[1, i] / (math.sqrt(square[1, i] / fade) + 0.3)
            cx[i] = min(max(cx[i], w[i] * grown * 0.5), frame.width - w[i] * grown * 0.5)
            cy[i] = min(max(cy[i], h[i] * grown * 0.5), frame.height - h[i] * grown * 0.5)
            if shapes.soft[i] and f > 0.3:
                change = -0.02 * (1 - f) * mean[2, i] / (math.sqrt(square[2, i] / fade) + 1.0)
                inner = (w[i] - 2 * shapes.halo[i]) * math.exp(change)
                inner = min(max(inner, shapes.width_min[i]), shapes.width_max[i])
                w[i] = inner + 2 * shapes.halo[i]
                h[i] = shapes.area[i] / inner + 2 * shapes.halo[i]
    return overlap(cx, cy, w, h)


@compiled
def _pull(c: F, gradient: F, owner: I32, start: I32, weight: F, low: F, high: F, smooth: float) -> None:
    """Add the gradient of the log-sum-exp extent of every net on one axis."""
    for net in range(len(weight)):
        a, b = low[net], high[net]
        for pin in range(start[net], start[net + 1]):
            a = min(a, c[owner[pin]])
            b = max(b, c[owner[pin]])
        up, down = 0.0, 0.0
        if high[net] > -1e17:
            up += math.exp((high[net] - b) / smooth)
            down += math.exp((a - low[net]) / smooth)
        for pin in range(start[net], start[net + 1]):
            v = c[owner[pin]]
            up += math.exp((v - b) / smooth)
            down += math.exp((a - v) / smooth)
        for pin in range(start[net], start[net + 1]):
            v = c[owner[pin]]
            gradient[owner[pin]] += weight[net] * (math.exp((v - b) / smooth) / up - math.exp((a - v) / smooth) / down)


@compiled
def _push_apart(cx: F, cy: F, w: F, h: F, grown: float, push: float, side: float, soft: Flags, gradient: F) -> None:
    """Add forces that part overlapping blocks, and the change of width that lessens a soft block's overlap."""
    n = len(cx)
    for i in range(n):
        wi, hi = w[i] * grown, h[i] * grown
        for j in range(i + 1, n):
            dx = cx[i] - cx[j]
            wj = w[j] * grown
            ox = (wi + wj) * 0.5 - abs(dx)
            if ox <= 0:
                continue
            dy = cy[i] - cy[j]
            hj = h[j] * grown
            oy = (hi + hj) * 0.5 - abs(dy)
            if oy <= 0:
                continue
            px, py = min(ox, min(wi, wj)), min(oy, min(hi, hj))
            fx, fy = push * py / side, push * px / side
            if ox < oy:
                fy *= 0.5
            else:
                fx *= 0.5
            fx = fx if dx > 0 else -fx
            fy = fy if dy > 0 else -fy
            gradient[0, i] -= fx
            gradient[0, j] += fx
            gradient[1, i] -= fy
            gradient[1, j] += fy
            if soft[i]:
                gradient[2, i] += push / side * 0.5 * (py * wi - px * hi)
            if soft[j]:
                gradient[2, j] += push / side * 0.5 * (py * wj - px * hj)


@compiled
def _push_inside(c: F, size: F, grown: float, across: F, push: float, side: float, bound: float, gradient: F) -> None:
    """Add forces on blocks that stick out of the outline on one axis."""
    for i in range(len(c)):
        half = size[i] * grown * 0.5
        scale = 12 * push * across[i] * grown / side / side
        gradient[i] += scale * (min(0.0, c[i] - half) + max(0.0, c[i] + half - bound))


@compiled
def overlap(cx: F, cy: F, w: F, h: F) -> float:
    """Return the sum of pairwise overlap areas."""
    total = 0.0
    for i in range(len(cx)):
        for j in range(i + 1, len(cx)):
            ox = (w[i] + w[j]) * 0.5 - abs(cx[i] - cx[j])
            oy = (h[i] + h[j]) * 0.5 - abs(cy[i] - cy[j])
            if ox > 0 and oy > 0:
                total += ox * oy
    return total
