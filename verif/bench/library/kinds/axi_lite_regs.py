"""Recognise a register file on AXI4-Lite by its register map and its timing."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject, number

_BUS_INPUTS = (
    "awaddr",
    "awprot",
    "awvalid",
    "wdata",
    "wstrb",
    "wvalid",
    "bready",
    "araddr",
    "arprot",
    "arvalid",
    "rready",
)
_BUS_OUTPUTS = ("awready", "wready", "bresp", "bvalid", "arready", "rdata", "rresp", "rvalid")
_EXECUTED = r"address and data are both held .*and either \W*\w*bvalid\W* = 0 or"
_HELD = r"awready\W* \| 1 while no address is held"
_READ = r"address taken at edge \W*t\W* gives \W*\w*rvalid\W* = 1 in cycle \W*t\W* \+ 1"
_ARREADY = r"arready\W* is 1 exactly while \W*\w*rvalid\W* is 0"
_UNMAPPED = r"unmapped: response SLVERR .*read data 0, writes change nothing"
_OKAY = r"accesses, writes to RO registers included \(they change nothing\), respond OKAY"
_LOW_BITS = r"address bits 1:0 are ignored"
_FLAGS = r"flag becomes 1 if its \W*(\w+)\W* bit is 1; else 0 if a write that is executed at that edge clears it"
_IRQ = r"is 1 while any flag is 1 whose number's bit in (\w+) is 1"
_ASPECTS = (
    r"after an edge with .*rst",
    r"executed once|answered by exactly one response",
    r"strobe bit",
    r"stays 1 with",
    r"read gives the value",
    r"unmapped addresses",
    r"change nothing",
    r"a flag becomes 1",
    r"clears exactly",
    r"\birq\b",
)
Registers = dict[int, tuple[str, int | str]]


def propose(subject: Subject) -> Choice | None:
    """Return the model of registers of kinds RO, RW and W1C behind one AXI4-Lite interface."""
    bus = _bus(subject)
    if not {"awaddr", "wstrb", "bvalid", "rdata"} <= set(bus) or subject.clock is None:
        return None
    hits = [subject.says(p) for p in (_EXECUTED, _HELD, _READ, _ARREADY, _UNMAPPED, _OKAY, _LOW_BITS, _FLAGS, _IRQ)]
    names, registers, where = _register_map(subject)
    flags, irq = hits[-2:]
    if not all(hits) or not registers or flags is None or irq is None or subject.width(bus["rdata"]) != 32:
        return Choice(notes=("an AXI4-Lite target whose registers or timing aren't pinned: not modelled",))
    side = {
        "event_in": subject.find_input(flags[1]),
        "control_out": subject.find_output(f"{irq[1].lower()}_out"),
        "irq": subject.find_output("irq", "interrupt"),
    }
    shown = {value: value for _, value in registers.values() if isinstance(value, str)}
    ports = bus | shown | {name: port for name, port in side.items() if port}
    one_shot = [address for address, (access, _) in registers.items() if access == "W1C"]
    if len(one_shot) != 1 or irq[1] not in names or None in side.values() or not subject.accounts_for(ports.values()):
        return Choice(notes=("an AXI4-Lite register file with ports that the model doesn't know: not modelled",))
    outputs = [ports[name] for name in (*_BUS_OUTPUTS, "control_out", "irq")]
    model = reference(
        "axi_lite_regs",
        "AxiLiteRegsModel",
        {
            "ports": {name: port for name, port in ports.items() if name not in ("awprot", "arprot")},
            "reset": subject.reset_tuple,
            "registers": registers,
            "control": names[irq[1]],
            "flags": one_shot[0],
            "flag_bits": subject.width(ports["event_in"]),
        },
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[f"{where}: register map", *told(*hits)],
    )
    return Choice(model=model)


def _bus(subject: Subject) -> dict[str, str]:
    """Return the ports of the bus by their names in the protocol; they share one prefix."""
    found = {}
    for ports, names in ((subject.inputs, _BUS_INPUTS), (subject.outputs, _BUS_OUTPUTS)):
        for port in ports:
            match = re.fullmatch(rf"(?:\w*_)?({'|'.join(names)})", port, re.IGNORECASE)
            if match:
                found[match[1].lower()] = port
    return found


def _register_map(subject: Subject) -> tuple[dict[str, int], Registers, str]:
    """Return addresses by name and registers by address; empty where a row can't be read."""
    for table in subject.tables:
        columns = [table.column(*c) for c in (("address", "offset"), ("name",), ("access",), ("reset",))]
        if None in columns or not table.rows:
            continue
        rows = [[row[column or 0] for column in columns] for row in table.rows]
        names = {name: value for address, name, _, _ in rows if (value := number(address)) is not None}
        registers = {names.get(name, -1): (access, _reset_value(subject, reset)) for _, name, access, reset in rows}
        readable = all(v is not None and a in ("RO", "RW", "W1C") for a, v in registers.values())
        if readable and len(names) == len(rows):
            assert subject.specification is not None
            known: Registers = {k: (a, v) for k, (a, v) in registers.items() if v is not None}
            return names, known, subject.specification.where(table.line)
    return {}, {}, ""


def _reset_value(subject: Subject, text: str) -> int | str | None:
    """Return a literal, a parameter's value, or the name of the input that the register shows."""
    value = subject.value(text)
    if value is None and text in subject.inputs:
        return text
    return value
