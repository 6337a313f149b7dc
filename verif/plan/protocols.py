"""Drivers for recognised protocols: the bench takes the other side of what the design speaks."""

from __future__ import annotations

from verif.design.model import Design, Direction, Port, ProtocolMatch
from verif.plan import naming
from verif.plan.assign import Assignment
from verif.plan.kinds import Option

USED_FROM = 0.5
"""Confidence from which a match is acted on."""
_STREAM = ("valid", "ready", "data", "last", "keep", "strb", "user", "id", "dest")


def assign_protocols(work: Assignment) -> None:
    """Add drivers for the design's protocol matches, the surest first; one whose inputs are taken is passed over."""
    matches = [match for match in work.design.protocols if match.confidence >= USED_FROM]
    for match in sorted(matches, key=lambda match: -match.confidence):
        known = {s: port for s, port in match.signals.items() if work.direction(port) is not None}
        handler = _HANDLERS.get(match.protocol)
        if handler and known:
            handler(work, match, known)


def fifo_depth(design: Design) -> int:
    """Return the entries of the design's FIFO as facts or parameters tell; 0 where they don't."""
    stated = naming.number(design.facts.get("depth", ""))
    if stated is None:
        stated = naming.parameter(design, "DEPTH", "FIFO_DEPTH", "ENTRIES", "SIZE")
    if stated is None:
        bits = naming.parameter(
            design, "ADDR_WIDTH", "ADDRESS_WIDTH", "AW", "ASIZE", "DEPTH_LOG2", "LOG2_DEPTH", "PTR_WIDTH"
        )
        stated = 1 << bits if bits is not None and 0 < bits < 20 else 0
    return max(0, stated)


def register_addresses(design: Design, width: int) -> list[int]:
    """Return a bus target's registers: the fact ``addresses``, else local parameters of the address' ``width``."""
    found = [naming.number(part) for part in design.facts.get("addresses", "").replace(",", " ").split()]
    return [address for address in found if address is not None] or naming.encodings(design.parameters, width)


def _widths(work: Assignment, ports: dict[str, str], *signals: str) -> dict[str, Option]:
    return {f"{signal}_width": work.width(ports[signal]) for signal in signals if signal in ports}


def _stream(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    """Source what the design receives, sink what it sends; AXI-Stream's signals lose their ``t``."""
    if match.protocol == "axi_stream":
        ports = {signal.removeprefix("t"): port for signal, port in ports.items()}
    known = {signal: port for signal, port in ports.items() if signal in _STREAM}
    if "valid" not in known:
        return
    if work.direction(known["valid"]) is Direction.INPUT:
        known = _siblings(work, match) | known
        payload = [signal for signal in known if signal not in ("valid", "ready", "last")]
        options = _widths(work, known, *payload)
        instruction = next((s for s in payload if _is_instruction(work.design.port(known[s]))), None)
        if instruction:
            work.take("InstructionSource", match.name, known, {**options, "instruction": instruction})
        else:
            work.take("StreamSource", match.name, known, options)
    elif "ready" in known:
        work.take("StreamSink", match.name, {"ready": known["ready"], "valid": known["valid"]})


def _siblings(work: Assignment, match: ProtocolMatch) -> dict[str, str]:
    """Return further inputs with the match's prefix: payload that must hold still with the rest."""
    if match.protocol != "ready_valid" or match.name == match.protocol:
        return {}
    start = f"{match.name}_"
    named = {port.removeprefix(start): port for port in work.left if port.startswith(start)}
    own = match.signals.values()
    return {name: port for name, port in named.items() if port not in own and name.isidentifier()}


def _is_instruction(port: Port) -> bool:
    return port.width == 32 and bool(naming.words(port.name) & naming.INSTRUCTIONS)


def _fifo(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    """Push and pop; with one clock each side watches the other, so that it knows what is inside."""
    write = {"en": "wr_en", "data": "wr_data", "full": "full"}
    read = {"en": "rd_en", "empty": "empty"}
    if len(work.design.clocks) < 2:
        write |= {"pop": "rd_en", "empty": "empty"}
        read |= {"push": "wr_en", "full": "full"}
    if "wr_en" in ports:
        options = _widths(work, {"data": ports["wr_data"]}, "data") if "wr_data" in ports else {}
        if depth := fifo_depth(work.design):
            options["depth"] = depth
        pushed = {s: ports[c] for s, c in write.items() if c in ports}
        work.take("FifoPush", "push", pushed, options, clock=ports.get("wr_clk", ""))
    if "rd_en" in ports:
        popped = {s: ports[c] for s, c in read.items() if c in ports}
        work.take("FifoPop", "pop", popped, clock=ports.get("rd_clk", ""))


def _requests(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    known = {signal: port for signal, port in ports.items() if signal in ("req", "gnt")}
    if "req" in known:
        work.take("Requester", known["req"], known, {"width": work.width(known["req"])})


def _apb(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    ports = {signal.removeprefix("p"): port for signal, port in ports.items()}
    if work.direction(ports.get("sel", "")) is Direction.INPUT:
        options = _master_options(work, ports, "addr", ("wdata", "rdata"))
        options["strb_width"] = work.width(ports["strb"]) if "strb" in ports else 1
        options["step"] = _step(work, ports, ("wdata", "rdata"))
        work.take("ApbMaster", match.name, ports, options)
    else:
        _target(work, "ApbTarget", match, ports, ("rdata", "wdata"))


def _axi_lite(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    valid = ports.get("awvalid") or ports.get("arvalid") or ""
    if work.direction(valid) is Direction.INPUT:
        address = "awaddr" if "awaddr" in ports else "araddr"
        work.take("AxiLiteMaster", match.name, ports, _master_options(work, ports, address, ("wdata", "rdata")))
    else:
        _target(work, "AxiLiteTarget", match, ports, ("rdata", "wdata"))


def _wishbone(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    if work.direction(ports.get("cyc") or ports.get("stb", "")) is Direction.INPUT:
        options = _master_options(work, ports, "adr", ("dat_w", "dat_r"))
        options["step"] = _word_step(work, ports) if "adr" in ports else 1
        if "sel" in ports:
            options["sel_width"] = work.width(ports["sel"])
        work.take("WishboneMaster", match.name, ports, options)
    elif "cyc" in ports or "stb" in ports:
        known = ports if "cyc" in ports else {"cyc": ports["stb"], **ports}
        _target(work, "WishboneTarget", match, known, ("dat_r", "dat_w"))


def _master_options(work: Assignment, ports: dict[str, str], address: str, data: tuple[str, str]) -> dict[str, Option]:
    """Return the widths, and the design's registers where they are known."""
    width = work.width(ports[address]) if address in ports else 1
    port = ports.get(data[0]) or ports.get(data[1])
    options: dict[str, Option] = {"addr_width": width, "data_width": work.width(port) if port else 32}
    if addresses := register_addresses(work.design, width):
        options["addresses"] = addresses
    return options


def _target(work: Assignment, kind: str, match: ProtocolMatch, ports: dict[str, str], data: tuple[str, str]) -> None:
    """Answer a master; one that fetches instructions finds a program in memory."""
    port = ports.get(data[0]) or ports.get(data[1])
    width = work.width(port) if port else 32
    options: dict[str, Option] = {"data_width": width, "step": max(1, width // 8)}
    contents = {"contents": "program"} if _fetches(work.design, ports) else {}
    work.take(kind, match.name, ports, options, contents)


def _fetches(design: Design, ports: dict[str, str]) -> bool:
    """Whether the master's ports are those of a processor: an instruction bus, or a bus beside an instruction flag."""
    own = any("ibus" in port.lower() or naming.words(port) & naming.INSTRUCTIONS for port in ports.values())
    return own or any(naming.words(port.name) & naming.INSTRUCTIONS for port in design.outputs)


def _step(work: Assignment, ports: dict[str, str], data: tuple[str, str]) -> int:
    """Return the addresses from word to word on a byte-addressed bus."""
    port = ports.get(data[0]) or ports.get(data[1])
    return max(1, work.width(port) // 8) if port else 4


def _word_step(work: Assignment, ports: dict[str, str]) -> int:
    """Return the same for Wishbone, where narrow addresses count words (the bus leaves it open)."""
    stated = naming.number(work.design.facts.get("address_step", ""))
    if stated:
        return stated
    return _step(work, ports, ("dat_w", "dat_r")) if work.width(ports["adr"]) >= 16 else 1


_HANDLERS = {
    "ready_valid": _stream,
    "axi_stream": _stream,
    "fifo": _fifo,
    "request_grant": _requests,
    "apb": _apb,
    "axi4_lite": _axi_lite,
    "wishbone": _wishbone,
}
