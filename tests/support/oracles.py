"""Builders and players for reference models and rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

SYNCHRONOUS = ("rst", 1, False)
ASYNCHRONOUS = ("rst_n", 0, True)


def same(*names: str) -> dict[str, str]:
    """Ports called as the model calls them."""
    return {name: name for name in names}


def play(model: Any, rows: Iterable[Mapping[str, int]], port: str) -> list[int | None]:
    """Values of one output over the cycles."""
    return [model.step(dict(row))[port] for row in rows]
