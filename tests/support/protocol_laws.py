"""Protocol checkers written from the specifications, without a look at the drivers: lists of what is broken when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.support.drivers import Cycle


def handshake(trace: Sequence[Cycle], prefix: str = "", payload: Sequence[str] = ()) -> Iterator[str]:
    """A valid that met no ready stays, with its payload (AMBA AXI-Stream 2.2, AXI A3.2.1)."""
    valid, ready = f"{prefix}valid", f"{prefix}ready"
    for number, (now, then) in enumerate(pairwise(trace)):
        if now[valid] and not now[ready]:
            if not then[valid]:
                yield f"{valid} fell after cycle {number} without {ready}"
            for name in payload:
                if now[name] != then[name]:
                    yield f"{name} changed after cycle {number} while {valid} waited"


def apb(trace: Sequence[Cycle]) -> Iterator[str]:
    """Setup, then access until ready; everything stable in between; no strobes in reads (IHI 0024, chapters 2-4)."""
    for number, (now, then) in enumerate(pairwise([{"sel": 0, "enable": 0}, *trace])):
        setup, waiting = now["sel"] and not now["enable"], now["enable"] and not now.get("ready")
        if now["enable"] and not now["sel"]:
            yield f"enable without sel in cycle {number - 1}"
        if setup and not then["enable"]:
            yield f"no access phase in cycle {number}"
        if then["enable"] and not (setup or waiting):
            yield f"access phase without setup in cycle {number}"
        if waiting and not (then["sel"] and then["enable"]):
            yield f"access phase cut short in cycle {number}"
        if setup or waiting:
            yield from (
                f"{name} changed in cycle {number}"
                for name in ("write", "addr", "wdata", "strb", "prot")
                if now[name] != then[name]
            )
        if then["sel"] and not then["write"] and then["strb"]:
            yield f"strobes in a read in cycle {number}"


def wishbone(trace: Sequence[Cycle]) -> Iterator[str]:
    """An access is held until it is answered (Wishbone B4, 3.2.1)."""
    for number, (now, then) in enumerate(pairwise(trace)):
        if now["cyc"] and now["stb"] and not now["ack"] and not now["err"]:
            if not (then["cyc"] and then["stb"]):
                yield f"access dropped after cycle {number}"
            yield from (
                f"{name} changed after cycle {number}"
                for name in ("we", "adr", "dat_w", "sel")
                if now[name] != then[name]
            )


def axi_lite(trace: Sequence[Cycle]) -> Iterator[str]:
    """The handshakes of the five channels; as many data as addresses, no response that was not asked for."""
    yield from handshake(trace, "aw", ("awaddr", "awprot"))
    yield from handshake(trace, "w", ("wdata", "wstrb"))
    yield from handshake(trace, "ar", ("araddr", "arprot"))
    taken = {c: sum(1 for t in trace if t[f"{c}valid"] and t[f"{c}ready"]) for c in ("aw", "w", "ar")}
    if abs(taken["aw"] - taken["w"]) > 1:
        yield f"{taken['aw']} write addresses, {taken['w']} write data"


def held_requests(trace: Sequence[Cycle]) -> Iterator[str]:
    """A request line stays until its grant."""
    for number, (now, then) in enumerate(pairwise(trace)):
        dropped = (now["req"] or 0) & ~(now["gnt"] or 0) & ~(then["req"] or 0)
        if dropped:
            yield f"lines {dropped:#x} fell without a grant after cycle {number}"


def uart_frames(levels: Sequence[int], bit_cycles: int, data_bits: int) -> list[tuple[int, int, int]]:
    """Decode a line with even parity by sampling in mid-bit: data, parity error, stop bit for each frame."""
    frames: list[tuple[int, int, int]] = []
    cycle = 0
    frame_cycles = bit_cycles * (data_bits + 3)
    while cycle + frame_cycles <= len(levels):
        if levels[cycle]:
            cycle += 1
            continue
        samples = [levels[cycle + bit * bit_cycles + bit_cycles // 2] for bit in range(data_bits + 3)]
        if samples[0]:
            cycle += 1
            continue
        data = sum(bit << place for place, bit in enumerate(samples[1 : data_bits + 1]))
        frames.append((data, (sum(samples[1 : data_bits + 2])) & 1, samples[-1]))
        cycle += frame_cycles
    return frames
