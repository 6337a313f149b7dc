"""Transactors of requests, operations, pulses and instructions."""

from __future__ import annotations

from typing import Any

from verif.harness.model import FieldKind
from verif.harness.transactors.parts import Parts, joined
from verif.harness.transactors.use import TransactorUse

_PACE = {"rate": "rate", "runs": "runs"}


def requester(parts: Parts) -> TransactorUse:
    """Return the request lines in front of an arbiter."""
    width = parts.width("req")
    parts.parameter("WIDTH", width)
    parts.switch_if(True, "free", "0 holds each line until its grant, 1 lets lines fall", style="hold")
    parts.stim("wish", "lines that request", width=width, knobs=_PACE, shows="req")
    parts.stim("again", "lines that stay after their grant", width=width, knobs={"rate": "again"})
    parts.watch_word("WIDTH", "gnt")
    parts.drive("req")
    return parts.done("drive_requests")


def operation(parts: Parts) -> TransactorUse:
    """Return what starts operations and holds their operands."""
    operands = [signal for signal in parts.driven_signals if signal != "start"]
    parts.parameter("WIDTH", max(1, sum(parts.width(signal) for signal in operands)))
    parts.parameter("CYCLES", parts.number("cycles", 16), bits=16)
    parts.parameter("HAS_DONE", int(parts.has("done")))
    parts.parameter("HAS_BUSY", int(parts.has("busy")))
    parts.stim("start", "starts an operation if none runs", knobs=_PACE)
    hold = parts.switch("hold", "1 keeps start at 1 while one runs", style="hold")
    early = parts.field("early", "starts while one runs", knobs={"rate": "early"})
    parts.pin("stim_insist", f"{hold} | {early}")
    parts.switch_if(bool(operands), "moving", "0 holds the operands, 1 lets them change", style="operands")
    parts.stim_joined("operands", operands)
    parts.watch("done", "busy")
    parts.drive("start")
    return parts.done("drive_operation")


def instructions(parts: Parts) -> TransactorUse:
    """Return what makes legal instruction words, on all the driver's ports the same."""
    first, *others = parts.driven_signals
    word: dict[str, Any] = {"width": 32, "kind": FieldKind.DATA, "knobs": {"rate": "change"}, "shows": first}
    parts.stim("word", "any bits; a legal instruction is made of them", **word)
    parts.stim("illegal", "lets the bits pass as they are", knobs={"rate": "illegal"})
    parts.pin("word", parts.driven(first))
    for other in others:
        parts.straight(other, parts.driven(first))
    return parts.done("drive_instruction", clocked=False)


def pulses(parts: Parts) -> TransactorUse:
    """Return what makes pulses of one cycle on all the driver's ports."""
    signals = parts.driven_signals
    parts.parameter("WIDTH", len(signals))
    fields = [parts.field(s, f"a pulse on {parts.driver.ports[s]}", knobs={"rate": "rate"}) for s in signals]
    parts.pin("stim_pulses", joined(fields))
    parts.pin("pulses", joined([parts.driven(signal) for signal in signals]))
    return parts.done("drive_pulses")
