"""Drivers for recognised protocols: the bench takes the other side of what the design speaks."""

from __future__ import annotations

from verif.design.model import Design, Direction, ProtocolMatch
from verif.plan import naming
from verif.plan.assign import Assignment
from verif.plan.kinds import Option

USED_FROM = 0.5
"""Confidence from which a match is acted on."""


def assign_protocols(work: Assignment) -> None:
    """Add drivers for the design's protocol matches, the surest first; one whose inputs are taken is passed over."""
    matches = [match for match in work.design.protocols if match.confidence >= USED_FROM]
    for match in sorted(matches, key=lambda match: -match.confidence):
        known = {s: port for s, port in match.signals.items() if work.direction(port) is not None}
        handler = _HANDLERS.get(match.protocol)
        if handler:
            handler(work, match, known)


def fifo_depth(design: Design) -> int:
    """Return the entries of the design's FIFO as facts or parameters tell; 0 where they don't."""
    stated = naming.number(design.facts.get("depth", ""))
    if stated is None:
        stated = naming.parameter(design, "DEPTH", "FIFO_DEPTH", "ENTRIES", "SIZE")
    if stated is None:
        bits = naming.parameter(design, "ADDR_WIDTH", "ADDRESS_WIDTH", "AW", "ASIZE", "DEPTH_LOG2", "LOG2_DEPTH")
        stated = 1 << bits if bits is not None and bits < 20 else 0
    return stated


def _widths(work: Assignment, ports: dict[str, str], *signals: str) -> dict[str, Option]:
    return {f"{signal}_width": work.width(ports[signal]) for signal in signals if signal in ports}


def _stream(work: Assignment, match: ProtocolMatch, ports: dict[str, str]) -> None:
    """Source what the design receives, sink what it sends; AXI-Stream's signals lose their ``t``."""
    if match.protocol == "axi_stream":
        ports = {signal.removeprefix("t"): port for signal, port in ports.items()}
    if "valid" not in ports:
        return
    if work.direction(ports["valid"]) is Direction.INPUT:
        known = {
            s: p
            for s, p in ports.items()
            if s in ("valid", "ready", "data", "last", "keep", "strb", "user", "id", "dest")
        }
        payload = [signal for signal in known if signal not in ("valid", "ready", "last")]
        work.take("StreamSource", match.name, known, _widths(work, known, *payload))
    elif "ready" in ports:
        work.take("StreamSink", match.name, {"ready": ports["ready"], "valid": ports["valid"]})


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


_HANDLERS = {
    "ready_valid": _stream,
    "axi_stream": _stream,
    "fifo": _fifo,
}
