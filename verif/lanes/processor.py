"""Which words this machine's processor has."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from verif.lanes.settings import BITS, setting

_AVX512 = frozenset({"avx512f", "avx512bw", "avx512dq", "avx512vl"})


@dataclass(frozen=True, slots=True)
class Processor:
    """How wide words of lanes are, and how the compiler is told."""

    word_bits: int
    """Lanes in a word: 512, 256, 128 or 64."""
    flags: tuple[str, ...]
    ternary: bool
    """Whether any function of three words is one instruction."""
    assembled: bool = False
    """Whether what a netlist does is spelled in assembly."""


WIDTHS = {
    512: Processor(512, tuple(f"-m{feature}" for feature in sorted(_AVX512)), True, True),
    256: Processor(256, ("-mavx2",), False),
    128: Processor(128, (), False),
    64: Processor(64, (), False),
}
"""All that lanes can be compiled for; 128 bits are what x86-64 and aarch64 always have, 64 any machine."""


def this_processor() -> Processor:
    """Return the widest words of this machine, or those that ``POSEDGE_LANE_BITS`` says; InputError PE831."""
    widest = _widest()
    bits = setting(BITS, widest, among=tuple(sorted(width for width in WIDTHS if width <= widest)))
    return WIDTHS[bits]


@cache
def _widest() -> int:
    if platform.machine() == "aarch64":
        return 128
    if platform.machine() != "x86_64":
        return 64
    features = _features()
    if features >= _AVX512:
        return 512
    return 256 if "avx2" in features else 128


def _features() -> frozenset[str]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return frozenset()
    line = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return frozenset(line.partition(":")[2].split())
