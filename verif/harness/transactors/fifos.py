"""Transactors of a FIFO's two sides."""

from __future__ import annotations

from typing import Any

from verif.harness.model import FieldKind
from verif.harness.transactors.parts import Parts
from verif.harness.transactors.use import TransactorUse

_PACE = {"rate": "rate", "runs": "runs"}


def fifo_push(parts: Parts) -> TransactorUse:
    """Return the write side; the data lines are stimulus, whether a word is written or not."""
    parts.parameter("DEPTH", parts.number("depth", 0), bits=16)
    parts.stim("offer", "writes if the FIFO has room", knobs=_PACE, shows="en")
    over: dict[str, Any] = {"knobs": {"rate": "overrun"}, "shows": "en"}
    parts.stim_if(parts.has("full"), "over", "writes even if it is full", absent="1'b1", **over)
    parts.watch("full", "pop", "empty")
    parts.drive("en")
    if parts.has("data"):
        styled: dict[str, Any] = {"kind": FieldKind.DATA, "knobs": {"style": "data"}}
        parts.straight("data", parts.field("data", "the word", width=parts.width("data"), **styled))
    return parts.done("drive_fifo_push")


def fifo_pop(parts: Parts) -> TransactorUse:
    """Return the read side."""
    parts.stim("take", "reads if the FIFO has a word", knobs=_PACE, shows="en")
    under: dict[str, Any] = {"knobs": {"rate": "underrun"}, "shows": "en"}
    parts.stim_if(parts.has("empty"), "under", "reads even if it is empty", absent="1'b1", **under)
    parts.watch("empty", "push", "full")
    parts.drive("en")
    return parts.done("drive_fifo_pop")
