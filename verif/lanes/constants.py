"""Numbers that a design's source names: what it compares its inputs with is often among them.

Fuzzers of programs take the same as their dictionary. Corners and small numbers come up anyway and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from verif.design.model import SourceSet

MOST = 32
"""Numbers for one field; of more, so many are taken evenly."""
FEWEST_BITS = 4
"""A number of fewer bits comes up by chance."""
_SKIPPED = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
_LITERAL = re.compile(r"(?<![\w'])(\d[\d_]*)?\s*'[sS]?([bBoOdDhH])\s*([0-9a-fA-F][0-9a-fA-F_]*)(?!\w)")
_BASES = {"b": 2, "o": 8, "d": 10, "h": 16}


def constants_for(sources: SourceSet, width: int) -> tuple[int, ...]:
    """Return the numbers that a field of ``width`` bits may be compared with, in ascending order."""
    found = sorted({value for file in sources.files for value in _of_file(file) if value < 1 << width})
    return tuple(_evenly(found)) if width >= FEWEST_BITS else ()


def _evenly(values: Sequence[int]) -> Sequence[int]:
    return values if len(values) <= MOST else [values[n * (len(values) - 1) // (MOST - 1)] for n in range(MOST)]


def _of_file(file: Path) -> tuple[int, ...]:
    return constants_in(file.read_text(encoding="utf-8", errors="replace")) if file.is_file() else ()


@cache
def constants_in(text: str) -> tuple[int, ...]:
    """Return the numbers of Verilog's based literals in a text; those with X or Z and those that are easy are not."""
    return tuple(dict.fromkeys(_values(_SKIPPED.sub(" ", text))))


def _values(text: str) -> list[int]:
    values = []
    for size, base, digits in _LITERAL.findall(text):
        try:
            value = int(digits.replace("_", ""), _BASES[base.lower()])
        except ValueError:  # 8'h1x ends before its x, 4'b12 is no number
            continue
        full = int(size.replace("_", "")) if size else value.bit_length()
        if value.bit_length() >= FEWEST_BITS - 1 and value.bit_count() > 1 and value != (1 << full) - 1:
            values.append(value)
    return values
