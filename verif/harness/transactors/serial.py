"""Transactors of serial lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verif.harness.model import FieldKind
from verif.harness.transactors.parts import Parts
from verif.harness.transactors.use import TransactorUse

_RISING_SHIFTS = (1, 2)
"""SPI modes in which the next bit is put out where the clock rises."""
_DATA: Mapping[str, Any] = {"kind": FieldKind.DATA, "knobs": {"style": "data"}}


def uart_line(parts: Parts) -> TransactorUse:
    """Return what sends UART frames."""
    bits = parts.number("data_bits", 8)
    parts.parameter("BIT_CYCLES", parts.number("bit_cycles", 8))
    parts.parameter("DATA_BITS", bits)
    parts.parameter("PARITY", parts.number("parity", 0))
    parts.parameter("STOP_BITS", parts.number("stop_bits", 1))
    parts.stim("send", "begins a frame where the line rests", knobs={"rate": "rate"})
    parts.stim("data", "its data", width=bits, **_DATA)
    parts.stim("spoil", "breaks the frame", knobs={"rate": "errors"})
    kinds: dict[str, Any] = {"width": 2, "kind": FieldKind.CHOICE, "choices": (1, 2, 3)}
    parts.stim("wrong", "what is broken: 1 parity, 2 stop bit, 3 the line stays 0", **kinds)
    parts.stim("longer", "bits that the line stays 0 after the frame's end", width=4, kind=FieldKind.DATA)
    parts.stim("glitch", "pulls the resting line low", knobs={"rate": "glitches"})
    parts.switch_if(True, "noisy", "1 leaves the outer quarters of each bit to noise", style="edges")
    parts.stim("noise", "noise")
    first, *others = parts.driven_signals
    parts.pin("line", parts.driven(first))
    for other in others:
        parts.straight(other, parts.driven(first))
    return parts.done("drive_uart")


def spi_subordinate(parts: Parts) -> TransactorUse:
    """Return the subordinate's side of SPI."""
    bits = parts.number("data_bits", 8)
    parts.parameter("DATA_BITS", bits)
    parts.parameter("SHIFT_LEVEL", int(parts.number("mode", 0) in _RISING_SHIFTS))
    parts.stim("data", "the next word", width=bits, **_DATA)
    parts.switch_if(True, "noisy", "1 puts noise on the line", style="line")
    parts.stim("noise", "noise")
    parts.watch("cs_n", "sclk")
    parts.drive("miso")
    return parts.done("drive_spi")
