"""Choose the PROTOCOL rules of the interfaces that a design speaks."""

from __future__ import annotations

from verif.bench.library.choice import checked, snippet
from verif.bench.library.streams import Stream, streams
from verif.bench.library.subject import Subject
from verif.bench.oracles import Rule
from verif.verdict import Oracle


def stream_rules(subject: Subject) -> list[Rule]:
    """Return the stability rule of every stream that the design drives."""
    if subject.clock is None:
        return []
    return [_valid_stable(subject, stream, subject.clock.name) for stream in streams(subject) if stream.drives]


def _valid_stable(subject: Subject, stream: Stream, clock: str) -> Rule:
    payload = list(stream.payload.values())
    arguments = {
        "valid": stream.valid,
        "ready": stream.ready,
        "payload": payload,
        "clock": clock,
        "reset": subject.reset_tuple,
    }
    outputs = [stream.valid, *payload]
    stays = rf"{stream.valid}\W.*\b(?:stays?|remains?|held|keeps?|stable)\b.*(?:until|while|taken)"
    return Rule(
        id=f"{stream.valid.replace('_', '-').lower()}-stable",
        title=f"Once {stream.valid} is 1, it and its payload stand until {stream.ready} is 1.",
        snippet=snippet("rules.valid_stable", "ValidStableRule", arguments),
        oracle=Oracle.PROTOCOL,
        ports=(stream.valid, stream.ready, *payload),
        requirements=checked(subject, outputs, stays),
    )
