"""Yosys witness traces: the values of a model's free signals, step by step."""

from __future__ import annotations

import json
from pathlib import Path

Step = dict[str, int]
"""Signal to value; what lies below the top is written ``instance.signal``."""


def read_witness(file: Path) -> tuple[Step, ...]:
    """Return the steps of a ``.yw`` file; bits that don't matter are 0."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return tuple(_step(data["signals"], step["bits"][::-1]) for step in data["steps"])


def _step(signals: list[dict[str, object]], bits: str) -> Step:
    """Take the signals' bits in order, the lowest first; signals of the first step only come last."""
    values: Step = {}
    place = 0
    for signal in signals:
        path, width, offset = signal["path"], signal["width"], signal["offset"]
        assert isinstance(path, list)
        assert isinstance(width, int)
        assert isinstance(offset, int)
        name = ".".join(str(part).removeprefix("\\") for part in path)
        own = bits[place : place + width]
        values[name] = values.get(name, 0) | sum(1 << (offset + n) for n, bit in enumerate(own) if bit == "1")
        place += width
    return values
