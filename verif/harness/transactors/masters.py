"""Transactors of bus masters: APB, AXI4-Lite, Wishbone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verif.harness.model import FieldKind
from verif.harness.transactors.parts import Parts
from verif.harness.transactors.use import TransactorUse

_PACE = {"rate": "rate", "runs": "runs"}
_DATA: Mapping[str, Any] = {"kind": FieldKind.DATA, "knobs": {"style": "data"}}
_LOW_WORDS = 16
"""How many words at the bottom count as meaningful addresses where the registers aren't known."""


def apb_master(parts: Parts) -> TransactorUse:
    """Return an APB master."""
    _sizes(parts, "addr", ("wdata", "rdata"), "strb")
    parts.stim("go", "begins a transfer if none is under way", knobs=_PACE, shows="sel")
    parts.stim_if(parts.has("write"), "write", "it writes", knobs={"rate": "write"})
    _address(parts, "addr", parts.number("step", 4))
    _data(parts, "wdata")
    _strobes(parts, "strb")
    parts.stim_if(parts.has("prot"), "prot", "pprot", width=3, kind=FieldKind.DATA)
    parts.watch("ready", absent="1'b1")
    parts.drive("sel", "enable", "write")
    parts.drive("addr", width="ADDR_WIDTH")
    parts.drive("wdata", width="DATA_WIDTH")
    parts.drive("strb", width="STRB_WIDTH")
    parts.drive("prot", width=3)
    return parts.done("drive_apb")


def axi_lite_master(parts: Parts) -> TransactorUse:
    """Return an AXI4-Lite master; a side that the design lacks rests."""
    _sizes(parts, "awaddr", ("wdata", "rdata"), "wstrb", other="araddr")
    step = max(1, parts.width("wdata", "rdata", absent=32) // 8)
    writes, reads = parts.has("awvalid"), parts.has("arvalid")
    write: dict[str, Any] = {"knobs": {"rate": "write", "runs": "runs"}, "shows": "awvalid"}
    parts.stim_if(writes, "write", "begins a write if none is under way", **write)
    parts.stim_if(writes, "overlap", "begins it before the last response", knobs={"rate": "overlap"})
    parts.stim_if(writes, "awlater", "puts the write address off", knobs={"style": "order"})
    parts.stim_if(writes, "wlater", "puts the write data off", knobs={"style": "order"})
    _address(parts, "awaddr", step)
    parts.stim_if(parts.has("awprot"), "awprot", "awprot", width=3, kind=FieldKind.DATA)
    _data(parts, "wdata")
    _strobes(parts, "wstrb")
    parts.stim_if(writes, "bready", "takes a write response", knobs={"rate": "bready"})
    read: dict[str, Any] = {"knobs": {"rate": "read", "runs": "runs"}, "shows": "arvalid"}
    parts.stim_if(reads, "read", "begins a read if none is under way", **read)
    _address(parts, "araddr", step)
    parts.stim_if(parts.has("arprot"), "arprot", "arprot", width=3, kind=FieldKind.DATA)
    parts.stim_if(reads, "rready", "takes a read response", knobs={"rate": "rready"})
    parts.watch("awready", "wready", "bvalid", "arready", "rvalid")
    parts.drive("awvalid", "wvalid", "bready", "arvalid", "rready")
    parts.drive("awaddr", "araddr", width="ADDR_WIDTH")
    parts.drive("awprot", "arprot", width=3)
    parts.drive("wdata", width="DATA_WIDTH")
    parts.drive("wstrb", width="STRB_WIDTH")
    return parts.done("drive_axi_lite")


def wishbone_master(parts: Parts) -> TransactorUse:
    """Return a Wishbone master, pipelined where there is ``stall``."""
    _sizes(parts, "adr", ("dat_w", "dat_r"), "sel")
    parts.parameter("PIPELINED", int(parts.has("stall")))
    parts.stim("go", "begins an access if none is under way", knobs=_PACE, shows="stb")
    parts.stim_if(parts.has("cyc"), "block", "keeps cyc after an access", knobs={"rate": "block"})
    parts.stim_if(parts.has("cyc"), "pause", "leaves stb low while cyc is kept", knobs={"rate": "pause"})
    parts.stim_if(parts.has("cyc"), "stray", "shows stb without cyc", knobs={"rate": "stray"})
    parts.stim_if(parts.has("we"), "we", "it writes", knobs={"rate": "write"})
    _address(parts, "adr", parts.number("step", 1))
    _data(parts, "dat_w")
    _strobes(parts, "sel")
    parts.watch("ack", "err", "rty", "stall")
    parts.drive("cyc", "stb", "we")
    parts.drive("adr", width="ADDR_WIDTH")
    parts.drive("dat_w", width="DATA_WIDTH")
    parts.drive("sel", width="SEL_WIDTH")
    parts.zero("cti", "bte")
    return parts.done("drive_wishbone")


def _sizes(parts: Parts, address: str, data: tuple[str, str], lanes: str, other: str = "") -> None:
    lane_parameter = "SEL_WIDTH" if lanes == "sel" else "STRB_WIDTH"
    parts.parameter("ADDR_WIDTH", parts.width(address, other))
    parts.parameter("DATA_WIDTH", parts.width(*data))
    parts.parameter(lane_parameter, parts.width(lanes))


def _address(parts: Parts, signal: str, step: int) -> None:
    """Add the field of an address; the words at the bottom are its choices where no registers are known."""
    width = parts.width(signal)
    top = (1 << width) - 1
    low = (word * step for word in range(_LOW_WORDS) if word * step <= top)
    choices = tuple(address & top for address in parts.numbers("addresses")) or tuple(low)
    kind: dict[str, Any] = {"kind": FieldKind.ADDRESS, "knobs": {"style": "address"}, "choices": choices}
    parts.stim_if(parts.has(signal), signal, "its address", width=width, **kind)


def _data(parts: Parts, signal: str) -> None:
    parts.stim_if(parts.has(signal), signal, "its data", width=parts.width(signal), **_DATA)


def _strobes(parts: Parts, signal: str) -> None:
    """Add which bytes count, and a bit for all of them: what a master mostly asks for."""
    width = parts.width(signal)
    if not parts.has(signal):
        parts.pin(f"stim_{signal}", f"{width}'d0")
        return
    kind: dict[str, Any] = {"kind": FieldKind.DATA, "knobs": {"style": "strobe"}, "default": (1 << width) - 1}
    some = parts.field(signal, "bytes that count", width=width, **kind)
    every = parts.field(f"{signal}_all", "lets all bytes count")
    parts.pin(f"stim_{signal}", f"{some} | {{{width}{{{every}}}}}")
