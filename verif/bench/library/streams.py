"""Ready/valid interfaces of a design, as its protocols were recognised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from verif.bench.library.subject import Subject
from verif.design.model import ProtocolMatch


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """A ready/valid interface or a channel of a bus."""

    name: str
    drives: bool
    """Whether the design is its source."""
    strict: bool
    """Whether its protocol demands that an offer stands until it is taken."""
    has_settings: bool
    """Whether inputs outside its protocol (a select, a gain, a flush) may change what it offers; not on buses."""
    valid: str
    ready: str
    payload: dict[str, str]
    """Canonical name of a payload signal (``data``, ``last``) to its port."""

    @property
    def ports(self) -> Iterable[str]:
        """All its ports."""
        return (self.valid, self.ready, *self.payload.values())


def streams(subject: Subject) -> list[Stream]:
    """Return the AXI-Streams and the plain ready/valid interfaces that have both handshake signals."""
    found = []
    for match in subject.protocols("axi_stream", "ready_valid"):
        prefix = "t" if match.protocol == "axi_stream" else ""
        signals = dict(match.signals)
        valid, ready = signals.pop(prefix + "valid", None), signals.pop(prefix + "ready", None)
        if valid and ready:
            payload = {name.removeprefix(prefix): port for name, port in signals.items()}
            found.append(_stream(subject, match, valid, ready, payload))
    return found


def channels(subject: Subject) -> list[Stream]:
    """Return the response channels that a design drives as an AXI4-Lite target, and the requests of an initiator."""
    found = []
    for match in subject.protocols("axi4_lite"):
        for channel in ("aw", "w", "b", "ar", "r"):
            valid, ready = match.signals.get(channel + "valid"), match.signals.get(channel + "ready")
            own = {"aw": ("addr", "prot"), "ar": ("addr", "prot"), "w": ("data", "strb"), "b": ("resp",)}
            names = own.get(channel, ("data", "resp"))
            payload = {name: match.signals[channel + name] for name in names if channel + name in match.signals}
            if valid and ready:
                found.append(_stream(subject, match, valid, ready, payload))
    return found


def _stream(subject: Subject, match: ProtocolMatch, valid: str, ready: str, payload: dict[str, str]) -> Stream:
    return Stream(
        name=match.name,
        drives=valid in subject.outputs,
        strict=match.protocol != "ready_valid",
        has_settings=match.protocol in ("axi_stream", "ready_valid"),
        valid=valid,
        ready=ready,
        payload=payload,
    )
