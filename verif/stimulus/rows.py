"""A finite stimulus: the input values of every tick, with the settings that made them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

Row = Mapping[str, int]
"""Input port to value in one tick; a clock's name maps to 1 where its active edge ends the tick."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stimulus:
    """Rows of inputs; row t holds the inputs of tick t, reset included."""

    ports: tuple[str, ...]
    """Column order."""
    rows: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, tick: int) -> Row:
        """Return the inputs of one tick by port."""
        return dict(zip(self.ports, self.rows[tick], strict=True))

    def column(self, port: str) -> tuple[int, ...]:
        """Return one port's values over all ticks."""
        index = self.ports.index(port)
        return tuple(row[index] for row in self.rows)

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, in hexadecimal."""
        return sha256(json.dumps([self.ports, self.rows]).encode()).hexdigest()
