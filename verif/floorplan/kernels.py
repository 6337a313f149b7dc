"""Compiled inner loops: wirelength, and packing of a sequence pair.

Sequence pairs: H. Murata et al., "VLSI module placement based on rectangle-packing by the sequence-pair", TCAD 1996.
Block a lies left of b where it precedes b in both sequences, above b where it precedes b in the first only. The longest
paths are found in O(n log n) with a prefix-maximum tree (X. Tang, D. Wong, "FAST-SP", ASP-DAC 2001).
"""

from __future__ import annotations

from verif.floorplan.arrays import I32, F, Flags, Nets
from verif.floorplan.jit import compiled


@compiled
def wirelength(cx: F, cy: F, turned: Flags, nets: Nets) -> float:
    """Weighted half-perimeter wirelength, without the constant, for block centres ``cx``, ``cy``."""
    if nets.offsets:
        return _wirelength_of_pins(cx, cy, turned, nets)
    total = 0.0
    owner, start, weight = nets.pin_block, nets.start, nets.weight
    for net in range(nets.pairs):
        one, other = owner[2 * net], owner[2 * net + 1]
        total += weight[net] * (abs(cx[one] - cx[other]) + abs(cy[one] - cy[other]))
    for net in range(nets.pairs, len(weight)):
        a, b, c, d = nets.low_x[net], nets.high_x[net], nets.low_y[net], nets.high_y[net]
        for pin in range(start[net], start[net + 1]):
            x, y = cx[owner[pin]], cy[owner[pin]]
            a = min(a, x)
            b = max(b, x)
            c = min(c, y)
            d = max(d, y)
        total += weight[net] * (b - a + d - c)
    return total


@compiled
def _wirelength_of_pins(cx: F, cy: F, turned: Flags, nets: Nets) -> float:
    """Return the same for pins off the centres; a turned block's offsets turn left by 90 degrees."""
    total = 0.0
    for net in range(len(nets.weight)):
        a, b, c, d = nets.low_x[net], nets.high_x[net], nets.low_y[net], nets.high_y[net]
        for pin in range(nets.start[net], nets.start[net + 1]):
            block = nets.pin_block[pin]
            dx, dy = nets.pin_dx[pin], nets.pin_dy[pin]
            if turned[block]:
                dx, dy = -dy, dx
            x, y = cx[block] + dx, cy[block] + dy
            a = min(a, x)
            b = max(b, x)
            c = min(c, y)
            d = max(d, y)
        total += nets.weight[net] * (b - a + d - c)
    return total


@compiled
def pack_low(order: I32, rank: I32, size: F, floor: F, position: F, tree: F) -> float:
    """Least positions: each block in ``order`` starts after the ends of those before it with a lower ``rank``.

    ``floor`` is a least position of each block's own. Fills ``position`` and returns the total length; ``tree`` is
    scratch of one entry more than there are blocks.
    """
    n = len(order)
    tree[:] = 0.0
    length = 0.0
    for k in range(n):
        block = order[k]
        slot = rank[block] + 1
        value = floor[block]
        q = slot
        while q > 0:
            value = max(value, tree[q])
            q &= q - 1
        position[block] = value
        value += size[block]
        length = max(length, value)
        q = slot
        while q <= n:
            if tree[q] < value:
                tree[q] = value
            q += q & -q
    return length
