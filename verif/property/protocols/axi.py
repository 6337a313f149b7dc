"""AXI4-Stream (AMBA IHI 0051) and AXI4-Lite (AMBA IHI 0022, part B)."""

from __future__ import annotations

from collections.abc import Iterator

from verif.property.protocols.model import Chapter, Drafted, Interface, counter, covers, label, slug, stands

_CHANNELS = {
    "aw": (True, ("awaddr", "awprot")),
    "w": (True, ("wdata", "wstrb")),
    "b": (False, ("bresp",)),
    "ar": (True, ("araddr", "arprot")),
    "r": (False, ("rdata", "rresp")),
}
"""Channel to whether the initiator is its source, and its payload."""
_PAYLOAD = ("tdata", "tlast", "tkeep", "tstrb", "tuser", "tid", "tdest")


def stream(interface: Interface) -> Chapter | None:
    """Return the properties of an AXI4-Stream interface; None where it has no handshake."""
    if not interface.has("tvalid", "tready"):
        return None
    valid, ready = interface["tvalid"], interface["tready"]
    found = [stands(interface, valid, ready, interface.get(*_PAYLOAD), by_design=interface.drives)]
    if interface.has("tkeep", "tstrb"):
        keep, strobe = interface["tkeep"], interface["tstrb"]
        found.append(
            Drafted(
                name=label(strobe, "within", keep),
                directive=interface.obliges(interface.drives),
                text=f"{valid} |-> ({strobe} & ~{keep}) == 0",
                title=f"A byte that {keep} leaves out has no {strobe}.",
                ports=(valid, strobe, keep),
            )
        )
    shown = {
        label(valid, "waits"): (f"{valid} && !{ready} ##1 {ready}", "A beat waits to be taken."),
        label(valid, "back_to_back"): (f"({valid} && {ready})[*2]", "Two beats pass in consecutive cycles."),
    }
    return Chapter(
        heading=f"AXI4-Stream {interface.match.name} (AMBA IHI 0051): 2.2.1 handshake, 2.4 byte qualifiers",
        properties=(*found, *covers(shown, interface.match.signals.values())),
    )


def lite(interface: Interface) -> Chapter | None:
    """Return the properties of an AXI4-Lite interface."""
    return Chapter(
        heading=f"AXI4-Lite {interface.match.name} (AMBA IHI 0022): A3.2.1 handshake, A3.3.1 order, B1.1.1 responses",
        properties=(
            *_handshakes(interface),
            *_codes(interface),
            *_answers(interface),
            *covers(dict(_situations(interface)), interface.match.signals.values()),
        ),
        code=_counters(interface),
    )


def _handshakes(interface: Interface) -> Iterator[Drafted]:
    for channel, (asks, payload) in _CHANNELS.items():
        if interface.has(f"{channel}valid", f"{channel}ready"):
            valid, ready = interface[f"{channel}valid"], interface[f"{channel}ready"]
            yield stands(interface, valid, ready, interface.get(*payload), by_design=asks == interface.drives)


def _codes(interface: Interface) -> Iterator[Drafted]:
    for channel in ("b", "r"):
        if interface.has(f"{channel}valid", f"{channel}resp"):
            valid, response = interface[f"{channel}valid"], interface[f"{channel}resp"]
            yield Drafted(
                name=label(response, "legal"),
                directive=interface.obliges(not interface.drives),
                text=f"{valid} |-> {response} != 2'b01",
                title=f"{response} is never EXOKAY, which AXI4-Lite doesn't have.",
                ports=(valid, response),
                rule=_rule(interface),
            )


def _answers(interface: Interface) -> Iterator[Drafted]:
    """Yield that each response answers a request; what is taken in the same cycle counts."""
    for channel, requests in (("b", ("aw", "w")), ("r", ("ar",))):
        if _is_counted(interface, channel):
            waiting = [_waits(interface, request) for request in requests]
            names = " and ".join(interface[f"{request}valid"] for request in requests)
            yield Drafted(
                name=label(interface[f"{channel}valid"], "answers"),
                directive=interface.obliges(not interface.drives),
                text=f"{interface[f'{channel}valid']} |-> {' && '.join(waiting)}",
                title=f"{interface[f'{channel}valid']} only answers a request that {names} made before.",
                ports=_counted_ports(interface, channel),
                rule=_rule(interface),
            )


def _rule(interface: Interface) -> str:
    return f"{slug(interface.match.name)}-responses"


def _is_counted(interface: Interface, channel: str) -> bool:
    needed = ("aw", "w", "b") if channel == "b" else ("ar", "r")
    return all(interface.has(f"{one}valid", f"{one}ready") for one in needed)


def _counted_ports(interface: Interface, channel: str) -> tuple[str, ...]:
    needed = ("b", "aw", "w") if channel == "b" else ("r", "ar")
    return tuple(port for one in needed for port in interface.get(f"{one}valid", f"{one}ready"))


def _count(interface: Interface, request: str) -> str:
    return label(interface.match.name, request, "waiting")


def _waits(interface: Interface, request: str) -> str:
    taken = f"({interface[f'{request}valid']} && {interface[f'{request}ready']})"
    return f"({_count(interface, request)} != 0 || {taken})"


def _counters(interface: Interface) -> str:
    """Return counters of requests that wait for their response."""
    lines = []
    for channel, requests in (("b", ("aw", "w")), ("r", ("ar",))):
        for request in requests if _is_counted(interface, channel) else ():
            taken = f"{interface[f'{request}valid']} && {interface[f'{request}ready']}"
            given = f"{interface[f'{channel}valid']} && {interface[f'{channel}ready']}"
            lines.append(counter(interface, _count(interface, request), taken, given))
    return "\n".join(lines)


def _situations(interface: Interface) -> Iterator[tuple[str, tuple[str, str]]]:
    name = interface.match.name
    if interface.has("awvalid", "wvalid"):
        address, data = interface["awvalid"], interface["wvalid"]
        yield label(name, "address_first"), (f"{address} && !{data}", "A write's address comes before its data.")
        yield label(name, "data_first"), (f"{data} && !{address}", "A write's data comes before its address.")
    for channel in ("b", "r"):
        if interface.has(f"{channel}valid", f"{channel}ready"):
            valid, ready = interface[f"{channel}valid"], interface[f"{channel}ready"]
            yield label(valid, "waits"), (f"{valid} && !{ready} ##1 {ready}", "A response waits to be taken.")
