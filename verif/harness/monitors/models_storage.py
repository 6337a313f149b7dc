"""The hardware of models that keep words in order or by address."""

from __future__ import annotations

from collections.abc import Mapping

from verif.harness.monitors.arguments import Arguments, Uncovered
from verif.harness.monitors.hardware import Builder, Hardware, Ports, bits_for
from verif.harness.monitors.nets import Nets, literal

_MOST_ADDRESS_BITS = 12
"""Of a memory that a harness keeps a second time."""


def _sync_fifo(nets: Nets, given: Arguments) -> Hardware:
    options = ("idle_data", "almost_full", "almost_empty", "write_when_full_and_read")
    given.only("ports", "reset", "depth", "width", "show_ahead", *options)
    ports, depth, kept = Ports(nets, given), given.number("depth"), given.number("width")
    width = max(ports.width("wr_data", "rd_data"), kept)
    if not 1 <= depth <= 1 << _MOST_ADDRESS_BITS:
        raise Uncovered(f"a depth of {depth} words")
    for name in ("almost_full", "almost_empty"):
        if name in given.mapping("ports") and not given.has(name):
            raise Uncovered(f"{name} without a threshold")
    ports.take("wr_en")
    ports.take("wr_data", width)
    ports.take("rd_en")
    flags = dict.fromkeys(("valid", "ready", "overflow", "underflow", "almost_full", "almost_empty"), 1)
    checked = ports.compare(rd_data=width, full=1, empty=1, level=32, free=32, **flags)
    return ports.build(
        "check_sync_fifo",
        DEPTH=depth,
        ADDRESS_WIDTH=bits_for(depth),
        WIDTH=width,
        MASK=literal((1 << kept) - 1, width),
        SHOW_AHEAD=given.number("show_ahead"),
        HAS_IDLE_DATA=int(given.has("idle_data")),
        IDLE_DATA=literal(given.number("idle_data") if given.has("idle_data") else 0, width),
        ALMOST_FULL=given.number("almost_full") if given.has("almost_full") else 1,
        ALMOST_EMPTY=given.number("almost_empty") if given.has("almost_empty") else 0,
        WRITE_WHEN_FULL_AND_READ=given.number("write_when_full_and_read"),
        CHECKED=checked,
    )


def _async_fifo(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "wr_reset", "rd_reset", "depth", "stages", "idle_data")
    ports, depth, stages = given.mapping("ports"), given.number("depth"), given.number("stages", 2)
    if depth < 2 or depth & (depth - 1) or depth > 1 << _MOST_ADDRESS_BITS or stages < 2:
        raise Uncovered(f"{depth} words behind {stages} stages")
    width = max(nets.width(ports["wr_data"]), nets.width(ports["rd_data"]))
    wr_reset, rd_reset = (nets.active(*given.reset(name)) for name in ("wr_reset", "rd_reset"))
    connections = {"wr_clk": nets.clock(ports["wr_clk"]), "rd_clk": nets.clock(ports["rd_clk"])}
    connections |= {"one_in_reset": f"({wr_reset} ^ {rd_reset})", "both_in_reset": f"({wr_reset} & {rd_reset})"}
    connections |= {name: nets.bit(ports[name]) for name in ("wr_en", "rd_en", "full", "empty")}
    connections |= {name: nets.fit(ports[name], width) for name in ("wr_data", "rd_data")}
    return Hardware(
        module="check_async_fifo",
        connections=connections,
        parameters={
            "WIDTH": width,
            "ADDRESS_WIDTH": bits_for(depth),
            "STAGES": stages,
            "HAS_IDLE_DATA": int(given.has("idle_data")),
            "IDLE_DATA": literal(given.number("idle_data") if given.has("idle_data") else 0, width),
        },
    )


def _skid_buffer(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "payload", "reset", "ready_after_reset", "capacity")
    ports, capacity = Ports(nets, given), given.number("capacity", 2)
    if not 1 <= capacity <= 1 << _MOST_ADDRESS_BITS:
        raise Uncovered(f"a capacity of {capacity} beats")
    for name in ("in_valid", "in_ready", "out_valid", "out_ready"):
        ports.take(name)
    taken, given_back, width = [], [], 0
    for sink, source in given.pairs("payload"):
        wide = max(nets.width(sink), nets.width(source))
        taken.append(nets.fit(sink, wide))
        given_back.append(nets.fit(source, wide))
        width += wide
    if not width:
        raise Uncovered("a stream without payload")
    ports.connections["in_payload"] = f"{{{', '.join(taken)}}}"
    ports.connections["out_payload"] = f"{{{', '.join(given_back)}}}"
    return ports.build(
        "check_skid_buffer",
        WIDTH=width,
        CAPACITY=capacity,
        ADDRESS_WIDTH=bits_for(capacity),
        READY_AFTER_RESET=given.number("ready_after_reset", 1),
    )


def _wishbone_ram(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "lanes")
    ports, lanes = Ports(nets, given), given.number("lanes")
    address = ports.width("adr")
    if address > _MOST_ADDRESS_BITS:
        raise Uncovered(f"{address} address bits")
    for name in ("cyc", "stb", "we", "ack"):
        ports.take(name)
    ports.take("sel", lanes, absent=(1 << lanes) - 1)
    ports.take("adr", address)
    ports.take("dat_i", 8 * lanes)
    ports.take("dat_o", 8 * lanes)
    return ports.build("check_wishbone_ram", ADDRESS_WIDTH=address, LANES=lanes)


def _two_port_ram(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "reset", "idle", "words")
    ports, words = Ports(nets, given), given.number("words")
    address = max(ports.width("write_addr", "read_addr"), bits_for(words))
    width = ports.width("write_data", "read_data")
    if address > _MOST_ADDRESS_BITS:
        raise Uncovered(f"{address} address bits")
    ports.take("write_en")
    ports.take("write_addr", address)
    ports.take("write_data", width)
    ports.take("read_en")
    ports.take("read_addr", address)
    ports.take("read_data", width)
    return ports.build(
        "check_two_port_ram",
        ADDRESS_WIDTH=address,
        WIDTH=width,
        COUNT=words,
        HAS_IDLE=int(given.has("idle")),
        IDLE=literal(given.number("idle") if given.has("idle") else 0, width),
    )


def _rom(nets: Nets, given: Arguments) -> Hardware:
    given.only("ports", "words")
    ports, words = Ports(nets, given, clocked=False), given.mapping("words")
    address = ports.width("address")
    width = max([ports.width("data"), *(int(word).bit_length() for word in words.values())])
    if address > _MOST_ADDRESS_BITS or width << address > 1 << _MOST_ADDRESS_BITS + 4:
        raise Uncovered(f"{address} address bits")
    ports.take("address", address)
    ports.take("data", width)
    told = {place: word for place, word in words.items() if place < 1 << address}
    packed = sum(word << width * place for place, word in told.items())
    return ports.build(
        "check_rom",
        ADDRESS_WIDTH=address,
        WIDTH=width,
        WORDS=literal(packed, width << address),
        TOLD=literal(sum(1 << place for place in told), 1 << address),
    )


STORAGE: Mapping[str, Builder] = {
    "SyncFifoModel": _sync_fifo,
    "AsyncFifoModel": _async_fifo,
    "SkidBufferModel": _skid_buffer,
    "WishboneRamModel": _wishbone_ram,
    "TwoPortRamModel": _two_port_ram,
    "RomModel": _rom,
}
"""Class of a model to its hardware."""
