"""Recognise a detector of a fixed bit sequence."""

from __future__ import annotations

import re

from verif.bench.library.choice import Choice, checked, reference
from verif.bench.library.subject import Subject

_INPUTS = {"din": ("din", "data_in", "in", "x", "bit_in", "d"), "din_valid": ("din_valid", "valid", "en", "valid_in")}
_OUTPUTS = {
    "detected": ("detected", "match", "sequence_detected", "found", "y", "z"),
    "match_count": ("match_count", "count"),
}
_NAMED = r"(?:sequence|input is|pattern)\W* (?:is |of )?\b([01]{3,})\b"
_NEXT = r"detected\W* = 1 in cycle \W*t\W* \+ 1|cycles? that follows? an edge"
_SAME = r"at the same time as the last|in the same cycle as the last|mealy"
_SATURATES = r"saturat|stays at 2\^"
_ASPECTS = (
    r"\bare 0\b.*forgotten|reset",
    r"exactly in|in exactly|sequence [01]{3,}",
    r"overlap",
    r"neither add|= 0 .*(?:ignored|no part)",
    r"goes up by 1",
    r"stays at",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a detector whose sequence, overlap and output timing are told."""
    ports = subject.ports(_INPUTS, _OUTPUTS)
    if not {"din", "detected"} <= set(ports) or subject.clock is None or subject.width(ports["din"]) != 1:
        return None
    sequence, where = _sequence(subject)
    if not sequence:
        return None
    overlap = _overlap(subject)
    following, same = subject.says(_NEXT), subject.says(_SAME)
    counted = "match_count" not in ports or subject.says(_SATURATES)
    if overlap is None or bool(following) == bool(same) or not counted or not subject.accounts_for(ports.values()):
        return Choice(notes=(f"a detector of {sequence} whose overlap or output timing isn't told: not modelled",))
    arguments: dict[str, object] = {
        "ports": ports,
        "reset": subject.reset_tuple,
        "sequence": sequence,
        "overlap": overlap,
        "same_cycle": bool(same),
    }
    if "match_count" in ports:
        arguments["top"] = (1 << subject.width(ports["match_count"])) - 1
    outputs = [ports[name] for name in _OUTPUTS if name in ports]
    model = reference(
        "sequence_detector",
        "SequenceDetectorModel",
        arguments,
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=[f"{where}: sequence {sequence}, {'with' if overlap else 'without'} overlap"],
    )
    return Choice(model=model)


def _sequence(subject: Subject) -> tuple[str, str]:
    listed = subject.property(r"^sequence$")
    if listed and re.fullmatch(r"[01]+", listed.text):
        return listed.text, listed.where
    hit = subject.says(_NAMED)
    return (hit[1], hit.where) if hit else ("", "")


def _overlap(subject: Subject) -> bool | None:
    listed = subject.property(r"^overlap")
    text = listed.text if listed else ""
    if re.match(r"(?:yes|allowed|true)\b", text) or subject.says(r"may overlap|overlapping is allowed|loop detection"):
        return True
    if re.match(r"(?:no|not allowed|false)\b", text) or subject.says(r"non-?overlapping"):
        return False
    return None
