"""Drivers for recognised protocols: the bench takes the other side of what the design speaks."""

from __future__ import annotations

from verif.design.model import Design, Direction, ProtocolMatch
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


def register_addresses(design: Design) -> list[int]:
    """Return the addresses that the manifest lists as the fact ``addresses``; empty where it doesn't."""
    found = [naming.number(part) for part in design.facts.get("addresses", "").replace(",", " ").split()]
    return [address for address in found if address is not None]


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
        payload = [signal for signal in known if signal not in ("valid", "ready", "last")]
        work.take("StreamSource", match.name, known, _widths(work, known, *payload))
    elif "ready" in known:
        work.take("StreamSink", match.name, {"ready": known["ready"], "valid": known["valid"]})


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
        work.take("FifoPush", "push", {s: ports[c] for s, c in write.items() if c in ports}, options)
    if "rd_en" in ports:
        work.take("FifoPop", "pop", {s: ports[c] for s, c in read.items() if c in ports})


def _requests(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    known = {signal: port for signal, port in ports.items() if signal in ("req", "gnt")}
    if "req" in known:
        work.take("Requester", known["req"], known, {"width": work.width(known["req"])})


def _apb(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    ports = {signal.removeprefix("p"): port for signal, port in ports.items()}
    if work.direction(ports.get("sel", "")) is Direction.INPUT and "addr" in ports:
        options: dict[str, Option] = _widths(work, {"addr": ports["addr"]}, "addr")
        options |= _bus_options(work, ports, ("wdata", "rdata"))
        options["strb_width"] = work.width(ports["strb"]) if "strb" in ports else 1
        options["step"] = _step(work, ports, ("wdata", "rdata"))
        work.take("ApbMaster", match.name, ports, options)
    elif "ready" in ports or "rdata" in ports:
        data = _bus_options(work, ports, ("rdata", "wdata"), listed=False)
        work.take("ApbTarget", match.name, ports, data | {"step": _step(work, ports, ("rdata", "wdata"))})


def _axi_lite(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    valid = ports.get("awvalid") or ports.get("arvalid") or ""
    address = ports.get("awaddr") or ports.get("araddr")
    if work.direction(valid) is Direction.INPUT and address:
        options = _bus_options(work, ports, ("wdata", "rdata"))
        work.take("AxiLiteMaster", match.name, ports, {"addr_width": work.width(address)} | options)
    elif valid:
        data = _bus_options(work, ports, ("rdata", "wdata"), listed=False)
        work.take("AxiLiteTarget", match.name, ports, data | {"step": _step(work, ports, ("rdata", "wdata"))})


def _wishbone(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    if work.direction(ports.get("cyc") or ports.get("stb", "")) is Direction.INPUT:
        if "adr" in ports:
            options = {"addr_width": work.width(ports["adr"])} | _bus_options(work, ports, ("dat_w", "dat_r"))
            options["step"] = _word_step(work, ports)
        else:
            options = {"addr_width": 1} | _bus_options(work, ports, ("dat_w", "dat_r"))
        if "sel" in ports:
            options["sel_width"] = work.width(ports["sel"])
        work.take("WishboneMaster", match.name, ports, options)
    elif "cyc" in ports or "stb" in ports:
        known = ports if "cyc" in ports else {"cyc": ports["stb"], **ports}
        data = _bus_options(work, ports, ("dat_r", "dat_w"), listed=False)
        work.take("WishboneTarget", match.name, known, data | {"step": _step(work, ports, ("dat_r", "dat_w"))})


def _bus_options(
    work: Assignment, ports: dict[str, str], data: tuple[str, str], *, listed: bool = True
) -> dict[str, Option]:
    """Return data width and, for a master, the design's registers where the manifest lists them."""
    port = ports.get(data[0]) or ports.get(data[1])
    options: dict[str, Option] = {"data_width": work.width(port) if port else 32}
    if listed and (addresses := register_addresses(work.design)):
        options["addresses"] = addresses
    return options


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
