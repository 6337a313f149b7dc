"""Bits with a second one beside each, that tells whether the first is known."""

from __future__ import annotations

from collections.abc import Sequence

Net = int | str
"""A net of Yosys' JSON: a number, or ``"0" "1" "x" "z"``."""
Nets = Sequence[Net]


def values(nets: Nets) -> list[Net]:
    """Return the nets of the values; an X or Z has none, so 0 stands for it."""
    return [2 * net if isinstance(net, int) else net if net == "1" else "0" for net in nets]


def knowns(nets: Nets) -> list[Net]:
    """Return the nets that tell which values are known."""
    return [2 * net + 1 if isinstance(net, int) else "1" if net in ("0", "1") else "0" for net in nets]


def extended(nets: Nets, width: int, *, signed: bool) -> list[Net]:
    """Return ``width`` nets: cut, or extended as an operand is."""
    fill = nets[-1] if signed and nets else "0"
    return [*nets[:width], *[fill] * (width - len(nets))]
