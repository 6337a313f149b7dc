"""Memories and instruction words for designs that are masters: the bench answers their requests."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

from verif.stimulus.drivers.base import RUNS, Driver, Pace, Sample, Settings, corner
from verif.stimulus.drivers.stream import StreamSource

CONTENTS = ("random", "program", "corners")


class Words:
    """Words that remember what was written and are made up where nothing was: the same address, the same word."""

    def __init__(self, *, width: int, step: int) -> None:
        """``width`` bits a word, ``step`` addresses a word."""
        self.width = width
        self.step = step
        self.words: dict[int, int] = {}

    def read(self, rng: random.Random, address: int, contents: str) -> int:
        """Return the word at ``address``; ``contents`` says how an unwritten one looks."""
        place = address // self.step
        if place not in self.words:
            self.words[place] = self._made_up(rng, contents)
        return self.words[place]

    def write(self, address: int, value: int, enables: int) -> None:
        """Write the bytes whose enable is 1."""
        mask = sum(0xFF << 8 * lane for lane in range((self.width + 7) // 8) if enables >> lane & 1)
        place = address // self.step
        self.words[place] = (self.words.get(place, 0) & ~mask | value & mask) & ((1 << self.width) - 1)

    def _made_up(self, rng: random.Random, contents: str) -> int:
        if contents == "corners":
            return corner(rng, self.width)
        if contents == "program" and self.width == 32:
            return riscv_word(rng)
        return rng.getrandbits(self.width)


def riscv_word(rng: random.Random, *, multiply: bool = False) -> int:
    """Return a legal RV32I instruction word; jumps and accesses are aligned (RISC-V unprivileged ISA, chapter 2).

    With ``multiply`` most are operations of the M extension.
    """
    rd, rs1, rs2 = rng.randrange(32), rng.randrange(32), rng.randrange(32)
    funct3 = rng.randrange(8)
    form = rng.choice(("register", "register", "immediate", "immediate", "load", "store", "branch", "upper", "jump"))
    if multiply and rng.random() < 0.7:
        return 1 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x33
    if form == "register":
        funct7 = rng.choice((0, 32 if funct3 in (0, 5) else 0))
        return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x33
    if form == "immediate":
        value = rng.getrandbits(12) if funct3 not in (1, 5) else rs2 | (rng.choice((0, 0x400)) if funct3 == 5 else 0)
        return value << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x13
    if form == "load":
        return rng.randrange(64) * 4 << 20 | rng.choice((0, 1, 2, 4, 5)) << 12 | rd << 7 | 0x03
    if form == "store":
        return rng.randrange(8) << 25 | rs2 << 20 | rng.randrange(3) << 12 | rng.randrange(8) * 4 << 7 | 0x23
    if form == "branch":
        return rs2 << 20 | rs1 << 15 | rng.choice((0, 1, 4, 5, 6, 7)) << 12 | rng.randrange(2, 8) * 2 << 8 | 0x63
    if form == "upper":
        return rng.getrandbits(20) << 12 | rd << 7 | rng.choice((0x37, 0x17))
    far = rng.getrandbits(1) << 31 | rng.getrandbits(9) << 12 if rng.random() < 0.3 else 0
    return far | rng.randrange(2, 32) * 2 << 21 | rd << 7 | 0x6F


class Instructions(Driver):
    """Drive an instruction input with legal RISC-V words, seldom with any other."""

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"change": 7, "illegal": 1}

    def __init__(self, *, ports: Mapping[str, str], knobs: Mapping[str, str]) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.word_now = 0x13

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.word_now = 0x13

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        if self.chance(settings, "change"):
            illegal = self.chance(settings, "illegal")
            self.word_now = self.rng.getrandbits(32) if illegal else riscv_word(self.rng, multiply=True)
        return self.put(dict.fromkeys(self.ports, self.word_now))


class InstructionSource(StreamSource):
    """Offer RISC-V instructions with their operands to a coprocessor, which answers with ``ready`` if it knows them.

    ``valid`` and the payload hold still until then, or for ``patience`` cycles (picorv32's coprocessor interface).
    """

    def __init__(
        self,
        *,
        ports: Mapping[str, str],
        knobs: Mapping[str, str],
        instruction: str,
        patience: int = 60,
        **widths: int,
    ) -> None:
        """``instruction`` is the signal that carries the word."""
        self.instruction = instruction
        self.patience = patience
        super().__init__(ports=ports, knobs=knobs, **widths)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.waited = 0

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        self.waited = self.waited + 1 if self.offering else 0
        if self.waited > self.patience:
            self.offering = False
            self.waited = 0
        return super().drive(settings, outputs)

    def payload(self, signal: str, width: int, style: str) -> int:
        if signal != self.instruction:
            return super().payload(signal, width, style)
        return riscv_word(self.rng, multiply=True)


class MemoryResponder(Driver):
    """Answer a master's ``valid``, ``addr``, ``wdata``, ``wstrb`` or ``we`` with ``ready`` and ``rdata``.

    The answer comes at the earliest in the cycle after the request was seen and lasts one cycle (picorv32's memory
    interface). While there is none, ``rdata`` carries noise.
    """

    KNOBS: ClassVar[dict[str, int | tuple[str, ...]]] = {"rate": 6, "runs": RUNS, "contents": CONTENTS}
    DRIVES: ClassVar[tuple[str, ...]] = ("ready", "rdata")

    def __init__(
        self, *, ports: Mapping[str, str], knobs: Mapping[str, str], data_width: int = 32, step: int = 4
    ) -> None:
        super().__init__(ports=ports, knobs=knobs)
        self.data_width = data_width
        self.step = step
        self.reset(self.rng)

    def reset(self, rng: random.Random) -> None:
        super().reset(rng)
        self.pace = Pace()
        self.memory = Words(width=self.data_width, step=self.step)
        self.answering = False

    def drive(self, settings: Settings, outputs: Sample) -> dict[str, int]:
        go_on = self.pace.tick(self.rng, self.rate(settings, "rate"), self.word(settings, "runs"))
        self.answering = not self.answering and go_on and self.high(outputs, "valid")
        value = self.rng.getrandbits(self.data_width)
        if self.answering:
            value = self._access(settings, outputs)
        return self.put({"ready": int(self.answering), "rdata": value})

    def _access(self, settings: Settings, outputs: Sample) -> int:
        address = outputs.get(self.ports.get("addr", "")) or 0
        enables = outputs.get(self.ports.get("wstrb", "")) or 0
        if "wstrb" not in self.ports:
            enables = -1 if self.high(outputs, "we") else 0
        if enables and ("we" not in self.ports or self.high(outputs, "we")):
            self.memory.write(address, outputs.get(self.ports.get("wdata", "")) or 0, enables)
        return self.memory.read(self.rng, address, self.word(settings, "contents"))
