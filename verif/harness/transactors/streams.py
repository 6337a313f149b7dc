"""Transactors of valid/ready channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verif.harness.model import FieldKind
from verif.harness.transactors.parts import Parts
from verif.harness.transactors.use import TransactorUse

_ENABLES = ("keep", "strb")
_TAGS = ("id", "dest")
_PACE = {"rate": "rate", "runs": "runs"}


def stream_source(parts: Parts) -> TransactorUse:
    """Return the source of a channel, with packets where it has ``last``."""
    payload = _payload(parts)
    parts.stim("offer", "offers a beat; it stays until it is taken", knobs=_PACE, shows="valid")
    parts.watch("ready", absent="1'b1")
    parts.drive("valid")
    if parts.has("last"):
        return _packets(parts, payload)
    parts.parameter("WIDTH", _bits(parts, payload))
    parts.stim_joined("payload", payload)
    return parts.done("drive_stream")


def stream_sink(parts: Parts) -> TransactorUse:
    """Return the sink of a channel."""
    parts.stim("accept", "takes a beat", knobs=_PACE, shows="ready")
    parts.switch_if(parts.has("valid"), "wait", "0 takes at any time, 1 only after valid was seen", style="policy")
    parts.watch("valid")
    parts.drive("ready")
    return parts.done("drive_sink")


def instruction_source(parts: Parts) -> TransactorUse:
    """Return the source of a channel that carries RISC-V instructions and operands."""
    instruction = str(parts.driver.options.get("instruction", ""))
    operands = [signal for signal in _payload(parts) if signal != instruction]
    parts.parameter("WIDTH", _bits(parts, operands))
    parts.parameter("PATIENCE", parts.number("patience", 60), bits=16)
    parts.stim("offer", "offers an instruction; it stays until it is taken", knobs=_PACE, shows="valid")
    word: dict[str, Any] = {"width": 32, "kind": FieldKind.DATA, "shows": instruction}
    parts.stim("word", "any bits; a legal instruction is made of them", **word)
    parts.pin("word", parts.driven(instruction))
    parts.stim_joined("operands", operands)
    parts.watch("ready", absent="1'b1")
    parts.drive("valid")
    return parts.done("drive_instruction_stream")


def _payload(parts: Parts) -> list[str]:
    return [signal for signal in parts.driven_signals if signal not in ("valid", "last")]


def _bits(parts: Parts, signals: Sequence[str]) -> int:
    return max(1, sum(parts.width(signal) for signal in signals))


def _packets(parts: Parts, payload: Sequence[str]) -> TransactorUse:
    tags = [signal for signal in payload if signal in _TAGS]
    enables = [signal for signal in payload if signal in _ENABLES]
    plain = [signal for signal in payload if signal not in (*tags, *enables)]
    parts.parameter("WIDTH", _bits(parts, plain))
    parts.parameter("KEEP_WIDTH", parts.width(*enables))
    parts.parameter("TAG_WIDTH", _bits(parts, tags))
    parts.stim("last", "ends a packet with the beat that is offered", knobs={"style": "length"})
    parts.drive("last")
    parts.stim_joined("payload", plain)
    parts.stim_joined("tag", tags)
    _keep(parts, enables)
    return parts.done("drive_packets")


def _keep(parts: Parts, enables: Sequence[str]) -> None:
    """Connect the byte enables; ``keep`` and ``strb`` are the same."""
    ones = (1 << parts.width(*enables)) - 1
    kind: dict[str, Any] = {"kind": FieldKind.DATA, "width": parts.width(*enables), "default": ones}
    kind["shows"] = enables[0] if enables else ""
    parts.stim_if(bool(enables), "keep", "its highest 1 is the last byte of a packet", **kind)
    parts.pin("keep", parts.driven(enables[0]) if enables else parts.net("keep_unused", 1))
    for other in enables[1:]:
        parts.straight(other, parts.driven(enables[0]))
