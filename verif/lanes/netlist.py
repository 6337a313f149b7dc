"""The nouns of a netlist: a harness as single bits, registers and memories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Bit = int | str
"""Number of a net, or ``"0"`` or ``"1"``."""


@dataclass(frozen=True, slots=True)
class Table:
    """A function of one to three bits: bit ``a0 + 2 a1 + 4 a2`` of ``values`` is the result."""

    inputs: tuple[Bit, ...]
    values: int


@dataclass(frozen=True, slots=True)
class Edge:
    """What makes registers take a value: an edge of a clock input."""

    clock: str
    rising: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Register:
    """One flip-flop, or a latch: that has no edge, and loads."""

    name: str
    """What it is called in the source, for messages."""
    output: int
    next: Bit
    edge: Edge | None
    start: int | None
    """The value that it begins with; None: any."""
    load: Bit = "0"
    """Net that sets it without a clock, while it has the level ``load_level``."""
    load_level: int = 1
    loaded: Bit = "0"
    """What it then shows."""


@dataclass(frozen=True, slots=True)
class ReadPort:
    """A port at which a memory is read without a clock."""

    address: tuple[Bit, ...]
    data: tuple[int, ...]
    needed: Bit = "1"
    """In which lanes it matters what is read."""


@dataclass(frozen=True, slots=True)
class WritePort:
    """A port at which a memory is written at an edge, each bit where its enable is 1."""

    edge: Edge
    address: tuple[Bit, ...]
    data: tuple[Bit, ...]
    enables: tuple[Bit, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """Words in an array of each lane; of a memory that nothing writes all lanes share one."""

    name: str
    width: int
    words: int
    offset: int
    """Address of the first word."""
    reads: tuple[ReadPort, ...]
    writes: tuple[WritePort, ...]
    """A later port wins over an earlier one."""
    start: Mapping[int, int] = field(default_factory=dict)
    """Word to what it begins with, where that is given in full; all others begin with any value."""

    @property
    def slices(self) -> int:
        """How many 32-bit slices a word takes."""
        return -(-self.width // 32)

    @property
    def shared(self) -> bool:
        """Whether all lanes see the same content."""
        return not self.writes


@dataclass(frozen=True, kw_only=True, slots=True)
class Netlist:
    """A flat module. Every net is driven by an input, a table, a register or a memory's read port."""

    inputs: Mapping[str, tuple[int, ...]]
    """Port to nets, lowest bit first; clocks among them."""
    outputs: Mapping[str, tuple[Bit, ...]]
    tables: Mapping[int, Table]
    registers: tuple[Register, ...]
    memories: tuple[Memory, ...]
