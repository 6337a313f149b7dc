"""Recognise a registered stream buffer whose two handshakes the specification times exactly."""

from __future__ import annotations

from verif.bench.library.choice import Choice, checked, reference, told
from verif.bench.library.streams import Stream, streams
from verif.bench.library.subject import Subject

_CAPACITY = r"holds? (?:up to )?(two|2) beats|two-(?:beat|entry|deep)"
_REGISTERED = r"(?:all|every) outputs? (?:come from registers|(?:is |are )?registered)"
_LATENCY = r"enters an empty buffer.*(?:offered in (?:the next cycle|cycle \*?t\*? ?\+ ?1)|latency 1)"
_LATE_READY = r"ready\W* (?:is|stays) 0 (?:exactly while .* )?(?:and )?(?:in the first cycle|for one more cycle)"
_ASPECTS = (
    r"holds nothing|after an edge with .*reset|in reset",
    r"exactly once|in order|unchanged",
    r"t?last\b",
    r"valid\W* (?:is|stays) 1",
    r"ready\W* (?:is|stays) [01]",
    r"takes a beat in every cycle|full throughput",
)


def propose(subject: Subject) -> Choice | None:
    """Return the model of a two-beat register slice between one sink and one source stream."""
    if subject.clock is None:
        return None
    sinks = [stream for stream in streams(subject) if not stream.drives]
    sources = [stream for stream in streams(subject) if stream.drives]
    if len(sinks) != 1 or len(sources) != 1:
        return None
    if subject.design.kind != "skid_buffer" and not subject.says(r"skid buffer|register slice"):
        return None
    return _between(subject, sinks[0], sources[0])


def _between(subject: Subject, sink: Stream, source: Stream) -> Choice | None:
    capacity, registered, latency = subject.says(_CAPACITY), subject.says(_REGISTERED), subject.says(_LATENCY)
    if not (capacity and registered and latency):
        return Choice(notes=("a stream buffer whose specification doesn't pin capacity and latency: not modelled",))
    if set(sink.payload) != set(source.payload) or not subject.accounts_for([*sink.ports, *source.ports]):
        return Choice(notes=("a stream buffer whose two sides differ in their ports: not modelled",))
    evidence = told(capacity, registered, latency)
    late = subject.says(_LATE_READY)
    if late:
        evidence.append(f"{late.where}: not ready in the first cycle after reset")
    outputs = [sink.ready, source.valid, *source.payload.values()]
    model = reference(
        "skid_buffer",
        "SkidBufferModel",
        {
            "ports": {
                "in_valid": sink.valid,
                "in_ready": sink.ready,
                "out_valid": source.valid,
                "out_ready": source.ready,
            },
            "payload": [(port, source.payload[name]) for name, port in sink.payload.items()],
            "reset": subject.reset_tuple,
            "ready_after_reset": not late,
        },
        outputs=outputs,
        requirements=checked(subject, outputs, *_ASPECTS),
        evidence=evidence,
    )
    return Choice(model=model)
