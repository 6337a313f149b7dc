"""The nouns of a design: sources, ports, clocks, resets, protocols, hierarchy, FSMs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Direction(StrEnum):
    """Port direction, as seen from inside the module."""

    INPUT = "input"
    OUTPUT = "output"
    INOUT = "inout"


class Edge(StrEnum):
    """The active edge of a clock."""

    RISING = "rising"
    FALLING = "falling"


class PortRole(StrEnum):
    """What a port is for."""

    CLOCK = "clock"
    RESET = "reset"
    DATA = "data"


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSet:
    """Everything a compiler needs to be told to read the RTL, in compile order."""

    files: tuple[Path, ...]
    """Absolute paths of the Verilog and SystemVerilog files."""
    include_dirs: tuple[Path, ...] = ()
    """Absolute directories searched for `include."""
    defines: Mapping[str, str] = field(default_factory=dict)
    """Macro name to text; an empty text is a bare define."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Overrides of the top's parameters, as Verilog literals."""
    blackboxes: tuple[str, ...] = ()
    """Module names that may be missing."""
    top: str | None = None
    """The top module asked for; None leaves the choice to the front end."""
    manifest: Path | None = None
    """The design.toml that these sources came from."""
    libraries: tuple[Path, ...] = ()
    """Those of ``files`` that came from a library (-y, -v): nothing in them is a top unless asked for."""
    notes: tuple[str, ...] = ()
    """One-sentence remarks of the readers, for example why a file of a directory was left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Port:
    """A port of the top module after elaboration."""

    name: str
    direction: Direction
    width: int
    """Bits of the flattened value."""
    signed: bool = False
    role: PortRole = PortRole.DATA
    type: str = "logic"
    """The type as slang prints it, for example ``logic[7:0]``."""
    flat: bool = True
    """False for interface, unpacked-array and other ports that need the flat wrapper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter of the top module and its elaborated value."""

    name: str
    value: str
    """An integer in decimal, with its width where it has one of its own (``12``, ``4'd12``); else as slang has it."""
    local: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A clock input of the top module."""

    name: str
    edge: Edge = Edge.RISING
    ratio: int = 1
    """Period in base ticks, relative to the other clocks of the design."""
    evidence: str = ""
    plain: bool = True
    """Whether all that it clocks moves right at the active edge: no other edge, gate, divider, latch or black box."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset:
    """A reset input of the top module."""

    name: str
    active_high: bool
    asynchronous: bool
    clock: str | None = None
    """The clock whose registers it resets; None where it is not known or there are several."""
    cycles: int = 4
    """Cycles of that clock for which the reset is held."""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProtocolMatch:
    """A protocol that a group of ports speaks, and why we think so."""

    protocol: str
    """One of: ready_valid, axi_stream, axi4_lite, apb, wishbone, fifo, request_grant."""
    role: str
    """The design's side of it: source, sink, target, initiator, fifo, arbiter."""
    name: str
    """The common prefix of the ports, or the protocol's name where there is none."""
    signals: Mapping[str, str]
    """Canonical signal name (``valid``, ``psel``, ``wr_en``, ``req`` ...) to the port's name."""
    evidence: tuple[str, ...] = ()
    confidence: float = 1.0
    """0 to 1; from 0.5 on it is used, below it is shown only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """A node of the instance tree."""

    name: str
    module: str
    file: str = ""
    line: int = 0
    children: tuple[Instance, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fsm:
    """A finite state machine: its register, states and arcs."""

    register: str
    """Hierarchical name relative to the top."""
    states: Mapping[str, int]
    """State name to encoding."""
    arcs: tuple[tuple[str, str], ...] = ()
    """Pairs of state names: from, to."""
    initial: str | None = None
    found_by: str = "slang"
    """``slang``, ``pyverilog`` or ``slang and pyverilog``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Design:
    """An elaborated top module with what was recognised about it."""

    top: str
    sources: SourceSet
    ports: tuple[Port, ...]
    parameters: tuple[Parameter, ...] = ()
    clocks: tuple[Clock, ...] = ()
    resets: tuple[Reset, ...] = ()
    protocols: tuple[ProtocolMatch, ...] = ()
    fsms: tuple[Fsm, ...] = ()
    hierarchy: Instance | None = None
    kind: str | None = None
    """The kind named by the manifest (``sync_fifo``, ``uart_tx`` ...); None where nobody said."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Further statements of the manifest that planners and oracles may use (``[facts]`` of design.toml)."""
    cones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Output port to the data inputs in its cone of influence (through registers too); empty where nobody looked."""
    racing: Mapping[str, bool] = field(default_factory=dict)
    """Outputs that blocking assignments change at a clock's edge, to whether they hold still from edge to edge."""
    cones_by: str = ""
    """Who found the cones: ``slang``, or ``slang and pyverilog`` where both could."""
    notes: tuple[str, ...] = ()
    """One-sentence remarks, for example why pyverilog could not take the design."""

    @property
    def sequential(self) -> bool:
        """Whether the design has a clock."""
        return bool(self.clocks)

    @property
    def resets_apart(self) -> bool:
        """Whether sides with clocks of their own have resets of their own: one is then reset, and another goes on."""
        return len(self.clocks) > 1 and len(self.resets) > 1

    def port(self, name: str) -> Port:
        """Return the port called ``name``; KeyError where there is none."""
        for port in self.ports:
            if port.name == name:
                return port
        raise KeyError(name)

    @property
    def data_inputs(self) -> tuple[Port, ...]:
        """Inputs that are neither clock nor reset."""
        return tuple(p for p in self.ports if p.direction is Direction.INPUT and p.role is PortRole.DATA)

    @property
    def outputs(self) -> tuple[Port, ...]:
        """Output ports."""
        return tuple(p for p in self.ports if p.direction is Direction.OUTPUT)
