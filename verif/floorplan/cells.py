"""Areas of cells: from a Liberty file, or in gate equivalents; and a model of what a memory takes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from verif.errors import InputError

GATE_AREA = 0.8
"""Square microns of a gate equivalent where no library is given: NAND2_X1 of the NanGate 45 nm open cell library."""

_TRANSISTORS = MappingProxyType(
    {
        "$_BUF_": 4, "$_NOT_": 2, "$_AND_": 6, "$_NAND_": 4, "$_OR_": 6, "$_NOR_": 4, "$_XOR_": 12, "$_XNOR_": 12,
        "$_ANDNOT_": 6, "$_ORNOT_": 6, "$_MUX_": 12, "$_NMUX_": 10, "$_AOI3_": 6, "$_OAI3_": 6, "$_AOI4_": 8,
        "$_OAI4_": 8, "$_TBUF_": 6,
    }
)  # fmt: skip
"""Static CMOS, as `stat -tech cmos` of Yosys counts them; a NAND of two inputs has four and is one gate equivalent."""
_FLIP_FLOP, _LATCH, _ENABLE, _RESET = 20, 12, 12, 4
"""Transistors of a flip-flop and of a latch, and what an enable (a multiplexer) and a set or reset add."""

BIT_GATES = 0.45
"""Gate equivalents of a static memory's bit: 0.35 square microns (six transistors, 45 nm) over GATE_AREA."""
ROW_GATES, COLUMN_GATES, CONTROL_GATES = 4.0, 12.0, 150.0
"""Gate equivalents of a word line's driver, of a column's precharge, sense amplifier and driver, and of the control."""
PORT_SHARE = 0.6
"""What a port beyond the first adds, as a part of the whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CellLibrary:
    """What cells take, and which of their pins are clocks."""

    areas: Mapping[str, float] = field(default_factory=dict)
    """Cell to area in square microns; empty: gate equivalents."""
    clocks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    gate: float = GATE_AREA
    """Area of a gate equivalent."""
    source: str = f"gate equivalents of {GATE_AREA} square microns"

    def area(self, cell: str) -> float:
        """Return the area of a mapped cell in square microns."""
        return self.areas.get(cell, gate_equivalents(cell) * self.gate)

    def is_clock(self, cell: str, pin: str) -> bool:
        """Whether ``pin`` of ``cell`` is a clock."""
        if cell in self.areas:
            return pin in self.clocks.get(cell, ())
        return (cell.startswith("$_DFF") or cell.startswith("$_SDFF") or cell.startswith("$_ALDFF")) and pin == "C"


def gate_equivalents(cell: str) -> float:
    """Return the size of a gate of Yosys' internal library, in NAND gates of two inputs; 0 for what is no gate."""
    if cell in _TRANSISTORS:
        return _TRANSISTORS[cell] / 4
    match = re.match(r"\$_(S?DFFC?E?|ALDFFE?|DFFSRE?|DLATCH|DLATCHSR|SR|FF)_", cell)
    if match is None:
        return 0.0
    kind, polarities = match[1], cell.removesuffix("_").rsplit("_", 1)[1]
    count = _LATCH if "LATCH" in kind or kind == "SR" else _FLIP_FLOP
    enabled = kind.endswith("E")
    reset = kind not in ("DFF", "DFFE", "DLATCH", "FF") or len(polarities) > 1 + enabled
    return (count + _ENABLE * enabled + _RESET * reset) / 4


def read_liberty(file: Path) -> CellLibrary:
    """Read the cells' areas and clock pins; InputError PE741 where ``file`` is no Liberty library."""
    try:
        text = file.read_text(encoding="latin-1")
    except OSError as error:
        raise InputError("PE741", f"the library can't be read ({error.strerror})", where=str(file)) from error
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    areas: dict[str, float] = {}
    clocks: dict[str, frozenset[str]] = {}
    for chunk in re.split(r"\bcell\s*\(", text)[1:]:
        name = chunk.split(")")[0].strip().strip('"')
        if area := re.search(r"\barea\s*:\s*([-+.\deE]+)\s*;", chunk):
            areas[name] = float(area[1])
            pins = re.split(r"\bpin\s*\(", chunk)[1:]
            clocks[name] = frozenset(
                pin.split(")")[0].strip().strip('"') for pin in pins if re.search(r"\bclock\s*:\s*\"?true", pin)
            )
    if not areas:
        raise InputError(
            "PE741",
            "no cell with an area in this file",
            where=str(file),
            allowed="a Liberty library (.lib) of standard cells",
        )
    return CellLibrary(areas=areas, clocks=clocks, gate=_nand(areas), source=file.name)


def _nand(areas: Mapping[str, float]) -> float:
    """Area of the smallest NAND gate, else of the smallest cell that has an area."""
    nands = [area for name, area in areas.items() if "NAND2" in name.upper() and area > 0]
    return min(nands or [area for area in areas.values() if area > 0] or [1.0])


def memory_size(words: int, width: int, ports: int, gate: float) -> tuple[float, float]:
    """Return width and height in microns of a static memory macro, an estimate to be replaced by the real macro's.

    Bits, plus a driver for each row and a column circuit for each column, plus the control; words are folded so that
    the array comes near a square. A port beyond the first adds PORT_SHARE.
    """
    fold = max(0, round(math.log2(max(words, 1) / max(width, 1)) / 2))
    rows, columns = math.ceil(words / 2**fold), width * 2**fold
    gates = words * width * BIT_GATES + rows * ROW_GATES + columns * COLUMN_GATES + CONTROL_GATES
    area = gates * gate * (1 + PORT_SHARE * max(0, ports - 1))
    aspect = min(3.0, max(1 / 3, rows / columns))
    return math.sqrt(area / aspect), math.sqrt(area * aspect)
