"""Drivers for what has no bus but a meaning: started operations, serial lines, simple memory interfaces."""

from __future__ import annotations

from verif.design.model import Direction
from verif.plan import naming
from verif.plan.assign import Assignment
from verif.plan.kinds import Option

_NOT_OPERANDS = naming.ADDRESSES | naming.INSTRUCTIONS | {"baud", "prescale", "prescaler", "cfg", "config", "timeout"}


def assign_operations(work: Assignment) -> None:
    """Add drivers for serial lines and operations, as names and the design's kind tell."""
    _serial_line(work)
    _spi(work)
    _operation(work)


def _serial_line(work: Assignment) -> None:
    """Drive the line of a UART receiver; a bit time must be known, else the input is a plain bit."""
    line = work.find(naming.SERIAL_LINES, Direction.INPUT, width=1)
    bit_cycles = naming.bit_cycles(work.design)
    if line is None or bit_cycles < 2 or (work.design.kind or "uart").find("uart") < 0:
        return
    options: dict[str, Option] = {"bit_cycles": bit_cycles}
    for option, names in (
        ("data_bits", ("DATA_BITS", "DATA_WIDTH", "WIDTH")),
        ("parity", ("PARITY",)),
        ("stop_bits", ("STOP_BITS",)),
    ):
        value = naming.parameter(work.design, *names)
        if value is not None and 0 <= value <= 16:
            options[option] = value
    work.take("UartLine", "line", {"line": line}, options)


def _spi(work: Assignment) -> None:
    """Answer an SPI master on its data input."""
    miso = work.find(("miso",), Direction.INPUT, width=1)
    clock = work.find(("sclk", "sck", "spi_clk"), Direction.OUTPUT, width=1)
    if miso is None or clock is None:
        return
    ports = {"miso": miso, "sclk": clock}
    if select := work.find(("cs_n", "ss_n", "csn", "ssn", "cs", "ss"), Direction.OUTPUT, width=1):
        ports["cs_n"] = select
    bits = naming.parameter(work.design, "DATA_BITS", "DATA_WIDTH", "WIDTH", "BITS") or 8
    mode = naming.parameter(work.design, "SPI_MODE", "MODE") or 0
    work.take("SpiSubordinate", "subordinate", ports, {"data_bits": bits, "mode": mode & 3})


def assign_memories(work: Assignment) -> None:
    """Answer a master whose request, address and data share a prefix, like picorv32's ``mem_valid``, ``mem_ready``."""
    for port in list(work.left.values()):
        name = port.name.lower()
        if port.width != 1 or not name.endswith("ready"):
            continue
        prefix = port.name[: -len("ready")]
        if work.direction(f"{prefix}valid") is not Direction.OUTPUT:
            continue
        data = f"{prefix}rdata"
        if work.direction(data) is not Direction.INPUT or work.direction(f"{prefix}addr") is not Direction.OUTPUT:
            continue
        named = {"valid": "valid", "ready": "ready", "addr": "addr", "wdata": "wdata", "wstrb": "wstrb", "we": "we"}
        ports = {s: f"{prefix}{end}" for s, end in named.items() if work.direction(f"{prefix}{end}") is not None}
        width = work.width(data)
        options: dict[str, Option] = {"data_width": width, "step": max(1, width // 8)}
        contents = {"contents": "program"} if work.direction(f"{prefix}instr") is not None else {}
        work.take("MemoryResponder", prefix.strip("_") or "memory", {**ports, "rdata": data}, options, contents)


def _operation(work: Assignment) -> None:
    """Start and wait for done, where there is exactly that pair of single bits, and operands beside."""
    start = work.find(naming.STARTS, Direction.INPUT, width=1)
    done = work.find(naming.DONES, Direction.OUTPUT, width=1)
    busy = work.find(("busy",), Direction.OUTPUT, width=1)
    if start is None or (done is None and busy is None):
        return
    operands = [p for p in work.left.values() if p.width > 1 and not naming.words(p.name) & _NOT_OPERANDS]
    ports = {"start": start, **{port.name: port.name for port in operands if port.name not in _RESERVED}}
    ports |= {"done": done} if done else {}
    ports |= {"busy": busy} if busy else {}
    options: dict[str, Option] = {f"{port.name}_width": port.width for port in operands if port.name in ports}
    options["cycles"] = operation_length(work)
    work.take("Operation", "operation", ports, options)


_RESERVED = ("start", "done", "busy", "cycles", "knobs", "ports", "self")


def operation_length(work: Assignment) -> int:
    """Return about how many cycles an operation takes: a cycle for each bit of the widest operand, and a few."""
    stated = naming.number(work.design.facts.get("operation_cycles", ""))
    if stated:
        return stated
    widest = max((port.width for port in work.design.data_inputs), default=1)
    steps = naming.parameter(work.design, "HALF_PERIOD", "CLK_DIV", "DIVIDER", "CLKS_PER_BIT")
    return min(4096, (widest + 2) * max(1, 2 * steps if steps else 1) + 4)
