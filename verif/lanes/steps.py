"""What a tick does, step by step, for whichever language spells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from verif.lanes.netlist import Bit, Table


class Area(StrEnum):
    """Where words lie; the value is the name of the argument of generated functions."""

    REGISTERS = "s"
    INPUTS = "in"
    OUTPUTS = "out"
    EXCHANGE = "x"
    """What functions of a tick leave for each other."""
    LOADS = "l"
    """In which lanes registers are being loaded without a clock."""


@dataclass(frozen=True, slots=True)
class Place:
    """A word in memory."""

    area: Area
    index: int

    def __str__(self) -> str:
        return f"{self.area.value}[{self.index}]"


@dataclass(frozen=True, slots=True)
class Compute:
    """A net gets its value, of nets that have theirs."""

    net: int
    table: Table


@dataclass(frozen=True, slots=True)
class Keep:
    """A net's value goes into memory."""

    net: Bit
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A straight line."""

    steps: tuple[Compute | Keep, ...]
    places: Mapping[int, Place]
    """Where nets lie that earlier parts computed, or that nothing computes."""
    where: str = ""
    """C++ that tells whether it is run; empty: always."""
    then: str = ""
    """C++ that comes after it."""


@dataclass(frozen=True, slots=True)
class Routine:
    """Parts, one after the other."""

    parts: tuple[Part, ...]
    exchange: int
    """Words of the exchange that they use."""
