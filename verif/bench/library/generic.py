"""Choose the GENERIC rule: no X on control outputs, and none on data that is said to count."""

from __future__ import annotations

import re

from verif.bench.library.choice import snippet
from verif.bench.library.handshakes import reset_list
from verif.bench.library.streams import channels, streams
from verif.bench.library.subject import Subject
from verif.bench.oracles import Rule
from verif.design.model import ProtocolMatch
from verif.verdict import Oracle

_CONTROL = {
    "axi_stream": ("tvalid", "tready"),
    "ready_valid": ("valid", "ready"),
    "axi4_lite": (
        "awready",
        "wready",
        "bvalid",
        "arready",
        "rvalid",
        "awvalid",
        "wvalid",
        "arvalid",
        "bready",
        "rready",
    ),
    "apb": ("pready", "psel", "penable"),
    "wishbone": ("ack", "cyc", "stb"),
    "fifo": ("full", "empty", "almost_full", "almost_empty", "count"),
    "request_grant": ("gnt",),
}
_FLAGS = re.compile(
    r"(?:^|_)(?:valid|vld|ready|rdy|ack|busy|done|idle|full|empty|irq|interrupt|error|err|overflow|underflow|cs_n|sclk"
    r"|tx|txd|locked|detected|match|start|stop|last|en|enable)(?:_|$)"
)


def known_rule(subject: Subject) -> list[Rule]:
    """Return the rule on unknown outputs for a design with clock and reset; none where it would watch nothing.

    Handshake outputs of recognised protocols must be known from reset on; other single-bit flags once they were. The
    payload of a stream counts while its valid is 1. Read data and other vectors may stay X until something is
    written, so they aren't watched.
    """
    if not subject.design.sequential or not subject.design.resets:
        return []
    from_reset = [port for match in subject.design.protocols for port in _control(subject, match)]
    flags = [port.name for port in subject.outputs.values() if port.width == 1 and _FLAGS.search(port.name.lower())]
    from_first = [port for port in flags if port not in from_reset]
    watched = [*from_reset, *from_first]
    if not watched:
        return []
    arguments = {
        "from_reset": from_reset,
        "from_first": from_first,
        "while_high": _qualified(subject),
        "resets": reset_list(subject),
    }
    rule = Rule(
        id="control-known",
        title="Control outputs are neither X nor Z after reset, nor is data while its valid is 1.",
        snippet=snippet("rules.control_known", "ControlKnownRule", arguments),
        oracle=Oracle.GENERIC,
        ports=tuple(dict.fromkeys([*watched, *_qualified(subject)])),
    )
    return [rule]


def _control(subject: Subject, match: ProtocolMatch) -> list[str]:
    names = _CONTROL.get(match.protocol, ()) if match.confidence >= 0.5 else ()
    return [match.signals[name] for name in names if match.signals.get(name) in subject.outputs]


def _qualified(subject: Subject) -> dict[str, str]:
    """Return the payload ports that the design drives, with their valid; none of streams with byte enables."""
    found = {}
    for stream in [*streams(subject), *channels(subject)]:
        if stream.drives and not {"keep", "strb"} & set(stream.payload):
            found.update(dict.fromkeys(stream.payload.values(), stream.valid))
    return found
