"""What port and parameter names tell: the usual English of hardware interfaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from verif.design.model import Clock, Design, Parameter

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LITERAL = re.compile(r"^\s*(?:(\d+)\s*)?'\s*[sS]?([bodhBODH])\s*([0-9a-fA-F_]+)\s*$")
_BASES = {"b": 2, "o": 8, "d": 10, "h": 16}


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(text.split())


EVENTS = _vocabulary("event events evt evts pulse pulses trig trigger triggers")
INTERRUPTS = _vocabulary("irq irqs interrupt interrupts intr nmi")
CLEARS = _vocabulary("clear clr flush abort cancel srst kill init restart halt stop rst reset preset")
ENABLES = _vocabulary("en ena enable ce cke clken valid vld wen ren we re inc push pop cyc")
LASTING = _vocabulary("en ena enable ce cke clken")
STARTS = _vocabulary("start go begin trigger trig fire launch run kick opn")
DONES = _vocabulary("done finish finished complete eoc rdy ready res")
SELECTS = _vocabulary("op opcode sel select mode func funct funct3 cmd command ctrl control aluc fn code type fetch")
ADDRESSES = _vocabulary("addr address adr raddr waddr wr_addr rd_addr araddr awaddr index idx ptr")
CONFIGURES = _vocabulary(
    "period duty threshold limit prescale prescaler divisor div baud cfg config cmp compare timeout top reload"
)
LEVELS = _vocabulary("level count fill occupancy usedw used words")
LOADS = _vocabulary("load ld set")
INSTRUCTIONS = _vocabulary("insn instr instruction inst")
SERIAL_LINES = _vocabulary("rx rxd rxi sin uart_rx")


def words(name: str) -> frozenset[str]:
    """Return the lower-case words of an identifier, with and without a trailing number or a leading i_/o_."""
    found = [word.lower() for word in _WORD.findall(name)]
    joined = {f"{a}_{b}" for a, b in pairwise(found)}
    bare = {word.rstrip("0123456789") for word in found}
    return frozenset({*found, *bare, *joined, name.lower()} - {""})


def active_low(name: str) -> bool:
    """Whether the name says that the signal means something when it is 0."""
    lower = name.lower()
    return lower.endswith(("_n", "_ni", "_b", "_l", "_low")) or (
        lower.endswith("n") and words(lower[:-1]) & CLEARS != set()
    )


def number(text: str) -> int | None:
    """Return the value of a Verilog literal or a decimal number; None for anything else, X and Z included."""
    literal = _LITERAL.match(text)
    try:
        if literal:
            return int(literal.group(3).replace("_", ""), _BASES[literal.group(2).lower()])
        return int(text.strip().replace("_", ""))
    except ValueError:
        return None


def literal_width(text: str) -> int | None:
    """Return the width that a Verilog literal states; None where it states none."""
    literal = _LITERAL.match(text)
    return int(literal.group(1)) if literal and literal.group(1) else None


def parameter(design: Design, *names: str) -> int | None:
    """Return the value of the first parameter with one of these names, ignoring case; None where there is none."""
    values = {parameter.name.lower(): number(parameter.value) for parameter in design.parameters}
    return next((value for name in names if (value := values.get(name.lower())) is not None), None)


def encodings(parameters: tuple[Parameter, ...], width: int) -> list[int]:
    """Return the values of local parameters whose literal is ``width`` bits wide: opcodes, more often than not."""
    if width < 2:
        return []
    found = [number(item.value) for item in parameters if item.local and literal_width(item.value) == width]
    values = sorted({value for value in found if value is not None})
    return values if len(values) > 1 else []


def clock_of(ports: Sequence[str], clocks: tuple[Clock, ...]) -> str:
    """Return the clock whose name fits the ports' best, the first on a tie; empty where there is one or none."""
    if len(clocks) < 2:
        return ""
    return max(clocks, key=lambda clock: sum(_affinity(port.lower(), clock.name.lower()) for port in ports)).name


def _affinity(port: str, clock: str) -> int:
    stem = re.sub(r"_?a?(clk|clock|ck)_?", "", clock).strip("_i") or clock
    if port.startswith(f"{stem}_") or port.endswith(f"_{stem}"):
        return 3
    if stem in words(port):
        return 2
    return int(port.startswith(stem))


def bit_cycles(design: Design) -> int:
    """Return the clock cycles of a bit on a serial line; 0 where no parameter is one."""
    direct = parameter(
        design,
        *("CLKS_PER_BIT", "CLK_PER_BIT", "CYCLES_PER_BIT", "BIT_CYCLES", "BIT_TIME", "BAUD_DIV", "DIVISOR", "DIVIDER"),
        *("CLK_DIV", "PRESCALE"),
    )
    if direct is not None:
        return max(0, direct)
    clock = parameter(design, "CLK_FREQ", "CLOCK_FREQ", "CLK_HZ", "CLK_FREQ_HZ", "CLOCK_FREQUENCY")
    baud = parameter(design, "BAUD", "BAUD_RATE", "BAUDRATE")
    return clock // baud if clock and baud else 0
