"""Recognise a FIFO between two clocks whose synchronisers the specification pins."""

from __future__ import annotations

from typing import TypeVar

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.subject import Subject
from verif.design.model import Clock, Reset

_Named = TypeVar("_Named", Clock, Reset)

_INPUTS = {
    "wr_en": ("wr_en", "winc", "w_en", "write", "push"),
    "rd_en": ("rd_en", "rinc", "r_en", "read", "pop"),
    "wr_data": ("wr_data", "wdata", "w_data", "din", "data_in"),
}
_OUTPUTS = {
    "rd_data": ("rd_data", "rdata", "r_data", "dout", "data_out"),
    "full": ("full", "wfull"),
    "empty": ("empty", "rempty"),
}
_CHAIN = r"chain of two registers of its own clock"
_JUST_BEFORE = r"takes \W*W\W* as it is just before the edge \| takes the first register's old value"
_EMPTY = r"empty\W* = 1 if \W*R\W* = \W*W'"
_FULL = r"full\W* = 1 if \W*W\W* - \W*R'\W* = \W*DEPTH"
_IDLE = r"while \W*empty\W* = 1, \W*rd_data\W* is 0"
_AHEAD = r"while \W*empty\W* = 0, \W*rd_data\W* is the oldest word"
_ASPECTS = (
    r"while .*rst",
    r"in order|order in which",
    r"\bempty\W* is 0 exactly",
    r"\bfull\W* is 1 exactly",
    r"while \W*(?:full|empty)\W* = 1 changes nothing",
    r"is the oldest word",
    r"places can be used",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a FIFO with a write clock, a read clock and a reset for each."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    if set(ports) != {*_INPUTS, *_OUTPUTS} or len(subject.design.clocks) != 2:
        return None
    write, read = _side(subject.design.clocks, "w"), _side(subject.design.clocks, "r")
    wr_reset, rd_reset = _side(subject.design.resets, "w"), _side(subject.design.resets, "r")
    hits = [subject.says(pattern) for pattern in (_CHAIN, _JUST_BEFORE, _EMPTY, _FULL, _AHEAD)]
    depth = subject.parameter("DEPTH")
    if not (write and read and wr_reset and rd_reset and depth and all(hits)):
        return Choice(notes=("a FIFO between two clocks whose synchronisers aren't pinned: not modelled exactly",))
    if not subject.accounts_for(ports.values()):
        return Choice(notes=("a FIFO between two clocks with ports that the model doesn't know: not modelled",))
    idle = subject.says(_IDLE)
    outputs = [ports[name] for name in _OUTPUTS]
    model = reference(
        "async_fifo",
        "AsyncFifoModel",
        {
            "ports": {"wr_clk": write.name, "rd_clk": read.name, **ports},
            "wr_reset": subject.reset_of(wr_reset),
            "rd_reset": subject.reset_of(rd_reset),
            "depth": depth,
            "idle_data": 0 if idle else None,
        },
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[f"parameter DEPTH = {depth}", *told(*hits, idle)],
    )
    return Choice(model=model)


def _side(entries: tuple[_Named, ...], letter: str) -> _Named | None:
    """Return the only entry whose name begins with ``letter``."""
    found = [entry for entry in entries if entry.name.lower().startswith(letter)]
    return found[0] if len(found) == 1 else None
