"""What a user's environment says about lanes: narrower words, other limits."""

from __future__ import annotations

import os

from verif.errors import InputError

BITS = "POSEDGE_LANE_BITS"
"""Lanes in a word, where they shall be fewer than the processor can."""
SECONDS = "POSEDGE_LANE_SECONDS"
"""What each run of Yosys and of the compiler may take."""
FUNCTIONS = "POSEDGE_LANE_FUNCTIONS"
"""How large a netlist may be."""


def setting(name: str, usual: int, among: tuple[int, ...] = ()) -> int:
    """Return a variable's number, ``usual`` where it isn't set; InputError PE831 for what it can't be."""
    text = os.environ.get(name, "")
    if not text:
        return usual
    if text.isdecimal() and int(text) > 0 and (not among or int(text) in among):
        return int(text)
    allowed = ", ".join(map(str, among)) or "a whole number above 0"
    raise InputError("PE831", f"{name} can't be '{text}'", allowed=f"it is {'one of ' if among else ''}{allowed}")
