"""Recognise small storage blocks: shift registers, edge detectors, serialisers, two-port RAMs, ROMs."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject, number

_RAM = {
    "write_en": ("write_en", "wr_en", "we", "wen"),
    "write_addr": ("write_addr", "wr_addr", "waddr"),
    "write_data": ("write_data", "wr_data", "wdata"),
    "read_en": ("read_en", "rd_en", "ren", "re"),
    "read_addr": ("read_addr", "rd_addr", "raddr"),
}


def propose_shift_register(subject: Subject) -> Choice | None:
    """Return the model of a register that takes one bit per cycle at its top."""
    ports = subject.ports(
        {"bit": ("d", "din", "serial_in", "si", "in"), "en": ("en", "enable", "shift_en")},
        {"state": ("q", "out", "dout")},
    )
    right = subject.says(r"shift\w* .*to the right by one bit.*(?:input bit .* )?most significant position")
    if not {"bit", "state"} <= set(ports) or subject.clock is None or not right:
        return None
    if subject.width(ports["bit"]) != 1 or not subject.accounts_for(ports.values()):
        return None
    zero = subject.says(r"reset.*(?:to 0|to zero)") if subject.reset else None
    if subject.reset and not zero:
        return Choice(notes=("a shift register whose reset value isn't told: not modelled",))
    outputs = [ports["state"]]
    model = reference(
        "shift_register",
        "ShiftRegisterModel",
        {
            "ports": ports,
            "reset": subject.reset_tuple,
            "width": subject.width(ports["state"]),
            "right": True,
            "start": 0 if zero else None,
        },
        outputs=outputs,
        requirements=checked(subject, outputs, r"shift|\bbits?\b|reset"),
        evidence=told(right, zero),
    )
    return Choice(model=model)


def propose_edge_detector(subject: Subject) -> Choice | None:
    """Return the model of registered flags for rising and falling edges of one input."""
    ports = subject.ports(
        {"signal": ("a", "in", "signal", "din", "sig", "d")},
        {
            "rise": ("rise", "rising", "posedge_detected", "rising_edge"),
            "fall": ("down", "fall", "falling", "falling_edge"),
        },
    )
    timed = subject.says(r"will be set to 1 on the next clock when the corresponding edge appears")
    if set(ports) != {"signal", "rise", "fall"} or subject.clock is None or subject.reset is None or not timed:
        return None
    if not subject.accounts_for(ports.values()):
        return None
    outputs = [ports["rise"], ports["fall"]]
    model = reference(
        "edge_detector",
        "EdgeDetectorModel",
        {"ports": ports, "reset": subject.reset_tuple},
        outputs=outputs,
        requirements=checked(subject, outputs, r"edge|rise|fall|chang|reset"),
        evidence=told(timed),
    )
    return Choice(model=model)


def propose_parallel_to_serial(subject: Subject) -> Choice | None:
    """Return the model of a converter that takes a word every so many cycles by itself."""
    ports = subject.ports(
        {"d": ("d", "data", "din", "parallel_in")},
        {"valid_out": ("valid_out", "valid"), "dout": ("dout", "serial_out", "so")},
    )
    said = subject.says(r"parallel-to-serial")
    if set(ports) != {"d", "valid_out", "dout"} or subject.clock is None or not said:
        return None
    width = subject.width(ports["d"])
    first = subject.says(r"from MSB to LSB|most significant bit of \w+ is output")
    taken = subject.says(
        rf"if the counter \(cnt\) is {width - 1}, .*updates the data register \(data\) with the parallel"
    )
    if not first or not taken or not subject.accounts_for(ports.values()):
        return Choice(notes=("a serialiser whose order or timing isn't told: not modelled",))
    outputs = [ports["valid_out"], ports["dout"]]
    model = reference(
        "parallel_to_serial",
        "ParallelToSerialModel",
        {"ports": ports, "reset": subject.reset_tuple, "width": width},
        outputs=outputs,
        requirements=checked(subject, outputs, r"\bbits?\b|valid|serial|order|reset"),
        evidence=told(said, first, taken),
    )
    return Choice(model=model)


def propose_two_port_ram(subject: Subject) -> Choice | None:
    """Return the model of a RAM with registered reads that reset clears."""
    ports = subject.ports(_RAM, {"read_data": ("read_data", "rd_data", "rdata", "q")})
    if set(ports) != {*_RAM, "read_data"} or subject.clock is None or subject.reset is None:
        return None
    cleared = subject.says(r"reset.*all memory locations .*cleared to 0")
    registered = subject.says(r"assigned to the \w+ register")
    idle = subject.says(r"read enable signal is not active, the \w+ register is cleared to 0")
    told_depth = subject.says(r"\bdepth of (\d+)")
    depth = subject.parameter("DEPTH") or (int(told_depth[1]) if told_depth else 0)
    if not (cleared and registered and idle and depth) or not subject.accounts_for(ports.values()):
        return Choice(notes=("a two-port RAM whose reset or read timing isn't told: not modelled",))
    outputs = [ports["read_data"]]
    model = reference(
        "two_port_ram",
        "TwoPortRamModel",
        {"ports": ports, "reset": subject.reset_tuple, "idle": 0, "words": depth},
        outputs=outputs,
        requirements=checked(subject, outputs, r"read|write|address|word|reset"),
        evidence=told(cleared, registered, idle),
    )
    return Choice(model=model)


def propose_rom(subject: Subject) -> Choice | None:
    """Return the model of a ROM some of whose words are listed."""
    ports = subject.ports({"address": ("addr", "address", "a")}, {"data": ("dout", "data", "q", "data_out", "rdata")})
    listed = subject.says(r"locations? (\d+) (?:through|to) (\d+) are initiali[sz]ed .*?\(([^()]*)\)")
    if set(ports) != {"address", "data"} or subject.design.sequential or not listed:
        return None
    words = [number(word) for word in re.split(r"[,\s]+", listed[3].strip())]
    first, last = int(listed[1]), int(listed[2])
    if None in words or len(words) != last - first + 1 or not subject.accounts_for(ports.values()):
        return Choice(notes=("a ROM whose listed words can't be read: not modelled",))
    model = reference(
        "rom",
        "RomModel",
        {"ports": ports, "words": dict(enumerate(words, start=first))},
        outputs=[ports["data"]],
        requirements=(),
        evidence=told(listed),
    )
    return Choice(model=model)
