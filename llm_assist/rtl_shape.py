"""The fixed part of a module that a model completes: header, declarations, reset, made from the interface."""

from __future__ import annotations

import re
from dataclasses import dataclass

from verif.design.model import Clock, Design, Direction, Edge, Port, Reset
from verif.errors import Unsupported


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A name that a model's text may use."""

    name: str
    width: int
    """Bits."""


DEFAULT_REGISTERS = (Signal(name="r", width=1), Signal(name="r2", width=1))
"""Helpers for earlier values, declared in clocked modules; unused ones are taken out again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """An interface reduced to what the text of a module needs."""

    name: str
    ports: tuple[Port, ...]
    clock: Clock | None = None
    reset: Reset | None = None
    registers: tuple[Signal, ...] = ()
    """Declared beside the ports; none in a combinational module."""

    @property
    def inputs(self) -> tuple[Signal, ...]:
        """Data inputs."""
        special = {self.clock.name if self.clock else "", self.reset.name if self.reset else ""}
        return tuple(
            Signal(name=port.name, width=port.width)
            for port in self.ports
            if port.direction is Direction.INPUT and port.name not in special
        )

    @property
    def outputs(self) -> tuple[Signal, ...]:
        """Output ports."""
        return tuple(
            Signal(name=port.name, width=port.width) for port in self.ports if port.direction is Direction.OUTPUT
        )

    @property
    def header(self) -> str:
        """The module's head up to the closing bracket of the ports."""
        lines = ",\n".join(f"  {port.direction} logic {_range(port.width)}{port.name}" for port in self.ports)
        return f"module {self.name} (\n{lines}\n);\n"

    @property
    def declarations(self) -> str:
        """The registers beside the ports, one a line."""
        return "".join(f"  logic {_range(signal.width)}{signal.name};\n" for signal in self.registers)

    def opening(self, registered: tuple[Signal, ...]) -> str:
        """Return the beginning of the clocked process that writes ``registered``, up to its first statement."""
        assert self.clock is not None, "a combinational module has no clocked process"
        if self.reset is None:
            return f"  always @({_event(self.clock)}) begin\n"
        asks = self.reset.name if self.reset.active_high else f"!{self.reset.name}"
        events = _event(self.clock)
        if self.reset.asynchronous:
            events += f" or {'posedge' if self.reset.active_high else 'negedge'} {self.reset.name}"
        clears = "".join(f"      {signal.name} <= 0;\n" for signal in registered)
        return f"  always @({events}) begin\n    if ({asks}) begin\n{clears}    end else begin\n"

    @property
    def closing(self) -> str:
        """The end of the clocked process and of the module."""
        return ("    end\n" if self.reset else "") + "  end\nendmodule\n"


def shape_of(design: Design) -> Shape:
    """Return the shape of ``design``; Unsupported for ports and clocks that a first draft can't be written around."""
    for port in design.ports:
        if port.direction is Direction.INOUT or not port.flat:
            raise Unsupported(
                "PE521",
                f"port '{port.name}' ({port.direction} {port.type}) is not a plain input or output",
                where=design.top,
                allowed="generate writes modules with flat inputs and outputs",
            )
    if len(design.clocks) > 1 or len(design.resets) > 1:
        names = ", ".join([*(clock.name for clock in design.clocks), *(reset.name for reset in design.resets)])
        raise Unsupported(
            "PE522",
            f"more than one clock or reset ({names})",
            where=design.top,
            allowed="generate writes modules with at most one of each",
        )
    clock = design.clocks[0] if design.clocks else None
    return Shape(
        name=design.top,
        ports=design.ports,
        clock=clock,
        reset=design.resets[0] if clock and design.resets else None,
        registers=_free(DEFAULT_REGISTERS, design) if clock else (),
    )


def tidy(text: str, shape: Shape) -> str:
    """Take the registers that ``text`` never reads out of it."""
    for signal in shape.registers:
        line = rf"^ *(?:logic (?:\[\d+:0\] )?{signal.name};|{signal.name} <= [^;]*;)\n"
        without = re.sub(line, "", text, flags=re.MULTILINE)
        if not re.search(rf"\b{signal.name}\b", without):
            text = without
    return text


def _free(registers: tuple[Signal, ...], design: Design) -> tuple[Signal, ...]:
    taken = {port.name for port in design.ports}
    return tuple(register for register in registers if register.name not in taken)


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width > 1 else ""


def _event(clock: Clock) -> str:
    return f"{'posedge' if clock.edge is Edge.RISING else 'negedge'} {clock.name}"
