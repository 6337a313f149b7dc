"""Choose the GENERIC rule of the library: what a design offers is known."""

from __future__ import annotations

from verif.bench.library.choice import snippet
from verif.bench.library.handshakes import reset_list
from verif.bench.library.streams import channels, streams
from verif.bench.library.subject import Subject
from verif.bench.oracles import Rule
from verif.verdict import Oracle


def payload_rule(subject: Subject) -> list[Rule]:
    """Return the rule on unknown payload for AXI-Streams and bus channels that the design drives.

    Read data isn't watched, since a memory's words may be unknown until they are written, nor the bytes of streams
    with byte enables. That no output at all is X is the bench's own rule, as far as the design shows it.
    """
    if not subject.design.resets:
        return []
    payload = _offered(subject)
    if not payload:
        return []
    rule = Rule(
        id="payload-known",
        title="What is offered is neither X nor Z.",
        snippet=snippet("rules.payload_known", "PayloadKnownRule", {"payload": payload, "resets": reset_list(subject)}),
        oracle=Oracle.GENERIC,
        ports=tuple(dict.fromkeys([*payload, *payload.values()])),
    )
    return [rule]


def _offered(subject: Subject) -> dict[str, str]:
    """Return payload outputs with their valid."""
    found = {}
    for stream in [*streams(subject), *channels(subject)]:
        if stream.drives and stream.strict and not {"keep", "strb"} & set(stream.payload):
            reads = stream.valid.lower().endswith("rvalid")
            ports = [port for name, port in stream.payload.items() if not (reads and name == "data")]
            found.update(dict.fromkeys(ports, stream.valid))
    return found
