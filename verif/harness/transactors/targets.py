"""Transactors that answer a master: memories behind simple requests and buses."""

from __future__ import annotations

from typing import Any

from verif.harness.model import FieldKind
from verif.harness.transactors.parts import Parts
from verif.harness.transactors.use import TransactorUse

_PACE = {"rate": "rate", "runs": "runs"}
_PLACE_BITS = 4
"""16 words are remembered."""
_INSTRUCTION = 32


def memory_responder(parts: Parts) -> TransactorUse:
    """Return the memory behind a valid/ready request."""
    lanes = _sizes(parts, "addr", ("rdata", "wdata"), "wstrb")
    parts.stim("answer", "answers a request", knobs=_PACE, shows="ready")
    _word(parts, "rdata")
    parts.watch("valid")
    parts.watch_word("ADDR_WIDTH", "addr")
    parts.watch_word("DATA_WIDTH", "wdata")
    parts.pin("lanes", _lanes(parts, lanes))
    parts.drive("ready")
    parts.drive("rdata", width="DATA_WIDTH")
    return parts.done("drive_memory")


def apb_target(parts: Parts) -> TransactorUse:
    """Return the memory behind an APB master."""
    lanes = _sizes(parts, "addr", ("rdata", "wdata"), "strb")
    if parts.has("ready"):
        parts.stim("answer", "ends a transfer", knobs=_PACE, shows="ready")
    else:
        parts.pin("stim_answer", "1'b1")
    parts.stim_if(parts.has("slverr"), "error", "answers with an error", knobs={"rate": "errors"})
    _word(parts, "rdata")
    parts.watch("sel", "enable", "write")
    parts.watch_word("ADDR_WIDTH", "addr")
    parts.watch_word("DATA_WIDTH", "wdata")
    parts.watch("strb", absent=f"{{{lanes}{{1'b1}}}}")
    parts.drive("ready", "slverr")
    parts.drive("rdata", width="DATA_WIDTH")
    return parts.done("drive_apb_target")


def wishbone_target(parts: Parts) -> TransactorUse:
    """Return the memory behind a Wishbone master."""
    lanes = _sizes(parts, "adr", ("dat_r", "dat_w"), "sel")
    parts.stim("answer", "answers an access", knobs=_PACE, shows="ack")
    parts.stim_if(parts.has("err"), "error", "answers with an error", knobs={"rate": "errors"})
    _word(parts, "dat_r")
    parts.watch("cyc", "we")
    parts.watch_word("ADDR_WIDTH", "adr")
    parts.watch_word("DATA_WIDTH", "dat_w")
    parts.watch("stb", absent="1'b1")
    parts.watch("sel", absent=f"{{{lanes}{{1'b1}}}}")
    parts.drive("ack", "err")
    parts.drive("dat_r", width="DATA_WIDTH")
    parts.zero("rty", "stall")
    return parts.done("drive_wishbone_target")


def axi_lite_target(parts: Parts) -> TransactorUse:
    """Return the memory behind an AXI4-Lite master; the paces of its five channels are drawn apart."""
    lanes = _sizes(parts, "awaddr", ("rdata", "wdata"), "wstrb", other="araddr")
    writes, reads = parts.has("awvalid"), parts.has("arvalid")
    parts.stim_if(writes, "awready", "takes a write address", knobs=_PACE)
    parts.stim_if(writes, "wready", "takes write data", knobs=_PACE)
    parts.stim_if(writes, "banswer", "answers a write", knobs=_PACE, shows="bvalid")
    parts.stim_if(writes, "berror", "answers it with an error", knobs={"rate": "errors"})
    parts.stim_if(reads, "arready", "takes a read address", knobs=_PACE)
    parts.stim_if(reads, "ranswer", "answers a read", knobs=_PACE, shows="rvalid")
    parts.stim_if(reads, "rerror", "answers it with an error", knobs={"rate": "errors"})
    _word(parts, "rdata")
    parts.watch("awvalid", "wvalid", "bready", "arvalid", "rready")
    parts.watch_word("ADDR_WIDTH", "awaddr", "araddr")
    parts.watch_word("DATA_WIDTH", "wdata")
    parts.watch("wstrb", absent=f"{{{lanes}{{1'b1}}}}")
    parts.drive("awready", "wready", "bvalid", "arready", "rvalid")
    parts.drive("bresp", "rresp", width=2)
    parts.drive("rdata", width="DATA_WIDTH")
    return parts.done("drive_axi_lite_target")


def _lanes(parts: Parts, lanes: int) -> str:
    """Return the bytes to write, as told by strobes, by a write line or by both."""
    strobes = parts.watched("wstrb")
    every = f"{{{lanes}{{{parts.watched('we')}}}}}"
    if parts.has("wstrb") and parts.has("we"):
        return f"{strobes} & {every}"
    return strobes if parts.has("wstrb") else every


def _sizes(parts: Parts, address: str, data: tuple[str, str], lanes: str, other: str = "") -> int:
    """Set the memory's parameters; return how many bytes can be written apart."""
    addr_width = parts.width(address, other)
    data_width = parts.width(*data)
    count = max(parts.width(lanes), -(-data_width // 8))
    parts.parameter("ADDR_WIDTH", addr_width)
    parts.parameter("DATA_WIDTH", data_width)
    parts.parameter("LANES", count)
    parts.parameter("SHIFT", min(parts.number("step", 4).bit_length() - 1, addr_width - 1))
    parts.parameter("PLACE_BITS", min(_PLACE_BITS, addr_width))
    return count


def _word(parts: Parts, signal: str) -> None:
    """Add what a word looks like that was never written; words of 32 bits can be instructions."""
    width = parts.width(signal)
    kind: dict[str, Any] = {"kind": FieldKind.DATA, "knobs": {"style": "contents"}, "shows": signal}
    word = parts.field("word", "a word that was never written, and the data lines meanwhile", width=width, **kind)
    if width != _INSTRUCTION:
        parts.pin("stim_word", word)
        return
    kind = {"kind": FieldKind.MODE, "choices": (0, 1, 2), "knobs": {"style": "contents"}}
    contents = parts.field("contents", "1 makes a legal instruction of the word", width=2, **kind)
    legal = parts.net("word", width)
    parts.help("drive_riscv", {"raw": f"{contents} != 2'd1", "bits": word, "word": legal})
    parts.pin("stim_word", legal)
