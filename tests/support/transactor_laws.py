"""What transactors must keep to beyond the laws of ``protocol_laws``: lists of what is broken when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tests.support import protocol_laws as laws

Row = Mapping[str, int]
Trace = Sequence[Row]
OPCODES = (0x33, 0x13, 0x03, 0x23, 0x63, 0x37, 0x17, 0x6F)


def packets(trace: Trace) -> Iterator[str]:
    """A beat stays until taken; a packet keeps its id; only a last beat leaves bytes out, at its end."""
    yield from laws.handshake(trace, payload=("data", "last", "keep", "id"))
    beats = [row for row in trace if row["valid"] and row["ready"]]
    for number, (now, then) in enumerate(pairwise(beats)):
        if not now["last"] and now["id"] != then["id"]:
            yield f"id changed within a packet after beat {number}"
        if not now["last"] and now["keep"] != 3:
            yield f"bytes left out within a packet in beat {number}"
        if now["keep"] not in (1, 3):
            yield f"bytes left out below others in beat {number}"


def waiting_sink(trace: Trace) -> Iterator[str]:
    """Ready rises only after valid was seen, for one cycle."""
    for number, (now, then) in enumerate(pairwise(trace)):
        if then["ready"] and (now["ready"] or not now["valid"]):
            yield f"ready in cycle {number + 1}"


def patient_instructions(trace: Trace, patience: int = 5) -> Iterator[str]:
    """An instruction stays until taken, or for some cycles; it is a legal one."""
    offered = 0
    for number, (now, then) in enumerate(pairwise(trace)):
        offered = offered + 1 if now["valid"] else 0
        waits = now["valid"] and not now["ready"] and offered <= patience
        if waits and (not then["valid"] or (now["insn"], now["rs1"]) != (then["insn"], then["rs1"])):
            yield f"given up or changed after cycle {number}"
        if offered > patience + 1:
            yield f"offered too long in cycle {number}"
        if now["valid"] and (now["ready"] or offered > patience):
            offered = 0
    yield from legal_instructions([{"word": row["insn"]} for row in trace if row["valid"]])


def legal_instructions(trace: Trace) -> Iterator[str]:
    """RV32IM words whose jumps and accesses are aligned (RISC-V unprivileged ISA, chapters 2 and 7)."""
    for number, row in enumerate(trace):
        if trouble := _illegal(row["word"]):
            yield f"{trouble} in cycle {number}: {row['word']:#010x}"


def _illegal(word: int) -> str:
    opcode, funct3, funct7 = word & 0x7F, word >> 12 & 7, word >> 25
    if opcode not in OPCODES:
        return "opcode"
    if opcode == 0x33 and funct7 not in (0, 1) and not (funct7 == 0x20 and funct3 in (0, 5)):
        return "funct7"
    if opcode == 0x13 and funct3 in (1, 5) and funct7 not in ((0, 0x20) if funct3 == 5 else (0,)):
        return "shift"
    if opcode in (0x03, 0x23):
        offset = word >> 20 if opcode == 0x03 else (funct7 << 5) | (word >> 7 & 31)
        sizes = (0, 1, 2, 4, 5) if opcode == 0x03 else (0, 1, 2)
        return "" if offset % 4 == 0 and word >> 15 & 31 == 0 and funct3 in sizes else "access"
    if opcode == 0x63:
        return "" if funct3 not in (2, 3) and word >> 8 & 15 and word >> 8 & 1 == 0 else "branch"
    if opcode == 0x6F:
        return "" if word >> 21 & 0x3FF and word >> 21 & 1 == 0 else "jump"
    return ""


def careful_push(trace: Trace) -> Iterator[str]:
    """No write meets a full FIFO."""
    yield from (f"write into a full FIFO in cycle {n}" for n, row in enumerate(trace) if row["en"] and row["full"])


def careful_pop(trace: Trace) -> Iterator[str]:
    """No read meets an empty FIFO."""
    yield from (f"read from an empty FIFO in cycle {n}" for n, row in enumerate(trace) if row["en"] and row["empty"])


def one_operation(trace: Trace) -> Iterator[str]:
    """No start during an operation; the operands stay from the start until done."""
    for number, (now, then) in enumerate(pairwise(trace)):
        if now["start"] and now["busy"]:
            yield f"start while busy in cycle {number}"
        if (now["start"] or now["busy"]) and (now["a"], now["b"]) != (then["a"], then["b"]):
            yield f"operands changed after cycle {number}"


def single_pulses(trace: Trace) -> Iterator[str]:
    """After a 1 comes a 0."""
    for number, (now, then) in enumerate(pairwise(trace)):
        yield from (f"{name} for two cycles from {number}" for name in ("go", "tick") if now[name] and then[name])


def clean_uart(trace: Trace) -> Iterator[str]:
    """Frames of 8 cycles a bit with even parity and a stop bit; nothing else pulls the line low."""
    levels = [row["line"] for row in trace]
    frames = laws.uart_frames(levels, 8, 8)
    yield from (f"frame {number} is broken" for number, (_, parity, stop) in enumerate(frames) if parity or not stop)
    changes = [cycle for cycle, (now, then) in enumerate(pairwise(levels)) if now != then]
    low = [then - now for now, then in pairwise(changes) if not levels[then]]
    yield from (f"low for {cycles} cycles" for cycles in low if cycles % 8)


def spi_word(trace: Trace, word: int = 0xA5) -> Iterator[str]:
    """The bits of ``word``, highest first, one at selection and one after each fall of sclk (mode 0)."""
    expected, last = 0, None
    for number, row in enumerate(trace):
        if row["cs_n"] == 0 and last and last["cs_n"] == 0 and expected:
            bit = word >> (8 - expected) & 1
            if row["miso"] != bit:
                yield f"bit {expected} is {row['miso']} in cycle {number}"
        selected = row["cs_n"] == 0
        if selected and last and last["cs_n"]:
            expected = 1
        elif selected and expected and last and last["sclk"] and not row["sclk"]:
            expected = expected % 8 + 1
        elif not selected:
            expected = 0
        last = row


class Memory:
    """Words as a responder should keep them."""

    def __init__(self) -> None:
        self._words: dict[int, int] = {}

    def write(self, place: int, value: int, lanes: int) -> None:
        """Write the bytes whose lane is 1."""
        mask = sum(0xFF << 8 * lane for lane in range(4) if lanes >> lane & 1)
        self._words[place] = self._words.get(place, 0) & ~mask | value & mask

    def agrees(self, place: int, value: int) -> bool:
        """Whether a read may give ``value``."""
        return self._words.setdefault(place, value) == value


def remembering(trace: Trace) -> Iterator[str]:
    """Answers for one cycle, to a request seen before; reads give what was written or read there (valid/ready)."""
    memory = Memory()
    for number, (now, then) in enumerate(pairwise(trace)):
        if then["ready"] and (now["ready"] or not now["valid"]):
            yield f"unasked in cycle {number + 1}"
        if then["ready"] and then["valid"]:
            if then["wstrb"]:
                memory.write(then["addr"], then["wdata"], then["wstrb"])
            elif not memory.agrees(then["addr"], then["rdata"]):
                yield f"forgot in cycle {number + 1}"


def wishbone_target(trace: Trace) -> Iterator[str]:
    """The same for ack and err."""
    renamed = {"cyc": "valid", "adr": "addr", "dat_w": "wdata", "dat_r": "rdata"}
    rows = [{renamed.get(name, name): value for name, value in row.items()} for row in trace]
    for row in rows:
        row["wstrb"] = row["sel"] if row["we"] else 0
        row["ready"] = row["ack"]
        row["valid"] &= row["stb"]
    answered = [{**row, "ready": row["ack"] | row["err"], "wstrb": 1, "wdata": 0, "addr": 99} for row in rows]
    yield from remembering(answered)
    yield from (text for text in remembering(rows) if "forgot" in text)
    yield from (f"ack and err in cycle {n}" for n, row in enumerate(rows) if row["ack"] and row["err"])


def apb_target(trace: Trace) -> Iterator[str]:
    """Ready in access cycles only ends transfers that keep to APB; reads give what was written."""
    memory = Memory()
    yield from laws.apb(trace)
    for number, row in enumerate(trace):
        if row["ready"] and not row["sel"]:
            yield f"unasked in cycle {number}"
        if row["ready"] and row["enable"]:
            if row["write"]:
                memory.write(row["addr"] // 4, row["wdata"], row["strb"])
            elif not memory.agrees(row["addr"] // 4, row["rdata"]):
                yield f"forgot in cycle {number}"


def axi_lite_target(trace: Trace) -> Iterator[str]:
    """Responses stay until taken and come once for each access; reads give what was written."""
    yield from laws.handshake(trace, "b", ("bresp",))
    yield from laws.handshake(trace, "r", ("rresp", "rdata"))
    memory = Memory()
    taken: dict[str, tuple[int, ...]] = {}
    before: Row = dict.fromkeys(trace[0], 0)
    for number, row in enumerate(trace):
        begins = {c: row[f"{c}valid"] and not (before[f"{c}valid"] and not before[f"{c}ready"]) for c in "br"}
        if begins["r"]:
            if "ar" not in taken:
                yield f"read response unasked in cycle {number}"
            elif not memory.agrees(taken.pop("ar")[0], row["rdata"]):
                yield f"forgot in cycle {number}"
        if begins["b"]:
            if not {"aw", "w"} <= taken.keys():
                yield f"write response unasked in cycle {number}"
            else:
                memory.write(taken.pop("aw")[0], *taken.pop("w"))
        payload = {"aw": (row["awaddr"] // 4,), "w": (row["wdata"], row["wstrb"]), "ar": (row["araddr"] // 4,)}
        taken |= {c: payload[c] for c in payload if row[f"{c}valid"] and row[f"{c}ready"]}
        before = row
