"""How many cycles a test deserves: what one operation of the design takes, and how large a phase may be."""

from __future__ import annotations

from dataclasses import dataclass

from verif.design.model import Design
from verif.plan import naming
from verif.plan.model import Driver

LIMIT = 5000
"""Ticks of all baseline points of a design whose operations take a cycle: about a second of cocotb on Icarus."""
SLOW_LIMIT = 12_000
"""Ticks of all baseline points of a design with long operations."""
INSTRUCTION = 30
"""Cycles of an instruction on a slow processor, with its memory accesses."""
MANY_INPUTS = 100
"""From so many inputs on a cycle costs more, and there are fewer of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """Phase lengths for one design."""

    operation: int
    """Cycles of one operation: a transfer, a frame, a division."""
    clocks: int = 1
    thin: float = 1.0
    """Factor on all lengths for designs that are large, or whose operations are very long."""

    def ticks(self, cycles: int) -> int:
        """Return the length of a phase that takes ``cycles`` if an operation takes one."""
        operations = max(2, round(cycles / 12 * self.thin))
        plain = max(4, round(cycles * self.thin))
        return min(max(plain, operations * self.operation) * self.clocks, 20_000)


def budget_of(design: Design, drivers: tuple[Driver, ...]) -> Budget:
    """Return the budget of ``design``."""
    operation = operation_cycles(design, drivers)
    thin = min(1.0, MANY_INPUTS / max(1, len(design.data_inputs)))
    expected = max(LIMIT / 2, 2600 / 12 * operation)
    return Budget(
        operation=operation, clocks=max(1, min(3, len(design.clocks))), thin=max(0.05, min(thin, SLOW_LIMIT / expected))
    )


def operation_cycles(design: Design, drivers: tuple[Driver, ...]) -> int:
    """Return the cycles that one operation takes, as the manifest's facts, options and parameters tell; 1 at least."""
    stated = naming.number(design.facts.get("operation_cycles", ""))
    if stated:
        return stated
    return max(
        1, naming.bit_cycles(design) * _bits_per_frame(design), *(_of_driver(design, driver) for driver in drivers)
    )


def _bits_per_frame(design: Design) -> int:
    return 3 + (naming.parameter(design, "DATA_BITS", "DATA_WIDTH", "WIDTH") or 8)


def _of_driver(design: Design, driver: Driver) -> int:
    """Return the cycles of an operation that a driver starts."""
    options = driver.options
    if driver.kind == "UartLine":
        return int(str(options.get("bit_cycles", 1))) * 11
    if driver.kind == "Operation":
        return int(str(options.get("cycles", 1)))
    if driver.kind in ("ApbMaster", "AxiLiteMaster", "WishboneMaster"):
        return 4
    if driver.kind == "InstructionSource":
        return 2 * INSTRUCTION
    if any(knob.name == f"{driver.name}_contents" and knob.default == "program" for knob in driver.knobs):
        return INSTRUCTION
    return 24 if driver.kind == "Configuration" else 1
